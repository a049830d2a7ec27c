"""Does it really look there? What hiding cost the words of many captions, by kinds of words and by sharpness."""

import math
from collections.abc import Callable
from typing import NamedTuple

from plotly.subplots import make_subplots

from app.charts.kit.chart import Chart, chart
from app.charts.kit.style import BLUE, GREEN, PINK, QUIET, VERMILLION, percent, styled, wrapped
from app.i18n import _
from model.traces import CHANCE, Estimate, HonestyGroup, HonestyTrace

#: Pixels: a row, what stands above the rows and below, and beside them on the left and on the right.
ROW, TOP, BOTTOM, LEFT, RIGHT = 46, 84, 54, 250, 20
#: On a phone, where a row's name has two lines: Latin letters to a line, and pixels.
LETTERS, PHONE_LEFT = 18, 140


class Mark(NamedTuple):
    """One estimate of every group: in which panel, what it is called, where it is found, and how it is drawn."""

    panel: int
    name: str
    of: Callable[[HonestyGroup], Estimate | None]
    symbol: str
    colour: str
    #: Within its row, upwards, so that no mark covers another: in rows.
    raised: float = 0.0


@chart
def honesty(trace: HonestyTrace, *, narrow: bool = False) -> Chart:
    """A row for each group of words, with 95 % intervals. On the left the mean cost of hiding where it looked (a disc)
    and elsewhere (an open diamond), and the medians of both as ticks; on the right the share of other places that cost
    less, of all (a square) and of those that it looked at for other words (an open square), beside chance. In a
    ``narrow`` figure the rows' names have two lines."""
    groups = {name: trace.groups[code] for code, name in names_of_groups(trace).items()}
    figure = make_subplots(1, 2, shared_yaxes=True, column_widths=[0.55, 0.45], horizontal_spacing=0.1)
    for mark in _marks():
        known = [(row, one) for row, group in enumerate(groups.values()) if (one := mark.of(group))]
        as_text = interval if mark.panel == 1 else shares
        figure.add_scatter(
            x=[one.mean for _row, one in known],
            y=[row - mark.raised for row, _one in known],
            mode="markers",
            name=mark.name,
            marker={
                "symbol": mark.symbol,
                "size": 12,
                "color": mark.colour,
                "line": {"width": 2, "color": mark.colour},
            },
            error_x={
                "type": "data",
                "array": [one.high - one.mean for _row, one in known],
                "arrayminus": [one.mean - one.low for _row, one in known],
                "color": mark.colour,
                "thickness": 1.5,
            },
            hovertext=[as_text(one) for _row, one in known],
            hoverinfo="text+name",
            row=1,
            col=mark.panel,
        )
    figure.add_vline(0, line={"width": 1, "color": QUIET}, row=1, col=1)
    figure.add_vline(CHANCE, line={"width": 2, "color": QUIET, "dash": "dash"}, row=1, col=2)
    margin = {"l": PHONE_LEFT if narrow else LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM}
    legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}
    legend |= {"entrywidth": 220}  # two side by side, as wide as the longest
    styled(figure, height=TOP + ROW * len(groups) + BOTTOM, margin=margin, legend=legend)
    figure.update_xaxes(title_text=_("cost, in nats"), fixedrange=True, col=1)
    title = _("places that cost less")
    figure.update_xaxes(title_text=title, fixedrange=True, tickformat=".0%", nticks=6, col=2)
    names = [f"{name} ({group.words})" for name, group in groups.items()]
    if narrow:
        names = [wrapped(name, LETTERS) for name in names]
    ticks = {"tickvals": list(range(len(names))), "ticktext": names}
    figure.update_yaxes(range=[len(names) - 0.5, -0.5], fixedrange=True, showgrid=False, automargin=False, **ticks)
    return Chart(figure, _describe_honesty(trace), wide=True)


def _marks() -> tuple[Mark, ...]:
    looked, elsewhere = _("where it looked"), _("elsewhere")
    median = _("{name}, median")
    return (
        Mark(1, looked, lambda group: group.looked, "circle", VERMILLION, 0.2),
        Mark(1, median.format(name=looked), lambda group: group.looked_median, "line-ns", VERMILLION, -0.05),
        Mark(1, elsewhere, lambda group: group.elsewhere, "diamond-open", BLUE, -0.2),
        Mark(1, median.format(name=elsewhere), lambda group: group.elsewhere_median, "line-ns", BLUE, -0.35),
        Mark(2, _("of all places"), lambda group: group.rank, "square", GREEN, 0.12),
        Mark(2, _("of other words' places"), lambda group: group.rank_others, "square-open", PINK, -0.18),
    )


