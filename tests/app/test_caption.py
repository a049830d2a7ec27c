"""The caption page by Streamlit's AppTest, with the shipped captioner."""

import io

import numpy as np
import pytest
import streamlit as st
import torch
from PIL import Image

from app import models
from app.caption.samples import names_it
from app.caption.views import views
from app.caption.word import telling_word
from app.charts.kit.style import percent
from app.ui.markdown import literal
from model.captioner import Captioner, Sampling
from model.captioner.files.outline import DECODED_SIDE
from model.captioner.gallery import samples
from model.captioner.languages import BLANK
from model.traces import CaptionTrace
from tests.app.conftest import spread_nonsense
from tests.model.conftest import make_tiny_captioner
from tests.photos import bad_files, encoded, good_files, scene

SOURCES = ("gallery", "file", "camera")


@pytest.fixture(scope="module")
def captioner(root) -> Captioner:
    return Captioner.from_pretrained(root / "assets" / "captioner")


@pytest.fixture
def page(app):
    """The caption page, with these parameters in its address."""
    return lambda **parameters: app(**parameters, page="caption")


def captions(test) -> list[str]:
    return [heading.value.strip("“”") for heading in test.subheader]


def upload(test, name: str, content: bytes):
    test.segmented_control(key="caption_source_shown").set_value("file").run()
    return test.file_uploader(key="caption_photo").set_value((name, content, "image/jpeg")).run()


def first_sample(captioner, **settings) -> CaptionTrace:
    return captioner.caption(samples()[0].open(), **settings)


def test_a_first_visit_shows_a_caption_and_where_it_looked(page, captioner):
    test = page()
    assert not test.exception and not test.error
    assert captions(test) == [first_sample(captioner).caption]
    film = next(one.proto.body for one in test.get("html") if "looked-photo" in one.proto.body)
    assert film.count("looked-map") >= len(first_sample(captioner).words)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("view", list(views()))
def test_every_view_shows_in_every_language(page, view, lang):
    test = page(lang=lang, caption_view=view)
    assert not test.exception and not test.error
    drawn = [one for one in test.get("html") if "looked-photo" in str(one.value) or "<mark>" in str(one.value)]
    assert test.get("plotly_chart") or test.latex or drawn


def test_a_large_photo_is_seen_as_it_is_shown(page, captioner):
    test = upload(page(), "large.jpg", encoded(scene(3000, 2100), "JPEG"))
    photo = test.session_state["caption_last_own"]
    assert max(photo.image.size) == DECODED_SIDE
    assert torch.equal(photo.regions, captioner.look(photo.image))


@pytest.mark.parametrize("options", [{}, {"progressive": True, "subsampling": 2}])
def test_the_page_sees_a_jpeg_as_the_shell_and_python_do(page, captioner, tmp_path, options):
    content = encoded(scene(3000, 2100), "JPEG", quality=70, **options)
    (tmp_path / "photo.jpg").write_bytes(content)
    seen = upload(page(), "photo.jpg", content).session_state["caption_last_own"].regions
    for source in (content, tmp_path / "photo.jpg", Image.open(tmp_path / "photo.jpg"), io.BytesIO(content)):
        assert torch.equal(seen, captioner.look(source))


@pytest.mark.parametrize("asked", ["3", "999", ""])
def test_the_film_starts_at_the_word_in_the_address_or_at_one_that_names_something(page, captioner, asked):
    test = page(**({"caption_shown_word": asked} if asked else {}))
    film = next(one.proto.body for one in test.get("html") if "looked-photo" in one.proto.body)
    shown = 2 if asked == "3" else telling_word(first_sample(captioner))
    assert film.count('class="looked-word') == len(first_sample(captioner).words)
    assert f'value="{shown}" aria-label' in film


def test_a_word_chosen_for_one_caption_is_not_for_the_next(page, captioner):
    test = page(caption_shown_word="3")
    other = samples()[1]
    test.text_input("caption_sample").set_value(other.key).run()
    trace = captioner.caption(other.open())
    film = next(one.proto.body for one in test.get("html") if "looked-photo" in one.proto.body)
    assert f'value="{telling_word(trace)}" aria-label' in film


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_shows_a_caption_at_once(page, source):
    test = page(caption_source=source)
    assert not test.exception and captions(test)


def test_a_photo_from_a_file_is_captioned(page, captioner):
    photo = samples()[2].open()
    test = upload(page(), "mine.png", encoded(photo, "PNG"))
    assert captions(test) == [captioner.caption(encoded(photo, "PNG")).caption]


def test_a_photo_stays_when_another_page_was_visited_and_goes_when_forgotten(page, go, captioner):
    test = upload(page(), "mine.png", encoded(samples()[2].open(), "PNG"))
    mine = captions(test)
    test = go(go(test, "about"), "caption")
    assert captions(test) == mine
    test.button(key="caption_forget").click().run()
    assert captions(test) == [first_sample(captioner).caption]
    assert not test.exception


@pytest.mark.parametrize("name", list(good_files()))
def test_odd_but_good_photos_are_captioned(page, name):
    test = upload(page(), name, good_files()[name])
    assert not test.exception and not test.error
    assert len(captions(test)) == 1


