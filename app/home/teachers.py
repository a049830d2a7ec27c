"""For teachers: an hour with a class minute by minute, what to do with a quarter of one, and how to run it."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import streamlit as st

from app.home.traces import BITS, PRESET
from app.i18n import _
from app.lessons.parts import Link, follow
from app.ui.query import bound
from app.ui.shell import controls

#: The photo of the hour: not the one that the start page plays, which would give the caption away.
SAMPLE = "musicians"

#: So many minutes, where they are spent, and what is done there.
PlanPart = tuple[int, Link, str]


class LessonStep(NamedTuple):
    """A part of a class's time: from which minute to which, the page to open, what to do there.

    At the projector the point of a step may stand below the fold: then the link says what is to be in sight.
    """

    start: int
    end: int
    link: Link
    what: str


def for_teachers() -> None:
    """The group ``teachers``: the section."""
    with controls("teachers"):
        st.header(_("For teachers"))
        with _plan("hour", _("One hour, minute by minute"), ":material/schedule:"):
            st.markdown(_("Each line opens the right page in the right state. **Home**, above, returns here."))
            _show(hour())
        with _plan("second", _("A second hour: what is in a memory?"), ":material/psychology:"):
            st.markdown(_("For a class that had the first: it reaches into memories, and asks what they hold and do."))
            _show(second_hour())
        with _plan("quarter", _("Only a quarter of an hour"), ":material/timer:"):
            _show(quarter())
        with st.expander(_("How to run it for a class"), icon=":material/co_present:"):
            st.markdown("\n".join(f"- {line}" for line in running()))


def _plan(code: str, name: str, icon: str):
    """A place for a plan that stays open for who comes back for the next line, and in a link."""
    return bound(st.expander, name, key=f"home_{code}", default=False, icon=icon, on_change="rerun")


def hour() -> tuple[LessonStep, ...]:
    """Sixty minutes for a class that knows nothing of this yet."""
    guess, look, claims = _guess(), _look(), _claims()
    memory = Link(
        _("The same two equations hold a bit"),
        "sequence",
        {"sequence_network": "preset", "sequence_preset": "parity-rnn_tanh", "sequence_text": BITS},
        see="sequence_chart_step",
    )
    lesson = Link(
        _("Recurrence: the two equations, letter by letter"),
        "lessons",
        {"lessons_lesson": "recurrence"},
        see="lessons_chart_recurrence",
    )
    race = Link(
        _("Train three networks live, in a race"),
        "sequence",
        {"sequence_view": "train", "sequence_task": "parity", "sequence_cell": "race"},
    )
    neuron = Link(
        _("A living neuron beside an artificial one"),
        "neurons",
        {"neurons_view": "one", "neurons_model": "hodgkin_huxley"},
        see="neurons_chart_film",
    )
    course = Link(_("At home: the course from lesson 1"), "lessons", {"lessons_lesson": "brain"})
    return _timed(
        (8, *guess),
        (9, *look),
        (
            10,
            lesson,
            _(
                "Let the figure play, and read the formula under the boxes with its numbers. Then scroll to the two "
                "equations and read them aloud. Which letters change from step to step, and which never do? Take the "
                "check questions by a show of hands."
            ),
        ),
        (
            8,
            memory,
            _(
                "The network reads zeros and ones by the two equations of the lesson, and its h is two numbers. Before "
                "each step the class calls out: is the number of ones so far even or odd? Read it off the picture, "
                "too. Then let the class try to make it fail, with a sequence of up to 200: it learned from "
                "sequences of 6. If nobody can: take the preset “Parity (GRU)”, and a one and thirty zeros."
            ),
        ),
        (
            10,
            race,
            _(
                "Let the class bet: RNN, LSTM or GRU? Press Run. While the loss falls, ask what the network is told "
                "about its mistakes (nothing but the right answer). Choose another seed, press “Start anew with them” "
                "and Run: does the same one win?"
            ),
        ),
        (
            7,
            neuron,
            _(
                "Double the current: do the spikes grow? Halve it: does it still fire? Then find what the artificial "
                "neuron has in place of spikes."
            ),
        ),
        (5, *claims),
        (
            3,
            course,
            _(
                "Who wants to know more goes on alone, from lesson 1, and saves the progress as a file: there is no "
                "account."
            ),
        ),
    )


def second_hour() -> tuple[LessonStep, ...]:
    """Sixty minutes on what a memory holds, for a class that had the first hour."""
    return _timed(
        *_memory_of_two_units(),
        *_memory_of_captions(),
        (
            3,
            Link(
                _("At home: the code behind a view"),
                "caption",
                {"caption_sample": "cat", "caption_view": "gates", "caption_code": "true"},
                see="caption_code",
            ),
            _("Every view has a script that prints its numbers. Change one line, and say beforehand what will change."),
        ),
    )


def _memory_of_two_units() -> tuple[PlanPart, ...]:
    """Where two numbers hold a bit, and what that does to a gradient."""
    return (
        (
            7,
            Link(
                _("Two numbers that hold one bit"),
                "sequence",
                {"sequence_network": "preset", "sequence_preset": "parity-rnn_tanh", "sequence_text": BITS},
                see="sequence_chart_step",
            ),
            _(
                "Play it once more. The class says where in the plane “odd” is, and where “even” is. Why has “even” "
                "two places? (Look at what was read last.) What would a state between them mean?"
            ),
        ),
        (
            13,
            Link(
                _("Two units by hand: where can a memory rest?"),
                "sequence",
                {"sequence_view": "landscape", "sequence_network": "hand"},
                see="sequence_chart_landscape",
            ),
            _(
                "Click into the plane, and let the class bet where the state falls to. Then one after the other "
                "changes one of the four numbers: who makes the bit forget, who makes it go round? Last, back at "
                "the memory of one bit, raise W from each unit to itself to 2.2: does one pulse still carry the state "
                "over the ridge? Do two in a row? (Type `--` for `-`.)"
            ),
        ),
        (
            7,
            Link(
                _("What holds a bit, and what that does to its gradient"),
                "lessons",
                {"lessons_lesson": "fading"},
                see="lessons_resting",
            ),
            _(
                "Read “Where a memory rests”, above the figure, together. What becomes of the two places when W gets "
                "smaller? Let the class bet, then turn the slider down, and only then read on."
            ),
        ),
    )


def _memory_of_captions() -> tuple[PlanPart, ...]:
    """What the captioner's memory holds, what can be read off it, and what is done with it."""
    surgery = {"caption_sample": "cat", "caption_part": "experiments", "caption_experiment": "surgery"}
    return (
        (
            10,
            Link(
                _("Swap the memories of two photos"),
                "caption",
                surgery | {"caption_surgery_part": "swap"},
                see="caption_surgery_sides",
            ),
            _(
                "Choose a word in both captions that names something. Before you scroll to the four outcomes: is it in "
                "the memory, or in the picture? Then choose “a” in B alone, or the last word. Does the answer stay?"
            ),
        ),
        (
            8,
            Link(
                _("Which step carries the word?"),
                "caption",
                surgery | {"caption_surgery_part": "patch"},
                see="caption_chart_patching",
            ),
            _(
                "Find the deepest red cell above, and the same cell below it, where another photo's values were put. "
                "Only what is deep red above and pale below speaks of B."
            ),
        ),
        (
            6,
            Link(
                _("What can be read off a memory"),
                "caption",
                {"caption_sample": "cat", "caption_part": "experiments", "caption_experiment": "probes"},
                see="caption_chart_probe_scores",
            ),
            _(
                "Which question is read well, and how well does the random GRU do there? Let the class say in a "
                "sentence what a probe shows, and what it does not."
            ),
        ),
        (
            6,
            Link(
                _("Hold units, beside random ones"),
                "caption",
                surgery | {"caption_surgery_part": "hold"},
                see="caption_chart_held_next",
            ),
            _(
                "Hold the ten units that a word needs most, press “Keep these units”, and choose another word. Are "
                "they the units *of* that word?"
            ),
        ),
    )


