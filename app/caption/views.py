"""The views of a caption: each reads its own few widgets and draws one ``CaptionTrace``.

One view stands on the page at a time, so that the page is understood at a glance. Under each figure stands in words
what it shows: for readers who cannot see it, and for those who do not know yet where to look.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from app.caption.captions import caption_of
from app.caption.code import show_code
from app.caption.moments import when_else
from app.caption.photos import name_of, sample_photo
from app.caption.shown import Shown
from app.caption.steering import steer
from app.caption.word import telling_word
from app.charts.caption import alternatives, attention, beam, film, gates, hidden, step_formulas
from app.charts.caption.captions import by_unit
from app.charts.kit.heat import FIXED_TOP, LEAST_TOP
from app.charts.kit.numbers import number
from app.charts.kit.style import percent
from app.i18n import _
from app.models import captioner
from app.scripts import caption as scripts
from app.ui.drawing import draw, draw_markup
from app.ui.markdown import literal
from app.ui.settings import ANY, Code, Flag, Number
from model.captioner.gallery import samples
from model.captioner.settings import MAX_WORDS
from model.traces import CaptionTrace

SPACE = Code("caption_space", "2d")
UNIT = Number("caption_unit", 0, ANY, 0)
ALL_WORDS = Flag("caption_all_words")
SMOOTH = Flag("caption_smooth")
FIXED = Flag("caption_fixed")
OPACITY = Number("caption_opacity", 0.1, 1.0, 0.75, 0.05)
GATE = Code("caption_gate", "update_gate")
SORT = Code("caption_sort", "mean")
SHOWN_WORD = Number("caption_shown_word", 1, MAX_WORDS, 1)
#: Where the session keeps the caption that it was chosen for.
_SHOWN_OF = "caption_shown_of"
OVERLAY = Code("caption_overlay")
STEP = Number("caption_step", 1, MAX_WORDS, 1)
STEP_UNIT = Number("caption_step_unit", 0, ANY, 0)


def where_it_looked(shown: Shown) -> None:
    """The figure first: photo, sentence and play are to be seen at once, then what changes them, then its words. The
    widgets are read before it is drawn."""
    place = st.container()
    with st.container(horizontal=True, gap="large"):
        every = ALL_WORDS.toggle(_("All words at once"))
        smooth = SMOOTH.toggle(
            _("Smooth the map"), help=_("The network sees only whole regions; smoothing is for the eye.")
        )
        fixed = FIXED.toggle(
            _("The same scale for all photos"),
            help=_(
                "One scale from 0 to {top} of the attention on one region, instead of one that reaches up to this "
                "caption's own largest share: a look that is spread wide then stays dim, as it is."
            ).format(top=percent(FIXED_TOP)),
        )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        opacity = OPACITY.slider(_("Strength of the veil"), width=260)
        look = {"opacity": opacity, "smooth": smooth, "fixed": fixed}
        step = 0 if every else _shown_word(shown.trace)
    with place:
        if every:
            call = partial(attention.all_words, shown.trace, shown.photo.image, **look)
            told = draw(call, "caption_chart_looked", beneath=False)
        else:
            seen = partial(
                film.where_it_looked, shown.trace, shown.photo.image, step=step, given=len(shown.start), **look
            )
            told = draw_markup(seen, script=film.SCRIPT)
    st.caption(literal(told))
    _words, rows, columns = shown.trace.attention.shape
    st.markdown(
        _(
            "Before each word, the network shares out its attention over {rows} × {columns} regions. Press play, or "
            "choose a word: the brighter a region, the more attention it had. With each word stands over how many "
            "regions its look was spread."
        ).format(rows=rows, columns=columns)
    )
    if not fixed:
        st.markdown(
            _(
                "The scale is stretched to the largest share in this caption (though never below {least}), so that "
                "little can look like much: turn on the same scale for all photos to compare."
            ).format(least=percent(LEAST_TOP / (rows * columns)))
        )
    show_code(shown, _("Where it looked"), scripts.looked)


def _shown_word(trace: CaptionTrace) -> int:
    """The word that the film starts at, from 0: for a link. By itself one that names something, seen sharply."""
    last = len(trace.words)
    if last < 2:
        return 0
    telling = telling_word(trace) + 1
    # What was chosen for one caption is not for the next.
    before, st.session_state[_SHOWN_OF] = st.session_state.get(_SHOWN_OF, trace.words), trace.words
    if before != trace.words:
        SHOWN_WORD.put(telling)
    label = by_unit(trace.lang, _("Begin with word (1 to {last})"), _("Begin with character (1 to {last})"))
    return SHOWN_WORD.field(label.format(last=last), most=last, default=telling, width=240) - 1


def nearly_said(shown: Shown) -> None:
    shown.introduce(
        by_unit(
            shown.trace.lang,
            _(
                "A row a word: what was said, and the five most likely words at that point. Click a word to make the "
                "caption go on from there with it. In a beam, the word said need not be the likeliest: it is the whole "
                "caption that wins."
            ),
            _(
                "A row a character: what was said, and the five most likely ones at that point. Click one to make the "
                "caption go on from there with it. In a beam, what was said need not be the likeliest: it is the whole "
                "caption that wins."
            ),
        )
    )

    def take() -> None:
        points = st.session_state["caption_chart_nearly"].selection.points
        if points:
            place, word = points[0]["customdata"][:2]
            say_instead(shown.trace, int(place), str(word))

    draw(
        partial(alternatives.nearly_said, shown.trace),
        "caption_chart_nearly",
        on_select=take,
        selection_mode="points",
    )
    if shown.trace.words:
        with st.expander(_("Choose by keyboard"), icon=":material/keyboard:"):
            _choose_by_keyboard(shown.trace)
    show_code(shown, _("What it nearly said"), scripts.nearly)


def say_instead(trace: CaptionTrace, place: int, word: str) -> None:
    """Steer: the caption's words up to ``place``, then ``word``. The end of the caption cannot be steered to."""
    if word:
        steer((*trace.words[:place], word), trace.lang)
    else:
        st.toast(_("That is the end of the caption. Choose a word to go on with."))


