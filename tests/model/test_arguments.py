"""Whatever is given to a public function, it answers, or says in a sentence what it wants.

Each function is called with arguments that fit, of which one is replaced by something else (hypothesis chooses what).
"""

import copy
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from model.captioner import Sampling, SearchSettings
from model.captioner.hiding import hide
from model.captioner.image import to_pixels
from model.captioner.saliency import explain
from model.captioner.seeing import feature_maps, receptive_fields
from model.cells.layers import layer
from model.digits import Contest
from model.errors import SettingError, UserError
from model.hidden_basis import fit_basis
from model.neurons import MODELS as NEURONS
from model.neurons import (
    Stimulus,
    adex,
    bistable,
    circuit,
    excitability,
    hodgkin_huxley,
    izhikevich,
    lif,
    logic,
    plasticity,
    rate_curve,
    respond,
    synapse,
)
from model.recurrent import (
    Network,
    Saved,
    Settings,
    Training,
    costs,
    evaluate,
    extrapolate,
    gradients_through_time,
    jacobian_trace,
    load,
    load_preset,
    make_task,
    output_gradients,
    parameters_of,
    save,
    scale_recurrence,
    trace_example,
    trace_sequence,
    write_on,
)
from model.recurrent.state_space import StateSpace
from model.traces import PhotoPart
from tests.model.conftest import make_tiny_captioner


class Call(NamedTuple):
    """A public function, and arguments that it takes."""

    function: Callable
    arguments: dict[str, Any]


CAPTIONER = make_tiny_captioner()
PHOTO = Image.new("RGB", (64, 64), "green")
REGIONS = CAPTIONER.look(PHOTO)
PIXELS = to_pixels(PHOTO, 64)
CAPTION = CAPTIONER.describe(REGIONS, SearchSettings(beam=1, prefix=["a", "dog"], max_words=3))
TASK, SINE = make_task("reber", length=5), make_task("sine", length=5)
NETWORK = Network("rnn_tanh", TASK.input_size, 4, TASK.output_size)
WAVES = Network("gru", 1, 4, 1)
EXAMPLE = TASK.read("BTSXS")
TRACE = trace_example(NETWORK, TASK, EXAMPLE)
CURVE = rate_curve(lif, [0.0, 1.0, 2.0, 3.0], duration=50.0)
CONTEST = Contest()
CURRENT = np.full(20, 2.0)
SYNAPSES = [synapse.Synapse(times=(1.0, 2.0))]

