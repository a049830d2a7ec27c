"""Where the Transformer comes from: looking for one asks no network, and only who may downloads."""

import socket
import threading
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest

from model.captioner import hub
from model.captioner.hub import ALLOW_DOWNLOAD, FOLDER, NEEDED, SUGGESTED, download, find_transformer
from model.errors import UserError


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path) -> Path:
    """An empty cache of the Hub, and no network: whoever asks for it fails."""

    def refuse(*asked, **_named):
        pytest.fail(f"asked the network for {asked}")

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return tmp_path / "cache"


def put(cache: Path, repository: str, commit: str, names=NEEDED, ref: str = "main") -> Path:
    """Files of a commit in the cache, as the Hub's library lays them."""
    place = cache / f"models--{repository.replace('/', '--')}"
    folder = place / "snapshots" / commit
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text("{}")
    if ref:
        (place / "refs").mkdir(exist_ok=True)
        (place / "refs" / ref).write_text(commit)
    return folder


def test_without_a_folder_and_with_an_empty_cache_there_is_none():
    assert find_transformer({}) is None
    assert find_transformer({FOLDER: "  "}) is None


def test_the_named_folder_comes_first_and_gives_its_name(cache, tmp_path):
    put(cache, SUGGESTED.repository, SUGGESTED.revision)
    (tmp_path / "mine").mkdir()
    found = find_transformer({FOLDER: str(tmp_path / "mine")})
    assert (found.folder, found.name) == (tmp_path / "mine", "mine")


def test_a_named_folder_that_is_not_there_is_told_without_its_path(tmp_path):
    with pytest.raises(UserError, match=FOLDER) as caught:
        find_transformer({FOLDER: str(tmp_path / "secret")})
    assert "secret" not in str(caught.value)


def test_the_cache_is_searched_for_the_fixed_commit_then_for_main(cache):
    other = put(cache, SUGGESTED.repository, "0" * 40)
    assert find_transformer({}).folder == other
    fixed = put(cache, SUGGESTED.repository, SUGGESTED.revision, ref="")
    found = find_transformer({})
    assert (found.folder, found.name) == (fixed, SUGGESTED.repository)


def test_other_captioners_in_the_cache_serve_too(cache):
    folder = put(cache, "microsoft/git-base-coco", "1" * 40)
    assert find_transformer({}) == hub.ModelFolder(folder, "microsoft/git-base-coco")


@pytest.mark.parametrize("missing", NEEDED)
def test_a_download_that_was_cut_off_or_is_pickled_is_not_taken(cache, missing):
    names = [name for name in NEEDED if name != missing] + ["pytorch_model.bin"]
    put(cache, SUGGESTED.repository, SUGGESTED.revision, names)
    assert find_transformer({}) is None


@pytest.mark.parametrize("value", ["", "0", "no", "true"])
def test_nothing_is_downloaded_unless_the_owner_said_so(value, monkeypatch):
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *_a, **_n: pytest.fail("downloaded"))
    with pytest.raises(UserError, match=ALLOW_DOWNLOAD):
        download({ALLOW_DOWNLOAD: value})


def test_the_fixed_commit_is_downloaded_without_pickled_weights(monkeypatch):
    asked: dict[str, Any] = {}
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda name, **how: asked.update(how, name=name))
    download({ALLOW_DOWNLOAD: "1"})
    assert asked["name"] == SUGGESTED.repository and asked["revision"] == SUGGESTED.revision
    assert len(SUGGESTED.revision) == 40
    for name in NEEDED:
        assert any(Path(name).match(pattern) for pattern in asked["allow_patterns"])
    for name in ("pytorch_model.bin", "tf_model.h5", "flax_model.msgpack", "own.py"):
        assert not any(Path(name).match(pattern) for pattern in asked["allow_patterns"])


def test_a_download_that_fails_is_told_in_a_sentence(monkeypatch):
    def broken(*_asked, **_named):
        raise ConnectionError("<html>proxy</html>")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", broken)
    with pytest.raises(UserError, match="ConnectionError") as caught:
        download({ALLOW_DOWNLOAD: "1"})
    assert "<" not in str(caught.value)


def test_one_download_at_a_time(monkeypatch):
    begun, go_on, times = threading.Event(), threading.Event(), []

    def load(*_asked, **_named):
        times.append(1)
        begun.set()
        go_on.wait(60)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", load)
    first = threading.Thread(target=download, args=({ALLOW_DOWNLOAD: "1"},))
    first.start()
    assert begun.wait(60) and hub.is_downloading()
    with pytest.raises(UserError, match="already"):
        download({ALLOW_DOWNLOAD: "1"})
    go_on.set()
    first.join()
    assert not hub.is_downloading() and len(times) == 1
    download({ALLOW_DOWNLOAD: "1"})
    assert len(times) == 2


def test_a_download_that_failed_can_be_begun_again(monkeypatch):
    def fail(*_asked, **_named):
        raise OSError("no room")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fail)
    for _ in range(2):
        with pytest.raises(UserError, match="could not be downloaded"):
            download({ALLOW_DOWNLOAD: "1"})
