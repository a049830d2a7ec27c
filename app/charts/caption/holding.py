"""Held units: what the next word's probabilities become, and whether random units do as much."""

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number, signed
from app.charts.kit.style import BLUE, HIGHLIGHT, QUIET, VERMILLION, note, percent, shortened, shown, styled
from app.i18n import _
from model.traces import HoldingTrace


@chart
def next_word(trace: HoldingTrace) -> Chart:
    """The likeliest words at the chosen place: a bar each as it was, with the units held, and with random ones."""
    figure = go.Figure()
    words = [shown(shortened(word, 14)) for word in trace.next_words]
    looks = ((BLUE, ""), (VERMILLION, "/"), (QUIET, "."))
    for (colour, pattern), name, chances in zip(looks, case_names(), trace.next_chances, strict=True):
        figure.add_bar(
            x=list(range(len(words))),
            y=chances,
            name=name,
            marker={"color": colour, "pattern": {"shape": pattern}, "line_width": 0},
            hovertext=[f"{word}: {percent(float(p))}" for word, p in zip(words, chances, strict=True)],
            hoverinfo="text+name",
        )
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
    styled(figure, height=340, margin={"l": 60, "r": 10, "t": 44, "b": 60}, legend=legend, bargap=0.25, dragmode=False)
    figure.update_yaxes(tickformat=".0%", title_text=_("probability"), fixedrange=True, rangemode="tozero")
    figure.update_xaxes(
        tickvals=list(range(len(words))), ticktext=words, fixedrange=True, showgrid=False, autotickangles=[0, -40, -90]
    )
    return Chart(figure, _describe_next_word(trace))


def case_names() -> tuple[str, str, str]:
    """As it was, with the units held, with random units held."""
    return _("as it was"), _("held"), _("random units held")


def _describe_next_word(trace: HoldingTrace) -> str:
    """The word's probability before and after, and the likeliest word now."""
    text = _("The word “{word}” had {before}; with the units held it has {after}, with random ones {random}.").format(
        word=trace.word,
        before=percent(float(np.exp(trace.log_prob))),
        after=percent(float(np.exp(trace.log_prob_held))),
        random=percent(float(np.exp(trace.random_log_probs[0]))),
    )
    now = trace.next_words[int(trace.next_chances[1].argmax())]
    return f"{text} " + _("Likeliest is now “{word}”.").format(word=now or _("(end)"))


@chart
def control(trace: HoldingTrace) -> Chart:
    """How often random units cost the word so much, and what the held ones cost it (the line)."""
    figure = go.Figure()
    figure.add_histogram(
        x=trace.random_costs,
        nbinsx=30,
        marker={"color": QUIET, "line_width": 0},
        hovertemplate=_("{cost} nats: {count} draws").format(cost="%{x}", count="%{y}") + "<extra></extra>",
    )
    styled(figure, height=280, margin={"l": 60, "r": 20, "t": 44, "b": 60}, showlegend=False, dragmode=False)
    line = {"type": "line", "x0": trace.cost, "x1": trace.cost, "yref": "paper", "y0": 0, "y1": 1}
    figure.add_shape(**line, line={"color": HIGHLIGHT, "width": 4})
    told = _("held: {cost}").format(cost=signed(trace.cost, 2))
    figure.add_annotation(note(f"<b>{told}</b>", xref="x", x=trace.cost, y=1, yanchor="bottom", yshift=4))
    reach = np.append(trace.random_costs, trace.cost)
    pad = 0.08 * float(np.ptp(reach)) + 0.01
    figure.update_xaxes(
        title_text=_("cost of the word, nats"),
        range=[float(reach.min()) - pad, float(reach.max()) + 2 * pad],
        fixedrange=True,
    )
    figure.update_yaxes(title_text=_("random draws"), fixedrange=True)
    return Chart(figure, _describe_control(trace))


def _describe_control(trace: HoldingTrace) -> str:
    """What the held units cost, what random ones do, and how many of those cost as much."""
    return _(
        "Holding these {count} units costs the word {cost} nats; as many random ones {mean} on average, at most "
        "{most}. Of {draws} random draws {share} cost at least as much."
    ).format(
        count=len(trace.units),
        cost=number(trace.cost, 2),
        mean=number(float(trace.random_costs.mean()), 2),
        most=number(float(trace.random_costs.max()), 2),
        draws=len(trace.random_costs),
        share=percent(trace.share_as_costly),
    )
