"""Who looks at whom: self-attention's weights over a few words, as squares with their numbers."""

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.style import HIGHLIGHT, NORMAL, escape, percent, styled
from app.i18n import _
from model.traces import SelfAttentionTrace

#: From no weight to all of it: grounds of their own, so the numbers have a colour of their own.
SHADES, INK = [[0, "#E4EAF0"], [1, "#6FB1D6"]], "#1B2733"
#: Pixels of a row, and of what stands around the rows.
ROW, AROUND = 46, 100


@chart
def attention_weights(trace: SelfAttentionTrace, chosen: int) -> Chart:
    """α as a square of T by T: a row for each word that looks, a column for each that is looked at; the row of the word
    ``chosen`` is framed. What the mask hides is empty."""
    words = [escape(word) for word in trace.words]
    places = list(range(len(words)))
    shown = np.where(np.isneginf(trace.scores), np.nan, trace.weights)
    hover = _("“{word}” gives “{other}” {share}").format(
        word="%{customdata[0]}", other="%{customdata[1]}", share="%{z:.0%}"
    )
    figure = go.Figure(
        go.Heatmap(
            z=[[None if np.isnan(one) else float(one) for one in row] for row in shown],
            text=[["" if np.isnan(one) else f"{one:.2f}" for one in row] for row in shown],
            texttemplate="%{text}",
            textfont={"size": NORMAL, "color": INK},
            customdata=[[[one, other] for other in words] for one in words],
            hovertemplate=hover + "<extra></extra>",
            colorscale=SHADES,
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=3,
            ygap=3,
            hoverongaps=False,
        )
    )
    styled(figure, height=ROW * len(words) + AROUND, margin={"l": 76, "r": 12, "t": 56, "b": 10}, dragmode=False)
    axis = {"tickvals": places, "ticktext": words, "showgrid": False, "fixedrange": True}
    figure.update_xaxes(axis, side="top", title={"text": _("looked at"), "standoff": 4})
    figure.update_yaxes(axis, autorange="reversed", title={"text": _("looks"), "standoff": 4})
    box = {"type": "rect", "x0": -0.5, "x1": len(words) - 0.5, "y0": chosen - 0.5, "y1": chosen + 0.5}
    figure.add_shape(box | {"line": {"color": HIGHLIGHT, "width": 3}})
    return Chart(figure, _describe_attention_weights(trace, chosen))


def _describe_attention_weights(trace: SelfAttentionTrace, chosen: int) -> str:
    """Whom the chosen word looks at most, and what it takes in."""
    weights = trace.weights[chosen]
    text = _("“{word}” looks most at “{other}”: {share} of its attention. It takes in y = ({output}).")
    return text.format(
        word=trace.words[chosen],
        other=trace.words[int(weights.argmax())],
        share=percent(float(weights.max())),
        output=", ".join(number(one, 2) for one in trace.outputs[chosen]),
    )


def rows_of(trace: SelfAttentionTrace, chosen: int) -> list[dict[str, str]]:
    """The chosen word's numbers, a row for each word that it may look at."""
    q, root = _pair(trace.queries[chosen]), f"√{trace.keys.shape[1]}"
    return [
        {
            _("word s"): word,
            "k": _pair(trace.keys[s]),
            "q · k / √d": f"{q} · {_pair(trace.keys[s])} / {root} ≈ {number(trace.scores[chosen, s], 2)}",
            "exp": number(trace.exponentials[chosen, s], 2),
            "α": f"{trace.weights[chosen, s]:.2f}",
            "v": _pair(trace.values[s]),
        }
        for s, word in enumerate(trace.words)
        if not np.isneginf(trace.scores[chosen, s])
    ]


def _pair(numbers: np.ndarray) -> str:
    return "(" + ", ".join(number(one, 2) for one in numbers) + ")"
