"""The precision is the processor's own, and what is said of it is true."""

import pytest
import torch
from torch import nn

from model.training import processor
from model.training.trainer import training_arguments


@pytest.fixture
def undecided(monkeypatch):
    """Nobody has said which precision it is to be."""
    monkeypatch.delenv("AFTERIMAGE_PRECISION", raising=False)
    processor.prefers_bfloat16.cache_clear()
    yield
    processor.prefers_bfloat16.cache_clear()


def test_bfloat16_is_used_only_where_the_processor_has_it(undecided, monkeypatch, tmp_path):
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: False)
    assert not processor.prefers_bfloat16()
    with processor.autocast(torch.device("cpu")):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32
    assert not training_arguments(tmp_path).bf16


def test_and_where_it_is_faster(undecided, monkeypatch):
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: True)
    for seconds, better in ((0.1, True), (0.95, False)):
        processor.prefers_bfloat16.cache_clear()
        monkeypatch.setattr(processor, "_seconds", lambda dtype, s=seconds: s if dtype == torch.bfloat16 else 1.0)
        assert processor.prefers_bfloat16() is better


@pytest.mark.parametrize(("asked", "bfloat16"), [("bfloat16", True), ("float32", False)])
def test_the_environment_decides_where_it_says(asked, bfloat16, monkeypatch):
    monkeypatch.setenv("AFTERIMAGE_PRECISION", asked)
    processor.prefers_bfloat16.cache_clear()
    assert processor.prefers_bfloat16() is bfloat16
    processor.prefers_bfloat16.cache_clear()


def test_the_line_it_says(monkeypatch, capsys):
    before = torch.get_num_threads()
    try:
        monkeypatch.setattr(processor, "prefers_bfloat16", lambda: False)
        processor.prepare(threads=1)
        assert capsys.readouterr().err == "Computing in float32 with 1 thread.\n"
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


def test_large_depthwise_convolutions_learn_in_float32_and_give_what_they_gave():
    def eye() -> nn.Sequential:
        torch.manual_seed(0)
        return nn.Sequential(nn.Conv2d(4, 8, 1), nn.Conv2d(8, 8, 5, padding=2, groups=8), nn.Conv2d(8, 8, 3, groups=8))

    usual, ours = eye(), eye()
    processor.depthwise_in_float32(ours)
    assert [name for name, _ in ours.named_parameters()] == [name for name, _ in usual.named_parameters()]
    pixels = torch.randn(2, 4, 9, 9)
    torch.testing.assert_close(ours(pixels), usual(pixels))
    dtypes = []
    for part in ours:
        part.register_forward_hook(lambda part, given, result: dtypes.append(result.dtype))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        ours(pixels)
    assert dtypes == [torch.bfloat16, torch.float32, torch.bfloat16]
