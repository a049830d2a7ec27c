"""What holds for all charts of sequences: large type, any page, every language, nothing unescaped, numbers as JSON."""

import json
import re

import pytest

from app import i18n
from app.charts.lessons.by_hand import two_steps_picture
from app.charts.lessons.cell_picture import cell_picture
from app.charts.lessons.self_attention import attention_weights
from app.charts.neurons.resting import balance
from app.charts.sequence import (
    earlier_symbols,
    eigenvalues,
    gates,
    path,
    series,
    step,
    training,
)
from app.charts.sequence import (
    gradients as gradients_chart,
)
from model.cells import CELLS
from model.neurons.resting import rest
from model.recurrent.by_hand import two_steps
from model.self_attention import WORDS, attend
from tests.app.charts.kit.test_style import LATIN, Shouting, fonts, texts

CHARTS = {
    "step": lambda read: step.step_through(*read),
    "paths": lambda read: path.state_paths([read.trace], read.basis),
    "gates": lambda read: gates.gate_heat_maps(read.trace),
    "unit": lambda read: gates.unit_course(read.trace, 0),
    "series": lambda read: series.continued_series(read.trace, [1.0]),
}
TRACES = ("cell", "sine", "ten numbers", "hostile", "tiny", "two units", "exploded", "nameless")

#: What is no text but mathematics, a name of a cell, a run's name in these tests, or the U of a code point.
FORMULAS = {*"abcfghilnorstuwxyzLUWO", "hh", "tanh", "ReLU", "NaN", "RNN", "LSTM", "GRU", "e", *WORDS}
#: The cells' own letters and indices.
FORMULAS |= {
    word
    for cell in CELLS.values()
    for letters in re.findall("letters='([^']+)'", repr(cell.formulas))
    for word in re.findall("[A-Za-z]+", letters)
}


def check(figure) -> dict:
    """Laws of every figure; gives it as the browser gets it."""
    content = figure.to_plotly_json()
    content["layout"].pop("template")
    for name in ("paper_bgcolor", "plot_bgcolor"):
        assert content["layout"][name] == "rgba(0, 0, 0, 0)"
    assert "color" not in content["layout"]["font"]
    # The slider's labels are unseen.
    assert not [(place, size) for place, size in fonts(content) if size < 14 and ".sliders." not in place]
    sent = figure.to_json()
    assert "NaN" not in re.sub(r'"[^"]*"', "", sent) and "Infinity" not in re.sub(r'"[^"]*"', "", sent)
    return json.loads(sent)


@pytest.mark.parametrize("name", TRACES)
@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_every_trace_gives_a_figure_for_any_page(chart, name, every):
    figure = chart(every[name])
    check(figure)
    for text in texts(figure.to_plotly_json()):
        assert "<b>x" not in text and "$x$" not in text, text


def test_figures_of_runs_are_for_any_page(runs):
    check(training.loss_curves(runs))
    check(training.accuracy_curves(runs, chance=0.1))
    check(training.gradient_norm_curves(runs, clip=1.0))


def test_figures_of_gradients_are_for_any_page(gradients, spectra):
    for figure in (
        gradients_chart.gradient_norms({name: traces[-1] for name, traces in gradients.items()}),
        earlier_symbols.earlier_symbols(gradients),
        eigenvalues.eigenvalues_and_reach(spectra),
    ):
        check(figure)


def lesson_figures(every) -> list:
    """The figures of the lessons alone."""
    gated = [read.trace for read in every.values() if read.trace.cell in ("lstm", "gru")]
    figures = [cell_picture(trace, 0) for trace in gated]
    return [*figures, two_steps_picture(two_steps(0.8, 0.5, 1.2)), attention_weights(attend(), 3), balance(rest())]


def test_figures_of_lessons_are_for_any_page(every):
    for figure in lesson_figures(every):
        check(figure)
        for text in texts(figure.to_plotly_json()):
            assert "<b>x" not in text and "$x$" not in text, text


def test_every_text_is_translated(every, runs, gradients, spectra, monkeypatch):
    monkeypatch.setattr(i18n, "catalogue", lambda language: Shouting())
    last = {name: traces[-1] for name, traces in gradients.items()}
    figures = [chart(every[name]) for chart in CHARTS.values() for name in TRACES]
    figures += [training.loss_curves(runs), training.accuracy_curves(runs, chance=0.1)]
    figures += [training.gradient_norm_curves(runs, clip=1.0), gradients_chart.gradient_norms(last)]
    figures += [earlier_symbols.earlier_symbols(gradients), eigenvalues.eigenvalues_and_reach(spectra)]
    figures += [figure for figure in lesson_figures(every) if "mV" not in figure.to_json()]
    known = FORMULAS | {symbol for read in every.values() for symbol in read.trace.symbols} | {"B"}
    for figure in figures:
        content = figure.to_plotly_json()
        content["layout"].pop("template")
        for text in texts(content):
            if "TRANSLATED" not in text:
                plain = re.sub(r"<[^>]*>|%\{[^}]*\}|&[#\w]+;", " ", text)
                assert all(word in known for word in LATIN.findall(plain)), text


def test_every_description_is_plain_text_in_the_users_language(every, runs, gradients, spectra, monkeypatch):
    monkeypatch.setattr(i18n, "catalogue", lambda language: Shouting())
    said = [
        describe(read)
        for read in every.values()
        for describe in (
            lambda read: step.describe_step_through(*read),
            lambda read: path.describe_state_paths([read.trace], read.basis),
            lambda read: gates.describe_gate_heat_maps(read.trace),
            lambda read: gates.describe_unit_course(read.trace, 0),
            lambda read: series.describe_continued_series(read.trace, [1.0]),
        )
    ]
    said += [training.describe_loss_curves(runs), training.describe_accuracy_curves(runs)]
    said += [training.describe_gradient_norm_curves(runs, clip=1.0)]
    said += [earlier_symbols.describe_earlier_symbols(gradients), eigenvalues.describe_eigenvalues_and_reach(spectra)]
    for text in said:
        assert text.startswith("TRANSLATED") and "<sub>" not in text and "&lt;" not in text
        # Each sentence is a whole template: nothing stands untranslated between two of them.
        assert all(part.strip() for part in text.split("TRANSLATED")[1:])
