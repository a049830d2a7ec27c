"""Traces: what a model leaves behind when it runs.

A model here never returns only its answer. It returns a trace, a frozen dataclass of plain NumPy arrays with
named axes, that says all that happened on the way. Charts draw traces; they never see a model. This module
imports NumPy alone, so that whatever reads a trace needs nothing else.

Axes: T words or time steps, H hidden units, C channels of the context, K principal components.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class BeamNode(NamedTuple):
    """One hypothesis in a beam search's tree: ``word`` appended to the hypothesis ``parent``.

    The row's own place in ``CaptionTrace.beams`` is its name: ``parent`` is such a place, or -1 for the empty
    caption. ``step`` counts words from 0, ``log_prob`` is the sum of log-probabilities (natural logarithm)
    from the start of the caption to this word, ``word`` is ``""`` for the end of the caption, and ``state``
    says what became of it: ``"kept"`` (lived on to the next step), ``"dropped"`` (better ones filled the beam)
    or ``"finished"`` (a complete caption).
    """

    step: int
    parent: int
    word: str
    log_prob: float
    state: str


@dataclass(frozen=True)
class CaptionTrace:
    """All that happened while a photo became a caption of T words (the end token is not counted).

    Arrays are float32. The GRU's convention is torch's (Cho et al. 2014 swap z and 1 - z):
    ``hidden[t] = (1 - update_gate[t]) * candidate[t] + update_gate[t] * hidden[t-1]``, with
    ``initial_hidden`` in the place of ``hidden[-1]``.
    """

    #: The caption as a reader wants it.
    caption: str
    #: The T words it is made of.
    words: tuple[str, ...]
    #: log p(word | photo, words before), natural logarithm, (T,).
    log_probs: np.ndarray
    #: log p(end | photo, all words): the sum of ``log_probs`` and this scores the whole caption. Where the
    #: length limit cut the caption, it is what ending there would have cost.
    end_log_prob: float
    #: Where it looked for each word: weights over the grid of regions, (T, rows, columns), each map sums to 1.
    attention: np.ndarray
    #: How far the gate on the looked-at content was open, 0 shut to 1 open, (T, C).
    context_gate: np.ndarray
    #: The memory before the first word, made from the photo, (H,).
    initial_hidden: np.ndarray
    #: The memory after reading the word before and looking, from which the word was predicted, (T, H).
    hidden: np.ndarray
    #: What its cell's gates did, each (T, H), by name: for the GRU ``update_gate``, ``reset_gate`` and ``candidate``,
    #: for the other cells as in ``SequenceTrace``.
    gates: dict[str, np.ndarray]
    #: For each of the T words, the most likely words and their probabilities, best first; ``""`` is the end.
    alternatives: tuple[tuple[tuple[str, float], ...], ...]
    #: The search tree, parents before children (see ``BeamNode``).
    beams: tuple[BeamNode, ...]
    #: The caption's language: ``"en"``, ``"zh"``.
    lang: str = "en"
    #: Which recurrent cell: ``"gru"``, ``"lstm"`` or ``"rnn_tanh"``.
    cell: str = "gru"

    @property
    def update_gate(self) -> np.ndarray:
        """The GRU's z: 1 keeps a unit's old state, 0 replaces it, (T, H)."""
        return self.gates["update_gate"]

    @property
    def reset_gate(self) -> np.ndarray:
        """The GRU's r: how much of the old state enters the candidate, (T, H)."""
        return self.gates["reset_gate"]

    @property
    def candidate(self) -> np.ndarray:
        """The GRU's n, the state that was proposed, (T, H)."""
        return self.gates["candidate"]

    @property
    def log_prob(self) -> float:
        """log p(caption | photo): the sum over the words and the end."""
        return float(self.log_probs.sum()) + self.end_log_prob


@dataclass(frozen=True)
class TransformerCaption:
    """What a Transformer said about a photo in T tokens (words, or pieces of words), and what that took."""

    #: The caption as a reader wants it.
    caption: str
    #: The T tokens it is made of, the end not counted.
    tokens: tuple[str, ...]
    #: log p(token | photo, tokens before), natural logarithm, (T,).
    log_probs: np.ndarray
    #: log p(end | photo, all tokens), or None where the length limit cut the caption.
    end_log_prob: float | None
    #: How many hypotheses the search kept; 1 is greedy.
    beam: int
    #: What the model is called.
    name: str
    #: From the picture to the caption, s.
    seconds: float
    parameters: int
    #: The size of its weights on the disk, MB.
    megabytes: float
    #: The numbers that its attention keeps for each token that it read or said: 2 * layers * hidden size.
    kept_per_token: int