CALLS = {
    "Captioner.describe": Call(CAPTIONER.describe, {"regions": REGIONS, "settings": SearchSettings(max_words=3)}),
    "SearchSettings": Call(
        lambda **given: CAPTIONER.describe(REGIONS, SearchSettings(**given)),
        {"lang": "en", "beam": 2, "prefix": ["a"], "sample": Sampling(), "max_words": 3},
    ),
    "Captioner.caption": Call(
        lambda **given: CAPTIONER.caption(PHOTO, **given),
        {"lang": "en", "beam": 2, "prefix": ["a"], "sample": None, "max_words": 3},
    ),
    "Captioner.known_words": Call(CAPTIONER.known_words, {"words": ["a", "dog"], "lang": "en"}),
    "Sampling": Call(Sampling, {"temperature": 1.0, "top_k": 3, "top_p": 0.5, "seed": 1}),
    "explain": Call(
        explain,
        {
            "captioner": CAPTIONER,
            "pixels": PIXELS,
            "trace": CAPTION,
            "place": 0,
            "method": "occlusion",
            "baseline": "grey",
        },
    ),
    "hide": Call(hide, {"image": PHOTO, "box": PhotoPart(0, 50, 0, 50), "fill": "grey"}),
    "feature_maps": Call(
        feature_maps, {"encoder": CAPTIONER.network.encoder, "pixels": PIXELS, "stage": "stem", "most": 2}
    ),
    "receptive_fields": Call(
        receptive_fields, {"encoder": CAPTIONER.network.encoder, "pixels": PIXELS, "regions": {"stem": (0, 0)}}
    ),
    "fit_basis": Call(fit_basis, {"hidden": [np.eye(4)], "axes": 2}),
    "trace_sequence": Call(
        trace_sequence,
        {
            "module": torch.nn.GRU(2, 3),
            "inputs": np.ones((4, 2)),
            "initial": np.zeros(3),
            "readout": torch.nn.Linear(3, 1),
        },
    ),
    "trace_sequence (LSTM)": Call(
        trace_sequence,
        {"module": torch.nn.LSTM(2, 3), "inputs": torch.ones(4, 2), "initial": (np.zeros(3), np.zeros(3))},
    ),
    "trace_sequence (a cell that torch lacks)": Call(
        trace_sequence, {"module": layer("mgu", 2, 3), "inputs": torch.ones(4, 2), "initial": np.zeros(3)}
    ),
    "layer": Call(lambda **given: layer(**given, input_size=2, hidden_size=3), {"name": "peephole"}),
    "output_gradients": Call(output_gradients, {"network": NETWORK, "example": EXAMPLE, "step": 2}),
    "gradients_through_time": Call(
        gradients_through_time, {"network": NETWORK, "inputs": EXAMPLE.inputs, "objective": torch.sum}
    ),
    "jacobian_trace": Call(jacobian_trace, {"module": NETWORK.recurrent, "trace": TRACE}),
    "scale_recurrence": Call(scale_recurrence, {"network": NETWORK, "factor": 2.0}),
    "trace_example": Call(trace_example, {"network": NETWORK, "task": TASK, "example": EXAMPLE}),
    "write_on": Call(
        write_on,
        {"network": NETWORK, "task": TASK, "prompt": EXAMPLE, "count": 3, "temperature": 0.5, "seed": 1},
    ),
    "extrapolate": Call(extrapolate, {"network": WAVES, "task": SINE, "prompt": SINE.read("0 0.5 1"), "count": 3}),
    "load_preset": Call(load_preset, {"name": "parity-gru"}),
    "load": Call(load, {"data": save(Saved(NETWORK, TASK, Settings(cell="rnn_tanh", hidden_size=4)))}),
    "save": Call(save, {"saved": Saved(NETWORK, TASK, Settings(cell="rnn_tanh", hidden_size=4))}),
    "make_task": Call(make_task, {"name": "parity", "length": 5}),
    "make_task (text)": Call(lambda **given: make_task("text", **given), {"text": "abab", "length": 2}),
    "make_task (numbers)": Call(lambda **given: make_task("numbers", **given), {"numbers": [1, 2, 3, 4], "length": 3}),
    "make_task (reber)": Call(lambda **given: make_task("reber", **given), {"embedded": True, "length": 3}),
    "make_task (ten_numbers)": Call(
        lambda **given: make_task("ten_numbers", **given), {"reading": "pairs", "pairs_seed": 1}
    ),
    "parameters_of": Call(parameters_of, {"task": TASK}),
    "Settings": Call(
        Settings,
        {
            "cell": "gru",
            "hidden_size": 3,
            "optimizer": "adam",
            "learning_rate": 0.1,
            "batch_size": 2,
            "clip": 1.0,
            "keep_bias": 1.0,
            "seed": 0,
        },
    ),
    "Training": Call(
        Training, {"task": TASK, "settings": Settings(hidden_size=3, batch_size=2), "start": None, "snapshot_budget": 0}
    ),
    "Training.run": Call(
        lambda **given: next(Training(TASK, Settings(hidden_size=3, batch_size=2)).run(**given), None),
        {"steps": 1, "seconds": 0.1},
    ),
    "Training.change": Call(
        lambda **given: Training(TASK, Settings(hidden_size=3, batch_size=2)).change(**given),
        {"learning_rate": 0.1, "clip": 1.0},
    ),
    "Training.rewind": Call(lambda to: Training(TASK, Settings(hidden_size=3, batch_size=2)).rewind(to), {"to": 0}),
    "evaluate": Call(evaluate, {"network": NETWORK, "task": TASK, "seed": 0, "sequences": 3}),
    "Network": Call(
        Network, {"cell": "lstm", "input_size": 2, "hidden_size": 3, "output_size": 2, "seed": 0, "keep_bias": 1.0}
    ),
    "costs.recurrent": Call(costs.recurrent, {"steps": 3, "width": 2}),
    "costs.attention": Call(costs.attention, {"steps": 3, "width": 2}),
    "costs.state_space": Call(costs.state_space, {"steps": 3, "width": 2, "states": 2}),
    "StateSpace.turning": Call(StateSpace.turning, {"size": 0.9, "period": 8.0}),
    "Contest.accuracy": Call(CONTEST.accuracy, {"down": 1, "right": -1}),
    "Contest.read": Call(CONTEST.read, {"number": 3, "down": 1, "right": -1}),
    "respond": Call(
        respond,
        {"inputs": np.ones((3, 2)), "weights": [1.0, 2.0], "bias": 0.0, "activation": "tanh", "recurrent_weight": 0.5},
    ),
    "xor_hidden": Call(logic.xor_hidden, {"inputs": logic.CORNERS, "bent": True}),
    "bistable.fixed_points": Call(bistable.fixed_points, {"weight": 2.0, "bias": 0.1}),
    "Stimulus": Call(
        Stimulus,
        {
            **{"kind": "noise", "amplitude": 1.0, "baseline": 0.0, "start": 1.0, "stop": 5.0, "duration": 6.0},
            **{"period": 2.0, "width": 1.0, "sigma": 0.5, "seed": 0},
        },
    ),
    "Stimulus.current": Call(Stimulus().current, {"dt": 0.1}),
    "rate_curve": Call(
        rate_curve,
        {"model": lif, "currents": [1.0, 2.0], "parameters": None, "dt": 0.5, "duration": 20.0, "seed": 0},
    ),
    "excitability": Call(
        excitability,
        {"model": lif, "curve": CURVE, "parameters": None, "dt": 0.5, "duration": 20.0, "seed": 0},
    ),
    "lif.rheobase": Call(lif.rheobase, {"parameters": lif.TEXTBOOK}),
    "izhikevich.nullclines": Call(
        izhikevich.nullclines, {"voltage": np.zeros(3), "current": 1.0, "parameters": izhikevich.TEXTBOOK}
    ),
    "adex.rheobase": Call(adex.rheobase, {"parameters": adex.TEXTBOOK}),
    "adex.nullclines": Call(adex.nullclines, {"voltage": np.zeros(3), "current": 1.0, "parameters": adex.TEXTBOOK}),
    "izhikevich.rest": Call(izhikevich.rest, {"parameters": izhikevich.TEXTBOOK, "current": 0.0}),
    "hodgkin_huxley.steady_states": Call(hodgkin_huxley.steady_states, {"voltage": np.zeros(3)}),
    "circuit.Flash": Call(circuit.Flash, {"group": "a", "start": 1.0, "length": 5.0, "strength": 10.0}),
    "circuit.Parameters": Call(
        circuit.Parameters,
        {"w_plus": 2.0, "selective": 0.1, "external_rate": 10.0, "excitatory": 100, "inhibitory": 25},
    ),
    "circuit.simulate": Call(
        circuit.simulate,
        {
            "flashes": [circuit.Flash()],
            "parameters": circuit.Parameters(excitatory=100, inhibitory=25),
            "duration": 10.0,
            "dt": 0.5,
            "seed": 0,
        },
    ),
    "plasticity.Parameters": Call(plasticity.Parameters, {"a_plus": 0.1, "tau_plus": 20.0, "w_max": 1.0}),
    "plasticity.window": Call(plasticity.window, {"delay": [1.0, -1.0], "parameters": plasticity.BI_AND_POO}),
    "plasticity.change": Call(plasticity.change, {"pre": [1.0], "post": [2.0], "parameters": plasticity.BI_AND_POO}),
    "plasticity.pair": Call(
        plasticity.pair,
        {"pre": [1.0], "post": [2.0], "pairings": 3, "weight": 0.5, "parameters": plasticity.BI_AND_POO},
    ),
    "plasticity.hebb": Call(plasticity.hebb, {"inputs": [1.0, 0.0], "output": 0.5, "rate": 0.1}),
    "plasticity.descend": Call(
        plasticity.descend,
        {"inputs": [1.0], "weights": [0.5], "bias": 0.0, "target": 1.0, "rate": 0.5, "steps": 2},
    ),
    "synapse.Synapse": Call(
        synapse.Synapse, {"times": (1.0,), "strength": 1.0, "tau": 5.0, "reversal": 0.0, "shape": "alpha"}
    ),
    "synapse.simulate": Call(synapse.simulate, {"synapses": SYNAPSES, "duration": 10.0, "dt": 0.5, "fires": True}),
    "synapse.peaks": Call(synapse.peaks, {"synapses": SYNAPSES}),
    "synapse.as_unit": Call(synapse.as_unit, {"synapses": SYNAPSES, "duration": 10.0, "bin": 2.0}),
    **{
        f"{one.MODEL.name}.simulate": Call(
            one.simulate, {"current": CURRENT, "parameters": one.TEXTBOOK, "dt": 0.1, "seed": 0}
        )
        for one in NEURONS.values()
    },
    **{
        f"{one.MODEL.name}.Parameters": Call(one.Parameters, {name: getattr(one.TEXTBOOK, name) for name in one.LIMITS})
        for one in NEURONS.values()
    },
}