@pytest.mark.parametrize("name", list(bad_files()))
def test_bad_photos_get_one_sentence_and_the_page_goes_on(page, name, captioner):
    content, _sentence = bad_files()[name]
    test = upload(page(), name, content)
    assert not test.exception
    assert len(test.error) == 1
    assert captions(test) == [first_sample(captioner).caption]
    upload(test, "good.png", encoded(scene(), "PNG"))
    assert not test.error and not test.exception


@pytest.mark.parametrize(
    ("parameters", "settings"),
    [
        ({"caption_search": "greedy"}, {"beam": 1}),
        ({"caption_beam": "7"}, {"beam": 7}),
        ({"caption_max_words": "4"}, {"max_words": 4}),
        (
            {"caption_search": "sample", "caption_temperature": "1.5", "caption_seed": "7", "caption_top_k": "30"},
            {"sample": Sampling(temperature=1.5, top_k=30, seed=7)},
        ),
        ({"caption_search": "sample", "caption_top_p": "0.5"}, {"sample": Sampling(top_p=0.5)}),
        ({"caption_start": "two people"}, {"prefix": ("two", "people")}),
    ],
    ids=str,
)
def test_every_setting_comes_from_the_address(page, captioner, parameters, settings):
    assert captions(page(**parameters))[-1] == first_sample(captioner, **settings).caption


def test_sample_and_view_come_from_the_address(page, captioner):
    test = page(caption_sample="rocket", caption_view="beam")
    rocket = next(sample for sample in samples() if sample.key == "rocket")
    assert captions(test) == [captioner.caption(rocket.open()).caption]
    assert test.pills(key="caption_view_shown").value == "beam"


@pytest.mark.parametrize("turn", range(2))
def test_nonsense_in_the_address_does_no_harm(page, turn):
    names = ("sample", "source", "search", "beam", "max_words", "view", "overlay", "space", "gate", "unit", "opacity")
    test = page(**spread_nonsense([f"caption_{name}" for name in names], turn))
    assert not test.exception and captions(test)


def test_steering_shows_both_captions_and_undo_goes_back(page, captioner):
    test = page()
    own = captions(test)
    test.text_input(key="caption_start").set_value("two dogs").run()
    assert captions(test) == [*own, first_sample(captioner, prefix=("two", "dogs")).caption]
    test.text_input(key="caption_start").set_value("a woman").run()
    assert captions(test)[1].startswith("a woman")
    test.button(key="caption_undo").click().run()
    assert captions(test)[1].startswith("two dogs")
    test.button(key="caption_undo").click().run()
    assert captions(test) == own


def test_choosing_what_it_nearly_said_steers(page, captioner):
    test = page(caption_view="nearly")
    trace = first_sample(captioner)
    place = 2
    word = next(word for word, _p in trace.alternatives[place] if word and word != trace.words[place])
    test.selectbox(key="caption_instead_place").set_value(place).run()
    test.selectbox(key="caption_instead_word").set_value(word).run()
    test.button(key="caption_instead").click().run()
    assert captions(test)[1].startswith(" ".join([*trace.words[:place], word]))
    assert test.query_params["caption_start"]


@pytest.mark.parametrize("typed", ["childrn", "qwrtzpsd", "🎉", "<b>dog</b>", "a " * 90])
def test_words_it_cannot_use_get_a_sentence(page, typed):
    test = page(caption_start=typed)
    assert not test.exception
    assert len(test.warning) == 1 and len(captions(test)) == 1


def test_an_unknown_word_is_answered_with_known_ones(page):
    assert "children" in page(caption_start="childrn").warning[0].value


def test_guessing_hides_the_caption_until_it_is_uncovered(page, captioner):
    test = page(caption_guess="true")
    words = first_sample(captioner).words
    assert captions(test) == [literal(BLANK)]
    assert not test.get("download_button")
    test.text_input(key="caption_word_guess").set_value(words[0]).run()
    assert "%" in test.info[0].value
    test.button(key="caption_uncover").click().run()
    assert captions(test) == [f"{words[0]} {literal(BLANK)}"]
    assert any(f"Both said “{words[0]}”" in text.value and "1 of 1" in text.value for text in test.markdown)
    wrong = next(word for word in ("dog", "cat") if word != words[1])
    test.text_input(key="caption_word_guess").set_value(wrong).run()
    test.button(key="caption_uncover").click().run()
    compared = next(text.value for text in test.markdown if "1 of 2" in text.value)
    assert f"“{wrong}”" in compared and f"it said “{words[1]}”" in compared
    # Typed and uncovered at once, without Enter in between.
    test.text_input(key="caption_word_guess").set_value(words[2])
    test.button(key="caption_uncover").click().run()
    assert any(f"Both said “{words[2]}”" in text.value and "2 of 3" in text.value for text in test.markdown)
    test.button(key="caption_uncover_all").click().run()
    assert captions(test) == [" ".join(words)]
    assert not any("Both said" in text.value for text in test.markdown)
    test.button(key="caption_guessed").click().run()
    assert not test.toggle(key="caption_guess").value
    assert not test.exception


