"""The honesty test finds a network that needs what it looks at, and one that does not."""

import json

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from model.captioner import Captioner
from model.captioner.captioner import CaptionerModel
from model.captioner.config import CaptionerConfig
from model.captioner.hiding import hide, side_of_ninth, window_box
from model.captioner.honesty_file import digest_of, load
from model.captioner.tokenizer import train_tokenizer
from model.training import honesty
from model.training.honesty import Words, mean_over_words, measure, most_attended, summarise, windows_beside
from tests.model.conftest import make_tiny_captioner
from tests.photos import scene

SIZE, GRID = 90, 9


class Patches(nn.Module):
    """An eye that sees each of 9 by 9 regions' mean colour, and nothing of its neighbours."""

    def forward(self, pixels):
        return nn.functional.adaptive_avg_pool2d(pixels, GRID).flatten(2).transpose(1, 2)


def captioner_that(reads: str) -> Captioner:
    """It looks at the reddest region, always. If it reads ``"what it looked at"``, it says how red that is; if it reads
    ``"everything"``, it says which is more in the whole photo, green or blue."""
    tokenizer = train_tokenizer(["red green blue of"] * 4, "en", 1)
    config = CaptionerConfig(
        image_size=SIZE,
        region_channels=3,
        vocabulary={"en": len(tokenizer)},
        context_size=3,
        attention_size=1,
        embedding_size=len(tokenizer),
        hidden_size=3,
    )
    network = CaptionerModel(config)
    network.encoder = Patches()
    decoder = network.decoders["en"]
    word = tokenizer.get_vocab()
    with torch.no_grad():
        for parameter in decoder.parameters():
            parameter.zero_()
        decoder.embedding.weight.copy_(torch.eye(len(tokenizer)))  # each word has an axis of its own
        decoder.region_value.weight.copy_(torch.eye(3))
        decoder.region_value.bias.fill_(1)  # red, green and blue, each from 0 to 2
        decoder.region_key.weight[0, 0] = 1
        decoder.region_key.bias.fill_(-1)
        decoder.energy.weight.fill_(40)
        decoder.context_gate.bias.fill_(20)  # open
        decoder.first_hidden.weight.copy_(torch.eye(3) / 2)
        decoder.first_hidden.bias.fill_(-0.5)
        decoder.cell.bias_ih[3:6] = 20  # the update gate: the first memory stays
        if reads == "what it looked at":
            decoder.output.weight[word["red"], 3] = 10  # of [h; c], c's red
            decoder.output.bias[word["red"]] = -17
        else:
            decoder.output.weight[word["green"], 1] = 60  # h's green
            decoder.output.weight[word["blue"], 2] = 60
    return Captioner(network, {"en": tokenizer})


def noise(seed: int) -> Image.Image:
    """A photo of 9 by 9 fields, each of a green and a blue of its own, none very red but for one."""
    draw = np.random.default_rng(seed)
    fields = draw.integers(0, 256, (GRID, GRID, 3), dtype=np.uint8)
    fields[..., 0] = 80 + fields[..., 0] // 3
    fields[*draw.integers(0, GRID, 2), 0] = 255
    return Image.fromarray(fields).resize((SIZE, SIZE), Image.Resampling.NEAREST)


