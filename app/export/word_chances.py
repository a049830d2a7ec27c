"""What several captioners said about one photo as a table: a row a word."""

import math
from collections.abc import Sequence

from app.charts.caption.word_chances import Said
from app.export.files import csv_table


def chances_csv(rows: Sequence[Said]) -> bytes:
    """Model, the word's place from 1 on, the word (or token), its log-probability (nats) and its probability."""
    return csv_table(
        ["model", "place", "word", "log_probability", "probability"],
        [
            [said.name, place, word, float(log_prob), math.exp(log_prob)]
            for said in rows
            for place, (word, log_prob) in enumerate(zip(said.words, said.log_probs, strict=True), start=1)
        ],
    )
