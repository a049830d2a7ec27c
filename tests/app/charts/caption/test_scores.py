"""Captioners' figures: what is drawn and told are the numbers given."""

import numpy as np

from app.charts.caption.scores import score_dots

FIGURES = {
    "RNN": [{"seed": s, "bleu4": 0.2, "meteor": 0.19, "cider": c} for s, c in enumerate((0.40, 0.42, 0.44))],
    "GRU": [{"seed": s, "bleu4": 0.21, "meteor": None, "cider": c} for s, c in enumerate((0.50, 0.50, 0.53))],
}


def test_each_seed_is_a_dot_and_the_line_their_mean():
    figure = score_dots(FIGURES).figure
    cider = [scatter for scatter in figure.data if scatter.xaxis == "x3"]
    assert [list(np.round(scatter.x, 6)) for scatter in cider if scatter.mode == "markers"] == [
        [40, 42, 44],
        [50, 50, 53],
    ]
    means = [scatter.x[0] for scatter in cider if scatter.mode == "lines"]
    np.testing.assert_allclose(means, [42, 51])


def test_a_measure_that_was_not_taken_leaves_its_row_empty():
    meteor = [scatter for scatter in score_dots(FIGURES).figure.data if scatter.xaxis == "x2"]
    assert [len(scatter.x) for scatter in meteor if scatter.mode == "markers"] == [3, 0]


def test_scores_are_told_with_mean_and_spread_the_best_first():
    text = score_dots(FIGURES).words
    assert "3 seeds" in text
    assert text.index("GRU: 51.0 ± 1.7") < text.index("RNN: 42.0 ± 2.0")


def test_a_measure_that_nobody_took_has_no_panel():
    chinese = {"first": [{"bleu4": 0.4, "meteor": None, "cider": 1.5}]}
    figure = score_dots(chinese).figure
    assert [annotation.text for annotation in figure.layout.annotations] == ["BLEU-4", "CIDEr"]
    assert score_dots(chinese).words == "first: BLEU-4 40.0, CIDEr 150.0."
