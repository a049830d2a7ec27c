"""The honest note under every caption: what to make of attention, and what this captioner is bad at."""

import streamlit as st

from app.i18n import _


def honest_note() -> None:
    with st.expander(_("What this shows, and what it does not"), icon=":material/info:"):
        st.markdown(
            "\n".join(
                f"- {line}"
                for line in (
                    _(
                        "Attention shows which regions were mixed into the word's context. It does not prove that the "
                        "word was said because of them: much of a caption follows from the words before."
                    ),
                    _(
                        "Each map adds up to 100 %, even when the gate on it is nearly shut and the photo hardly "
                        "mattered. Look at the gate before you trust the map."
                    ),
                    _(
                        "The captioner learned from 7,500 photos, most of them of people and dogs out of doors. It "
                        "sees dogs, children and beaches everywhere, miscounts, mixes up colours, cannot read, and "
                        "guesses people's sex and age from how they look, often wrongly."
                    ),
                    _(
                        "It learned its Chinese from what people wrote about 6,000 of these photos, those of people "
                        "and dogs, and from captions of 6,000 everyday photos that a large vision-language model wrote."
                    ),
                    _("It says what people in such photos often said. It does not know what it says."),
                    _(
                        "Your photo stays in this session. It is not stored, and does not leave the computer that "
                        "runs this page."
                    ),
                )
            )
        )