@pytest.mark.parametrize(
    ("address", "place", "guessed", "said", "why"),
    [
        ({"caption_start": "dog"}, 0, "a", "dog", "was given to it"),
        ({"caption_search": "sample", "caption_seed": "UNLIKELY"}, 0, "a", None, "by lot"),
        ({"caption_sample": "beach"}, 6, "down", "along", "best as a whole"),
        ({"caption_sample": "food"}, 7, "table", "lot", "may not say a thing twice"),
    ],
    ids=["given", "by lot", "beam", "twice"],
)
def test_why_a_likelier_guess_was_passed_over(page, captioner, address, place, guessed, said, why):
    seeds = (seed for seed in range(100) if first_sample(captioner, sample=Sampling(seed=seed)).words[0] != "a")
    if "caption_seed" in address:
        address = address | {"caption_seed": str(next(seeds))}
    test = page(caption_guess="true", **address)
    for _word in range(place):
        test.button(key="caption_uncover").click().run()
    test.text_input(key="caption_word_guess").set_value(guessed).run()
    test.button(key="caption_uncover").click().run()
    compared = next(text.value for text in test.markdown if "0 of 1" in text.value)
    assert why in compared and (said is None or f"it said “{said}”" in compared)


@pytest.mark.parametrize("group", ["photo", "search", "steer", "guess", "views", "export"])
def test_groups_of_controls_can_be_hidden(page, group):
    test = page(hide=group)
    assert not test.exception
    assert test.container(key=f"unseen-group-{group}") is not None


def test_one_session_never_sees_anothers_photo(page, captioner):
    mine, other = page(), page(caption_source="file")
    upload(mine, "mine.png", encoded(samples()[2].open(), "PNG"))
    assert captions(other.run()) == [first_sample(captioner).caption]


def test_all_samples_are_captioned_and_judged(page, captioner):
    test = page(caption_all="true")
    assert not test.exception
    every = [captioner.caption(sample.open()) for sample in samples()]
    assert [text.value.strip("“”") for text in test.text] == [trace.caption for trace in every]
    named = [names_it(trace, sample) for trace, sample in zip(every, samples(), strict=True)]
    of = {odd: [it for it, sample in zip(named, samples(), strict=True) if sample.odd == odd] for odd in (False, True)}
    told = f"in {sum(of[False])} of {len(of[False])} captions of everyday samples, and in {sum(of[True])} of "
    assert any(told in text.value for text in test.markdown)
    verdicts = [caption.value for caption in test.caption if caption.value.startswith(("✓", "✗"))]
    assert [verdict.startswith("✓") for verdict in verdicts] == named
    vocabulary = captioner.tokenizers["en"].get_vocab()
    for sample, verdict in zip(samples(), verdicts, strict=True):
        knows = any(word in vocabulary for word in sample.subject["en"])
        assert ("never learned" in verdict) == (not knows)


@pytest.fixture
def bilingual(monkeypatch, tmp_path):
    """The page with a small untrained captioner that speaks English and Chinese."""
    make_tiny_captioner().save_pretrained(tmp_path / "captioner")
    monkeypatch.setattr(models, "ASSETS", tmp_path)
    # The captioner, and what it saw of the samples, are kept for all sessions.
    st.cache_resource.clear()
    st.cache_data.clear()
    yield Captioner.from_pretrained(tmp_path / "captioner")
    st.cache_resource.clear()
    st.cache_data.clear()


def test_captions_are_in_the_pages_language_or_in_the_one_chosen(page, bilingual):
    for parameters, lang in (({"lang": "zh"}, "zh"), ({}, "en"), ({"caption_lang": "zh"}, "zh")):
        test = page(**parameters)
        assert not test.exception
        assert captions(test)[0] == first_sample(bilingual, lang=lang).caption
    assert test.query_params["caption_lang"] == "zh"


def test_a_chinese_caption_is_steered_and_guessed_in_chinese(page, bilingual):
    test = page(caption_lang="zh")
    test.text_input(key="caption_start").set_value("一只狗").run()
    assert not test.exception and not test.warning
    assert captions(test)[1].startswith("一只狗")
    test.toggle(key="caption_guess").set_value(True).run()
    test.button(key="caption_uncover").click().run()
    test.button(key="caption_uncover").click().run()
    assert test.subheader[0].value == "一只" + literal(BLANK)


def test_a_chinese_guess_of_several_characters_is_judged_whole(page, bilingual):
    trace = first_sample(bilingual, lang="zh")
    guessed = trace.words[:2]
    test = page(caption_lang="zh", caption_guess="true")
    test.text_input(key="caption_word_guess").set_value("".join(guessed)).run()
    chance = percent(float(np.exp(trace.log_probs[:2].sum())))
    assert f"“{''.join(guessed)}” a chance of {chance}" in test.info[0].value
    test.button(key="caption_uncover").click().run()
    assert test.subheader[0].value == "".join(guessed) + literal(BLANK)
    assert any("1 of 1" in text.value for text in test.markdown)
