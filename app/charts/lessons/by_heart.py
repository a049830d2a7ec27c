"""Learned, or learned by heart? The loss on a network's own examples beside the loss on new ones."""

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.style import BLUE, HIGHLIGHT, QUIET, percent, styled
from app.charts.sequence.drawn import drawn
from app.charts.sequence.texts import step_ticks
from app.i18n import _

#: The axis ends at so many times the reference: before, both fall alike.
CEILING = 1.4
#: So far below a baseline a loss must be to be called below it: the examples' own chance moves it by less.
MARGIN = 0.95


@chart
def by_heart(seen: np.ndarray, new: np.ndarray, reference: float) -> Chart:
    """Losses on its own examples and on new ones, before training and after each epoch, (epochs + 1,) each; a dashed
    line at ``reference``, what knowing nothing costs. The axis shows what is around that line and below it."""
    figure = go.Figure()
    text = _("after epoch {epoch}, {line}: {value}")
    text = text.format(epoch="%{x}", line="%{fullData.name}", value="%{y:.4f}") + "<extra></extra>"
    for name, losses, colour, dash in (
        (_("on new pairs"), new, HIGHLIGHT, "dash"),
        (_("on its own pairs"), seen, BLUE, "solid"),
    ):
        figure.add_scatter(
            x=list(range(len(losses))),
            y=drawn(losses),
            mode="lines",
            name=name,
            line={"color": colour, "dash": dash, "width": 3},
            hovertemplate=text,
        )
    figure.add_scatter(
        x=[0, len(seen) - 1],
        y=[reference, reference],
        mode="lines",
        name=_("knowing nothing: {value}").format(value=f"{reference:.4f}"),
        line={"color": QUIET, "width": 2, "dash": "dot"},
        hoverinfo="skip",
    )
    styled(figure, height=340, margin={"l": 64, "r": 16, "t": 44, "b": 52}, hovermode="closest", dragmode=False)
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"})
    figure.update_xaxes(title={"text": _("epoch"), "standoff": 4}, showgrid=False, fixedrange=True)
    figure.update_xaxes(step_ticks(len(seen), 10), range=[0, max(len(seen) - 1, 1)])
    lowest = min(seen.min(), new.min(), reference)
    bottom = 0 if lowest < reference / 2 else lowest - (CEILING * reference - lowest) * 0.1
    figure.update_yaxes(title={"text": _("loss"), "standoff": 4}, range=[bottom, CEILING * reference], fixedrange=True)
    return Chart(figure, _describe_by_heart(seen, new, reference))


def _describe_by_heart(seen: np.ndarray, new: np.ndarray, reference: float) -> str:
    """Both losses, before and after, beside the reference."""
    text = _(
        "In {epochs} epochs, the loss on its own pairs went from {first} to {last}, on new pairs from {new_first} to "
        "{new_last}. Knowing nothing costs {reference}."
    )
    return text.format(
        epochs=len(seen) - 1,
        first=f"{seen[0]:.4f}",
        last=f"{seen[-1]:.4f}",
        new_first=f"{new[0]:.4f}",
        new_last=f"{new[-1]:.4f}",
        reference=f"{reference:.4f}",
    )


def what_was_learned(seen: np.ndarray, new: np.ndarray, seen_reference: float, reference: float) -> str:
    """Learned, learned by heart, or nothing but the mean: the last losses beside what knowing nothing costs.

    ``seen_reference`` is what the mean of its own examples' targets costs on them, ``reference`` that on new ones.
    """
    if new[-1] < MARGIN * reference:
        return _(
            "**Learned.** On new pairs the loss ends {below} below what knowing nothing costs: what it found holds for "
            "pairs that it never saw."
        ).format(below=percent(1 - new[-1] / reference))
    if seen[-1] < MARGIN * seen_reference:
        return _(
            "**Overfitting.** On its own pairs the loss ends {below} below what the mean costs there, on new pairs not "
            "at all: what it has beyond the mean, it learned by heart."
        ).format(below=percent(1 - seen[-1] / seen_reference))
    return _(
        "**Nothing but the mean, if that.** Neither loss ends clearly below what knowing nothing costs, however far it "
        "fell."
    )
