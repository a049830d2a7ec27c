"""The landscape's view by Streamlit's AppTest: by hand, trained, beside a neuron; addresses, files, bad input."""

import csv
import io
import json
import re
from typing import Any

import numpy as np
import pytest
import torch

from app.charts.sequence.fixed_points import away, fixed_points_plane, off_plane
from app.charts.sequence.landscape import PlaneLabels, in_words, landscape
from app.export.landscape import landscape_csv, landscape_json, points_csv, points_json
from app.sequence.two_units import ENTRIES, FIRST_PULSES, TwoUnits
from model.hidden_basis import fit_basis
from model.neurons.landscape import landscape as landscape_of_neuron
from model.recurrent import fixed_points, load_preset, trace_example
from model.recurrent.landscape import WEIGHTS
from model.recurrent.rounds import read_on
from model.traces import FixedPoint

UNITS = PlaneLabels("two units", "unit 0", "unit 1")
NEURON = PlaneLabels("neuron", "v", "u", steps=False)


@pytest.fixture
def page(app, go):
    """The landscape's view, with these parameters in its address."""
    return lambda **parameters: go(app(sequence_view="landscape", **parameters), "sequence")


@pytest.fixture(scope="module")
def bit():
    return TwoUnits(WEIGHTS["bit"], (0.0, 0.0), (0.9, -0.4), FIRST_PULSES).trace()


@pytest.fixture(scope="module")
def sine():
    saved = load_preset("sine-gru")
    batch = saved.task.fresh(6, torch.Generator().manual_seed(0))
    traces = [trace_example(saved.network, saved.task, saved.task.example(batch, row)) for row in range(6)]
    states = [trace.full_states for trace in traces]
    return traces, fit_basis(states), fixed_points(saved.network.recurrent, [0.0], starts=np.concatenate(states))


def words(test) -> str:
    return " ".join(caption.value for caption in test.caption)


def test_a_first_visit_shows_a_memory_of_one_bit(page):
    test = page()
    assert not test.exception and not test.error
    assert "2 stable, 1 saddle" in words(test) and "falls to (0.97, 0.97)" in words(test)
    assert test.pills(key="sequence_weights").value == "bit"


@pytest.mark.parametrize(("code", "said"), [("one", "1 stable."), ("ring", "does not come to rest")])
def test_a_choice_of_w_sets_its_numbers(page, code, said):
    test = page()
    test.pills(key="sequence_weights").set_value(code).run()
    assert not test.exception
    assert tuple(test.slider(key=f"sequence_{entry}").value for entry in ENTRIES) == WEIGHTS[code]
    assert said in words(test)


def test_an_address_decides_the_picture(page):
    test = page(sequence_w00="3", sequence_w01="0", sequence_w10="0", sequence_w11="3", sequence_start0="-0.2")
    assert "4 stable, 4 saddle, 1 unstable" in words(test)
    assert "falls to (−1.00, −1.00)" in words(test) or "falls to (−0.99, −0.99)" in words(test)
    assert test.pills(key="sequence_weights").value is None


def test_pulses_that_are_none_get_a_sentence(page):
    test = page(sequence_pulses="+<b>")
    assert not test.exception and len(test.error) == 1


def test_a_neuron_stands_beside_it(page):
    test = page(sequence_neuron="true", sequence_neuron_current="10")
    assert not test.exception and len(test.get("plotly_chart")) == 2
    assert "nowhere can it stand still" in words(test)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("preset", ["parity-gru", "sine-gru", "recall-rnn_tanh"])
def test_trained_networks(page, preset, lang):
    test = page(sequence_network="preset", sequence_preset=preset, lang=lang)
    assert not test.exception and not test.error and test.get("plotly_chart")


def test_a_start_is_offered_where_there_is_a_plane_to_fall_in(page):
    for parameters in ({}, {"sequence_network": "preset", "sequence_preset": "parity-gru"}):
        assert page(**parameters).container(key="seen-sequence-start").number_input
    assert (
        page(sequence_network="preset", sequence_preset="sine-gru").container(key="unseen-sequence-start").number_input
    )


@pytest.mark.parametrize("cell", ["rnn_relu", "lstm", "mgu", "peephole"])
@pytest.mark.parametrize("size", ["1", "2", "3"])
def test_every_cell_of_any_size_has_a_picture(page, cell, size):
    test = page(sequence_network="untrained", sequence_cell=cell, sequence_size=size)
    assert not test.exception and not test.error and test.get("plotly_chart")


def test_too_large_a_network_gets_a_sentence(page):
    test = page(sequence_network="untrained", sequence_cell="lstm", sequence_size="513")
    assert not test.exception


def test_the_figure_shows_the_trace(bit):
    figure = landscape(bit, UNITS).figure
    points = figure.data[-1]
    np.testing.assert_allclose(np.stack([points.x, points.y], axis=1), [point.state for point in bit.points], atol=1e-3)
    contours = [trace for trace in figure.data if trace.type == "contour"]
    for k, contour in enumerate(contours):
        np.testing.assert_allclose(contour.z, bit.change[..., k], atol=1e-6)
    arrows = np.array([figure.data[0].x, figure.data[0].y], float).T.reshape(-1, 3, 2)
    for tail, head, _gap in arrows[::17]:
        column, row = np.abs(bit.x - tail[0]).argmin(), np.abs(bit.y - tail[1]).argmin()
        along = head - tail
        np.testing.assert_allclose(
            along / np.linalg.norm(along), bit.change[row, column] / np.linalg.norm(bit.change[row, column]), atol=0.02
        )


