"""How the page's captioner searches for words: every setting stands in the URL."""

from collections.abc import Sequence

import streamlit as st

from app.charts.caption.captions import by_unit
from app.i18n import _, current_language
from app.ui.settings import Code, Flag, Number, Seed
from app.ui.shell import controls
from model.captioner import Sampling, SearchSettings
from model.captioner.languages import LANGUAGES
from model.captioner.settings import MAX_WORDS

#: The page's own limits, below the model's: what can still be read on a screen.
WIDEST_BEAM = 10
LONGEST_CAPTION = min(30, MAX_WORDS)

LANG = Code("caption_lang", "page")
SEARCH = Code("caption_search", "beam")
WORDS = Number("caption_max_words", 1, LONGEST_CAPTION, 20)
REPEAT = Flag("caption_repeat")
BEAM = Number("caption_beam", 2, WIDEST_BEAM, 3)
TEMPERATURE = Number("caption_temperature", 0.1, 3.0, 1.0, 0.1)
TOP_K = Number("caption_top_k", 0, 100, 0)
TOP_P = Number("caption_top_p", 0.05, 1.0, 1.0, 0.05)
SEED = Seed("caption_seed")


def search_in_words(settings: SearchSettings) -> str:
    """The search in a few words of the user's language."""
    if settings.sample:
        return _("drawn at temperature {temperature}, seed {seed}").format(
            temperature=settings.sample.temperature, seed=settings.sample.seed
        )
    return _("greedy search") if settings.beam == 1 else _("beam search, {beam} wide").format(beam=settings.beam)


def choose_language(spoken: Sequence[str]) -> str:
    """The group ``caption_language``: in which of the ``spoken`` languages it captions; by itself, in the page's."""
    own = current_language() if current_language() in spoken else spoken[0]
    if len(spoken) < 2:
        return own
    names = {"page": _("As the page")} | {lang: LANGUAGES[lang].own_name for lang in spoken}
    with controls("caption_language"):
        chosen = LANG.choose(st.segmented_control, _("The caption's language"), names)
    return own if chosen == "page" else chosen


def choose_settings(spoken: Sequence[str]) -> SearchSettings:
    """The captioner's language, one of ``spoken``, and the group ``search``."""
    lang = choose_language(spoken)
    with controls("search"), st.expander(_("How it searches for words"), icon=":material/tune:"):
        kind = SEARCH.choose(
            st.segmented_control,
            _("Search"),
            {"greedy": _("Greedy"), "beam": _("Beam"), "sample": _("Sampling")},
            help=_(
                "Greedy takes the most likely word each time. A beam follows several beginnings at once and keeps the "
                "best. Sampling draws words by their probability."
            ),
        )
        beam, sample = 1, None
        if kind == "beam":
            beam = BEAM.slider(_("Beam width"))
        if kind == "sample":
            sample = Sampling(
                temperature=TEMPERATURE.slider(
                    _("Temperature"), help=_("Below 1 it plays safe, above 1 it takes risks.")
                ),
                top_k=TOP_K.slider(_("Only the k most likely words (0: all)")),
                top_p=TOP_P.slider(_("Only words that hold this probability together")),
                seed=SEED.field(_("Seed"), help=_("The same seed draws the same words.")),
            )
        longest = WORDS.slider(by_unit(lang, _("Longest caption, in words"), _("Longest caption, in characters")))
        repeat = REPEAT.toggle(
            _("Let it say a thing twice"),
            help=_(
                "By itself it forgets what it has said: “a man in a black hat and hat”. So the search leaves out what "
                "would name a thing again: in English a word that names something, in Chinese a pair of characters, "
                "and a character that people do not double (狗狗, but not 果果). Function words and numbers may come "
                "again, and so may what follows “another”."
            ),
        )
    return SearchSettings(lang, beam, sample=sample, max_words=longest, repeat=repeat)
