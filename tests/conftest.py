"""What all tests share."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

# Side by side, tests share the processor, and threads of one operation would wait for each other: one each.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# Rooms of a class are kept where nobody else's are.
if "AFTERIMAGE_DATABASE" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="afterimage-rooms-")
    os.environ["AFTERIMAGE_DATABASE"] = f"sqlite:///{_folder}/rooms.sqlite"
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT
