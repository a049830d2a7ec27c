"""What a frozen encoder sees, computed once: regions of every photo in several views, kept in one file.

A view is the photo itself, its mirror image, or a mild crop (80 % of the area or more) with a little more or less
light. The views stand in for augmentation, which a cache would otherwise rule out.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision.transforms import v2
from tqdm import tqdm

from model.captioner.encoder import Encoder
from model.captioner.image import open_photo, to_pixels
from model.training import processor

_BATCH = 32
#: Draws the crops and their light.
_SEED = 0


def is_mirrored(view: int) -> bool:
    """Views 0, 2, 4 ... are upright, 1, 3, 5 ... mirrored; 0 and 1 are uncropped."""
    return view % 2 == 1


def view_of(image: Image.Image, view: int, seed: int) -> Image.Image:
    """One view of a photo. Crop and light of a view are drawn from ``seed``."""
    if view >= 2:
        draw = np.random.default_rng([seed, view])
        side = np.sqrt(draw.uniform(0.8, 1.0, size=2))
        width, height = round(image.width * side[0]), round(image.height * side[1])
        left, top = draw.integers(image.width - width + 1), draw.integers(image.height - height + 1)
        image = image.crop((left, top, left + width, top + height))
        image = v2.functional.adjust_brightness(image, draw.uniform(0.8, 1.2))
    return v2.functional.horizontal_flip(image) if is_mirrored(view) else image


def cached_features(encoder: Encoder, files: Sequence[Path], views: int, size: int, folder: Path) -> np.ndarray:
    """Regions (photos, views, R, channels) in half precision, read from the cache or computed into it.

    The cache's name is a digest of the encoder's weights, the files and the settings, so it is never stale. It is
    memory-mapped: 4 views of 7,500 photos are 6 GB on disk.
    """
    digest = hashlib.sha256(repr((views, size, _SEED, [file.name for file in files])).encode())
    for tensor in encoder.state_dict().values():
        digest.update(tensor.numpy().tobytes())
    cache = folder / f"features-{digest.hexdigest()[:16]}.npy"
    if cache.is_file():
        return np.load(cache, mmap_mode="r")

    folder.mkdir(parents=True, exist_ok=True)
    unfinished = cache.with_suffix(".partial")
    features = None
    for start in tqdm(
        range(0, len(files), _BATCH), desc=f"regions of {len(files)} photos in {views} views", unit="batch"
    ):
        images = [open_photo(file) for file in files[start : start + _BATCH]]
        for view in range(views):
            pixels = [
                to_pixels(view_of(image, view, hash_of(file)), size)
                for image, file in zip(images, files[start : start + _BATCH], strict=True)
            ]
            regions = _see(encoder, torch.stack(pixels))
            if features is None:
                shape = (len(files), views, *regions.shape[1:])
                features = np.lib.format.open_memmap(unfinished, mode="w+", dtype=np.float16, shape=shape)
            features[start : start + len(images), view] = regions
    assert features is not None, "there is a photo at least"
    features.flush()
    unfinished.rename(cache)
    return np.load(cache, mmap_mode="r")


def draw_view(
    features: np.ndarray, photo: int, may_be_mirrored: bool, draw: torch.Generator
) -> dict[str, torch.Tensor]:
    """``regions`` (R, channels) of one view of a photo."""
    views = [view for view in range(features.shape[1]) if may_be_mirrored or not is_mirrored(view)]
    view = views[int(torch.randint(len(views), (), generator=draw))]
    return {"regions": torch.from_numpy(features[photo, view].copy())}


def hash_of(file: Path) -> int:
    """A number of the photo's own that does not change from run to run."""
    return int.from_bytes(hashlib.sha256(f"{_SEED} {file.name}".encode()).digest()[:4])


@torch.inference_mode()
def _see(encoder: nn.Module, pixels: torch.Tensor) -> np.ndarray:
    device = next(encoder.parameters()).device
    with processor.autocast(device):
        regions = encoder(pixels.to(device, memory_format=torch.channels_last))
    return regions.to(torch.float16).cpu().numpy()