#: What somebody may pass by mistake.
MISTAKES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 1, 2, 10**6, 2**31, 2**32, 2**64, 2**70, -(2**70), 10**5000]),
    st.integers(-1000, 1000),
    st.floats(),
    st.sampled_from([1e-46, 1e-320, 0.4, 2.5, math.inf, -math.inf, math.nan, 1e300, -0.0]),
    st.sampled_from(
        [np.float32(0.1), np.float16(2.5), np.int8(3), np.uint64(2**63), np.bool_(True), np.float64("nan"), 1 + 2j]
    ),
    st.text(max_size=5),
    st.sampled_from(["a dog", "", "inf", "\ud800", "x" * 10_000, "en", b"", b"\xff" * 9, bytearray(b"3")]),
    st.lists(st.one_of(st.none(), st.floats(), st.text(max_size=2), st.integers()), max_size=4),
    st.sampled_from(
        [
            *(
                [],
                (),
                {},
                set(),
                [[]],
                [[1.0], [1.0, 2.0]],
                [["a"]],
                [None],
                {"stem": 3},
                {"stem": (9, 9)},
                {"stem": (1,)},
                object(),
            ),
            *(np.zeros(0), np.zeros((0, 2)), np.ones((2, 2, 2)), np.array("x"), np.array([1 + 1j]), np.array(3)),
            *(np.array([None]), np.full((4, 2), np.nan), np.datetime64("2020"), np.ma.masked, np.zeros((4, 2), "i8")),
            *(torch.zeros(0), torch.zeros(4, 2, dtype=torch.cfloat), torch.zeros(4, 2).to_sparse()),
            torch.nn.utils.rnn.pack_sequence([torch.zeros(2, 2)]),
            torch.nested.nested_tensor([torch.zeros(1, 2), torch.zeros(3, 2)]),
            *(torch.zeros(4, 2, dtype=torch.bfloat16), torch.zeros(4, 2, device="meta"), torch.tensor(float("nan"))),
            *(torch.zeros(3, 64, 64), torch.full((3, 64, 64), torch.nan), torch.zeros(4, 1280), torch.ones(2, 3)),
            *(torch.nn.Linear(3, 2), torch.nn.Identity(), torch.nn.LSTM(2, 3, 2), torch.nn.GRU(2, 3), int, len, math),
            *(TASK, SINE, NETWORK, WAVES, EXAMPLE, TRACE, CAPTION, PHOTO, Settings(), lif, izhikevich.TEXTBOOK),
            *(lambda y: y, lambda y: None, lambda y: y.detach().sum(), lambda: 3),
        ]
    ),
)
PAIRS = [(name, argument) for name, call in CALLS.items() for argument in call.arguments]


