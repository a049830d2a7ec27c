"""Hide and see by Streamlit's AppTest, with the shipped captioner, and with a small one that speaks Chinese, too."""

import csv
import io

import numpy as np
import pytest
import streamlit as st
from PIL import Image

from app import models
from app.caption.changes import changes, written_out
from app.caption.experiments import hide as experiment
from app.charts.kit.style import percent
from app.export.hiding import costs_csv
from app.ui.lru_store import LruStore
from model.captioner import Captioner
from model.captioner.gallery import samples
from model.captioner.hiding import hide
from model.captioner.honesty_file import file_of, load
from model.captioner.languages import LANGUAGES
from model.traces import PhotoPart
from model.training import honesty as command
from tests.app.conftest import spread_nonsense
from tests.app.test_caption import captions, upload
from tests.model.conftest import make_tiny_captioner
from tests.photos import encoded
from tests.traces_made import make_trace

HIDE = {"caption_part": "experiments", "caption_experiment": "hide"}


@pytest.fixture
def page(app):
    return lambda **parameters: app(**HIDE, **parameters, page="caption")


@pytest.fixture(scope="module")
def captioner(root) -> Captioner:
    return Captioner.from_pretrained(root / "assets" / "captioner")


def sharpest(trace) -> int:
    """The place of the word with the sharpest look, of those that name something."""
    naming = [place for place, word in enumerate(trace.words) if word not in LANGUAGES[trace.lang].function_words]
    return max(naming, key=lambda place: trace.attention[place].max())


@pytest.fixture
def small(monkeypatch, tmp_path):
    """The page with a small untrained captioner that speaks English and Chinese; gives its folder."""
    make_tiny_captioner().save_pretrained(tmp_path / "captioner")
    monkeypatch.setattr(models, "ASSETS", tmp_path)
    for clear in (st.cache_resource.clear, st.cache_data.clear):
        clear()
    yield tmp_path / "captioner"
    for clear in (st.cache_resource.clear, st.cache_data.clear):
        clear()


def said(test) -> str:
    return " ".join(caption.value for caption in test.caption)


def written(test) -> list[str]:
    """The two captions under the photos, as they read."""
    marked = [block.value for block in test.get("html") if "changed-caption" in str(block.value)]
    return [text.partition("<p")[2].partition(">")[2].partition("</p>")[0] for text in marked]


def box_of(test) -> str:
    return test.query_params["caption_hide_box"]


def plain(marked: str) -> str:
    for tag in ("<del>", "</del>", "<ins>", "</ins>", "“", "”"):
        marked = marked.replace(tag, "")
    return marked


def test_a_first_visit_hides_where_it_looked_most(page, captioner):
    test = page()
    assert not test.exception and not test.error
    trace = captioner.caption(samples()[0].open())
    place = sharpest(trace)
    assert test.selectbox(key="caption_hide_word_shown").value == place
    box = experiment._window(trace, place, most=True)
    assert test.slider(key="caption_hide_across").value == (box.left, box.right)
    assert test.slider(key="caption_hide_down").value == (box.top, box.bottom)
    assert f"Hidden: {box.left} to {box.right} % of the width" in said(test)
    assert box.share == pytest.approx(1 / 9, abs=0.01)


def test_both_captions_are_those_of_the_two_photos(page, captioner):
    test = page(caption_hide_box="20-80-10-90")
    photo = samples()[0].open()
    own, hidden = captioner.caption(photo), captioner.caption(hide(photo, PhotoPart(20, 80, 10, 90), "grey"))
    assert [plain(text) for text in written(test)] == [own.caption, hidden.caption]
    assert captions(test) == [own.caption]


@pytest.mark.parametrize("fill", ["grey", "mean", "blur"])
def test_what_covers_it_comes_from_the_address(page, captioner, fill):
    test = page(caption_hide_box="0-100-0-100", caption_hide_fill=fill)
    assert (
        plain(written(test)[1]) == captioner.caption(hide(samples()[0].open(), PhotoPart(0, 100, 0, 100), fill)).caption
    )


def test_nothing_hidden_changes_nothing(page):
    test = page(caption_hide_box="nothing")
    assert "Nothing is hidden." in said(test) and "The caption stays the same." in said(test)
    assert "No word became more or less likely." in said(test)
    assert written(test)[0] == written(test)[1]


def test_buttons_and_sliders_set_the_box(page):
    test = page()
    first = test.slider(key="caption_hide_across").value
    test.button(key="caption_hide_least").click().run()
    assert PhotoPart.parse(box_of(test)).share == pytest.approx(1 / 9, abs=0.01)
    test.slider(key="caption_hide_across").set_value((5, 95)).run()
    assert PhotoPart.parse(box_of(test))[:2] == (5, 95)
    test.slider(key="caption_hide_down").set_value((50, 50)).run()
    assert box_of(test) == "nothing"
    test.slider(key="caption_hide_across").set_value((10, 30)).run()
    assert box_of(test) == "10-30-0-100"
    test.button(key="caption_hide_nothing").click().run()
    assert "Nothing is hidden." in said(test)
    test.button(key="caption_hide_most").click().run()
    assert test.slider(key="caption_hide_across").value == first
    assert not test.exception


def test_another_word_takes_the_box_with_it_unless_one_was_marked(page, captioner):
    trace = captioner.caption(samples()[0].open())
    windows = [experiment._window(trace, place, most=True) for place in range(len(trace.words))]
    here = sharpest(trace)
    place = next(t for t, window in enumerate(windows) if window != windows[here])
    test = page()
    test.selectbox(key="caption_hide_word_shown").set_value(place).run()
    assert test.query_params["caption_hide_word"] == str(place + 1)
    assert test.slider(key="caption_hide_across").value == windows[place][:2]
    marked = page(caption_hide_box="1-2-3-4", caption_hide_word=str(place + 1))
    assert marked.slider(key="caption_hide_across").value == (1, 2)


