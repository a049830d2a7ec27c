"""The siblings beside each other: every panel shows its own sibling's numbers."""

import dataclasses

import numpy as np

from app.charts.caption.siblings import keeping, paths
from tests.traces_made import make_basis, make_trace


def lstm_trace(seed: int):
    trace = make_trace(seed, 5, units=12)
    gates = dict.fromkeys(("input_gate", "output_gate", "cell"), trace.update_gate)
    gates |= {"forget_gate": trace.reset_gate, "candidate": trace.candidate}
    return dataclasses.replace(trace, cell="lstm", gates=gates)


def plain_trace(seed: int):
    trace = make_trace(seed, 4, units=40)
    return dataclasses.replace(trace, cell="rnn_tanh", gates={"pre_activation": np.arctanh(trace.hidden * 0.99)})


def test_every_memory_has_a_path_in_its_own_space():
    named = {
        "one": (make_trace(1, 5, units=12), make_basis(1, 12)),
        "other": (plain_trace(2), make_basis(2, 40)),
        "mute": (make_trace(3, 0, units=12), make_basis(3, 12)),
    }
    figure = paths(named).figure
    for scatter, (trace, basis) in zip(figure.data, named.values(), strict=True):
        states = np.concatenate([trace.initial_hidden[None], trace.hidden])
        np.testing.assert_allclose(np.stack([scatter.x, scatter.y], axis=1), basis.project(states)[:, :2])
        assert list(scatter.text)[1:] == list(trace.words)
    assert len({scatter.xaxis for scatter in figure.data}) == 3
    text = paths(named).words
    trace, basis = named["one"]
    step = np.linalg.norm(np.diff(np.vstack([trace.initial_hidden, trace.hidden]), axis=0), axis=1).mean()
    assert f"moves it by {step:.1f}" in text


def test_what_is_kept_is_the_update_or_the_forget_gate():
    traces = {"GRU": make_trace(1, 5, units=12), "LSTM": lstm_trace(2), "RNN": plain_trace(3), "mute": make_trace(4, 0)}
    figure = keeping(traces).figure
    gru, lstm = figure.data
    for heat, gate in (gru, traces["GRU"].update_gate), (lstm, traces["LSTM"].gates["forget_gate"]):
        order = heat.customdata[:, 0]
        np.testing.assert_array_equal(heat.z, gate.T[order])
        assert (np.diff(heat.z.mean(axis=1)) <= 1e-6).all() and sorted(order) == list(range(12))
    assert sum(heat.showscale for heat in figure.data) == 1
    said = " ".join(annotation.text for annotation in figure.layout.annotations)
    assert "No gate" in said and "said nothing" in said
    text = keeping(traces).words
    assert f"GRU keeps {traces['GRU'].update_gate.mean():.2f}" in text and "RNN has no gate" in text
    assert "mute" not in text


def test_hostile_words_and_names_are_shown_as_they_are():
    trace = make_trace(1, ["<b>x</b>", "$y$"], units=12)
    for figure in paths({"<i>": (trace, make_basis(1, 12))}).figure, keeping({"<i>": trace}).figure:
        drawn = str(figure.to_dict())
        assert "&lt;i&gt;" in drawn and "&lt;b&gt;x" in drawn
        assert "<i>" not in drawn and "<b>x" not in drawn
