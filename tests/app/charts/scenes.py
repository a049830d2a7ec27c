"""Scenes to draw every chart with: values that go together, found by what a chart's parameters are annotated with.

A chart is drawn in each scene that has a value for each of its parameters that must be given. So a new chart that takes
known traces is tested as it is; for one that takes a new kind of trace, a scene needs one, and no test changes.

A scene's key is an annotation, such as ``CaptionTrace``, or a parameter's name with its annotation, such as
``("unit", int)``, where the annotation alone says too little; its value makes an example when it is first asked for.
Optional ones, sequences, mappings from names, and tuples of what a scene has need no key of their own.
"""

import importlib
import inspect
import pkgutil
import types
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import numpy as np
from PIL import Image

import app.charts
from app.charts.caption.word_chances import Said
from app.charts.home.state import TwoUnits
from app.charts.kit.chart import CHARTS, Chart, Markup
from app.charts.lessons.cell_picture import Gated
from app.charts.lessons.network_picture import DrawnLayer
from app.charts.neurons.plane import AnswerPlane
from app.charts.neurons.side_by_side import Planes
from app.charts.neurons.summing import Pattern
from app.charts.sequence.landscape import PlaneLabels as Field
from app.home import traces
from model.captioner.figures import Figures
from model.cells import CELLS
from model.neurons import Stimulus, hodgkin_huxley, izhikevich, rate_curve, respond
from model.neurons.artificial import ACTIVATIONS
from model.neurons.circuit import Flash, Parameters
from model.neurons.circuit import simulate as run_circuit
from model.neurons.landscape import landscape as landscape_of_neuron
from model.neurons.logic import CORNERS, xor_hidden, xor_output
from model.neurons.plasticity import descend, pair, window
from model.neurons.resting import rest
from model.neurons.synapse import Synapse, as_unit, simulate
from model.recurrent.by_hand import two_steps
from model.recurrent.landscape import WEIGHTS, landscape, two_units
from model.recurrent.state_space import StateSpace, as_convolution, kernel, step_by_step
from model.self_attention import attend
from model.traces import (
    Box,
    CaptionTrace,
    Choices,
    CircuitTrace,
    DescentTrace,
    DigitReading,
    DigitsTrace,
    Estimate,
    FeatureMapsTrace,
    FixedPoint,
    GradientTrace,
    Guesses,
    HiddenBasis,
    HoldingTrace,
    HonestyGroup,
    HonestyTrace,
    JacobianTrace,
    LandscapeTrace,
    Looks,
    LoopTrace,
    NeuronTrace,
    PatchingTrace,
    PatternTrace,
    PhotoPart,
    PlasticityTrace,
    Predictions,
    ProbeScore,
    ProbeTrace,
    RateCurve,
    ReceptiveFieldTrace,
    RestingTrace,
    SaliencyControl,
    SaliencyTrace,
    SelfAttentionTrace,
    SequenceTrace,
    Stimulated,
    SwapTrace,
    TrainingTrace,
    TwoStepsTrace,
    UnitTrace,
    WordCount,
)
from tests.app.charts import readings
from tests.app.charts.readings import Read
from tests.photos import scene as photo
from tests.traces_made import make_basis, make_trace

for _module in pkgutil.walk_packages(app.charts.__path__, "app.charts."):
    importlib.import_module(_module.name)

#: (x, y) of a line.
Line = tuple[np.ndarray, np.ndarray]
Scene = dict[Any, Callable[[], Any]]


def _always(value: Any) -> Callable[[], Any]:
    return lambda: value


#: What every scene has.
EVERYWHERE: Scene = {
    bool: _always(True),
    # A phone is read from near, in smaller type: what holds for the back of a room is not asked of it.
    ("narrow", bool): _always(False),
    ("unit", int): _always(0),
    ("opacity", float): _always(0.7),
    ("continued", float): _always(1.0),
}
PHOTO: Scene = {Image.Image: cache(lambda: photo(300, 200)), PhotoPart: _always(PhotoPart(10, 40, 20, 60))}


def _caption(trace: CaptionTrace) -> Scene:
    has: Scene = {
        CaptionTrace: _always(trace),
        HiddenBasis: cache(make_basis),
        Said: lambda: Said("a", trace.words, trace.log_probs),
        ("gate", str): _always("update_gate"),
        ("hide_from", int): _always(0),
    }
    if trace.words:
        has |= {(name, int): _always(0) for name in ("place", "other", "step")}
    return has | PHOTO


