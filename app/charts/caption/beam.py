"""The beam: the tree of hypotheses that the search grew, and what became of each."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from app.charts.caption.captions import by_unit, joined
from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.style import (
    BLUE,
    GREEN,
    HIGHLIGHT,
    NORMAL,
    ORANGE,
    QUIET,
    SMALL,
    escape,
    message,
    shortened,
    shown,
    styled,
    width_of,
)
from app.i18n import _, ngettext
from model.traces import BeamNode, CaptionTrace

# In pixels: from one step to the next, and how far a line runs straight out of a node and into the next one, so that
# it crosses no word.
ROW, STRAIGHT = 50, 13
# In Latin letters of small type: what a mark takes beside a word and alone, and what a letter of the chosen caption
# takes, which is larger and bold.
MARK, BARE, BOLD = 3.2, 1.6, 1.35


class TreeWidth(NamedTuple):
    """What a figure holds side by side, in Latin letters of small type; as how wide the smallest tree is drawn."""

    most: int
    least: int


PAGE, PHONE = TreeWidth(84, 60), TreeWidth(40, 28)
#: How much further apart a phone's rows stand: more of its words take turns.
STRETCH = 1.3
#: Where words are too many to stand side by side, they take turns: so far up or down from the row's middle, in rows.
STAGGER = 0.17


class Look(NamedTuple):
    """How a hypothesis is drawn: told apart by shape and size, not by colour alone."""

    colour: str
    symbol: str
    size: int


LOOKS = {
    "kept": Look(BLUE, "circle", 11),
    "dropped": Look(QUIET, "x-thin-open", 7),
    "repeats": Look(ORANGE, "diamond-x-open", 10),
    "finished": Look(GREEN, "square", 12),
}


@chart
def search_tree(trace: CaptionTrace, *, narrow: bool = False) -> Chart:
    """The search from top to bottom, a row a word: each node is a hypothesis that adds its word to the one above it.
    Circles lived on, thin crosses were dropped, crossed diamonds would have said a thing twice, squares are finished
    captions; the caption that was chosen runs down the left side in bold. The pointer shows each hypothesis's whole
    text and its scores. A ``narrow`` figure fits a phone: more of its words are left out or cut.
    """
    if not trace.beams:
        return message(_("This caption was not searched for, so there is no tree to show."))
    winner = winning_path(trace)
    room = PHONE if narrow else PAGE
    places = _places(trace, winner, room.most)
    figure = go.Figure()
    _add_edges(figure, trace, places, winner)
    _add_nodes(figure, trace, places, winner)
    first, last = min(node.step for node in trace.beams), max(node.step for node in trace.beams)
    head = 84 if narrow else 60
    margin = {"l": 26 if narrow else 76, "r": 10, "t": head, "b": 20}
    styled(
        figure,
        height=head + round(ROW * (STRETCH if narrow else 1)) * (last - first + 2) + 20,
        margin=margin,
        hovermode="closest",
        dragmode=False if narrow else "pan",
    )
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"})
    figure.update_xaxes(visible=False, range=[-1.5, max(room.least, *(place.x + place.width for place in places))])
    figure.update_yaxes(range=[last + 0.5, first - 1.5], showgrid=False, automargin=False)
    ticks = sorted({node.step for node in trace.beams if node.word})
    row = "{place}" if narrow else by_unit(trace.lang, _("word {place}"), _("character {place}"))
    figure.update_yaxes(tickvals=ticks, ticktext=[row.format(place=step + 1) for step in ticks])
    return Chart(figure, _describe_search_tree(trace), wide=not narrow)


def _describe_search_tree(trace: CaptionTrace) -> str:
    """How many hypotheses were looked at, and what became of them."""
    states = [node.state for node in trace.beams]
    text = _("The search weighed {all} hypotheses: {kept} lived on, {dropped} were dropped, {finished} were finished.")
    text = text.format(
        all=len(states),
        kept=states.count("kept"),
        dropped=states.count("dropped"),
        finished=states.count("finished"),
    )
    chosen = _("The chosen caption is “{caption}”, with a log-probability of {log_prob}.")
    texts = [text]
    if twice := sum(node.repeats for node in trace.beams):
        texts.append(_("Of those dropped, {count} would have said a thing twice.").format(count=twice))
    texts.append(chosen.format(caption=trace.caption, log_prob=number(trace.log_prob, 2)))
    if len(whole := finished_captions(trace)) > 1:
        likeliest, best = max(whole, key=lambda one: one.log_prob), whole[0]
        if likeliest.chosen:
            texts.append(_("It has the best score of {count} whole captions, and is the likeliest, too."))
        else:
            texts.append(
                _(
                    "Of {count} whole captions it has the best score, {score}. Likelier, but with a worse score "
                    "({other_score}), is “{other}”: {other_log_prob}, in {other_words}; the chosen one has {words}."
                )
            )
        values = {
            "count": len(whole),
            "score": number(best.score, 2),
            "words": _length(best.words, trace.lang),
            "other": likeliest.caption,
            "other_score": number(likeliest.score, 2),
            "other_log_prob": number(likeliest.log_prob, 2),
            "other_words": _length(likeliest.words, trace.lang),
        }
        texts[-1] = texts[-1].format(**values)
    return " ".join(texts)


def _length(words: int, lang: str) -> str:
    word = ngettext("{count} word", "{count} words", words)
    return by_unit(lang, word, ngettext("{count} character", "{count} characters", words)).format(count=words)


class Finished(NamedTuple):
    """A whole caption that the search came to: its number of words, log p with the end, and what it is compared by."""

    caption: str
    words: int
    log_prob: float
    score: float
    chosen: bool


def finished_captions(trace: CaptionTrace) -> list[Finished]:
    """All whole captions, the best score first; none where the trace does not say how they were compared."""
    if trace.length_penalty is None:
        return []
    winner, whole = winning_path(trace), []
    for place, node in enumerate(trace.beams):
        if node.state == "finished":
            words = [trace.beams[one].word for one in _path(trace, place) if trace.beams[one].word]
            score = node.score(trace.length_penalty)
            whole.append(Finished(joined(words, trace.lang), len(words), node.log_prob, score, place in winner))
    return sorted(whole, key=lambda one: -one.score)


def given_words(trace: CaptionTrace) -> int:
    """How many of the first words had no rival: they were given to the search, not found by it."""
    rivals = [sum(node.step == step for node in trace.beams) for step in range(len(trace.words))]
    return next((step for step, count in enumerate(rivals) if count > 1), len(rivals))


def winning_path(trace: CaptionTrace) -> tuple[int, ...]:
    """The nodes of the chosen caption from first to last, as places in ``trace.beams``; none where the tree does
    not hold it. A finished hypothesis goes before one that the length limit cut."""
    found: list[tuple[bool, float, tuple[int, ...]]] = []
    for place, node in enumerate(trace.beams):
        path = _path(trace, place)
        words = tuple(trace.beams[one].word for one in path if trace.beams[one].word)
        if words == trace.words[trace.beams[path[0]].step :]:
            found.append((node.state == "finished", node.log_prob, path))
    return max(found)[2] if found else ()


def _path(trace: CaptionTrace, place: int) -> tuple[int, ...]:
    path = []
    while place >= 0:
        path.append(place)
        place = trace.beams[place].parent
    return tuple(reversed(path))


class Place(NamedTuple):
    """Where a hypothesis stands: x in letters, y in rows, its label (``""`` for none) and the room both take."""

    x: float
    y: float
    label: str
    width: float


def _places(trace: CaptionTrace, winner: Sequence[int], room: float) -> list[Place]:
    """The first way of setting the tree that has room: with all words; without the dropped ones' words; with
    words a little shorter; with words that take turns above and below the row's middle; with these shorter."""
    for dropped, longest, levels in ((True, 16, 1), (False, 16, 1), (False, 9, 1), (False, 16, 2), (False, 7, 2)):
        labels = [
            (shortened(node.word, 12 if place in winner else longest) if node.word else _("(end)"))
            if dropped or node.state != "dropped"
            else ""
            for place, node in enumerate(trace.beams)
        ]
        places = _set(trace, winner, labels, levels, room)
        if max(place.x + place.width for place in places) <= room:
            break
    return places


