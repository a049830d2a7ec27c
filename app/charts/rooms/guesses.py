"""A class's guesses at the next word beside the network's probabilities, and who was less surprised over a caption."""

from collections.abc import Sequence

import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.style import BLUE, ORANGE, SMALL, escape, percent, shortened, styled, word_axis
from app.i18n import _
from model.traces import Guesses

#: Pixels: a word's two bars; above and below.
ROW, EDGES = 46, 100
#: The words that are shown at most.
MAX_WORDS = 10
#: The words that the score has room for at least.
MIN_WORDS = 6


@chart
def guesses_beside(guesses: Guesses) -> Chart:
    """For each word two bars from the left: which share of the class guessed it, and its probability for the network.
    The word that came is bold and ticked."""
    words = _words(guesses)
    shares = [_share(guesses, word) for word in words]
    chances = [guesses.probabilities[word] for word in words]
    figure = go.Figure()
    sides = ((_("class"), shares, BLUE), (_("network"), chances, ORANGE))
    for name, values, colour in sides:
        figure.add_bar(
            name=name,
            x=values,
            y=list(range(len(words))),
            orientation="h",
            marker={"color": colour, "line_width": 0},
            # Nobody is no rounded share.
            text=[percent(value) if value else "0%" for value in values],
            textposition="outside",
            textfont={"size": SMALL},
            cliponaxis=False,
            hovertext=[f"{escape(word)}: {percent(value)}" for word, value in zip(words, values, strict=True)],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    names = [escape(shortened(word, 14)) for word in words]
    ticks = [
        f"<b>✓ {name}</b> " if word == guesses.word else f"{name} " for word, name in zip(words, names, strict=True)
    ]
    styled(figure, height=EDGES + ROW * len(words), barmode="group", bargap=0.25, dragmode=False)
    figure.update_layout(margin={"l": 130, "r": 60, "t": 50, "b": 50}, legend={"orientation": "h", "y": 1.0})
    figure.update_layout(legend={"yanchor": "bottom", "x": 0})
    figure.update_yaxes(range=[len(words) - 0.5, -0.5], tickvals=list(range(len(words))), ticktext=ticks)
    figure.update_yaxes(showgrid=False, fixedrange=True)
    figure.update_xaxes(range=[0, max(0.2, *shares, *chances) * 1.12], tickformat=".0%", fixedrange=True)
    return Chart(figure, _guesses_in_words(guesses))


def _guesses_in_words(guesses: Guesses) -> str:
    """Who agreed: the class's favourite and the network's, and how surprised each was by the word that came."""
    favourite = max(guesses.probabilities, key=guesses.probabilities.__getitem__)
    text = [
        _("The network's likeliest word was “{word}” ({share}).").format(
            word=favourite, share=percent(guesses.probabilities[favourite])
        )
    ]
    if guesses.answers:
        count = max(guesses.counts.values())
        first = _(" and ").join(f"“{word}”" for word, times in guesses.counts.items() if times == count)
        often = _("Most often the class said {words} ({count} of {all}).")
        text.insert(0, often.format(words=first, count=count, all=guesses.answers))
        agreed = _("{count} of {all} said what the network finds likeliest.")
        text.append(agreed.format(count=guesses.counts.get(favourite, 0), all=guesses.answers))
        surprised = _("“{word}” surprised the class by {people} bits and the network by {network} bits.")
        text.append(
            surprised.format(
                word=guesses.word, people=f"{guesses.class_bits:.1f}", network=f"{guesses.network_bits:.1f}"
            )
        )
    return " ".join(text)


@chart
def score(rounds: Sequence[Guesses]) -> Chart:
    """For each word two bars: how surprised the class and the network were by it, bits; less is better."""
    figure = go.Figure()
    sides = (
        (_("class"), [one.class_bits for one in rounds], BLUE),
        (_("network"), [one.network_bits for one in rounds], ORANGE),
    )
    for name, bits, colour in sides:
        figure.add_bar(
            name=name,
            x=list(range(len(rounds))),
            y=bits,
            marker={"color": colour, "line_width": 0},
            hovertemplate="%{y:.1f}<extra></extra>",
        )
    styled(figure, height=300, barmode="group", bargap=0.3, dragmode=False)
    word_axis(figure, [one.word for one in rounds])
    # The first few words leave room for those to come: one word's bars would fill the picture.
    figure.update_xaxes(range=[-0.5, max(len(rounds), MIN_WORDS) - 0.5])
    figure.update_layout(legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0}, margin={"t": 50})
    figure.update_yaxes(title=_("surprise (bits)"), rangemode="tozero", fixedrange=True)
    return Chart(figure, _score_in_words(rounds))


def _score_in_words(rounds: Sequence[Guesses]) -> str:
    """The sum of both sides' surprise, and how many words each won."""
    answered = [(one.class_bits, one.network_bits) for one in rounds if one.class_bits is not None]
    people, network = (sum(side) for side in zip(*answered, strict=True)) if answered else (0.0, 0.0)
    won = sum(ours < theirs for ours, theirs in answered)
    text = _(
        "Over {words} words the class was surprised by {people} bits and the network by {network}: {who}. At {won} of "
        "them the class was the less surprised."
    )
    said = f"{people:.1f}", f"{network:.1f}"
    if said[0] == said[1]:
        who = _("they are level")
    else:
        who = _("the class is ahead") if people < network else _("the network is ahead")
    return text.format(words=len(rounds), people=said[0], network=said[1], who=who, won=won)


def _words(guesses: Guesses) -> list[str]:
    """Those of the class and of the network, by both together; the one that came is always among them."""
    both = {word: _share(guesses, word) + chance for word, chance in guesses.probabilities.items()}
    words = sorted(both, key=both.__getitem__, reverse=True)[:MAX_WORDS]
    return words if guesses.word in words else [*words[: MAX_WORDS - 1], guesses.word]


def _share(guesses: Guesses, word: str) -> float:
    return guesses.counts.get(word, 0) / guesses.answers if guesses.answers else 0.0
