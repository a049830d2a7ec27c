"""How good captioners are: the figures that training measured, and what they say together."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import f_oneway

#: A captioner's figures as ``model.training.evaluate`` gives them, fractions of 1; None where one was not taken.
Figures = Mapping[str, Any]
#: What each is called, by its name in the files.
MEASURES = {
    "bleu1": "BLEU-1",
    "bleu2": "BLEU-2",
    "bleu3": "BLEU-3",
    "bleu4": "BLEU-4",
    "meteor": "METEOR",
    "rouge_l": "ROUGE-L",
    "cider": "CIDEr",
}
#: The file beside a captioner's weights that has the figures of each step of its training.
FIGURES = "figures.json"


def read_steps(directory: Path) -> list[dict[str, Any]]:
    """The figures of each step, language and kind of photos, in the order in which they were measured."""
    return json.loads((directory / FIGURES).read_text(encoding="utf-8"))


def mean_and_spread(of_seeds: Sequence[Figures], measure: str = "cider") -> tuple[float, float]:
    """100 times a measure: the mean over the seeds and the standard deviation, 0 of a single one."""
    values = [100 * one[measure] for one in of_seeds]
    return float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0


def apart(named_figures: Mapping[str, Sequence[Figures]]) -> tuple[float, float]:
    """How many points of CIDEr the means lie apart, and at most the seeds of one and the same captioner."""
    seeds = [[100 * one["cider"] for one in of_seeds] for of_seeds in named_figures.values()]
    return float(np.ptp([np.mean(values) for values in seeds])), float(max(map(np.ptp, seeds)))


def chance_of_such_means(named_figures: Mapping[str, Sequence[Figures]]) -> float:
    """The probability of means of CIDEr at least so far apart, if all captioners were alike but for their seeds.

    One-way analysis of variance.
    """
    return float(f_oneway(*([one["cider"] for one in of_seeds] for of_seeds in named_figures.values())).pvalue)
