"""The recurrent cells' equations, written out, and what they do with a sequence, step by step.

σ is the logistic function, ⊙ the product element by element. W_x is torch's ``weight_ih_l0``, W_h its
``weight_hh_l0``, of which each gate has H rows; torch's two biases ``bias_ih_l0`` and ``bias_hh_l0`` add up to b.

Plain RNN (Elman 1990), f = tanh or ReLU::

    a_t = W_hh h_{t-1} + W_xh x_t + b_h          pre_activation
    h_t = f(a_t)

LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000)::

    i_t = σ(W_xi x_t + W_hi h_{t-1} + b_i)         input_gate
    f_t = σ(W_xf x_t + W_hf h_{t-1} + b_f)         forget_gate
    c̃_t = tanh(W_xc x_t + W_hc h_{t-1} + b_c)      candidate
    o_t = σ(W_xo x_t + W_ho h_{t-1} + b_o)         output_gate
    c_t = f_t ⊙ c_{t-1} + i_t ⊙ c̃_t              cell
    h_t = o_t ⊙ tanh(c_t)

GRU (Cho et al. 2014), as torch computes it::

    r_t = σ(W_xr x_t + W_hr h_{t-1} + b_r)                      reset_gate
    z_t = σ(W_xz x_t + W_hz h_{t-1} + b_z)                      update_gate
    n_t = tanh(W_xn x_t + b_xn + r_t ⊙ (W_hn h_{t-1} + b_hn))   candidate
    h_t = (1 - z_t) ⊙ n_t + z_t ⊙ h_{t-1}

In Cho et al. r multiplies h_{t-1} before W_hn. Chung et al. 2014 and many others swap z and 1 - z.

What is read from the state, with an ``nn.Linear``: y_t = W_hy h_t + b_y.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from model import checks
from model.errors import SettingError
from model.traces import SequenceTrace, Terms

#: The cells, by torch's own names for them (``module.mode``) in lower case.
CELLS = ("rnn_tanh", "rnn_relu", "lstm", "gru")

#: What each cell computes from x_t and h_{t-1}, in the order of the rows of torch's weights.
_ROWS = {
    "rnn_tanh": ("pre_activation",),
    "rnn_relu": ("pre_activation",),
    "lstm": ("input_gate", "forget_gate", "candidate", "output_gate"),
    "gru": ("reset_gate", "update_gate", "candidate"),
}


class _State(NamedTuple):
    hidden: np.ndarray  # (H,)
    cell: np.ndarray | None  # (H,), the LSTM's


def trace_sequence(
    module: nn.RNN | nn.LSTM | nn.GRU,
    inputs: np.ndarray | Tensor | Sequence[Sequence[float]],
    initial: np.ndarray | Tensor | tuple | None = None,
    readout: nn.Linear | None = None,
) -> SequenceTrace:
    """Let a recurrent layer read one sequence by the written-out equations, and keep all that happened.

    The sums are done in float64 from the module's own weights, whatever their dtype, so the trace of a float64 module
    equals what torch computes to rounding. Nothing is trained or changed.

    Args:
        module: a ``torch.nn`` layer of one layer and one direction, without projection; with or without bias.
            Its ``batch_first`` does not matter: this is one sequence without a batch.
        inputs: x_t, (T, I), T at least 1.
        initial: the state before the first step: h (H,), or for an LSTM the pair (h, c). Torch's own shape (1, H) is
            welcome. Zeros where it is None.
        readout: what makes y_t from h_t; without it ``outputs`` is None.

    Raises:
        SettingError: when the module is no such layer, a shape does not fit, or what is given is made of other than
            real numbers.
    """
    cell = check_module(module)
    x = _checked_inputs(inputs, module.input_size)
    state = start = _initial_state(initial, cell, module.hidden_size)
    if readout is not None and not isinstance(readout, nn.Linear):
        raise SettingError(
            "The readout is {given}. Please give a torch.nn.Linear({size}, ...).",
            given=checks.quoted(readout),
            size=module.hidden_size,
        )
    if readout is not None and readout.in_features != module.hidden_size:
        raise SettingError(
            "The readout takes {given} values, but the state has {size} units. Please give a Linear({size}, ...).",
            given=readout.in_features,
            size=module.hidden_size,
        )

    weights = _weights(module)
    hidden: list[np.ndarray] = []
    terms: list[dict[str, Terms]] = []
    gates: list[dict[str, np.ndarray]] = []
    with np.errstate(over="ignore", invalid="ignore"):  # A ReLU network may explode: inf is then what happened.
        for x_t in x:
            terms.append({gate: w.terms(x_t, state.hidden) for gate, w in weights.items()})
            state, gates_t = _STEPS[cell](terms[-1], state)
            hidden.append(state.hidden)
            gates.append(gates_t)
        h = np.stack(hidden)
        outputs = None if readout is None else h @ to_numpy(readout.weight).T
        if outputs is not None and readout.bias is not None:
            outputs = outputs + to_numpy(readout.bias)
    return SequenceTrace(
        cell=cell,
        inputs=x,
        initial_hidden=start.hidden,
        initial_cell=start.cell,
        hidden=h,
        outputs=outputs,
        gates={name: np.stack([step[name] for step in gates]) for name in gates[0]},
        terms=_stack(terms),
    )


def check_module(module: nn.Module) -> str:
    """The name in ``CELLS`` of a layer that can be traced.

    Raises:
        SettingError: when it is something else.
    """
    if not isinstance(module, nn.RNN | nn.LSTM | nn.GRU):
        raise SettingError(
            "A {given} cannot be traced. Please give a torch.nn.RNN, LSTM or GRU.", given=type(module).__name__
        )
    if module.num_layers != 1 or module.bidirectional or module.proj_size:
        raise SettingError(
            "This recurrent layer has {layers} layers, {directions} directions and a projection to {projection} units "
            "(0 is none). Please give one layer, one direction and no projection.",
            layers=module.num_layers,
            directions=2 if module.bidirectional else 1,
            projection=module.proj_size,
        )
    return module.mode.lower()


def to_numpy(values: np.ndarray | Tensor | Sequence) -> np.ndarray:
    """A copy of numbers of any kind, as a float64 array."""
    return checks.array("values", values)


class _Weights(NamedTuple):
    """One gate's rows of the weights; its pre-activation is made of W x_t, U h_{t-1} + inner_bias, and bias."""

    w: np.ndarray  # (H, I)
    u: np.ndarray  # (H, H)
    bias: np.ndarray  # (H,)
    inner_bias: np.ndarray  # (H,)

    def terms(self, x: np.ndarray, h: np.ndarray) -> Terms:
        return Terms(self.w @ x, self.u @ h + self.inner_bias, self.bias)


