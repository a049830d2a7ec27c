"""What the scrubber shows at each step is what the trace says of that step."""

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest

from app.charts.sequence import unrolled
from app.charts.sequence.answers import AS_THEY_ARE, TaskUnits, right_numbers, said
from app.charts.sequence.formulas import formulas
from app.charts.sequence.path import places
from app.charts.sequence.step import FEW_STEPS, step_through
from app.charts.sequence.texts import symbol_text, visible
from model.cells import CELLS

TAG = re.compile(r"<[^>]*>")


def at(figure, step: int) -> list[dict]:
    """The traces as a browser shows them at a step: those of the figure, with the step's frame laid over them."""
    traces = [trace.to_plotly_json() for trace in figure.data]
    if figure.frames:
        frame = figure.frames[step]
        assert frame.name == str(step)
        for place, change in zip(frame.traces, frame.data, strict=True):
            merge(traces[place], change.to_plotly_json())
    return traces


def merge(whole: dict, part: dict) -> None:
    for key, value in part.items():
        if isinstance(value, dict) and isinstance(whole.get(key), dict):
            merge(whole[key], value)
        else:
            whole[key] = value


def on(traces: list[dict], axis: str) -> list[dict]:
    return [trace for trace in traces if trace.get("xaxis", "x") == axis]


def numbers_in(html: str) -> list[float]:
    plain = re.sub(r"<sub>[^<]*</sub>", "", html)
    return [float(x.replace("−", "-")) for x in re.findall(r"[−]?\d+\.\d+", TAG.sub("", plain).replace("− ", "−"))]


def test_each_step_lights_its_boxes_its_column_and_its_point(each_cell):
    trace, basis = each_cell
    figure = step_through(trace, basis, unit=1).figure
    assert len(figure.frames) == len(trace.hidden)
    for t in range(len(trace.hidden)):
        traces = at(figure, t)
        lit = on(traces, "x")[-1]
        assert set(lit["x"]) == {t + 1}
        heat, frame = on(traces, "x3")
        np.testing.assert_allclose(heat["z"], trace.hidden.T, rtol=1e-6)
        assert np.mean([min(frame["x"]), max(frame["x"])]) == t + 1
        _whole, trail, current = on(traces, "x5")
        here = places(trace, basis)[t + 1]
        np.testing.assert_allclose([current["x"][0], current["y"][0]], here, rtol=1e-3)
        np.testing.assert_allclose([trail["x"][-1], trail["y"][-1]], here, rtol=1e-3)


def test_boxes_hold_what_was_read_kept_and_said_and_nothing_of_what_comes(each_cell):
    trace, basis = each_cell
    figure = step_through(trace, basis, unit=2).figure
    for t in (0, 4, 9):
        boxes = [one for one in on(at(figure, t), "x") if one.get("mode") == "markers+text"]
        reads, kept, says = boxes
        assert list(reads["text"]) == list(trace.symbols)
        states = [trace.initial_hidden[2], *trace.hidden[:, 2]]
        for place, text in zip(kept["x"], kept["text"], strict=True):
            assert abs(float(text.replace("−", "-")) - states[int(place)]) <= 0.0051
        spoken = [trace.classes[int(k)] for k in trace.outputs.argmax(axis=1)]
        assert list(says["text"]) == [spoken[int(place) - 1] for place in says["x"]]
        assert max(kept["x"]) == max(says["x"]) == t + 1


def test_right_and_wrong_answers_are_told_apart_by_mark_and_colour(each_cell):
    trace, basis = each_cell
    traces = on(at(step_through(trace, basis).figure, 9), "x")
    says, written = traces[-3], traces[-2]
    for place, text, colour in zip(says["x"], written["text"], says["marker"]["color"], strict=True):
        right = trace.outputs[int(place) - 1].argmax() == int(trace.answers[int(place) - 1])
        assert text.startswith("✓" if right else "✗") and text.endswith(trace.answers[int(place) - 1])
        assert colour == (unrolled.RIGHT if right else unrolled.WRONG)


