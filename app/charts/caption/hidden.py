"""What it remembered: the hidden state's path through the caption, and the state itself."""

from collections.abc import Iterator, Mapping
from itertools import cycle

import numpy as np
import plotly.graph_objects as go

from app.charts.caption.captions import joined, told_apart
from app.charts.kit.chart import Chart, chart
from app.charts.kit.labels import Path, labels
from app.charts.kit.style import (
    CLEAR,
    LOOKS,
    NORMAL,
    SMALL,
    escape,
    note,
    percent,
    shortened,
    styled,
    word_axis,
)
from app.i18n import _
from model.traces import CaptionTrace, HiddenBasis

#: The words of more captions than this would cover each other: then the pointer shows them.
LABELLED = 3
#: The plot of the two axes at its narrowest, in pixels.
PLOT = {"across": 600, "down": 470}
#: The same on a phone.
NARROW = {"across": 290, "down": 340}
#: The grid in 3-D, where a see-through grey comes out white.
SOLID = "#9A9FA8"
#: From where the three axes are seen: near enough to fill the picture, far enough to show their titles.
CAMERA = {"eye": {"x": 1.5, "y": 1.5, "z": 0.9}, "center": {"x": 0, "y": 0, "z": -0.15}}
FARTHER = {"eye": {"x": 1.8, "y": 1.8, "z": 1.1}, "center": {"x": 0, "y": 0, "z": -0.1}}


@chart
def path_2d(named_traces: Mapping[str, CaptionTrace], basis: HiddenBasis, *, narrow: bool = False) -> Chart:
    """The hidden state's way through each caption on the first two axes of ``basis``: from a star, the state before
    the first word, along arrows, a point a word, labelled by the words. Captions differ in colour, dash and marker.

    Both axes have one scale, so that distances can be compared. The line above says how much of the paths' own
    variance these axes show; what they do not show, the picture hides. A ``narrow`` figure fits a phone, and leaves
    that line to the words under it.
    """
    figure = go.Figure()
    paths = [_path(one, basis) for one in named_traces.values()]
    type_size = SMALL if narrow else NORMAL
    written = labels(paths, **(NARROW if narrow else PLOT), size=type_size, equal=True)
    for (colour, dash, symbol), (name, trace), path, (texts, sides) in zip(
        cycle(LOOKS), named_traces.items(), paths, written, strict=False
    ):
        x, y = path.x, path.y
        figure.add_scatter(
            x=x,
            y=y,
            mode=_mode(named_traces),
            line={"color": colour, "dash": dash, "width": 2.5},
            marker={
                "color": colour,
                "symbol": ["star", *[symbol] * (len(x) - 1)],
                "size": [20, *[9] * (len(x) - 1)],
                "opacity": 1,
            },
            text=texts,
            textposition=sides,
            textfont=_type(named_traces, colour) | {"size": type_size},
            name=escape(shortened(name, 40)),
            hovertext=_stories(trace),
            hovertemplate="%{hovertext}<extra></extra>",
        )
        _add_arrows(figure, x, y, colour)
    margin = {"l": 50, "r": 8, "t": 20, "b": 50} if narrow else {"l": 70, "r": 20, "t": 50, "b": 60}
    styled(figure, height=420 if narrow else 600, margin=margin, hovermode="closest", dragmode="pan")
    if not narrow:
        figure.add_annotation(_shares(named_traces, basis, 2))
    first, second = ({"text": title, "font": {"size": type_size}} for title in _titles(basis)[:2])
    figure.update_xaxes(title=first)
    figure.update_yaxes(title=second, scaleanchor="x", scaleratio=1)
    return Chart(_with_legend(figure, named_traces), _describe_path(named_traces, basis, axes=2), wide=not narrow)


