"""The chart of what holds a membrane at rest."""

import numpy as np
import pytest

from app.charts.neurons.resting import balance
from model.neurons.resting import rest


def test_each_way_pulls_from_the_voltage_to_its_potential_as_thick_as_its_share():
    trace = rest()
    figure = balance(trace).figure
    assert len(figure.data) == 3
    for line, potential in zip(figure.data, trace.potentials, strict=True):
        assert list(line.x) == [trace.voltage, potential]
    widths = np.array([line.line.width for line in figure.data])
    assert (np.argsort(widths) == np.argsort(trace.shares)).all()
    assert figure.layout.shapes[0].x0 == trace.voltage
    low, high = figure.layout.xaxis.range
    assert low < trace.potentials.min() and trace.potentials.max() < high


def test_the_words_hold_the_mean():
    text = balance(rest()).words
    terms = text.split(": ")[1].split(" ≈ ")[0].replace("·", "*").replace("−", "-")
    assert eval(terms) == pytest.approx(-65, abs=0.1)
    assert "≈ −65.0 mV" in text
