"""What can be read off the memory, and when else it was like this, by AppTest, with the shipped files."""

import csv
import io
import json

import numpy as np
import pytest

from app.export.moments import like_csv, pattern_csv
from app.export.probes import probes_csv
from model.captioner import Captioner
from model.captioner.gallery import samples
from model.captioner.moments import load_moments
from model.captioner.probes import load_probes, read
from model.captioner.word_classes import YES_NO

PROBES = {"caption_part": "experiments", "caption_experiment": "probes"}
MOMENTS = {"caption_view": "moments"}


@pytest.fixture
def page(app, go):
    return lambda **parameters: go(app(**parameters), "caption")


@pytest.fixture(scope="module")
def captioner(root) -> Captioner:
    return Captioner.from_pretrained(root / "assets" / "captioner")


@pytest.fixture(scope="module")
def caption(captioner):
    return captioner.caption(samples()[0].open())


def said(test) -> str:
    return " ".join(str(element.value) for element in [*test.markdown, *test.caption, *test.info, *test.get("html")])


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("parameters", [PROBES, MOMENTS, MOMENTS | {"caption_moments_part": "pattern"}])
def test_each_shows_in_every_language(page, lang, parameters):
    test = page(lang=lang, **parameters)
    assert not test.exception and not test.error and not test.info
    assert len(test.get("download_button")) == 4


def test_the_probes_are_the_shipped_ones(page, root, caption):
    test = page(**PROBES)
    [along, scores] = [json.loads(chart.proto.spec) for chart in test.get("plotly_chart")]
    traces = read(load_probes(root / "assets" / "captioner" / "en"), caption)
    drawn = np.array(along["data"][0]["z"], float)
    np.testing.assert_allclose(drawn, [one.probabilities[:, 1] for one in traces if one.question in YES_NO], atol=1e-3)
    np.testing.assert_allclose(scores["data"][0]["x"], [one.score.accuracy for one in traces])
    table = list(csv.DictReader(io.StringIO(probes_csv(traces, caption.words).decode("utf-8-sig"))))
    assert len(table) == len(traces) * len(caption.words)


def test_the_moments_are_those_of_the_index(page, root, caption):
    test = page(**MOMENTS, caption_moments_word="2")
    found = load_moments(root / "assets" / "captioner" / "en").like(caption.hidden[1])
    word, places = next(iter(found.by_word.items()))
    text = said(test)
    assert f"**{word}** came next {len(places)} times of 30" in text
    nearest = found.moments[places[0]]
    assert f"<mark>{nearest.word}</mark>" in text
    table = list(csv.DictReader(io.StringIO(like_csv(found).decode("utf-8-sig"))))
    assert [row["next_word"] for row in table] == [moment.word for moment in found.moments]


def test_typed_units_make_the_pattern(page, root):
    typed = {"caption_moments_high": "7, 30", "caption_moments_low": "12", "caption_moments_share": "40"}
    test = page(**MOMENTS, caption_moments_part="pattern", **typed)
    found = load_moments(root / "assets" / "captioner" / "en").pattern({12: False, 7: True, 30: True}, 0.4)
    assert f"high 7, 30; low 12: {found.matched} of" in said(test) and "none are typed" not in said(test)
    table = list(csv.DictReader(io.StringIO(pattern_csv(found).decode("utf-8-sig"))))
    assert table[0]["word"] == found.words[0].word


@pytest.mark.parametrize("value", ["0", "1e999", "<b>é" * 40])
def test_nonsense_in_the_address_does_no_harm(page, value):
    names = ("word", "part", "by", "high", "low", "share")
    test = page(**{"caption_moments_part": "pattern"} | {f"caption_moments_{n}": value for n in names}, **MOMENTS)
    assert not test.exception
    test = page(
        **{f"caption_moments_{n}": value for n in names if n != "part"}, caption_moments_part="pattern", **MOMENTS
    )
    assert not test.exception


def test_without_files_the_page_says_how_to_make_them(page, monkeypatch):
    for parameters, name in ((PROBES, "probes"), (MOMENTS, "moments")):
        monkeypatch.setattr(
            f"app.caption.{'experiments.probes' if name == 'probes' else 'moments'}.{name}", lambda _lang: None
        )
        test = page(**parameters)
        assert not test.exception and any(f"model.training.{name}" in info.value for info in test.info)