class Estimate(NamedTuple):
    """A mean over words, with the 95 % confidence interval that a bootstrap over photos gives."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class HonestyGroup:
    """What hiding a part of the photo cost some words of many captions (see ``HonestyTrace``).

    A cost is what the word's log-probability lost, in nats. An estimate is None where fewer than two photos had
    anything to measure.
    """

    words: int
    photos: int
    #: The least and the most attention that a word's most attended region had, from 0 to 1.
    peaks: tuple[float, float]
    #: The cost of hiding where it looked most for the word, and of hiding equally large parts elsewhere.
    looked: Estimate
    elsewhere: Estimate
    #: The first less the second, word by word; and less the cost of hiding where it looked for other words.
    difference: Estimate
    difference_others: Estimate | None
    #: The share of words that hiding the looked-at part cost more than hiding elsewhere, from 0 to 1.
    dearer: Estimate
    #: The share of words in whose place another one became the likeliest, from 0 to 1.
    changed_looked: Estimate
    changed_elsewhere: Estimate


@dataclass(frozen=True)
class HonestyTrace:
    """Whether the captioner really looks where its attention says: what hiding cost, over many photos."""

    #: The SHA-256 of the weights that were measured.
    digest: str
    #: The captions' language.
    lang: str
    #: How many photos; how many parts elsewhere for each word; how wide the beam was; what the parts were covered
    #: with; what drew the parts and the bootstrap.
    photos: int
    elsewhere: int
    beam: int
    fill: str
    seed: int
    #: Which words counted as function words; all others are content words.
    function_words: tuple[str, ...]
    #: By ``"all"``, ``"content"`` and ``"function"`` words, and by how sharp the look was, ``"quarter1"`` (palest) to
    #: ``"quarter4"``; a group without words is not there.
    groups: dict[str, HonestyGroup]


@dataclass(frozen=True)
class HiddenBasis:
    """A fixed view onto hidden states: the principal axes of many captions' states.

    Fitted once (on validation captions), so that the paths of different photos lie in one space.
    """

    #: The mean state, (H,).
    mean: np.ndarray
    #: The principal axes, orthonormal rows, (K, H).
    components: np.ndarray
    #: The share of the fitted states' variance that each axis holds, (K,).
    explained: np.ndarray

    def project(self, hidden: np.ndarray) -> np.ndarray:
        """States (T, H) to coordinates (T, K): ``(hidden - mean) @ components.T``."""
        return (hidden - self.mean) @ self.components.T

    def share_of(self, hidden: np.ndarray) -> np.ndarray:
        """The share of these states' own variance around their mean that each axis shows, (K,)."""
        spread = hidden - hidden.mean(axis=0)
        total = float((spread**2).sum())
        return ((spread @ self.components.T) ** 2).sum(axis=0) / total if total else np.zeros(len(self.components))


@dataclass(frozen=True)
class FeatureMapsTrace:
    """What the C channels of one stage of the encoder answered to a photo, and the maps of the M strongest."""

    #: The stage's code, such as ``"block3"`` (``model.captioner.seeing``).
    stage: str
    #: Which channels the maps are of, from 0 to C - 1, the strongest first, (M,).
    channels: np.ndarray
    #: Their activations, (M, rows, columns).
    maps: np.ndarray
    #: Of all channels, in their own order: the standard deviation of the activation over the grid, (C,).
    strengths: np.ndarray

    @property
    def share(self) -> float:
        """What the M maps hold of all that tells places apart at this stage: of the C channels' variances' sum."""
        variances = self.strengths**2
        return float(variances[self.channels].sum() / variances.sum()) if variances.any() else 0.0


class Box(NamedTuple):
    """A rectangle of pixels, the first and the last row and column included; it may reach beyond the photo."""

    top: int
    left: int
    bottom: int
    right: int

    def clipped(self, size: int) -> "Box":
        """What of it lies on a photo of ``size`` by ``size`` pixels."""
        return Box(*(min(max(edge, 0), size - 1) for edge in self))


