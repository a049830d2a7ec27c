"""The honesty test finds a network that needs what it looks at, and one that does not."""

import json
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from model.captioner import Captioner, honesty_card
from model.captioner.captioner import CaptionerModel
from model.captioner.config import CaptionerConfig
from model.captioner.digest import digest_of
from model.captioner.hiding import hide, side_of_ninth, window_box
from model.captioner.honesty_file import load
from model.captioner.tokenizer import train_tokenizer
from model.traces import CHANCE
from model.training import honesty
from model.training.honesty import (
    Words,
    apart,
    mean_over_words,
    measure,
    median_over_words,
    most_attended,
    ranks,
    see,
    share_of_dearest_tenth,
    summarise,
    windows_of,
)
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
    encoder: Any = Patches()
    network.encoder = encoder
    decoder: Any = network.decoders["en"]
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
        decoder.cell.get_parameter("bias_ih")[3:6] = 20  # the update gate: the first memory stays
        if reads == "what it looked at":
            decoder.output.weight[word["red"], 3] = 10  # of [h; c], c's red
            decoder.output.bias[word["red"]] = -17
        else:
            decoder.output.weight[word["green"], 1] = 60  # h's green
            decoder.output.weight[word["blue"], 2] = 60
    captioner = Captioner(network, {"en": tokenizer})
    captioner.speakers["en"].repetition = None  # it knows three words, and says them again and again
    return captioner


def noise(seed: int) -> Image.Image:
    """A photo of 9 by 9 fields, each of a green and a blue of its own, none very red but for one."""
    draw = np.random.default_rng(seed)
    fields = draw.integers(0, 256, (GRID, GRID, 3), dtype=np.uint8)
    fields[..., 0] = 80 + fields[..., 0] // 3
    fields[*draw.integers(0, GRID, 2), 0] = 255
    return Image.fromarray(fields).resize((SIZE, SIZE), Image.Resampling.NEAREST)


