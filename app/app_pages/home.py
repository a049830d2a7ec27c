"""What this is, and where to start."""

import streamlit as st

from app.i18n import _
from model.captioner.gallery import samples


def _door(label: str, page: str) -> None:
    """A button that opens another page."""
    if st.button(label, key=f"home_{page}", icon=":material/arrow_forward:"):
        # Without query_params Streamlit would clear the whole URL, which bound parameters forbid.
        st.switch_page(f"app_pages/{page}.py", query_params={})


cat = next(sample for sample in samples() if sample.key == "cat")

st.header(_("See how a recurrent network looks, remembers and speaks, beside the brain that inspired it."))

photo, words = st.columns([2, 3], gap="large", vertical_alignment="center")
with photo:
    st.image(
        cat.path,
        alt=_("The face of a ginger cat, seen from close by."),
        caption=_("Photo: {credit}, {licence}").format(credit=cat.credit, licence=cat.licence),
        width="stretch",
    )
with words:
    st.subheader(_("A photo becomes a caption"))
    st.markdown(
        _(
            "What would a network say about this cat, or about a photo of yours? It looks at the photo region by "
            "region and writes one word after another. See where it looked for each word, what it remembered and what "
            "it nearly said, and make it say something else."
        ),
        width=640,
    )
    _door(_("Caption a photo"), "caption")

sequence, neurons = st.columns(2, gap="large")
with sequence:
    st.subheader(_("A sequence becomes a memory"))
    st.markdown(
        _(
            "Step through a small RNN, LSTM or GRU while it reads, with the numbers in its formulas. Train it in front "
            "of everyone, and see why its gradients vanish or explode."
        )
    )
    _door(_("Open the laboratory"), "sequence")
with neurons:
    st.subheader(_("A neuron beside an artificial one"))
    st.markdown(
        _(
            "One stimulus drives a model of a living neuron and an artificial one. See what is alike and what is not: "
            "spikes, sums, learning, memory, each with its sources."
        )
    )
    _door(_("Compare the two"), "neurons")

st.markdown(
    _(
        "Everything runs on the computer that serves this page: no account, no graphics card, no network. Made for a "
        "class in front of a projector, and for one person with a question."
    )
)
