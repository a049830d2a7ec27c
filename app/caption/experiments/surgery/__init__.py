"""Surgery on the memory: it is replaced by another caption's, step by step and unit by unit, to see what it carries.

One file a question; the other photo and both words are chosen in ``other``.
"""

import streamlit as st

from app.caption.experiments.surgery import hold, patch, swap
from app.caption.shown import Shown
from app.i18n import _
from app.ui.settings import Code

PART = Code("caption_surgery_part", "swap")


def show(shown: Shown) -> None:
    shown.introduce(
        _(
            "To see that something is in the memory is not to see that it is used. So reach in: put something else "
            "there while the caption is being written, and watch what becomes of it."
        )
    )
    if not shown.trace.words:
        st.info(_("The caption is empty: there is no word to operate on."))
        return
    parts = {
        "swap": (_("Swap memories"), swap.show),
        "patch": (_("Which step carries it?"), patch.show),
        "hold": (_("Hold units"), hold.show),
    }
    part = PART.choose(
        st.segmented_control,
        _("What to replace"),
        {code: name for code, (name, _show) in parts.items()},
        label_visibility="collapsed",
    )
    parts[part][1](shown)
