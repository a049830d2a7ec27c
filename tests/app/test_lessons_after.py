"""Lesson 7, what came after: its figure, its table, its claims, its questions, its links."""

import json

import numpy as np
import pytest

from app.lessons import after
from app.neurons.facts import ROWS
from app.sources import SOURCES
from model.recurrent import costs
from model.self_attention import attend
from tests.app.lesson import answer, feedback, links, said, sound


@pytest.fixture
def lesson(app):
    return lambda **parameters: sound(app(lessons_lesson="after", **parameters, page="lessons"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_opens_in_both_languages(lesson, lang):
    test = lesson(lang=lang)
    assert len(test.get("plotly_chart")) == 2 and len(test.table) == 2 and len(test.radio) == 4


def test_the_figure_follows_its_widgets_and_both_ways_agree(lesson):
    def drawn(**parameters) -> list[dict]:
        return json.loads(lesson(**parameters).get("plotly_chart")[1].proto.spec)["data"]

    taps, stepped, convolved, kernel = drawn()
    assert [step for step, tap in zip(taps["x"], taps["y"], strict=True) if tap] == list(after.TAPS)
    np.testing.assert_allclose(stepped["y"], convolved["y"], atol=1e-6)
    assert len(kernel["y"]) == after.STEPS
    *_others, straight = drawn(lessons_after_a="0.5", lessons_after_period="1")
    np.testing.assert_allclose(straight["y"][:8], 0.5 ** np.arange(8), rtol=1e-3)


def test_the_table_follows_the_length(lesson):
    for steps in (1024, 16384):
        table = lesson(lessons_after_length=str(steps)).table[1].value
        d, n = after.WIDTH, after.STATES
        layers = (costs.recurrent(steps, d), costs.attention(steps, d), costs.state_space(steps, d, n))
        assert [row.split(" = ")[1] for row in table.iloc[:, 1]] == [f"{cost.multiplications:,}" for cost in layers]
        assert table.iloc[:, 2:].values.tolist() == [[f"{cost.rounds:,}", f"{cost.kept:,}"] for cost in layers]
        # The formulas that stand there are those that were computed.
        values = {"d": d, "T": steps, "N": n}
        for written, cost in zip(table.iloc[:, 1], layers, strict=True):
            formula = written.split(" = ")[0].replace("²", "**2").replace("T (", "T * (")
            product = formula.replace(" ", "*").replace("*+*", "+").replace("***", "*")
            assert eval(product, values) == cost.multiplications


def test_five_words_show_the_numbers_of_who_looks(lesson):
    test = lesson()
    square = json.loads(test.get("plotly_chart")[0].proto.spec)["data"][0]
    found = attend()
    np.testing.assert_allclose(square["z"][4], found.weights[4], rtol=1e-6)
    assert square["z"][0][1] is None and square["text"][3][1] == f"{found.weights[3, 1]:.2f}"
    table = test.table[0].value
    assert list(table.iloc[:, 0]) == ["the", "dog", "saw", "its"]
    assert [float(one) for one in table["α"]] == pytest.approx(found.weights[3, :4], abs=0.005)
    assert "“its” looks most at “dog”" in said(test)


def test_turned_round_without_mask_a_word_takes_in_the_same_unless_it_has_positions(lesson):
    def taken_in(**more) -> str:
        text = said(lesson(lessons_after_mask="false", **more))
        return text.split("It takes in y = ")[1].split(")")[0]

    assert taken_in() == taken_in(lessons_after_turned="true")
    with_positions = [taken_in(lessons_after_positions="true", lessons_after_turned=one) for one in ("false", "true")]
    assert with_positions[0] != with_positions[1]


@pytest.mark.parametrize("steps", after.LENGTHS)
def test_the_rnn_multiplies_less_than_attention_but_waits(steps):
    rnn, attention = costs.recurrent(steps, after.WIDTH), costs.attention(steps, after.WIDTH)
    state_space = costs.state_space(steps, after.WIDTH, after.STATES)
    assert rnn.multiplications < attention.multiplications
    assert rnn.rounds > state_space.rounds > attention.rounds


def test_twice_the_length_is_about_four_times_the_pairs(lesson):
    test = lesson()
    answer(test, "after-2", 1)
    assert "500,500" in feedback(test)[0] and "2,001,000" in feedback(test)[0]
    assert pytest.approx(4, rel=0.01) == 2_001_000 / 500_500


def test_the_figures_of_brains_are_those_of_the_table_with_their_sources():
    for figure, source in {"20 W": "raichle", "1,287 MWh": "patterson", "100 million words": "warstadt"}.items():
        assert any(figure in row.living + row.artificial and source in row.sources for row in ROWS)
        assert source in after.CITED
    assert any("300 billion" in row.artificial and "brown" in row.sources for row in ROWS)
    years = 1287e6 / 20 / (24 * 365.25)
    assert years == pytest.approx(7000, rel=0.05)


def test_its_sources_are_known_and_named_in_the_text(lesson):
    text = said(lesson())
    assert set(after.CITED) <= set(SOURCES)
    for name in after.CITED:
        assert SOURCES[name].short in text


@pytest.mark.parametrize(("number", "right", "wrong"), [(1, 1, 0), (2, 1, 0), (3, 0, 1), (3, 0, 2), (4, 0, 2)])
def test_wrong_and_right_answers_explain_themselves(lesson, number, right, wrong):
    test = lesson()
    answer(test, f"after-{number}", wrong)
    assert feedback(test)[0].startswith("Not quite.") and len(feedback(test)[0]) > 40
    answer(test, f"after-{number}", right)
    assert feedback(test)[0].startswith("Right.") and len(feedback(test)[0]) > 40


def test_its_links_lead_where_they_say(lesson, app):
    caption, spikes, table = links(lesson(), app)
    assert caption.session_state["caption_experiment"] == "transformer"
    assert spikes.get("plotly_chart") and table.table
