"""Where depolarisation block begins: by the linearised equations, held beside what the axon itself does."""

import numpy as np
import pytest

from model.neurons import hodgkin_huxley
from model.neurons.block import block_current


def swing(amplitude: float, parameters=hodgkin_huxley.TEXTBOOK) -> tuple[float, int]:
    """How far the voltage still swings after 800 ms, mV, and how many spikes came in all."""
    trace = hodgkin_huxley.simulate(np.full(40_000, amplitude), parameters, dt=0.02)
    return float(np.ptp(trace.voltage[-5_000:])), len(trace.spikes)


def test_it_is_the_textbook_axons_upper_hopf_bifurcation():
    assert block_current() == pytest.approx(154.5, abs=0.5)


@pytest.mark.parametrize("temperature", [6.3, 12.0])
def test_just_below_it_the_axon_swings_and_just_above_it_does_not(temperature):
    parameters = hodgkin_huxley.Parameters(temperature=temperature)
    there = block_current(parameters)
    assert swing(there - 3, parameters)[0] > 1
    assert swing(there + 3, parameters)[0] < 0.5


def test_peaks_stay_below_0_mv_long_before():
    """From about 62 µA/cm² on nothing is counted as a spike, though the axon swings by 60 mV there."""
    (swinging, few), (_, many) = swing(64.0), swing(60.0)
    assert few < 10 < many and swinging > 60


def test_without_sodium_there_is_nothing_to_block():
    assert block_current(hodgkin_huxley.Parameters(g_na=0.0)) is None