def test_the_window_holds_the_current_step_and_boxes_keep_their_room(hostile):
    trace = hostile.trace
    for t in range(len(trace.hidden)):
        first, last = unrolled.window(trace, t)
        assert first <= t + 1 <= last and last - first == unrolled.WINDOW - 1
        assert first >= 0 and last <= len(trace.hidden)
    figure = step_through(trace, hostile.basis).figure
    assert list(figure.frames[100].layout.xaxis.range) == unrolled.axis_range(trace, 100)


def test_formulas_come_to_the_traces_own_numbers(each_cell):
    trace, _basis = each_cell
    for unit in (0, 5):
        lines = formulas(trace, unit)
        for t in range(len(trace.hidden)):
            ends = {line.general[0]: numbers_in(line.numbers(t))[-1] for line in lines}
            assert abs(ends["h"] - trace.hidden[t, unit]) <= 0.00051
            for letter, gate in {"i": "input_gate", "f": "forget_gate", "z": "update_gate", "c": "cell"}.items():
                if letter in ends:
                    assert abs(ends[letter] - trace.gates[gate][t, unit]) <= 0.00051


def test_formulas_numbers_are_the_terms_and_add_up(each_cell):
    trace, _basis = each_cell
    first = formulas(trace, 3)[0]
    terms = trace.terms[CELLS[trace.cell].rows[0]]
    for t in range(len(trace.hidden)):
        *parts, total, _end = numbers_in(first.numbers(t))
        expected = [np.broadcast_to(term, trace.hidden.shape)[t, 3] for term in terms.values()]
        if first.general[0] == "h":
            expected[:2] = expected[1::-1]
        np.testing.assert_allclose(parts, expected, atol=0.00051)
        np.testing.assert_allclose(total, sum(expected), atol=0.00051)


def test_products_in_the_grus_and_lstms_formulas_come_to_the_state(each_cell):
    trace, _basis = each_cell
    last = formulas(trace, 0)[-1]
    for t in range(len(trace.hidden)):
        values = numbers_in(last.numbers(t))
        if trace.cell == "gru":
            z, n, again, old, new = values
            assert abs(z) == again  # (1 − z)
            np.testing.assert_allclose((1 - again) * n + again * old, new, atol=0.003)
        elif trace.cell == "mgu":
            f, old, again, proposed, new = values
            assert abs(f) == again  # (1 − f)
            np.testing.assert_allclose((1 - again) * old + again * proposed, new, atol=0.003)
        elif trace.cell in ("lstm", "peephole"):
            o, c, new = values
            np.testing.assert_allclose(o * np.tanh(c), new, atol=0.003)


def test_bars_are_the_likeliest_answers_and_mark_the_right_one(hostile):
    trace, basis = hostile
    figure = step_through(trace, basis).figure
    for t in (0, 57, 199):
        bars, texts = on(at(figure, t), "x4")
        best = np.argsort(-trace.probabilities[t], kind="stable")[:5]
        np.testing.assert_allclose(bars["x"], trace.probabilities[t][best], rtol=1e-3)
        for k, text in zip(best, texts["text"], strict=False):
            assert symbol_text(trace.classes[k], 8) in text
        ticked = [text for text in texts["text"] if "✓" in text]
        if trace.answers[t]:
            (right,) = ticked
            assert symbol_text(trace.answers[t], 8) in right
        else:
            assert not ticked and "nothing is asked" in texts["text"][-1]


def test_numbers_are_shown_in_the_tasks_own_units(sine):
    trace, basis = sine
    task_units = TaskUnits(mean=3.0, deviation=2.0)
    right, line, current = on(at(step_through(trace, basis, task_units=task_units).figure, 7), "x4")
    np.testing.assert_allclose(line["y"], 3 + 2 * trace.outputs[:, 0], rtol=1e-3)
    assert current["y"][0] == line["y"][7] and current["x"] == [8]
    for value, answer in zip(right["y"], trace.answers, strict=True):
        assert value == (pytest.approx(float(answer), rel=1e-3) if answer else None)
    assert said(trace, AS_THEY_ARE)[7].replace("−", "-") == f"{trace.outputs[7, 0]:.2f}"


