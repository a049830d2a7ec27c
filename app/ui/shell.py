"""What every page shares: the language, the URL, and groups of controls that a teacher can hide.

Settings stand in the URL by Streamlit's own ``bind="query-params"``, and three facts about it shape this module:
a bound choice puts its translated label into the URL, not its value; the browser keeps a page's parameters only for
widgets that are in the page; and parameters of widgets in ``streamlit_app.py`` survive a change of page. So a value
that must be language-neutral, or that has no widget of its own, is carried by a text field that is there but not
displayed (``in_url``), and hidden controls are not displayed either, but keep their values.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.i18n import LANGUAGES, _, closest_language
from app.ui import query

#: What holds for all pages.
GLOBAL = ("lang", "hide", "projector")

#: No setting that stands in the URL is longer, in characters.
LONGEST = 200

STYLE = Path(__file__).parent / "style.css"

#: In projector mode type and lines are so many times as large: full HD then shows what a laptop of 1366 pixels does.
PROJECTED = 1.4
#: All that Streamlit sizes in rem grows by the root's type; the width of a text's column is in pixels. What other pages
#: leave free at their sides would grow too.
FOR_PROJECTOR = """<style>
:root {{ font-size: {type}px !important; }}
[data-layout="narrow"] [data-testid="stMainBlockContainer"] {{ max-width: {column}px; }}
[data-layout="wide"] [data-testid="stMainBlockContainer"] {{ padding-inline: 2rem; }}
</style>"""
#: Streamlit's width of a text's column, in pixels.
COLUMN = 736

#: A click on a chart chooses what the pointer was over just before. A finger was over nothing: so each touch begins
#: with a move of the pointer to its place. Once a page, whatever runs again.
TAPS = """<script>
window.afterimageTaps ??= (document.addEventListener('touchstart', event => {
    const { clientX, clientY } = event.touches[0];
    const move = new MouseEvent('mousemove', { bubbles: true, clientX, clientY });
    event.target.closest?.('.js-plotly-plot .nsewdrag')?.dispatchEvent(move);
}, { capture: true, passive: true }), true);
</script>"""

#: What the page's HTML says its language is (BCP 47).
LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}


def language() -> str:
    """The user's language: what the URL or the switch says, else the closest to the browser's."""
    asked = st.session_state.get("lang")
    return asked if asked in LANGUAGES else closest_language(st.context.locale)


def begin() -> None:
    """What comes before all else on every page: the global parameters, ``lang`` and ``hide``."""
    query.clean()
    _keep_across_pages()
    st.html(STYLE)
    in_url("lang")
    in_url("hide")
    # Screen readers choose their voice, and browsers the forms of Chinese characters, by the page's language.
    with st.container(key="unseen-language-of-page"):
        st.html(
            f"<script>document.documentElement.lang = '{LANGUAGE_TAGS[language()]}'</script>",
            unsafe_allow_javascript=True,
        )
    with st.container(key="unseen-taps"):
        st.html(TAPS, unsafe_allow_javascript=True)


def _keep_across_pages() -> None:
    """What holds for all pages holds on the next one, too, whatever its address says.

    The browser puts it into the address only when it has drawn the fields that hold it: on a slow phone a second click
    comes before that, and would lose it.
    """
    page = get_script_run_ctx().page_script_hash
    before, st.session_state["shell_script"] = st.session_state.get("shell_script"), page
    if before not in (None, page):
        for key in GLOBAL:
            if key not in st.query_params and st.session_state.get(key):
                st.session_state[key] = st.session_state[key]  # to have it sent to the browser


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
    """Scroll to the top when ``place`` is another one than before."""
    with st.container(key=f"unseen-top-of-{place}"):
        st.html(
            f"<script>/* {place} */ document.querySelector('[data-testid=\"stMain\"]')?.scrollTo(0, 0)</script>",
            unsafe_allow_javascript=True,
        )


def in_url(key: str, default: str = "") -> str:
    """The text of the URL's parameter ``key``, or ``default``, which the URL leaves out.

    It may be anything a stranger typed: compare it with what is allowed, and never show it as HTML. Set it by
    ``st.session_state[key]`` in a callback.
    """
    with st.container(key=f"unseen-{key}"):
        return st.text_input(key, default, key=key, bind="query-params", max_chars=LONGEST)


def choice(
    widget: Callable[..., str | None],
    label: str,
    options: Mapping[str, str],
    *,
    key: str,
    default: str,
    **settings: Any,
) -> str:
    """A choice whose code, not its translated label, stands in the URL, so that a link works in every language.

        search = choice(st.segmented_control, _("Search"), {"greedy": _("Greedy"), "beam": _("Beam")},
                        key="caption_search", default="beam")  # ?caption_search=greedy

    ``widget`` is ``st.segmented_control``, ``st.pills``, ``st.radio`` or ``st.selectbox``; ``options`` maps codes to
    labels; ``settings`` go to the widget, whose own key is ``key`` with ``_shown`` behind it. Returns a code, always
    one of ``options``.
    """
    asked = in_url(key, default)
    chosen = asked if asked in options else default
    return _show_choice(widget, label, options, key, chosen, settings)


def _show_choice(
    widget: Callable[..., str | None], label: str, options: Mapping[str, str], key: str, chosen: str, settings: dict
) -> str:
    shown = f"{key}_shown"

    def remember() -> None:
        st.session_state[key] = st.session_state[shown]

    if widget in (st.segmented_control, st.pills):
        settings = {"required": True} | settings
    st.session_state[shown] = chosen
    widget(label, list(options), format_func=options.get, key=shown, on_change=remember, **settings)
    return chosen


def language_switch() -> None:
    """English or 简体中文; the group ``language``. What is chosen stands in the URL, what was guessed does not."""
    with controls("language", width="content"):
        _show_choice(
            st.segmented_control,
            "Language / 语言",
            LANGUAGES,
            "lang",
            language(),
            {"label_visibility": "collapsed", "width": "content"},
        )


def projector_switch() -> None:
    """Larger type and lines, for the back of a room; the group ``projector``, in the URL as ``projector=true``."""
    with controls("projector", width="content"):
        on = st.toggle(_("Projector"), key="projector", bind="query-params")
    if on:
        st.html(FOR_PROJECTOR.format(type=st.get_option("theme.baseFontSize") * PROJECTED, column=COLUMN * PROJECTED))


def projected() -> bool:
    """Whether the page is in projector mode; ``projector_switch`` comes before."""
    return bool(st.session_state.get("projector"))


def wide(key: str):
    """A container for a chart that a phone is too narrow for; ``key`` is the chart's."""
    return st.container(key=f"wide-{key}")


def hidden_groups() -> list[str]:
    """What the URL's ``hide`` names: ``?hide=language,search`` hides two groups of controls."""
    return [name.strip() for name in st.session_state.get("hide", "").split(",")]


def hidden(group: str) -> bool:
    """Whether ``group`` is to be hidden."""
    return group in hidden_groups()


def controls(group: str, **layout: Any):
    """A container for a group of controls that a teacher can hide by the URL.

        with controls("search"):
            beam = st.slider(_("Beam width"), 1, 10, 3, key="caption_beam", bind="query-params")

    Hidden controls are in the page but not displayed: they keep their values and their places in the URL, so a
    lesson can set a value and hide the control. ``layout`` goes to ``st.container``. Once a page for each ``group``.
    """
    state = "unseen" if hidden(group) else "seen"
    return st.container(key=f"{state}-group-{group}", **layout)