@chart
def path_3d(named_traces: Mapping[str, CaptionTrace], basis: HiddenBasis, *, narrow: bool = False) -> Chart:
    """The same paths on the first three axes of ``basis``, to be turned by hand; the larger mark is the start.
    A ``narrow`` figure names its axes by their numbers and leaves the line above to the words under it."""
    figure = go.Figure()
    for (colour, dash, symbol), name, trace in _looks(named_traces):
        x, y, z = basis.project(trace.states)[:, :3].T
        figure.add_scatter3d(
            x=x,
            y=y,
            z=z,
            mode=_mode(named_traces),
            line={"color": colour, "dash": dash, "width": 5},
            marker={"color": colour, "symbol": symbol, "size": [11, *[5] * (len(x) - 1)]},
            text=_labels(trace),
            textfont=_type(named_traces, colour),
            name=escape(shortened(name, 40)),
            hovertext=_stories(trace),
            hovertemplate="%{hovertext}<extra></extra>",
        )
    styled(figure, height=420 if narrow else 640, margin={"l": 0, "r": 0, "t": 8 if narrow else 50, "b": 0})
    if not narrow:
        figure.add_annotation(_shares(named_traces, basis, 3))
    axes = [
        {"title": {"text": title, "font": {"size": SMALL}}, "tickfont": {"size": SMALL}, "nticks": 5}
        | {"gridcolor": SOLID, "zerolinecolor": SOLID, "showbackground": False, "showspikes": False}
        for title in (["1", "2", "3"] if narrow else _titles(basis)[:3])
    ]
    scene = dict(zip(("xaxis", "yaxis", "zaxis"), axes, strict=True))
    camera = FARTHER if narrow else CAMERA
    figure.update_layout(scene=scene | {"aspectmode": "data", "bgcolor": CLEAR, "camera": camera})
    return Chart(_with_legend(figure, named_traces), _describe_path(named_traces, basis, axes=3))


@chart
def heat_map(trace: CaptionTrace) -> Chart:
    """The whole memory: a row a unit, a column a word (and first the start), blue for below 0, red for above."""
    memory = trace.states
    figure = go.Figure()
    text = _("Unit {unit}, “{word}”: {value}")
    figure.add_heatmap(
        z=memory.T,
        zmin=-1,
        zmax=1,
        colorscale="RdBu_r",
        colorbar={"title": {"text": _("state"), "side": "right"}, "thickness": 16, "tickfont": {"size": SMALL}},
        text=np.tile(np.array([_("(start)"), *map(escape, trace.words)], dtype=object), (memory.shape[1], 1)),
        hovertemplate=text.format(unit="%{y}", word="%{text}", value="%{z:.2f}") + "<extra></extra>",
    )
    styled(figure, height=620, margin={"l": 64, "r": 10, "t": 16}, dragmode=False)
    word_axis(figure, [_("(start)"), *trace.words])
    figure.update_yaxes(title_text=_("unit"), autorange="reversed", showgrid=False)
    return Chart(figure, _describe_heat_map(trace))


def _path(trace: CaptionTrace, basis: HiddenBasis) -> Path:
    x, y = basis.project(trace.states)[:, :2].T
    return Path(x, y, _labels(trace))


def _describe_path(named_traces: Mapping[str, CaptionTrace], basis: HiddenBasis, axes: int) -> str:
    """How many paths, how much of them the first ``axes`` axes show, and the largest step of each path: in all units,
    and in the picture, which need not be the same."""
    sentences = [_share_text(named_traces, basis, axes)]
    for name, trace in named_traces.items():
        if not trace.words:
            continue
        words = told_apart(trace.words)
        whole, seen = (
            words[int(np.linalg.norm(np.diff(states, axis=0), axis=1).argmax())]
            for states in (trace.states, basis.project(trace.states)[:, :axes])
        )
        if whole == seen:
            moved = _("In “{caption}” the memory moved most at “{word}”, in all {units} units as in this picture.")
        else:
            moved = _(
                "In “{caption}” the memory moved most at “{word}”, over all {units} units; in this picture, at "
                "“{seen}”."
            )
        sentences.append(moved.format(caption=name, word=whole, seen=seen, units=trace.hidden.shape[1]))
    return " ".join(sentences)