@pytest.mark.parametrize("box", ["40-10-20-60", "0-999-0-999", "x" * 5000])
def test_nonsense_in_the_address_does_no_harm(page, box):
    names = [f"caption_hide_{name}" for name in ("word", "fill", "words", "across")]
    test = page(**spread_nonsense(names, len(box)), caption_hide_box=box)
    assert not test.exception and len(written(test)) == 2


def test_a_dragged_box_is_cut_at_the_photos_edges():
    assert experiment._marked({"x": [-12.2, 40.4], "y": [80.6, 20.2]}) == "0-40-20-81"
    assert experiment._marked({"x": [101, 140], "y": [0, 50]}) == ""
    assert experiment._marked({"x": [10.1, 10.2], "y": [0, 50]}) == ""


def test_changes_are_marked_without_colour():
    gone, new = changes(("a", "big", "dog"), ("a", "cat"))
    assert gone == [("a", "same"), ("big", "gone"), ("dog", "gone")] and new == [("a", "same"), ("cat", "new")]
    text = written_out([("<b>", "new"), ("dog", "gone")], "en")
    assert "<ins>&lt;b&gt;</ins> <del>dog</del>" in text


def test_the_answer_is_measured(page, captioner):
    """What the words before say alone: the chance of the chosen word before an all-grey picture."""
    trace = captioner.caption(samples()[0].open())
    blind = captioner.caption(Image.new("RGB", (64, 64), (128, 128, 128)), beam=1, prefix=trace.words)
    place = len(trace.words) - 1
    test = page(caption_hide_word=str(place + 1))
    answer = next(text.value for text in test.markdown if "all of the photo hidden" in text.value)
    assert f"“{trace.words[place]}” still has a probability of {percent(np.exp(blind.log_probs[place]))}" in answer
    assert f"({percent(np.exp(trace.log_probs[place]))} with the whole photo)" in answer


def test_a_sampled_caption_is_drawn_with_the_same_seed_for_both(page):
    test = page(caption_search="sample", caption_seed="3", caption_hide_box="nothing")
    assert written(test)[0] == written(test)[1] and not test.exception


def test_a_steered_caption_is_compared_by_itself(page, captioner):
    test = page(caption_start="two dogs", caption_hide_box="nothing")
    assert "captions by itself" in said(test)
    assert plain(written(test)[0]) == captioner.caption(samples()[0].open()).caption


def test_a_forgotten_photo_leaves_no_copy_with_a_part_hidden(page):
    test = upload(page(), "mine.png", encoded(samples()[2].open(), "PNG"))

    def kept() -> list[str]:
        stores = test.session_state["caption_opened"] if "caption_opened" in test.session_state else LruStore(1)
        return [photo.key for photo in stores.values.values()]

    mine = test.session_state["caption_last_own"].key
    assert sum(key.startswith(mine) for key in kept()) == 3  # itself, with the box, all grey
    test.segmented_control(key="caption_source_shown").set_value("camera").run()
    test.button(key="caption_forget").click().run()
    assert not any(key.startswith(mine) for key in kept())
    assert not test.exception


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_language_of_captions_and_of_the_page(page, small, lang):
    test = page(lang=lang, caption_hide_box="10-60-10-60")
    assert not test.exception and not test.error
    photo = samples()[0].open()
    own = Captioner.from_pretrained(small).caption(photo, lang=lang)
    assert plain(written(test)[0]) == own.caption


def test_the_honesty_test_is_drawn_where_it_was_made(page, small):
    assert not [key for key in keys(page()) if key == "caption_chart_honesty"]
    (small / "images").mkdir()
    for sample in samples()[:3]:
        sample.open().resize((96, 96)).save(small / "images" / f"{sample.key}.png")
    names = "\n".join(sample.key for sample in samples()[:3])
    (small / "val.txt").write_text(names)
    arguments = ["--images", str(small / "images"), "--split", str(small / "val.txt"), "--model", str(small)]
    assert command.main(arguments) == 0
    st.cache_data.clear()
    test = page()
    assert not test.exception
    assert any("3 photos" in block.value for block in test.markdown)
    of_all = load(file_of(small, "en")).groups["all"]
    assert ("stronger control" in said(test)) == (of_all.difference_others is not None)


def test_a_result_of_an_earlier_version_is_as_none(page, small):
    (small / "honesty-en.json").write_text('{"format": "afterimage honesty", "version": 1}')
    test = page()
    assert not test.exception and not [key for key in keys(test) if key == "caption_chart_honesty"]
    assert any("model.training.honesty" in note.value for note in test.info)


def keys(test) -> list[str]:
    return [str(chart.key) for chart in test.get("plotly_chart")]


def test_the_captioner_is_left_as_it_was(page):
    before = {name: tensor.clone() for name, tensor in models.captioner().network.state_dict().items()}
    page(caption_hide_box="20-80-10-90")
    network = models.captioner().network
    assert all((tensor == before[name]).all() for name, tensor in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in network.modules())


def test_the_costs_as_a_table():
    whole, forced = make_trace(1, ["=a", "dog"]), make_trace(2, ["=a", "dog"])
    rows = list(csv.reader(io.StringIO(costs_csv(whole, forced).decode("utf-8-sig"))))
    assert rows[0] == ["word", "log_prob", "log_prob_hidden", "cost"] and [row[0] for row in rows[1:]] == ["'=a", "dog"]
    cost = np.array([row[1:] for row in rows[1:]], float)
    assert cost[:, 0] - cost[:, 1] == pytest.approx(cost[:, 2], abs=1e-6)
    assert cost[:, 0] == pytest.approx(whole.log_probs)
