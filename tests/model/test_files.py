"""Files are whole or not there, and damaged weights are refused with a sentence."""

import json
import re
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from model.captioner import Captioner
from model.captioner.siblings import load_sibling
from model.errors import MissingFileError, UserError, WeightsError
from model.files import replacing, sha256_of, write_bytes, write_json
from model.hidden_basis import BASIS_FILE, fit_basis, load_basis, save_basis
from model.weights import load_weights, save_weights, seal
from tests.model.conftest import make_tiny_captioner

ROOT = Path(__file__).resolve().parents[2]


class Full(OSError):
    """The disk is full."""


def test_a_file_takes_the_place_of_the_old_one(tmp_path):
    file = tmp_path / "new folder" / "figures.json"
    for content in ({"one": 1}, {"zwei": "二"}):
        write_json(file, content)
        assert json.loads(file.read_text(encoding="utf-8")) == content
    assert [file.name for file in file.parent.iterdir()] == ["figures.json"]


def test_what_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path):
    file = tmp_path / "weights"
    write_bytes(file, b"old")
    with pytest.raises(Full), replacing(file) as beside:
        beside.write_bytes(b"half of the n")
        raise Full
    with pytest.raises(ValueError):
        write_json(file, {"score": float("nan")})
    assert file.read_bytes() == b"old" and list(tmp_path.iterdir()) == [file]


def test_a_folders_other_files_stay(tmp_path):
    folder = tmp_path / "captioner"
    write_bytes(folder / "README.md", b"card")
    write_bytes(folder / "en" / "words", b"old")
    with replacing(folder) as beside:
        (beside / "en").mkdir(parents=True)
        (beside / "en" / "words").write_bytes(b"new")
        assert (folder / "en" / "words").read_bytes() == b"old"
    assert (folder / "en" / "words").read_bytes() == b"new" and (folder / "README.md").read_bytes() == b"card"
    assert [one.name for one in tmp_path.iterdir()] == ["captioner"]


def test_nothing_else_in_the_model_writes_files():
    """Every place that writes goes by the one module; pictures and the like in memory are no files."""
    writing = re.compile(r"\.write_(text|bytes)\(|\bjson\.dump\(|(?<!\.)\btorch\.save\(")
    code = {file: file.read_text(encoding="utf-8") for file in (ROOT / "model").rglob("*.py")}
    assert [file.name for file in code if writing.search(code[file])] == ["files.py"]


@pytest.fixture
def folder(tmp_path):
    make_tiny_captioner().save_pretrained(tmp_path / "captioner")
    return tmp_path / "captioner"


def flip(file: Path, bit: int = 6) -> None:
    """Flip one bit of the last weight."""
    content = bytearray(file.read_bytes())
    content[-1] ^= 1 << bit
    file.write_bytes(content)


def test_a_flipped_bit_is_found(folder):
    Captioner.from_pretrained(folder)
    for bit in (0, 6):
        flip(folder / "model.safetensors", bit)
        with pytest.raises(WeightsError, match=r"captioner/model\.safetensors is damaged"):
            Captioner.from_pretrained(folder)
        flip(folder / "model.safetensors", bit)
    Captioner.from_pretrained(folder)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_weights_that_are_no_numbers_are_refused(folder, value):
    file = folder / "model.safetensors"
    weights = load_file(file)
    weights["decoders.en.word_bias"][0] = value
    save_file(weights, file, {"format": "pt"})
    seal(file)  # as a run that exploded would have written it
    with pytest.raises(WeightsError, match="damaged"):
        Captioner.from_pretrained(folder)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "en/tokenizer.json"])
@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", None])
def test_whatever_a_file_is_there_is_a_sentence(folder, name, content):
    file = folder / name
    if content is None:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    else:
        file.write_bytes(content)
    with pytest.raises(UserError):
        Captioner.from_pretrained(folder)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_missing_file_is_named_and_the_servers_folders_are_not(folder, name):
    (folder / name).unlink()
    with pytest.raises(MissingFileError, match=re.escape(name)) as caught:
        Captioner.from_pretrained(folder)
    assert isinstance(caught.value, FileNotFoundError) and str(folder.parent) not in str(caught.value)


def test_files_without_a_checksum_are_taken(folder):
    (folder / "model.safetensors.sha256").unlink()
    Captioner.from_pretrained(folder)


def test_missing_tensors_are_not_made_up(folder):
    file = folder / "model.safetensors"
    weights = load_file(file)
    del weights["decoders.en.cell.weight_hh"]
    save_file(weights, file, {"format": "pt"})
    seal(file)
    with pytest.raises(WeightsError):
        Captioner.from_pretrained(folder)


def test_a_basis_of_no_numbers_is_refused(tmp_path):
    save_basis(fit_basis([np.random.default_rng(0).normal(size=(9, 4))]), tmp_path)
    load_basis(tmp_path)
    flip(tmp_path / BASIS_FILE)
    with pytest.raises(WeightsError):
        load_basis(tmp_path)
    save_weights({"mean": torch.full((4,), torch.nan)}, tmp_path / BASIS_FILE)
    with pytest.raises(WeightsError):
        load_basis(tmp_path)
    save_weights({"mean": torch.zeros(4)}, tmp_path / BASIS_FILE)
    with pytest.raises(WeightsError):
        load_basis(tmp_path)


def test_a_header_that_lies_about_its_length_is_refused(tmp_path):
    file = tmp_path / "weights.safetensors"
    file.write_bytes(struct.pack("<Q", 2**60) + b"{}")
    with pytest.raises(WeightsError):
        load_weights(file)


def test_what_comes_with_the_project_is_what_its_checksums_say(root):
    seals = sorted((root / "assets").rglob("*.sha256"))
    assert len(seals) >= 11
    for file in seals:
        digest, name = file.read_text(encoding="utf-8").split()
        assert name == file.name.removesuffix(".sha256") and digest == sha256_of(file.with_name(name)), (
            f"{file.with_name(name)} is another one now: write its checksum anew (sha256sum)"
        )


def test_a_siblings_flipped_bit_is_found(root, tmp_path):
    for file in (root / "assets" / "siblings" / "gru").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    tokenizer = Captioner.from_pretrained(root / "assets" / "captioner").tokenizers["en"]
    load_sibling(tmp_path, "gru", tokenizer)
    flip(tmp_path / "decoder.safetensors")
    with pytest.raises(WeightsError):
        load_sibling(tmp_path, "gru", tokenizer)
