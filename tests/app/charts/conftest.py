"""The traces of ``readings``, by their names."""

from collections.abc import Callable
from typing import Any

import pytest

from model.cells import CELLS
from tests.app.charts import readings
from tests.app.charts.readings import Read


@pytest.fixture(scope="session", params=CELLS)
def each_cell(request) -> Read:
    return readings.of_cell(request.param)


@pytest.fixture(scope="session")
def nameless(each_cell) -> Read:
    return readings.nameless(each_cell.trace.cell)


def _fixture(make: Callable[[], Any]) -> Any:
    return pytest.fixture(scope="session")(lambda: make())


parity = _fixture(readings.parity)
sine = _fixture(readings.sine)
ten_numbers = _fixture(readings.ten_numbers)
hostile = _fixture(readings.hostile)
tiny = _fixture(readings.tiny)
two_units = _fixture(readings.two_units)
exploded = _fixture(readings.exploded)
runs = _fixture(readings.runs)
gradients = _fixture(readings.gradients)
spectra = _fixture(readings.spectra)


@pytest.fixture(scope="session")
def every(each_cell, sine, ten_numbers, hostile, tiny, two_units, exploded, nameless) -> dict[str, Read]:
    return {
        "cell": each_cell,
        "sine": sine,
        "ten numbers": ten_numbers,
        "hostile": hostile,
        "tiny": tiny,
        "two units": two_units,
        "exploded": exploded,
        "nameless": nameless,
    }
