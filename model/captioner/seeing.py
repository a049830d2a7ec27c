r"""How the CNN sees: what its channels answer to a photo, and on which pixels one region's answer depends.

The encoder is a chain of stages, run here one by one; nothing is hooked and nothing in it is changed:

    stem (a 3x3 convolution) ──► blocks 1 to 7 (inverted residuals) ──► a last 1x1 convolution ──► regions

**The theoretical receptive field** of a region is a square of pixels outside of which nothing can matter. Going back
from the region through convolutions with kernel k, stride s and p pixels of padding before the first one, the rows
first..last come from

.. math::
    \mathrm{first}' = s \cdot \mathrm{first} - p \qquad \mathrm{last}' = s \cdot \mathrm{last} - p + k - 1

**The effective receptive field** (Luo, Li, Urtasun and Zemel 2016, "Understanding the effective receptive field in deep
convolutional neural networks", section 2) is where pixels do matter, and how much:

.. math::
    g_{ij} = \sum_{\mathrm{colour}} \left| \frac{\partial}{\partial x_{ij}} \sum_{\mathrm{channel}} a_{rc} \right|

with the activations a of the region in row r and column c. Luo et al. average over many photos and random weights;
here it is the one photo at hand, so that its edges and textures show in it.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import torch
from timm.layers import Conv2dSame
from torch import Tensor, nn

from model import checks
from model.captioner.encoder import Encoder
from model.errors import SettingError
from model.traces import Box, FeatureMapsTrace, ReceptiveFieldTrace


class EncoderStage(NamedTuple):
    """A stage of the encoder, and what it makes of a photo."""

    #: ``"stem"``, ``"block1"`` to ``"block7"``, ``"last"``.
    code: str
    channels: int
    rows: int
    columns: int


class Convolution(NamedTuple):
    """What a convolution does along one axis; ``size`` is how many positions it gives."""

    kernel: int
    stride: int
    padding: int
    size: int


def parts(encoder: Encoder) -> dict[str, nn.Module]:
    """The encoder's stages by their codes, to be run one after the other: together they are the encoder."""
    cnn = encoder.cnn
    blocks = {f"block{number}": block for number, block in enumerate(cnn.blocks, start=1)}
    return {
        "stem": nn.Sequential(cnn.conv_stem, cnn.bn1),
        **blocks,
        "last": nn.Sequential(cnn.conv_head, cnn.bn2),
    }


def stages(encoder: Encoder, size: int) -> tuple[EncoderStage, ...]:
    """The stages' shapes for photos of ``size`` by ``size`` pixels."""
    found = []
    for code, part in parts(encoder).items():
        convolutions = _convolutions(part)
        size = steps(convolutions, size)[-1].size
        found.append(EncoderStage(code, convolutions[-1].out_channels, size, size))
    return tuple(found)


@torch.inference_mode()
def feature_maps(encoder: Encoder, pixels: Tensor, stage: str, most: int = 16) -> FeatureMapsTrace:
    """The maps of a stage's strongest channels for a photo, ``pixels`` (3, size, size).

    A channel's strength is the standard deviation of its activation over the grid: how much it tells the photo's
    places apart. The mean would not do, because blocks end without a ReLU, so that activations are negative as often
    as positive; a large one that is the same everywhere shows nothing of the photo. The peak would be one of up to
    17,000 places, often at the padded edge.

    Raises:
        SettingError: when there is no such stage, or the pixels have another shape.
    """
    checks.kind("encoder", encoder, Encoder, "an Encoder")
    chain = parts(encoder)
    checks.one_of("stage", stage, chain)
    checks.whole("most", most, 1, 10_000)
    found = checked_pixels(pixels)[None]
    for code, part in chain.items():
        found = part(found)
        if code == stage:
            break
    strengths = found[0].flatten(1).std(dim=1, correction=0)
    channels = strengths.argsort(descending=True, stable=True)[:most]
    return FeatureMapsTrace(stage, channels.numpy(), found[0, channels].numpy(), strengths.numpy())


