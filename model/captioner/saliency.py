r"""Saliency: which pixels spoke for one word of a caption, asked from outside, to be held beside attention.

The question is about one number, with the words before it given (teacher forcing):

.. math::
    f(x) = \log p(w_t \mid x, w_1 \dots w_{t-1})

*Integrated gradients* (Sundararajan, Taly and Yan 2017, "Axiomatic attribution for deep networks", eq. 1) go from a
baseline photo x' with nothing to be seen in it to the photo x, and add up the gradient on the way:

.. math::
    \mathrm{IG}_i = (x_i - x'_i) \int_0^1 \frac{\partial f(x' + \alpha (x - x'))}{\partial x_i} d\alpha
    \qquad \sum_i \mathrm{IG}_i = f(x) - f(x')

The second equation is their completeness: the pixels share out between them all that the photo changed. The integral
is taken at ``STEPS`` points (Gauss-Legendre); a network of ReLUs has many kinks, so the sum misses f(x) - f(x') by
something.

*Of the regions* the same is asked with x the vectors that the encoder gives for the photo, one a region of attention's
grid, and x' those of the baseline photo: what the decoder makes of each, on attention's own terms. But a region's
vector knows of the photo around it, too. *Occlusion* (Zeiler and Fergus 2014, section 4.2) hides one patch after the
other, on a grid like attention's, and notes what f loses.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
import torch
from torch import Tensor

import model.torchvision_cpu  # noqa: F401  (before torchvision)

# isort: split
from torchvision.transforms.v2 import functional as transforms

from model import checks
from model.captioner.captioner import Captioner
from model.captioner.seeing import checked_pixels
from model.traces import CaptionTrace, SaliencyTrace

Method = Literal["integrated_gradients", "regions", "occlusion"]
Baseline = Literal["grey", "blurred"]
METHODS: tuple[Method, ...] = ("integrated_gradients", "regions", "occlusion")
BASELINES: tuple[Baseline, ...] = ("grey", "blurred")

#: Points on the way from baseline to photo; captum's own choice. About 2 s on two cores.
STEPS = 50
#: How many photos go through the network at once: more take more memory (170 MB each), and are no faster.
BATCH = 4
#: The blur's width (a Gaussian's standard deviation) as a part of the photo's: no thing can be made out.
BLUR = 0.1


class WordScore:
    """f: photos (B, 3, size, size) to log p(word ``place`` | photo, words before), (B,), in nats.

    It is what the search computes, as one function of the pixels that gradients can go through.
    """

    def __init__(self, captioner: Captioner, trace: CaptionTrace, place: int, pulse: Callable[[], None] = lambda: None):
        self.encoder, self.speaker = captioner.network.encoder, captioner.speakers[trace.lang]
        self.before, self.pulse = trace.words[:place], pulse
        self.word = self.speaker.tokenizer.convert_tokens_to_ids(trace.words[place])

    def __call__(self, pixels: Tensor) -> Tensor:
        """Score photos: pixels (B, 3, size, size) to log p (B,), in nats."""
        return self.of_regions(self.look(pixels))

    def look(self, pixels: Tensor) -> Tensor:
        """The regions' vectors, (B, R, channels)."""
        self.pulse()
        return self.encoder(pixels.contiguous(memory_format=torch.channels_last))

    def of_regions(self, regions: Tensor) -> Tensor:
        """The same from what the encoder saw, (B,)."""
        return self.speaker.read(regions, self.before)[:, -1, self.word]


