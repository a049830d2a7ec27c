"""Surgery's charts draw their traces' numbers, and say in words what stands out."""

import dataclasses

import numpy as np
import pytest

from app.charts.caption.holding import control, next_word
from app.charts.caption.patching import recovered, too_near
from app.charts.caption.swapping import outcomes, verdict
from model.traces import HoldingTrace, PatchingTrace, SwapTrace


def crossed(balance: list[list[float]], words=("cat", "dog")) -> SwapTrace:
    """A's word keeps one probability, so that the balance is B's word's."""
    log_probs = np.full((2, 2, 2), -3.0)
    log_probs[..., 1] += np.array(balance)
    return SwapTrace(words, log_probs)


def patched(**changes) -> PatchingTrace:
    trace = PatchingTrace(
        words_a=("a", "cat"),
        words_b=("two", "<b>dogs</b>"),
        steps_a=np.array([-1, 0, 1]),
        steps_b=np.array([-1, 0, 1]),
        log_prob_a=-6.0,
        log_prob_b=-1.0,
        log_probs=np.array([[-5.0, -4.0, -1.5], [np.nan, -6.0, -3.0], [np.nan, -6.0, -7.0]]),
        log_probs_others=np.array(
            [[[-6.0, -6.0, -5.0]] * 3, [[np.nan, -5.0, -5.0], [np.nan] * 3, [np.nan, -6.0, -6.0]]]
        ),
    )
    return dataclasses.replace(trace, **changes)


def held(**changes) -> HoldingTrace:
    trace = HoldingTrace(
        word="cat",
        place=1,
        log_prob=float(np.log(0.5)),
        values=np.zeros(6, np.float32),
        costs=np.arange(6.0),
        units=(5, 4),
        log_prob_held=float(np.log(0.125)),
        random_units=np.array([[0, 1], [2, 3], [0, 2], [1, 3]]),
        random_log_probs=np.log([0.4, 0.5, 0.1, 0.6]),
        seed=3,
        next_words=("cat", "$dog$", ""),
        next_chances=np.array([[0.5, 0.2, 0.1], [0.125, 0.6, 0.1], [0.4, 0.3, 0.1]]),
    )
    return dataclasses.replace(trace, **changes)


@pytest.mark.parametrize(
    ("balance", "finding"),
    [
        ([[-4, -4], [4, 4]], "in the memory"),
        ([[-4, 4], [-4, 4]], "in the picture"),
        ([[-4, 0], [0, 4]], "in both"),
        ([[1, 1.2], [1.1, 1.2]], "neither"),
    ],
)
def test_the_verdict_follows_the_balance(balance, finding):
    trace = crossed(balance)
    assert finding in verdict(trace)
    drawn = outcomes(trace).figure.data
    np.testing.assert_allclose(np.array([drawn[1].x, drawn[2].x]).T.reshape(2, 2, 2), np.exp(trace.log_probs))
    assert "memory B, picture A" in outcomes(trace).words


def test_effects_are_those_of_a_two_by_two_table():
    trace = crossed([[-4.0, -1.0], [2.0, 8.0]])
    assert (trace.by_memory, trace.by_photo, trace.interaction) == pytest.approx((7.5, 4.5, 3.0))
    assert "+7.5 nats" in verdict(trace) and "by +4.5" in verdict(trace)


def test_one_and_the_same_word_has_no_verdict():
    assert "are the same" in verdict(crossed([[0, 0], [0, 0]], ("a", "a")))


def test_the_map_shows_the_share_of_the_way_and_other_photos():
    trace = patched()
    figure = recovered(trace).figure
    np.testing.assert_allclose(
        np.array(figure.data[0].z, float), [[0.2, 0.4, 0.9], [np.nan, 0, 0.6], [np.nan, 0, -0.2]]
    )
    np.testing.assert_allclose(np.array(figure.data[1].z, float), [[0, 0.1, 0.2], [0, 0, 0.2], [0, 0, 0.1]], atol=1e-12)
    assert not figure.data[0].text[1][0] and figure.data[0].text[2][2] == "−0.20"
    said = recovered(trace).words
    assert "the memory of step A: cat / B: <b>dogs</b>: 0.90 of the way" in said.replace("&lt;", "<").replace(
        "&gt;", ">"
    )
    assert "other photos: 0.20" in said
    assert "<b>dogs" not in str(figure.to_dict()) and "&lt;b&gt;dogs" in str(figure.to_dict())


def test_without_other_photos_there_is_one_map():
    figure = recovered(patched(log_probs_others=np.zeros((0, 3, 3)))).figure
    assert len(figure.data) == 1


def test_runs_too_near_each_other_have_no_share():
    near = patched(log_prob_b=-5.8)
    assert not near.meaningful and patched().meaningful
    assert "“<b>dogs</b>” 0.2% here, and B gives it 0.3%" in too_near(near)


def test_the_next_word_stands_in_three_cases():
    figure = next_word(held()).figure
    np.testing.assert_allclose([bar.y for bar in figure.data], held().next_chances)
    assert list(figure.layout.xaxis.ticktext) == ["cat", "&#36;dog&#36;", "(end)"]
    assert next_word(held()).words == (
        "The word “cat” had 50%; with the units held it has 13%, with random ones 40%. Likeliest is now “$dog$”."
    )


def test_random_sets_are_counted_that_cost_as_much():
    trace = held()
    assert trace.cost == pytest.approx(np.log(4)) and trace.share_as_costly == 0.25
    figure = control(trace).figure
    np.testing.assert_allclose(figure.data[0].x, np.log(0.5) - np.log([0.4, 0.5, 0.1, 0.6]))
    assert figure.layout.shapes[0].x0 == trace.cost
    assert "Of 4 random draws 25% cost" in control(trace).words
