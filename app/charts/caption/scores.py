"""How good captioners are: their figures beside each other."""

from collections.abc import Mapping, Sequence

import numpy as np
from plotly.subplots import make_subplots

from app.charts.kit.chart import Chart, chart
from app.charts.kit.style import LOOKS, escape, styled
from app.i18n import _
from model.captioner.figures import MEASURES, Figures, mean_and_spread

#: The measures that are drawn.
DRAWN = ("bleu4", "meteor", "cider")


def taken(named_figures: Mapping[str, Sequence[Figures]]) -> list[str]:
    """The measures that were taken of any of them: METEOR knows no Chinese."""
    every = [one for of_seeds in named_figures.values() for one in of_seeds]
    return [measure for measure in DRAWN if any(one[measure] is not None for one in every)]


@chart
def score_dots(named_figures: Mapping[str, Sequence[Figures]]) -> Chart:
    """A panel a measure that was taken: a row a captioner, a dot for each time it was trained, a line at their mean.

    ``named_figures`` has for each captioner its figures, one entry a seed.
    """
    names = list(named_figures)
    measures = taken(named_figures)
    figure = make_subplots(1, len(measures), shared_yaxes=True, subplot_titles=[MEASURES[one] for one in measures])
    for panel, measure in enumerate(measures, start=1):
        for place, (name, of_seeds) in enumerate(named_figures.items()):
            colour, _dash, symbol = LOOKS[place % len(LOOKS)]
            values = [100 * one[measure] for one in of_seeds if one[measure] is not None]
            text = _("{name}: {value}").format(name=escape(name), value="%{x:.1f}")
            figure.add_scatter(
                x=values,
                y=[place] * len(values),
                mode="markers",
                marker={"color": colour, "symbol": symbol, "size": 12, "opacity": 0.75},
                hovertemplate=text + "<extra></extra>",
                row=1,
                col=panel,
            )
            if values:
                mean = float(np.mean(values))
                figure.add_scatter(
                    x=[mean, mean],
                    y=[place - 0.32, place + 0.32],
                    mode="lines",
                    line={"color": colour, "width": 3},
                    hoverinfo="skip",
                    row=1,
                    col=panel,
                )
    styled(figure, height=110 + 52 * len(names), margin={"l": 190, "r": 20, "t": 40, "b": 40}, dragmode=False)
    figure.update_layout(showlegend=False)
    figure.update_xaxes(nticks=5, fixedrange=True)
    ticks = {"tickvals": list(range(len(names))), "ticktext": [escape(name) for name in names]}
    figure.update_yaxes(range=[len(names) - 0.5, -0.5], fixedrange=True, showgrid=False, **ticks)
    once = all(len(of_seeds) == 1 for of_seeds in named_figures.values())
    return Chart(figure, (_describe_figures if once else _describe_scores)(named_figures), wide=True)


def _describe_scores(named_figures: Mapping[str, Sequence[Figures]]) -> str:
    """Each one's CIDEr, mean and spread over its seeds, the best first."""
    told = []
    text = _("{name}: {mean} ± {spread}")
    measured = {name: mean_and_spread(of_seeds) for name, of_seeds in named_figures.items()}
    for name, (mean, spread) in sorted(measured.items(), key=lambda pair: -pair[1][0]):
        told.append(text.format(name=name, mean=f"{mean:.1f}", spread=f"{spread:.1f}"))
    return _("CIDEr over {seeds} seeds, mean ± standard deviation. {all}.").format(
        seeds=min(len(of_seeds) for of_seeds in named_figures.values()), all=_("; ").join(told)
    )


def _describe_figures(named_figures: Mapping[str, Sequence[Figures]]) -> str:
    """The figures of captioners that were trained once, such as the steps of a recipe, in their order."""
    told = []
    for name, (figures, *_others) in named_figures.items():
        values = [f"{MEASURES[one]} {100 * figures[one]:.1f}" for one in taken({name: [figures]})]
        told.append(_("{name}: {values}").format(name=name, values=_(", ").join(values)))
    return _("{all}.").format(all=_("; ").join(told))
