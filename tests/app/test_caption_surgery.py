"""Surgery on the memory by Streamlit's AppTest, with the shipped captioner."""

import csv
import io
import json
import re

import numpy as np
import pytest

from app.charts.kit.style import percent
from app.export.surgery import holding_csv, patching_csv, swap_csv
from model.captioner import Captioner
from model.captioner.editing import Edit
from model.captioner.gallery import samples
from model.captioner.holding import hold
from model.captioner.patching import ForcedReading, patch
from model.captioner.settings import SearchSettings
from model.captioner.swapping import swap

SURGERY = {"caption_part": "experiments", "caption_experiment": "surgery"}
PARTS = ("swap", "patch", "hold")


@pytest.fixture
def page(app, go):
    return lambda **parameters: go(app(**SURGERY, **parameters), "caption")


@pytest.fixture(scope="module")
def captioner(root) -> Captioner:
    return Captioner.from_pretrained(root / "assets" / "captioner")


@pytest.fixture(scope="module")
def pair(captioner):
    """The gallery's cat and horse: their regions, captions and runs."""
    found = {}
    for sample in samples():
        if sample.key in ("cat", "horse"):
            regions = captioner.look(sample.open())
            trace = captioner.describe(regions)
            found[sample.key] = regions, trace, ForcedReading.of(captioner.speakers["en"], regions, trace.words)
    return found


def boxes(test) -> list[str]:
    """The captions that stand in the page as HTML, without their tags."""
    blocks = [str(block.value) for block in test.get("html") if "changed-caption" in str(block.value)]
    return [re.sub("<style>.*</style>|<[^>]*>", "", block).strip("“”") for block in blocks]


def said(test) -> str:
    return " ".join(element.value for element in [*test.markdown, *test.caption, *test.info])


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("part", PARTS)
def test_every_part_shows_in_every_language(page, lang, part):
    test = page(lang=lang, caption_surgery_part=part)
    assert not test.exception and not test.error
    assert len(test.get("plotly_chart")) == {"swap": 1, "patch": 1, "hold": 2}[part]
    assert len(test.get("download_button")) == 4


def test_the_four_captions_are_those_of_the_edits(page, captioner, pair):
    (cat, of_cat, run_a), (horse, of_horse, run_b) = pair["cat"], pair["horse"]
    test = page(caption_sample="cat", caption_surgery_word="2", caption_surgery_other_word="3")
    before = SearchSettings(prefix=of_cat.words[:1])
    edits = [
        Edit(1, hidden=of_cat.hidden[1], regions=horse),
        Edit(1, hidden=of_horse.hidden[2]),
        Edit(1, hidden=of_horse.hidden[2], regions=horse),
    ]
    captions = [captioner.describe(cat, before, edit).words for edit in edits]
    assert boxes(test) == [" ".join(words) for words in (of_cat.words, *captions)]
    trace = swap(run_a, run_b, 1, 2)
    # The search's own numbers, for the word that it said.
    assert trace.log_probs[0, 0, 0] == pytest.approx(float(of_cat.log_probs[1]), abs=1e-3)
    assert f"{trace.by_memory:+.1f} nats" in said(test).replace("−", "-")


def test_the_map_is_that_of_the_runs(page, pair):
    test = page(
        caption_sample="cat", caption_surgery_part="patch", caption_surgery_word="2", caption_surgery_other_word="2"
    )
    trace = patch(pair["cat"][2], pair["horse"][2], 1, 1)
    [chart] = [json.loads(chart.proto.spec) for chart in test.get("plotly_chart")]
    drawn = np.array(chart["data"][0]["z"], float)
    np.testing.assert_allclose(drawn, trace.recovered, atol=1e-5)
    assert trace.recovered[0, -1] > 0.5  # the memory at the word itself carries most of it
    assert len(chart["data"]) == 2


def test_words_that_hardly_differ_have_no_map(page):
    test = page(
        caption_sample="cat", caption_surgery_part="patch", caption_surgery_word="1", caption_surgery_other_word="1"
    )
    assert not test.exception and not test.get("plotly_chart")
    assert "too near" in said(test)


def test_typed_units_are_held_at_a_value(page, pair):
    test = page(
        caption_sample="cat",
        caption_surgery_part="hold",
        caption_surgery_word="2",
        caption_surgery_units="7, 300，12 7",
        caption_surgery_at="value",
        caption_surgery_value="-0.5",
    )
    trace = hold(pair["cat"][2], 1, np.full(512, -0.5), [7, 300, 12])
    text = said(test)
    assert "Held: 7, 300, 12." in text and not test.warning
    assert f"with the units held it has {percent(float(np.exp(trace.log_prob_held)))}" in text


@pytest.mark.parametrize("part", PARTS)
def test_captions_that_were_drawn_can_be_operated_on(page, part):
    test = page(caption_surgery_part=part, caption_search="sample", caption_seed="3")
    assert not test.exception and not test.error and test.get("plotly_chart")


def test_what_are_no_units_is_said(page):
    test = page(caption_surgery_part="hold", caption_surgery_units="3 512 <b>x</b> -1 99999999999")
    assert not test.exception
    assert "Held: 3." in said(test)
    assert any("from 0 to 511" in warning.value for warning in test.warning)


def test_a_unit_is_brought_from_its_gates(app, go):
    test = go(app(caption_view="gates", caption_unit="41"), "caption")
    test.button(key="caption_unit_to_surgery").click().run()
    assert not test.exception and "Held: 41." in said(test)


@pytest.mark.parametrize("part", PARTS)
def test_nonsense_in_the_address_does_no_harm(page, part):
    names = ("other", "word", "other_word", "units", "seed", "value", "at")
    for values in (["0", "<b>é" * 40], ["1e999", "999"]):
        nonsense = {f"caption_surgery_{name}": value for name, value in zip(names, 4 * values, strict=False)}
        assert not page(caption_surgery_part=part, **nonsense).exception


def test_the_tables_hold_the_numbers(pair):
    run_a, run_b = pair["cat"][2], pair["horse"][2]

    def rows(table: bytes) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))

    crossed = swap(run_a, run_b, 1, 1)
    captions = {f"memory {m}, photo {p}": f"{m}{p}" for m in "AB" for p in "AB"}
    assert [row["caption"] for row in rows(swap_csv(crossed, captions))] == ["AA", "AB", "BA", "BB"]
    trace = patch(run_a, run_b, 2, 1)
    table = rows(patching_csv(trace))
    assert len(table) == 3 * len(trace.steps_a)
    assert float(table[1]["recovered"]) == pytest.approx(float(trace.recovered[0, 1]))
    held = hold(run_a, 1, np.zeros(512))
    table = rows(holding_csv(held))
    assert [unit for unit, row in enumerate(table) if row["held"] == "1"] == sorted(held.units)