def _width(label: str, bold: bool) -> float:
    return MARK + width_of(label) * (BOLD if bold else 1) if label else BARE


def _set(trace: CaptionTrace, winner: Sequence[int], labels: list[str], levels: int, room: float) -> list[Place]:
    """Each node's place, on one level a row or two.

    In each row nodes stand in the order of their parents, so that no lines cross; among sisters the chosen caption
    comes first, then the more likely. A node stands under its parent, or as near to it as there is room.
    """
    places: list[Place] = [Place(0, 0, "", 0)] * len(trace.beams)
    order = {-1: 0}
    rows: dict[int, list[int]] = defaultdict(list)
    for k, node in enumerate(trace.beams):
        rows[node.step].append(k)
    for step in sorted(rows):
        row = sorted(
            rows[step], key=lambda k: (order[trace.beams[k].parent], k not in winner, -trace.beams[k].log_prob)
        )
        order |= {k: rank for rank, k in enumerate(row)}
        widths = [_width(labels[k], k in winner) for k in row]
        free = [0.0] * levels
        least = 0.0
        for rank, (k, width) in enumerate(zip(row, widths, strict=True)):
            parent = trace.beams[k].parent
            under = places[parent].x if parent >= 0 else 0.0
            level = rank % levels
            x = max(free[level], least, min(under, room - sum(widths[rank:]) / levels))
            y = step + (STAGGER * (2 * level - 1) if levels > 1 else 0)
            places[k] = Place(x, y, labels[k], width)
            free[level], least = x + width, x + BARE
    return places


