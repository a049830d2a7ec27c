"""What this is, and where to start."""

import streamlit as st

from app.home.doors import door, doors
from app.home.teachers import for_teachers
from app.i18n import _

st.header(
    _("See how a recurrent network looks, remembers and speaks, beside the brain that inspired it."), anchor=False
)
with st.container(horizontal=True, vertical_alignment="center"):
    door(_("Begin with lesson 1"), "lessons", {"lessons_lesson": "brain"})
    st.markdown(_("New here? Short lessons lead from the first neuron to the captioner. Or open one of these:"))
doors()
for_teachers()
st.markdown(
    _(
        "Everything runs on the computer that serves this page: no account, no graphics card, no network. Made for a "
        "class in front of a projector, and for one person with a question."
    )
)
