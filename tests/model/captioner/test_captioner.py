import dataclasses
import io
import threading
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from model.captioner import Captioner, Sampling
from model.errors import PhotoError, SettingError, WordError


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (80, 120, 3), dtype=np.uint8))


WAYS: list[dict[str, Any]] = [
    {"beam": 1},
    {"beam": 4},
    {"sample": Sampling(seed=1)},
    {"prefix": ("a", "dog")},
    {"lang": "zh"},
]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_search_leaves_a_whole_trace(tiny_captioner, photo, way):
    trace = tiny_captioner.caption(photo, max_words=7, **way)
    T, H = len(trace.words), tiny_captioner.network.config.hidden_size
    assert 0 < T <= 7
    assert trace.log_probs.shape == (T,) and (trace.log_probs <= 0).all()
    assert trace.attention.shape == (T, 2, 2)
    assert trace.attention.sum((1, 2)) == pytest.approx(np.ones(T), abs=1e-4)
    for name in ("hidden", "update_gate", "reset_gate", "candidate"):
        assert getattr(trace, name).shape == (T, H), name
    assert trace.context_gate.shape == (T, tiny_captioner.network.config.context_size)
    for gate in (trace.update_gate, trace.reset_gate, trace.context_gate):
        assert ((gate > 0) & (gate < 1)).all()
    for field in dataclasses.fields(trace):
        value = getattr(trace, field.name)
        assert not isinstance(value, np.ndarray) or value.dtype == np.float32, field.name
    assert len(trace.alternatives) == T and all(len(options) == 5 for options in trace.alternatives)
    assert any(node.state == "finished" for node in trace.beams)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_the_trace_says_how_captions_were_compared(tiny_captioner, photo, way):
    trace = tiny_captioner.caption(photo, max_words=7, **way)
    assert trace.length_penalty == tiny_captioner.network.config.length_penalty[trace.lang]
    whole = [node for node in trace.beams if node.state == "finished"]
    best = max(whole, key=lambda node: node.score(trace.length_penalty))
    assert best.log_prob == pytest.approx(trace.log_prob, abs=1e-4)
    assert best.score(trace.length_penalty) == best.log_prob / (len(trace.words) + 1) ** trace.length_penalty


def test_the_softmaxes_of_the_trace_are_the_networks(tiny_captioner, photo):
    trace = tiny_captioner.caption(photo)
    energies = np.exp(trace.energy)
    assert energies / energies.sum((1, 2), keepdims=True) == pytest.approx(trace.attention, abs=1e-6)
    decoder, tokenizer = tiny_captioner.network.decoders["en"], tiny_captioner.tokenizers["en"]
    tokens = tokenizer.convert_tokens_to_ids(list(trace.words))
    regions = tiny_captioner.look(photo).clone()
    with torch.no_grad():
        values = decoder.look(regions[None]).values[0].numpy()
        scores = decoder(regions[None], torch.tensor([[[tokenizer.bos_token_id, *tokens[:-1]]]]))[0, 0]
    seen = trace.attention.reshape(len(tokens), -1) @ values
    assert trace.context == pytest.approx(trace.context_gate * seen, abs=1e-5)
    scores[:, tiny_captioner.network.config.never_said] = -torch.inf
    assert trace.log_sums == pytest.approx(scores.logsumexp(-1).numpy(), abs=1e-4)
    assert trace.log_probs + trace.log_sums == pytest.approx(scores[range(len(tokens)), tokens].numpy(), abs=1e-4)


def test_the_memory_follows_the_grus_equation(tiny_captioner, photo):
    trace = tiny_captioner.caption(photo)
    before = np.vstack([trace.initial_hidden, trace.hidden[:-1]])
    z = trace.update_gate
    assert trace.hidden == pytest.approx((1 - z) * trace.candidate + z * before, abs=1e-5)


def test_the_score_is_that_of_teacher_forcing(tiny_captioner, photo):
    trace = tiny_captioner.caption(photo, max_words=7)
    tokenizer = tiny_captioner.tokenizers["en"]
    tokens = [tokenizer.bos_token_id, *tokenizer.convert_tokens_to_ids(list(trace.words))]
    with torch.no_grad():
        scores = tiny_captioner.network.decoders["en"](
            tiny_captioner.look(photo)[None].clone(), torch.tensor([[tokens]])
        )
    scores[..., [0, 1, 3]] = -torch.inf
    log_probs = scores[0, 0].log_softmax(-1)
    expected = sum(float(log_probs[t, token]) for t, token in enumerate([*tokens[1:], tokenizer.eos_token_id]))
    assert trace.log_prob == pytest.approx(expected, abs=1e-3)


