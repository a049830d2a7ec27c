"""A whole warm caption, from a file's bytes to words with beam 3, against the encoder's forward pass alone.

    make bench

Both are in one run, on one thread as in the pages, so the ratio of their medians holds on any machine: the aim is at
most 1.5.
"""

import io
from pathlib import Path

import pytest
import torch

from model.captioner import Captioner
from model.captioner.gallery import samples
from model.captioner.image import open_photo, to_pixels

CAPTIONER = Path(__file__).parents[2] / "assets" / "captioner"


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def captioner() -> Captioner:
    return Captioner.from_pretrained(CAPTIONER)


@pytest.fixture(scope="module")
def photo() -> bytes:
    """A sample as a user would bring it: a JPEG of its full size."""
    file = io.BytesIO()
    samples()[0].open().save(file, "JPEG", quality=90)
    return file.getvalue()


@pytest.mark.benchmark(group="caption")
def test_whole_caption(benchmark, captioner, photo):
    trace = benchmark(captioner.caption, photo, beam=3)
    assert trace.words


@pytest.mark.benchmark(group="caption")
def test_encoder_alone(benchmark, captioner, photo):
    size = captioner.network.config.image_size
    pixels = to_pixels(open_photo(photo), size)[None].to(memory_format=torch.channels_last)
    with torch.inference_mode():
        regions = benchmark(captioner.network.encoder, pixels)
    assert regions.shape == (1, 81, captioner.network.config.region_channels)
