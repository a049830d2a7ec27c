"""The siblings' figures as a table: a row for each training run."""

from collections.abc import Mapping, Sequence

from app.export.files import csv_table

#: Columns after the kind, as the training command measured them (pycocoevalcap's fractions).
COLUMNS = (
    "seed",
    "parameters",
    "bleu1",
    "bleu2",
    "bleu3",
    "bleu4",
    "meteor",
    "rouge_l",
    "cider",
    "unique",
    "vocabulary",
)


def siblings_csv(figures: Mapping[str, Sequence[Mapping[str, float]]]) -> bytes:
    """``figures``: each kind's runs, one for each seed; a figure that was not measured is left empty."""
    return csv_table(
        ["kind", *COLUMNS],
        [
            [kind, *(float("nan") if run[column] is None else run[column] for column in COLUMNS)]
            for kind, runs in figures.items()
            for run in runs
        ],
    )
