"""The chart of one current into two neurons: it draws the traces' own numbers, and holds the laws of all figures."""

import re

import numpy as np
import pytest

from app import i18n
from app.charts.neurons.one_current import one_current
from model.neurons import hodgkin_huxley, lif, respond
from tests.app.charts.laws import LATIN, Shouting, check, texts


@pytest.mark.parametrize("module", [lif, hodgkin_huxley])
def test_it_draws_both_and_every_text_is_translated(module, monkeypatch):
    monkeypatch.setattr(i18n, "catalogue", lambda language: Shouting())
    neuron = module.simulate(np.full(round(50 / module.DT), 2.0 if module is lif else 10.0))
    unit = respond(np.ones(50), 2.0, -1.0)
    threshold = module is lif
    figure = one_current(neuron, unit, step=1.0, unit_current="1").figure
    sent = check(figure)
    assert [trace["yaxis"] for trace in sent["data"]] == ["y", "y2", "y2", *(["y2"] if threshold else []), "y3", "y3"]
    spikes = next(trace for trace in figure.data if trace.mode == "markers")
    np.testing.assert_allclose(spikes.x, neuron.spikes, rtol=1e-6)
    assert len(neuron.spikes) and figure.data[-1].y[-1] == pytest.approx(unit.output[-1])
    domains = [sent["layout"][name]["domain"] for name in ("yaxis3", "yaxis2", "yaxis")]
    assert [end for domain in domains for end in domain] == sorted(end for domain in domains for end in domain)
    content = figure.to_plotly_json()
    content["layout"].pop("template")
    for text in texts(content):
        assert "TRANSLATED" in text or not LATIN.findall(re.sub(r"<[^>]*>|%\{[^}]*\}", " ", text)), text
