"""Training in two processes (torchrun, gloo) ends where training in one does, and so does a run that was resumed.

What is drawn for a photo depends on the seed, the epoch and its place alone, and losses are divided by the words of the
whole batch; so only the order of sums differs. Weights that moved by about 0.01 agree within 1e-4, in float32: bfloat16
rounds each product to three digits, and its sums differ by so much.
"""

import os
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file

from model.training import cross_entropy, fine_tune, processor, self_critical

STEPS = {"cross_entropy": cross_entropy, "fine_tune": fine_tune, "self_critical": self_critical}
TOLERANCE = 1e-4


@pytest.fixture(autouse=True)
def float32(monkeypatch):
    monkeypatch.setenv("AFTERIMAGE_PRECISION", "float32")
    processor.prefers_bfloat16.cache_clear()
    yield
    processor.prefers_bfloat16.cache_clear()


@pytest.fixture(scope="module")
def command(coloured_walls, one_language_each, tmp_path_factory):
    """The arguments of a step, into a folder."""
    cache = tmp_path_factory.mktemp("cache")

    def arguments(step: str, out, epochs: int = 1) -> list[str]:
        common = [
            "--data",
            str(coloured_walls),
            "--out",
            str(out),
            "--epochs",
            str(epochs),
            "--batch",
            "4",
            "--dropout",
            "0",
        ]
        common += ["--threads", "1"]
        if step == "cross_entropy":
            return [*common, "--cache", str(cache), "--min-frequency", "1", "--views", "1"]
        return [*common, "--from", *map(str, one_language_each[: 2 if step == "fine_tune" else 1]), "--averaged", "1"]

    return arguments


def in_processes(step: str, arguments: list[str], count: int) -> None:
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(count)]
    done = subprocess.run(
        [*torchrun, "-m", f"model.training.{step}", *arguments],
        capture_output=True,
        env={**os.environ, "USE_LIBUV": "0"},
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]


@pytest.mark.parametrize("step", STEPS)
def test_two_processes_end_where_one_does(step, command, tmp_path, without_java):
    assert STEPS[step].main(command(step, tmp_path / "one")) == 0
    in_processes(step, command(step, tmp_path / "two"), 2)
    one, two = (load_file(tmp_path / name / "model.safetensors") for name in ("one", "two"))
    for name, tensor in one.items():
        assert torch.allclose(
            tensor.float(), two[name].float(), rtol=0, atol=TOLERANCE + 2e-3 * float(tensor.abs().max())
        ), name


@pytest.mark.parametrize("step", ["fine_tune", "self_critical"])
def test_a_resumed_run_ends_where_a_whole_one_does(step, command, tmp_path, without_java):
    assert STEPS[step].main(command(step, tmp_path / "whole", 2)) == 0
    assert STEPS[step].main([*command(step, tmp_path / "parts", 2), "--stop-after", "1"]) == 0
    assert STEPS[step].main(command(step, tmp_path / "parts", 2)) == 0
    whole, parts = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "parts"))
    for name, tensor in whole.items():
        assert torch.equal(tensor, parts[name]), name
