"""What this is made of and on what terms, how its numbers are tested, and what a teacher can set by the address."""

import platform
from importlib.metadata import version

import streamlit as st

from app.about.cards import recurrent_card, siblings_card
from app.about.checks import CHECKS
from app.about.citation import bibtex, citation
from app.about.data import data_table, sample_photos
from app.about.packages import licence_of, required
from app.about.scores import scores_table
from app.caption.scores import figures_of, trained_on_cider
from app.i18n import LANGUAGES, _
from app.model_card import model_card
from app.neurons.models import model_names
from app.ui.groups import EVERYWHERE, OF_PAGES

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

st.header(_("The models"))
st.subheader(_("The network that captions"))
learned = _(
    "EfficientNet-Lite2 turns the photo into a grid of 9 by 9 regions. A GRU with attention reads the regions and "
    "writes the caption word by word. It was trained on photos that people had described: Flickr8k, and some of "
    "MS-COCO; and in Chinese also on captions of MS-COCO's photos that a large vision-language model wrote. Most of "
    "the photos that people described show people and dogs, so it knows these best, and it takes over what their "
    "describers assumed, of people's gender and age too."
)
st.markdown(learned)
card = model_card()
if card:
    with st.expander(_("The model card: data, training, figures, known weaknesses (in English)")):
        # Its wide tables move sideways within a narrow page.
        st.html("<style>.st-key-about_card table { display: block; overflow-x: auto; }</style>")
        with st.container(key="about_card"):
            st.markdown(card)
with st.expander(_("Its small siblings, to compare cells and attention")):
    siblings_card()
st.subheader(_("The networks of the sequence page"))
st.markdown(_("RNN, LSTM and GRU written out, with PyTorch's own numbers. Some come trained:"))
with st.expander(_("The trained recurrent networks: tasks, sizes, figures")):
    recurrent_card()
st.subheader(_("The neurons"))
st.markdown(
    _(
        "The models of neurons ({models}) are equations with published parameters: nothing in them is trained. Their "
        "sources stand on the page Neurons, beside each claim."
    ).format(models=", ".join(model_names().values()))
)

st.header(_("How good the captioner is"))
for lang, language in LANGUAGES.items():
    if figures_of(lang):
        st.markdown(f"**{language}**")
        scores_table(lang)
st.caption(
    _(
        "1,000 validation photos of Flickr8k, a beam 5 wide, scored by pycocoevalcap, times 100. "
        "[BLEU-4](https://doi.org/10.3115/1073083.1073135): Papineni and others 2002. "
        "[METEOR](https://doi.org/10.3115/v1/W14-3348): Denkowski and Lavie 2014. ROUGE-L: Lin 2004. "
        "[CIDEr](https://arxiv.org/abs/1411.5726): Vedantam, Zitnick and Parikh 2015. For comparison: Show, Attend "
        "and Tell reports BLEU-4 21.3 and METEOR 20.3 on the test photos ([Xu and others 2015]"
        "(https://arxiv.org/abs/1502.03044), table 1, hard attention)."
    )
)
st.caption(trained_on_cider())
st.caption(
    _(
        "Chinese captions are cut into characters, not words: their figures are higher, and cannot be compared with "
        "English ones."
    )
)

st.header(_("How the numbers are tested"))
st.markdown(
    _(
        "What a page shows is computed while you look, or was computed by a command that anybody can give again. Tests "
        "hold it, among them:"
    )
)
st.markdown("\n".join(f"- {_(claim)} `{file}`" for claim, file in CHECKS))
st.markdown(_("`make test` runs them all."))

st.header(_("For teachers"))
st.markdown(
    _(
        "Settings stand in the address of the page: set up what you want to show, copy the address, and everybody who "
        "opens it sees the same. Three parameters work on every page."
    )
)
languages = " · ".join(f"`lang={code}` {name}" for code, name in LANGUAGES.items())


def listed(groups: dict[str, str]) -> str:
    return " · ".join(f"`{group}` {_(what)}" for group, what in groups.items())


of_pages = {
    "home": _("On the start page also: {groups}."),
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
    _("Larger type and lines, for the back of a room: `projector=true`."),
    everywhere.format(groups=listed(EVERYWHERE)),
    _("The button **Share with class** on every page puts such an address together, with a QR code."),
]
st.markdown("\n".join(f"- {line}" for line in lines))
with st.expander(_("What else can be hidden, page by page")):
    st.markdown("\n".join(f"- {text.format(groups=listed(OF_PAGES[page]))}" for page, text in of_pages.items()))

st.header(_("Data and licences"))
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
with st.expander(_("The data")):
    data_table()
with st.expander(_("The sample photos")):
    sample_photos()

st.header(_("Versions"))
st.markdown(
    _("Afterimage {version} on Python {python}.").format(
        version=citation()["version"], python=platform.python_version()
    )
)
with st.expander(_("The packages: versions and licences")):
    st.table(
        [{_("Package"): name, _("Version"): version(name), _("Licence"): licence_of(name)} for name in required()],
        hide_index=True,
    )

st.header(_("Citation"))
st.markdown(_("If you use Afterimage in teaching or research, please cite it:"))
st.code(bibtex(), language="bibtex", wrap_lines=True)
