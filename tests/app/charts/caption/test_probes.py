"""The probes' charts: what they read, what is right, and how well they do elsewhere."""

import numpy as np
from plotly.colors import hex_to_rgb, sample_colorscale, unlabel_rgb

from app.charts.caption.probes import along, scores
from model.traces import ProbeScore, ProbeTrace

WORDS = ("a", "<b>man</b>", "runs")
SCORE = ProbeScore(0.95, 0.6, 0.8, 900, 30, 400, 12)


def traces():
    yes_no = np.array([0.1, 0.2, 0.7])
    return (
        ProbeTrace("person", np.array([0, 1]), np.stack([1 - yes_no, yes_no], 1), np.array([0, 0, 1]), SCORE),
        ProbeTrace("several", np.array([0, 1]), np.stack([yes_no, 1 - yes_no], 1), np.array([-1, 0, 0]), SCORE),
        ProbeTrace(
            "to_come", np.array([1, 2, 3]), np.array([[0, 0, 1], [0, 0.5, 0.5], [1, 0, 0]]), np.array([3, 2, 1]), SCORE
        ),
    )


def test_probabilities_and_counts_are_the_traces():
    figure = along(traces(), WORDS).figure
    heat, written, read, right = figure.data
    assert list(written.text) == ["10%", "20%", "✓ 70%", "90%", "80%", "30%"]
    np.testing.assert_allclose(heat.z, [[0.1, 0.2, 0.7], [0.9, 0.8, 0.3]])
    assert [list(row) for row in heat.text] == [["10%", "20%", "✓ 70%"], ["90%", "80%", "30%"]]
    np.testing.assert_allclose(read.y, [3, 2.5, 1])
    np.testing.assert_allclose(right.y, [3, 2, 1])
    assert "<b>man" not in str(figure.to_dict())


def test_numbers_are_told_from_the_cells_they_stand_in():
    """By WCAG's contrast; all along the scale."""

    def luminance(colour: str) -> float:
        parts = np.array(unlabel_rgb(colour) if colour.startswith("rgb") else hex_to_rgb(colour)) / 255
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    for p in np.linspace(0, 1, 41):
        trace = ProbeTrace("person", np.array([0, 1]), np.array([[1 - p, p]]), np.array([1]), SCORE)
        [heat, written] = along([trace], ["a"]).figure.data[:2]
        [ground] = sample_colorscale([list(stop) for stop in heat.colorscale], [p])
        light, dark = sorted((luminance(ground), luminance(written.textfont.color[0])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 4.5, p


def test_chinese_captions_are_counted_in_characters():
    assert "characters to come: off by 0.2" in along(traces(), WORDS, "zh").words
    assert "characters to come: 95% right" in scores(traces(), "zh").words


def test_only_where_there_is_an_answer_is_it_right_or_wrong():
    person, several, to_come = traces()
    assert person.right == 1 and several.right == 0.5 and to_come.right == 1
    said = along(traces(), WORDS).words
    assert "a person was said: right before 100% of the words" in said
    assert "words to come: off by 0.2 on average, most before “<b>man</b>”" in said


def test_scores_stand_beside_their_baselines():
    own, random, majority = scores(traces()).figure.data
    assert (own.x, random.x, majority.x) == ((0.95,) * 3, (0.8,) * 3, (0.6,) * 3)
    assert "words to come: 95% right (random GRU 80%, most frequent answer 60%)" in scores(traces()).words
