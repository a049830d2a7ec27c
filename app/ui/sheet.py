"""A page's settings beside its result; on a phone the result alone, and the settings in a sheet that opens over it."""

import html

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.i18n import _

#: Opens and closes the sheet, wherever the page is drawn again: by its button, by Escape, by a tap beside it.
SCRIPT = """<script>
window.afterimageSheet ??= (() => {
  const root = document.documentElement;
  const set = open => {
    root.classList.toggle('sheet-is-open', open);
    document.querySelectorAll('.sheet-button').forEach(one => one.setAttribute('aria-expanded', open));
  };
  document.addEventListener('click', event => {
    const button = event.target.closest?.('.sheet-button');
    if (button) set(!root.classList.contains('sheet-is-open'));
    else if (!event.target.closest?.('[class*="st-key-sheet-"], [data-baseweb]')) set(false);
  });
  document.addEventListener('keydown', event => { if (event.key === 'Escape') set(false); });
  return true;
})();
</script>"""


def settings_beside(page: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where the ``page``'s settings go, and where its result does."""
    left, right = st.columns([2, 5], gap="large")
    with st.container(key=f"sheet-button-{page}"):
        opened, closed = html.escape(_("Close")), html.escape(_("Settings"))
        st.html(
            '<button type="button" class="sheet-button" aria-expanded="false">'
            f'<span class="sheet-opens">{closed}</span><span class="sheet-closes">{opened}</span></button>' + SCRIPT,
            unsafe_allow_javascript=True,
        )
    return left.container(key=f"sheet-{page}"), right