def measured(captioner: Captioner, photos: int = 24) -> Words:
    draw = np.random.default_rng(0)
    parts = [measure(captioner, noise(seed), "en", draw, seed) for seed in range(photos)]
    return Words(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def test_a_network_that_needs_what_it_looks_at_is_found():
    group = summarise(measured(captioner_that("what it looked at")), resamples=999)["all"]
    assert group.difference.low > 0.1
    assert group.dearer.low > 0.6
    # What is hidden elsewhere does not exist for it.
    assert group.elsewhere.mean == pytest.approx(0, abs=1e-3)


def test_a_network_that_ignores_its_attention_is_found_out():
    words = measured(captioner_that("everything"))
    group = summarise(words, resamples=999)["all"]
    assert group.difference.low < 0 < group.difference.high
    # Hiding does matter for it, wherever it is.
    assert abs(words.looked).mean() > 0.1 and abs(words.elsewhere).mean() > 0.05
    assert words.peak.mean() > 0.5  # and it looks sharply all the same


def test_the_costs_are_those_of_the_captioner_itself(tiny_captioner):
    """The same as captioning the hidden photo with the original's words as its start."""
    photo = scene(64, 64)
    words = measure(tiny_captioner, photo, "en", np.random.default_rng(0))
    trace = tiny_captioner.caption(photo)
    side = side_of_ninth(trace.attention.shape[1])
    assert len(words.looked) == len(trace.words) > 0
    for t, window in enumerate(most_attended(trace.attention, side)):
        hidden = hide(photo, window_box(*window, side, *trace.attention.shape[1:]), honesty.FILL)
        forced = tiny_captioner.caption(hidden, beam=1, prefix=trace.words, max_words=len(trace.words))
        assert words.looked[t] == pytest.approx(trace.log_probs[t] - forced.log_probs[t], abs=1e-4)
        assert words.peak[t] == trace.attention[t].max()


def test_windows_elsewhere_do_not_overlap():
    for window in ((0, 0), (3, 3), (6, 2)):
        taken = np.zeros((9, 9), bool)
        taken[window[0] : window[0] + 3, window[1] : window[1] + 3] = True
        free = set(windows_beside(window, 3, 9, 9))
        for row in range(7):
            for column in range(7):
                overlaps = taken[row : row + 3, column : column + 3].any()
                assert ((row, column) in free) == (not overlaps)


def test_means_shares_and_groups_are_those_counted_by_hand():
    words = Words(
        photo=np.array([0, 0, 1, 2, 2, 2]),
        content=np.array([1, 0, 1, 1, 0, 1], bool),
        peak=np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
        looked=np.array([3.0, 1.0, 0.0, 2.0, 1.0, 4.0]),
        elsewhere=np.array([1.0, 1.0, 0.5, 0.5, 0.0, 0.0]),
        others=np.full(6, np.nan),
        changed_looked=np.array([1.0, 0, 0, 0, 0, 1]),
        changed_elsewhere=np.array([1 / 3, 0, 0, 0, 0, 0]),
    )
    groups = summarise(words, resamples=199)
    everything = groups["all"]
    assert (everything.words, everything.photos) == (6, 3)
    assert everything.looked.mean == pytest.approx(11 / 6)
    assert everything.elsewhere.mean == pytest.approx(0.5)
    assert everything.difference.mean == pytest.approx(11 / 6 - 0.5)
    assert everything.dearer.mean == pytest.approx(4 / 6)
    assert everything.changed_looked.mean == pytest.approx(2 / 6)
    assert everything.changed_elsewhere.mean == pytest.approx(1 / 18)
    assert everything.difference_others is None
    assert groups["content"].words == 4 and groups["content"].difference.mean == pytest.approx((2 - 0.5 + 1.5 + 4) / 4)
    assert groups["function"].words == 2 and groups["function"].difference.mean == pytest.approx(0.5)
    # By peak, the quarters are the words 1 and 2, 3, 4, and 5 and 6: each of one photo alone, which says nothing.
    assert not any(name.startswith("quarter") for name in groups)


def test_quarters_are_in_the_order_of_sharpness():
    draw = np.random.default_rng(0)
    peak = draw.permutation(np.linspace(0.05, 0.95, 400))
    flat = np.zeros(400)
    words = Words(np.arange(400) // 4, flat == 0, peak, 2 * peak, peak, flat, flat, flat)
    quarters = [summarise(words, resamples=99)[f"quarter{number}"] for number in (1, 2, 3, 4)]
    assert [quarter.words for quarter in quarters] == [100] * 4
    for quarter, (low, high) in zip(quarters, [(0.05, 0.275), (0.275, 0.5), (0.5, 0.725), (0.725, 0.95)], strict=True):
        assert quarter.peaks == pytest.approx((low, high), abs=0.003)
        assert quarter.difference.mean == pytest.approx((low + high) / 2, abs=0.003)


def test_the_interval_is_that_of_the_theory_and_knows_that_a_photos_words_belong_together():
    """For photos of equally many words: the mean ± 1.96 standard errors of the photos' means."""
    draw = np.random.default_rng(3)
    of_photo = draw.normal(0.3, 1.0, 400)
    estimate = mean_over_words(np.repeat(of_photo, 5), np.repeat(np.arange(400), 5), draw, 4000)
    error = of_photo.std(ddof=1) / 20
    assert estimate.mean == pytest.approx(of_photo.mean())
    assert estimate.low == pytest.approx(of_photo.mean() - 1.96 * error, abs=0.1 * error)
    assert estimate.high == pytest.approx(of_photo.mean() + 1.96 * error, abs=0.1 * error)
    assert mean_over_words(np.ones(3), np.zeros(3), draw) is None


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("honesty")
    make_tiny_captioner().save_pretrained(folder / "captioner")
    (folder / "images").mkdir()
    for number in range(4):
        noise(number).save(folder / "images" / f"{number}.png")
    (folder / "val.txt").write_text("0\n1\n2\n3\n")
    return folder


def command(data, *more: str) -> int:
    arguments = {"--images": "images", "--split": "val.txt", "--model": "captioner"}
    return honesty.main([part for name, at in arguments.items() for part in (name, str(data / at))] + list(more))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_writes_what_the_page_reads(data, lang, capsys):
    assert command(data, "--lang", lang, "--photos", "3") == 0
    file = data / "captioner" / f"honesty-{lang}.json"
    trace = load(file)
    assert trace.digest == digest_of(data / "captioner") and len(trace.digest) == 64
    assert (trace.lang, trace.photos, trace.fill) == (lang, 3, honesty.FILL)
    assert trace.groups["all"].photos == 3
    assert trace.groups["all"].difference.low <= trace.groups["all"].difference.mean
    said = capsys.readouterr().out
    assert "all" in said and f"{trace.groups['all'].difference.mean:.3f}" in said
    assert file.stat().st_size < 20_000
    first = file.read_text()
    assert command(data, "--lang", lang, "--photos", "3", "--out", str(data / "again.json")) == 0
    assert (data / "again.json").read_text() == first


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "other.json").write_text(json.dumps({"format": "other", "version": 1}))
    with pytest.raises(ValueError, match="write it anew"):
        load(tmp_path / "other.json")


@pytest.mark.parametrize(
    ("content", "more", "told"),
    [
        ("0\nmissing\n", [], "1 of 2 images are not in"),
        ("0\n", [], "Two photos or more"),
        ("0\n1\n", ["--photos", "1"], "Two photos or more"),
        ("0\n1\n", ["--photos", "-1"], "Two photos or more"),
        ("0\n1\n", ["--model", "/nowhere"], "No captioner could be loaded"),
        ("broken\nnothing\n", [], "images are not in"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(data, content, more, told, capsys, tmp_path):
    (tmp_path / "names.txt").write_text(content)
    assert command(data, "--split", str(tmp_path / "names.txt"), *more) == 2
    assert told in capsys.readouterr().err


def test_a_result_that_cannot_be_written_is_told_before_the_work(data, capsys, monkeypatch):
    monkeypatch.setattr(honesty, "measure", None)
    assert command(data, "--out", "/nowhere/out.json") == 2
    assert "/nowhere/out.json" in capsys.readouterr().err
