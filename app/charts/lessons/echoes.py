"""A linear state-space recurrence, computed step by step and as a convolution: two ways, one result."""

import numpy as np
from plotly.subplots import make_subplots

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import size
from app.charts.kit.style import BLUE, GREEN, HIGHLIGHT, QUIET, SMALL, styled
from app.charts.sequence.drawn import drawn
from app.i18n import _

#: Pixels of each plot and between them.
PLOT, GAP = 170, 60
#: What is left of an input is told for the kernel's last steps: in a single one it may just cross zero.
LAST = 10


@chart
def two_ways(x: np.ndarray, stepped: np.ndarray, convolved: np.ndarray, kernel: np.ndarray) -> Chart:
    """Above, the input x and the output y, as a line (step by step) and as rings (as a convolution); below, the kernel:
    what an input still does so many steps later. All are (T,)."""
    area = 2 * PLOT + GAP
    titles = [_("input x and output y, against the step"), _("kernel K: what is left of an input after k steps")]
    figure = make_subplots(
        rows=2, cols=1, vertical_spacing=GAP / area, subplot_titles=[f"<b>{title}</b>" for title in titles]
    )
    steps = list(range(1, len(x) + 1))
    hover = _("step {step}, {line}: {value}").format(step="%{x}", line="%{fullData.name}", value="%{y:.3f}")
    figure.add_bar(x=steps, y=drawn(x), name=_("input"), marker_color=QUIET, hovertemplate=hover + "<extra></extra>")
    lines = (
        (_("output, step by step"), stepped, "lines", {"line": {"color": BLUE, "width": 3}}),
        (
            _("output, as a convolution"),
            convolved,
            "markers",
            {"marker": {"color": HIGHLIGHT, "symbol": "circle-open", "size": 9, "line": {"width": 2}}},
        ),
    )
    for name, y, mode, look in lines:
        figure.add_scatter(x=steps, y=drawn(y), name=name, mode=mode, hovertemplate=hover + "<extra></extra>", **look)
    after = _("after {steps} steps: {value}").format(steps="%{x}", value="%{y:.3g}")
    figure.add_bar(
        x=list(range(len(kernel))),
        y=drawn(kernel),
        marker_color=GREEN,
        showlegend=False,
        hovertemplate=after + "<extra></extra>",
        row=2,
        col=1,
    )
    styled(figure, height=area + 120, margin={"l": 60, "r": 16, "t": 76, "b": 44}, hovermode="closest", dragmode=False)
    figure.update_annotations(font={"size": SMALL}, x=0, xanchor="left")
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1 + 26 / area, "yanchor": "bottom"})
    figure.update_xaxes(showgrid=False, fixedrange=True)
    figure.update_yaxes(fixedrange=True, zeroline=True, zerolinewidth=1, nticks=5)
    return Chart(figure, _describe_two_ways(x, stepped, convolved, kernel))


def _describe_two_ways(x: np.ndarray, stepped: np.ndarray, convolved: np.ndarray, kernel: np.ndarray) -> str:
    """How far the two results differ, and how long an input lasts."""
    text = _(
        "Over {steps} steps, the two results differ by {difference} at most. Of an input, {left} times is left, at "
        "most, in the kernel's last {last} steps."
    )
    difference = float(np.abs(stepped - convolved).max())
    left = float(np.abs(kernel[-LAST:]).max())
    return text.format(steps=len(x), difference=size(difference), left=size(left), last=LAST)
