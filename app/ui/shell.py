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

STYLE = Path(__file__).parent / "style.css"

#: In projector mode type and lines are so many times as large: full HD then shows what a laptop of 1366 pixels does.
PROJECTED = 1.4
#: All that Streamlit sizes in rem grows by the root's type; the width of a text's column is in pixels.
FOR_PROJECTOR = """<style>
:root {{ font-size: {type}px !important; }}
[data-layout="narrow"] [data-testid="stMainBlockContainer"] {{ max-width: {column}px; }}
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

#: A link leads to another page, and one press of Back returns to this one as it was left, to the line that one was at.
#: Streamlit writes a step more into the browser's history for each change of the address: here a page is one step,
#: whatever one does in it. What Streamlit takes out of a page's address before it leaves stays in it.
BACK = """<script>
window.afterimageBack ??= (() => {
    const push = history.pushState, places = {};
    const main = () => document.querySelector('[data-testid="stMain"]');
    let left = -Infinity;
    document.addEventListener('click', event => {
        const link = event.target.closest?.('[data-testid="stPageLink"] a');
        if (!link || new URL(link.href).pathname === location.pathname) return;
        left = performance.now();
        places[location.pathname] = main().scrollTop;
    }, true);
    history.pushState = function (state, title, url) {
        if (new URL(url ?? '', location.href).pathname !== location.pathname) {
            left = -Infinity;
            return push.call(this, state, title, url);
        }
        if (performance.now() - left > 5000) this.replaceState(state, title, url);
    };
    addEventListener('popstate', () => {
        const place = places[location.pathname], from = performance.now(), ended = new AbortController();
        delete places[location.pathname];
        if (!place) return;
        const once = { capture: true, passive: true, signal: ended.signal };
        for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchmove'])
            document.addEventListener(kind, () => ended.abort(), once);
        const look = setInterval(() => {
            const rests = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"] h1');
            if (!ended.signal.aborted && performance.now() - from < 15000) {
                if (!rests || main().scrollHeight < place) return;
                main().scrollTo(0, place);
                if (performance.now() - from < 1500) return;
            }
            ended.abort();
            clearInterval(look);
        }, 100);
    });
    return true;
})();
</script>"""

#: A link may name what is to be seen, a chart by its key: the page scrolls as far as that needs, when it is drawn, and
#: once more while what stands above it grows; or not at all, where somebody acts before.
SEE = "see"
KEY = re.compile(r"[a-z][a-z0-9_]{0,60}")
IN_SIGHT = """<script>(() => {
    const key = '%s', from = performance.now();
    let still = 0, place = NaN;
    const ended = new AbortController();
    for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchmove'])
        document.addEventListener(kind, () => ended.abort(), { capture: true, passive: true, signal: ended.signal });
    const look = setInterval(() => {
        if (ended.signal.aborted || performance.now() - from > 60000 || still > 10) {
            ended.abort();
            return clearInterval(look);
        }
        const seen = document.querySelector('.st-key-' + key), box = seen?.getBoundingClientRect();
        const resting = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]');
        if (!box?.height || !resting) return;
        const main = document.querySelector('[data-testid="stMain"]'), area = main.getBoundingClientRect();
        const head = document.querySelector('[data-testid="stHeader"]')?.getBoundingClientRect().bottom ?? area.top;
        const below = box.bottom - area.bottom + 8, above = box.top - head - 8;
        if (below > 0) main.scrollBy(0, Math.min(below, above));
        still = box.top === place ? still + 1 : 0;
        place = seen.getBoundingClientRect().top;
    }, 100);
})()</script>"""

#: What the page's HTML says its language is (BCP 47).
LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}


def language() -> str:
    """The user's language: what the URL or the switch says, else the closest to the browser's."""
    asked = LANG.value
    return asked if asked in LANGUAGES else closest_language(st.context.locale)


def begin() -> None:
    """What comes before all else on every page: the global parameters, ``lang`` and ``hide``."""
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
        st.html(TAPS + BACK, unsafe_allow_javascript=True)


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
    with st.container(key=f"unseen-top-of-{place}"):
        st.html(
            f"<script>/* {place} */ document.querySelector('[data-testid=\"stMain\"]')?.scrollTo(0, 0)</script>"
            + (IN_SIGHT % named[0] if named else ""),
            unsafe_allow_javascript=True,
        )


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
        st.html(FOR_PROJECTOR.format(type=st.get_option("theme.baseFontSize") * PROJECTED, column=COLUMN * PROJECTED))


def projected() -> bool:
    """Whether the page is in projector mode; ``projector_switch`` comes before."""
    return PROJECTOR.value


def on_phone() -> bool:
    """Whether the browser is a phone's, as its name for itself says (the mark that MDN recommends to look for)."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def wide(key: str):
    """A container for a chart that a phone is too narrow for; ``key`` is the chart's."""
    return st.container(key=f"wide-{key}")


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
    state = "unseen" if hidden(group) else "seen"
    return st.container(key=f"{state}-group-{group}", **layout)
