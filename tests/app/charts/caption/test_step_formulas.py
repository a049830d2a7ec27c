"""The formulas' numbers come to what the trace says, and words cannot break out of the LaTeX."""

import dataclasses
import re

import numpy as np
import pytest

from app.charts.caption.step_formulas import DecoderFormula, step_formulas, tex_text
from model.captioner import Captioner
from model.captioner.gallery import samples
from tests.traces_made import make_trace

SINGLE = 4 * float(np.finfo(np.float32).eps)


def numbers(latex: str) -> list[float]:
    """The numbers with four decimals, in order."""
    return [float(number) for number in re.findall(r"-?\d+\.\d{4}", latex)]


LINES = (*("fit", "attention", "gate", "context", "update", "reset", "proposal", "memory", "moved", "scores", "word"),)


def lines(trace, step: int, unit: int) -> dict[str, DecoderFormula]:
    return {formula.line: formula for formula in step_formulas(trace, step, unit)}


@pytest.mark.parametrize("step", [0, 1, 7])
@pytest.mark.parametrize("unit", [0, 31])
def test_values_are_the_traces(step, unit):
    trace = make_trace(1, 8)
    found = lines(trace, step, unit)
    assert tuple(found) == LINES
    value = {line: formula.value for line, formula in found.items()}
    before = trace.hidden[step - 1] if step else trace.initial_hidden
    channel = trace.context[step].argmax()
    assert value["fit"] == trace.energy[step].max()
    assert value["attention"] == pytest.approx(trace.attention[step].max(), rel=1e-5)
    assert value["gate"] == trace.context_gate[step, channel] and value["context"] == trace.context[step, channel]
    assert f"{trace.context_gate[step].mean():.4f}" in found["gate"].says
    assert value["update"] == trace.update_gate[step, unit]
    assert value["reset"] == trace.reset_gate[step, unit]
    assert value["proposal"] == trace.candidate[step, unit]
    assert value["memory"] == pytest.approx(trace.hidden[step, unit], abs=SINGLE)
    assert value["moved"] == pytest.approx(np.linalg.norm(trace.hidden[step] - before), rel=1e-5)
    assert value["scores"] == pytest.approx(trace.log_probs[step] + trace.log_sums[step])
    assert value["word"] == pytest.approx(np.exp(trace.log_probs[step]), rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_the_numbers_shown_add_up(seed):
    shown = {line: formula.numbers for line, formula in lines(make_trace(seed, 4), 2, seed).items()}
    for line in ("gate", "update", "reset"):
        inside, value = numbers(shown[line])
        assert 1 / (1 + np.exp(-inside)) == pytest.approx(value, abs=1e-4)
    inside, value = numbers(shown["proposal"])
    assert np.tanh(inside) == pytest.approx(value, abs=1e-4)
    gate, seen, came = numbers(shown["context"])
    assert gate * seen == pytest.approx(came, abs=1e-3)
    z, n, again, old, new = numbers(shown["memory"])
    assert z == again and (1 - z) * n + z * old == pytest.approx(new, abs=2e-4)
    best, worst = numbers(shown["fit"])
    assert worst < best
    score, *rivals = numbers(shown["scores"])
    assert len(rivals) == 2
    for line, inside in ("attention", best), ("word", score):
        exponent, total, value = map(float, re.findall(r"-?\d+\.\d+", shown[line]))
        assert exponent == inside and np.exp(exponent) / total == pytest.approx(value, abs=2e-4)


def test_sums_are_written_so_that_they_can_be_read():
    trace = make_trace(1, 1)
    for log_sum, text in ((2.0, "{7.3891}"), (12.0, "{162754.8}"), (30.0, r"{1.06865 \cdot 10^{13}}")):
        trace.log_sums[0] = log_sum
        assert text in lines(trace, 0, 0)["word"].numbers


def test_what_the_trace_does_not_hold_is_left_out():
    bare = dataclasses.replace(make_trace(1, 2), energy=None, context=None, log_sums=None)
    found = lines(bare, 1, 0)
    assert set(LINES) - set(found) == {"fit", "context", "scores", "word"}
    even = dataclasses.replace(bare, attention=np.full_like(bare.attention, 1 / 81))
    assert r"\tfrac1{81} \approx 0.0123" in lines(even, 1, 0)["attention"].numbers


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_they_are_the_captioners_own_numbers(root, lang):
    """The softmax over the regions and over the words, of the shipped captioner on a photo."""
    captioner = Captioner.from_pretrained(root / "assets" / "captioner")
    trace = captioner.caption(samples()[0].open(), lang=lang)
    exponentials = np.exp(trace.energy.astype(float))
    assert exponentials / exponentials.sum((1, 2), keepdims=True) == pytest.approx(trace.attention, abs=1e-6)
    for step, word in enumerate(trace.words):
        found = lines(trace, step, 3)
        assert tuple(found) == LINES
        assert found["word"].value == pytest.approx(np.exp(trace.log_probs[step]), rel=1e-6)
        assert tex_text(word) in found["word"].numbers


def test_negative_factors_stand_in_brackets():
    for seed in range(20):
        for formula in step_formulas(make_trace(seed, 2), 1, 3):
            assert not re.search(r"\\cdot -", formula.numbers)


def test_a_gate_that_is_quite_shut_or_open_is_infinite_inside():
    trace = make_trace(2, 1)
    trace.update_gate[0, 0], trace.reset_gate[0, 0], trace.candidate[0, 0] = 0, 1, 1
    found = {line: formula.numbers for line, formula in lines(trace, 0, 0).items()}
    assert r"\sigma(-\infty) \approx 0.0000" in found["update"] and r"\sigma(\infty) \approx 1.0000" in found["reset"]
    assert r"\tanh(\infty) \approx 1.0000" in found["proposal"]


def test_an_empty_caption_has_no_formulas():
    assert step_formulas(make_trace(3, 0), 0, 0) == ()


def test_words_are_escaped_for_tex():
    assert tex_text("a_b") == r"\text{a\_b}"
    assert tex_text(r"\href{x}{$y$}") == r"\text{\textbackslash{}href\{x\}\{\$y\$\}}"
    assert tex_text("狗") == r"\text{狗}"
    hostile = step_formulas(make_trace(4, ["}$%#&^~\\"]), 0, 0)[-1].numbers
    _gathered, said, _lines = hostile.partition(r"p(\text{")
    inside, end, rest = _lines.partition(r"}) \\ {} \approx \frac")
    assert (
        said
        and end
        and re.fullmatch(r"\{\\exp\(-?[\d.]+\)\}\{[\d.]+\} \\\\ \{\} \\approx [\d.]+\\end\{gathered\}", rest)
    )
    assert not re.search(r"(?<!\\)[$%#&_^~]", inside)


def test_braces_balance():
    for formula in step_formulas(make_trace(5, ["{{{", "a"]), 0, 1):
        for latex in (formula.general, formula.numbers):
            plain = latex.replace(r"\{", "").replace(r"\}", "")
            assert plain.count("{") == plain.count("}")
            assert latex.count(r"\left(") == latex.count(r"\right)")
            assert latex.count(r"\bigl(") == latex.count(r"\bigr)")
