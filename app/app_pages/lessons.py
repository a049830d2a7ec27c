"""The course: an overview, and each lesson: look at its live figure, read, try it, check yourself; and keep how far you
came."""

import streamlit as st

from app.i18n import _, translate_error
from app.lessons import progress
from app.lessons.course import course
from app.ui.download import download
from app.ui.settings import Code
from app.ui.shell import controls, from_the_top
from model.errors import UserError

lessons = course()
codes = list(lessons)
#: The glossary has no questions.
taught = [code for code in codes if code != "glossary"]
#: What stands in the address, or rather does not, where no lesson is chosen.
OVERVIEW = "overview"
LESSON = Code("lessons_lesson", OVERVIEW)


def title_of(code: str) -> str:
    """A lesson's title, with a mark once it is done."""
    number = f"{codes.index(code) + 1}. " if code in taught else ""
    done = " ✓" if code in taught and progress.is_done(code) else ""
    return f"{number}{lessons[code].title}{done}"


def open_lesson(code: str) -> None:
    LESSON.put(code)


def load_progress() -> None:
    file, st.session_state["lessons_load_error"] = st.session_state["lessons_load"], None
    try:
        if file:
            progress.restore(file.getvalue())
    except UserError as error:
        st.session_state["lessons_load_error"] = error


def overview() -> None:
    """Every lesson as a card: what it is for, how long it takes, how far one came."""
    st.markdown(
        _(
            "Seven lessons and an exercise, from the first neuron to the captioner and beyond. Each has a figure to "
            "play with, links to try things out, and questions to check yourself. Take them in order, or open what "
            "you need."
        )
    )
    for start in range(0, len(codes), 2):
        for code, column in zip(codes[start : start + 2], st.columns(2), strict=False):
            with column, st.container(border=True, height="stretch"):
                lesson = lessons[code]
                st.markdown(f"**{title_of(code)}**")
                st.markdown(lesson.goal)
                told = [_("about {minutes} min").format(minutes=lesson.minutes)] if lesson.minutes else []
                right, asked = progress.right_of(code)
                if asked:
                    told.append(_("{right} of {asked} questions right").format(right=right, asked=asked))
                st.caption(" · ".join(told))
                leads_to(code, _("Open"), f"lessons_open_{code}")


def leads_to(code: str, label: str, key: str, icon: str = "arrow_forward") -> None:
    """A button that opens a lesson."""
    st.button(label, key=key, icon=f":material/{icon}:", on_click=open_lesson, args=(code,))


def steps_between(code: str) -> None:
    """Back to the lesson before and on to the next."""
    place = codes.index(code)
    with st.container(horizontal=True):
        if place:
            before = codes[place - 1]
            leads_to(before, _("Back: {title}").format(title=title_of(before)), "lessons_back", "arrow_back")
        if place + 1 < len(codes):
            following = codes[place + 1]
            leads_to(following, _("Next: {title}").format(title=title_of(following)), "lessons_next")


with controls("lessons"):
    chosen = LESSON.choose(
        st.selectbox,
        _("Lesson"),
        {OVERVIEW: _("The whole course")} | {code: title_of(code) for code in codes},
        label_visibility="collapsed",
    )
from_the_top(f"lesson-{chosen}")
if chosen == OVERVIEW:
    st.header(_("The whole course"), anchor=False)
    overview()
else:
    st.header(title_of(chosen), anchor=False)
    lessons[chosen].show()
    steps_between(chosen)

with controls("progress"), st.expander(_("How far you came"), icon=":material/flag:"):
    done = sum(progress.is_done(code) for code in taught)
    st.progress(done / len(taught), text=_("{done} of {all} lessons done.").format(done=done, all=len(taught)))
    st.caption(_("It is kept while this page is open. Save it to go on another day: there is no account."))
    so_far = progress.saved()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        download("lessons", _("Save how far I came"), "course.json", lambda: so_far)
    st.file_uploader(
        _("Go on from a saved file"), type="json", key="lessons_load", on_change=load_progress, max_upload_size=1
    )
    if error := st.session_state.get("lessons_load_error"):
        st.error(translate_error(error), icon=":material/broken_image:")
