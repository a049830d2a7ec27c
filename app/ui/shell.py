"""What every page shares: the language, the URL, and groups of controls that a teacher can hide.

Settings (``app.ui.settings``) stand in the URL by Streamlit's own ``bind="query-params"``, and two facts about it shape
this module: the browser keeps a page's parameters only for widgets that are in the page; and parameters of widgets in
``streamlit_app.py`` survive a change of page. So hidden controls are in the page, too, not displayed, and keep their
values.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from app.i18n import LANGUAGES, _, closest_language
from app.ui.query import this_run
from app.ui.settings import Code, Flag

LANG, HIDE, PROJECTOR = Code("lang"), Code("hide"), Flag("projector")
#: What holds for all pages.
GLOBAL = (LANG, HIDE, PROJECTOR)

HERE = Path(__file__).parent
STYLE = HERE / "style.css"

#: In projector mode type and lines are so many times as large: full HD then shows what a laptop of 1366 pixels does.
PROJECTED = 1.4
#: All that is sized in rem grows by the root's type.
FOR_PROJECTOR = "<style>:root {{ font-size: {type}px !important; }}</style>"

#: What the browser does by itself, once a page, whatever runs again: see the files.
SCROLL, BACK, TAPS = ((HERE / f"{name}.js").read_text(encoding="utf-8") for name in ("scroll", "back", "taps"))
#: A link may name what is to be seen, a chart by its key.
SEE = "see"
KEY = re.compile(r"[a-z][a-z0-9_]{0,60}")

#: Where the session keeps which groups of controls were built in this run, and in the one before.
_GROUPS, _GROUPS_BEFORE = "shell_groups", "shell_groups_before"

#: What the page's HTML says its language is (BCP 47).
LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}


def language() -> str:
    """The user's language: what the URL or the switch says, else the closest to the browser's."""
    asked = LANG.value
    return asked if asked in LANGUAGES else closest_language(st.context.locale)


def begin() -> None:
    """What comes before all else on every page: the global parameters, ``lang`` and ``hide``."""
    st.session_state[_GROUPS_BEFORE] = st.session_state.pop(_GROUPS, set())
    _keep_across_pages()
    st.html(STYLE)
    LANG.asked()
    HIDE.asked()
    # Screen readers choose their voice, and browsers the forms of Chinese characters, by the page's language.
    with st.container(key="unseen-language-of-page"):
        st.html(
            f"<script>document.documentElement.lang = '{LANGUAGE_TAGS[language()]}'</script>",
            unsafe_allow_javascript=True,
        )
    with st.container(key="unseen-taps"):
        st.html(f"<script>{SCROLL}{BACK}{TAPS}</script>", unsafe_allow_javascript=True)


def _keep_across_pages() -> None:
    """What holds for all pages holds on the next one, too, whatever its address says.

    The browser puts it into the address only when it has drawn the fields that hold it: on a slow phone a second click
    comes before that, and would lose it.
    """
    page = this_run().page_script_hash
    before, st.session_state["shell_script"] = st.session_state.get("shell_script"), page
    if before not in (None, page):
        for setting in GLOBAL:
            if setting.key not in st.query_params and setting.value:
                setting.put(setting.value)  # to have it sent to the browser


def arrive(page: str) -> None:
    """Come to ``page``. A link that says how it is to look shows everybody the same: what was set there earlier in this
    session is forgotten.

    Streamlit keeps what stood in the URL for the next visit to the page, and would prefer it to what the link leaves
    out, and to whatever in the link is a default.
    """
    before, st.session_state["shell_page"] = st.session_state.get("shell_page"), page
    own = f"{page}_"
    if page != before and any(name.startswith(own) for name in st.query_params):
        for key, value in st.session_state.to_dict().items():
            if key.startswith(own) and isinstance(value, str | int | float | None):
                del st.session_state[key]


def from_the_top(place: str) -> None:
    """Scroll to the top when ``place`` is another one than before; or to what the link that led here names."""
    named = KEY.fullmatch(st.query_params.get(SEE, ""))
    to_the_top = f"/* {place} */ document.querySelector('[data-testid=\"stMain\"]')?.scrollTo(0, 0);"
    see = f"{SCROLL}afterimageSee('{named[0]}');" if named else ""
    with st.container(key=f"unseen-top-of-{place}"):
        st.html(f"<script>{to_the_top}{see}</script>", unsafe_allow_javascript=True)


def go_to(page: str, parameters: Mapping[str, str] | None = None) -> None:
    """Run another page of ``app_pages`` in place of this one, in a state where ``parameters`` say which."""
    # Without query_params Streamlit would clear the whole URL, which bound parameters forbid.
    st.switch_page(f"app_pages/{page}.py", query_params=dict(parameters or {}))


def language_switch() -> None:
    """English or 简体中文; the group ``language``. What is chosen stands in the URL, what was guessed does not."""
    with controls("language", width="content"):
        LANG.offer(
            st.segmented_control,
            "Language / 语言",
            LANGUAGES,
            language(),
            label_visibility="collapsed",
            width="content",
        )


def projector_switch() -> None:
    """Larger type and lines, for the back of a room; the group ``projector``, in the URL as ``projector=true``."""
    with controls("projector", width="content"):
        on = PROJECTOR.toggle(_("Projector"))
    if on:
        st.html(FOR_PROJECTOR.format(type=st.get_option("theme.baseFontSize") * PROJECTED))


def projected() -> bool:
    """Whether the page is in projector mode; ``projector_switch`` comes before."""
    return PROJECTOR.value


def on_phone() -> bool:
    """Whether the browser is a phone's, as its name for itself says (the mark that MDN recommends to look for)."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def wide(key: str):
    """A container for a chart that a phone is too narrow for; ``key`` is the chart's."""
    return st.container(key=f"wide-{key}")


def groups_here() -> set[str]:
    """The groups of controls that this page had when it last ran."""
    return st.session_state.get(_GROUPS_BEFORE, set())


def hidden_groups() -> list[str]:
    """What the URL's ``hide`` names: ``?hide=language,search`` hides two groups of controls."""
    return [name.strip() for name in HIDE.value.split(",")]


def hidden(group: str) -> bool:
    """Whether ``group`` is to be hidden."""
    return group in hidden_groups()


def controls(group: str, **layout: Any):
    """A container for a group of controls that a teacher can hide by the URL.

        with controls("search"):
            beam = BEAM.slider(_("Beam width"))

    Hidden controls are in the page but not displayed: they keep their values and their places in the URL, so a
    lesson can set a value and hide the control. ``layout`` goes to ``st.container``. Once a page for each ``group``.
    """
    st.session_state.setdefault(_GROUPS, set()).add(group)
    state = "unseen" if hidden(group) else "seen"
    return st.container(key=f"{state}-group-{group}", **layout)
