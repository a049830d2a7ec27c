"""The mean of several captioners' weights: what runs from one start have in common.

Captioners that were trained on from the same weights, with other seeds or settings, lie in one basin: the mean of their
weights captions better than most of them, and costs no more than one (Wortsman et al. 2022, "Model soups").

    python -m model.training.average runs/one runs/other --out runs/both --length-penalty en=1.0 zh=1.5
"""

import argparse
import json
import re
from collections.abc import Sequence
from functools import reduce
from operator import add
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor

from model import shell
from model.captioner import Captioner
from model.captioner.captioner import CaptionerModel
from model.errors import UserError

#: The weights' file in a captioner's folder, a run's checkpoint or epoch.
WEIGHTS = "model.safetensors"


def average(network: CaptionerModel, folders: Sequence[Path]) -> None:
    """Put the mean of the weights in these folders, a run's checkpoints or captioners, into the network.

    The mean of points of one training run lies in a flatter place than any of them, and generalises better
    (Izmailov et al. 2018, "Averaging weights leads to wider optima and better generalization").
    """
    states = [load_file(folder / WEIGHTS) for folder in folders]
    network.load_state_dict(
        {
            name: _mean([state[name].float() for state in states]) if tensor.is_floating_point() else tensor
            for name, tensor in network.state_dict().items()
        }
    )


def _mean(tensors: Sequence[Tensor]) -> Tensor:
    """Equal tensors give the same, bit by bit: Python's ``sum`` begins with 0, and would make 0 of -0."""
    return reduce(add, tensors) / len(tensors)


def checkpoints_in(out: Path) -> list[Path]:
    """A run's checkpoints that are still there, the earliest first; incomplete ones do not count."""
    found: dict[int, Path] = {}
    for folder in out.glob("checkpoints/checkpoint-*"):
        if (name := re.fullmatch(r"checkpoint-(\d+)", folder.name)) and _is_whole(folder):
            found[int(name[1])] = folder
    return [found[step] for step in sorted(found)]


def last_checkpoint(out: Path) -> str | None:
    """The folder that a run can be resumed from, as the Trainer wants it; None where it must begin anew."""
    return next(map(str, reversed(checkpoints_in(out))), None)


def _is_whole(checkpoint: Path) -> bool:
    """Whether writing it came to its end: the Trainer's state is the last of its files."""
    try:
        json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))
        with safe_open(checkpoint / "model.safetensors", "pt"):
            return True
    except (OSError, ValueError, SafetensorError):
        return False


def epochs_in(out: Path) -> list[Path]:
    """The folders with the weights after each of a run's epochs, the earliest first."""
    return sorted(out.glob("epochs/*"), key=lambda folder: int(folder.name))


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
    text = "how whole captions compare in a language (model.captioner.search); otherwise as the first's"
    add("--length-penalty", type=_penalty, nargs="+", default=[], metavar="LANG=X", help=text)
    options = parser.parse_args(argv)
    return shell.run(lambda: _average(options.captioners, options.out, dict(options.length_penalty)))


def _penalty(text: str) -> tuple[str, float]:
    lang, _equals, value = text.partition("=")
    return lang, float(value)


def _average(folders: Sequence[Path], out: Path, length_penalty: dict[str, float]) -> int:
    first, *others = (shell.load_captioner(folder) for folder in folders)
    for folder, other in zip(folders[1:], others, strict=True):
        if _shapes(other) != _shapes(first):
            raise UserError("The captioners in {one} and {other} differ in shape.", one=folders[0], other=folder)
    for lang in length_penalty.keys() - set(first.languages):
        raise UserError("There are no captions in “{lang}” to have a length penalty.", lang=lang)
    average(first.network, folders)
    first.network.config.length_penalty |= length_penalty
    first.save_pretrained(out)
    print(f"The captioner is in {out}.")
    return 0


def _shapes(captioner: Captioner) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in captioner.network.state_dict().items()}


if __name__ == "__main__":
    raise SystemExit(main())
