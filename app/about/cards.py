"""Cards of the small networks that come with the project: what they are, what they learned, by which command."""

import json

import streamlit as st

from app.caption.experiments.siblings import kinds
from app.i18n import N_, _
from app.models import ASSETS, SIBLINGS
from model.captioner.figures import mean_and_spread
from model.captioner.siblings import FIGURES, KINDS, read_figures
from model.recurrent import PRESETS as RECIPES
from model.recurrent import Settings

PRESETS = ASSETS / "recurrent" / "presets.json"

#: What each task of the shipped recurrent networks asks.
TASKS = {
    "text": N_("say the next character of a text"),
    "recall": N_("recall a symbol over 60 others"),
    "parity": N_("tell odd from even numbers of ones"),
    "reber": N_("follow the embedded Reber grammar"),
    "sine": N_("say the next value of a sine wave"),
}
#: Cells by their names in the files.
CELLS = {"rnn_tanh": N_("Plain RNN"), "lstm": N_("LSTM"), "gru": N_("GRU")}


def recurrent_card() -> None:
    """The networks of the sequence page, with the figures that were measured when they were made."""
    rows = json.loads(PRESETS.read_text(encoding="utf-8"))
    sequences = {one["sequences"] for one in rows.values()}
    st.markdown(
        _(
            "{count} small networks, trained on sequences that their tasks make up, but for two texts: the nursery "
            "rhyme “This is the house that Jack built” and the beginning of the Three Character Classic, both "
            "centuries old. “Right” is the share of right answers on {sequences} fresh sequences; where five seeds "
            "were compared, the network shown is the one in the middle. LSTM and GRU began with a bias of {bias:g} at "
            "the gate that keeps, {recall:g} where they recall (see lesson 5). They are under the MIT licence, as the "
            "code."
        ).format(
            count=len(rows),
            sequences=f"{max(sequences):,}",
            bias=Settings.keep_bias,
            recall=RECIPES["recall-gru"].settings.keep_bias,
        )
    )
    tasks = {task: _(asks) for task, asks in TASKS.items()}
    cells = {cell: _(name) for cell, name in CELLS.items()}
    st.table(
        [
            {
                _("Name"): name,
                _("Task"): tasks[one["task"]],
                _("Cell"): cells[one["cell"]],
                _("Numbers learned"): f"{one['parameters']:,}",
                _("Right"): f"{one['accuracy']:.1%}",
            }
            for name, one in rows.items()
        ],
        hide_index=True,
    )
    st.markdown(_("Made again by:"))
    st.code("python -m model.recurrent presets", language="sh")


def siblings_card() -> None:
    """The captioner's four siblings, where they are installed."""
    if not (SIBLINGS / FIGURES).is_file():
        st.markdown(_("They are not installed here."))
        return
    measured = read_figures(SIBLINGS)
    st.markdown(
        _(
            "Four decoders that differ in the cell, or in whether they have attention, and in width. They see what the "
            "captioner's eye sees, and learned the same English captions by one recipe, with {seeds} seeds each. CIDEr "
            "on the validation photos, mean ± standard deviation over the seeds. They are for research and teaching, "
            "as is the captioner."
        ).format(seeds=min(len(of_seeds) for of_seeds in measured.values()))
    )
    st.table(
        [
            {
                _("Name"): kinds()[kind],
                _("Units"): f"{KINDS[kind]['hidden_size']}",
                "CIDEr": "{:.1f} ± {:.1f}".format(*mean_and_spread(of_seeds)),
            }
            for kind, of_seeds in measured.items()
        ],
        hide_index=True,
    )
    st.markdown(_("Made again by:"))
    st.code(
        "python -m model.training.siblings --captioner assets/captioner --data flickr8k coco --out runs/siblings",
        language="sh",
        wrap_lines=True,
    )
