"""What linear probes read off the memory: along one caption, and how often they are right on others."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from app.charts.caption.captions import by_unit, told_apart
from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.style import (
    BLUE,
    ORANGE,
    QUIET,
    SMALL,
    VERMILLION,
    escape,
    percent,
    room_under,
    shortened,
    styled,
    word_axis,
    wrapped,
)
from app.i18n import _
from model.captioner.word_classes import COUNTS, YES_NO
from model.traces import ProbeTrace

#: Pixels of a row of the map, of the panel of counts, between them, above the map, and there on a phone.
ROW, COUNTED, BETWEEN, HEAD, PHONE_HEAD = 44, 220, 60, 40, 76
#: Up to so many words, each cell has room for its number.
NUMBERED = 14
#: Pixels of a phone's axis, and of the legend under it.
PHONE_ACROSS, LEGEND = 250, 120


def question_names(lang: str) -> dict[str, str]:
    """What is asked of captions in a language, in a few words."""
    return {
        "person": _("a person was said"),
        "animal": _("an animal was said"),
        "colour": _("a colour was said"),
        "several": _("several, not one"),
        "said": by_unit(lang, _("words said so far"), _("characters said so far")),
        "to_come": by_unit(lang, _("words to come"), _("characters to come")),
    }


@chart
def along(traces: Sequence[ProbeTrace], words: Sequence[str], lang: str = "en", *, narrow: bool = False) -> Chart:
    """Above, a row for each question that is answered by yes or no, a column a word: the probability of yes before the
    word, with a ✓ where yes is right. Below, both counts: what is read (line and marks) and what is right (dashes).

    In a ``narrow`` figure the map is turned: a row a word, as the caption is read on a phone."""
    by_name = {trace.question: trace for trace in traces}
    names, places = question_names(lang), list(range(len(words)))
    asked = [by_name[name] for name in YES_NO if name in by_name]
    mapped = ROW * len(words if narrow else asked)
    height = mapped + BETWEEN + COUNTED
    shares = [mapped / (height - BETWEEN), COUNTED / (height - BETWEEN)]
    figure = make_subplots(2, 1, shared_xaxes=not narrow, row_heights=shares, vertical_spacing=BETWEEN / height)
    _add_yes_or_no(figure, asked, words, names, narrow)
    for name, colour, symbol in zip(COUNTS, (BLUE, VERMILLION), ("circle", "square"), strict=True):
        if name not in by_name:
            continue
        trace = by_name[name]
        figure.add_scatter(
            x=places,
            y=trace.expected,
            mode="lines+markers",
            name=_("{name}, read").format(name=names[name]),
            line={"color": colour, "width": 2},
            marker={"symbol": symbol, "size": 9},
            cliponaxis=False,
            row=2,
            col=1,
        )
        figure.add_scatter(
            x=places,
            y=trace.truth,
            mode="lines",
            name=_("{name}, right").format(name=names[name]),
            line={"color": colour, "width": 2, "dash": "dash"},
            row=2,
            col=1,
        )
    foot = room_under(words, PHONE_ACROSS) if narrow else room_under(words)
    legend = {"orientation": "h", "x": 0, "y": COUNTED / height + BETWEEN / height * 0.95, "yanchor": "top"}
    if narrow:  # Its entries stand below each other there, and take the room under the axis.
        legend |= {"y": -foot / height, "font": {"size": SMALL}}
    head = PHONE_HEAD if narrow else HEAD
    below = foot + (LEGEND if narrow else 0)
    styled(
        figure,
        height=height + head + below,
        margin={"l": 90 if narrow else 170, "r": 4 if narrow else 20, "t": head, "b": below},
        legend=legend,
        dragmode=False,
        hovermode="closest",
    )
    figure.update_yaxes(autorange="reversed", fixedrange=True, showgrid=False, row=1, col=1)
    figure.update_yaxes(
        title_text=by_unit(lang, _("words"), _("characters")), rangemode="tozero", fixedrange=True, row=2, col=1
    )
    figure.update_xaxes(fixedrange=True, showgrid=False, showticklabels=False)
    word_axis(figure, words, showticklabels=True, row=2, col=1)
    figure.layout.margin.b = below
    if narrow:
        figure.update_xaxes(showticklabels=True, side="top", tickangle=0, automargin=False, row=1, col=1)
        figure.update_yaxes(tickvals=places, ticktext=[escape(shortened(word, 10)) for word in words], row=1, col=1)
    return Chart(figure, _describe_along(traces, words, lang), wide=not narrow)


@chart
def scores(traces: Sequence[ProbeTrace], lang: str = "en") -> Chart:
    """For each question, how often the probe is right on other photos (a disc), beside the most frequent answer (a
    cross) and the same probe on a random GRU's memory (a diamond)."""
    names = question_names(lang)
    rows = [names[trace.question] for trace in traces]
    figure = go.Figure()
    for name, values, marker in (
        (_("this memory"), [trace.score.accuracy for trace in traces], {"symbol": "circle", "size": 15, "color": BLUE}),
        (
            _("a random GRU's"),
            [trace.score.random for trace in traces],
            {"symbol": "diamond", "size": 13, "color": ORANGE},
        ),
        (
            _("most frequent answer"),
            [trace.score.majority for trace in traces],
            {"symbol": "x", "size": 12, "color": QUIET},
        ),
    ):
        figure.add_scatter(
            x=values,
            y=rows,
            mode="markers",
            name=name,
            marker=marker,
            hovertext=[percent(value) for value in values],
            hoverinfo="text+name",
        )
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
    styled(
        figure,
        height=90 + 42 * len(rows),
        margin={"l": 170, "r": 20, "t": 44, "b": 40},
        legend=legend,
        hovermode="closest",
        dragmode=False,
    )
    figure.update_xaxes(range=[0, 1.03], tickformat=".0%", fixedrange=True)
    figure.update_yaxes(autorange="reversed", fixedrange=True)
    return Chart(figure, _describe_scores(traces, names))