def test_a_click_anywhere_names_a_state_of_the_plane(bit):
    [targets] = [trace for trace in landscape(bit, UNITS).figure.data if trace.customdata is not None]
    assert isinstance(targets.to_plotly_json()["customdata"][0], list | tuple)
    places = np.asarray(targets.customdata, float)
    np.testing.assert_allclose(places, np.stack([targets.x, targets.y], axis=1), atol=1e-3)
    apart = np.diff(np.unique(places[:, 0])).max()
    assert apart < 0.08 and np.abs(places).max() == pytest.approx(bit.x[-1], abs=1e-3)
    assert all(trace.customdata is None for trace in landscape(landscape_of_neuron(3.9), NEURON).figure.data)


def test_a_wave_drives_the_state_round_a_loop_and_the_page_says_what_is_left_alone(page):
    text = words(page(sequence_network="preset", sequence_preset="sine-gru"))
    saved = load_preset("sine-gru")
    task: Any = saved.task
    reading = read_on(saved.network, task)
    assert f"goes round a loop, once in {reading.period:.1f} steps" in text
    assert "The loop was the wave's, not its own." in text


def test_each_picture_is_a_step_of_the_fall_and_of_the_path(bit):
    figure = landscape(bit, UNITS).figure
    assert len(figure.frames) == max(len(bit.fall), len(bit.path))
    for k in (0, 3, len(figure.frames) - 1):
        fall, path = figure.frames[k].data
        np.testing.assert_allclose([fall.x[-1], fall.y[-1]], bit.fall[min(k, len(bit.fall) - 1)], atol=1e-3)
        np.testing.assert_allclose([path.x[-1], path.y[-1]], bit.path[min(k, len(bit.path) - 1)], atol=1e-3)


def test_one_picture_for_two_kinds_of_systems():
    trace = landscape_of_neuron(3.9)
    figure, words, _wide = landscape(trace, NEURON)
    assert figure.layout.yaxis.scaleanchor is None
    assert "1 saddle, 1 unstable" in words


@pytest.mark.parametrize(
    ("eigenvalues", "says"),
    [
        ([np.exp(-1 / 7), 0.1], "1/e in 7 steps"),
        ([np.exp(1 / 7), 0.1], "e times in 7 steps"),
        ([0.9 * np.exp(2j * np.pi / 12), 0.9 * np.exp(-2j * np.pi / 12)], "once in 12 steps (arg λ / 2π = 0.083)"),
        ([-0.9, 0.1], "side to side"),
        ([1.0, 0.1], "neither fades nor grows"),
        ([0.0, 0.0], "gone after one step"),
    ],
)
def test_what_the_linear_part_says_stands_in_words(eigenvalues, says):
    assert says in in_words(FixedPoint(np.zeros(2), 0.0, np.array(eigenvalues, complex), "stable"))


def test_larger_networks_are_drawn_on_the_plane_of_their_runs(sine):
    traces, basis, points = sine
    figure, words, _wide = fixed_points_plane(traces, basis, points)
    drawn = figure.data[-1]
    for k, point in enumerate(points):
        on_plane = basis.project(point.state[None])[0, :2]
        np.testing.assert_allclose([drawn.x[k], drawn.y[k]], on_plane, atol=1e-3)
        # Pythagoras: what is on the plane and what is beside it are all of the way from the mean.
        whole = np.linalg.norm(point.state - basis.mean)
        assert np.hypot(np.linalg.norm(on_plane), away(basis, points)[k]) == pytest.approx(whole)
    shown = (
        1
        - np.square(off_plane(basis, np.concatenate([trace.full_states for trace in traces]))).sum()
        / np.square(np.concatenate([trace.full_states for trace in traces]) - basis.mean).sum()
    )
    said = float(re.search(r"([\d.]+)% of the variance", words)[1])
    titles = [float(re.search(r"([\d.]+)%", axis.title.text)[1]) for axis in (figure.layout.xaxis, figure.layout.yaxis)]
    assert said == pytest.approx(sum(titles)) == pytest.approx(100 * shown, abs=0.11)


def test_tables_and_json_hold_the_numbers(bit):
    rows = list(csv.DictReader(io.StringIO(points_csv(bit.points).decode("utf-8-sig"))))
    assert [row["kind"] for row in rows] == [point.kind for point in bit.points]
    assert [float(row["eigenvalue_0_real"]) for row in rows] == [point.eigenvalues[0].real for point in bit.points]
    table = list(csv.DictReader(io.StringIO(landscape_csv(bit).decode("utf-8-sig"))))
    assert len(table) == len(bit.x) * len(bit.y)
    assert float(table[70]["change_x"]) == bit.change[70 // len(bit.x), 70 % len(bit.x), 0]
    content = json.loads(landscape_json(landscape_of_neuron(10.0)))
    assert content["points"] == [] and any(None in one for one in content["fall"])
    assert json.loads(points_json(bit.points))["points"][0]["state"] == bit.points[0].state.tolist()
