"""What this is, and where to start."""

import streamlit as st

from app.i18n import _
from model.captioner.gallery import samples

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
    if st.button(_("Caption a photo"), key="home_caption", icon=":material/arrow_forward:"):
        # Without query_params Streamlit would clear the whole URL, which bound parameters forbid.
        st.switch_page("app_pages/caption.py", query_params={})

st.markdown(
    _(
        "Everything runs on the computer that serves this page: no account, no graphics card, no network. Made for a "
        "class in front of a projector, and for one person with a question."
    )
)