def test_many_numbers_stand_beside_the_right_ones(ten_numbers):
    trace, basis = ten_numbers
    right, values = on(at(step_through(trace, basis).figure, 0), "x4")
    np.testing.assert_allclose(values["x"], trace.outputs[0], rtol=1e-3)
    np.testing.assert_allclose(right["x"], [float(x) for x in trace.answers[0].split()], rtol=1e-3)
    assert np.isnan(right_numbers(replace(trace, answers=("1 2 x",)))).all()


def test_one_step_needs_no_player_and_more_steps_run_in_the_browser(tiny, each_cell):
    still = step_through(*tiny).figure
    assert not still.frames and not still.layout.sliders
    film = step_through(*each_cell, step=4).figure
    (slider,) = film.layout.sliders
    assert slider.active == 4
    assert [list(step.args[0]) for step in slider.steps] == [[str(t)] for t in range(10)]
    assert {button.method for button in film.layout.updatemenus[0].buttons} == {"animate"}


def test_the_first_picture_is_the_step_asked_for(each_cell):
    first, at_once = step_through(*each_cell).figure, step_through(*each_cell, step=6).figure
    shown = [trace.to_plotly_json() for trace in at_once.data]
    for one, other in zip(shown, at(first, 6), strict=True):
        assert one.get("x") == other.get("x") and one.get("text") == other.get("text")
    assert list(at_once.layout.xaxis.range) == list(first.frames[6].layout.xaxis.range)


def test_frames_hold_only_what_changes(hostile):
    figure = step_through(*hostile).figure
    assert len(figure.frames) == 200
    frame = figure.frames[150].to_plotly_json()
    assert not any("z" in trace or "hovertemplate" in trace for trace in frame["data"])
    sizes = [len(str(one.to_plotly_json())) for one in figure.frames]
    assert max(sizes) < 9_000


def test_without_outputs_there_is_nothing_said(nameless, each_cell):
    figure = step_through(*nameless).figure
    assert unrolled.SAYS not in figure.layout.yaxis.tickvals
    assert unrolled.SAYS in step_through(*each_cell).figure.layout.yaxis.tickvals
    assert not any("says" in text for trace in at(figure, 3) for text in trace.get("text", ()))


def test_a_state_beyond_all_bounds_is_shown_as_such(exploded):
    figure = step_through(*exploded).figure
    heat = on(at(figure, 19), "x3")[0]
    assert np.isnan(np.asarray(heat["z"])[:, -1]).all()
    assert "∞" in formulas(exploded.trace, 0)[0].numbers(19)
    assert "beyond all bounds" in step_through(*exploded).words


def test_the_description_counts_right_answers(each_cell):
    trace, basis = each_cell
    right = sum(str(k) == answer for k, answer in zip(trace.outputs.argmax(axis=1), trace.answers, strict=True))
    text = step_through(trace, basis, unit=1).words
    assert f"Right answers: {right} of 10." in text and "size 6" in text and "length 10" in text
    t = int(np.abs(np.diff([trace.initial_hidden[1], *trace.hidden[:, 1]])).argmax())
    assert f"moves most at step {t + 1}, “{visible(trace.symbols[t])}”" in text


def test_on_a_narrow_page_all_parts_stand_below_each_other(each_cell):
    trace, basis = each_cell
    chart = step_through(trace, basis, narrow=True)
    layout = chart.figure.layout
    assert not chart.wide and layout.height > step_through(trace, basis).figure.layout.height
    domains = [layout[f"yaxis{k}"].domain for k in (3, 4, 5)]
    assert all(above[0] > below[1] for above, below in itertools.pairwise(domains))
    for frame in chart.figure.frames:
        start, end = frame.layout.xaxis.range
        assert end - start == FEW_STEPS