def _sequence(read: Callable[[], Read], cell: str = "") -> Scene:
    has: Scene = {SequenceTrace: lambda: read().trace, HiddenBasis: lambda: read().basis}
    return has | ({Gated: has[SequenceTrace]} if cell in ("lstm", "gru") else {})


def _neuron(model: types.ModuleType, plane: bool) -> Scene:
    """A model neuron and a unit under one step of current of 50 ms; a step of the unit is 1 ms."""

    @cache
    def neuron() -> NeuronTrace:
        return model.simulate(Stimulus("step", 10.0, start=10.0, stop=40.0, duration=50.0).current(model.DT))

    def unit() -> UnitTrace:
        return respond(neuron().current.reshape(50, -1).mean(axis=1), 0.5, -1.0, "sigmoid", 0.25)

    def planes() -> Planes:
        return Planes(lambda v, i: model.nullclines(v, i, model.TEXTBOOK), ACTIVATIONS["sigmoid"], 10.0)

    x = np.linspace(0.0, 12.0, 25)
    has: Scene = {
        NeuronTrace: neuron,
        UnitTrace: cache(unit),
        RateCurve: cache(lambda: rate_curve(model, np.array([0.0, 10.0, 20.0]), dt=0.05, duration=100.0)),
        ("step", float): _always(1.0),
        ("name", str): _always("a"),
        ("unit_current", str): _always("1"),
        ("unit_current", float): _always(1.0),
        ("during", tuple[float, float]): _always((10.0, 40.0)),
        ("response", Line): lambda: (x, respond(x, 0.5, -1.0, "sigmoid").output),
    }
    return has | ({Planes: planes} if plane else {})


def _pattern() -> Pattern:
    synapses = [Synapse((20.0 + 15.0 * k,), 5.0) for k in range(3)] + [Synapse((60.0,), 2.0, 10.0, -80.0)]
    return Pattern("a", simulate(synapses), as_unit(synapses), as_unit(synapses, bin=5.0))


def _circuit() -> CircuitTrace:
    flashes = [Flash("a", 50.0, 200.0)]
    return run_circuit(flashes, Parameters(w_plus=2.3, excitatory=400, inhibitory=100), 400.0)


def _plane() -> AnswerPlane:
    along = np.linspace(-0.5, 1.5, 5)
    grid = np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)
    return AnswerPlane("y", ("x₁", "x₂"), along, xor_output(grid).reshape(5, 5), xor_hidden(CORNERS, bent=False))


def _feature_maps() -> FeatureMapsTrace:
    rng = np.random.default_rng(0)
    strengths = rng.uniform(1, 9, 12).astype(np.float32)
    return FeatureMapsTrace("b", strengths.argsort()[::-1][:5], rng.normal(size=(5, 4, 4)).astype("f4"), strengths)


def _field() -> ReceptiveFieldTrace:
    gradient = np.full((40, 40), 1e-4, np.float32)
    gradient[25, 15] = 100
    return ReceptiveFieldTrace("b", 8, (4, 4), 2, 1, Box(16, 6, 35, 25), gradient)


def _saliency() -> SaliencyTrace:
    rng = np.random.default_rng(0)
    attention = rng.dirichlet(np.ones(81)).reshape(9, 9).astype(np.float32)
    pixels, regions = (rng.normal(size=(side, side)).astype(np.float32) for side in (260, 9))
    said, unseen = np.log(0.5), np.log(0.01)
    return SaliencyTrace("integrated_gradients", "grey", "dog", 1, pixels, regions, attention, said, unseen, 0.27)


def _control() -> SaliencyControl:
    maps = np.random.default_rng(1).normal(size=(2, 3, 9, 9))
    return SaliencyControl(("decoder", "all"), (0, 1, 2), maps, np.array([[0.1, 0.2, 0.3], [0, 0, 0]]))


def _honesty() -> HonestyTrace:
    even = Estimate(0.4, 0.3, 0.5)
    kinds = get_type_hints(HonestyGroup).items()
    parts: dict[str, Any] = {name: even for name, kind in kinds if kind in (Estimate, Estimate | None)}
    parts |= {"words": 200, "photos": 20, "peaks": (0.3, 0.8), "tenth": 0.7}
    group = HonestyGroup(**parts)
    return HonestyTrace("0" * 64, "en", 20, 3, "grey", 0, 9, 3, ("a", "the"), {"all": group, "content": group})


