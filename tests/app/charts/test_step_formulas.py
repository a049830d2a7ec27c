"""The formulas' numbers come to what the trace says, and words cannot break out of the LaTeX."""

import re

import numpy as np
import pytest

from app.charts.step_formulas import step_formulas, tex_text
from tests.traces_made import make_trace

SINGLE = 4 * float(np.finfo(np.float32).eps)


def numbers(latex: str) -> list[float]:
    """The numbers with four decimals, in order."""
    return [float(number) for number in re.findall(r"-?\d+\.\d{4}", latex)]


@pytest.mark.parametrize("step", [0, 1, 7])
@pytest.mark.parametrize("unit", [0, 31])
def test_values_are_the_traces(step, unit):
    trace = make_trace(1, 8)
    attention, gate, z, r, n, h, moved, word = (formula.value for formula in step_formulas(trace, step, unit))
    before = trace.hidden[step - 1] if step else trace.initial_hidden
    assert attention == pytest.approx(1, abs=1e-4)
    assert gate == pytest.approx(trace.context_gate[step].mean(), rel=1e-5)
    assert (z, r, n) == (
        trace.update_gate[step, unit],
        trace.reset_gate[step, unit],
        trace.candidate[step, unit],
    )
    assert h == pytest.approx(trace.hidden[step, unit], abs=SINGLE)
    assert moved == pytest.approx(np.linalg.norm(trace.hidden[step] - before), rel=1e-5)
    assert word == pytest.approx(np.exp(trace.log_probs[step]), rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_the_numbers_shown_add_up(seed):
    trace = make_trace(seed, 4)
    _, _, update, reset, proposal, mixture, _, word = (formula.numbers for formula in step_formulas(trace, 2, seed))
    for shown in (update, reset):
        inside, value = numbers(shown)
        assert 1 / (1 + np.exp(-inside)) == pytest.approx(value, abs=1e-4)
    inside, value = numbers(proposal)
    assert np.tanh(inside) == pytest.approx(value, abs=1e-4)
    z, n, again, old, new = numbers(mixture)
    assert z == again and (1 - z) * n + z * old == pytest.approx(new, abs=2e-4)
    log_prob, probability = numbers(word)
    assert np.exp(log_prob) == pytest.approx(probability, abs=1e-4)


def test_negative_factors_stand_in_brackets():
    for seed in range(20):
        for formula in step_formulas(make_trace(seed, 2), 1, 3):
            assert not re.search(r"\\cdot -", formula.numbers)


def test_a_gate_that_is_quite_shut_or_open_is_infinite_inside():
    trace = make_trace(2, 1)
    trace.update_gate[0, 0], trace.reset_gate[0, 0], trace.candidate[0, 0] = 0, 1, 1
    _, _, update, reset, proposal, *_rest = step_formulas(trace, 0, 0)
    assert r"\sigma(-\infty) = 0.0000" in update.numbers and r"\sigma(\infty) = 1.0000" in reset.numbers
    assert r"\tanh(\infty) = 1.0000" in proposal.numbers


def test_an_empty_caption_has_no_formulas():
    assert step_formulas(make_trace(3, 0), 0, 0) == ()


def test_words_are_escaped_for_tex():
    assert tex_text("a_b") == r"\text{a\_b}"
    assert tex_text(r"\href{x}{$y$}") == r"\text{\textbackslash{}href\{x\}\{\$y\$\}}"
    assert tex_text("狗") == r"\text{狗}"
    hostile = step_formulas(make_trace(4, ["}$%#&^~\\"]), 0, 0)[-1].numbers
    assert re.fullmatch(r"p\(\\text\{.*\}\) = \\exp\(-?[\d.]+\) = [\d.]+", hostile)
    inside = hostile[len(r"p(\text{") : hostile.index(r"}) = \exp")]
    assert not re.search(r"(?<!\\)[$%#&_^~]", inside)


def test_braces_balance():
    for formula in step_formulas(make_trace(5, ["{{{", "a"]), 0, 1):
        for latex in (formula.general, formula.numbers):
            plain = latex.replace(r"\{", "").replace(r"\}", "")
            assert plain.count("{") == plain.count("}")
            assert latex.count(r"\left(") == latex.count(r"\right)")
            assert latex.count(r"\bigl(") == latex.count(r"\bigr)")
