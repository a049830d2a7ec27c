"""The home page's films: what moves when, what stands there where nothing may move, and nothing that breaks out."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from app.charts.home.caption import END, caption_film
from app.charts.home.neuron import neuron_film
from app.charts.home.state import state_film
from app.home import traces
from model.neurons import Stimulus, hodgkin_huxley
from tests.traces_made import make_trace

PHOTO = Image.new("RGB", (90, 60), "navy")
WORDS = ("a", "dog", "runs")


class Elements(HTMLParser):
    """The elements of a film by their classes, each with its style."""

    def __init__(self, film: str):
        super().__init__()
        self.tags: list[str] = []
        self.styles: dict[str, list[str]] = {}
        self.text = ""
        self.feed(film)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        given = dict(attributes)
        self.styles.setdefault(given.get("class", tag), []).append(given.get("style", ""))

    def handle_data(self, data):
        self.text += data


def moments(film: str, name: str) -> list[tuple[float, str]]:
    """What the keyframes ``name`` say, by per cent."""
    (body,) = re.findall(rf"@keyframes {name} \{{ (.*) \}}\n", film)
    return [(float(share), what) for share, what in re.findall(r"([\d.]+)% \{ (.*?) \}", body)]


def at(film: str, name: str, share: float) -> str:
    """What holds at a share of the film's time, from 0 to 1, where nothing moves in between."""
    return [what for start, what in moments(film, name) if start <= 100 * share + 1e-6][-1]


def neuron(amplitude: float = 10.0):
    return hodgkin_huxley.simulate(Stimulus("step", amplitude, start=10, stop=90, duration=100).current(0.01))


def test_each_word_is_said_in_its_turn_and_only_its_look_is_seen():
    film = caption_film(make_trace(words=WORDS), PHOTO).html
    slots = len(WORDS) + END
    for turn in range(slots):
        now = (turn + 0.5) / slots
        said = ["opacity: 1" in at(film, f"said-{t}", now) for t in range(3)]
        assert said == [t <= turn for t in range(3)]
        looks = ["opacity: 1" in at(film, f"look-{t}", now) for t in range(3)]
        assert looks == [t == turn for t in range(3)]


def test_where_nothing_may_move_the_caption_is_whole_with_its_sharpest_look():
    trace = make_trace(3, words=WORDS)
    elements = Elements(caption_film(trace, PHOTO).html)
    assert not any("opacity: 0" in style for style in elements.styles["film-said"])
    shown = ["opacity: 1" in style for style in elements.styles["film-look"]]
    assert shown == [t == int(trace.attention.max(axis=(1, 2)).argmax()) for t in range(3)]
    assert "aspect-ratio: 90 / 60" in elements.styles["film-picture"][0]


def test_the_caption_reads_as_it_is_written_and_cannot_break_out():
    hostile = make_trace(words=("<script>", "a&b", '"x'))
    film = caption_film(hostile, PHOTO)
    elements = Elements(film.html)
    assert "script" not in elements.tags and hostile.caption in elements.text
    assert hostile.caption in film.words


def test_an_empty_caption_is_a_photo():
    assert "film-said" not in caption_film(make_trace(words=()), PHOTO).html


def test_the_ring_goes_to_each_state_and_stays_till_the_next_symbol():
    trace = traces.sequence()
    film = state_film(trace).html
    ring = moments(film, "ring")
    assert [share for share, _place in ring] == sorted(share for share, _place in ring)
    across = [float(re.search(r"left: ([\d.]+)%", place)[1]) for _share, place in ring[2:-1:2]]
    assert across == pytest.approx(50 + 50 * trace.hidden[:, 0] / 1.15, abs=0.06)
    read = [what.count("1") for what in (at(film, f"read-{t}", 3.5 / 12) for t in range(10))]
    assert read == [1] * 4 + [0] * 6


def test_the_signs_are_what_the_network_says():
    trace = traces.sequence()
    film = state_film(trace)
    said = Elements(film.html).text
    parity = np.cumsum([int(bit) for bit in traces.BITS]) % 2
    signs = [sign for sign in said if sign in "●■"]
    assert signs[:10] == signs[10:] == ["●■"[odd] for odd in parity]
    assert traces.BITS[0] in film.words


def test_the_cell_flashes_at_each_spike_when_the_line_gets_there():
    trace = neuron()
    film, words = neuron_film(trace)
    whole = moments(film, "draw")[1][0]
    flashes = [share for share, what in moments(film, "fire") if "opacity: 1" in what]
    assert flashes == pytest.approx(trace.spikes / 100 * whole, abs=0.01)
    assert f"{len(trace.spikes)} spikes" in words
    assert "inset(0)" in moments(film, "draw")[-1][1]


def test_a_neuron_at_rest_does_not_flash():
    assert not any("opacity: 1" in what for _share, what in moments(neuron_film(neuron(0.0)).html, "fire"))
