"""Three traces at play, each in a card with a door to its page, which opens in the state that is seen here."""

from collections.abc import Mapping

import streamlit as st

from app.charts.home.caption import caption_film
from app.charts.home.film import STILL_STYLE, STYLE
from app.charts.home.neuron import neuron_film
from app.charts.home.state import state_film
from app.charts.kit.chart import Markup
from app.home import traces
from app.i18n import _, current_language
from app.neurons.models import MODELS, step_response
from app.ui.settings import Flag, Number
from app.ui.shell import controls, go_to

NEURON = MODELS["hodgkin_huxley"]
#: The currents that the slider offers, µA/cm².
STRONGEST, STEP = 20.0, 0.5

CURRENT = Number("home_current", 0.0, STRONGEST, NEURON.stimulus["amplitude"].default, STEP)
MOVING = Flag("home_moving", True)


def door(label: str, page: str, parameters: Mapping[str, str] | None = None) -> None:
    """A button that opens another page, in a state where ``parameters`` say which."""
    if st.button(label, key=f"home_{page}", icon=":material/arrow_forward:"):
        go_to(page, parameters)


def doors() -> None:
    """The three cards side by side (one below the other on a phone), and the switch that stills them."""
    st.html(STYLE)
    caption, sequence, neuron = st.columns(3, gap="medium")
    with caption, st.container(border=True, height="stretch"):
        _caption()
    with sequence, st.container(border=True, height="stretch"):
        _sequence()
    with neuron, st.container(border=True, height="stretch"):
        _neuron()
    with controls("pictures"):
        if not MOVING.toggle(_("Moving pictures")):
            st.html(STILL_STYLE)


def _caption() -> None:
    sample = traces.photo()
    st.subheader(_("A photo becomes a caption"), anchor=False)
    st.html(_caption_film(current_language()).html)
    st.caption(_("Photo: {credit}, {licence}").format(credit=sample.credit, licence=sample.licence))
    st.markdown(
        _(
            "Bright is where the network looked for the word. It is a small network, and it errs. Give it a photo of "
            "yours, and make it say something else."
        )
    )
    st.space("stretch")
    door(_("Caption a photo"), "caption")


def _sequence() -> None:
    st.subheader(_("A sequence becomes a memory"), anchor=False)
    st.html(state_film(traces.sequence()).html)
    st.caption(_("● an even number of ones so far, ■ an odd one"))
    st.markdown(
        _("The ring is all that this network remembers. Step through a larger one, and train one in front of everyone.")
    )
    st.space("stretch")
    door(
        _("Open the laboratory"),
        "sequence",
        {"sequence_network": "preset", "sequence_preset": traces.PRESET, "sequence_text": traces.BITS},
    )


def _neuron() -> None:
    st.subheader(_("A current becomes spikes"), anchor=False)
    place = st.container()
    with controls("neuron"):
        amplitude = CURRENT.slider(_("Current into the neuron (µA/cm²)"), format="%g")
    with place:
        st.html(neuron_film(step_response("hodgkin_huxley", amplitude)).html)
    st.markdown(_("More current: do the spikes grow, or come more often? And what does an artificial neuron do?"))
    st.space("stretch")
    door(_("Compare the two"), "neurons", {"neurons_hh_amplitude": f"{amplitude:g}"})


@st.cache_data(show_spinner=False)
def _caption_film(lang: str) -> Markup:
    return caption_film(traces.caption(lang), traces.photo().open())
