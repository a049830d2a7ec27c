"""Words that come more often than by chance where units of the memory have a pattern."""

import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number, size
from app.charts.kit.style import BLUE, VERMILLION, escape, percent, shortened, styled
from app.i18n import _
from model.traces import PatternTrace


@chart
def pattern_words(trace: PatternTrace) -> Chart:
    """A row a word: how often it came next with the pattern (bar), and how often by chance (cross)."""
    words = [escape(shortened(one.word, 16)) for one in trace.words]
    hover = _("{word}: {count} of {total}, by chance {expected}, probability {chance}")
    told = [
        hover.format(
            word=word, count=one.count, total=one.total, expected=number(one.expected, 1), chance=size(one.chance)
        )
        for word, one in zip(words, trace.words, strict=True)
    ]
    rows = list(range(len(words)))
    figure = go.Figure()
    figure.add_bar(
        x=[one.count for one in trace.words],
        y=rows,
        orientation="h",
        name=_("with the pattern"),
        marker={"color": BLUE, "line_width": 0},
        hovertext=told,
        hoverinfo="text",
    )
    figure.add_scatter(
        x=[one.expected for one in trace.words],
        y=rows,
        mode="markers",
        name=_("by chance"),
        marker={"symbol": "x", "size": 12, "color": VERMILLION},
        hovertext=told,
        hoverinfo="text",
    )
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
    styled(figure, height=110 + 30 * len(words), margin={"l": 120, "r": 20, "t": 44, "b": 60}, legend=legend)
    figure.update_xaxes(title_text=_("moments at which the word came next"), rangemode="tozero", fixedrange=True)
    figure.update_yaxes(tickvals=rows, ticktext=words, autorange="reversed", fixedrange=True, showgrid=False)
    figure.update_layout(dragmode=False, bargap=0.3)
    return Chart(figure, _describe_pattern(trace))


def in_words(trace: PatternTrace) -> str:
    """The pattern, and how many moments have it."""
    high = ", ".join(str(unit) for unit, up in trace.units if up)
    low = ", ".join(str(unit) for unit, up in trace.units if not up)
    parts = [text.format(units=units) for text, units in ((_("high {units}"), high), (_("low {units}"), low)) if units]
    return _(
        "Units {pattern}: {matched} of {searched} moments. Units that know nothing of each other would have it "
        "{expected} times."
    ).format(
        pattern=_("; ").join(parts),
        matched=trace.matched,
        searched=f"{trace.searched:,}",
        expected=number(trace.expected, 1),
    )


def _describe_pattern(trace: PatternTrace) -> str:
    """The word that stands out most, and by how much."""
    if not trace.words:
        return _("No moment has this pattern.")
    one = trace.words[0]
    return _(
        "“{word}” stands out most: it came next at {count} of the {matched} moments ({share} of all its {total}), by "
        "chance at {expected}: {lift} times as often (probability by chance {chance})."
    ).format(
        word=one.word,
        count=one.count,
        matched=trace.matched,
        share=percent(one.count / one.total),
        total=one.total,
        expected=number(one.expected, 1),
        lift=number(one.lift, 1),
        chance=size(one.chance),
    )
