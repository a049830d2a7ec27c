"""What is remembered: known by its content, gone with its session, bounded in bytes, and sent as Plotly sends it."""

import json
from dataclasses import replace
from functools import partial
from operator import mul

import numpy as np
import plotly.graph_objects as go
import plotly.io
import pytest
import torch
from PIL import Image
from plotly.tools import return_figure_from_figure_or_data

from app import i18n, remembered
from app.charts.caption import attention, beam, film
from app.charts.kit.chart import Chart
from app.home import traces
from app.remembered import Sent, fingerprint
from app.ui.lru_store import LruStore
from tests.app.test_caption import upload
from tests.photos import jpeg


def as_sent(figure) -> dict:
    """What ``st.plotly_chart`` sends of it."""
    return json.loads(
        plotly.io.to_json(return_figure_from_figure_or_data(figure, validate_figure=True), validate=False)
    )


@pytest.fixture(scope="module")
def trace():
    return traces.caption("en")


@pytest.fixture
def photo() -> Image.Image:
    return Image.linear_gradient("L").convert("RGB")


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value")
def plainly(chart: Chart) -> Sent:
    return Sent(chart.figure.to_dict(), chart.words, chart.wide)


def test_a_film_is_sent_as_plotly_sends_it(trace, photo):
    figure, words, wide = attention.all_words(trace, photo, opacity=0.7, smooth=False)
    figure.frames = [{"name": str(t), "data": [{"type": "heatmap", "z": one}]} for t, one in enumerate(trace.attention)]
    sent = Sent(figure.to_dict(), words, wide)
    assert figure.frames and as_sent(sent) == as_sent(figure)
    assert sent.wide is True and sent.words == words and sent.weight == pytest.approx(len(figure.to_json()), rel=0.05)
    assert as_sent(sent) == as_sent(sent)


def test_figures_of_all_kinds_of_values_are_sent_the_same():
    figure = go.Figure(
        data=[
            go.Scatter(x=np.arange(3), y=[1.5, np.nan, np.inf], text=np.array(["a", "<b>", "/"], object)),
            go.Heatmap(z=np.eye(2, dtype=np.float32)),
        ],
        layout={"height": 123, "title": {"text": "中 </script>"}},
    )
    assert as_sent(Sent(figure.to_dict())) == as_sent(figure) and not Sent(figure.to_dict()).wide


def test_equal_content_is_known_again(trace, photo):
    again = replace(trace, hidden=trace.hidden.copy())
    call = partial(attention.all_words, trace, photo, opacity=0.7, smooth=False)
    same = partial(attention.all_words, again, photo.copy(), opacity=0.7, smooth=False)
    assert fingerprint(call) == fingerprint(same)


@pytest.mark.parametrize(
    "change",
    [
        lambda call, photo: partial(call, fixed=True),
        lambda call, photo: partial(call, opacity=0.8),
        lambda call, photo: partial(film.where_it_looked, *call.args, **call.keywords),
        lambda call, photo: partial(
            call.func, replace(call.args[0], attention=1.01 * call.args[0].attention), photo, **call.keywords
        ),
        lambda call, photo: partial(call.func, call.args[0], photo.rotate(90), **call.keywords),
    ],
    ids=["one more setting", "another value", "another chart", "another trace", "another photo"],
)
def test_anything_else_is_told_apart(trace, photo, change):
    call = partial(attention.all_words, trace, photo, opacity=0.7, smooth=False)
    assert fingerprint(call) != fingerprint(change(call, photo))


def test_shape_and_type_of_numbers_count():
    numbers = np.arange(6, dtype=np.int64)
    parts = (numbers, numbers.reshape(2, 3), numbers.astype(np.uint64), torch.tensor([1.0]), torch.tensor([2.0]))
    assert len({fingerprint(part) for part in parts}) == len(parts)


def test_what_has_no_name_is_refused():
    with pytest.raises(Exception, match="lambda"):
        fingerprint(partial(lambda: go.Figure()))


def test_the_oldest_go_when_the_bytes_are_used_up():
    kept: LruStore[str] = LruStore(10, len)
    for key in "abc":
        kept.get(key, partial(mul, 4, key))
    assert list(kept.values) == ["b", "c"] and kept.weight == 8
    kept.get("b", lambda: pytest.fail("it is known"))
    kept.get("d", lambda: "dddd")
    assert list(kept.values) == ["b", "d"]
    assert kept.get("e", lambda: 20 * "e") == 20 * "e" and list(kept.values) == ["e"]


@pytest.fixture
def session(monkeypatch):
    """A session's state, and a store for all that is empty."""
    state = {"shell_page": "caption"}
    monkeypatch.setattr("streamlit.session_state", state)
    for_all: LruStore = LruStore(remembered.OF_ALL, remembered._weight)
    monkeypatch.setattr(remembered, "_for_all", lambda: for_all)
    return state, for_all


def test_a_visitors_own_things_stay_in_the_session(session, trace):
    state, for_all = session
    tree = partial(beam.search_tree, trace)
    remembered.of_all(False)
    sent = remembered.chart(tree, plainly)
    assert as_sent(sent) == as_sent(tree().figure) and not for_all.values
    assert (sent.words, sent.wide) == (tree().words, tree().wide)
    assert list(state["caption_figures"].values.values()) == [sent]
    LruStore.forget("caption")
    assert "caption_figures" not in state
    remembered.of_all(True)
    assert (
        remembered.chart(tree, plainly).words == sent.words
        and len(for_all.values) == 1
        and "caption_figures" not in state
    )


def test_each_language_has_its_own(session, trace):
    tree = partial(beam.search_tree, trace)
    said = {}
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            said[language] = remembered.chart(tree, plainly).words
    assert said["en"] != said["zh"]


def test_a_visitors_photo_is_never_kept_for_all(app, monkeypatch):
    """The caption page with a sample keeps its figures for all, and with one's own photo it does not."""
    for_all: LruStore = LruStore(remembered.OF_ALL, remembered._weight)
    monkeypatch.setattr(remembered, "_for_all", lambda: for_all)
    test = app(lang="en", caption_source="file", page="caption")
    assert not test.exception and for_all.values
    before = set(for_all.values)
    upload(test, "mine.jpg", jpeg(Image.radial_gradient("L").convert("RGB")))
    assert not test.exception and set(for_all.values) == before
    # A chart is one thing: its figure with its words.
    assert all(sent.words for sent in test.session_state["caption_figures"].values.values())
    assert test.session_state["caption_figures"].values
