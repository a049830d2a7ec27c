"""A quarter of an hour with a class, for the teacher: what to do, what to say, what usually comes out."""

import streamlit as st

from app.i18n import _


def lesson_plan() -> None:
    with st.expander(_("A lesson of fifteen minutes"), icon=":material/schedule:", key="class_plan"):
        for minutes, title, lines in _steps():
            st.markdown(f"**{minutes} · {title}**\n" + "\n".join(f"- {line}" for line in lines))


def _steps() -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (
            _("0 to 2 minutes"),
            _("Everybody in"),
            (
                _("Open a room, put this page on the projector, and let all take the QR code."),
                _("Say: “There is no login. Nobody sees what is yours, not even I.”"),
            ),
        ),
        (
            _("2 to 8 minutes"),
            _("Guess the next word"),
            (
                _("Choose a photo and ask. Give each word twenty seconds, then press Reveal."),
                _("Say: “Before I reveal it: who was sure, and why? What did you use, the photo or the sentence?”"),
                _(
                    "What usually comes out: function words such as “a” and “of” surprise nobody; at nouns the class "
                    "scatters over synonyms. The network is hardly ever surprised by its own words: it plays at home. "
                    "Ask what a fair match would be."
                ),
            ),
        ),
        (
            _("8 to 13 minutes"),
            _("Where would you look?"),
            (
                _("Ask about the same photo. Take a noun, then a word such as “with”."),
                _("Say: “What does it mean if the two maps differ? Who is right?”"),
                _(
                    "What usually comes out: at nouns people point at the thing and agree with each other; the "
                    "network's attention spreads wider. Compare the two numbers: it can hardly agree with the class "
                    "better than the class agrees with itself. At “with” nobody knows where to look, and the gate "
                    "tells how much the network let in at all."
                ),
            ),
        ),
        (
            _("13 to 15 minutes"),
            _("One question"),
            (
                _("Open the lesson on captioning, and ask the class one of its questions from there."),
                _("Say: “Turn to your neighbour and explain your answer.” Then reveal."),
                _("Take the results home, and close the room."),
            ),
        ),
    ]
