"""Moments of other captions, as tables (CSV)."""

from app.export.files import csv_table
from model.traces import LikeTrace, PatternTrace


def like_csv(trace: LikeTrace) -> bytes:
    """A row a moment, the nearest first: its similarity, the word that came next and its place, and the caption."""
    rows = (
        [float(similarity), moment.word, moment.place, " ".join(moment.words)]
        for similarity, moment in zip(trace.similarity, trace.moments, strict=True)
    )
    return csv_table(["similarity", "next_word", "place", "caption"], rows)


def pattern_csv(trace: PatternTrace) -> bytes:
    """A row a word: how often it came next with the pattern, in all, and by chance, and the probability of that."""
    rows = ([one.word, one.count, one.total, one.expected, one.lift, one.chance] for one in trace.words)
    return csv_table(["word", "count", "total", "expected", "lift", "chance"], rows)
