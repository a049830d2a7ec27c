"""The Transformer to compare with: what it says is the network's own, and nothing but safetensors is loaded."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from model.captioner.transformer import KINDS, TransformerCaptioner
from model.errors import UserError
from tests.photos import scene
from tests.tiny_transformers import END, START, TEXT, save_tiny_transformer


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    made = {kind: tmp_path_factory.mktemp("transformers") / f"tiny-{kind}" for kind in KINDS}
    for kind, folder in made.items():
        save_tiny_transformer(folder, kind)
    return made


@pytest.fixture(scope="module")
def captioners(folders) -> dict[str, TransformerCaptioner]:
    return {kind: TransformerCaptioner.from_pretrained(folder) for kind, folder in folders.items()}


@pytest.fixture
def copy(folders, tmp_path) -> Path:
    """A folder of BLIP's to break."""
    return Path(shutil.copytree(folders["blip"], tmp_path / "broken"))


@pytest.fixture
def no_network(monkeypatch):
    """Whoever asks for the network fails the test."""

    def refuse(*asked, **_named):
        pytest.fail(f"asked the network for {asked}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def by_teacher_forcing(captioner: TransformerCaptioner, tokens: list[int]) -> np.ndarray:
    """(T, vocabulary): log p of all that could stand in the place of each of the T ``tokens``, in one forward pass over
    all of them, without a search and without a cache."""
    pixels = captioner.image_processor(images=scene(), return_tensors="pt")["pixel_values"]
    read = torch.tensor([[START, *tokens[:-1]]])
    name = "decoder_input_ids" if captioner.network.config.model_type == "vision-encoder-decoder" else "input_ids"
    with torch.no_grad():
        scores = captioner.network(pixel_values=pixels, **{name: read}).logits[0, -len(tokens) :]  # GIT's begin earlier
    return scores.log_softmax(-1).numpy()


def ids(captioner: TransformerCaptioner, trace) -> list[int]:
    """A trace's tokens as numbers, the end behind them where it came."""
    said: Any = captioner.tokenizer.convert_tokens_to_ids(list(trace.tokens))
    return said if trace.end_log_prob is None else [*said, END]


@pytest.mark.parametrize("beam", [1, 4])
@pytest.mark.parametrize("kind", KINDS)
def test_log_probabilities_are_those_of_one_forward_pass_over_the_caption(captioners, kind, beam):
    captioner = captioners[kind]
    trace = captioner.caption(scene(), beam=beam, max_tokens=9)
    tokens = ids(captioner, trace)
    expected = by_teacher_forcing(captioner, tokens)[range(len(tokens)), tokens]
    assert len(trace.tokens) == len(trace.log_probs) > 0
    np.testing.assert_allclose(trace.log_probs, expected[: len(trace.tokens)], atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_greedy_takes_the_likeliest_token_each_time(captioners, kind):
    captioner = captioners[kind]
    trace = captioner.caption(scene(), beam=1, max_tokens=6)
    tokens = ids(captioner, trace)
    assert by_teacher_forcing(captioner, tokens).argmax(axis=1).tolist() == tokens


@pytest.mark.parametrize("kind", ["blip", "git"])
def test_the_end_is_no_token_but_has_its_log_probability(captioners, kind):
    captioner = captioners[kind]
    network = captioner.network
    bias = network.text_decoder.cls.predictions.bias if kind == "blip" else network.output.bias
    before = bias.detach().clone()
    try:
        bias.data[END] += 4.5  # so that it comes soon
        trace = captioner.caption(scene(), beam=1, max_tokens=30)
        expected = by_teacher_forcing(captioner, ids(captioner, trace))
    finally:
        bias.data.copy_(before)
    assert trace.end_log_prob == pytest.approx(expected[-1, END], abs=1e-4)
    assert "[SEP]" not in trace.tokens and "[SEP]" not in trace.caption and len(trace.tokens) < 29


def test_pieces_of_words_are_joined_in_the_caption(captioners):
    trace = captioners["blip"].caption(scene(), beam=1, max_tokens=12)
    assert any(token.startswith("##") for token in trace.tokens[1:])
    joined = " ".join(trace.tokens).replace(" ##", "")
    assert trace.caption == joined


def test_the_same_photo_gets_the_same_caption(captioners):
    first, second = (captioners["blip"].caption(scene(), beam=3) for _time in range(2))
    assert first.tokens == second.tokens
    np.testing.assert_array_equal(first.log_probs, second.log_probs)


def test_what_it_took_is_measured(captioners, folders):
    captioner = captioners["blip"]
    trace = captioner.caption(scene(), beam=2, max_tokens=5)
    stored = sum(tensor.numel() for tensor in captioner.network.state_dict().values())
    shared = captioner.network.get_input_embeddings().weight.numel() + len(captioner.tokenizer)  # stored in two places
    assert trace.parameters == stored - shared
    assert trace.megabytes == pytest.approx((folders["blip"] / "model.safetensors").stat().st_size / 1e6)
    assert trace.seconds > 0 and trace.beam == 2 and trace.name == "tiny-blip"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("beam", [1, 3])
def test_what_it_keeps_grows_with_every_token_by_a_key_and_a_value_a_layer(captioners, kind, beam):
    layers, size = (2, 24) if kind == "vision-encoder-decoder" else (TEXT["num_hidden_layers"], TEXT["hidden_size"])
    for length in (3, 9):
        trace = captioners[kind].caption(scene(), beam=beam, max_tokens=length)
        assert trace.kept_per_token == 2 * layers * size


def test_half_precision_weights_are_computed_with_in_single_precision(folders, tmp_path):
    from transformers import AutoModelForImageTextToText

    half = Path(shutil.copytree(folders["blip"], tmp_path / "half"))
    AutoModelForImageTextToText.from_pretrained(half, dtype="float16").save_pretrained(half)
    captioner = TransformerCaptioner.from_pretrained(half)
    assert {weights.dtype for weights in captioner.network.parameters()} == {torch.float32}
    assert captioner.megabytes < 0.7 * (folders["blip"] / "model.safetensors").stat().st_size / 1e6


def refusal(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        TransformerCaptioner.from_pretrained(folder)
    return str(caught.value)


@pytest.mark.parametrize("kept", ["pytorch_model.bin", "weights.pt", "model.ckpt"])
def test_pickled_weights_are_refused_unread(copy, kept):
    (copy / "model.safetensors").unlink()
    (copy / kept).write_bytes(b"cposix\nsystem\n(S'touch unpickled'\ntR.")
    assert "pickled" in refusal(copy) and not Path("unpickled").exists()


def test_a_config_that_points_to_pickled_weights_is_refused(copy):
    config = json.loads((copy / "config.json").read_text())
    (copy / "adapter_model.bin").write_bytes(b"cposix\nsystem\n(S'true'\ntR.")
    (copy / "config.json").write_text(json.dumps(config | {"transformers_weights": "adapter_model.bin"}))
    assert "pickled" in refusal(copy)


def test_code_in_the_folder_is_not_run(copy, captioners):
    config = json.loads((copy / "config.json").read_text())
    (copy / "own.py").write_text("raise SystemExit('it ran')")
    auto = {"AutoConfig": "own.Own", "AutoModelForImageTextToText": "own.Own"}
    (copy / "config.json").write_text(json.dumps(config | {"auto_map": auto}))
    said = TransformerCaptioner.from_pretrained(copy).caption(scene(), max_tokens=5)
    assert said.tokens == captioners["blip"].caption(scene(), max_tokens=5).tokens


@pytest.mark.parametrize("content", [None, "", "[]", "no JSON", "[" * 100_000])
def test_a_folder_that_is_no_model_is_refused(copy, content):
    (copy / "config.json").unlink()
    if content is not None:
        (copy / "config.json").write_text(content)
    assert "holds no model" in refusal(copy) and "blip" in refusal(copy)


@pytest.mark.parametrize("kind", ["bert", "llava", None, ["blip"]])
def test_other_kinds_of_models_are_refused_by_name(copy, kind):
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"model_type": kind}))
    assert f"of the kind “{kind}”" in refusal(copy)


