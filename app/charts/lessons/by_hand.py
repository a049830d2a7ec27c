"""Two steps forward and back by hand: the network with its numbers, and each line of the chain rule."""

import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.style import BLUE, HIGHLIGHT, QUIET, SMALL, note, styled
from app.i18n import _
from model.traces import TwoStepsTrace

HEIGHT, PHONE_HEIGHT = 330, 470
#: Pixels from a box's middle to where its arrows end.
STANDOFF = 36
INK, GROUND = "#1B2733", "#E4EAF0"
#: Where the boxes stand: across and up; on a phone time runs down.
PLACES = {"x1": (0, 0), "x2": (2, 0), "h1": (0, 1), "h2": (2, 1), "y": (4, 1), "L": (5.6, 1)}
WIRES = (
    ("x1", "h1", "w<sub>x</sub>"),
    ("x2", "h2", "w<sub>x</sub>"),
    ("h1", "h2", "w<sub>h</sub>"),
    ("h2", "y", "w<sub>y</sub>"),
    ("y", "L", ""),
)


@chart
def two_steps_picture(trace: TwoStepsTrace, *, narrow: bool = False) -> Chart:
    """The network unrolled over its two steps: in each box its number, forward; beside it, in red, how the loss depends
    on it, backward. In a ``narrow`` figure time runs down."""
    places = {name: (y, -x) for name, (x, y) in PLACES.items()} if narrow else PLACES
    forward = {
        "x1": ("x<sub>1</sub>", trace.inputs[0], None),
        "x2": ("x<sub>2</sub>", trace.inputs[1], None),
        "h1": ("h<sub>1</sub>", trace.states[0], trace.by_states[0]),
        "h2": ("h<sub>2</sub>", trace.states[1], trace.by_states[1]),
        "y": ("y", trace.output, trace.by_output),
        "L": ("L", trace.loss, 1.0),
    }
    weights = {"w<sub>x</sub>": trace.w_x, "w<sub>h</sub>": trace.w_h, "w<sub>y</sub>": trace.w_y}
    figure = go.Figure()
    for start, end, weight in WIRES:
        (x, y), (to_x, to_y) = places[start], places[end]
        level, later = y == to_y, start[0] != "x"
        arrow = {"xref": "x", "yref": "y", "axref": "x", "ayref": "y", "text": "", "showarrow": True, "arrowhead": 2}
        arrow |= {"arrowwidth": 2.5, "standoff": STANDOFF, "startstandoff": STANDOFF}
        figure.add_annotation(arrow | {"ax": x, "ay": y, "x": to_x, "y": to_y, "arrowcolor": BLUE})
        if weight:
            text = f"{weight} = {number(weights[weight], 2)}"
            at = {"x": (x + to_x) / 2 + (0 if level else 0.08), "y": (y + to_y) / 2 + (0.09 if level else 0)}
            anchor = {"xanchor": "center" if level else "left", "yanchor": "bottom" if level else "middle"}
            figure.add_annotation(note(text, xref="x", yref="y", **at, **anchor, font={"size": SMALL, "color": BLUE}))
        if later:  # The way back, beside.
            aside = (-0.12, 0.0) if narrow else (0.0, -0.14)
            back = {"ax": to_x + aside[0], "ay": to_y + aside[1], "x": x + aside[0], "y": y + aside[1]}
            figure.add_annotation(arrow | back | {"arrowcolor": HIGHLIGHT})
    figure.add_scatter(
        x=[places[name][0] for name in forward],
        y=[places[name][1] for name in forward],
        text=[f"{name}<br><b>{number(value, 3)}</b>" for name, value, _gradient in forward.values()],
        mode="markers+text",
        marker={"symbol": "square", "size": 66, "color": GROUND, "opacity": 1, "line": {"width": 1, "color": QUIET}},
        textfont={"size": SMALL, "color": INK},
        hoverinfo="skip",
        cliponaxis=False,
    )
    for place, (name, _value, gradient) in forward.items():
        if gradient is not None:
            x, y = places[place]
            text = f"∂L/∂{name} = <b>{number(float(gradient), 3)}</b>"
            at = {"x": x + 0.3, "y": y} if narrow else {"x": x, "y": y + 0.34}
            anchor = {"xanchor": "left", "yanchor": "middle"} if narrow else {"xanchor": "center", "yanchor": "bottom"}
            text_of = note(text, xref="x", yref="y", **at, **anchor, font={"size": SMALL, "color": HIGHLIGHT})
            figure.add_annotation(text_of)
    height = PHONE_HEIGHT if narrow else HEIGHT
    styled(figure, height=height, margin={"l": 10, "r": 10, "t": 10, "b": 10}, showlegend=False)
    figure.update_layout(dragmode=False)
    across, up = ([-0.32, 2.2], [-6.2, 0.6]) if narrow else ([-0.9, 6.4], [-0.45, 1.75])
    figure.update_xaxes(visible=False, range=across, fixedrange=True)
    figure.update_yaxes(visible=False, range=up, fixedrange=True)
    return Chart(figure, _describe_two_steps(trace), wide=not narrow)