def _patching(others: int) -> PatchingTrace:
    rng = np.random.default_rng(0)
    log_probs, elsewhere = rng.uniform(-9, -1, (3, 4)), rng.uniform(-9, -1, (others, 3, 4))
    log_probs[1:, 0] = elsewhere[:, 1:, 0] = np.nan
    steps = np.arange(-1, 3)
    return PatchingTrace(("a", "<b>", "dog"), ("$x$", "只", "猫"), steps, steps, -7.0, -0.5, log_probs, elsewhere)


def _holding() -> HoldingTrace:
    rng = np.random.default_rng(0)
    random = rng.uniform(-3, -1, 20)
    chances = np.array([[0.5, 0.2, 0.1], [0.1, 0.6, 0.1], [0.4, 0.3, 0.1]])
    units = np.tile([5, 6], (20, 1))
    words = ("<b>", "$x$", "")
    return HoldingTrace(
        "<b>", 1, np.log(0.5), np.zeros(8), np.arange(8.0), (0, 1), -4.0, units, random, 0, words, chances
    )


def _probes(count: int) -> list[ProbeTrace]:
    """A yes-or-no question and a count, before each of ``count`` words."""
    rng, score = np.random.default_rng(0), ProbeScore(0.9, 0.5, 0.7, 900, 30, 400, 12)
    yes, many = (rng.dirichlet(np.ones(k), count) for k in (2, 4))
    return [
        ProbeTrace("person", np.arange(2), yes, np.arange(count) % 3 - 1, score),
        ProbeTrace("to_come", np.arange(1, 5), many, np.arange(count) % 4 + 1, score),
    ]


def _pattern_found() -> PatternTrace:
    words = (WordCount("<b>", 20, 40, 2.0, 1e-9), WordCount("猫", 5, 100, 5.0, 0.56))
    return PatternTrace(((12, True), (40, False)), 0.25, np.array([0.5, -0.5]), 60, 1200, 75.0, words, 200, ())


def _figures() -> list[dict[str, Any]]:
    return [{"seed": seed, "bleu4": 0.2, "meteor": 0.19, "cider": 0.4 + 0.02 * seed} for seed in range(3)]


def _digit() -> DigitReading:
    gru, cnn = np.full((12, 10), 0.05), np.full(10, 0.02)
    gru[:4, 5] = gru[4:, 3] = 0.55
    cnn[8] = 0.82
    return DigitReading(np.random.default_rng(0).random((12, 12)), 3, cnn, gru)


def _digits() -> DigitsTrace:
    accuracy = {"cnn": np.array([0.1, 0.6, 0.97]), "gru": np.array([0.08, 0.5, 0.913])}
    return DigitsTrace(False, {"cnn": 2534, "gru": 2606}, np.array([0, 20, 40]), accuracy)


def _point() -> FixedPoint:
    eigenvalues = 0.9 * np.exp(2j * np.pi / 20 * np.array([1, -1]))
    return FixedPoint(readings.sine().basis.mean + 0.1, 1e-3, eigenvalues, "stable")


def _loop() -> LoopTrace:
    return LoopTrace(readings.sine().trace.full_states[-22:], 20.0)


_ECHOES, _X = StateSpace.turning(0.9, 8), np.eye(30)[4]
_DELAYS = np.linspace(-100, 100, 42)
_LAST: Callable[[], dict[str, GradientTrace]] = lambda: {name: one[-1] for name, one in readings.gradients().items()}  # noqa: E731

