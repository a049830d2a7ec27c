"""The resting voltage: Nernst against known potentials, and the balance against the simulated axon."""

import numpy as np
import pytest

from model.neurons import hodgkin_huxley
from model.neurons.resting import IONS, nernst, rest


def test_nernst_gives_the_squid_axons_known_potentials():
    """About -75, +55 and -60 mV at room temperature, as textbooks have them."""
    assert [nernst(ion, 18.5) for ion in IONS] == pytest.approx([-75, 55, -60], abs=0.5)


def test_ten_times_as_much_is_58_mv_at_20_degrees_and_nothing_where_it_is_as_much_inside():
    ion = IONS[0]._replace(outside=10.0, inside=1.0)
    assert nernst(ion, 20) == pytest.approx(58.2, abs=0.1) == -nernst(ion._replace(charge=-1), 20)
    assert nernst(ion._replace(inside=10.0)) == 0


def test_the_textbook_axon_rests_at_minus_65():
    found = rest()
    assert found.voltage == pytest.approx(-65, abs=0.01)
    assert found.shares.sum() == pytest.approx(1) and found.shares @ found.potentials == pytest.approx(found.voltage)
    assert found.currents.sum() == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("e_k", [-90.0, -77.0, -70.0])
def test_the_axon_itself_settles_there(e_k):
    parameters = hodgkin_huxley.Parameters(e_k=e_k)
    trace = hodgkin_huxley.simulate(np.zeros(30_000), parameters)
    assert trace.voltage[-1] == pytest.approx(rest(parameters).voltage, abs=0.1)