def test_missing_weights_are_refused(copy):
    (copy / "model.safetensors").unlink()
    assert "no weights" in refusal(copy)


def test_weights_of_another_size_or_with_holes_are_refused(copy):
    from safetensors.torch import load_file, save_file

    weights = load_file(copy / "model.safetensors")
    name = next(name for name in weights if "crossattention" in name and "query.weight" in name)
    for wrong in (weights | {name: weights[name][:5].clone()}, {n: w for n, w in weights.items() if n != name}):
        save_file(wrong, copy / "model.safetensors", metadata={"format": "pt"})
        assert "damaged" in refusal(copy)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "preprocessor_config.json", "config.json"])
def test_damaged_files_are_refused(copy, name):
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content[: len(content) // 2])
    assert "download it again" in refusal(copy) or "holds no model" in refusal(copy)


def test_loading_and_captioning_need_no_network(copy, no_network):
    assert TransformerCaptioner.from_pretrained(copy).caption(scene(), max_tokens=3).tokens


def test_importing_it_loads_neither_torch_nor_the_library(root):
    check = "import sys, model.captioner.transformer, model.captioner.hub; " + "".join(
        f"assert {name!r} not in sys.modules, {name!r}; " for name in ("torch", "transformers", "huggingface_hub")
    )
    subprocess.run([sys.executable, "-c", check], cwd=root, check=True)