def receptive_fields(
    encoder: Encoder, pixels: Tensor, regions: Mapping[str, tuple[int, int]]
) -> tuple[ReceptiveFieldTrace, ...]:
    """The receptive fields of one region, (row, column), of each stage named in ``regions``, in the stages' order.

    ``pixels`` (3, size, size) is the photo. The gradient is taken with respect to the pixels alone, so the encoder's
    parameters get none.

    Raises:
        SettingError: when there is no such stage or region, or the pixels have another shape.
    """
    checks.kind("encoder", encoder, Encoder, "an Encoder")
    pixels = checked_pixels(pixels)
    size = pixels.shape[-1]
    known = {stage.code: stage for stage in stages(encoder, size)}
    for code, place in checks.kind("regions", regions, Mapping, "regions by the stages' codes").items():
        stage = known[checks.one_of("stage", code, known)]
        pair = checks.list_of("region", place, object, "numbers", 2)
        if len(pair) != 2:
            raise SettingError(
                "{name} is {given}; {wanted} is wanted.",
                name="region",
                given=checks.quoted(place),
                wanted="(row, column)",
            )
        row, column = pair
        checks.whole("row", row, 0, stage.rows - 1)
        checks.whole("column", column, 0, stage.columns - 1)
    found = photo = pixels[None].detach().clone().requires_grad_()
    passed: list[nn.Conv2d] = []
    traces = []
    with torch.enable_grad():
        for code, part in parts(encoder).items():
            found = part(found)
            passed += _convolutions(part)
            if code not in regions:
                continue
            row, column = regions[code]
            [gradient] = torch.autograd.grad(found[0, :, row, column].sum(), photo, retain_graph=True)
            _one, channels, *grid = found.shape
            traces.append(
                ReceptiveFieldTrace(
                    stage=code,
                    channels=channels,
                    grid=tuple(grid),
                    row=row,
                    column=column,
                    theoretical=theoretical_field(passed, size, row, column),
                    gradient=gradient[0].abs().sum(dim=0).numpy(),
                )
            )
    return tuple(traces)


def checked_pixels(pixels: Tensor, size: int | None = None) -> Tensor:
    """A photo (3, size, size) as ``to_pixels`` gives it; any size where it is None.

    Raises:
        SettingError: when it is something else.
    """
    usable = isinstance(pixels, Tensor) and pixels.layout == torch.strided and pixels.is_floating_point()
    shape = tuple(pixels.shape) if usable else ()
    square = len(shape) == 3 and shape[0] == 3 and shape[1] == shape[2] and 16 <= shape[1] <= 2048
    if not square or size not in (None, shape[1]):
        raise SettingError(
            "The pixels are {given}; what to_pixels gives is wanted, a tensor (3, {size}, {size}).",
            given=shape or type(pixels).__name__,
            size=size or "size",
        )
    return pixels


def theoretical_field(convolutions: Iterable[nn.Conv2d], size: int, row: int, column: int) -> Box:
    """The pixels of a ``size`` by ``size`` photo that can reach this place behind a chain of square convolutions.

    Side branches that skip some of them see no further. The padding is counted, so the box may reach beyond the photo.
    """
    chain = steps(convolutions, size)

    def back(index: int) -> tuple[int, int]:
        first = last = index
        for step in reversed(chain):
            first = first * step.stride - step.padding
            last = last * step.stride - step.padding + step.kernel - 1
        return first, last

    (top, bottom), (left, right) = back(row), back(column)
    return Box(top, left, bottom, right)


def steps(convolutions: Iterable[nn.Conv2d], size: int) -> list[Convolution]:
    """What each of a chain of square convolutions does to ``size`` positions along one axis."""
    chain = []
    for convolution in convolutions:
        kernel = (convolution.kernel_size[0] - 1) * convolution.dilation[0] + 1
        stride = convolution.stride[0]
        if isinstance(convolution, Conv2dSame):  # TensorFlow's padding: as little as will do, the odd one behind.
            padding = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            before = padding // 2
        else:
            before = int(convolution.padding[0])
            padding = 2 * before
        size = (size + padding - kernel) // stride + 1
        chain.append(Convolution(kernel, stride, before, size))
    return chain


def _convolutions(part: nn.Module) -> list[nn.Conv2d]:
    """A stage's convolutions in the order in which they run, which is that in which timm's blocks register them."""
    return [module for module in part.modules() if isinstance(module, nn.Conv2d)]