@pytest.mark.parametrize("name", CALLS)
def test_the_arguments_fit(name):
    """Else the test below would show nothing."""
    CALLS[name].function(**CALLS[name].arguments)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "argument"), PAIRS, ids=[" ".join(pair) for pair in PAIRS])
@given(mistake=MISTAKES)
@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@example(mistake=None)
@example(mistake=2**70)
@example(mistake=0.4)
@example(mistake=math.nan)
@example(mistake="a dog")
@example(mistake=True)
def test_a_wrong_argument_gets_a_sentence(name, argument, mistake):
    call = CALLS[name]
    try:
        call.function(**call.arguments | {argument: mistake})
    except UserError as error:
        sentence = str(error)
        assert sentence.endswith(".") or ":" in sentence, sentence
        assert len(sentence) < 600 and "\n" not in sentence


def test_settings_that_were_ignored_or_broke(tiny_captioner):
    wrong: Any
    for wrong in ({"max_words": 2.5}, {"max_words": None}, {"beam": None}, {"beam": 2.0}, {"beam": True}):
        with pytest.raises(SettingError):
            tiny_captioner.caption(PHOTO, **wrong)
    for wrong in ({"seed": 2**70}, {"seed": -1}, {"top_k": 0.4}, {"top_p": math.nan}, {"temperature": "hot"}):
        with pytest.raises(SettingError):
            Sampling(**wrong)


def test_a_text_for_a_list_of_words_is_said_to_be_one(tiny_captioner):
    with pytest.raises(SettingError, match="one by one, such as \\['a', 'dog'\\]"):
        tiny_captioner.caption(PHOTO, prefix="a dog")


