"""How much hangs on the start: the file holds what training anew gives."""

import json
from dataclasses import replace

import pytest

from model.recurrent import PRESETS
from model.recurrent.__main__ import main
from model.recurrent.presets import FRESH_SEED, SEEDS, SEQUENCES, NetworkPreset, evaluate
from model.recurrent.settings import Settings
from model.recurrent.starts import BIASES, CELLS, accuracy_by_bias, kept
from model.recurrent.tasks import Recall
from model.recurrent.training import Training


def test_every_cell_has_every_bias_and_the_presets_own_with_five_seeds():
    for cell in CELLS:
        found = accuracy_by_bias(cell)
        assert list(found) == [*BIASES, PRESETS[f"recall-{cell}"].settings.keep_bias]
        assert all(len(shares) == len(SEEDS) for shares in found.values())


def test_an_lstm_trained_anew_from_torchs_start_gives_the_files_figure():
    preset = PRESETS["recall-lstm"]
    training = Training(preset.task, replace(preset.settings, keep_bias=0.0, seed=0), snapshot_budget=0)
    for _ in training.run(steps=preset.steps):
        pass
    found = evaluate(training.network, preset.task, FRESH_SEED, SEQUENCES).accuracy
    assert found == pytest.approx(accuracy_by_bias("lstm")[0.0][0], abs=0.03) and found < 0.2


def test_what_a_bias_keeps():
    assert kept(0) == 0.5 and kept(0, 60) == 0.5**60
    assert kept(1) == pytest.approx(0.731, abs=1e-3) and kept(1, 60) == pytest.approx(7e-9, rel=0.05)
    assert kept(5) == pytest.approx(0.9933, abs=1e-4)


def test_the_command_writes_the_file(tmp_path, monkeypatch):
    for cell in CELLS:
        quick = NetworkPreset(Recall(distractors=1), Settings(cell=cell, hidden_size=2), steps=2, compared=True)
        monkeypatch.setitem(PRESETS, f"recall-{cell}", quick)
    assert main(["starts", "--out", str(tmp_path)]) == 0
    stored = json.loads((tmp_path / "starts.json").read_text())
    assert set(stored) == set(CELLS) and set(stored["gru"]) == {"0", "1", "3"} and len(stored["gru"]["0"]) == 5
