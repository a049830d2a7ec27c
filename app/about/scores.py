"""How good the captioner is: all that was measured, in a table."""

import streamlit as st

from app.caption.scores import figures_of, names
from app.i18n import _
from model.captioner.figures import MEASURES

#: The measures in the table; one that was not taken, as METEOR of Chinese, is a dash.
SHOWN = ("bleu4", "meteor", "rouge_l", "cider")


def scores_table(lang: str) -> None:
    """A row for each step of the training, for captions in ``lang``."""
    st.table(
        [
            {_("Step of its training"): names()[one["step"]]}
            | {MEASURES[key]: "–" if one[key] is None else f"{100 * one[key]:.1f}" for key in SHOWN}
            | {_("Words used"): f"{one['vocabulary']:,}"}
            for one in figures_of(lang)
        ],
        hide_index=True,
    )
