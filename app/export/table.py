"""The hidden states as a table for spreadsheets and statistics."""

import csv
import io

from model.traces import CaptionTrace

#: A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def hidden_csv(trace: CaptionTrace) -> bytes:
    """``hidden`` (T, H) as CSV: a row a word, first the word, then its state in the columns unit_0, unit_1, ...

    UTF-8 with a byte order mark, without which spreadsheets garble Chinese. A word that a spreadsheet would take
    for a formula gets an apostrophe before it.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["word", *(f"unit_{unit}" for unit in range(trace.hidden.shape[1]))])
    for word, state in zip(trace.words, trace.hidden, strict=True):
        table.writerow([f"'{word}" if word.startswith(FORMULA) else word, *state.tolist()])
    return text.getvalue().encode("utf-8-sig")
