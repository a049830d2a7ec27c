"""How much each earlier symbol counts for one output: the text coloured by its gradients, network under network.

After Madsen 2019, "Visualizing memorization in RNNs" (Distill): choose a symbol, and see how far back it reaches.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from app.charts.kit.chart import Chart, chart
from app.charts.kit.player import BUTTONS, PLAYER, FilmTrace, film, inside_on_phone, player
from app.charts.kit.style import HIGHLIGHT, NORMAL, SMALL, escape, shortened, styled, width_of, wrapped
from app.charts.sequence.texts import plain_name, symbol_text, visible
from app.i18n import _, ngettext
from model.traces import GradientTrace

#: For each network, the gradients of one output or of several, each at a step of its own.
Named = Mapping[str, Sequence[GradientTrace]]

#: Pixels of a line of text, a network's name above its lines among them.
LINE = 34


class LineRoom(NamedTuple):
    """What a line holds: Latin letters, and symbols at most; and the lines that a network's sentence takes."""

    letters: int
    symbols: int
    head: int


PAGE, PHONE = LineRoom(80, 40, 1), LineRoom(32, 16, 2)
#: A phone's line of small type, in Latin letters; the pixels that the scale takes there above all.
SENTENCE, SCALE_ABOVE = 46, 62
#: See-through, so that the page's own text colour shows on any page.
SCALE = [[0.0, "rgba(213, 94, 0, 0)"], [1.0, "rgba(213, 94, 0, 0.8)"]]
#: A symbol counts while it has such a share of the one that counts most.
COUNTS = 0.1


@chart
def earlier_symbols(named: Named, *, narrow: bool = False) -> Chart:
    """The same text for each network, each symbol coloured by ‖dL/dx_t‖, where L is the output at the framed step: from
    nothing to the symbol that counts most for this network.

    Where the networks' gradients are given for several steps, a slider in the browser moves the framed step in all
    texts at once; the last is shown first. In a ``narrow`` figure lines are shorter.
    """
    room = PHONE if narrow else PAGE
    first = next(iter(named.values()))
    symbols = first[0].symbols or ("",) * len(first[0].inputs)
    grid = _Grid(len(symbols), _columns(symbols, room), len(named), room.head)
    count = min(len(gradients) for gradients in named.values())
    start = count - 1
    figure = film(
        [_heat(named, grid, narrow), _written(symbols, grid), _frame(named, grid), _heads(named, grid, narrow)],
        count,
        start=start,
    )
    below = PLAYER if count > 1 else 0
    margin = {"l": BUTTONS if count > 1 else 16, "r": 90, "t": 8, "b": below + 8}
    if narrow:
        margin |= {"l": 12, "r": 12, "t": SCALE_ABOVE}
    styled(
        figure,
        height=LINE * grid.rows + margin["t"] + margin["b"],
        margin=margin,
        showlegend=False,
        hovermode="closest",
        dragmode=False,
    )
    bare = {"visible": False, "fixedrange": True}
    figure.update_xaxes(range=[-0.5, grid.columns - 0.5], **bare)
    figure.update_yaxes(range=[grid.rows - 0.5, -0.5], **bare)
    inside = inside_on_phone(margin) if narrow else 0
    figure.update_layout(player(count, top=0, start=start, inside=inside))
    return Chart(figure, _describe_earlier_symbols(named), wide=not narrow)


def _heat(named: Named, grid: "_Grid", narrow: bool) -> FilmTrace:
    """The colour of each symbol: its share."""
    shares = [[share(gradient) for gradient in gradients] for gradients in named.values()]
    still = {
        "type": "heatmap",
        "zmin": 0,
        "zmax": 1,
        "colorscale": SCALE,
        "colorbar": _bar(above=narrow),
        "hoverinfo": "skip",
        "xgap": 1,
        "ygap": 3,
    }
    return FilmTrace(still, lambda k: {"z": grid.filled([network[k] for network in shares])})


def _written(symbols: Sequence[str], grid: "_Grid") -> FilmTrace:
    """The text itself, once for each network."""
    places = [grid.place(network, t) for network in range(grid.networks) for t in range(len(symbols))]
    text = _("{symbol}, step {step}").format(symbol="“%{text}”", step="%{customdata}") + "<extra></extra>"
    return FilmTrace(
        {
            "type": "scatter",
            "mode": "text",
            "x": [x for x, _y in places],
            "y": [y for _x, y in places],
            "text": [symbol_text(symbol, 8) for symbol in symbols] * grid.networks,
            "textfont": {"size": NORMAL},
            "customdata": list(range(1, len(symbols) + 1)) * grid.networks,
            "hovertemplate": text,
        }
    )


def _frame(named: Named, grid: "_Grid") -> FilmTrace:
    """A frame around the symbol at whose step the output is asked for, in each network's text."""
    around = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5))
    line = {"color": HIGHLIGHT, "width": 3}

    def at(k: int) -> dict[str, Any]:
        places = [grid.place(network, _step(gradients[k])) for network, gradients in enumerate(named.values())]
        corners = [[(x + dx, y + 0.94 * dy) for dx, dy in around] for x, y in places]
        return {
            "x": [value for corner in corners for value in (*(x for x, _y in corner), None)],
            "y": [value for corner in corners for value in (*(y for _x, y in corner), None)],
        }

    return FilmTrace({"type": "scatter", "mode": "lines", "hoverinfo": "skip", "line": line, "cliponaxis": False}, at)