SCENES: dict[str, Scene] = {
    "a caption of twenty words": _caption(make_trace(1, 20, beam=10)),
    "one word": _caption(make_trace(1, 1, channels=1, rows=1, columns=1, beam=1)),
    "an empty caption": _caption(make_trace(1, 0)),
    "Chinese and hostile words": _caption(make_trace(1, [*"一只狗在草地上", "<b>x</b>", "$x$"])),
    "what the CNN sees": {
        FeatureMapsTrace: cache(_feature_maps),
        ReceptiveFieldTrace: cache(_field),
        SaliencyTrace: cache(_saliency),
        SaliencyControl: cache(_control),
        HonestyTrace: cache(_honesty),
        ("regions", tuple[int, int]): _always((4, 4)),
        ("names", Mapping[str, str]): _always({"b": "B"}),
        ("stage", str): _always("b"),
        **PHOTO,
    },
    "a memory operated on": {
        SwapTrace: lambda: SwapTrace(("<b>", "猫"), np.log(np.random.default_rng(0).uniform(1e-4, 0.9, (2, 2, 2)))),
        PatchingTrace: lambda: _patching(2),
        HoldingTrace: _holding,
        Sequence[ProbeTrace]: lambda: _probes(3),
        ("words", Sequence[str]): _always(("a", "<b>x</b>", "$x$")),
        PatternTrace: _pattern_found,
    },
    "a memory read for long, and patched alone": {
        PatchingTrace: lambda: _patching(0),
        Sequence[ProbeTrace]: lambda: _probes(20),
        ("words", Sequence[str]): _always(("word",) * 20),
    },
    "captioners": {Figures: lambda: _figures()[0], Sequence[Figures]: _figures},
    **{f"ten bits, {cell}": _sequence(partial(readings.of_cell, cell), cell) for cell in CELLS},
    "hostile text": _sequence(readings.hostile, "lstm"),
    "a sine": _sequence(readings.sine, "gru") | {FixedPoint: cache(_point), LoopTrace: cache(_loop)},
    "a landscape": {
        LandscapeTrace: cache(lambda: landscape(two_units(WEIGHTS["bit"]), [0.0, 0.0], (0.9, -0.4))),
        Field: _always(Field("two units", "unit 0", "unit 1")),
    },
    "a neuron's landscape": {
        LandscapeTrace: cache(lambda: landscape_of_neuron(10.0)),
        Field: _always(Field("a neuron", "v", "u", steps=False)),
    },
    "ten numbers": _sequence(readings.ten_numbers, "gru"),
    "one unit": _sequence(readings.tiny),
    "a state in a plane": _sequence(readings.two_units) | {TwoUnits: cache(traces.sequence)},
    "an infinite state": _sequence(readings.exploded),
    "no symbols and no answers": _sequence(lambda: readings.nameless("gru"), "gru"),
    "networks compared": {
        TrainingTrace: lambda: readings.runs()["GRU"],
        Mapping[str, TrainingTrace]: readings.runs,
        Mapping[str, GradientTrace]: _LAST,
        Mapping[str, Sequence[GradientTrace]]: readings.gradients,
        Mapping[float, JacobianTrace]: readings.spectra,
        ("shown", int): _always(20),
        ("chance", float): _always(0.1),
        ("clip", float): _always(1.0),
    },
    "a neuron": _neuron(hodgkin_huxley, plane=False),
    "a neuron in its phase plane": _neuron(izhikevich, plane=True),
    "synapses": {
        Pattern: cache(_pattern),
        Sequence[DrawnLayer]: lambda: (
            DrawnLayer(("x₁", "x₂")),
            DrawnLayer(("y",), np.array([[4.0, -4.0]]), np.array([-6.0])),
        ),
        ("bin", float): _always(5.0),
        PlasticityTrace: cache(lambda: pair([0.0], [10.0])),
        DescentTrace: cache(lambda: descend([1.0, 0.5], [0.5, -0.5], 0.0, 0.0, 2.0, 60)),
        ("window", Line): lambda: (_DELAYS, window(_DELAYS)),
        ("valley", Line): lambda: (np.linspace(-3, 3, 21), np.linspace(0, 0.5, 21)),
    },
    "a memory in a circuit": {
        CircuitTrace: cache(_circuit),
        UnitTrace: cache(lambda: respond(np.repeat([0.0, 1.0, 0.0], [1, 4, 3]), 1.0, 0.0, "tanh", 1.5)),
        ("step", float): _always(50.0),
        ("points", Sequence[tuple[float, bool]]): _always([(-0.86, True), (0.0, False), (0.86, True)]),
        ("response", Line): lambda: (np.linspace(-1, 1, 21), np.tanh(1.5 * np.linspace(-1, 1, 21))),
    },
    "lessons": {
        TwoStepsTrace: cache(lambda: two_steps(0.8, 0.5, 1.2)),
        SelfAttentionTrace: cache(attend),
        ("chosen", int): _always(3),
        RestingTrace: cache(rest),
        DigitsTrace: cache(_digits),
        DigitReading: cache(_digit),
        AnswerPlane: cache(_plane),
        ("outputs", np.ndarray): _always(np.array([0.0, 1.0, 1.0, -0.5])),
        ("wanted", Sequence[int]): _always((0, 1, 1, 0)),
        ("yes", float): _always(0.5),
        ("seen", np.ndarray): _always(np.array([1.0, 0.5, 0.2])),
        ("new", np.ndarray): _always(np.array([1.0, 0.8, 0.9])),
        ("reference", float): _always(0.9),
        ("x", np.ndarray): _always(_X),
        ("stepped", np.ndarray): lambda: step_by_step(_ECHOES, _X),
        ("convolved", np.ndarray): lambda: as_convolution(_ECHOES, _X),
        ("kernel", np.ndarray): lambda: kernel(_ECHOES, 30),
    },
    "a class": {
        Guesses: _always(Guesses("狗", {"<b>": 20, "狗": 10}, {"狗": 0.5, "<b>": 0.0, "$x$": 0.2}, 1.6, 1.0)),
        Looks: _always(Looks("<b>", np.eye(9, dtype=int), np.full((9, 9), 1 / 81), 0.4, -0.1, 0.6, 0.2)),
        Predictions: _always(Predictions({0: 1, 6: 12, 7: 17}, 6)),
        Choices: _always(Choices(("AND", "<b>x</b>", "$x$"), (20, 9, 1), 0)),
        Stimulated: _always(Stimulated(np.arange(40) * 0.5, np.repeat([0.0, 2.0], 20), "nA")),
        ("chosen", int): _always(40),
        **PHOTO,
    },
}


