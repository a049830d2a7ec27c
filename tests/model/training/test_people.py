"""People and captioner against four: the figures are the scorer's, turn by turn."""

import json
from statistics import fmean

import pytest

from model.training import people
from model.training.scores import Scorer

pytestmark = pytest.mark.usefixtures("without_java")

CAPTIONS = {
    "a": ["a dog runs", "the dog runs on grass", "a brown dog", "a dog in a field", "dog running"],
    "b": ["a cat on a bed", "the cat sleeps", "a cat lies on a bed", "sleeping cat", "a grey cat"],
}
OURS = {"a": "a dog runs on grass", "b": "a cat sleeps"}


def test_each_caption_by_people_is_scored_against_the_others_and_ours_against_the_same():
    found = people.against_four(CAPTIONS, OURS, "en")
    turns = []
    for turn in range(5):
        four = {photo: [said for place, said in enumerate(all_) if place != turn] for photo, all_ in CAPTIONS.items()}
        turns.append((Scorer(four).cider({p: all_[turn] for p, all_ in CAPTIONS.items()}), Scorer(four).cider(OURS)))
    assert found["people"]["cider"] == pytest.approx(fmean(of_people for of_people, _ in turns), abs=5e-5)
    assert found["captioner"]["cider"] == pytest.approx(fmean(ours for _, ours in turns), abs=5e-5)
    assert found["people"]["meteor"] is None


def test_the_command_names_the_weights(tiny_captioner_dir, tmp_path, capsys):
    for name, captions in ("people", CAPTIONS), ("ours", {photo: [said] for photo, said in OURS.items()}):
        lines = (f"{photo}\t{said}\n" for photo, each in captions.items() for said in each)
        (tmp_path / name).write_text("".join(lines))
    files = ["--captions", str(tmp_path / "people"), "--candidates", str(tmp_path / "ours")]
    out = tmp_path / "out.json"
    assert people.main([*files, "--model", str(tiny_captioner_dir), "--out", str(out)]) == 0
    assert json.loads(out.read_text())["photos"] == 2 and len(json.loads(out.read_text())["captioner_digest"]) == 64
    (tmp_path / "people").write_text("a\tone\nb\tone\n")
    assert people.main([*files, "--model", str(tiny_captioner_dir), "--out", str(out)]) == 2
    assert "5" in capsys.readouterr().err
