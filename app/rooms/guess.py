"""Guess the next word: the class against the network, word by word through a caption."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from app.charts.rooms.guesses import guesses_beside, score
from app.i18n import _
from app.rooms.answering import answer_button, sent
from app.rooms.choosing import ask_about_a_photo
from app.rooms.pictures import PhotoChances, seen, show_photo_of
from app.rooms.store import vocabulary
from app.ui.drawing import draw
from app.ui.markdown import literal
from model.captioner.languages import BLANK, LANGUAGES
from model.rooms import Activity, Seat, Teacher
from model.rooms.agreement import network_surprise, surprise
from model.traces import Guesses

#: The network's likeliest words that are shown whether somebody guessed them or not.
LIKELIEST = 5
#: The class's words that are shown, the most frequent first.
MOST_SHOWN = 8


def ask(teacher: Teacher) -> None:
    st.caption(
        _(
            "The class sees the photo and the words so far, and guesses the next one. The words are those of the "
            "network's own caption, so it plays at home: what it is asked is how sure it was."
        )
    )
    ask_about_a_photo(teacher, "guess")


def attend(seat: Seat, activity: Activity) -> None:
    show_photo_of(seat, activity)
    sentence(activity)
    answered = sent(seat, activity, str)
    if activity.revealed:
        tell(activity, seat.tally())
    elif not answered:
        lang = activity.content["lang"]
        word = st.selectbox(
            _("Which word comes next? ({language})").format(language=LANGUAGES[lang].own_name),
            vocabulary(lang),
            index=None,
            placeholder=_("Type, then choose"),
            filter_mode="prefix",
            key=f"class_word_{activity.round}",
        )
        answer_button(seat, activity, word)


def project(teacher: Teacher, activity: Activity) -> None:
    """The photo, the words and the guesses; from the second word on also who was less surprised so far."""
    # Until it is revealed the page is drawn again and again, as answers come in: nothing is looked up for it.
    rounds = _rounds(teacher, activity) if activity.revealed else []
    compared = len(rounds) > 1
    photo, words, *rest = st.columns([3, 4, 3] if compared else [2, 3], gap="medium" if compared else "large")
    with photo:
        show_photo_of(teacher, activity)
    with words:
        sentence(activity)
        if not activity.revealed:
            st.markdown(_("Which word comes next?"))
            return
        guesses = guesses_of(seen(teacher, activity), activity.step, teacher.tally())
        tell(activity, guesses.counts)
        draw(partial(guesses_beside, guesses), "class_chart_guesses")
    for column in rest:
        with column:
            st.subheader(_("Class or network?"), anchor=False)
            draw(partial(score, rounds), "class_chart_score")


def _rounds(teacher: Teacher, activity: Activity) -> list[Guesses]:
    """What was guessed so far, a word each that somebody guessed."""
    known = seen(teacher, activity)
    return [guesses_of(known, one.step, tally) for one, tally in teacher.history() if one.id == activity.id and tally]


def sentence(activity: Activity) -> None:
    """The words so far; the one that is asked for is blank until it is revealed."""
    words, step = activity.content["words"], activity.step
    shown = [*words[:step], words[step] if activity.revealed else BLANK]
    st.subheader(literal(LANGUAGES[activity.content["lang"]].write_out(shown)), anchor=False)


def tell(activity: Activity, tally: Mapping[str, int]) -> None:
    word, all_of_them = activity.content["words"][activity.step], sum(tally.values())
    st.markdown(
        _("The word was **{word}**. {right} of {all} guessed it.").format(
            word=literal(word), right=tally.get(word, 0), all=all_of_them
        )
    )


def guesses_of(known: PhotoChances, step: int, tally: dict[str, int]) -> Guesses:
    """One round: the class's counts beside the network's probabilities."""
    word, chances = known.trace.words[step], known.chances[step]
    place = {one: number for number, one in enumerate(known.vocabulary)}
    likeliest = [known.vocabulary[number] for number in chances.argsort()[::-1][:LIKELIEST]]
    shown = dict.fromkeys([*list(tally)[:MOST_SHOWN], word, *likeliest])
    return Guesses(
        word=word,
        counts=tally,
        probabilities={one: float(chances[place[one]]) for one in shown},
        class_bits=surprise(tally, word),
        network_bits=network_surprise(float(chances[place[word]])),
    )
