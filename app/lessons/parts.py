"""What lessons are made of: mathematics with its letters explained, things to try on other pages, check questions."""

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from app.i18n import _
from app.lessons import progress
from app.ui.shell import SEE, controls


def formula(latex: str | tuple[str, ...], letters: Mapping[str, str]) -> None:
    """A formula, or several side by side where there is room; and what each letter means: LaTeX without dollars to a
    text in the user's language."""
    if isinstance(latex, str):
        st.latex(latex)
    else:
        with st.container(horizontal=True, horizontal_alignment="center", gap="large"):
            for one in latex:
                st.latex(one, width="content")
    if letters:
        line = _("{name}: {value}")
        st.markdown("\n".join("- " + line.format(name=f"${one}$", value=meaning) for one, meaning in letters.items()))


class Link(NamedTuple):
    """A page in a chosen state: what to do there, the page's name as in ``app_pages``, its parameters; and the key of a
    chart, or of another place, that is to be in sight."""

    text: str
    page: str
    parameters: Mapping[str, str]
    see: str | None = None


def try_it(*links: Link) -> None:
    """The group ``try``: links that open the right page in the right state."""
    with controls("try"):
        st.markdown("#### " + _("Try it"))
        for link in links:
            follow(link)


def follow(link: Link) -> None:
    """One link, to be followed."""
    st.page_link(
        f"app_pages/{link.page}.py",
        label=link.text,
        icon=":material/arrow_forward:",
        query_params={**link.parameters, **({SEE: link.see} if link.see else {})},
    )


class Answer(NamedTuple):
    """One of a question's answers, and why it is right or wrong."""

    text: str
    right: bool
    because: str


class Question(NamedTuple):
    """A check question; ``code`` names it in the progress that is saved: the lesson's code, a hyphen, a number."""

    code: str
    text: str
    answers: tuple[Answer, ...]


def check(lesson: str, *questions: Question) -> None:
    """The group ``questions``: two or three questions, each with feedback that explains."""
    progress.expect(lesson, [question.code for question in questions])
    with controls("questions"):
        st.markdown("#### " + _("Check yourself"))
        for question in questions:
            _ask(question)


def ask_the_class(question: Question) -> None:
    """A button that asks the question to the room that this session teaches, if it teaches one."""
    if "class_teacher" in st.session_state:
        from app.rooms.learned import ask_button

        ask_button(question.code, question.text, question.answers)


def _ask(question: Question) -> None:
    key = f"lessons_answer_{question.code}"
    given = progress.answer_to(question.code)
    if given is not None and given >= len(question.answers):
        given = None
    # The session's own record decides: Streamlit forgets a widget while another lesson is open.
    st.session_state[key] = given

    def remember() -> None:
        chosen = st.session_state[key]
        progress.remember(question.code, chosen, right=question.answers[chosen].right)

    st.radio(
        question.text,
        range(len(question.answers)),
        format_func=lambda number: question.answers[number].text,
        key=key,
        on_change=remember,
    )
    ask_the_class(question)
    if given is not None:
        answer = question.answers[given]
        if answer.right:
            st.success(_("Right. {because}").format(because=answer.because), icon=":material/check:")
        else:
            st.info(_("Not quite. {because}").format(because=answer.because), icon=":material/undo:")