def _add_yes_or_no(
    figure: go.Figure, asked: Sequence[ProbeTrace], words: Sequence[str], names: Mapping[str, str], turned: bool
) -> None:
    """The upper part of ``along``; ``turned``, words run down and questions across, and numbers tell the scale."""
    hover = _("before “{word}”: {name}, probability {share}")
    z = np.array([_yes(trace) for trace in asked])
    text = np.array(
        [
            [
                ("✓ " if right == 1 else "") + percent(float(p))
                for p, right in zip(_yes(trace), trace.truth, strict=True)
            ]
            for trace in asked
        ]
    )
    told = np.array([told_apart([escape(word) for word in words])] * len(asked))
    questions, places = [names[trace.question] for trace in asked], list(range(len(words)))
    if turned:
        z, text, told = z.T, text.T, told.T
        questions = [wrapped(question, 9) for question in questions]
    figure.add_heatmap(
        z=z.tolist(),
        x=questions if turned else places,
        y=places if turned else questions,
        zmin=0,
        zmax=1,
        colorscale="Cividis",
        text=text.tolist(),
        customdata=told.tolist(),
        hovertemplate=hover.format(word="%{customdata}", name="%{x}" if turned else "%{y}", share="%{text}")
        + "<extra></extra>",
        xgap=2,
        ygap=2,
        showscale=not turned,
        colorbar={
            "thickness": 14,
            "len": ROW * len(asked),
            "lenmode": "pixels",
            "y": 1,
            "yanchor": "top",
            "tickvals": [0, 0.5, 1],
            "tickformat": ".0%",
            "tickfont": {"size": SMALL},
        },
        row=1,
        col=1,
    )
    if turned or len(words) <= NUMBERED:
        _write_shares(figure, figure.data[-1])


def _write_shares(figure: go.Figure, cells: go.Heatmap) -> None:
    """The map's numbers, white on the scale's dark half and black on its light one."""
    x, y = np.meshgrid(cells.x, cells.y)
    figure.add_scatter(
        x=x.ravel().tolist(),
        y=y.ravel().tolist(),
        mode="text",
        text=[text for row in cells.text for text in row],
        textfont={"size": SMALL, "color": ["#000000" if p > 0.45 else "#FFFFFF" for p in np.ravel(cells.z)]},
        hoverinfo="skip",
        showlegend=False,
        row=1,
        col=1,
    )


def _describe_along(traces: Sequence[ProbeTrace], words: Sequence[str], lang: str) -> str:
    """How often each probe is right on this caption, and where the counts are farthest off."""
    names = question_names(lang)
    right = by_unit(
        lang, _("{name}: right before {share} of the words"), _("{name}: right before {share} of the characters")
    )
    told = [
        right.format(name=names[trace.question], share=percent(trace.right))
        for trace in traces
        if trace.question in YES_NO and np.isfinite(trace.right)
    ]
    off = _("{name}: off by {mean} on average, most before “{word}”")
    for trace in traces:
        if trace.question in COUNTS:
            error = np.abs(trace.expected - trace.truth)
            word = told_apart(words)[int(error.argmax())]
            told.append(off.format(name=names[trace.question], mean=number(float(error.mean()), 1), word=word))
    return _("{all}.").format(all=_("; ").join(told))


def _describe_scores(traces: Sequence[ProbeTrace], names: Mapping[str, str]) -> str:
    """Each probe's accuracy beside both baselines."""
    text = _("{name}: {own} right (random GRU {random}, most frequent answer {majority})")
    told = [
        text.format(
            name=names[trace.question],
            own=percent(trace.score.accuracy),
            random=percent(trace.score.random),
            majority=percent(trace.score.majority),
        )
        for trace in traces
    ]
    return _("{all}.").format(all=_("; ").join(told))


def _yes(trace: ProbeTrace) -> np.ndarray:
    """The probability of the answer yes, which is 1, at each step, (T,)."""
    return trace.probabilities[:, list(trace.classes).index(1)]
