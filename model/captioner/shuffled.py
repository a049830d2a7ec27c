"""A control for saliency: the same question, asked of a network that has learned nothing.

Adebayo, Gilmer, Muelly, Goodfellow, Hardt and Kim 2018, "Sanity checks for saliency maps", section 3: a map that stays
as it is when the weights are drawn at random tells about the photo, or about the method, and not about what the network
learned. Here each tensor of weights is shuffled, so that its numbers stay and only their places are lost: first the
decoders' alone, then the encoder's as well. The batch normalisation's statistics stay.
"""

import copy
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from model.captioner.captioner import Captioner
from model.captioner.saliency import agreement, explain
from model.traces import CaptionTrace, SaliencyControl, SaliencyTrace

#: What is shuffled: the decoders, or the encoder as well.
PARTS = ("decoder", "all")
#: Of the shuffles. One map alone may resemble another by chance.
SEEDS = (0, 1, 2)


def shuffled(captioner: Captioner, part: str, seed: int) -> Captioner:
    """A copy of the captioner with the weights of a part shuffled, each tensor within itself.

    Raises:
        ValueError: when there is no such part.
    """
    if part not in PARTS:
        raise ValueError(f"there is no part {part!r}; there is: {', '.join(PARTS)}")
    network = copy.deepcopy(captioner.network)
    generator = torch.Generator().manual_seed(seed)
    _shuffle(network if part == "all" else network.decoders, generator)
    return Captioner(network, captioner.tokenizers)


def control(
    captioner: Captioner,
    pixels: Tensor,
    caption: CaptionTrace,
    found: SaliencyTrace,
    seeds: Sequence[int] = SEEDS,
) -> SaliencyControl:
    """The map ``found`` of a caption's word once more from shuffled networks, each part with each seed."""

    def asked(part: str, seed: int) -> np.ndarray:
        network = shuffled(captioner, part, seed)
        return explain(network, pixels, caption, found.place, found.method, found.baseline).regions

    maps = np.array([[asked(part, seed) for seed in seeds] for part in PARTS])
    return SaliencyControl(
        parts=PARTS,
        seeds=tuple(seeds),
        regions=maps,
        agreement=np.array([[agreement(np.abs(found.regions), one) for one in row] for row in maps]),
    )


@torch.no_grad()
def _shuffle(module: nn.Module, generator: torch.Generator) -> None:
    for weights in module.parameters():
        places = torch.randperm(weights.numel(), generator=generator)
        weights.copy_(weights.flatten()[places].view_as(weights))
