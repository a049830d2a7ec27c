"""The text that a network read, coloured by what it did at each symbol.

This picture is no Plotly figure: text is hostile to figures. A browser sets lines, joins Arabic
letters, orders what is written from right to left and piles up marks; a figure does none of it. So it is HTML, of
``span`` elements with an escaped symbol and two attributes that hold nothing a user typed.
"""

import html
from collections.abc import Sequence

import numpy as np

from app.charts.kit.chart import Markup, chart
from app.charts.kit.numbers import number
from app.charts.sequence.texts import NAMES, names_of, plain_name, visible
from app.i18n import _
from model.traces import SequenceTrace

#: Red for above 0, blue for below, as in the heat maps, but see-through, so that the page's own text colour shows on
#: any page; red, green, blue.
ABOVE, BELOW = (214, 72, 55), (46, 128, 208)
#: How much of the colour the strongest symbol gets, 0 to 1: more would hide the text.
STRONGEST = 0.62

_SYMBOL = '<span title="{title}" style="background:{colour};border-radius:2px">{text}</span>'
_TEXT = '<div dir="auto" style="font-size:1.25rem;line-height:1.9;overflow-wrap:anywhere">{text}</div>'
_LEGEND = '<div style="font-size:0.9rem;margin-top:0.4rem">{least} <span style="{bar}"></span> {most}</div>'
_BAR = "display:inline-block;width:10rem;height:0.9rem;vertical-align:middle;background:linear-gradient(to right,{0})"


@chart
def coloured_text(trace: SequenceTrace, unit: int) -> Markup:
    """The symbols, each on the colour of one unit's state after it was read, with a legend below: the
    strongest state of all units has the strongest colour. The pointer shows the step and the state. Symbols that
    leave no ink show by a sign: ``␣``, ``↵``, ``⇥``."""
    states, top = trace.hidden[:, unit], strongest(trace)
    title = _("step {step}: {value}")
    titles = [title.format(step=t + 1, value=number(x)) for t, x in enumerate(states)]
    spans = _spans(names_of(trace), titles, [_colour(x / top) for x in np.nan_to_num(states)])
    ends = (number(-top, 2), number(top, 2))
    legend = _legend(_("state of unit {unit}:").format(unit=unit), ends)
    return Markup(_TEXT.format(text=spans) + legend, _describe_coloured_text(trace, unit))


def strongest(trace: SequenceTrace) -> float:
    """The largest absolute value of a state, to which the colours go; 1 where all are 0."""
    return float(np.abs(trace.hidden[np.isfinite(trace.hidden)]).max(initial=0)) or 1.0


def _describe_coloured_text(trace: SequenceTrace, unit: int) -> str:
    """The symbols after which the unit was highest and lowest."""
    states = np.nan_to_num(trace.hidden[:, unit])
    high, low = int(states.argmax()), int(states.argmin())
    names = names_of(trace)
    text = _(
        "Unit {unit} was highest after “{most}” at step {first} ({high}), "
        "lowest after “{least}” at step {second} ({low})."
    )
    return text.format(
        unit=unit,
        most=plain_name(names[high]),
        first=high + 1,
        high=number(trace.hidden[high, unit], 2),
        least=plain_name(names[low]),
        second=low + 1,
        low=number(trace.hidden[low, unit], 2),
    )


def _spans(names: Sequence[str], titles: Sequence[str], colours: Sequence[str]) -> str:
    """One span a symbol. A line may break behind what leaves no ink; symbols of more than one letter, such as numbers,
    stand apart."""
    apart = " " if any(len(name) > 1 and name.isascii() for name in names) else ""
    spans = [
        _SYMBOL.format(title=html.escape(title), colour=colour, text=html.escape(visible(name)))
        + ("<br>" if name == "\n" else "<wbr>" if name in NAMES else "")
        for name, title, colour in zip(names, titles, colours, strict=True)
    ]
    return apart.join(spans)


def _legend(name: str, ends: tuple[str, str]) -> str:
    stops = ",".join(_colour(x) for x in np.linspace(-1, 1, 9))
    return _LEGEND.format(least=f"{html.escape(name)} {ends[0]}", most=ends[1], bar=_BAR.format(stops))


def _colour(x: float) -> str:
    """The colour of a state as a share of the scale, -1 to 1: the stronger, the less see-through."""
    red, green, blue = ABOVE if x > 0 else BELOW
    return f"rgba({red},{green},{blue},{STRONGEST * min(abs(x), 1):.3f})"
