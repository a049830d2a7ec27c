"""How good the captioner is, and what each step of its training brought."""

from functools import partial
from pathlib import Path

import streamlit as st

from app.charts.caption.scores import score_dots
from app.i18n import _
from app.models import ASSETS
from app.ui.drawing import draw
from app.ui.settings import Flag
from app.ui.shell import controls
from model.captioner.figures import read_steps

SCORES = Flag("caption_scores")


def how_good(lang: str) -> None:
    """The group ``scores``: a switch, and the figures of the captions in ``lang``."""
    with controls("scores"):
        shown = SCORES.toggle(_("How good it is, measured"))
    if not shown:
        return
    st.markdown(
        _(
            "Measured on {photos} photos that it did not learn from, against five captions each by people, with a "
            "beam 5 wide. **BLEU-4** counts runs of up to four words that people used too, **CIDEr** weighs such "
            "runs by how telling they are, **METEOR** also knows synonyms and word forms. Each row is a step of its "
            "training."
        ).format(photos=f"{1000:,}")
    )
    named = {names()[one["step"]]: [one] for one in figures_of(lang)}
    draw(partial(score_dots, named), f"caption_chart_scores_{lang}")
    notes = [
        trained_on_cider(),
        _(
            "The settings were chosen on the same photos, so expect a little less on others. Everything on this page "
            "is one small network's doing; the model card on the page About has the recipe and all figures."
        ),
    ]
    if lang == "zh":
        notes.append(
            _(
                "Chinese captions are cut into characters, not words: their figures are higher, and cannot be compared "
                "with English ones."
            )
        )
    elif lang == "en":
        notes.append(
            _(
                "For comparison: Show, Attend and Tell, the first captioner with attention, reports BLEU-4 21.3 and "
                "METEOR 20.3 on Flickr8k's test photos (Xu and others 2015, table 1, hard attention)."
            )
        )
    for note in notes:
        st.caption(note)


def trained_on_cider() -> str:
    """What must be said wherever CIDEr stands for the last step."""
    return _(
        "Step 3 trains on CIDEr itself (CIDEr-D, a variant of it, on the training photos): what it gains there is what "
        "it was rewarded for. What became of BLEU-4 and METEOR, which it was not told of, says more."
    )


def figures_of(lang: str, photos_of: str = "flickr8k", folder: Path = ASSETS / "captioner") -> list[dict]:
    """The steps' figures in ``lang`` on a data set's validation photos, in the recipe's order."""
    every = read_steps(folder)
    order = list(names())
    asked = (one for one in every if (one["lang"], one["photos_of"]) == (lang, photos_of))
    return sorted(asked, key=lambda one: order.index(one["step"]))


def names() -> dict[str, str]:
    """The recipe's steps by their names in the file."""
    return {
        "frozen": _("Step 1: words, on a frozen eye"),
        "fine_tuned": _("Step 2: eye and words together"),
        "self_critical": _("Step 3: on its own captions"),
    }