def _choose_by_keyboard(trace: CaptionTrace) -> None:
    places = range(len(trace.words))
    place = st.selectbox(
        _("At this word"), places, format_func=lambda t: f"{t + 1}. {trace.words[t]}", key="caption_instead_place"
    )
    place = min(place or 0, len(trace.words) - 1)
    words = [word for word, _probability in trace.alternatives[place] if word]
    word = st.selectbox(_("say instead"), words, key="caption_instead_word")
    st.button(_("Go on from there"), key="caption_instead", on_click=say_instead, args=(trace, place, word or ""))


def the_beam(shown: Shown) -> None:
    trace, settings = shown.trace, shown.settings
    if settings.sample:
        text = _(
            "Each word was drawn by its probability, so there is one beginning only: nothing was weighed against it, "
            "and nothing was dropped. The square is the end."
        )
    elif settings.beam == 1:
        text = _(
            "Greedy search follows one beginning alone. At each word the likeliest lives on (a circle) and the second "
            "likeliest is dropped (a cross). The first whole caption, at the square, is taken: no other is weighed."
        )
    else:
        text = _(
            "Every beginning that the search followed. Circles lived on to the next word, crosses were dropped because "
            "likelier ones filled the beam, squares are whole captions. Of these, the one with the best score won: it "
            "need not be the likeliest."
        )
    given = beam.given_words(trace) if trace.words and not settings.sample else 0
    if given:
        text += " " + _("Words that were given at the start: {count}. They had no rivals.").format(count=given)
    shown.introduce(text)
    draw(partial(beam.search_tree, trace), "caption_chart_beam")
    if settings.beam > 1 and not settings.sample and (whole := beam.finished_captions(trace)):
        _compare(whole, trace)
    show_code(shown, _("The beam"), scripts.beam)


def _compare(whole: list[beam.Finished], trace: CaptionTrace) -> None:
    """What length normalisation is, and the whole captions with their scores."""
    st.markdown("#### " + _("How whole captions compare"))
    st.markdown(
        _(
            "log p, the sum over the words and the end, falls with every word more: by it alone, the shortest caption "
            "would often win. So beginnings of one length compare by log p, but whole captions of length T by this "
            "score (**length normalisation**). The power was chosen for this language on validation photos: 0 would "
            "be log p itself, 1 the mean per word, and above 1 longer captions are preferred."
        )
    )
    score = _("score")
    power = f"{trace.length_penalty:g}"
    st.latex(step_formulas.tex_text(score) + rf" = \frac{{\log p}}{{(T+1)^{{{power}}}}}")
    length = by_unit(trace.lang, _("words, T"), _("characters, T"))
    st.table(
        {
            "": ["✓" if one.chosen else "" for one in whole],
            _("whole caption"): [one.caption for one in whole],
            "log p": [number(one.log_prob, 2) for one in whole],
            length: [str(one.words) for one in whole],
            score: [number(one.score, 3) for one in whole],
        },
        hide_index=True,
    )