def test_reading_a_caption_to_it_gives_the_searchs_probabilities(tiny_captioner, photo):
    trace = tiny_captioner.caption(photo, max_words=7)
    regions = tiny_captioner.look(photo).clone().requires_grad_()
    log_probs = tiny_captioner.speakers["en"].read(torch.stack([regions, regions]), trace.words)
    T, V = len(trace.words), len(tiny_captioner.tokenizers["en"])
    assert log_probs.shape == (2, T + 1, V)
    assert log_probs.exp().sum(dim=-1).detach().numpy() == pytest.approx(np.ones((2, T + 1)), abs=1e-5)
    assert not log_probs[..., tiny_captioner.network.config.never_said].exp().any()
    tokens = tiny_captioner.tokenizers["en"].convert_tokens_to_ids(list(trace.words))
    of_words = log_probs[1, range(T), tokens]
    assert of_words.detach().numpy() == pytest.approx(trace.log_probs, abs=1e-4)
    end = log_probs[1, T, tiny_captioner.network.config.end_token_id]
    assert end.item() == pytest.approx(trace.end_log_prob, abs=1e-4)
    [gradient] = torch.autograd.grad(of_words.sum(), regions)
    assert gradient.abs().sum() > 0


def test_bytes_and_pictures_give_the_same(tiny_captioner, photo):
    file = io.BytesIO()
    photo.save(file, "PNG")
    assert tiny_captioner.caption(file.getvalue()).log_prob == tiny_captioner.caption(photo).log_prob


def test_steering_starts_with_the_given_words(tiny_captioner, photo):
    trace = tiny_captioner.caption(photo, prefix=("Two", "children"))
    assert trace.words[:2] == ("two", "children")
    assert trace.caption.startswith("two children")


def test_an_unknown_word_is_named_with_known_ones_near(tiny_captioner, photo):
    with pytest.raises(WordError, match=r"childrn.*children"):
        tiny_captioner.caption(photo, prefix=("childrn",))
    with pytest.raises(WordError, match="qqqq"):
        tiny_captioner.caption(photo, prefix=("qqqq",))
    with pytest.raises(WordError):
        tiny_captioner.caption(photo, prefix=("<start>",))
    with pytest.raises(WordError) as caught:
        tiny_captioner.caption(photo, prefix=("x" * 10_000,))
    assert len(str(caught.value)) < 200


def test_bad_settings_and_photos_are_named(tiny_captioner, photo):
    with pytest.raises(SettingError, match="fr"):
        tiny_captioner.caption(photo, lang="fr")
    with pytest.raises(SettingError):
        tiny_captioner.caption(photo, beam=0)
    with pytest.raises(PhotoError):
        tiny_captioner.caption(b"no photo")


def test_saving_and_loading_keeps_the_captioner(tiny_captioner, tiny_captioner_dir, photo):
    loaded = Captioner.from_pretrained(tiny_captioner_dir)
    assert loaded.languages == ("en", "zh")
    assert {p.dtype for p in loaded.network.parameters()} == {torch.float32}
    for name, tensor in tiny_captioner.network.state_dict().items():
        # Half precision on disk: 11 bits.
        assert torch.allclose(loaded.network.state_dict()[name], tensor, rtol=2**-10, atol=1e-6), name
    assert loaded.caption(photo).log_prob == pytest.approx(tiny_captioner.caption(photo).log_prob, abs=0.05)
    assert not list(tiny_captioner_dir.rglob("*.bin")) and not list(tiny_captioner_dir.rglob("*.pt"))


def test_a_missing_captioner_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"config\.json"):
        Captioner.from_pretrained(tmp_path)


def test_threads_share_one_captioner(tiny_captioner, photo):
    expected = [tiny_captioner.caption(photo, **way) for way in WAYS]
    results: dict[int, list] = {}

    def work(number: int) -> None:
        results[number] = [tiny_captioner.caption(photo, **way) for way in WAYS]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for mine in results.values():
        for got, wanted in zip(mine, expected, strict=True):
            assert got.words == wanted.words
            assert got.hidden == pytest.approx(wanted.hidden, abs=1e-5)