def _weights(module: nn.Module) -> dict[str, _Weights]:
    gates = _ROWS[module.mode.lower()]
    none = torch.zeros(len(gates) * module.hidden_size)
    biases = (module.bias_ih_l0, module.bias_hh_l0) if module.bias else (none, none)
    rows = [np.split(to_numpy(all_), len(gates)) for all_ in (module.weight_ih_l0, module.weight_hh_l0, *biases)]
    weights = {}
    for gate, w, u, b_ih, b_hh in zip(gates, *rows, strict=True):
        # The GRU's reset gate multiplies b_hn together with W_hn h, so there the two biases stay apart.
        inside = b_hh if module.mode == "GRU" and gate == "candidate" else np.zeros_like(b_hh)
        weights[gate] = _Weights(w, u, b_ih + b_hh - inside, inside)
    return weights


def _stack(steps: list[dict[str, Terms]]) -> dict[str, Terms]:
    """The terms of all steps by gate: T times (H,) become (T, H)."""
    return {
        gate: Terms(
            np.stack([step[gate].input for step in steps]), np.stack([step[gate].recurrent for step in steps]), bias
        )
        for gate, (_, _, bias) in steps[0].items()
    }


def _rnn_step(terms: dict[str, Terms], state: _State, f) -> tuple[_State, dict[str, np.ndarray]]:
    a = sum(terms["pre_activation"])
    return _State(f(a), None), {"pre_activation": a}


def _lstm_step(terms: dict[str, Terms], state: _State) -> tuple[_State, dict[str, np.ndarray]]:
    i = _sigmoid(sum(terms["input_gate"]))
    f = _sigmoid(sum(terms["forget_gate"]))
    g = np.tanh(sum(terms["candidate"]))
    o = _sigmoid(sum(terms["output_gate"]))
    c = f * state.cell + i * g
    h = o * np.tanh(c)
    return _State(h, c), {"input_gate": i, "forget_gate": f, "output_gate": o, "candidate": g, "cell": c}


def _gru_step(terms: dict[str, Terms], state: _State) -> tuple[_State, dict[str, np.ndarray]]:
    r = _sigmoid(sum(terms["reset_gate"]))
    z = _sigmoid(sum(terms["update_gate"]))
    from_input, from_state, bias = terms["candidate"]
    n = np.tanh(from_input + bias + r * from_state)
    h = (1 - z) * n + z * state.hidden
    return _State(h, None), {"update_gate": z, "reset_gate": r, "candidate": n}


_STEPS = {
    "rnn_tanh": lambda terms, state: _rnn_step(terms, state, np.tanh),
    "rnn_relu": lambda terms, state: _rnn_step(terms, state, lambda a: np.maximum(a, 0)),
    "lstm": _lstm_step,
    "gru": _gru_step,
}


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(0.5 * a))  # σ, without exp's overflow


def _checked_inputs(inputs: np.ndarray | Tensor | Sequence, size: int) -> np.ndarray:
    x = checks.array("inputs", inputs)
    if x.ndim != 2 or x.shape[1] != size or not len(x):
        raise SettingError(
            "The inputs have the shape {given}; one sequence of shape (T, {size}), T at least 1, is wanted.",
            given=x.shape,
            size=size,
        )
    return x


def _initial_state(initial: np.ndarray | Tensor | tuple | None, cell: str, size: int) -> _State:
    if cell != "lstm":
        return _State(np.zeros(size) if initial is None else _units(initial, size), None)
    if initial is None:
        return _State(np.zeros(size), np.zeros(size))
    if not isinstance(initial, tuple | list) or len(initial) != 2:
        raise SettingError("An LSTM's initial state is the pair (h, c), each of shape ({size},).", size=size)
    return _State(*(_units(part, size) for part in initial))


def _units(state: np.ndarray | Tensor | Sequence, size: int) -> np.ndarray:
    values = checks.array("initial", state)
    if values.size != size:
        raise SettingError(
            "The initial state has the shape {given}; ({size},) is wanted.", given=values.shape, size=size
        )
    return values.reshape(size)
