"""A new cell is one class: registered, it is traced, drawn, trained, saved and offered, with no other file changed."""

import dataclasses
import re

import numpy as np
import pytest

from app.charts.caption import gates as caption_gates
from app.charts.caption import siblings
from app.charts.sequence.formulas import formulas
from app.charts.sequence.gates import gate_heat_maps, unit_course
from app.charts.sequence.path import state_paths
from app.charts.sequence.step import step_through
from model.cells import CELLS, Cell
from model.cells.cell import SHARE, SIGNED, Keeps, Paper, Quantity
from model.cells.formulas import Before, Formula, Now, OneMinus, Sum, Term, pre_activation, sigmoid, tanh
from model.cells.layers import layer
from model.hidden_basis import fit_basis
from model.recurrent import Saved, Settings, Training, load, make_task, output_gradients, save, trace_example
from tests.traces_made import make_trace

L, P, M = Now("l_t", "leak_gate"), Now("p_t", "proposal"), Before("m_t-1", "trail")


class Leaky(Cell):
    """l_t = σ(W_xl x_t + W_hl h_{t-1} + w_m m_{t-1} + b_l); p_t = tanh(W_xp x_t + W_hp (l_t ⊙ h_{t-1}) + b_p);
    m_t = m_{t-1} + p_t; h_t = l_t ⊙ h_{t-1} + (1 - l_t) ⊙ p_t."""

    name, label, short = "leaky", "Leaky", "Leaky"
    about = "A toy with everything that a cell may have."
    papers = (Paper("Nobody 2000", "https://doi.org/10.0/0"),)
    rows = ("leak_gate", "proposal")
    late_rows = 1
    diagonals = ("ml",)
    state = ("hidden", "trail")
    quantities = {  # noqa: RUF012
        "leak_gate": Quantity("leak gate", "l", SHARE),
        "proposal": Quantity("proposal", "p", SIGNED),
        "trail": Quantity("trail", "m", None),
    }
    keeps = Keeps("leak_gate")
    formulas = (
        Formula("l_t", "leak_gate", sigmoid(pre_activation("leak_gate", "l", trail="w_ml · m_t-1"))),
        Formula(
            "p_t",
            "proposal",
            tanh(
                Sum(
                    (
                        Term("W_xp x_t", "proposal", "input"),
                        Term("W_hp (l_t · h_t-1)", "proposal", "recurrent"),
                        Term("b_p", "proposal", "bias"),
                    )
                )
            ),
        ),
        Formula("m_t", "trail", M + P),
        Formula("h_t", "hidden", L * Before("h_t-1", "hidden") + OneMinus(L) * P),
    )

    def step(self, sums, h, m):
        (w,) = sums.diagonals
        gate = sums("leak_gate", trail=w * m).sigmoid()
        proposal = sums("proposal", of=gate * h).tanh()
        m = m + proposal
        h = gate * h + (1 - gate) * proposal
        return (h, m), {"leak_gate": gate, "proposal": proposal, "trail": m}


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(CELLS, "leaky", Leaky())


@pytest.fixture
def trained():
    task = make_task("parity", length=6)
    training = Training(task, Settings("leaky", 5, batch_size=8))
    losses = [step.loss for step in training.run(steps=60)]
    assert np.mean(losses[-5:]) < np.mean(losses[:5])
    return training


@pytest.fixture
def trace(trained):
    return trace_example(trained.network, trained.task, trained.task.read("011010"))


def test_its_trace_is_its_equations(trained, trace):
    weights = {name: w.detach().double().numpy() for name, w in trained.network.recurrent.named_parameters()}
    w_x, w_h = weights["weight_ih_l0"], weights["weight_hh_l0"]
    b = weights["bias_ih_l0"] + weights["bias_hh_l0"]
    h = m = np.zeros(5)
    for t, x in enumerate(trace.inputs):
        gate = 1 / (1 + np.exp(-(w_x[:5] @ x + w_h[:5] @ h + weights["weight_ml_l0"] * m + b[:5])))
        proposal = np.tanh(w_x[5:] @ x + w_h[5:] @ (gate * h) + b[5:])
        h, m = gate * h + (1 - gate) * proposal, m + proposal
        np.testing.assert_allclose(trace.hidden[t], h, atol=1e-12)
        np.testing.assert_allclose(trace.gates["trail"][t], m, atol=1e-12)
    assert list(trace.terms["leak_gate"]) == ["input", "recurrent", "trail", "bias"]


