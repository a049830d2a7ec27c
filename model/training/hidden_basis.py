"""Fit the fixed view onto the captioner's memory: the principal axes of its states over many captions.

Paths of different photos can only be compared in one space, so the axes are fitted once, on the validation photos'
captions, and shipped with the weights.

    python -m model.training.hidden_basis --images ../data/flickr8k/images --split ../data/flickr8k/val.txt
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from sklearn.decomposition import PCA

from model import shell
from model.captioner.image import read_photo
from model.traces import HiddenBasis
from model.training.dataset import image_files, read_names

#: As many axes as the page can draw.
AXES = 3


def fit_basis(states: np.ndarray) -> HiddenBasis:
    """The principal axes of hidden states (T, H), all captions' together.

    An axis has no sign of its own; each is turned so that its largest weight is positive, and stays so.
    """
    pca = PCA(AXES, svd_solver="full").fit(states)
    largest = np.abs(pca.components_).argmax(axis=1)
    signs = np.sign(pca.components_[np.arange(AXES), largest])
    return HiddenBasis(
        mean=pca.mean_.astype(np.float32),
        # In C order: safetensors writes an array's memory as it lies.
        components=np.ascontiguousarray(pca.components_ * signs[:, None], dtype=np.float32),
        explained=pca.explained_variance_ratio_.astype(np.float32),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.hidden_basis",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--images", type=Path, required=True, metavar="DIR", help="the photos' folder")
    add("--split", type=Path, required=True, metavar="TXT", help="names of the images to caption")
    add("--model", type=Path, default=shell.ASSETS, metavar="DIR", help="the captioner; the basis is put beside it")
    add("--lang", choices=("en", "zh"), default="en", help="the captions' language (default: en)")
    arguments = parser.parse_args(argv)
    return shell.run(lambda: _fit(arguments))


def _fit(arguments: argparse.Namespace) -> int:
    captioner = shell.load_captioner(arguments.model)
    files = image_files(arguments.images)
    states = []
    for name in shell.progress(read_names(arguments.split), unit="photo"):
        trace = captioner.caption(read_photo(files[name]), lang=arguments.lang)
        states += [trace.initial_hidden[None], trace.hidden]
    basis = fit_basis(np.concatenate(states))
    save_file(vars(basis), arguments.model / arguments.lang / "hidden_basis.safetensors")
    shares = ", ".join(f"{share:.1%}" for share in basis.explained)
    shell.say(f"{sum(map(len, states))} states; the axes hold {shares} of their variance.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
