"""What this is made of, what it does with a photo, and what a teacher can set by the address."""

import platform
from importlib.metadata import version

import streamlit as st

from app.i18n import LANGUAGES, N_, _
from app.model_card import model_card

#: The groups of controls that ``hide`` knows on every page, and what they are.
GROUPS = {"language": N_("the language switch"), "navigation": N_("the links to the pages")}

#: Those of each page with a laboratory.
CAPTION_GROUPS = {
    "photo": N_("the choice of the photo"),
    "credit": N_("the sample photo's credit"),
    "caption_language": N_("the caption's language"),
    "search": N_("how it searches for words"),
    "steer": N_("the words it starts with"),
    "guess": N_("the guessing"),
    "views": N_("the choice of the view"),
    "export": N_("the downloads"),
    "samples": N_("how it does on all samples"),
    "scores": N_("how good it is, measured"),
}

SEQUENCE_GROUPS = {
    "views": N_("the choice of the view"),
    "source": N_("which network is looked at"),
    "preset": N_("the choice of a preset"),
    "look": N_("which of several networks is looked at"),
    "network": N_("the task, the cell and its size"),
    "training": N_("how it is trained"),
    "sequence": N_("the sequence that it reads"),
    "unit": N_("the unit whose formula is shown"),
    "more": N_("the choice of the second picture"),
    "run": N_("run, pause and step"),
    "watch": N_("what is watched while it trains"),
    "rewind": N_("the way back to an earlier step"),
    "go_on": N_("training on from there"),
    "gradient": N_("the choice of the picture of gradients"),
    "gradient_settings": N_("the settings of that picture"),
    "question": N_("the question to try"),
    "export": N_("the downloads"),
    "files": N_("saving and loading settings"),
}
NEURONS_GROUPS = {
    "views": N_("the choice of the view"),
    "preset": N_("the choice of a preset"),
    "question": N_("the question to try"),
    "export": N_("the downloads"),
    "neuron": N_("the model of a living neuron"),
    "stimulus": N_("the stimulus"),
    "unit": N_("the artificial neuron"),
    "timing": N_("when the inputs come"),
    "synapses": N_("how strong the synapses are"),
    "inhibition": N_("the inhibitory synapse"),
    "stdp": N_("spike times and the window of plasticity"),
    "gradient": N_("the target and the gradient step"),
    "recurrence": N_("how strong the recurrence is"),
    "flash": N_("the flashed stimulus"),
    "seed": N_("the seed"),
    "filter": N_("the table's filter and search"),
}

PACKAGES = ("torch", "torchvision", "transformers", "timm", "streamlit", "plotly", "numpy", "pillow")

st.markdown(
    _(
        "Afterimage shows what a recurrent network does while it works. Every model here leaves a trace of its run: "
        "where it looked, what it remembered, what it nearly said. The pictures on these pages are drawn from such "
        "traces and from nothing else."
    )
)

st.header(_("Your photos"))
st.markdown(
    _(
        "A photo you open goes to the computer that runs Afterimage, is kept in its memory while your page is open, "
        "and is then forgotten. It is stored nowhere and sent nowhere; only while it arrives, a large one may pass "
        "through a temporary file. Afterimage asks nothing of the network: no fonts, no maps, no statistics."
    )
)

st.header(_("The network that captions"))
st.markdown(
    _(
        "EfficientNet-Lite2 turns the photo into a grid of 9 by 9 regions. A GRU with attention reads the regions and "
        "writes the caption word by word. It was trained on photos that people had described: Flickr8k (Hodosh, Young "
        "and Hockenmaier 2013), also in Chinese (Flickr8k-CN, Li and others 2016), and some of MS-COCO (Chen and "
        "others 2015). Most of them show people and dogs, so it knows these best, and it takes over what their "
        "describers assumed, of people's gender and age too."
    )
)
card = model_card()
if card:
    with st.expander(_("The model card: data, training, figures, known weaknesses (in English)")):
        st.markdown(card)

st.header(_("For teachers"))
st.markdown(
    _(
        "Settings stand in the address of the page: set up what you want to show, copy the address, and everybody who "
        "opens it sees the same. Two parameters work on every page."
    )
)
languages = " · ".join(f"`lang={code}` {name}" for code, name in LANGUAGES.items())
groups, caption_groups, sequence_groups, neurons_groups = (
    " · ".join(f"`{group}` {_(what)}" for group, what in known.items())
    for known in (GROUPS, CAPTION_GROUPS, SEQUENCE_GROUPS, NEURONS_GROUPS)
)
st.markdown(
    "- "
    + _("The language: {languages}. Without it the browser's language decides.").format(languages=languages)
    + "\n- "
    + _(
        "Controls to hide, with commas between them, for example `hide=language,navigation`. On every page: {groups}."
    ).format(groups=groups)
    + "\n- "
    + _("On the caption page also: {groups}.").format(groups=caption_groups)
    + "\n- "
    + _("On the sequence page also: {groups}.").format(groups=sequence_groups)
    + "\n- "
    + _("On the neurons page also: {groups}.").format(groups=neurons_groups)
)

st.header(_("Licences"))
st.markdown(
    "- "
    + _("The code is free software under the MIT licence.")
    + "\n- "
    + _(
        "The trained weights are for research and teaching, as are the photos they were trained on. "
        "EfficientNet-Lite2's own weights are Google's, under the Apache licence 2.0."
    )
    + "\n- "
    + _("The sample photos come with the packages scikit-image and scikit-learn; each is shown with its credit.")
)

st.header(_("Versions"))
st.table({"Python": platform.python_version()} | {name: version(name) for name in PACKAGES})