def memory(shown: Shown) -> None:
    basis = captioner().bases.get(shown.trace.lang)
    if basis is None:
        st.info(_("This captioner comes without the axes for looking at its memory."))
        return
    shown.introduce(
        _(
            "The memory is a list of {units} numbers that changes with every word. Here is its path, seen along the "
            "directions in which the memories of a thousand captions differ most. The directions are always the same, "
            "so that paths of different photos can be compared."
        ).format(units=shown.trace.hidden.shape[1])
    )
    overlaid = _choose_overlay()
    space = SPACE.choose(
        st.segmented_control,
        _("Seen in"),
        {"2d": _("Two dimensions"), "3d": _("Three dimensions"), "units": _("All units")},
    )
    traces = dict(shown.captions)
    for sample in samples():
        if sample.key in overlaid:
            trace = caption_of(sample_photo(sample.key), shown.settings)
            traces[_("{photo}: {caption}").format(photo=name_of(sample), caption=trace.caption)] = trace
    if space == "units":
        draw(partial(hidden.heat_map, shown.trace), "caption_chart_units")
    elif space == "3d":
        draw(partial(hidden.path_3d, traces, basis), "caption_chart_3d")
    else:
        draw(partial(hidden.path_2d, traces, basis), "caption_chart_2d")
    show_code(shown, _("What it remembered"), scripts.memory)


def _choose_overlay() -> list[str]:
    """Gallery photos whose captions' paths are drawn, too; their codes stand in the URL."""
    known = {sample.key: name_of(sample) for sample in samples()}
    asked = [key for key in OVERLAY.asked().split(",") if key in known]

    def remember() -> None:
        OVERLAY.put(",".join(st.session_state["caption_overlay_shown"]))

    st.session_state["caption_overlay_shown"] = asked
    st.multiselect(
        _("Lay other photos' captions over it"),
        list(known),
        format_func=known.__getitem__,
        key="caption_overlay_shown",
        on_change=remember,
        placeholder=_("Choose photos"),
        max_selections=5,
    )
    return asked


def its_gates(shown: Shown) -> None:
    shown.introduce(
        _(
            "Each unit of the memory has two gates. The **update gate** z decides how much of the old state stays (1: "
            "all of it), the **reset gate** r how much of it the new proposal may use. A bright row in z is a unit "
            "that remembers through the whole caption; a bright column is a word at which little changed."
        )
    )
    st.latex(r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}")
    st.caption(
        _(
            "So write PyTorch and Cho et al. (2014), who invented the GRU; Chung et al. (2014) and many textbooks swap "
            "z and 1 − z."
        )
    )
    with st.container(horizontal=True, gap="large"):
        gate = GATE.choose(
            st.segmented_control, _("Gate"), {"update_gate": _("Update gate z"), "reset_gate": _("Reset gate r")}
        )
        orders: dict[gates.Sort, str] = {
            "mean": _("Mean"),
            "change": _("Change"),
            "similarity": _("Likeness"),
            "index": _("Number"),
        }
        sort = SORT.choose(st.segmented_control, _("Units in order of"), orders)
    draw(partial(gates.gate_heat_map, shown.trace, gate, sort=sort), "caption_chart_gates")
    unit = UNIT.field(_("One unit's course: unit number"), most=shown.trace.hidden.shape[1] - 1, width=260)
    draw(partial(gates.unit_course, shown.trace, unit), "caption_chart_unit")

    def to_surgery() -> None:
        st.session_state["caption_part"], st.session_state["caption_experiment"] = "experiments", "surgery"
        st.session_state["caption_surgery_part"] = "hold"
        st.session_state["caption_surgery_units"] = str(int(unit))

    st.button(
        _("Hold this unit, and see"), icon=":material/back_hand:", key="caption_unit_to_surgery", on_click=to_surgery
    )
    show_code(shown, _("Its gates"), scripts.gates, gate=gate, unit=int(unit))


def formulas(shown: Shown) -> None:
    trace = shown.trace
    if not trace.words:
        st.info(_("The caption is empty: there is no step to show."))
        return
    shown.introduce(
        _("What the network computed for one word: each formula, and the same with the numbers of one unit.")
    )
    with st.container(horizontal=True, gap="large"):
        place = STEP.field(
            by_unit(trace.lang, _("Word number"), _("Character number")), most=len(trace.words), width=200
        )
        unit = STEP_UNIT.field(_("Unit number"), most=trace.hidden.shape[1] - 1, width=200)
    title = by_unit(trace.lang, _("Word {number}: “{word}”"), _("Character {number}: “{word}”"))
    st.markdown("#### " + title.format(number=place, word=literal(trace.words[place - 1])))
    for formula in step_formulas.step_formulas(trace, place - 1, unit):
        with st.container(border=True):
            st.markdown(formula.says)
            general, numbers = st.columns(2)
            general.latex(formula.general)
            numbers.latex(formula.numbers)
    show_code(shown, _("The formulas"), scripts.formulas, place=place - 1, unit=int(unit))


def views() -> dict[str, tuple[str, Callable[[Shown], None]]]:
    """The views by their codes in the URL: what each is called, and what draws it."""
    return {
        "looked": (_("Where it looked"), where_it_looked),
        "nearly": (_("What it nearly said"), nearly_said),
        "beam": (_("The beam"), the_beam),
        "memory": (_("What it remembered"), memory),
        "gates": (_("Its gates"), its_gates),
        "moments": (_("When else?"), when_else),
        "formulas": (_("The formulas"), formulas),
    }
