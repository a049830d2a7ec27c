"""One photo, four memories, by AppTest, with small untrained siblings of a small untrained captioner."""

import csv
import io
import json
from typing import Any

import numpy as np
import pytest
import scipy.stats
import streamlit as st
import torch

import app.caption.experiments as experiments_page
from app import models
from app.caption.experiments import siblings as siblings_page
from app.export.siblings import siblings_csv
from app.lessons import fading
from app.sequence.presets import presets
from model.captioner import SearchSettings
from model.captioner.captioner import CaptionerModel
from model.captioner.figures import chance_of_such_means
from model.captioner.gallery import samples
from model.captioner.siblings import FIGURES, KINDS, Sibling, configured, load_siblings, save_sibling
from model.captioner.speaker import Speaker
from tests.model.conftest import make_tiny_captioner
from tests.traces_made import make_basis

NAMES = {
    "en": ["Plain RNN", "LSTM", "GRU", "GRU without attention"],
    "zh": ["普通 RNN", "LSTM", "GRU", "没有注意力的 GRU"],
}
SCORES = dict.fromkeys(("bleu1", "bleu2", "bleu3", "rouge_l", "unique"), 0.5) | {"tokenizer": "ptb", "vocabulary": 200}


def measured(kind: int, seed: int) -> dict:
    """Figures that nobody measured, different for each."""
    return {
        "seed": seed,
        "parameters": 1000 + kind,
        "bleu4": 0.2,
        "meteor": 0.19,
        "cider": 0.4 + 0.01 * kind + 0.001 * seed,
    } | SCORES


@pytest.fixture(scope="module")
def family(tmp_path_factory):
    """The app with a small captioner and its small siblings."""
    folder = tmp_path_factory.mktemp("assets")
    captioner = make_tiny_captioner()
    captioner.save_pretrained(folder / "captioner")
    tokenizer = captioner.tokenizers["en"]
    torch.manual_seed(1)
    for kind in KINDS:
        config = configured(kind, {"en": len(tokenizer)})
        decoder: Any = CaptionerModel(config).decoders["en"]
        speaker = Speaker(decoder, config, tokenizer, "en")
        save_sibling(Sibling(kind, speaker, make_basis(2, config.hidden_size)), folder / "siblings" / kind)
    figures = {kind: [measured(place, seed) for seed in range(3)] for place, kind in enumerate(KINDS)}
    (folder / "siblings" / FIGURES).write_text(json.dumps({"captioner_digest": "", "kinds": figures}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "ASSETS", folder)
        for module in (models, experiments_page, siblings_page):
            patch.setattr(module, "SIBLINGS", folder / "siblings")
        st.cache_resource.clear()
        yield captioner, load_siblings(folder / "siblings", tokenizer)
        st.cache_resource.clear()


@pytest.fixture
def page(app, family):
    """The caption page with this experiment and these parameters in its address."""

    def start(**parameters):
        return app(caption_part="experiments", caption_experiment="siblings", **parameters, page="caption")

    return start


def texts(test) -> str:
    return " ".join(element.value for element in [*test.markdown, *test.text, *test.caption])


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("part", ["paths", "gates", "scores"])
def test_every_comparison_shows_in_every_language(page, lang, part):
    test = page(lang=lang, caption_siblings_part=part)
    assert not test.exception and not test.error
    assert len(test.get("plotly_chart")) == 1
    shown = texts(test)
    assert all(name in shown for name in NAMES[lang])


def test_each_says_what_it_says_of_this_photo(page, family):
    captioner, siblings = family
    test = page(caption_beam="2")
    regions = captioner.look(samples()[0].open())
    captions = [sibling.speaker.describe(regions, SearchSettings(beam=2)).caption for sibling in siblings.values()]
    assert len(set(captions)) > 1
    assert [text.value for text in test.text if text.value.startswith("“")][-4:] == [f"“{one}”" for one in captions]
    for name, sibling in zip(NAMES["en"], siblings.values(), strict=True):
        size = f"{sibling.speaker.config.hidden_size} units · {sibling.parameters:,} parameters"
        assert f"**{name}** · {size}" in [element.value for element in test.markdown]


def test_they_speak_english_where_the_captioner_speaks_chinese(page):
    test = page(lang="zh", caption_lang="zh")
    said = [text.value.strip("“”") for text in test.text if text.value.startswith("“")][-4:]
    assert not test.exception and all(caption.isascii() for caption in said)


def test_scores_are_those_of_the_file(page):
    test = page(caption_siblings_part="scores")
    [chart] = [json.loads(chart.proto.spec) for chart in test.get("plotly_chart")]
    dots = [trace for trace in chart["data"] if trace["mode"] == "markers"]
    assert len(dots) == 3 * len(KINDS)  # three measures
    assert "GRU without attention: 43.1 ± 0.1" in texts(test)


def test_the_distance_that_gates_bridge_is_lesson_fives(page):
    task: Any = presets()[f"{fading.TASK}-gru"].task
    assert f"must survive {task.distractors} others" in texts(page())


@pytest.mark.parametrize(("step", "says"), [(0.5, "no evidence of a difference"), (3, "luck alone hardly explains")])
def test_whether_the_kinds_differ_is_read_off_the_seeds(step, says):
    runs = [[{"cider": 0.5 + 0.01 * (step * kind + seed)} for seed in range(3)] for kind in range(4)]
    told = siblings_page._told_apart(dict(zip("abcd", runs, strict=True)))
    assert says in told and f"up to {3 * step:.1f} points" in told and "up to 2.0" in told
    assert "3 seeds a kind" in told


def test_the_probability_is_that_of_an_analysis_of_variance():
    """F by hand: the variance between the means of three, times three, over the mean variance within."""
    values = np.array([[1.0, 2, 3], [2, 3, 5], [4, 5, 6], [1, 1, 4]])
    f = 3 * values.mean(axis=1).var(ddof=1) / values.var(axis=1, ddof=1).mean()
    runs = {str(row): [{"cider": value} for value in row] for row in values}
    assert chance_of_such_means(runs) == pytest.approx(scipy.stats.f(3, 8).sf(f))


def test_nothing_is_offered_without_trained_siblings(app, family, tmp_path, monkeypatch):
    monkeypatch.setattr(experiments_page, "SIBLINGS", tmp_path / "none")
    test = app(caption_part="experiments", caption_experiment="siblings", page="caption")
    assert not test.exception
    assert "siblings" not in test.pills(key="caption_experiment_shown").options


def test_the_table_has_a_row_for_each_run():
    runs = [measured(0, 0), measured(0, 1) | {"meteor": None}]
    head, *rows = csv.reader(io.StringIO(siblings_csv({"gru": runs}).decode("utf-8-sig")))
    table = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["kind"] for row in table] == ["gru", "gru"] and [row["seed"] for row in table] == ["0", "1"]
    assert float(table[1]["cider"]) == runs[1]["cider"] and table[1]["meteor"] == ""