def explain(
    captioner: Captioner,
    pixels: Tensor,
    trace: CaptionTrace,
    place: int,
    method: str = "integrated_gradients",
    baseline: str = "grey",
    pulse: Callable[[], None] = lambda: None,
) -> SaliencyTrace:
    """Which pixels of a photo, ``pixels`` (3, size, size), spoke for word ``place`` of its caption ``trace``.

    ``pulse`` is called before each ``BATCH`` of photos goes through the network; what it raises ends the computation.
    No gradient is left in the captioner, and nothing in it is changed, so threads may share it.

    Raises:
        SettingError: when there is no such method, baseline or word, or the pixels have another shape.
    """
    checks.kind("captioner", captioner, Captioner, "a Captioner")
    checks.kind("trace", trace, CaptionTrace, "a CaptionTrace")
    checks.whole("place", place, 0, len(trace.words) - 1)
    known_method = checks.one_of("method", method, METHODS)
    known_baseline = checks.one_of("baseline", baseline, BASELINES)
    pixels = checked_pixels(pixels, captioner.network.config.image_size)
    score = WordScore(captioner, trace, place, pulse)
    photo = pixels[None].detach().clone()
    nothing = baseline_of(photo, baseline)
    grid = trace.attention.shape[1:]
    with torch.no_grad():
        log_prob, baseline_log_prob = score(torch.cat([photo, nothing])).tolist()
    attribute = {"integrated_gradients": _integrated_gradients, "regions": _of_regions, "occlusion": _occlusion}
    fine, regions = attribute[method](score, photo, nothing, grid)
    attention = trace.attention[place]
    return SaliencyTrace(
        method=known_method,
        baseline=known_baseline,
        word=trace.words[place],
        place=place,
        pixels=fine,
        regions=regions,
        attention=attention,
        log_prob=log_prob,
        baseline_log_prob=baseline_log_prob,
        agreement=agreement(attention, regions),
    )


def baseline_of(photo: Tensor, kind: str) -> Tensor:
    """A photo (B, 3, size, size) with nothing to be seen in it: ``"grey"``, all pixels in the middle between black and
    white, which is 0 to the encoder; or ``"blurred"``, the photo itself without any detail."""
    if kind == "grey":
        return torch.zeros_like(photo)
    sigma = BLUR * photo.shape[-1]
    reach = min(int(2.5 * sigma), photo.shape[-1] - 1)  # the padding, a reflection, cannot be wider than the photo
    return transforms.gaussian_blur(photo, [2 * reach + 1] * 2, [sigma] * 2)


def agreement(attention: np.ndarray, regions: np.ndarray) -> float:
    """Spearman's rank correlation of attention and the size of the attributions over all regions, from -1 to 1.

    The sign is dropped, since attention has none: it may fall on what speaks against a word. NaN where one of the two
    is the same everywhere.
    """
    from scipy.stats import spearmanr  # here, since it takes half a second that no other page needs

    size = np.abs(regions)
    if np.ptp(attention) == 0 or np.ptp(size) == 0:
        return float("nan")
    return float(spearmanr(attention, size, axis=None).statistic)


def over_regions(pixels: np.ndarray, grid: tuple[int, int]) -> np.ndarray:
    """Pixels (size, size) summed over a grid of (rows, columns) regions that share out the photo evenly."""
    rows, columns = (np.arange(side) * count // side for side, count in zip(pixels.shape, grid, strict=True))
    sums = np.zeros(grid, pixels.dtype)
    np.add.at(sums, (rows[:, None], columns), pixels)
    return sums


def _integrated_gradients(
    score: WordScore, photo: Tensor, nothing: Tensor, grid: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    from captum.attr import IntegratedGradients  # here, since it brings matplotlib, which takes a second

    attributed = IntegratedGradients(score).attribute(photo, nothing, n_steps=STEPS, internal_batch_size=BATCH)
    pixels = attributed[0].sum(dim=0).detach().numpy()
    return pixels, over_regions(pixels, grid)


def _of_regions(
    score: WordScore, photo: Tensor, nothing: Tensor, grid: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    from captum.attr import IntegratedGradients

    with torch.no_grad():
        seen, unseen = score.look(photo), score.look(nothing)
    attributed = IntegratedGradients(score.of_regions).attribute(seen, unseen, n_steps=STEPS)
    regions = attributed[0].sum(dim=-1).detach().numpy().reshape(grid)
    rows, columns = (np.arange(size) * count // size for size, count in zip(photo.shape[2:], grid, strict=True))
    return regions[np.ix_(rows, columns)], regions


def _occlusion(
    score: WordScore, photo: Tensor, nothing: Tensor, grid: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    from captum.attr import Occlusion

    height, width = (-(-size // count) for size, count in zip(photo.shape[2:], grid, strict=True))
    patch = (photo.shape[1], height, width)  # all colours at once; the last patches are cut by the photo's edge
    attributed = Occlusion(score).attribute(photo, patch, patch, nothing, perturbations_per_eval=BATCH)
    pixels = attributed[0, 0].numpy()
    rows, columns = (np.arange(count) * size for count, size in zip(grid, (height, width), strict=True))
    return pixels, pixels[np.ix_(rows, columns)]
