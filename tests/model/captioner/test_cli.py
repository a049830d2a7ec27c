import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from model.captioner import Captioner
from model.captioner.__main__ import main
from tests import photos

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in that holds good photos, in it and below, and what is none."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dog.jpg").write_bytes(photos.jpeg())
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "b.PNG").write_bytes(photos.turned(3))
    (tmp_path / "holiday" / "a.webp").write_bytes(photos.animated("WEBP"))
    (tmp_path / "holiday" / "c.heic").write_bytes(photos.turned(6, "HEIF"))
    (tmp_path / "holiday" / "notes.txt").write_text("no photo")
    (tmp_path / "holiday" / "._b.png").write_bytes(b"what macOS leaves beside a photo")
    (tmp_path / "holiday" / "more").mkdir()
    (tmp_path / "holiday" / "more" / "d.jpg").write_bytes(photos.jpeg())
    return tmp_path


@pytest.fixture(scope="module")
def captioner(tiny_captioner_dir):
    return Captioner.from_pretrained(tiny_captioner_dir)


@pytest.fixture
def shell(tiny_captioner_dir, capsys):
    """Run the command: exit status, lines of output, text of errors."""

    def run(*arguments: str) -> tuple[int, list[str], str]:
        status = main(["--model", str(tiny_captioner_dir), *arguments])
        captured = capsys.readouterr()
        return status, captured.out.split("\n")[:-1], captured.err

    return run


def test_one_photo(folder, shell, captioner):
    expected = captioner.caption(photos.jpeg()).caption
    assert shell("dog.jpg") == (0, [f"dog.jpg: {expected}"], "")


def test_json_tells_what_the_trace_tells(folder, shell, captioner):
    trace = captioner.caption(photos.jpeg(), lang="zh", beam=5)
    status, lines, errors = shell("--json", "--lang", "zh", "--beam", "5", "./dog.jpg")
    assert (status, errors) == (0, "")
    (found,) = [json.loads(line) for line in lines]
    assert found.pop("log_prob") == pytest.approx(trace.log_prob, abs=1e-3)
    assert found == {"photo": "./dog.jpg", "caption": trace.caption, "words": list(trace.words)}
    assert trace.caption in lines[0]  # Chinese as it is, not as \u4e00


def test_a_folder_is_the_photos_directly_in_it_by_name(folder, shell):
    status, lines, errors = shell("holiday", "dog.jpg", "holiday/more/")
    assert (status, errors) == (0, "")
    found = [line.partition(": ")[0] for line in lines]
    assert found == [
        *(str(Path("holiday", name)) for name in ("a.webp", "b.PNG", "c.heic")),
        "dog.jpg",
        str(Path("holiday", "more", "d.jpg")),
    ]


def test_one_bad_file_does_not_stop_the_rest(folder, shell):
    (folder / "bad.jpg").write_bytes(photos.jpeg()[:300])
    status, lines, errors = shell("--json", "dog.jpg", "bad.jpg", "missing.jpg", "holiday/b.PNG")
    assert status == 1
    found = [json.loads(line) for line in lines]
    assert [row["photo"] for row in found] == ["dog.jpg", "bad.jpg", "missing.jpg", "holiday/b.PNG"]
    assert [set(row) for row in found[1:3]] == [{"photo", "error"}] * 2
    assert errors.split("\n") == [f"bad.jpg: {found[1]['error']}", f"missing.jpg: {found[2]['error']}", ""]
    status, lines, errors = shell("dog.jpg", "bad.jpg")
    assert (status, len(lines), errors.count("\n")) == (1, 1, 1)


@pytest.mark.parametrize("name", photos.bad_files())
def test_bad_files_get_one_line_and_status_2(name, tmp_path, shell):
    content, words = photos.bad_files()[name]
    (tmp_path / name).write_bytes(content)
    status, lines, errors = shell(str(tmp_path / name))
    assert (status, lines) == (2, [])
    assert errors.startswith(f"{tmp_path / name}: ")
    assert words in errors
    assert errors.count("\n") == 1


def test_a_folder_without_photos_is_an_error(folder, shell):
    (folder / "empty").mkdir()
    status, lines, errors = shell("empty", "dog.jpg")
    assert (status, len(lines)) == (1, 1)
    assert errors == "empty: This folder holds no photos that can be read.\n"
    assert shell("empty")[0] == 2
    assert shell("")[0] == 2  # not the folder one is in


@pytest.mark.parametrize(
    "arguments", [[], ["--lang", "de", "dog.jpg"], ["--beam", "many", "dog.jpg"], ["--sing", "dog.jpg"]]
)
def test_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: python -m model.captioner" in capsys.readouterr().err


@pytest.mark.parametrize("beam", ["0", "-1", "100000"])
def test_a_beam_out_of_range(folder, shell, beam):
    status, lines, errors = shell("--beam", beam, "dog.jpg", "holiday")
    assert (status, lines) == (2, [])
    assert errors.startswith("error: ")
    assert errors.count("\n") == 1


def test_help_shows_examples(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    assert "python -m model.captioner --lang zh --beam 5" in capsys.readouterr().out


@pytest.mark.parametrize("spoil", ["missing", "weights", "config"])
def test_no_captioner_to_load(folder, tiny_captioner_dir, capsys, spoil):
    if spoil != "missing":
        shutil.copytree(tiny_captioner_dir, folder / "model")
        (folder / "model" / {"weights": "model.safetensors", "config": "config.json"}[spoil]).write_text("x")
    assert main(["--model", "model", "dog.jpg"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: No captioner could be loaded from model (")
    assert captured.err.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no such names on Windows")
@pytest.mark.parametrize("name", ["two\nlines.jpg", "\x1b[31mred.jpg", os.fsdecode(b"caf\xe9.jpg"), "照片 1.jpg"])
def test_any_file_name_makes_one_line(name, folder, shell):
    (folder / name).write_bytes(photos.jpeg())
    try:
        shown = name if name.isprintable() else name.encode("unicode_escape", "surrogatepass").decode()
        status, lines, errors = shell(name)
        assert (status, len(lines), errors) == (0, 1, "")
        assert lines[0].startswith(f"{shown}: ")
        status, lines, errors = shell("--json", name)
        assert (status, len(lines), errors) == (0, 1, "")
        assert json.loads(lines[0])["photo"] == name
    finally:
        (folder / name).unlink()


def test_progress_shows_for_more_than_a_few(folder, shell):
    assert shell(*["dog.jpg"] * 5)[2] == ""
    status, lines, errors = shell(*["dog.jpg"] * 5, "missing.jpg")
    assert (status, len(lines)) == (1, 5)
    assert "6/6" in errors
    assert "missing.jpg: There is no such file. Please check its name." in errors.splitlines()


def test_control_c_is_quiet(folder, shell, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Captioner, "caption", stop)
    assert shell("dog.jpg") == (130, [], "")


def start(tiny_captioner_dir, *arguments: str, **settings) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **settings}
    return subprocess.Popen(
        [sys.executable, "-m", "model.captioner", "--model", str(tiny_captioner_dir), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )


def test_chinese_is_utf_8_in_any_locale(folder, tiny_captioner_dir, captioner):
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    process = start(tiny_captioner_dir, "--lang", "zh", "dog.jpg", **locale)
    output, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (0, b"")
    assert output.decode("utf-8").strip() == "dog.jpg: " + captioner.caption(photos.jpeg(), lang="zh").caption


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise on Windows")
def test_a_reader_that_leaves_is_no_error(folder, tiny_captioner_dir):
    process = start(tiny_captioner_dir, *["dog.jpg"] * 5)
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=300) == 1
    assert errors == b""
