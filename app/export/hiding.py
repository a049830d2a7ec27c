"""What hiding a part of the photo cost a caption's words, as a table."""

from app.export.files import csv_table
from model.traces import CaptionTrace


def costs_csv(whole: CaptionTrace, forced: CaptionTrace) -> bytes:
    """A row a word: its log-probability with the whole photo and with a part hidden, and what it lost, in nats."""
    head = ["word", "log_prob", "log_prob_hidden", "cost"]
    columns = (whole.log_probs.tolist(), forced.log_probs.tolist(), (whole.log_probs - forced.log_probs).tolist())
    return csv_table(head, zip(whole.words, *columns, strict=True))