def test_its_formulas_are_drawn_with_its_numbers(trace):
    lines = formulas(trace, 2)
    letters = [re.sub(r"<[^>]+>", "", line.general) for line in lines]
    assert letters == [
        "lt = σ(Wxl xt + Whl ht−1 + wml · mt−1 + bl)",
        "pt = tanh(Wxp xt + Whp (lt · ht−1) + bp)",
        "mt = mt−1 + pt",
        "ht = lt · ht−1 + (1 − lt) · pt",
    ]
    ends = [line.numbers(3).split("<b>")[-1] for line in lines]
    values = [trace.gates["leak_gate"], trace.gates["proposal"], trace.gates["trail"], trace.hidden]
    for end, value in zip(ends, values, strict=True):
        assert float(end.replace("−", "-").removesuffix("</b>")) == pytest.approx(value[3, 2], abs=0.00051)


def test_its_gates_are_drawn(trace):
    maps = gate_heat_maps(trace).figure.data
    assert [np.asarray(one.z).shape for one in maps] == [(5, 6)] * 4
    assert (maps[1].zmin, maps[1].zmax) == (0, 1) and maps[2].zmin == -1 and maps[3].zmax >= 1
    course = unit_course(trace, 1).figure
    assert [line.name for line in course.data] == ["state h", "leak gate l", "proposal p", "trail m"]
    assert [line.yaxis for line in course.data] == ["y", "y", "y", "y2"]
    assert len({line.line.dash for line in course.data}) == len({line.marker.symbol for line in course.data}) == 4
    assert "The leak gate l is" in gate_heat_maps(trace).words


def test_its_gates_in_a_caption_are_drawn():
    made = make_trace(1, 5)
    gates = {"leak_gate": made.update_gate, "proposal": made.candidate, "trail": 3 * made.candidate}
    caption = dataclasses.replace(made, cell="leaky", gates=gates)
    drawn = caption_gates.gate_heat_map(caption, "leak_gate").figure
    np.testing.assert_array_equal(drawn.data[0].z, made.update_gate.T)
    names = [line.name for line in caption_gates.unit_course(caption, 3).figure.data]
    assert names == ["state h", "proposal p", "trail m", "leak gate l"]
    assert f"keeps {made.update_gate.mean():.2f}" in siblings.keeping({"one": caption}).words


def test_its_steps_and_path_are_drawn(trace):
    basis = fit_basis([trace.states])
    assert len(step_through(trace, basis, unit=1).figure.frames) == 6 and state_paths([trace], basis).figure.data
    assert "Leaky" in step_through(trace, basis).words


def test_its_gradients_go_through_all_of_its_state(trained):
    found = output_gradients(trained.network, trained.task.read("011010"), 5)
    assert found.state_gradients.shape == (6, 10) and (found.inputs > 0).all()


def test_its_network_is_saved_and_goes_on(trained):
    stored = save(Saved(trained.network, trained.task, trained.settings, 60))
    network = load(stored).network
    more = Training(trained.task, trained.settings, start=network)
    assert next(more.run(steps=1)).loss > 0
    assert layer("leaky", 2, 3).weight_ml_l0.shape == (3,)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("view", ["step", "train", "gradients"])
def test_the_page_offers_it(app, go, view, lang):
    test = go(
        app(
            lang=lang,
            sequence_view=view,
            sequence_network="untrained",
            sequence_cell="leaky",
            sequence_size="4",
            sequence_more="gates",
        ),
        "sequence",
    )
    assert not test.exception and not test.error
    assert any("A toy with everything" in shown.value for shown in test.markdown)
    if view == "train":
        test.button(key="sequence_one_step").click().run()
        assert not test.exception and test.session_state["sequence_current_run"].step == 1
    else:
        words = {"step": "leak gate l", "gradients": "Leaky"}[view]
        assert any(words in chart.proto.spec for chart in test.get("plotly_chart"))
