"""The code behind every view: the script that the page shows is run, and gives what the view drew."""

import ast
import contextlib
import inspect
import io
import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from app import remembered
from app.charts.kit.chart import Markup
from app.i18n import speaking
from app.scripts import caption, notebook, sequence
from app.scripts.script import ROOT, Made, Script, listing_of
from model.captioner import SearchSettings
from model.captioner.decoder import Decoder
from model.captioner.gallery import sample
from model.recurrent import Settings
from model.recurrent.tasks import Parity
from model.traces import PhotoPart

EXPERIMENT = {"caption_part": "experiments"}
SURGERY = EXPERIMENT | {"caption_experiment": "surgery", "caption_surgery_other": "temple"}
HAND = {"sequence_view": "landscape", "sequence_network": "hand"}
PRESET = {"sequence_network": "preset"}
GRADIENTS = PRESET | {"sequence_view": "gradients", "sequence_text": "abcdefg?"}
LANDSCAPE = PRESET | {"sequence_view": "landscape"}
#: Every script, by a page's address that shows it.
VIEWS = {
    "caption.looked": {},
    "caption.nearly": {"caption_view": "nearly", "caption_lang": "zh"},
    "caption.beam": {"caption_view": "beam", "caption_sample": "rocket"},
    "caption.memory": {"caption_view": "memory", "caption_start": "two"},
    "caption.gates": {"caption_view": "gates", "caption_unit": "41", "caption_gate": "reset_gate"},
    "caption.moments_like": {"caption_view": "moments", "caption_moments_word": "2", "caption_moments_by": "basis"},
    "caption.moments_pattern": {"caption_view": "moments", "caption_moments_part": "pattern"},
    "caption.formulas": {"caption_view": "formulas", "caption_step": "2", "caption_step_unit": "7"},
    "caption.siblings": EXPERIMENT | {"caption_experiment": "siblings"},
    "caption.sibling_scores": EXPERIMENT
    | {"caption_experiment": "siblings", "caption_siblings_part": "scores", "caption_search": "greedy"},
    "caption.eye_maps": EXPERIMENT | {"caption_experiment": "eye"},
    "caption.eye_field": EXPERIMENT | {"caption_experiment": "eye", "caption_eye_show": "field"},
    "caption.hiding": EXPERIMENT | {"caption_experiment": "hide", "caption_hide_box": "10-40-20-60"},
    "caption.swapping": SURGERY | {"caption_surgery_word": "2"},
    "caption.patching": SURGERY | {"caption_surgery_part": "patch"},
    "caption.holding": SURGERY | {"caption_surgery_part": "hold", "caption_surgery_units": "3,40"},
    "caption.probes": EXPERIMENT | {"caption_experiment": "probes", "caption_search": "sample", "caption_seed": "3"},
    "caption.saliency": EXPERIMENT | {"caption_experiment": "saliency", "caption_saliency_method": "regions"},
    "caption.word_chances": EXPERIMENT | {"caption_experiment": "transformer"},
    "sequence.step_through": PRESET | {"sequence_preset": "parity-gru", "sequence_text": "01101", "sequence_unit": "1"},
    "sequence.write_alone": PRESET
    | {"sequence_preset": "house-gru", "sequence_more": "alone", "sequence_alone_steps": "12"},
    "sequence.series_alone": PRESET | {"sequence_preset": "sine-gru", "sequence_more": "alone"},
    "sequence.train": {"sequence_view": "train", "sequence_size": "3", "sequence_seed": "5"},
    "sequence.symbols": GRADIENTS,
    "sequence.norms": GRADIENTS | {"sequence_gradient": "norms", "sequence_scale": "0.8", "sequence_clipping": "true"},
    "sequence.eigenvalues": {"sequence_view": "gradients", "sequence_network": "untrained"}
    | {"sequence_gradient": "eigenvalues", "sequence_cell": "rnn_tanh", "sequence_size": "4"},
    "sequence.two_units_by_hand": HAND | {"sequence_w00": "1.2", "sequence_start0": "0.5", "sequence_neuron": "true"},
    "sequence.plane": LANDSCAPE | {"sequence_preset": "parity-gru", "sequence_constant": "1"},
    "sequence.points": LANDSCAPE | {"sequence_preset": "sine-gru"},
}


def scripts() -> dict[str, Script]:
    found: dict[str, Script] = {}
    for module in (caption, sequence):
        name = module.__name__.split(".")[-1]
        found |= {f"{name}.{one}": script for one, script in vars(module).items() if isinstance(script, Script)}
    return found


@pytest.fixture
def drawn(monkeypatch) -> list[Any]:
    """What the views draw, or compute to be shown: the arguments of charts, and remembered results."""
    kept: list[Any] = []
    chart, result = remembered.chart, remembered.result

    def see_chart(call: partial, finish):
        kept.extend([*call.args, *call.keywords.values()])
        return chart(call, finish)

    def see_result(call: partial):
        kept.append(found := result(call))
        if isinstance(found, Markup):  # a chart that is no figure
            kept.extend([*call.args, *call.keywords.values()])
        return found

    monkeypatch.setattr(remembered, "chart", see_chart)
    monkeypatch.setattr(remembered, "result", see_result)
    return kept