def _describe_heat_map(trace: CaptionTrace) -> str:
    """How many units, and the word that changed them most."""
    memory = trace.states
    text = _("The memory has {count} units between −1 and 1.").format(count=memory.shape[1])
    if not trace.words:
        return text
    changed = np.abs(np.diff(memory, axis=0)).mean(axis=1)
    most = _("The word “{word}” changed them most, by {change} on average.")
    t = int(changed.argmax())
    return f"{text} " + most.format(word=told_apart(trace.words)[t], change=f"{changed[t]:.2f}")


def _looks(named_traces: Mapping[str, CaptionTrace]) -> Iterator[tuple[tuple[str, str, str], str, CaptionTrace]]:
    for place, (name, trace) in enumerate(named_traces.items()):
        yield LOOKS[place % len(LOOKS)], name, trace


def _mode(named_traces: Mapping[str, CaptionTrace]) -> str:
    return "lines+markers+text" if len(named_traces) <= LABELLED else "lines+markers"


def _type(named_traces: Mapping[str, CaptionTrace], colour: str) -> dict:
    """The labels' type: in the page's own colour, or in the caption's where there are several."""
    return {"size": NORMAL} | ({"color": colour} if len(named_traces) > 1 else {})


def _labels(trace: CaptionTrace) -> list[str]:
    return [_("(start)"), *(escape(shortened(word, 14)) for word in trace.words)]


def _stories(trace: CaptionTrace) -> list[str]:
    """What the pointer shows at each point: the caption so far, its last word bold."""
    words = [escape(word) for word in trace.words]
    so_far = (joined([*words[:t], f"<b>{words[t]}</b>"], trace.lang) for t in range(len(words)))
    return [_("before the first word"), *so_far]


def _titles(basis: HiddenBasis) -> list[str]:
    title = _("axis {number} ({share} of what many captions vary)")
    return [title.format(number=k + 1, share=percent(share)) for k, share in enumerate(basis.explained)]


def _share_text(named_traces: Mapping[str, CaptionTrace], basis: HiddenBasis, axes: int) -> str:
    if not any(trace.words for trace in named_traces.values()):
        return _("The caption is empty: the memory never left its start.")
    own = basis.share_of(np.concatenate([trace.states for trace in named_traces.values()]))
    return _("These {count} axes show {share} of what these memories did (their own variance).").format(
        count=axes, share=percent(own[:axes].sum())
    )


def _shares(named_traces: Mapping[str, CaptionTrace], basis: HiddenBasis, axes: int) -> dict:
    text = _share_text(named_traces, basis, axes)
    return note(text, x=0, y=1, xanchor="left", yanchor="bottom", yshift=10)


def _with_legend(figure: go.Figure, named_traces: Mapping[str, CaptionTrace]) -> go.Figure:
    """One line a caption under the picture, where there is more than one."""
    count = len(named_traces)
    if count > 1:
        figure.layout.height += 28 * count
        figure.layout.margin.b += 28 * count
        height = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
        figure.update_layout(legend={"orientation": "v", "x": 0, "y": -64 / height, "yanchor": "top"})
    return figure.update_layout(showlegend=count > 1)


def _add_arrows(figure: go.Figure, x: np.ndarray, y: np.ndarray, colour: str) -> None:
    """An arrow head in the middle of each step; the axes share one scale, so its angle is that of the step."""
    figure.add_scatter(
        x=(x[:-1] + x[1:]) / 2,
        y=(y[:-1] + y[1:]) / 2,
        mode="markers",
        marker={
            "symbol": "arrow",
            "size": 12,
            "color": colour,
            "angle": np.degrees(np.arctan2(np.diff(x), np.diff(y))),
        },
        hoverinfo="skip",
        showlegend=False,
    )
