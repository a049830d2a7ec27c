"""How this computer trains fastest: in which precision, and with how many threads.

A processor with bfloat16 of its own (AVX-512 BF16, AMX, most graphics cards) multiplies matrices several times faster
in it; one without (AVX2 alone, as most laptops have) imitates it, some fifty times slower than float32. More threads
help an idle processor, and hinder a busy one: the threads of one operation wait for each other. So both are measured,
once, in less than a second. The environment variable ``AFTERIMAGE_PRECISION`` (``float32`` or ``bfloat16``) decides
instead, for runs that are to be the same on several kinds of processors.
"""

import functools
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import torch
from torch import nn

from model import shell

#: How much faster bfloat16 must be before its coarser numbers are worth it.
_WORTH = 1.2


def prepare(threads: int | None = None) -> None:
    """Set the number of threads, the fastest one by default, and say in one line how this process computes."""
    threads = threads or fastest_threads()
    torch.set_num_threads(threads)
    precision = "bfloat16" if prefers_bfloat16() else "float32"
    if int(os.environ.get("RANK", 0)) == 0:
        each = f" in each of {processes()} processes" if processes() > 1 else ""
        shell.say_error(f"Computing in {precision} with {threads} thread{'s' if threads > 1 else ''}{each}.")


def processes() -> int:
    """How many processes of this run share this computer (torchrun says so)."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", 1))


def fastest_threads() -> int:
    """One thread or a share of all of them, whichever is faster at this moment."""
    most = max(1, len(_own_processors()) // processes())
    if most == 1 or torch.cuda.is_available():
        return most
    before = torch.get_num_threads()
    seconds = {}
    for threads in (1, most):
        torch.set_num_threads(threads)
        seconds[threads] = _seconds(torch.float32)
    torch.set_num_threads(before)
    return min(seconds, key=seconds.__getitem__)


@functools.cache
def prefers_bfloat16() -> bool:
    """Whether the processor (or graphics card) has bfloat16 of its own and is faster with it, or it is asked for."""
    asked = os.environ.get("AFTERIMAGE_PRECISION")
    if asked:
        return asked == "bfloat16"
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():  # what torch itself asks before it uses it
        return False
    return _seconds(torch.float32) > _WORTH * _seconds(torch.bfloat16)


def autocast(device: torch.device) -> AbstractContextManager:
    """Computing in bfloat16 where that is faster."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=prefers_bfloat16())


def depthwise_in_float32(network: nn.Module) -> None:
    """Let the network's large depthwise convolutions learn in float32 even under ``autocast``.

    Backwards through one of 5 x 5, bfloat16 is two to four times slower than float32 (torch 2.13, oneDNN, AVX-512 BF16:
    96 ms against 35 for 12 photos' 720 channels of 17 x 17), and three quarters of the eye's training were there.
    """
    for part in network.modules():
        if isinstance(part, nn.Conv2d) and part.groups == part.in_channels and max(part.kernel_size) > 3:
            part.forward = functools.partial(_in_float32, part.forward)  # type: ignore[method-assign]


def _in_float32(compute: Callable[[torch.Tensor], torch.Tensor], given: torch.Tensor) -> torch.Tensor:
    with torch.autocast(given.device.type, enabled=False):
        return compute(given.float())


def _own_processors() -> set[int]:
    """The processors that this process may use; a container may have fewer than the computer."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))


@torch.inference_mode()
def _seconds(dtype: torch.dtype) -> float:
    """The time of some of the encoder's kind of convolutions, the fastest of three rounds after one to warm up."""
    layers = nn.Sequential(
        nn.Conv2d(88, 528, 1), nn.ReLU6(), nn.Conv2d(528, 528, 5, padding=2, groups=528), nn.Conv2d(528, 120, 1)
    )
    layers.to(dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's types do not know it
    pixels = torch.zeros(8, 88, 17, 17, dtype=dtype).contiguous(memory_format=torch.channels_last)
    times = []
    for _ in range(4):
        begun = time.perf_counter()
        layers(pixels)
        times.append(time.perf_counter() - begun)
    return min(times[1:])