def _add_edges(figure: go.Figure, trace: CaptionTrace, places: list[Place], winner: Sequence[int]) -> None:
    """A line from each hypothesis to the one it goes on from: the chosen caption's bold, to dropped ones dotted."""
    lines = {"dropped": (QUIET, 1, "dot"), "kept": (QUIET, 2, "solid"), "chosen": (HIGHLIGHT, 5, "solid")}
    root = min(node.step for node in trace.beams) - 1
    for kind, (colour, width, dash) in lines.items():
        along: list[float | None] = []
        down: list[float | None] = []
        for place, node in enumerate(trace.beams):
            own = "chosen" if place in winner else "dropped" if node.state == "dropped" else "kept"
            if own != kind:
                continue
            before, here = places[node.parent], places[place]
            start = (before.x, before.y) if node.parent >= 0 else (0.0, root)
            curve = _curve(start, (here.x, here.y))
            along += [*(point[0] for point in curve), None]
            down += [*(point[1] for point in curve), None]
        figure.add_scatter(
            x=along,
            y=down,
            mode="lines",
            line={"color": colour, "width": width, "dash": dash},
            opacity=1 if kind == "chosen" else 0.7,
            name=_("chosen"),
            showlegend=kind == "chosen" and bool(winner),
            hoverinfo="skip",
        )


def _curve(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    """Straight down, a smooth step to the side, straight down."""
    (x0, y0), (x1, y1) = start, end
    bend, level = y0 + STRAIGHT / ROW, y1 - STRAIGHT / ROW
    steps = [k / 8 for k in range(9)]
    swing = [(x0 + (x1 - x0) * t * t * (3 - 2 * t), bend + (level - bend) * t) for t in steps]
    return [(x0, y0), *swing, (x1, y1)]


def _add_nodes(figure: go.Figure, trace: CaptionTrace, places: list[Place], winner: Sequence[int]) -> None:
    names = {
        "kept": _("kept"),
        "dropped": _("dropped"),
        "repeats": _("dropped: says a thing twice"),
        "finished": _("finished"),
    }
    for state, look in LOOKS.items():
        own = [place for place, node in enumerate(trace.beams) if ("repeats" if node.repeats else node.state) == state]
        if not own:
            continue
        figure.add_scatter(
            x=[places[place].x for place in own],
            y=[places[place].y for place in own],
            mode="markers+text",
            marker={
                "symbol": look.symbol,
                "size": look.size,
                "color": look.colour,
                "line": {"width": 1.5, "color": look.colour} if look.symbol.endswith("open") else {"width": 0},
            },
            text=[_bold(escape(places[place].label), place in winner) for place in own],
            textposition="middle right",
            textfont={"size": [NORMAL if place in winner else SMALL for place in own]},
            name=names[state],
            customdata=own,
            hovertext=[_story(trace, place, _fate(trace.beams[place], names[state])) for place in own],
            hovertemplate="%{hovertext}<extra></extra>",
            cliponaxis=False,
        )
    figure.add_scatter(
        x=[0],
        y=[min(node.step for node in trace.beams) - 1],
        mode="markers+text",
        marker={"symbol": "circle", "size": 8, "color": QUIET},
        text=[_("(start)")],
        textposition="middle right",
        textfont_size=SMALL,
        hoverinfo="skip",
        showlegend=False,
    )


def _fate(node: BeamNode, name: str) -> str:
    return _("dropped: says “{word}” twice").format(word=shown(node.word)) if node.repeats else name


def _bold(text: str, bold: bool) -> str:
    return f"<b>{text}</b>" if bold and text else text


def _story(trace: CaptionTrace, place: int, state: str) -> str:
    """What the pointer shows: the whole hypothesis, its scores and what became of it."""
    path = _path(trace, place)
    text = joined([shown(trace.beams[one].word) for one in path], trace.lang)
    node = trace.beams[place]
    if node.state == "finished" and trace.length_penalty is not None:
        scores = _("log-probability {log_prob}, score {score}")
        scores = scores.format(log_prob=number(node.log_prob, 2), score=number(node.score(trace.length_penalty), 2))
    else:
        scores = _("log-probability {log_prob}").format(log_prob=number(node.log_prob, 2))
    return f"<b>{text}</b><br>{scores}<br>{state}"
