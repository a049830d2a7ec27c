"""Two or more ways by turns, in processor time: whatever else the machine does matters little."""

from collections.abc import Callable, Mapping
from time import process_time

import torch


def by_turns(benchmark, ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The fastest round of each way, in seconds of processor; the benchmark itself times a round of all."""
    times: dict[str, list[float]] = {way: [] for way in ways}

    def each() -> None:
        for way, run in ways.items():
            started = process_time()
            run()
            times[way].append(process_time() - started)

    for run in ways.values():  # What is loaded on first use is not what is compared, nor where benchmarks are off.
        run()
    benchmark.pedantic(each, rounds=rounds)
    return {way: min(taken) for way, taken in times.items()}


def with_one_thread():
    """What a fixture of a module yields from: torch computes on one thread, as in the pages."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
