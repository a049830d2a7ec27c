import json

import pytest

from model.captioner import Captioner
from model.captioner.digest import digest_of
from model.training import scores
from model.training.evaluate import main
from tests import photos

CAPTIONS = {
    "a": ["A dog runs on the grass .", "the dog is running"],
    "b.c": ["two children play in the water"],
    "d": ["a cat on a bed", "a dog and a cat"],
}


@pytest.fixture(autouse=True)
def no_java(monkeypatch):
    """Java takes seconds to start; test_scores has it."""
    monkeypatch.setattr(scores.shutil, "which", lambda name: None)


@pytest.fixture
def data(tmp_path):
    """Three photos with different suffixes, one not in the captions, and captions with what editors leave in files."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.webp").write_bytes(photos.encoded(photos.scene(), "WEBP"))
    (tmp_path / "images" / "b.c.png").write_bytes(photos.turned(6))
    (tmp_path / "images" / "d.JPG").write_bytes(photos.jpeg(photos.scene(200, 100).rotate(30)))
    (tmp_path / "images" / "other.jpg").write_bytes(photos.jpeg())
    lines = [f"{name}\t{caption}" for name, captions in CAPTIONS.items() for caption in captions]
    (tmp_path / "captions.tsv").write_text("\ufeff" + "\r\n\r\n".join(lines) + "\n", encoding="utf-8", newline="")
    return tmp_path


@pytest.fixture(scope="module")
def captioner(tiny_captioner_dir):
    return Captioner.from_pretrained(tiny_captioner_dir)


@pytest.fixture
def evaluate(data, tiny_captioner_dir, capsys):
    """Run the command: exit status, lines of output, text of errors."""

    def run(*arguments: str) -> tuple[int, list[str], str]:
        images, captions = str(data / "images"), str(data / "captions.tsv")
        status = main(["--model", str(tiny_captioner_dir), "--images", images, "--captions", captions, *arguments])
        captured = capsys.readouterr()
        return status, captured.out.splitlines(), captured.err

    return run


def test_the_last_line_holds_the_scores_of_what_it_says_of_the_photos(data, evaluate, captioner):
    status, lines, errors = evaluate("--json", "--beam", "2", "--out", str(data / "out.tsv"))
    assert status == 0
    assert "3/3" in errors
    assert "Java" in errors
    files = {"a": "a.webp", "b.c": "b.c.png", "d": "d.JPG"}
    said = {
        name: captioner.caption((data / "images" / file).read_bytes(), beam=2).caption for name, file in files.items()
    }
    written = dict(line.split("\t") for line in (data / "out.tsv").read_text(encoding="utf-8").splitlines())
    assert written == said
    found = json.loads(lines[-1])
    figures = "images tokenizer bleu1 bleu2 bleu3 bleu4 meteor rouge_l cider unique vocabulary nouns_right nouns_found"
    assert list(found) == [*figures.split(), "repeats"]
    assert found == pytest.approx({"images": 3, **scores.Scorer(CAPTIONS).all(said), "repeats": 0}, abs=5e-5)


def test_how_many_captions_say_a_thing_twice(data, evaluate, captioner):
    _, lines, _ = evaluate("--json", "--repeat")
    repeats = captioner.speakers["en"].repetition.repeats
    traces = [captioner.caption(file.read_bytes(), repeat=True) for file in sorted((data / "images").iterdir())]
    twice = [bool(repeats(captioner.tokenizers["en"].convert_tokens_to_ids(list(trace.words)))) for trace in traces]
    assert any(twice) and json.loads(lines[-1])["repeats"] == pytest.approx(sum(twice) / len(twice), abs=5e-5)


def test_a_split_chooses_images(data, evaluate):
    (data / "split.txt").write_text("d\n\na\nd\n")
    status, lines, _ = evaluate("--split", str(data / "split.txt"), "--json", "--out", str(data / "out.tsv"))
    assert status == 0
    assert json.loads(lines[-1])["images"] == 2
    assert [line.split("\t")[0] for line in (data / "out.tsv").read_text().splitlines()] == ["d", "a"]


def test_chinese(data, evaluate, captioner):
    people = "一只狗在草地上跑。"
    (data / "captions.tsv").write_text(f"a\t{people}\n", encoding="utf-8")
    status, lines, _ = evaluate("--lang", "zh", "--json")
    assert status == 0
    found = json.loads(lines[-1])
    assert (found["tokenizer"], found["meteor"], found["images"]) == ("characters", None, 1)
    said = captioner.caption((data / "images" / "a.webp").read_bytes(), lang="zh").caption
    assert found["bleu1"] == pytest.approx(
        scores.Scorer({"a": ["一只狗在草地上跑。"]}, "zh").all({"a": said})["bleu1"], abs=5e-5
    )


def test_names_may_have_suffixes(data, evaluate):
    (data / "captions.tsv").write_text("a.jpg\ta dog\n")
    status, lines, _ = evaluate("--json")
    assert (status, json.loads(lines[-1])["images"]) == (0, 1)


def test_figures_are_kept_beside_those_of_other_steps(data, evaluate, tiny_captioner_dir):
    file = data / "figures.json"
    for step, lang, beam in ("first", "en", 1), ("first", "zh", 1), ("second", "en", 1), ("first", "en", 2):
        evaluate("--lang", lang, "--beam", str(beam), "--figures", str(file), "--step", step)
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert [(one["step"], one["lang"], one["beam"]) for one in kept] == [
        ("first", "zh", 1),
        ("second", "en", 1),
        ("first", "en", 2),
    ]
    _, lines, _ = evaluate("--json", "--beam", "2")
    made = {"beam": 2, "captioner_digest": digest_of(tiny_captioner_dir, "en")}
    assert kept[-1] == {"step": "first", "lang": "en", "photos_of": "flickr8k", **made, **json.loads(lines[-1])}


def test_without_json_the_figures_are_for_reading(evaluate):
    status, lines, _ = evaluate()
    assert status == 0
    assert lines[0].split() == ["images", "3"]
    assert ["meteor", "-"] in [line.split() for line in lines]


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("captions.tsv", "a\ta dog\na dog without a name\n", "line 2"),
        ("captions.tsv", "", "names no image"),
        (
            "captions.tsv",
            "a\ta dog\nmissing\ta cat\n",
            "1 of 2 images are not in {folder}/images, the first of them m",
        ),
        ("split.txt", "a\nunknown\n", "1 of 2 images are not in {folder}/captions.tsv, the first of them unknown"),
        ("split.txt", "\n", "names no image"),
        ("images/a.webp", "no photo", "{folder}/images/a.webp: This file is no photo"),
    ],
)
def test_what_is_wrong_gets_a_sentence(data, evaluate, file, text, words):
    (data / "split.txt").write_text("a\n")
    (data / file).write_text(text)
    status, lines, errors = evaluate("--json", *(["--split", str(data / "split.txt")] if file == "split.txt" else []))
    assert (status, lines) == (2, [])
    assert words.format(folder=data) in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("option", ["--images", "--captions", "--split", "--out", "--figures"])
def test_missing_files_and_folders(data, evaluate, option):
    status, lines, errors = evaluate(option, str(data / "missing" / "x"), "--json")
    assert (status, lines) == (2, [])
    assert errors.startswith(f"error: {data / 'missing' / 'x'}: ")
    assert errors.count("\n") == 1


def test_captions_that_are_no_text(data, evaluate):
    (data / "captions.tsv").write_bytes(photos.jpeg())
    status, _, errors = evaluate("--json")
    assert status == 2
    assert "UTF-8" in errors


def test_a_beam_out_of_range(evaluate):
    status, _, errors = evaluate("--beam", "0")
    assert status == 2
    assert "error: " in errors


def test_help_shows_an_example(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    assert "--split flickr8k/val.txt --beam 5 --json" in capsys.readouterr().out