def verdict(trace: HonestyTrace) -> str:
    """The sentences that the numbers give: the ranks and the means must agree for a yes or a no."""
    group = trace.groups["all"]
    if group.rank.low > CHANCE and group.difference.low > 0:
        text = _("**Yes, on average.**")
    elif group.rank.high < CHANCE and group.difference.high < 0:
        text = _("**No.**")
    else:
        text = _("**These numbers cannot tell.**")
    parts = [
        text,
        _(
            "Of all other places, {rank} cost a word less than the place where it looked; a place chosen blindly would "
            "reach {chance}."
        ).format(rank=shares(group.rank), chance=percent(CHANCE)),
        _(
            "Hiding where it looked made a word {times} times less likely, hiding as much elsewhere {other_times} "
            "times: {looked} against {elsewhere} nats, a difference of {difference}."
        ).format(
            times=f"{math.exp(group.looked.mean):.2f}",
            other_times=f"{math.exp(group.elsewhere.mean):.2f}",
            looked=f"{group.looked.mean:.2f}",
            elsewhere=f"{group.elsewhere.mean:.2f}",
            difference=interval(group.difference),
        ),
        _("That is a mean over {words} words in captions of {photos} photos.").format(
            words=group.words, photos=trace.photos
        ),
    ]
    if group.tenth is not None:
        text = _("A tenth of the words carries {tenth} of that cost; for the median word the difference is {median}.")
        parts.append(text.format(tenth=percent(group.tenth), median=interval(group.difference_median)))
    return " ".join(parts)


def _describe_honesty(trace: HonestyTrace) -> str:
    """Words that name things against function words, whether hiding matters at all, and other words' places."""
    everything = trace.groups["all"]
    texts = []
    if everything.difference_others and everything.rank_others:
        text = _(
            "The stronger control: places that it looked at for other words of the same caption hold things worth "
            "looking at, too. {rank} of them cost the word less than its own place (by chance {chance}), and its own "
            "costs {difference} nats more (by chance 0)."
        )
        rank, difference = shares(everything.rank_others), interval(everything.difference_others)
        texts.append(text.format(rank=rank, chance=percent(CHANCE), difference=difference))
    names = {"content": _("words that name something"), "function": _("function words")}
    known = {code: trace.groups[code] for code in names if code in trace.groups}
    for code, group in known.items():
        if group.rank_others is None or group.difference_others is None:
            continue
        values = {
            "name": names[code],
            "rank": shares(group.rank),
            "others": shares(group.rank_others),
            "difference": interval(group.difference_others),
        }
        if group.rank_others.low > CHANCE and group.difference_others.low > 0:
            text = _("For {name}, {rank} of all places cost less, {others} of other words' places ({difference} nats).")
        else:
            text = _(
                "For {name}, {rank} of all places cost less; but against other words' places, {others} and "
                "{difference} nats, their own place is not clearly above chance."
            )
        texts.append(text.format(**values))
    if everything.elsewhere.low > 0:
        text = _("Hiding anything at all costs something: elsewhere {elsewhere} nats.")
    else:
        text = _("Hiding something elsewhere costs nothing that can be told from none: {elsewhere} nats.")
    texts.append(text.format(elsewhere=interval(everything.elsewhere)))
    return " ".join(texts)


def interval(estimate: Estimate) -> str:
    """A number of nats with its interval, as text."""
    mean, low, high = (f"{value + 0:.2f}".replace("-0.00", "0.00") for value in estimate)
    return _("{mean} ({low} to {high})").format(mean=mean, low=low, high=high)


def shares(estimate: Estimate) -> str:
    """A share from 0 to 1 with its interval, as text."""
    mean, low, high = (f"{value:.0%}" for value in estimate)
    return _("{mean} ({low} to {high})").format(mean=mean, low=low, high=high)


def names_of_groups(trace: HonestyTrace) -> dict[str, str]:
    """What the groups that are there are called."""
    names = {"all": _("all words"), "content": _("words that name something"), "function": _("function words")}
    for number in (1, 2, 3, 4):
        if group := trace.groups.get(f"quarter{number}"):
            low, high = map(percent, group.peaks)
            names[f"quarter{number}"] = _("attention peaks at {low} to {high}").format(low=low, high=high)
    return {code: name for code, name in names.items() if code in trace.groups}
