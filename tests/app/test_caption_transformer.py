"""The experiment with a Transformer by AppTest: with a tiny one, without any, with what is none; no network in any."""

import csv
import io
import socket
import subprocess
import sys
from typing import Any

import huggingface_hub
import numpy as np
import pytest
import streamlit as st

from app.charts.caption.word_chances import Said
from app.export.word_chances import chances_csv
from model.captioner import Captioner, hub
from model.captioner.gallery import samples
from model.captioner.transformer import TransformerCaptioner
from tests.tiny_transformers import save_tiny_transformer

EXPERIMENT = {"caption_part": "experiments", "caption_experiment": "transformer"}


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """No model of this computer's own, and no network: whoever asks for it fails the test."""

    def refuse(*asked, **_named):
        asks.append(asked)
        raise OSError("there is no network")

    asks: list[Any] = []
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv(hub.FOLDER, raising=False)
    monkeypatch.delenv(hub.ALLOW_DOWNLOAD, raising=False)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield
    assert not asks


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("transformers") / "tiny*blip"
    save_tiny_transformer(place)
    return place


@pytest.fixture
def page(app):
    return lambda **parameters: app(**EXPERIMENT, **parameters, page="caption")


def texts(test) -> str:
    return "\n".join(element.value for kind in (test.markdown, test.caption, test.info) for element in kind)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_one_the_page_says_how_to_get_one(page, lang):
    test = page(lang=lang)
    assert not test.exception and not test.error and len(test.info) == 1
    commands = [block.value for block in test.code]
    assert commands[0].endswith(hub.command()) and hub.SUGGESTED.revision in commands[0]
    assert commands[1].startswith(f"{hub.FOLDER}=")
    assert len(test.get("plotly_chart")) == 1 and not test.get("table")
    assert not [button for button in test.button if button.key == "caption_transformer_download"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_with_one_both_caption_the_photo(page, monkeypatch, root, folder, lang):
    monkeypatch.setenv(hub.FOLDER, str(folder))
    test = page(lang=lang, caption_beam="4")
    assert not test.exception and not test.error and not test.code
    image = samples()[0].open()
    expected = TransformerCaptioner.from_pretrained(folder).caption(image, beam=4)
    headings = [one.value for one in test.markdown if one.value.startswith("#### ")]
    assert len(headings) == 2
    assert headings[1].replace("\\", "") == f"#### “{expected.caption}”"
    (table,) = test.table
    own, other = table.value.columns
    assert other.replace("\\", "") == "tiny*blip"
    own_captioner = Captioner.from_pretrained(root / "assets" / "captioner")
    assert table.value[other].iloc[1] == f"{expected.parameters:,}"
    assert table.value[own].iloc[1] == f"{sum(w.numel() for w in own_captioner.network.parameters()):,}"
    assert table.value[other].iloc[2] == "0.2 MB"
    assert "512" in table.value[own].iloc[3] and f"{expected.kept_per_token}" in table.value[other].iloc[3]
    assert all(float(seconds.removesuffix(" s")) > 0 for seconds in table.value.iloc[0])
    assert str(folder.parent) not in str(test.main)


def test_a_second_look_captions_nothing_again(page, monkeypatch, folder):
    monkeypatch.setenv(hub.FOLDER, str(folder))
    test = page()
    monkeypatch.setattr(TransformerCaptioner, "caption", lambda *_a, **_n: pytest.fail("captioned again"))
    assert not test.run().exception
    assert len([one for one in test.markdown if one.value.startswith("#### ")]) == 2


def test_greedy_and_sampling_make_the_transformer_greedy(page, monkeypatch, folder):
    monkeypatch.setenv(hub.FOLDER, str(folder))
    for search in ("greedy", "sample"):
        test = page(caption_search=search)
        assert not test.exception
        assert test.table[0].value.iloc[4, 1] == "greedy search"
    assert "temperature" in test.table[0].value.iloc[4, 0]


def test_both_captions_probabilities_can_be_taken_away(page, monkeypatch, folder):
    monkeypatch.setenv(hub.FOLDER, str(folder))
    key = "caption_export_word_chances_csv"
    assert [one for one in page().get("download_button") if key in one.proto.id]
    assert not [one for one in page(hide="export").get("download_button") if key in one.proto.id]
    rows = [Said("one", ("a", "=dog"), np.log([0.5, 0.25])), Said("other", ("##s",), np.log([1.0]))]
    head, *table = csv.reader(io.StringIO(chances_csv(rows).decode("utf-8-sig")))
    assert head == ["model", "place", "word", "log_probability", "probability"]
    assert [row[:3] for row in table] == [["one", "1", "a"], ["one", "2", "'=dog"], ["other", "1", "##s"]]
    np.testing.assert_allclose([float(row[4]) for row in table], [0.5, 0.25, 1.0])


@pytest.mark.parametrize(
    ("config", "lang"),
    [(None, "en"), ("", "zh"), ('{"model_type": "blip"}', "en"), ('{"model_type": "bert"}', "zh")],
)
def test_what_is_no_such_model_gets_a_sentence_and_the_page_goes_on(page, monkeypatch, tmp_path, config, lang):
    folder = tmp_path / "folder"
    if config is not None:
        folder.mkdir()
        (folder / "config.json").write_text(config)
        (folder / "pytorch_model.bin").write_bytes(b"pickled")
    monkeypatch.setenv(hub.FOLDER, str(folder))
    test = page(lang=lang)
    assert not test.exception and len(test.error) == 1
    assert str(tmp_path) not in test.error[0].value
    assert len(test.get("plotly_chart")) == 1


def test_a_model_in_the_cache_is_used(page, monkeypatch, tmp_path, folder):
    place = tmp_path / "cache" / f"models--{hub.SUGGESTED.repository.replace('/', '--')}" / "snapshots"
    place.mkdir(parents=True)
    (place / hub.SUGGESTED.revision).symlink_to(folder)
    test = page()
    assert not test.exception and not test.error
    assert test.table[0].value.columns[1].replace("\\", "") == hub.SUGGESTED.repository
    assert "129 million" in texts(test)


def test_a_download_starts_only_by_the_button_and_only_where_it_is_allowed(page, monkeypatch, tmp_path, folder):
    downloads = []

    def pretend(repository, revision, **_how):
        downloads.append(repository)
        place = tmp_path / "cache" / f"models--{repository.replace('/', '--')}" / "snapshots"
        place.mkdir(parents=True)
        (place / revision).symlink_to(folder)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", pretend)
    monkeypatch.setenv(hub.ALLOW_DOWNLOAD, "1")
    test = page()
    button = test.button(key="caption_transformer_download")
    assert hub.SUGGESTED.repository in button.label and "1.9 GB" in button.label and not downloads
    button.click().run()
    assert downloads == [hub.SUGGESTED.repository] and not test.exception
    assert len(test.table) == 1


def test_a_download_that_fails_gets_a_sentence(page, monkeypatch):
    def broken(*_asked, **_how):
        raise OSError("no route")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", broken)
    monkeypatch.setenv(hub.ALLOW_DOWNLOAD, "1")
    test = page()
    test.button(key="caption_transformer_download").click().run()
    assert not test.exception and "could not be downloaded" in test.error[0].value


def test_a_path_in_the_address_is_not_followed(page, folder):
    test = page(caption_transformer=str(folder), caption_transformer_folder=str(folder))
    assert not test.exception and test.info and not test.table


def test_starting_the_app_does_not_wait_for_the_transformers_classes(root):
    unwanted = ("transformers.models.blip.modeling_blip", "transformers.models.auto.modeling_auto")
    check = f"import sys, app.caption.experiments; assert not {{*{unwanted}}} & {{*sys.modules}}"
    subprocess.run([sys.executable, "-c", check], cwd=root, check=True)


@pytest.fixture(autouse=True, scope="module")
def nothing_kept():
    """The tiny Transformer is kept for all sessions of this process: the next tests want none of it."""
    yield
    st.cache_resource.clear()