@dataclass(frozen=True)
class ReceptiveFieldTrace:
    """Which of a photo's pixels one region of one of the encoder's stages depends on: at most, and in fact.

    The region's answer y is the sum of its C channels' activations. The photo has ``size`` by ``size`` pixels, as the
    encoder gets it.
    """

    #: The stage's code, its number of channels, and its grid of (rows, columns).
    stage: str
    channels: int
    grid: tuple[int, int]
    #: Which region of the grid, both from 0.
    row: int
    column: int
    #: The theoretical receptive field: no pixel outside can matter. The padding around the photo is counted.
    theoretical: Box
    #: |dy/dpixel|, summed over the three colours, (size, size): the effective receptive field on this photo.
    gradient: np.ndarray

    @property
    def cell(self) -> Box:
        """The region's own place: the photo divided evenly among the regions, as maps over the photo show them."""
        size, (rows, columns) = len(self.gradient), self.grid
        top, left = self.row * size // rows, self.column * size // columns
        return Box(top, left, (self.row + 1) * size // rows - 1, (self.column + 1) * size // columns - 1)

    @property
    def theoretical_side(self) -> int:
        """The theoretical field's width, pixels."""
        return self.theoretical.right - self.theoretical.left + 1

    def area(self, share: float = 0.95) -> float:
        """The smallest part of the photo's area whose pixels hold ``share`` of the gradient's sum, from 0 to 1."""
        ranked = np.sort(self.gradient, axis=None)[::-1].cumsum(dtype=float)
        return float(np.searchsorted(ranked, share * ranked[-1]) + 1) / ranked.size if ranked[-1] else 0.0

    def effective(self, share: float = 0.95) -> Box | None:
        """The smallest square around the theoretical field's centre that holds ``share`` of the gradient's sum,
        clipped to the photo; None where the gradient is 0 everywhere."""
        if not self.gradient.any():
            return None
        down, across = np.indices(self.gradient.shape)
        top, left, bottom, right = self.theoretical
        # Twice the distance from the centre, so that a centre between two pixels stays a whole number.
        distance = np.maximum(abs(2 * down - top - bottom), abs(2 * across - left - right))
        held = np.bincount(distance.ravel(), weights=self.gradient.ravel()).cumsum()
        reach = int(np.searchsorted(held, share * held[-1]))
        corner = (top + bottom - reach) // 2, (left + right - reach) // 2
        return Box(*corner, corner[0] + reach, corner[1] + reach).clipped(len(self.gradient))

    def width(self, share: float = 0.95) -> float:
        """The width of that square as a part of the photo's width, from 0 to 1."""
        box = self.effective(share)
        return (box.right - box.left + 1) / len(self.gradient) if box else 0.0


@dataclass(frozen=True)
class SaliencyTrace:
    """Which of a photo's pixels spoke for one word of its caption, found from outside, beside the word's attention.

    What is explained is f(photo) = log p(word | photo, words before), in nats. ``baseline`` says what "nothing to be
    seen" is: the photo that this one is compared with, or whose pixels a hidden patch gets.
    """

    #: ``"integrated_gradients"`` or ``"occlusion"``.
    method: str
    #: ``"grey"`` or ``"blurred"``.
    baseline: str
    #: The word, and its place in the caption, from 0.
    word: str
    place: int
    #: Nats for each pixel, (size, size). Integrated gradients: summed over the colours, what the pixel adds to f.
    #: Occlusion: what f loses when the patch that this pixel is in is hidden. Below 0 it spoke against the word.
    pixels: np.ndarray
    #: The same on attention's grid, (rows, columns): the region's pixels' sum; or its patch's loss.
    regions: np.ndarray
    #: The word's attention, (rows, columns), sums to 1.
    attention: np.ndarray
    #: f(photo), and f(baseline).
    log_prob: float
    baseline_log_prob: float
    #: Spearman's rank correlation of ``attention`` and |``regions``| over the regions, from -1 to 1; NaN where one of
    #: them is the same everywhere.
    agreement: float

    @property
    def gap(self) -> float:
        """By how much the regions' sum misses f(photo) - f(baseline): for integrated gradients the error of the
        integral, which would be 0 with endlessly many steps; for occlusion no error, since patches work together."""
        return float(self.regions.sum()) - (self.log_prob - self.baseline_log_prob)


class Terms(NamedTuple):
    """The three parts of one pre-activation of a recurrent cell, W x_t + U h_{t-1} + b.

    Where they are those of a GRU's candidate, the reset gate multiplies ``recurrent``, which then holds the second
    bias too: U_n h_{t-1} + b_hn.
    """

    #: W x_t: what the step's input says, (T, H).
    input: np.ndarray
    #: U h_{t-1}: what the state before says, (T, H).
    recurrent: np.ndarray
    #: b, (H,).
    bias: np.ndarray


@dataclass(frozen=True)
class SequenceTrace:
    """All that happened while a recurrent layer of H units read a sequence of T inputs, in float64.

    The equations are in ``model.recurrent.cells``. Axes: I inputs, O outputs.
    """

    #: Which cell: ``"rnn_tanh"``, ``"rnn_relu"``, ``"lstm"`` or ``"gru"``.
    cell: str
    #: x_t, (T, I).
    inputs: np.ndarray
    #: h before the first step, (H,).
    initial_hidden: np.ndarray
    #: The LSTM's c before the first step, (H,); None for the other cells.
    initial_cell: np.ndarray | None
    #: h_t, (T, H).
    hidden: np.ndarray
    #: y_t = W_hy h_t + b_y, (T, O), before any softmax; None without a readout.
    outputs: np.ndarray | None
    #: Each (T, H). RNN: ``pre_activation``. LSTM: ``input_gate``, ``forget_gate``, ``output_gate``, ``candidate``,
    #: ``cell``. GRU: ``update_gate``, ``reset_gate``, ``candidate``.
    gates: dict[str, np.ndarray]
    #: What each gate's pre-activation is the sum of, by the gate's name.
    terms: dict[str, Terms]
    #: What a reader calls each of the T inputs; empty where nobody said.
    symbols: tuple[str, ...] = ()
    #: What each of the T outputs should have been, ``""`` where nothing is asked or known; empty where nobody said.
    answers: tuple[str, ...] = ()
    #: What each of the O outputs stands for, where they are a choice between classes; else empty.
    classes: tuple[str, ...] = ()

    @property
    def before(self) -> np.ndarray:
        """h_{t-1}: the state that each step started from, (T, H)."""
        return np.concatenate([self.initial_hidden[None], self.hidden[:-1]])

    @property
    def cell_before(self) -> np.ndarray | None:
        """The LSTM's c_{t-1}, (T, H); None for the other cells."""
        if self.initial_cell is None:
            return None
        return np.concatenate([self.initial_cell[None], self.gates["cell"][:-1]])

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
class DigitsTrace:
    """How two networks learned to read small pictures of digits, on the same batches: a CNN, and a GRU that reads the
    pixel rows one after another. C checks on test digits."""

    #: Whether the pixels of all pictures were put in another order, the same for all.
    scrambled: bool
    #: How many numbers each trains, by its name: ``"cnn"``, ``"gru"``.
    parameters: dict[str, int]
    #: How many steps were done at each check, (C,), the first before any.
    steps: np.ndarray
    #: The share of the test digits that it read rightly there, by name, each (C,).
    accuracy: dict[str, np.ndarray]


@dataclass(frozen=True)
class DigitReading:
    """What the two say to one picture of R rows. All probabilities are of the digits 0 to 9."""

    #: The picture as the networks got it, from 0, paper, to 1, ink, (R, R).
    image: np.ndarray
    #: The digit that it shows.
    label: int
    #: The CNN's answer, (10,).
    cnn: np.ndarray
    #: The GRU's answer after each row, (R, 10): the last is what counts.
    gru: np.ndarray

    @property
    def said(self) -> dict[str, int]:
        """The likeliest digit of each network, by its name."""
        return {"cnn": int(self.cnn.argmax()), "gru": int(self.gru[-1].argmax())}


@dataclass(frozen=True)
class NeuronTrace:
    """What a model of a living neuron did over T steps under a current; N such neurons side by side where N > 1."""

    #: Which model: ``"lif"``, ``"izhikevich"`` or ``"hodgkin_huxley"``.
    model: str
    #: The start of each step, (T,), ms.
    time: np.ndarray
    #: What was injected during each step, (T,) or (T, N): nA, dimensionless, or µA/cm², in the models' order.
    current: np.ndarray
    #: The membrane's voltage, (T,) or (T, N), mV.
    voltage: np.ndarray
    #: When it spiked, ms: the steps at which the threshold was crossed upwards; for N > 1 a tuple of N arrays.
    spikes: np.ndarray | tuple[np.ndarray, ...]
    #: The model's other variables by name, each (T,) or (T, N).
    state: dict[str, np.ndarray]


@dataclass(frozen=True)
class UnitTrace:
    """What an artificial neuron did over T steps: y_t = f(w · x_t + w_rec y_{t-1} + b); w_rec is 0 without memory."""

    #: f by name: ``"step"``, ``"sigmoid"``, ``"tanh"`` or ``"relu"``.
    activation: str
    #: x_t, (T, I).
    inputs: np.ndarray
    #: w, (I,).
    weights: np.ndarray
    bias: float
    #: w_rec.
    recurrent_weight: float
    #: The weighted sum, bias and own past included, (T,).
    pre_activation: np.ndarray
    #: y_t, (T,).
    output: np.ndarray


@dataclass(frozen=True)
class RateCurve:
    """How often a model neuron fires under a constant current: its f-I curve. K currents."""

    model: str
    #: (K,), in the model's own unit.
    currents: np.ndarray
    #: One over the first interval between spikes, (K,), Hz; 0 where fewer than two spikes came.
    onset: np.ndarray
    #: The mean rate over the last half of the stimulus, (K,), Hz.
    steady: np.ndarray


@dataclass(frozen=True)
class Excitability:
    """How a model neuron begins to fire as a constant current grows (Hodgkin 1948)."""

    #: The least current found under which it keeps firing, in the model's own unit: its rheobase for lasting firing.
    rheobase: float
    #: How often it fires there, Hz.
    lowest_rate: float
    #: ``"I"``: it can fire as slowly as one likes, if the current is only near enough to the threshold. ``"II"``: its
    #: rate jumps from none to this one.
    type: str


@dataclass(frozen=True)
class CircuitTrace:
    """What a circuit of N spiking neurons, in groups, did over T steps. The neurons are numbered group by group."""

    #: What the groups are called (two selective ones, other pyramidal cells, interneurons), and their sizes.
    groups: tuple[str, ...]
    sizes: tuple[int, ...]
    #: The start of each step, (T,), ms.
    time: np.ndarray
    #: The additional spikes that each neuron of the two selective groups got, (T, 2), Hz.
    stimulus: np.ndarray
    #: When a neuron spiked, (S,), ms, in order, and which it was, (S,), from 0 to N - 1.
    spike_times: np.ndarray
    spike_neurons: np.ndarray
    #: How far the NMDA receptors of a pyramidal group's synapses are open, its mean from 0 to 1, (T, 3).
    nmda: np.ndarray

    @property
    def group_of_spikes(self) -> np.ndarray:
        """The group that each spike is of, (S,)."""
        return np.searchsorted(np.cumsum(self.sizes), self.spike_neurons, side="right")

    def rates(self, window: float = 50.0) -> np.ndarray:
        """Each group's mean firing rate over the ``window`` ms around each step, (T, G), Hz; shorter at the ends."""
        dt = self.time[1] - self.time[0]
        steps, groups = len(self.time), len(self.sizes)
        place = np.rint(self.spike_times / dt).astype(int) * groups + self.group_of_spikes
        counts = np.bincount(place, minlength=steps * groups).reshape(steps, groups)
        total = np.concatenate([np.zeros((1, groups), int), counts.cumsum(axis=0)])
        half = max(round(window / dt / 2), 1)
        start = np.maximum(np.arange(steps) - half, 0)
        end = np.minimum(np.arange(steps) + half, steps)
        return (total[end] - total[start]) / ((end - start) * dt / 1000)[:, None] / np.array(self.sizes)


@dataclass(frozen=True)
class SynapseTrace:
    """What the spikes of I inputs did to one membrane over T steps."""

    #: The start of each step, (T,), ms.
    time: np.ndarray
    #: When each input's spikes came, ms: I arrays.
    arrivals: tuple[np.ndarray, ...]
    #: The potential that each input pulls the membrane to, (I,), mV.
    reversal: np.ndarray
    #: How far each input's synapse is open, (T, I), nS.
    conductance: np.ndarray
    #: The membrane's voltage, (T,), mV.
    voltage: np.ndarray
    #: What the inputs' potentials, each measured alone, add up to, (T,), mV: a weighted sum knows no more.
    linear: np.ndarray
    #: When the membrane itself spiked, ms.
    spikes: np.ndarray
    #: mV.
    rest: float
    threshold: float

    @property
    def current(self) -> np.ndarray:
        """What flows into the membrane through each synapse, (T, I), pA: -g (v - E)."""
        return -self.conductance * (self.voltage[:, None] - self.reversal)


@dataclass(frozen=True)
class PlasticityTrace:
    """How a synapse's weight changed over P pairings of the same spikes."""

    #: The spikes of one pairing before and behind the synapse, ms.
    pre: np.ndarray
    post: np.ndarray
    #: What one pairing adds to the weight, as long as no bound is met.
    change: float
    #: The weight before the first pairing and after each, (P + 1,), from 0 to ``w_max``.
    weights: np.ndarray
    w_max: float


@dataclass(frozen=True)
class DescentTrace:
    """How a sigmoid unit's weights changed over S steps of gradient descent on E = (y - target)² / 2."""

    #: x, (I,).
    inputs: np.ndarray
    target: float
    #: η.
    rate: float
    #: w before the first step and after each, (S + 1, I), and b, (S + 1,).
    weights: np.ndarray
    bias: np.ndarray
    #: y with these weights, (S + 1,).
    output: np.ndarray
    #: dE/dw there, (S + 1, I).
    gradient: np.ndarray

    @property
    def error(self) -> np.ndarray:
        """E, (S + 1,)."""
        return (self.output - self.target) ** 2 / 2