def same(one: Any, other: Any) -> bool:
    """Whether two values hold the same numbers; how long something took is no matter."""
    if is_dataclass(one):
        names = [each.name for each in fields(one) if each.name != "seconds"]
        return type(one) is type(other) and all(same(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, tuple | list):
        fits = isinstance(other, tuple | list) and len(one) == len(other)
        return fits and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, np.ndarray | float | torch.Tensor):
        fits = isinstance(other, type(one)) and np.shape(one) == np.shape(other)
        return fits and np.allclose(one, other, rtol=1e-3, atol=1e-5, equal_nan=True)
    return one == other


def among(wanted: Any, drawn: list[Any]) -> bool:
    """Whether it was drawn, or all its parts were."""
    if any(same(wanted, one) for one in unpacked(drawn)):
        return True
    parts = wanted.values() if isinstance(wanted, dict) else wanted if isinstance(wanted, tuple | list) else ()
    return bool(parts) and all(among(part, drawn) for part in parts)


def unpacked(value: Any) -> Iterator[Any]:
    """A value, and the parts of collections in it."""
    yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
    for part in parts:
        yield from unpacked(part)


def run(text: str) -> tuple[dict[str, Any], str]:
    """What a script leaves, and what it prints."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(text, "script", "exec"), names)
    return names, printed.getvalue()


def opened(app, name: str, **parameters: str):
    page = name.split(".")[0]
    return app(page=page, **VIEWS[name], **{f"{page}_code": "true"}, **parameters)


def test_every_script_stands_in_a_view():
    assert set(VIEWS) == set(scripts())


@pytest.mark.parametrize("name", VIEWS)
def test_the_script_of_a_view_gives_what_the_view_shows(app, drawn, monkeypatch, name):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("model.captioner.hub.find_transformer", lambda: None)
    test = opened(app, name)
    if name == "sequence.train":
        drawn.clear()
        test.button(key="sequence_one_step").click().run()
    assert not test.exception and not test.error
    text, *lines = [block.value for block in test.code if block.language == "python"]
    assert text.startswith(f"# {inspect.getdoc(scripts()[name].body).splitlines()[0]}")
    assert lines == [listing.lines for listing in scripts()[name].listings()] + lines[len(scripts()[name].functions) :]
    names, printed = run(text)
    assert re.search(r"\d", printed)
    if name == "caption.sibling_scores":  # These are measured, and read from a file.
        assert all(f"{100 * run['cider']:.1f}" in printed for runs in names["trace"].values() for run in runs)
    elif name == "caption.moments_like":
        shown = " ".join(str(block.value) for block in test.get("html"))
        assert all(f"<mark>{moment.word}</mark>" in shown for moment in names["found"].moments[:5])
    elif name == "caption.formulas":  # It writes numbers, and draws nothing.
        latex = " ".join(block.value for block in test.latex)
        assert all(f"{abs(float(names[letter])):.4f}" in latex for letter in ("z", "r", "n", "before", "after"))
    elif name == "caption.word_chances":
        assert among(names["trace"].log_probs, drawn)
    else:
        assert among(names["trace"], drawn)
    if names.get("neuron"):
        assert among(names["neuron"], drawn)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_notebook_holds_the_script_and_the_lines(lang):
    script = caption.looked
    text = script.text(
        captioner=caption.CAPTIONER, photo=Made("sample('cat').open()", sample), settings=SearchSettings()
    )
    with speaking(lang):
        stored = notebook.notebook("Where it looked", text, script.listings())
    content = json.loads(stored)
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in content["cells"]}) == len(content["cells"])
    code = ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code"]
    assert code[1] == text.strip() and all(ast.parse(one) for one in code)
    assert "def step" in "".join(content["cells"][-1]["source"])


def test_lines_are_those_of_the_files():
    listing = listing_of(Decoder.step)
    whole = (ROOT / listing.file).read_text(encoding="utf-8").splitlines()
    lines = [line.strip() for line in listing.lines.splitlines()]
    assert [line.strip() for line in whole[listing.first - 1 :][: len(lines)]] == lines and lines[0] == "def step("


@pytest.mark.parametrize(
    "value",
    [
        'x"); import os; print("',
        '\'\n"""\\',
        "\u2028\u202e你好\x00",
        Parity(length=7),
        Settings(cell="lstm", seed=3),
        SearchSettings(prefix=("a", "'"), lang="zh"),
        PhotoPart(1, 2, 3, 4),
        {"a": [1.5, None, True], "b": ("<b>",)},
    ],
)
def test_what_is_filled_in_is_that_value_and_nothing_else(value):
    def body(given):
        """Nothing."""
        trace = given  # noqa: F841

    text = Script(body, ()).text(given=value)
    names, printed = run(text)
    assert names["trace"] == value and printed == ""


def test_a_text_that_was_typed_stands_in_the_script_as_it_is(app):
    typed = "a\"b'c\\ 你"
    test = app(
        page="sequence", sequence_network="untrained", sequence_task="text", sequence_text=typed, sequence_code="true"
    )
    text = next(block.value for block in test.code if block.language == "python")
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    read = [ast.literal_eval(call.args[0]) for call in calls if getattr(call.func, "attr", "") == "read"]
    assert read == [typed]


def test_a_network_of_ones_own_is_read_from_its_file(app, go):
    test = app(page="sequence", sequence_view="train", sequence_size="2")
    test.button(key="sequence_one_step").click().run()
    test.segmented_control(key="sequence_view_shown").set_value("step").run()
    test.session_state["sequence_code"] = True
    test.run()
    text = next(block.value for block in test.code if block.language == "python")
    assert "load(Path('afterimage-gru.safetensors').read_bytes())" in text
