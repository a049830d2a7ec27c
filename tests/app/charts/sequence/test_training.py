"""Training's curves are the run's own numbers, thinned by the rule that the figure states."""

import re
from dataclasses import replace

import numpy as np
import pytest

from app.charts.kit.style import QUIET
from app.charts.sequence.lines import spread
from app.charts.sequence.training import (
    LATEST,
    PLOT,
    POINTS,
    accuracy_curves,
    gradient_norm_curves,
    loss_curves,
    thinned,
)


def lines(figure, name):
    return [one for one in figure.data if one.name == name and one.mode == "lines"]


def checks(figure, name):
    return [one for one in figure.data if one.name == name and one.mode == "markers"]


def written(figure) -> str:
    return " ".join(one.text for one in figure.layout.annotations)


def long_run(run, steps: int):
    """A run of that many steps, its numbers repeated from a real one."""
    many = {name: np.resize(getattr(run, name), steps) for name in ("loss", "accuracy", "gradient_norm", "seconds")}
    return replace(run, steps=np.arange(1, steps + 1), **many)


def test_short_runs_are_drawn_step_by_step(runs):
    for name, run in runs.items():
        for figure, values in (
            (loss_curves(runs).figure, run.loss),
            (accuracy_curves(runs).figure, run.accuracy),
            (gradient_norm_curves(runs).figure, run.gradient_norm),
        ):
            (line,) = lines(figure, name)
            assert list(line.x) == run.steps.tolist()
            np.testing.assert_allclose(line.y, values, rtol=1e-3)
            assert "each point" not in written(figure)


def test_fresh_sequences_are_markers(runs):
    run = runs["GRU"]
    assert len(run.check_steps) == 2
    for figure, values in (
        (loss_curves(runs).figure, run.check_loss),
        (accuracy_curves(runs).figure, run.check_accuracy),
    ):
        (markers,) = checks(figure, "GRU")
        assert list(markers.x) == run.check_steps.tolist()
        np.testing.assert_allclose(markers.y, values, rtol=1e-3)
    assert not checks(gradient_norm_curves(runs).figure, "GRU")


def test_long_runs_are_thinned_as_the_figure_says(runs):
    run = long_run(runs["GRU"], 5 * POINTS + 3)
    (loss,) = lines(loss_curves({"GRU": run}).figure, "GRU")
    assert len(loss.x) <= POINTS and list(loss.x[:2]) == [6, 12] and loss.x[-1] == run.steps[-1]
    np.testing.assert_allclose(loss.y[1], run.loss[6:12].mean(), rtol=1e-3)
    assert "the mean of 6 steps" in written(loss_curves({"GRU": run}).figure)
    (norm,) = lines(gradient_norm_curves({"GRU": run}).figure, "GRU")
    np.testing.assert_allclose(norm.y[1], run.gradient_norm[6:12].max(), rtol=1e-3)
    assert "the largest of 6 steps" in written(gradient_norm_curves({"GRU": run}).figure)


def test_thinning_keeps_what_is_left_over():
    steps, means = thinned(np.arange(1, 8), np.arange(7.0), np.mean, 3)
    assert steps.tolist() == [3, 6, 7] and means.tolist() == [1, 4, 6]


def test_many_checks_are_marked_evenly_up_to_the_latest(runs):
    count = 500
    run = long_run(runs["GRU"], 50 * count)
    values = np.linspace(2, 0, count)
    run = replace(run, check_steps=50 * np.arange(1, count + 1), check_loss=values, check_accuracy=values / 2)
    (markers,) = checks(loss_curves({"GRU": run}).figure, "GRU")
    assert len(markers.x) <= 40 and markers.x[-1] == 50 * count and len(set(np.diff(markers.x))) == 1


def test_references_are_lines_with_their_names(runs):
    figure = loss_curves(runs).figure
    chance = runs["GRU"].references["chance"]
    assert {shape.y0 for shape in figure.layout.shapes} == {chance, 0.0}
    assert "chance 2.1" in written(figure) and "optimum 0" in written(figure)
    (label,) = [one for one in figure.layout.annotations if "chance" in one.text]
    low, high = figure.layout.yaxis.range
    assert label.y == pytest.approx((chance - low) / (high - low), abs=0.05)


def test_references_and_runs_are_named_beside_the_plot_and_apart(runs):
    """Within it, some line would run through their names."""
    falling = replace(runs["GRU"], loss=np.linspace(2.0, 0.1, 120), references={"uniform": 2.0, "unigram": 1.99})
    _header, *labels = loss_curves({"GRU": falling}).figure.layout.annotations
    assert [re.sub("<[^>]*>", "", one.text) for one in labels] == [
        "● GRU 0.25",
        "– – chance 2",
        "– – single symbols 2",
    ]
    assert QUIET in labels[1].text and QUIET not in labels[0].text  # in their lines' colours
    assert all(one.x == 1 and one.xanchor == "left" and one.xshift > 0 for one in labels)
    heights = [one.y * PLOT for one in labels]
    assert abs(heights[1] - heights[2]) > 17.9


