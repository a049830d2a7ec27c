"""Two captions beside each other: which words went, and which came."""

import html
from collections.abc import Sequence
from difflib import SequenceMatcher

from model.captioner.languages import LANGUAGES


def changes(before: Sequence[str], after: Sequence[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Both captions' words, each with what became of it: ``"same"``, ``"gone"`` or ``"new"``."""
    gone, new = [], []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone += [(word, "same" if kind == "equal" else "gone") for word in before[i:j]]
        new += [(word, "same" if kind == "equal" else "new") for word in after[k:m]]
    return gone, new


def written_out(words: Sequence[tuple[str, str]], lang: str) -> str:
    """A caption in HTML: struck through what went, framed what came."""
    tags = {"same": "{}", "gone": "<del>{}</del>", "new": "<ins>{}</ins>"}
    between = LANGUAGES[lang].between
    text = between.join(tags[state].format(html.escape(word)) for word, state in words)
    style = (
        ".changed-caption { font-size: 1.25rem; font-weight: 600; line-height: 1.7 }"
        ".changed-caption del { opacity: 0.65 }"
        ".changed-caption ins { text-decoration: none; outline: 2px solid currentColor; border-radius: 4px;"
        " padding: 0 0.25em; margin: 0 0.2em }"
    )
    return f'<style>{style}</style><p class="changed-caption">“{text}”</p>'
