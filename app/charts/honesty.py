"""Does it really look there? What hiding cost the words of many captions, by kinds of words and by sharpness."""

import math
from collections.abc import Callable

import plotly.graph_objects as go

from app.charts.style import BLUE, QUIET, SMALL, VERMILLION, note, percent, styled
from app.i18n import _
from model.traces import Estimate, HonestyGroup, HonestyTrace

#: Pixels: a row, what stands above the rows and below, and beside them on the left and on the right.
ROW, TOP, BOTTOM, LEFT, RIGHT = 42, 66, 54, 250, 190


def honesty(trace: HonestyTrace) -> go.Figure:
    """A row for each group of words: the mean cost of hiding where it looked (a disc) and elsewhere (an open diamond),
    with their 95 % intervals; on the right the difference and its interval."""
    groups = {name: trace.groups[code] for code, name in _names(trace).items()}
    rows = list(range(len(groups)))
    figure = go.Figure()
    ends = [(end.mean, row) for row, group in enumerate(groups.values()) for end in (group.looked, group.elsewhere)]
    for row in rows:
        x, y = zip(*ends[2 * row : 2 * row + 2], strict=True)
        line = {"width": 4, "color": QUIET}
        figure.add_scatter(x=x, y=y, mode="lines", line=line, opacity=0.6, hoverinfo="skip", showlegend=False)
    kinds: tuple[tuple[str, Callable[[HonestyGroup], Estimate], dict], ...] = (
        (_("where it looked"), lambda group: group.looked, {"symbol": "circle", "size": 14, "color": VERMILLION}),
        (_("elsewhere"), lambda group: group.elsewhere, {"symbol": "diamond-open", "size": 13, "color": BLUE}),
    )
    for name, estimate_of, marker in kinds:
        estimates = [estimate_of(group) for group in groups.values()]
        error = {
            "type": "data",
            "array": [one.high - one.mean for one in estimates],
            "arrayminus": [one.mean - one.low for one in estimates],
            "color": marker["color"],
            "thickness": 1.5,
        }
        figure.add_scatter(
            x=[one.mean for one in estimates],
            y=rows,
            mode="markers",
            name=name,
            marker=marker | {"line_width": 2},
            error_x=error,
            hovertext=[interval(one) for one in estimates],
            hoverinfo="text+name",
        )
    figure.add_vline(0, line={"width": 1, "color": QUIET})
    texts = [_right(interval(group.difference), row) for row, group in enumerate(groups.values())]
    texts.append(_right(_("difference (95 %)"), -0.5) | {"yanchor": "bottom"})
    margin = {"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM}
    legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "yref": "paper"}
    styled(figure, height=TOP + ROW * len(rows) + BOTTOM, wide=True, margin=margin, legend=legend, annotations=texts)
    figure.update_xaxes(title_text=_("what hiding cost the word: loss of log p, in nats"), fixedrange=True)
    names = [f"{name} ({group.words})" for name, group in groups.items()]
    figure.update_yaxes(tickvals=rows, ticktext=names, range=[len(rows) - 0.5, -0.5], fixedrange=True, showgrid=False)
    return figure


def verdict(trace: HonestyTrace) -> str:
    """The sentence that the numbers give."""
    group = trace.groups["all"]
    values = {
        "looked": f"{group.looked.mean:.2f}",
        "elsewhere": f"{group.elsewhere.mean:.2f}",
        "difference": interval(group.difference),
        "words": group.words,
        "photos": trace.photos,
        "dearer": percent(group.dearer.mean),
        "times": f"{math.exp(group.looked.mean):.2f}",
        "other_times": f"{math.exp(group.elsewhere.mean):.2f}",
    }
    if group.difference.low > 0:
        text = _(
            "**Yes, on average.** Hiding where it looked made a word {times} times less likely, hiding as much "
            "elsewhere {other_times} times: {looked} against {elsewhere} nats, a difference of {difference}. It cost "
            "more for {dearer} of the {words} words in captions of {photos} photos."
        )
    elif group.difference.high < 0:
        text = _(
            "**No.** Hiding where it looked made a word {times} times less likely, hiding as much elsewhere "
            "{other_times} times: {looked} against {elsewhere} nats, a difference of {difference}. It cost more for "
            "only {dearer} of the {words} words in captions of {photos} photos."
        )
    else:
        text = _(
            "**These numbers cannot tell.** Hiding where it looked made a word {times} times less likely, "
            "hiding as much elsewhere {other_times} times: {looked} against {elsewhere} nats, a difference of "
            "{difference}, which may be none. It cost more for {dearer} of the {words} words in captions of {photos} "
            "photos."
        )
    return text.format(**values)


def describe_honesty(trace: HonestyTrace) -> str:
    """Words that name things against function words, whether hiding matters at all, and other words' places."""
    everything = trace.groups["all"]
    texts = []
    if "content" in trace.groups and "function" in trace.groups:
        text = _("The difference is {content} for words that name something, and {function} for function words.")
        content, function = (interval(trace.groups[code].difference) for code in ("content", "function"))
        texts.append(text.format(content=content, function=function))
    if everything.elsewhere.low > 0:
        text = _("Hiding anything at all costs something: elsewhere {elsewhere} nats.")
    else:
        text = _("Hiding something elsewhere costs nothing that can be told from none: {elsewhere} nats.")
    texts.append(text.format(elsewhere=interval(everything.elsewhere)))
    if everything.difference_others:
        text = _("Against places that it looked at for other words of the same caption, the difference is {others}.")
        texts.append(text.format(others=interval(everything.difference_others)))
    return " ".join(texts)


def interval(estimate: Estimate) -> str:
    """A mean with its interval, as text."""
    return _("{mean} ({low} to {high})").format(
        mean=f"{estimate.mean:.2f}", low=f"{estimate.low:.2f}", high=f"{estimate.high:.2f}"
    )


def _names(trace: HonestyTrace) -> dict[str, str]:
    """What the groups that are there are called."""
    names = {"all": _("all words"), "content": _("words that name something"), "function": _("function words")}
    for number in (1, 2, 3, 4):
        if group := trace.groups.get(f"quarter{number}"):
            low, high = (f"{peak:.0%}" for peak in group.peaks)
            names[f"quarter{number}"] = _("attention peaks at {low} to {high}").format(low=low, high=high)
    return {code: name for code, name in names.items() if code in trace.groups}


def _right(text: str, row: float) -> dict:
    place = {"x": 1, "xref": "paper", "y": row, "yref": "y", "xanchor": "left", "xshift": 12}
    return note(text, **place, font={"size": SMALL})
