"""What happened while a recurrent layer read a sequence, how its gradients flowed back, and how it learned."""

from dataclasses import dataclass, field, replace

import numpy as np


class Terms(dict[str, np.ndarray]):
    """The parts of one pre-activation of a recurrent cell by name: W x_t, U h_{t-1}, b, and what a cell adds to them.

    Where they are those of a GRU's candidate, the reset gate multiplies ``recurrent``, which then holds the second
    bias too: W_hn h_{t-1} + b_hn. Where they are those of the minimal gated unit's, it is U (f_t ⊙ h_{t-1}).
    """

    @property
    def input(self) -> np.ndarray:
        """W x_t: what the step's input says, (T, H)."""
        return self["input"]

    @property
    def recurrent(self) -> np.ndarray:
        """U h_{t-1}: what the state before says, (T, H)."""
        return self["recurrent"]

    @property
    def bias(self) -> np.ndarray:
        """b, (H,)."""
        return self["bias"]


@dataclass(frozen=True)
class SequenceTrace:
    """All that happened while a recurrent layer of H units read a sequence of T inputs, in float64.

    The equations are in ``model.cells``. Axes: I inputs, O outputs.
    """

    #: Which of ``model.cells.CELLS``.
    cell: str
    #: x_t, (T, I).
    inputs: np.ndarray
    #: h before the first step, (H,).
    initial_hidden: np.ndarray
    #: h_t, (T, H).
    hidden: np.ndarray
    #: y_t = W_hy h_t + b_y, (T, O), before any softmax; None without a readout.
    outputs: np.ndarray | None
    #: What the cell leaves of each step (``Cell.quantities``), each (T, H). RNN: ``pre_activation``. LSTM:
    #: ``input_gate``, ``forget_gate``, ``output_gate``, ``candidate``, ``cell``. GRU: ``update_gate``, ``reset_gate``,
    #: ``candidate``. The state's vectors beside h are among them.
    gates: dict[str, np.ndarray]
    #: What each gate's pre-activation is the sum of, by the gate's name.
    terms: dict[str, Terms]
    #: What a reader calls each of the T inputs; empty where nobody said.
    symbols: tuple[str, ...] = ()
    #: What each of the T outputs should have been, ``""`` where nothing is asked or known; empty where nobody said.
    answers: tuple[str, ...] = ()
    #: What each of the O outputs stands for, where they are a choice between classes; else empty.
    classes: tuple[str, ...] = ()
    #: The state's vectors beside h before the first step, each (H,), by name: the LSTM's ``cell``.
    carried: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def read_out(self) -> np.ndarray:
        """``outputs`` of a layer that is known to have a readout, (T, O).

        Raises:
            ValueError: where it has none.
        """
        if self.outputs is None:
            raise ValueError("this layer has no readout")
        return self.outputs

    @property
    def states(self) -> np.ndarray:
        """The path of the state: that before the first step, then that of each, (T + 1, H)."""
        return np.concatenate([self.initial_hidden[None], self.hidden])

    @property
    def before(self) -> np.ndarray:
        """h_{t-1}: the state that each step started from, (T, H)."""
        return self.states[:-1]

    @property
    def full_states(self) -> np.ndarray:
        """The path of all that is carried on from step to step, (T + 1, S): the state's vectors side by side, h first;
        for the LSTM (h_t, c_t)."""
        others = [np.concatenate([first[None], self.gates[name]]) for name, first in self.carried.items()]
        return np.concatenate([self.states, *others], axis=1)

    def before_of(self, vector: str) -> np.ndarray:
        """One of the state's vectors as each step started from it, (T, H)."""
        if vector == "hidden":
            return self.before
        return np.concatenate([self.carried[vector][None], self.gates[vector][:-1]])

    @property
    def cell_before(self) -> np.ndarray | None:
        """The LSTM's c_{t-1}, (T, H); None for cells without a c."""
        return self.before_of("cell") if "cell" in self.carried else None

    @property
    def probabilities(self) -> np.ndarray | None:
        """The outputs' softmax, (T, O), where they are a choice between classes; else None."""
        if self.outputs is None or not self.classes:
            return None
        powers = np.exp(self.outputs - self.outputs.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


@dataclass(frozen=True)
class GradientTrace:
    """How one number L (a loss, or one output) depends on each step of a sequence: gradients through time.

    The state s_t is h_t, and for the LSTM (h_t, c_t) side by side: its memory runs through c. dL/ds_t counts all that
    s_t does from step t on, what is read from it at step t itself included. S is the state's size, H or 2 H.
    """

    #: dL/dx_t, (T, I).
    input_gradients: np.ndarray
    #: dL/ds_t, (T, S).
    state_gradients: np.ndarray
    #: L.
    value: float
    #: √Σ (dL/dw)² over all weights w: what clipping looks at.
    weight_norm: float
    #: The step whose output L is made of, or None where L is a loss over many.
    step: int | None = None
    #: What a reader calls each of the T inputs; empty where nobody said.
    symbols: tuple[str, ...] = ()

    @property
    def inputs(self) -> np.ndarray:
        """The Euclidean norm of dL/dx_t, (T,)."""
        return np.linalg.norm(self.input_gradients, axis=1)

    @property
    def states(self) -> np.ndarray:
        """The Euclidean norm of dL/ds_t, (T,)."""
        return np.linalg.norm(self.state_gradients, axis=1)

    def clipping(self, norm: float) -> float:
        """What clipping at ``norm`` multiplies every gradient by: min(1, norm / weight_norm) (Pascanu, Mikolov and
        Bengio 2013, algorithm 1)."""
        return min(1.0, norm / self.weight_norm) if self.weight_norm else 1.0

    def clipped(self, norm: float) -> "GradientTrace":
        """These gradients after clipping at ``norm``; ``weight_norm`` stays what clipping looked at."""
        scale = self.clipping(norm)
        return replace(self, input_gradients=scale * self.input_gradients, state_gradients=scale * self.state_gradients)


@dataclass(frozen=True)
class JacobianTrace:
    """How a plain RNN's step stretches and shrinks a small change of its state, along a sequence.

    J_t = dh_t/dh_{t-1} = diag(f'(a_t)) W_hh, with a_t the pre-activation (Pascanu, Mikolov, Bengio 2013, equation 5).
    """

    #: The eigenvalues of W_hh, complex, (H,), the largest in absolute value first.
    eigenvalues: np.ndarray
    #: The singular values of J_t, (T, H), largest first.
    singular_values: np.ndarray
    #: The spectral norm of J_T J_{T-1} ... J_{t+1} = dh_T/dh_t, (T,): 1 at the last step.
    reach: np.ndarray

    @property
    def spectral_radius(self) -> float:
        """The largest absolute value of an eigenvalue of W_hh."""
        return float(np.abs(self.eigenvalues).max())


@dataclass(frozen=True)
class TrainingTrace:
    """What a training run left behind after S steps. Losses are in nats for classes, squared error for numbers."""

    #: The task's and the cell's names.
    task: str
    cell: str
    #: How many numbers were trained.
    parameters: int
    #: Which steps these are, from 1 on, (S,).
    steps: np.ndarray
    #: Of each step's batch, before the step changed the weights: loss, share of right answers, and the gradient's
    #: norm before clipping. Each (S,).
    loss: np.ndarray
    accuracy: np.ndarray
    gradient_norm: np.ndarray
    #: How long each step took, (S,), s.
    seconds: np.ndarray
    #: The steps after which the network was tried on fresh sequences, with its loss and accuracy there. Each (C,).
    check_steps: np.ndarray
    check_loss: np.ndarray
    check_accuracy: np.ndarray
    #: The first of those steps at which the task was solved; None if it was not (yet).
    solved_at: int | None
    #: Losses to compare with, by name, such as ``"chance"``.
    references: dict[str, float]


@dataclass(frozen=True)
class TwoStepsTrace:
    """A forward and a backward pass over two steps of one unit (``model.recurrent.by_hand``); ``by_`` is ∂L/∂."""

    w_h: float
    w_x: float
    w_y: float
    #: x_1 and x_2, and what y should be, y*.
    inputs: np.ndarray
    target: float
    #: a_1 and a_2; h_1 and h_2.
    sums: np.ndarray
    states: np.ndarray
    #: y and L.
    output: float
    loss: float
    by_output: float
    by_states: np.ndarray
    by_sums: np.ndarray
    by_w_h: float
    by_w_x: float
    by_w_y: float