class Missing(Exception):
    """A scene has no such value."""


def example(scene: Scene, name: str, kind: Any) -> Callable[[], Any]:
    """What makes the value of a parameter called ``name`` that is annotated with ``kind``.

    Raises:
        Missing: when the scene has none.
    """
    has = EVERYWHERE | scene
    for key in ((name, kind), kind):
        if key in has:
            return has[key]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _always(inner[-1])
    if origin in (Union, types.UnionType) and type(None) in inner:
        return example(scene, name, next(one for one in inner if one is not type(None)))
    if origin is Sequence:
        one = example(scene, name, inner[0])
        return lambda: [one()]
    if origin is Mapping and inner[0] is str:
        one = example(scene, name, inner[1])
        return lambda: {"a": one(), "b": one()}
    if origin is tuple and Ellipsis not in inner:
        every = [example(scene, name, one) for one in inner]
        return lambda: tuple(one() for one in every)
    raise Missing(f"{name}: {getattr(kind, '__name__', kind) if origin is None else kind}")


class Drawing(NamedTuple):
    """A chart in a scene, with what must be given alone, or (``full``) with all that the scene has for it."""

    chart: Callable[..., Chart | Markup]
    scene: str
    full: bool

    def __str__(self) -> str:
        return f"{name_of(self.chart)} of {self.scene}" + (", with all settings" if self.full else "")

    def draw(self, **settings) -> Chart | Markup:
        given, more, _missing = parameters(self.chart, self.scene)
        made = {name: make() for name, make in (given | more if self.full else given).items()}
        return self.chart(**(made | settings))


def name_of(chart: Callable) -> str:
    return f"{chart.__module__}.{chart.__name__}".removeprefix("app.charts.")


@cache
def parameters(chart: Callable, scene: str) -> tuple[dict, dict, list[str]]:
    """What makes a chart's parameters in a scene: those that must be given, further ones, and what it has not."""
    given: Scene = {}
    more: Scene = {}
    missing = []
    kinds = get_type_hints(chart, include_extras=True)
    for name, parameter in inspect.signature(chart).parameters.items():
        optional = parameter.default is not inspect.Parameter.empty
        try:
            (more if optional else given)[name] = example(SCENES[scene], name, kinds[name])
        except Missing as error:
            if not optional:
                missing.append(str(error))
    return given, more, missing


def scenes_of(chart: Callable) -> list[str]:
    """The scenes that a chart can be drawn in.

    Raises:
        AssertionError: when there is none, with a sentence that says what to add.
    """
    fitting = [scene for scene in SCENES if not parameters(chart, scene)[2]]
    if not fitting:
        nearest = min(SCENES, key=lambda scene: len(parameters(chart, scene)[2]))
        lacks = ", ".join(f"`{one}`" for one in parameters(chart, nearest)[2])
        raise AssertionError(
            f"No scene of tests/app/charts/scenes.py has all that the chart {name_of(chart)} takes, so it cannot be "
            f"tested: add an example of {lacks} to the scene “{nearest}”, or a new scene with all of its parameters."
        )
    return fitting


def drawings() -> list[Drawing]:
    """Every chart in every scene; those that can be drawn in none have a test of their own."""
    found = []
    for chart in CHARTS:
        for scene in SCENES:
            _given, more, missing = parameters(chart, scene)
            if not missing:
                found += [Drawing(chart, scene, full) for full in ((False, True) if more else (False,))]
    return found
