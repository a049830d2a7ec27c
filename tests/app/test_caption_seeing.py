"""How the CNN sees, and saliency beside attention, by AppTest, with a small untrained captioner of two languages."""

import csv
import io
import json

import numpy as np
import pytest
import streamlit as st

from app import models
from app.caption.experiments import saliency as saliency_page
from app.charts.caption import saliency as chart
from app.export.seeing import fields_csv, maps_json, saliency_csv, saliency_json
from app.ui.underway import underway
from model.captioner import Captioner, SearchSettings, saliency
from model.captioner.gallery import samples
from model.captioner.image import to_pixels
from model.captioner.kept_saliency import BASELINE, FINE, METHOD, SALIENCY_FILE, KeptSaliency, Question, save_saliency
from model.captioner.languages import LANGUAGES
from model.captioner.seeing import feature_maps, receptive_fields, stages
from model.traces import SaliencyControl, SaliencyTrace
from tests.app.conftest import spread_nonsense
from tests.app.test_caption import upload
from tests.model.conftest import make_tiny_captioner
from tests.photos import encoded


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The app with the small captioner; what it saw before is forgotten."""
    folder = tmp_path_factory.mktemp("assets")
    make_tiny_captioner().save_pretrained(folder / "captioner")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "ASSETS", folder)
        patch.setattr(saliency, "STEPS", 4)
        clear_caches()
        yield Captioner.from_pretrained(folder / "captioner")
        clear_caches()


def clear_caches() -> None:
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def page(app, small):
    """The caption page with an experiment and these parameters in its address."""

    def start(experiment: str, **parameters):
        address = {"caption_part": "experiments", "caption_experiment": experiment} | parameters
        return app(**address, page="caption")

    return start


def texts(test) -> str:
    return " ".join(element.value for element in [*test.markdown, *test.caption])


def charts(test) -> list:
    return [json.loads(chart.proto.spec) for chart in test.get("plotly_chart")]


# How the CNN sees


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("part", ["maps", "field"])
def test_every_part_shows_in_every_language(page, part, lang):
    test = page("eye", caption_eye_show=part, lang=lang, caption_eye_stage="block5")
    assert not test.exception and not test.error
    assert len(test.get("plotly_chart")) == {"maps": 1, "field": 2}[part]


def test_every_stage_comes_from_the_address(page, small):
    for stage in stages(small.network.encoder, 64):
        test = page("eye", caption_eye_stage=stage.code)
        assert not test.exception
        assert test.pills(key="caption_eye_stage_shown").value == stage.code
        assert f"{stage.channels} numbers, its channels, at each of {stage.rows} × {stage.columns} places" in texts(
            test
        )


def test_the_region_comes_from_the_address_and_from_the_sliders(page, small):
    test = page("eye", caption_eye_show="field", caption_eye_stage="last", caption_eye_row="2", caption_eye_column="1")
    pixels = to_pixels(samples()[0].open(), 64)

    def width(row: int, column: int) -> str:
        [field] = receptive_fields(small.network.encoder, pixels, {"last": (row, column)})
        return f"takes {field.width():.0%} of the photo's width"

    assert width(1, 0) in texts(test)
    test.slider(key="caption_eye_column").set_value(2).run()
    assert not test.exception and width(1, 1) in texts(test)


@pytest.mark.parametrize("turn", range(2))
def test_nonsense_in_the_address_does_no_harm(page, turn):
    eye = spread_nonsense([f"caption_eye_{name}" for name in ("stage", "row", "column")], turn)
    assert not page("eye", caption_eye_show="field", **eye).exception
    asked = spread_nonsense([f"caption_saliency_{name}" for name in ("word", "method", "baseline")], turn)
    assert not page("saliency", **asked).exception


# Saliency beside attention


def test_a_samples_saliency_that_is_kept_is_not_asked_again(page, small, monkeypatch):
    assert FINE == chart.FINE  # what is kept is as fine as what is drawn
    sample, folder = samples()[0], models.ASSETS / "captioner" / "en"
    photo = sample.open()
    caption = small.describe(small.look(photo), SearchSettings())
    found = saliency.explain(small, to_pixels(photo, 64), caption, 0, METHOD, BASELINE)
    save_saliency(KeptSaliency.of([(Question(sample.key, caption.words[:1]), found)]), folder, "digest")
    models.kept_saliency.clear()

    def never(*_given, **_named):
        raise AssertionError("It was asked again")

    beforehand = "computed beforehand"
    try:
        with monkeypatch.context() as patched:
            patched.setattr(saliency_page.saliency, "explain", never)
            test = page("saliency", caption_saliency_method="gradients", caption_saliency_word="1")
            assert not test.exception and beforehand in texts(test) and chart.verdict(found) in texts(test)
        test = page("saliency", caption_saliency_method="gradients", caption_saliency_word="2")
        assert not test.exception and beforehand not in texts(test)
        for other in ({"caption_saliency_method": "occlusion"}, {"caption_saliency_baseline": "blurred"}):
            test = page("saliency", caption_saliency_word="1", **({"caption_saliency_method": "gradients"} | other))
            assert not test.exception and beforehand not in texts(test)
    finally:
        for file in folder.glob(f"{SALIENCY_FILE}*"):
            file.unlink()
        models.kept_saliency.clear()


@pytest.mark.parametrize("caption_lang", ["en", "zh"])
@pytest.mark.parametrize(("method", "maps"), [("gradients", 3), ("regions", 2), ("occlusion", 2)])
def test_a_words_saliency_stands_beside_its_attention(page, small, method, maps, caption_lang):
    test = page("saliency", caption_saliency_method=method, caption_saliency_word="2", caption_lang=caption_lang)
    assert not test.exception and not test.error
    caption = small.caption(samples()[0].open(), lang=caption_lang)
    assert f"“{caption.words[1]}”" in texts(test)
    [chart] = charts(test)
    assert [trace["type"] for trace in chart["data"]] == ["heatmap"] * maps
    code = {"gradients": "integrated_gradients"}.get(method, method)
    pixels = to_pixels(samples()[0].open(), 64)
    expected = saliency.explain(small, pixels, caption, 1, code, "grey")
    if not np.isnan(expected.agreement):
        assert f"**{expected.agreement:.2f}**".replace("-", "−") in texts(test)


def test_the_word_is_by_itself_one_that_names_something_and_can_be_chosen(page, small):
    test = page("saliency", caption_saliency_method="occlusion")
    caption = small.caption(samples()[0].open())
    naming = [place for place, word in enumerate(caption.words) if word not in LANGUAGES["en"].function_words]
    sharpest = max(naming, key=lambda place: caption.attention[place].max())
    assert test.pills(key="caption_saliency_word_shown").value == sharpest
    other = (sharpest + 1) % len(caption.words)
    test.pills(key="caption_saliency_word_shown").set_value(other).run()
    assert not test.exception and test.query_params["caption_saliency_word"] == str(other + 1)


def test_a_result_is_computed_once_for_each_word_method_and_baseline(page, monkeypatch):
    asked = []
    explain = saliency.explain

    def noted(*given, **named):
        asked.append(given[3:])
        return explain(*given, **named)

    monkeypatch.setattr(saliency_page.saliency, "explain", noted)
    test = page("saliency", caption_saliency_method="occlusion", caption_saliency_word="1")
    test.run()
    assert asked == [(0, "occlusion", "grey")]
    test.segmented_control(key="caption_saliency_baseline_shown").set_value("blurred").run()
    test.segmented_control(key="caption_saliency_baseline_shown").set_value("grey").run()
    assert asked == [(0, "occlusion", "grey"), (0, "occlusion", "blurred")]
    assert not test.exception


def test_what_was_stopped_is_computed_when_it_is_asked_for_again(page, small):
    words = small.caption(samples()[0].open()).words
    test = page("saliency", caption_saliency_method="occlusion", caption_saliency_word="1")
    test.session_state["caption_saliency_stopped"] = ("sample-cameraman", "en", words, 0, "occlusion", "grey")
    test.run()
    assert not charts(test) and "stopped" in test.info[0].value
    test.button(key="caption_saliency_again").click().run()
    assert not test.exception and len(charts(test)) == 1


def test_a_bar_tells_the_seconds_left(monkeypatch):
    told = []

    class Bar:
        def progress(self, share: float, text: str) -> None:
            told.append((share, text))

    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr("app.ui.underway.monotonic", lambda: float(next(clock)))
    monkeypatch.setattr("app.ui.underway.st.progress", lambda share: Bar())
    with underway("Asking …", 4, lambda: None) as step:
        for _each in range(4):
            step()
    assert told == [
        (0.25, "Asking … About 60 s left."),
        (0.5, "Asking … About 30 s left."),
        (0.75, "Asking … About 13 s left."),
    ]


def test_the_control_is_computed_when_it_is_asked_for(page):
    test = page("saliency", caption_saliency_method="regions", caption_saliency_word="1")
    assert len(charts(test)) == 1
    test.toggle(key="caption_saliency_control").set_value(True).run()
    assert not test.exception and len(charts(test)) == 2
    assert "Decoder and CNN shuffled: rank correlation" in texts(test)


def test_a_steered_caption_is_explained(page):
    test = page("saliency", caption_start="two dog", caption_saliency_method="occlusion", caption_saliency_word="1")
    assert not test.exception and "“two”" in texts(test)


def test_what_was_seen_of_a_photo_is_forgotten_with_it(page, go):
    stores = ("caption_seen_maps", "caption_seen_fields", "caption_saliency")

    def kept_of_own(test) -> set[str]:
        kept = {
            (name, key[0]) for name in stores if name in test.session_state for key in test.session_state[name].values
        }
        return {name for name, photo in kept if not photo.startswith("sample-")}

    test = upload(page("eye"), "mine.png", encoded(samples()[2].open(), "PNG"))
    test.segmented_control(key="caption_eye_show_shown").set_value("field").run()
    test.pills(key="caption_experiment_shown").set_value("saliency").run()
    assert kept_of_own(test) == set(stores)
    test = go(go(test, "about"), "caption")
    test.button(key="caption_forget").click().run()
    assert not test.exception and not kept_of_own(test)


def test_words_that_come_twice_are_told_apart(page, small):
    words = small.caption(samples()[0].open()).words
    assert len(set(words)) < len(words)  # the small captioner repeats itself
    test = page("saliency", caption_saliency_method="occlusion")
    for place in range(len(words)):
        test.pills(key="caption_saliency_word_shown").set_value(place).run()
        assert test.pills(key="caption_saliency_word_shown").value == place


# What can be taken away


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_downloads_hold_the_numbers(small):
    pixels = to_pixels(samples()[0].open(), 64)
    encoder = small.network.encoder
    maps = feature_maps(encoder, pixels, "block6", 3)
    stored = json.loads(maps_json(maps))
    assert stored["channels"] == maps.channels.tolist() and np.shape(stored["maps"]) == maps.maps.shape
    fields = receptive_fields(encoder, pixels, {"stem": (3, 4), "last": (1, 0)})
    head, *rows = table(fields_csv(fields))
    assert [dict(zip(head, row, strict=True))["stage"] for row in rows] == ["stem", "last"]
    assert dict(zip(head, rows[1], strict=True)) | {"row": "2", "column": "1", "photo_px": "64"} == dict(
        zip(head, rows[1], strict=True)
    )
    assert float(rows[1][-2]) == pytest.approx(fields[1].width())


def test_saliency_is_written_whole_and_a_missing_number_is_left_out():
    pixels = np.arange(16, dtype=np.float32).reshape(4, 4)
    regions = np.array([[1.5, -2.0], [0.0, 3.0]])
    trace = SaliencyTrace(
        "occlusion", "grey", "狗", 1, pixels, regions, np.full((2, 2), 0.25), -1.0, -2.0, float("nan")
    )
    head, *rows = table(saliency_csv(trace))
    assert head == ["row", "column", "attention", "saliency_nats"]
    assert rows[1] == ["1", "2", "0.25", "-2.0"] and len(rows) == 4
    stored = json.loads(saliency_json(trace))
    shuffled = SaliencyControl(("all",), (0,), np.ones((1, 1, 2, 2)), np.array([[float("nan")]]))
    assert json.loads(saliency_json(trace, shuffled))["control"]["agreement"] == [[None]] and "control" not in stored
    assert stored["word"] == "狗" and stored["agreement"] is None and stored["regions"] == regions.tolist()
