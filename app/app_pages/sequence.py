"""A sequence becomes a memory: step through it, train a network live, see how far its gradients reach and where
its memory falls."""

import streamlit as st

from app import remembered
from app.i18n import _, translate_error
from app.sequence.files import settings_and_loading
from app.sequence.gradient_view import gradients_through_time
from app.sequence.landscape_view import has_plane, landscape_of_trained, two_units_by_hand
from app.sequence.networks import choose_networks, choose_source
from app.sequence.reading import choose_sequence, readable
from app.sequence.settings import choose_plan
from app.sequence.step_view import step_through
from app.sequence.train_view import train_it_live
from app.sequence.two_units import choose_start, choose_two_units
from app.sequence.words import what_to_look_for
from app.ui.settings import Code
from app.ui.sheet import settings_beside
from app.ui.shell import controls
from model.errors import UserError

names = {
    "step": _("1 Step through"),
    "train": _("2 Train it live"),
    "gradients": _("3 Gradients through time"),
    "landscape": _("4 The landscape"),
}
with controls("views"):
    view = Code("sequence_view", "step").choose(st.segmented_control, _("View"), names, label_visibility="collapsed")

left, right = settings_beside("sequence")
try:
    with left:
        # What it reads stands first, but depends on what reads.
        above = st.container()
        source = choose_source(view)
        with above:
            typed = choose_sequence(view, source)
        hand = choose_two_units(source == "hand")
        plan = choose_plan(view, source)
        networks = choose_networks(view, source, plan, typed)
        start = choose_start(view == "landscape" and all(map(has_plane, networks.values())))
    remembered.of_all(view != "train" and source in ("preset", "hand") and not typed)
    with right:
        task = next(iter(networks.values())).task if networks else None
        if view != "train":
            what_to_look_for(view, task.name if task else "")
        if task and source != "hand":
            typed = readable(task, typed)
        if view == "train":
            train_it_live(plan())
        elif view == "gradients":
            gradients_through_time(networks, typed)
        elif source == "hand":
            two_units_by_hand(hand._replace(start=start))
        elif view == "landscape":
            landscape_of_trained(next(iter(networks.values())), typed, start)
        else:
            step_through(next(iter(networks.values())), typed)
except UserError as error:
    with right:
        st.error(translate_error(error), icon=":material/help:")
with left:
    settings_and_loading()
