"""Text as it is, where Streamlit shows Markdown: nothing that came from a user, a file or an address may mean more."""

import re

#: What makes markup of a line; a backslash takes its meaning away.
MARKS = re.compile(r"[\\`*_~$\[\]<&|]|^(?:[#>+=-]|\d+(?=[.)]))")
#: Where Streamlit, behind Markdown's own rules, still makes a link, an emoji, an icon or an arrow of plain letters; no
#: backslash helps there.
TRIGGERS = re.compile(
    r":(?=[\w/+-]+:)|:(?=[a-z])|https?:(?=//)|www(?=\.)|[\w.+-](?=@)|[-<>~](?=[-=>])", re.ASCII | re.IGNORECASE
)
#: It leaves no ink, and holds what stands on its two sides together (U+2060).
JOINER = "\u2060"


def literal(text: str) -> str:
    """``text`` on one line, to stand in Markdown as it is: it may hold any sign.

    >>> literal("It costs $5, or *not*: https://example.org")
    """
    line = TRIGGERS.sub(rf"\g<0>{JOINER}", " ".join(text.splitlines()))
    return MARKS.sub(_escaped, line)


def _escaped(mark: re.Match[str]) -> str:
    """A number that would begin a list gets its backslash behind it."""
    return f"{mark[0]}\\" if mark[0].isdigit() else f"\\{mark[0]}"