def measured(captioner: Captioner, photos: int = 24) -> Words:
    parts = [measure(captioner, see(captioner, noise(seed)), "en", seed) for seed in range(photos)]
    return Words(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def test_a_network_that_needs_what_it_looks_at_is_found():
    group = summarise(measured(captioner_that("what it looked at")), resamples=999)["all"]
    assert group.difference.low > 0.1
    assert group.rank.low > 0.6
    # What is hidden elsewhere does not exist for it.
    assert group.elsewhere.mean == pytest.approx(0, abs=1e-3)


def test_a_network_that_ignores_its_attention_is_found_out():
    words = measured(captioner_that("everything"))
    group = summarise(words, resamples=999)["all"]
    assert group.difference.low < 0 < group.difference.high
    assert group.rank.low < CHANCE < group.rank.high
    # Hiding does matter for it, wherever it is.
    assert abs(words.looked).mean() > 0.1 and abs(words.elsewhere).mean() > 0.05
    assert words.peak.mean() > 0.5  # and it looks sharply all the same


def test_the_costs_are_those_of_the_captioner_itself(tiny_captioner):
    """The same as captioning the hidden photo with the original's words as its start."""
    photo = scene(64, 64)
    words = measure(tiny_captioner, see(tiny_captioner, photo), "en")
    trace = tiny_captioner.caption(photo)
    rows, columns = trace.attention.shape[1:]
    side = side_of_ninth(rows)
    windows = windows_of(rows, columns, side)
    costs = []
    for window in windows:
        hidden = hide(photo, window_box(*window, side, rows, columns), honesty.FILL)
        forced = tiny_captioner.caption(hidden, beam=1, prefix=trace.words, max_words=len(trace.words))
        costs.append(trace.log_probs - forced.log_probs)
    cost = np.array(costs)
    looked, beside = most_attended(trace.attention, side), apart(rows, columns, side)
    assert len(words.looked) == len(trace.words) > 0
    for t, window in enumerate(looked):
        assert words.looked[t] == pytest.approx(cost[window, t], abs=1e-4)
        assert words.elsewhere[t] == pytest.approx(cost[beside[window], t].mean(), abs=1e-4)
        others = [cost[window, t] - cost[other, t] for other in looked if beside[window, other]]
        assert words.others[t] == len(others)
        assert words.more_than_others[t] == pytest.approx(sum(others), abs=1e-3)
        assert words.peak[t] == trace.attention[t].max()


def test_windows_that_are_apart_do_not_overlap():
    windows = windows_of(9, 9, 3)
    assert len(windows) == len(set(windows)) == 49
    free = apart(9, 9, 3)
    for one, (row, column) in enumerate(windows):
        taken = np.zeros((9, 9), bool)
        taken[row : row + 3, column : column + 3] = True
        for other, (top, left) in enumerate(windows):
            assert free[one, other] == (not taken[top : top + 3, left : left + 3].any())


def test_the_most_attended_window_is_found():
    attention = np.zeros((2, 9, 9))
    attention[0, 4:7, 1:4] = attention[1, :3, 6:] = 1
    assert [windows_of(9, 9, 3)[place] for place in most_attended(attention, 3)] == [(4, 1), (0, 6)]


def test_a_window_chosen_blindly_has_a_mean_rank_of_one_half():
    """The null: whatever the costs, and whatever costs are equal."""
    draw = np.random.default_rng(0)
    cost = np.round(draw.standard_cauchy((49, 30)), 1)
    assert ranks(cost).mean(axis=0) == pytest.approx(CHANCE)
    column = np.array([[0.3], [0.1], [0.1], [-2.0], [5.0]])
    assert ranks(column)[:, 0] == pytest.approx([3 / 4, 1.5 / 4, 1.5 / 4, 0, 1])


def test_a_place_that_costs_all_words_the_same_gives_no_word_an_edge(tiny_captioner, monkeypatch):
    """Against other words' places chance is one half of the pairs, and 0 nats, exactly."""
    draw = np.random.default_rng(0)
    regions = see(tiny_captioner, scene(64, 64))
    of_place = draw.standard_cauchy(len(regions))
    looked = draw.integers(0, len(regions) - 1, 24)
    monkeypatch.setattr(honesty, "most_attended", lambda attention, side: looked[: len(attention)])
    same = lambda captioner, regions, words, lang: np.tile(of_place[:, None], len(words))  # noqa: E731
    monkeypatch.setattr(honesty, "_read_to", same)
    words = measure(tiny_captioner, regions, "en")
    assert words.others.sum() > 0
    assert words.above_others.sum() / words.others.sum() == pytest.approx(CHANCE)
    assert words.more_than_others.sum() == pytest.approx(0, abs=1e-9)


def test_means_shares_and_groups_are_those_counted_by_hand():
    words = Words(
        photo=np.array([0, 0, 1, 2, 2, 2]),
        content=np.array([1, 0, 1, 1, 0, 1], bool),
        peak=np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
        looked=np.array([3.0, 1.0, 0.0, 2.0, 1.0, 4.0]),
        elsewhere=np.array([1.0, 1.0, 0.5, 0.5, 0.0, 0.0]),
        rank=np.array([1, 0.5, 0.25, 0.75, 1, 1]),
        others=np.array([1, 1, 0, 2, 1, 1]),
        more_than_others=np.array([2.0, -2.0, 0, 3.0, -1.0, 0.4]),
        above_others=np.array([1, 0, 0, 2, 0, 0.5]),
    )
    groups = summarise(words, resamples=199)
    everything = groups["all"]
    assert (everything.words, everything.photos) == (6, 3)
    assert everything.looked.mean == pytest.approx(11 / 6)
    assert everything.elsewhere.mean == pytest.approx(0.5)
    assert everything.difference.mean == pytest.approx(11 / 6 - 0.5)
    assert everything.looked_median.mean == pytest.approx(1.5)
    assert everything.elsewhere_median.mean == pytest.approx(0.5)
    assert everything.difference_median.mean == pytest.approx((1 + 1.5) / 2)
    assert everything.tenth == pytest.approx(4 / 11)
    assert everything.rank.mean == pytest.approx(4.5 / 6)
    assert everything.difference_others.mean == pytest.approx(2.4 / 6)
    assert everything.rank_others.mean == pytest.approx(3.5 / 6)
    assert groups["content"].words == 4 and groups["content"].difference.mean == pytest.approx((2 - 0.5 + 1.5 + 4) / 4)
    assert groups["function"].words == 2 and groups["function"].difference.mean == pytest.approx(0.5)
    # By peak, the quarters are the words 1 and 2, 3, 4, and 5 and 6: each of one photo alone, which says nothing.
    assert not any(name.startswith("quarter") for name in groups)
    alone = summarise(words._replace(others=np.zeros(6)), resamples=199)["all"]
    assert alone.difference_others is None and alone.rank_others is None


def test_the_dearest_tenth():
    assert share_of_dearest_tenth(np.arange(1, 21.0)) == pytest.approx(39 / 210)
    assert share_of_dearest_tenth(np.array([-1.0, 0.5])) is None


def test_the_median_is_that_of_the_words_and_its_interval_that_of_the_theory():
    """For photos of one word each: order statistics, whose ranks are n/2 ± 1.96 sqrt(n)/2 (a binomial's)."""
    draw = np.random.default_rng(5)
    values = draw.exponential(1.0, 401)
    estimate = median_over_words(values, np.arange(401), draw, 4000)
    ordered, reach = np.sort(values), 1.96 * np.sqrt(401) / 2
    assert estimate.mean == np.median(values)
    assert estimate.low == pytest.approx(ordered[round(200 - reach)], abs=0.03)
    assert estimate.high == pytest.approx(ordered[round(200 + reach)], abs=0.03)
    even = median_over_words(np.array([1.0, 4, 2, 8]), np.array([0, 0, 1, 1]), draw, 99)
    assert even.mean == 3 and {even.low, even.high} <= {1.0, 2.5, 3.0, 5.0} and even.low <= 3 <= even.high
    assert median_over_words(np.ones(3), np.zeros(3), draw) is None


def test_quarters_are_in_the_order_of_sharpness():
    draw = np.random.default_rng(0)
    peak = draw.permutation(np.linspace(0.05, 0.95, 400))
    flat = np.zeros(400)
    words = Words(np.arange(400) // 4, flat == 0, peak, 2 * peak, peak, flat, flat, flat, flat)
    quarters = [summarise(words, resamples=99)[f"quarter{number}"] for number in (1, 2, 3, 4)]
    assert [quarter.words for quarter in quarters] == [100] * 4
    for quarter, (low, high) in zip(quarters, [(0.05, 0.275), (0.275, 0.5), (0.5, 0.725), (0.725, 0.95)], strict=True):
        assert quarter.peaks == pytest.approx((low, high), abs=0.003)
        assert quarter.difference.mean == pytest.approx((low + high) / 2, abs=0.003)


def test_the_interval_is_that_of_the_theory_and_knows_that_a_photos_words_belong_together():
    """For photos of equally many words: the mean ± 1.96 standard errors of the photos' means."""
    draw = np.random.default_rng(3)
    of_photo = draw.normal(0.3, 1.0, 400)
    estimate = mean_over_words(np.repeat(of_photo, 5), np.repeat(np.arange(400), 5), draw, 20_000)
    error = of_photo.std(ddof=1) / 20
    assert estimate.mean == pytest.approx(of_photo.mean())
    assert estimate.low == pytest.approx(of_photo.mean() - 1.96 * error, abs=0.1 * error)
    assert estimate.high == pytest.approx(of_photo.mean() + 1.96 * error, abs=0.1 * error)
    assert mean_over_words(np.ones(3), np.zeros(3), draw) is None
    sums = mean_over_words(5 * of_photo, np.arange(400), draw, 20_000, np.full(400, 5))
    assert tuple(sums) == pytest.approx(tuple(estimate), abs=0.1 * error)


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


def test_the_command_writes_what_the_page_and_the_card_read(data, capsys):
    card = data / "captioner" / honesty_card.CARD
    card.write_text(f"# Card\n\n{honesty_card.BEGIN}\nold\n{honesty_card.END}\n\nMore.\n", encoding="utf-8")
    assert command(data, "--photos", "3") == 0
    said = capsys.readouterr().out
    traces = []
    for lang in ("en", "zh"):
        file = data / "captioner" / f"honesty-{lang}.json"
        traces.append(trace := load(file))
        assert trace.digest == digest_of(data / "captioner", lang) and len(trace.digest) == 64
        assert (trace.lang, trace.photos, trace.fill) == (lang, 3, honesty.FILL)
        assert trace.windows == len(windows_of(trace.grid, trace.grid, trace.side))
        assert trace.groups["all"].photos == 3
        assert trace.groups["all"].difference.low <= trace.groups["all"].difference.mean
        assert f"{trace.groups['all'].difference.mean:.3f}" in said
        assert file.stat().st_size < 20_000
    table = honesty_card.table(traces)
    assert card.read_text(encoding="utf-8") == (
        f"# Card\n\n{honesty_card.BEGIN}\n\n{table}\n\n{honesty_card.END}\n\nMore.\n"
    )
    assert f"| Chinese: all | {traces[1].groups['all'].words} |" in table
    assert len({row.count("|") for row in table.splitlines()}) == 1


def test_the_same_seed_gives_the_same_file(data):
    for folder in ("one", "other"):
        (data / folder).mkdir()
        assert command(data, "--lang", "en", "--photos", "3", "--out", str(data / folder)) == 0
        assert not (data / folder / "honesty-zh.json").exists()
    assert (data / "one" / "honesty-en.json").read_text() == (data / "other" / "honesty-en.json").read_text()


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
    assert command(data, "--out", "/nowhere") == 2
    assert "/nowhere/honesty-en.json" in capsys.readouterr().err