def _heads(named: Named, grid: "_Grid", narrow: bool) -> FilmTrace:
    """Above each network's text, how far back it reaches."""
    still = {
        "type": "scatter",
        "mode": "text",
        "x": [-0.5] * grid.networks,
        "y": grid.heads(),
        "textposition": "middle right",
        "textfont": {"size": SMALL},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }

    def at(k: int) -> dict[str, Any]:
        told = [_sentence(name, gradients[k]) for name, gradients in named.items()]
        return {"text": [wrapped(sentence, SENTENCE) for sentence in told] if narrow else told}

    return FilmTrace(still, at)


def share(gradient: GradientTrace) -> np.ndarray:
    """How much each input counts beside the one that counts most, 0 to 1, (T,); NaN behind the step asked for."""
    norms = np.where(np.isfinite(gradient.inputs), gradient.inputs, np.inf)
    most = norms.max()
    shares = (norms == most).astype(float) if np.isinf(most) else norms / (most or 1.0)
    shares[_step(gradient) + 1 :] = np.nan
    return shares


def reach(gradient: GradientTrace) -> int:
    """How many steps before the one asked for stands the first symbol that counts at least ``COUNTS`` of the most."""
    shares = share(gradient)
    counting = np.flatnonzero(np.nan_to_num(shares) >= COUNTS)
    return _step(gradient) - int(counting[0]) if len(counting) else 0


def _describe_earlier_symbols(named: Named) -> str:
    """For each network how far back the chosen output reaches, and which symbol counts most."""
    last = min(len(gradients) for gradients in named.values()) - 1
    sentences = []
    for name, gradients in named.items():
        gradient = gradients[last]
        t = int(np.nan_to_num(share(gradient)).argmax())
        symbol = plain_name(gradient.symbols[t]) if gradient.symbols else ""
        text = ngettext(
            "{name}: for the output at step {step}, “{symbol}” at step {most} counts most; symbols up to {reach} step "
            "back count a tenth of that or more.",
            "{name}: for the output at step {step}, “{symbol}” at step {most} counts most; symbols up to {reach} steps "
            "back count a tenth of that or more.",
            reach(gradient),
        )
        sentences.append(
            text.format(name=name, step=_step(gradient) + 1, symbol=symbol, most=t + 1, reach=reach(gradient))
        )
    return " ".join(sentences)


class _Grid:
    """Where the symbols stand: for each network the rows of its sentence (``head``), then its lines."""

    def __init__(self, steps: int, columns: int, networks: int, head: int):
        self.columns, self.networks, self.head = columns, networks, head
        self.each = head + -(-steps // columns)
        self.rows = networks * self.each

    def place(self, network: int, step: int) -> tuple[int, int]:
        return step % self.columns, network * self.each + self.head + step // self.columns

    def heads(self) -> list[float]:
        """The middles of the sentences."""
        return [network * self.each + (self.head - 1) / 2 for network in range(self.networks)]

    def filled(self, values: Sequence[np.ndarray]) -> list[list[float | None]]:
        """The values (T,) of each network in the cells of their symbols; None in all others."""
        cells: list[list[float | None]] = [[None] * self.columns for _row in range(self.rows)]
        for network, row in enumerate(values):
            for t, value in enumerate(row):
                x, y = self.place(network, t)
                cells[y][x] = round(float(value), 3) if np.isfinite(value) else None
        return cells


def _columns(symbols: Sequence[str], room: LineRoom) -> int:
    widest = max(width_of(shortened(visible(symbol), 8)) for symbol in symbols)
    return max(1, min(room.letters // (widest + 1), room.symbols, len(symbols)))


def _step(gradient: GradientTrace) -> int:
    return len(gradient.inputs) - 1 if gradient.step is None else gradient.step


def _sentence(name: str, gradient: GradientTrace) -> str:
    back = reach(gradient)
    if back == _step(gradient):
        return _("<b>{name}</b> reaches back to the first symbol").format(name=escape(shortened(name, 30)))
    text = ngettext(
        "<b>{name}</b> reaches {reach} step back: what is before counts less than a tenth of the most",
        "<b>{name}</b> reaches {reach} steps back: what is before counts less than a tenth of the most",
        back,
    )
    return text.format(name=escape(shortened(name, 30)), reach=back)


def _bar(above: bool) -> dict[str, Any]:
    """The scale: to the right of all, or ``above`` it."""
    title = {"text": _("counts"), "side": "top", "font": {"size": SMALL}}
    ticks = {"tickvals": [0, 1], "ticktext": [_("nothing"), _("most")], "tickfont": {"size": SMALL}}
    bar = {"thickness": 12, "len": 0.9, "outlinewidth": 1, "title": title} | ticks
    lying = {"orientation": "h", "len": 0.7, "x": 0.5, "xanchor": "center", "y": 1, "yanchor": "bottom", "ypad": 4}
    return bar | lying if above else bar
