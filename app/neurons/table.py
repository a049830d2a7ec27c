"""The table: a brain and an artificial network, idea by idea; and what is often said of them, right or wrong."""

import pandas as pd
import streamlit as st

from app.export.files import csv_table
from app.i18n import _
from app.neurons.facts import ALIKE, CLAIMS, ROWS, UNKNOWN, UNLIKE, Claim, Row
from app.sources import SOURCES, Source
from app.ui.download import download
from app.ui.settings import Code, Text
from app.ui.shell import controls
from app.ui.words import look_and_try

ALL, CLAIMED = "all", "claims"
VERDICT, SEARCH = Code("neurons_verdict", ALL), Text("neurons_search", longest=60)


def verdict_names() -> dict[str, str]:
    return {ALIKE: _("≈ alike"), UNLIKE: _("≠ unlike"), UNKNOWN: _("? unknown")}


def show() -> None:
    """Rows and claims, filtered by verdict and by a word; all of them as a file."""
    above = st.container()
    names = {ALL: _("All")} | verdict_names() | {CLAIMED: _("Right or wrong?")}
    with controls("filter", horizontal=True, vertical_alignment="bottom", gap="large"):
        wanted = VERDICT.choose(st.segmented_control, _("Show"), names, label_visibility="collapsed")
        word = SEARCH.field(
            _("Search"),
            placeholder=_("Search: energy, spike, memory …"),
            label_visibility="collapsed",
            width=320,
        )
    with above:
        _introduce(wanted)
    rows = [row for row in ROWS if wanted in (ALL, row.verdict) and found(word, row_texts(row))]
    claims = [claim for claim in CLAIMS if wanted in (ALL, CLAIMED) and found(word, claim_texts(claim))]
    if rows:
        show_rows(rows_table(rows))
    if claims:
        st.subheader(_("Often said: right or wrong?"))
        for number, claim in enumerate(claims):
            _ask(claim, number)
    if not rows and not claims:
        st.info(_("Nothing here has this word. Please try a shorter one."), icon=":material/search_off:")
    with st.expander(_("Sources")):
        st.markdown("\n".join(f"- **{one.short}.** {_full(one.full, one.link)}" for one in _cited()))
    with controls("export"):
        download("neurons", _("The table (CSV)"), "table.csv", table_csv)


def _introduce(wanted: str) -> None:
    """What to look for, in the rows or in the claims."""
    if wanted == CLAIMED:
        look_and_try(
            _("What is often said about brains and AI. Some of it is right."),
            _("Vote first, then open a claim: its answer and its source."),
        )
        return
    look_and_try(
        _(
            "Each row takes one idea and asks whether brain and network are alike in it. Figures stand beside their "
            "sources; “unknown” means that there is no settled answer."
        ),
        _("Count the rows that are alike. What do they have in common?"),
    )


def _cited() -> list[Source]:
    """The table's own sources, in the order of the list."""
    named = {name for one in (*ROWS, *CLAIMS) for name in one.sources}
    return [source for name, source in SOURCES.items() if name in named]


def found(word: str, texts: tuple[str, ...]) -> bool:
    """Whether a text has the word, in capitals or not."""
    return word.strip().casefold() in " ".join(texts).casefold()


def row_texts(row: Row) -> tuple[str, ...]:
    """What a reader sees of a row, in order."""
    texts = (_(row.idea), _(row.living), _(row.artificial), verdict_names()[row.verdict])
    return (*texts, ", ".join(SOURCES[name].short for name in row.sources))


def claim_texts(claim: Claim) -> tuple[str, ...]:
    return (_(claim.said), _(claim.why), ", ".join(SOURCES[name].short for name in claim.sources))


def table_csv() -> bytes:
    """All rows and claims in the current language, each with its sources in full."""
    head = [_("Idea"), _("Living"), _("Artificial"), _("Verdict"), _("Sources")]
    rows = [[*row_texts(row)[:-1], _sources(row.sources)] for row in ROWS]
    for claim in CLAIMS:
        said, why, _names = claim_texts(claim)
        rows.append([said, why, "", _("right") if claim.right else _("wrong"), _sources(claim.sources)])
    return csv_table(head, rows)


def _sources(names: tuple[str, ...]) -> str:
    sources = [SOURCES[name] for name in names]
    return "; ".join(" ".join(filter(None, (f"{one.short}:", one.full, one.link))) for one in sources)


def show_rows(table: pd.DataFrame) -> None:
    """A table of ``rows_table``. On a phone a row is a card, its verdict first: see style.css. Each part says what it
    is."""
    parts = [_("Living"), _("Artificial")]
    cell = ".st-key-compared_rows td:nth-of-type"
    named = "".join(f"{cell}({n})::before {{ content: '{part}: ' }}" for n, part in enumerate(parts, start=1))
    st.html(f"<style>@media (max-width: 640px) {{ {named} }}</style>")
    with st.container(key="compared_rows"):
        st.table(table)


def rows_table(rows: list[Row]) -> pd.DataFrame:
    """The rows as a reader sees them, the ideas in front."""
    columns = [_("Living"), _("Artificial"), _("Verdict"), _("Sources")]
    content = []
    for row in rows:
        _idea, living, artificial, verdict, _names = row_texts(row)
        content.append([living, artificial, _whole(verdict), _links(row.sources)])
    return pd.DataFrame(content, index=pd.Index([f"**{_(row.idea)}**" for row in rows], name=""), columns=columns)


def _whole(text: str) -> str:
    """``text`` on one line: Chinese may else be broken anywhere."""
    return "\u2060".join(text.replace(" ", "\u00a0"))


def _ask(claim: Claim, number: int) -> None:
    """A claim; its answer is covered until it is opened."""
    with st.expander(f"“{_(claim.said)}”", key=f"neurons_claim_{number}"):
        verdict = _("**✓ Right.**") if claim.right else _("**✗ Wrong.**")
        st.markdown(f"{verdict} {_(claim.why)} ({_links(claim.sources)})")


def _links(names: tuple[str, ...]) -> str:
    sources = [SOURCES[name] for name in names]
    return ", ".join(f"[{one.short}]({one.link})" if one.link else one.short for one in sources)


def _full(text: str, link: str) -> str:
    return f"{text}. [{link.removeprefix('https://')}]({link})" if link else f"{text}."
