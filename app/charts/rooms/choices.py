"""How a class answered: a question's answers, and predicted numbers of spikes."""

import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.style import BLUE, GREEN, HIGHLIGHT, QUIET, SMALL, escape, percent, styled, wrapped
from app.i18n import _, ngettext
from model.traces import Choices, Predictions

#: Pixels: a bar and the lines above it, the edges; Latin letters to a line.
ROW, LINE, EDGES, LETTERS = 34, 22, 40, 60


@chart
def choices_shown(choices: Choices) -> Chart:
    """Under each answer a bar as long as the share of the class that chose it; the right one is ticked."""
    total = max(sum(choices.counts), 1)
    figure, top, places, texts = go.Figure(), 0.0, [], []
    for place, answer in enumerate(choices.answers):
        lines = wrapped(answer, LETTERS).split("<br>")
        mark = "✓ " if place == choices.right else ""
        texts.append((top, "<br>".join(escape(line) for line in [mark + lines[0], *lines[1:]])))
        top += LINE * len(lines)
        places.append(top + ROW / 2)
        top += ROW + 12
    figure.add_bar(
        x=[count / total for count in choices.counts],
        y=places,
        width=ROW - 8,
        orientation="h",
        marker={
            "color": [GREEN if place == choices.right else QUIET for place in range(len(choices.answers))],
            "line_width": 0,
        },
        text=[f"{count} ({percent(count / total)})" for count in choices.counts],
        textposition="outside",
        textfont={"size": SMALL},
        cliponaxis=False,
        hoverinfo="skip",
    )
    styled(figure, height=round(top + EDGES), margin={"l": 10, "r": 80, "t": 10, "b": 30}, dragmode=False)
    for at, text in texts:
        figure.add_annotation(
            text=text, x=0, xref="paper", xanchor="left", y=at, yanchor="top", showarrow=False, align="left"
        )
    figure.update_xaxes(range=[0, 1.12], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1], fixedrange=True)
    figure.update_yaxes(range=[top, 0], visible=False, fixedrange=True)
    return Chart(figure, _choices_in_words(choices))


def _choices_in_words(choices: Choices) -> str:
    """How many answered, and how many rightly."""
    total = sum(choices.counts)
    if not total:
        return _("Nobody has answered.")
    text = _("{right} of {all} chose the right answer.")
    told = [text.format(right=choices.counts[choices.right], all=total)]
    wrong = [count if place != choices.right else -1 for place, count in enumerate(choices.counts)]
    if max(wrong) > 0:
        most = _("The most frequent of the others was “{answer}” ({count}).")
        told.append(most.format(answer=choices.answers[wrong.index(max(wrong))], count=max(wrong)))
    return " ".join(told)


@chart
def predictions_shown(predictions: Predictions) -> Chart:
    """How many predicted each number of spikes; a line at the number that came."""
    figure = go.Figure()
    numbers = sorted(predictions.counts)
    figure.add_bar(
        x=numbers,
        y=[predictions.counts[number] for number in numbers],
        width=0.8,
        marker={"color": BLUE, "line_width": 0},
        hovertemplate=_("{number} spikes: {count} predicted it").format(number="%{x}", count="%{y}")
        + "<extra></extra>",
    )
    figure.add_vline(x=predictions.spikes, line={"color": HIGHLIGHT, "width": 3, "dash": "dash"})
    came = _("{number} came").format(number=predictions.spikes)
    figure.add_annotation(x=predictions.spikes, y=1, yref="paper", text=came, showarrow=False, yanchor="bottom")
    most = max([*numbers, predictions.spikes])
    styled(figure, height=300, margin={"t": 40}, dragmode=False)
    figure.update_xaxes(title=_("predicted spikes"), range=[-0.6, most + 0.6], fixedrange=True)
    figure.update_yaxes(
        title=_("answers"), rangemode="tozero", dtick=-(-max(predictions.counts.values(), default=1) // 5)
    )
    figure.update_yaxes(fixedrange=True)
    return Chart(figure, _predictions_in_words(predictions))


def _predictions_in_words(predictions: Predictions) -> str:
    """How many spikes came, how many predicted just that, and the class's median."""
    if not predictions.counts:
        return _("Nobody has answered.")
    each = sorted(number for number, count in predictions.counts.items() for _one in range(count))
    text = ngettext(
        "{spikes} spike came. {right} of {all} predicted just that; the median prediction is {median}.",
        "{spikes} spikes came. {right} of {all} predicted just that; the median prediction is {median}.",
        predictions.spikes,
    )
    right = predictions.counts.get(predictions.spikes, 0)
    median = (each[(len(each) - 1) // 2] + each[len(each) // 2]) / 2
    return text.format(spikes=predictions.spikes, right=right, all=len(each), median=f"{median:g}")