def quarter() -> tuple[LessonStep, ...]:
    """Fifteen minutes: the three moments that stay in mind."""
    return _timed((5, *_guess()), (5, *_memory()), (5, *_claims()))


def running() -> tuple[str, ...]:
    """What to know before the lesson."""
    return (
        _(
            "**At the projector**: turn on **Projector** at the head of the page. Type, lines and charts become "
            "larger, for the back of a room."
        ),
        _(
            "**On everybody's own device**: one computer serves the whole class, and the others need a browser only. "
            "They open it by that computer's address in the network; the file README.md says how to serve it so, and "
            "for how many."
        ),
        _(
            "**The same for all**: set a page up, then press **Share with class**. The link, and its QR code for "
            "phones, opens the page as you see it."
        ),
        _(
            "**All together**: press **Open a room** at the head of a page. The class answers on their phones, without "
            "names, and then people and network stand side by side. The page **Class** has a plan for fifteen minutes. "
            "A photo shown there is deleted with the room."
        ),
        _(
            "**Without distraction**: in that dialog, choose what to hide. The address then ends in `hide=` and the "
            "names of what is hidden; the page About lists them all. This section is called `teachers`."
        ),
        _(
            "**Before the lesson**: open the links of your plan once. The first visit to a page loads its networks, "
            "which can take half a minute on a slow computer; after that it is quick for everybody."
        ),
        _(
            "**Photos**: those of the class stay in its sessions and are stored nowhere. The camera works only on the "
            "serving computer itself, or where the page is served over HTTPS."
        ),
    )


