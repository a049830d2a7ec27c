"""One table of symbols: what the lessons explain stands in it, and charts and lessons use no other letters for it."""

import ast
import re

import numpy as np
import pytest
import torch

from app.charts.sequence.formulas import formulas
from app.lessons.course import course
from app.lessons.symbols import SYMBOLS
from model.cells.formulas import TILDE
from model.recurrent import Network, trace_sequence

LESSONS = [code for code in course() if code not in ("exercise", "glossary")]


def formulas_of(root, lesson: str) -> list[tuple[str, list[str]]]:
    """Each formula of a lesson: its LaTeX, and the letters that it explains."""
    found = []
    for node in ast.walk(ast.parse((root / "app" / "lessons" / f"{lesson}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "formula":
            latex = ast.literal_eval(node.args[0]) if isinstance(node.args[0], ast.Constant) else ""
            assert isinstance(node.args[1], ast.Dict)
            keys = [ast.literal_eval(key) for key in node.args[1].keys]
            found.append((latex, [one for key in keys for one in key.split(r",\ ")]))
    return found


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lessons_letters_are_those_of_the_table_and_the_other_way_round(root, lesson):
    explained = {letter for _latex, letters in formulas_of(root, lesson) for letter in letters}
    assert explained == {symbol.latex for symbol in SYMBOLS if lesson in symbol.lessons}


def test_one_letter_has_one_meaning_and_one_meaning_one_letter():
    assert len({symbol.latex for symbol in SYMBOLS}) == len({symbol.meaning for symbol in SYMBOLS}) == len(SYMBOLS)


def test_no_formula_uses_what_collided(root):
    """W and U without an index for W_xh and W_hh; g and c for a gradient and its limit; g_t for the LSTM's proposal."""
    for lesson in LESSONS:
        for latex, _letters in formulas_of(root, lesson):
            assert not re.search(r"\bU\b|U_|W x_t|W_[a-z] x_t", latex), latex
            assert not re.search(r"(?<![a-zA-Z\\])g \\leftarrow|lVert g", latex), latex
            assert "g_t" not in latex or lesson == "captioning", latex
            assert "h_T}" not in latex or latex.index("J_") < latex.index("h_T}")  # a column, read from the right


@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm", "gru", "mgu", "peephole"])
def test_the_step_views_formulas_have_the_same_letters(cell):
    network = Network(cell, 2, 3, 2)
    trace = trace_sequence(network.recurrent, torch.zeros(2, 2))
    general = " ".join(line.general for line in formulas(trace, 0))
    plain = re.sub(r"<[^>]+>", "", general)
    gates = {"rnn_tanh": [], "lstm": ["i", "f", "o", "c"], "gru": ["z", "r", "n"], "mgu": ["f"]}
    gates["peephole"] = gates["lstm"]
    for gate in gates[cell]:
        assert f"Wx{gate} xt" in plain and f"Wh{gate} ht−1" in plain
    assert not re.search(r"\bU|\bg", plain)
    assert (f"c{TILDE}t" in plain) == (cell in ("lstm", "peephole"))
    assert (f"h{TILDE}t" in plain) == (cell == "mgu") and ("wci · ct−1" in plain) == (cell == "peephole")
    assert np.isfinite(trace.hidden).all()


def test_the_glossary_shows_the_table(app):
    test = app(lessons_lesson="glossary", page="lessons")
    assert not test.exception
    letters = list(test.table[1].value.iloc[:, 0])
    assert letters == [f"${symbol.latex}$" for symbol in SYMBOLS]
