"""Every cell declares what it does: its formulas come to its step's own numbers."""

import copy
import pickle

import numpy as np
import pytest

from model.cells import CELLS
from model.cells.formulas import Before, Now, Term, compute
from model.recurrent import trace_sequence


@pytest.mark.parametrize("name", CELLS)
def test_the_formulas_come_to_what_the_step_computes(name, drawn):
    module, x = drawn(name)
    cell = CELLS[name]
    starts = [np.linspace(-0.9, 0.9, 5) * (1 + place) for place in range(len(cell.state))]
    trace = trace_sequence(module, x, tuple(starts) if len(starts) > 1 else starts[0])

    def leaf(one):
        match one:
            case Now(_letters, quantity):
                return trace.hidden if quantity == "hidden" else trace.gates[quantity]
            case Before(_letters, vector):
                return trace.before_of(vector)
            case Term(_letters, row, term):
                return trace.terms[row][term]

    for line in cell.formulas:
        np.testing.assert_allclose(compute(line.right, leaf), leaf(Now(line.letters, line.quantity)), atol=1e-12)


@pytest.mark.parametrize("name", CELLS)
def test_the_declarations_fit_together(name, drawn):
    cell = CELLS[name]
    assert cell.name == name and cell.label and cell.short and cell.about.endswith(".")
    assert all(paper.link.startswith(("https://doi.org/10.", "https://arxiv.org/abs/")) for paper in cell.papers)
    assert cell.state[0] == "hidden" and set(cell.state[1:]) <= set(cell.quantities)
    assert cell.formulas[-1].quantity == "hidden"
    assert {line.quantity for line in cell.formulas[:-1]} <= set(cell.quantities)
    assert cell.keeps is None or (cell.keeps.row in cell.rows and cell.keeps.row in cell.quantities)
    module, x = drawn(name)
    trace = trace_sequence(module, x)
    assert list(trace.gates) == list(cell.quantities) and list(trace.terms) == list(cell.rows)
    for quantity, values in trace.gates.items():
        if bounds := cell.quantities[quantity].bounds:
            assert bounds[0] <= values.min() and values.max() <= bounds[1]
    if cell.bounded:
        assert np.abs(trace.hidden).max() <= 1


def test_copies_and_pickles_of_a_cell_are_the_cell():
    for cell in CELLS.values():
        assert copy.deepcopy(cell) is cell and pickle.loads(pickle.dumps(cell)) is cell