def _guess() -> tuple[Link, str]:
    link = Link(
        _("Guess the caption before the network writes it"),
        "caption",
        {"caption_guess": "true", "caption_sample": SAMPLE},
    )
    what = _(
        "The class sees the photo and says the next word; type its guess, then uncover the network's. How did you know "
        "the word: from the photo, or from the words before?"
    )
    return link, what


def _look() -> tuple[Link, str]:
    link = Link(
        _("Where the network looked for each word"),
        "caption",
        {"caption_sample": SAMPLE, "caption_view": "looked"},
    )
    what = _(
        "Press play. For each word the class says beforehand where it would look. The figure opens at one of its "
        "narrowest looks: would you call even that one place? Turn on the same scale for all photos, and look again. "
        "Then open a photo of the class's own, and find the first word that is wrong."
    )
    return link, what


def _memory() -> tuple[Link, str]:
    link = Link(
        _("A memory of two numbers"),
        "sequence",
        {"sequence_network": "preset", "sequence_preset": PRESET, "sequence_text": BITS},
        see="sequence_chart_step",
    )
    what = _(
        "The network reads zeros and ones, and keeps two numbers from step to step. Before each step the class calls "
        "out: is the number of ones so far even or odd? Then let it dictate a sequence that makes the network fail. "
        "(It learned from sequences of 10: type a one and many zeros, and watch its memory drift.)"
    )
    return link, what


def _claims() -> tuple[Link, str]:
    link = Link(
        _("Often said about brains and AI: right or wrong?"),
        "neurons",
        {"neurons_view": "table", "neurons_verdict": "claims"},
    )
    what = _("Read one claim aloud, let the class vote, then open it: the answer and its source. Some are right.")
    return link, what


def _timed(*parts: PlanPart) -> tuple[LessonStep, ...]:
    """Parts that last so many minutes, one after the other."""
    ends = [0]
    for minutes, _link, _what in parts:
        ends.append(ends[-1] + minutes)
    return tuple(
        LessonStep(*time, link, what) for time, (_minutes, link, what) in zip(pairwise(ends), parts, strict=True)
    )


def _show(steps: Iterable[LessonStep]) -> None:
    for step in steps:
        title = _("{start} to {end} min: {title}").format(start=step.start, end=step.end, title=step.link.text)
        follow(step.link._replace(text=f"**{title}**"))
        st.markdown(step.what)
