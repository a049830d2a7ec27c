"""How good the captioner is: all that was measured, in a table."""

import streamlit as st

from app.caption.scores import figures_of, names
from app.i18n import _

#: The figures by their names in the file; one that was not taken, as METEOR of Chinese, is a dash.
MEASURES = {"bleu4": "BLEU-4", "meteor": "METEOR", "rouge_l": "ROUGE-L", "cider": "CIDEr"}


def scores_table(lang: str) -> None:
    """A row for each step of the training, for captions in ``lang``."""
    st.table(
        [
            {_("Step of its training"): names()[one["step"]]}
            | {name: "–" if one[key] is None else f"{100 * one[key]:.1f}" for key, name in MEASURES.items()}
            | {_("Words used"): f"{one['vocabulary']:,}"}
            for one in figures_of(lang)
        ],
        hide_index=True,
    )
