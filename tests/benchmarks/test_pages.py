"""What a run of each page costs in which nothing changed: the processor time of a server with one visitor.

    .venv/bin/python -m pytest tests/benchmarks/test_pages.py --benchmark-enable -s

A visitor opens each page and view, and sends the same settings again. What is timed is the server process itself, all
its threads, by the operating system's account: the page's script, Streamlit, and the messages; not the visitor.
"""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.everywhere import View, every_view
from tests.load import Visitor, served

#: Runs that are timed, after as many that are not: in the first ones a page computes what it will remember. A test that
#: times nothing sees each page change nothing once.
RUNS, UNTIMED = 12, 3


@pytest.fixture(scope="module")
def server() -> Iterator[tuple]:
    with served() as running:
        yield running


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """All views are timed. A run that times nothing sees one of each page: other tests open them all."""
    views = list(every_view())
    if not metafunc.config.getoption("benchmark_enable"):
        views = list({view.page: view for view in reversed(views)}.values())
    metafunc.parametrize("view", views, ids=lambda view: view.address)


def test_nothing_changed(benchmark, server, view: View):
    address, process = server
    runs, untimed = (1, 0) if benchmark.disabled else (RUNS, UNTIMED)
    spent = []

    def again(visitor: Visitor) -> None:
        before = process.cpu_times()
        for _run in range(runs):
            visitor.rerun()
        after = process.cpu_times()
        spent.append(1000 * (after.user + after.system - before.user - before.system) / runs)

    with closing(Visitor(address, view.page, f"lang=en&{view.query}")) as visitor:
        for _run in range(untimed):
            visitor.rerun()
        benchmark.group = f"{RUNS} runs in which nothing changed; processor time of each in extra_info"
        benchmark.pedantic(again, args=(visitor,))
    benchmark.extra_info["processor_ms"] = round(spent[0], 1)
    print(f"\n{spent[0]:6.1f} ms  {view.address}")