def _describe_two_steps(trace: TwoStepsTrace) -> str:
    """The loss, and what each weight's gradient is."""
    text = _("L = {loss}. The gradients are {w_h} for w_h, {w_x} for w_x and {w_y} for w_y.")
    return text.format(
        loss=number(trace.loss, 3),
        w_h=number(trace.by_w_h, 3),
        w_x=number(trace.by_w_x, 3),
        w_y=number(trace.by_w_y, 3),
    )


def lines_of(trace: TwoStepsTrace) -> list[dict[str, str]]:
    """Each line of both passes: in letters, and with its numbers put in."""
    x, a, h = trace.inputs, trace.sums, trace.states
    by_h, by_a = trace.by_states, trace.by_sums
    w_h, w_x, w_y = _in(trace.w_h), _in(trace.w_x), _in(trace.w_y)
    forward, backward = _("forward"), _("backward")
    rows = (
        (forward, "h₁ = tanh(w_h·h₀ + w_x·x₁)", f"tanh({w_h}·0 + {w_x}·{_in(x[0])}) ≈ tanh({_n(a[0])})", h[0]),
        (
            forward,
            "h₂ = tanh(w_h·h₁ + w_x·x₂)",
            f"tanh({w_h}·{_in(h[0])} + {w_x}·{_in(x[1])}) ≈ tanh({_n(a[1])})",
            h[1],
        ),
        (forward, "y = w_y·h₂", f"{w_y}·{_in(h[1])}", trace.output),
        (forward, "L = (y − y*)² / 2", f"({_n(trace.output)} − {_n(trace.target)})² / 2", trace.loss),
        (backward, "∂L/∂y = y − y*", f"{_n(trace.output)} − {_n(trace.target)}", trace.by_output),
        (backward, "∂L/∂h₂ = ∂L/∂y · w_y", f"{_in(trace.by_output)} · {w_y}", by_h[1]),
        (backward, "∂L/∂a₂ = ∂L/∂h₂ · (1 − h₂²)", f"{_in(by_h[1])} · (1 − {_in(h[1])}²)", by_a[1]),
        (backward, "∂L/∂h₁ = ∂L/∂a₂ · w_h", f"{_in(by_a[1])} · {w_h}", by_h[0]),
        (backward, "∂L/∂a₁ = ∂L/∂h₁ · (1 − h₁²)", f"{_in(by_h[0])} · (1 − {_in(h[0])}²)", by_a[0]),
        (backward, "∂L/∂w_h = ∂L/∂a₂·h₁ + ∂L/∂a₁·h₀", f"{_in(by_a[1])}·{_in(h[0])} + {_in(by_a[0])}·0", trace.by_w_h),
        (
            backward,
            "∂L/∂w_x = ∂L/∂a₂·x₂ + ∂L/∂a₁·x₁",
            f"{_in(by_a[1])}·{_in(x[1])} + {_in(by_a[0])}·{_in(x[0])}",
            trace.by_w_x,
        ),
        (backward, "∂L/∂w_y = ∂L/∂y·h₂", f"{_in(trace.by_output)}·{_in(h[1])}", trace.by_w_y),
    )
    return [
        {_("pass"): way, _("in letters"): letters.replace("_", r"\_"), _("in numbers"): f"{numbers} ≈ **{_n(value)}**"}
        for way, letters, numbers, value in rows
    ]


def _n(x: float) -> str:
    return number(float(x), 3)


def _in(x: float) -> str:
    return f"({_n(x)})" if x < 0 else _n(x)