def test_the_smallest_top_p_and_temperature_take_the_likeliest(tiny_captioner):
    greedy = tiny_captioner.describe(REGIONS, SearchSettings(beam=1, max_words=5))
    for seed in range(3):
        assert (
            tiny_captioner.describe(REGIONS, SearchSettings(sample=Sampling(top_p=1e-46, seed=seed), max_words=5)).words
            == greedy.words
        )
    likeliest = write_on(NETWORK, TASK, EXAMPLE, count=8, temperature=0)
    for temperature in (1e-46, 1e-320, 5e-324):
        assert write_on(NETWORK, TASK, EXAMPLE, count=8, temperature=temperature) == likeliest


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_a_network_of_another_precision_looks_and_speaks(dtype):
    captioner = make_tiny_captioner()
    whole = captioner.look(PHOTO)
    captioner.network.to(dtype)
    seen = captioner.look(PHOTO)
    assert seen.dtype == dtype and seen.shape == whole.shape
    tolerance = {torch.bfloat16: 0.05, torch.float16: 0.01, torch.float64: 1e-4}[dtype]
    assert float((seen.double() - whole.double()).norm() / whole.double().norm()) < tolerance
    trace = captioner.caption(PHOTO, beam=2, max_words=4)
    assert trace.attention.dtype == np.float32 and trace.attention.sum(axis=(1, 2)) == pytest.approx(1, abs=0.02)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="There is no graphics card here.")
def test_a_network_on_a_graphics_card_looks_and_speaks(tiny_captioner):
    captioner = copy.deepcopy(tiny_captioner)
    captioner.network.to("cuda")
    trace = captioner.caption(PHOTO, beam=2, max_words=4)
    assert trace.words == tiny_captioner.caption(PHOTO, beam=2, max_words=4).words


SEQUENCE = torch.tensor([[0.5, -1.0], [2.0, 0.0], [1.0, 1.0]])


@pytest.mark.parametrize(
    "inputs",
    [
        torch.nn.utils.rnn.pack_sequence([SEQUENCE]),
        [[0.5, -1.0], [2.0]],
        [["0.5", "-1"]],
        "0.5 -1",
        SEQUENCE.to_sparse(),
        SEQUENCE + 1j,
        SEQUENCE.numpy() + 1j,
        np.array([[None, 1.0]], dtype=object),
    ],
    ids=["packed", "ragged", "texts", "text", "sparse", "complex", "complex array", "objects"],
)
def test_inputs_that_are_no_sequence_of_numbers_get_a_sentence(inputs):
    with pytest.raises(SettingError, match=r"inputs is no array of real numbers"):
        trace_sequence(torch.nn.GRU(2, 3), inputs)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.int8, torch.bool])
def test_numbers_of_any_precision_are_read(dtype):
    inputs = torch.tensor([[0, 1], [1, 0]]).to(dtype)
    module = torch.nn.GRU(2, 3)
    np.testing.assert_array_equal(trace_sequence(module, inputs).hidden, trace_sequence(module, inputs.double()).hidden)


@pytest.mark.parametrize("readout", [torch.nn.Identity(), torch.nn.Sequential(torch.nn.Linear(3, 2)), len, np.eye(3)])
def test_another_readout_than_a_linear_one_gets_a_sentence(readout):
    with pytest.raises(SettingError, match=r"torch.nn.Linear\(3"):
        trace_sequence(torch.nn.GRU(2, 3), SEQUENCE, readout=readout)


def test_a_neuron_that_starts_above_its_threshold_spikes_at_once():
    """brian2 says so, too: tests/model/neurons/test_lif.py."""
    above = lif.Parameters(v_rest=-45.0, v_threshold=-50.0, v_reset=-65.0, t_refractory=2.0)
    trace = lif.simulate(np.zeros(300), above)
    assert trace.spikes[0] == 0.0
    assert trace.voltage[:2] == pytest.approx(-45.0) and trace.voltage[2:20] == pytest.approx(-65.0)  # before its reset
    assert (trace.state["refractory"] >= 0).all() and trace.state["refractory"][0] == 0
    many = lif.simulate(np.zeros((300, 2)), above)
    assert all(list(spikes) == list(trace.spikes) for spikes in many.spikes)
    at_rest = lif.simulate(np.zeros(300))
    assert not len(at_rest.spikes)


def test_steps_of_numpys_numbers_and_steps_too_short():
    stimulus: Any = Stimulus()
    assert len(stimulus.current(np.float32(0.1))) == len(stimulus.current(0.1)) == 2000
    assert len(stimulus.current(np.float64(0.5))) == 400 and len(stimulus.current(np.int64(1))) == 200
    with pytest.raises(SettingError, match="more than 2000000 steps"):
        stimulus.current(1e-9)
    for wrong in (0, -1, math.nan, math.inf, None, "0.1", True):
        with pytest.raises(SettingError):
            stimulus.current(wrong)