def test_all_reference_names_of_the_tasks_are_words(runs):
    named = replace(
        runs["GRU"], references={"uniform": 3.0, "unigram": 2.5, "bigram": 1.5, "last_value": 1.0, "<b>": 0.5}
    )
    drawn = loss_curves({"x": named})
    for words in ("chance 3", "single symbols 2.5", "pairs of symbols 1.5", "last value 1", "&lt;b&gt;"):
        assert words in written(drawn.figure)
    for words in ("all symbols alike", "entropy of single symbols", "given one symbol before", "repeating the last"):
        assert words in drawn.words


def test_a_wild_start_does_not_flatten_the_rest(runs):
    loss = runs["GRU"].loss.copy()
    loss[0] = 1e6
    wild = {"GRU": replace(runs["GRU"], loss=loss)}
    assert loss_curves(wild).figure.layout.yaxis.range[1] < 10


def test_clip_and_zero_norms(runs):
    norms = runs["GRU"].gradient_norm.copy()
    norms[3] = 0
    figure = gradient_norm_curves({"GRU": replace(runs["GRU"], gradient_norm=norms)}, clip=0.5).figure
    assert [shape.y0 for shape in figure.layout.shapes] == [0.5] and "clipped to 0.5" in written(figure)
    low, high = figure.layout.yaxis.range
    assert low < np.log10(norms[norms > 0].min()) and high > np.log10(norms.max())
    assert not gradient_norm_curves(runs, clip=0).figure.layout.shapes


def test_a_star_stands_where_a_run_solved_its_task(runs):
    run = replace(runs["GRU"], solved_at=100)
    (star,) = [one for one in accuracy_curves({"GRU": run}).figure.data if one.marker.symbol == "star"]
    assert star.x[0] == 100 and star.y[0] == pytest.approx(run.check_accuracy[1], rel=1e-3)
    assert accuracy_curves({"GRU": run}).words == "GRU: solved at step 100."


def test_names_stand_beside_their_lines_without_covering_each_other(runs):
    figure = loss_curves({str(k): run for k, run in enumerate([*runs.values()] * 3)}).figure
    heights = sorted(one.y for one in figure.layout.annotations if one.x == 1)
    assert len(heights) == 6 + 2 and min(np.diff(heights)) * PLOT > 18.9
    assert "<i>" not in written(loss_curves({"<i>": runs["RNN"]}).figure)


@pytest.mark.parametrize("wanted", [[5.0, 5.0, 5.0], [100.0, 99.0, 98.0], [0.0, 50.0, 100.0], [3.0], []])
def test_spread_places_keep_their_order_and_distance(wanted):
    places = spread(wanted, 19, 100)
    assert len(places) == len(wanted) and all(0 <= place <= 100 for place in places)
    ranked = [places[k] for k in np.argsort(wanted, kind="stable")]
    assert all(np.diff(ranked) > 18.99)


def test_before_the_first_step(runs):
    none = {
        name: np.zeros(0) for name in ("loss", "accuracy", "gradient_norm", "seconds", "check_loss", "check_accuracy")
    }
    empty = replace(runs["GRU"], steps=np.zeros(0, int), check_steps=np.zeros(0, int), **none)
    for chart in (loss_curves, accuracy_curves, gradient_norm_curves):
        figure, words, _wide = chart({"GRU": empty})
        assert "not begun" in figure.layout.annotations[0].text
        assert "not begun" in words and "not begun" in chart({}).words
        # One run that has not begun does not hide another, and one step alone is a point.
        assert len(chart({"RNN": runs["RNN"], "GRU": empty}).figure.data) >= 1
        one = replace(empty, steps=np.array([1]), **{name: np.array([0.5]) for name in list(none)[:4]})
        assert chart({"GRU": one}).figure.data[0].mode == "markers"


def test_descriptions_hold_the_runs_numbers(runs):
    run = runs["GRU"]
    text = loss_curves(runs).words
    first, last = run.loss[:LATEST].mean(), run.loss[-LATEST:].mean()
    assert f"GRU: the loss went from {first:.2g} to {last:.2g} in 120 steps" in text and "chance 2.1" in text
    share = f"{(run.gradient_norm > 0.1).mean():.0%}"
    text = gradient_norm_curves(runs, clip=0.1).words
    assert f"acted in {share}" in text and f"step {int(run.gradient_norm.argmax()) + 1})" in text
    assert "fresh sequences at step 100" in accuracy_curves({"GRU": replace(run, solved_at=None)}).words


def test_a_loss_far_above_chance_stays_in_sight(runs):
    run = runs["GRU"]
    wild = replace(run, loss=np.full_like(run.loss, 37.0), check_loss=np.full_like(run.check_loss, 37.0))
    assert loss_curves({"GRU": wild}).figure.layout.yaxis.range[1] > 37
    # Where it only came from there, what matters is where it is.
    tamed = replace(run, loss=np.concatenate([[370.0], run.loss[1:]]))
    assert loss_curves({"GRU": tamed}).figure.layout.yaxis.range[1] < 37
