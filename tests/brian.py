"""brian2, the oracle for spiking neurons: ``from tests.brian import brian2``. It runs on NumPy alone here, no compiler.

brian2 2.9, the last one for Python 3.11, asks for ``np.ndarray.ptp``, which NumPy 2.4 no longer has; from 2.10 on it
does not (its pull request 1705). Nothing else is in the way, so that one name is read as ``np.ptp`` on import.
"""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder, SourceFileLoader

_MODULE = "brian2.units.fundamentalunits"


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str):
        source = self.get_source(fullname).replace("np.ndarray.ptp", "np.ptp")
        return compile(source, self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def find_spec(self, fullname: str, path, target=None):
        if fullname != _MODULE:
            return None
        spec = PathFinder.find_spec(fullname, path)
        spec.loader = _Loader(fullname, spec.origin)
        return spec


sys.meta_path.insert(0, _Finder())
import brian2  # noqa: E402

brian2.prefs.codegen.target = "numpy"

__all__ = ["brian2"]
