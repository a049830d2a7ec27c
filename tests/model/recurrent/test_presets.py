"""The committed presets: they load, they are as good as their figures say, and the command makes them again."""

import json
import math
from dataclasses import replace

import pytest
import torch

from model.errors import UserError
from model.recurrent import PRESETS, evaluate, load_preset, trace_example, write_on
from model.recurrent.__main__ import main
from model.recurrent.presets import DIRECTORY, FRESH_SEED, INDEX, SEQUENCES, NetworkPreset, make_preset
from model.recurrent.settings import Settings
from model.recurrent.tasks import Parity


def index() -> dict:
    return json.loads((DIRECTORY / INDEX).read_text())


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_what_its_recipe_says_and_as_good_as_its_figures(name):
    saved, preset = load_preset(name), PRESETS[name]
    assert saved.task == preset.task
    assert saved.steps == preset.steps
    assert replace(saved.settings, seed=preset.settings.seed) == preset.settings
    score = evaluate(saved.network, saved.task, FRESH_SEED, SEQUENCES)
    assert score.accuracy == pytest.approx(saved.figures["accuracy"], abs=2e-3)
    assert score.loss == pytest.approx(saved.figures["loss"], rel=0.02)
    line = index()[name]
    assert (line["cell"], line["steps"]) == (saved.settings.cell, saved.steps)
    assert line["accuracy"] == saved.figures["accuracy"]
    assert line["parameters"] == saved.network.parameter_count


def test_there_are_no_others_and_they_are_small():
    files = {file.stem for file in DIRECTORY.glob("*.safetensors")}
    assert files == set(PRESETS) == set(index())
    assert sum(file.stat().st_size for file in DIRECTORY.iterdir()) < 500_000


def test_over_five_seeds_the_plain_rnn_fails_at_delayed_recall_and_the_gru_does_not():
    figures = {cell: index()[f"recall-{cell}"]["accuracy_by_seed"] for cell in ("rnn_tanh", "gru")}
    assert [len(by_seed) for by_seed in figures.values()] == [5, 5]
    assert max(figures["rnn_tanh"].values()) < 0.9
    assert min(figures["gru"].values()) >= 0.99
    for cell, by_seed in figures.items():  # the file carries them too
        assert load_preset(f"recall-{cell}").figures["accuracy_by_seed"] == by_seed


@pytest.mark.parametrize("name", [name for name in PRESETS if name.startswith(("parity", "sine", "reber"))])
def test_these_are_solved(name):
    assert index()[name]["accuracy"] >= 0.99


@pytest.mark.parametrize("name", [name for name in PRESETS if name.startswith(("house", "sanzijing"))])
def test_the_texts_are_known_better_than_by_counting_pairs(name):
    assert index()[name]["loss"] < load_preset(name).task.references["bigram"]


def test_the_house_goes_on():
    saved = load_preset("house-gru")
    written = write_on(saved.network, saved.task, saved.task.read("This is the house that "), count=11, temperature=0)
    assert "".join(written.symbols) == "Jack built."
    assert math.prod(written.probabilities) > 0.5


def test_two_units_are_enough_for_parity():
    saved = load_preset("parity-gru")
    trace = trace_example(saved.network, saved.task, saved.task.read("1011010"))
    assert trace.hidden.shape == (7, 2)
    said = tuple(trace.classes[k] for k in trace.probabilities.argmax(axis=1))
    assert said == trace.answers == ("1", "1", "0", "1", "1", "0", "0")


def test_the_plain_rnn_learned_from_six_symbols_and_holds_the_bit_over_two_hundred():
    saved = load_preset("parity-rnn_tanh")
    assert saved.task == Parity(length=6) and saved.settings.hidden_size == 2
    assert evaluate(saved.network, Parity(length=200), FRESH_SEED, 300).accuracy == 1.0


def test_there_is_no_other_preset():
    with pytest.raises(UserError, match="house-gru"):
        load_preset("../../secret")


def test_a_recipe_always_makes_the_same():
    recipe = NetworkPreset(Parity(length=4), Settings(hidden_size=3), steps=30)
    first, again = make_preset(recipe), make_preset(recipe)
    assert first.figures == again.figures
    for name, tensor in first.network.state_dict().items():
        assert torch.equal(tensor, again.network.state_dict()[name])


def test_the_command_writes_presets_and_their_index(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(PRESETS, "parity-gru", NetworkPreset(Parity(length=3), Settings(hidden_size=2), steps=20))
    assert main(["presets", "--only", "parity-gru", "--out", str(tmp_path)]) == 0
    assert {file.name for file in tmp_path.iterdir()} == {"parity-gru.safetensors", INDEX}
    assert json.loads((tmp_path / INDEX).read_text())["parity-gru"]["steps"] == 20
    assert "accuracy" in capsys.readouterr().out
