"""The mean of several captioners' weights: what runs from one start have in common.

Captioners that were trained on from the same weights, with other seeds or settings, lie in one basin: the mean of their
weights captions better than most of them, and costs no more than one (Wortsman et al. 2022, "Model soups").

    python -m model.training.average runs/one runs/other --out runs/both
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from model import shell
from model.captioner import Captioner
from model.errors import UserError
from model.training.trainer import average


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.average",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("captioners", type=Path, nargs="+", metavar="DIR", help="captioners of one shape, from one start")
    add("--out", type=Path, required=True, metavar="DIR", help="where their mean goes; its settings are the first's")
    options = parser.parse_args(argv)
    return shell.run(lambda: _average(options.captioners, options.out))


def _average(folders: Sequence[Path], out: Path) -> int:
    first, *others = (shell.load_captioner(folder) for folder in folders)
    for folder, other in zip(folders[1:], others, strict=True):
        if _shapes(other) != _shapes(first):
            raise UserError("The captioners in {one} and {other} differ in shape.", one=folders[0], other=folder)
    average(first.network, folders)
    first.save_pretrained(out)
    print(f"The captioner is in {out}.")
    return 0


def _shapes(captioner: Captioner) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in captioner.network.state_dict().items()}


if __name__ == "__main__":
    raise SystemExit(main())
