"""A model of a living neuron beside an artificial one: the same stimulus, five ways to look."""

import streamlit as st

from app.i18n import _, translate_error
from app.neurons import learning, memory, one, summing, table
from app.ui.settings import Code
from app.ui.shell import controls
from model.errors import UserError

names = {
    "one": _("1 One neuron"),
    "summing": _("2 Summing inputs"),
    "learning": _("3 Learning"),
    "memory": _("4 Memory"),
    "table": _("5 The table"),
}
shows = {
    "one": one.show,
    "summing": summing.show,
    "learning": learning.show,
    "memory": memory.show,
    "table": table.show,
}
with controls("views"):
    view = Code("neurons_view", "one").choose(st.segmented_control, _("View"), names, label_visibility="collapsed")
try:
    shows[view]()
except UserError as error:
    st.error(translate_error(error), icon=":material/help:")
