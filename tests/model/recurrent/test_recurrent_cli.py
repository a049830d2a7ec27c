"""Training from a shell."""

import json
from typing import Any

import pytest

from model.recurrent import load
from model.recurrent.__main__ import main


def run(capsys, *arguments: str) -> tuple[int, list[str], list[str]]:
    status = main(["train", *arguments])
    captured = capsys.readouterr()
    return status, captured.out.splitlines(), captured.err.splitlines()


def test_it_trains_reports_and_saves(capsys, tmp_path):
    file = tmp_path / "network.safetensors"
    status, out, _ = run(
        capsys,
        *("parity", "--length", "3", "--cell", "lstm", "--hidden-size", "4", "--seed", "2", "--steps", "100"),
        *("--json", "--save", str(file)),
    )
    assert status == 0
    lines = [json.loads(line) for line in out]
    assert [line.get("step") for line in lines] == [50, 100, None]
    assert lines[-1]["steps"] == 100
    assert lines[-1]["references"]["optimum"] == 0
    saved = load(file.read_bytes())
    task: Any = saved.task
    assert (task.length, saved.settings.cell, saved.settings.hidden_size, saved.settings.seed) == (
        3,
        "lstm",
        4,
        2,
    )
    assert saved.figures["accuracy"] == lines[-1]["accuracy"]


def test_a_text_from_a_file_and_numbers_from_the_line(capsys, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("天地玄黄，宇宙洪荒。", encoding="utf-8")
    assert run(capsys, "text", "--text", str(text), "--steps", "2")[0] == 0
    assert run(capsys, "numbers", "--numbers", "1 2 4 8 16", "--steps", "2")[0] == 0


def test_it_stops_when_the_task_is_solved(capsys):
    status, out, _ = run(capsys, "parity", "--length", "2", "--until-solved", "--json", "--steps", "2000")
    final = json.loads(out[-1])
    assert status == 0
    assert final["solved_at"] == final["steps"] < 2000


@pytest.mark.parametrize(
    "arguments",
    [
        ("parity", "--length", "0"),
        ("parity", "--distractors", "3"),
        ("parity", "--hidden-size", "0"),
        ("text",),
        ("text", "--text", "/there/is/no/such/file"),
        ("numbers", "--numbers", "one two three four"),
        ("parity", "--save", "/there/is/no/such/folder/file"),
        ("adding", "--optimizer", "sgd", "--learning-rate", "1e6", "--clip", "0"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(capsys, arguments):
    status, out, err = run(capsys, *arguments)
    assert status == 2
    assert out == []
    assert len(err) == 1
    assert err[0].startswith("error: ")


def test_a_file_that_is_no_text_is_told_so(capsys, tmp_path):
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"\xff\xd8\xff\xe0")
    status, _, err = run(capsys, "text", "--text", str(file))
    assert status == 2
    assert "UTF-8" in err[0]
