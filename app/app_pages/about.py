"""What this is made of, what it does with a photo, and what a teacher can set by the address."""

import platform
from importlib.metadata import version

import streamlit as st

from app.groups import EVERYWHERE, OF_PAGES
from app.i18n import LANGUAGES, _
from app.model_card import model_card

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


def listed(groups: dict[str, str]) -> str:
    return " · ".join(f"`{group}` {_(what)}" for group, what in groups.items())


of_pages = {
    "caption": _("On the caption page also: {groups}."),
    "sequence": _("On the sequence page also: {groups}."),
    "neurons": _("On the neurons page also: {groups}."),
    "lessons": _("In the lessons also: {groups}."),
}
everywhere = _(
    "Controls to hide, with commas between them, for example `hide=language,navigation`. On every page: {groups}."
)
lines = [
    _("The language: {languages}. Without it the browser's language decides.").format(languages=languages),
    everywhere.format(groups=listed(EVERYWHERE)),
    *(text.format(groups=listed(OF_PAGES[page])) for page, text in of_pages.items()),
]
st.markdown("\n".join(f"- {line}" for line in lines))
st.markdown(_("The button **Share with class** on every page puts such an address together, with a QR code."))

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
