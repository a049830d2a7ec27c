"""The formulas of one step, with the numbers of one word and one unit put in."""

from dataclasses import dataclass

import numpy as np

from app.i18n import _
from model.traces import CaptionTrace

# What TeX takes for a command within \text{...}, and how it is written instead.
TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


@dataclass(frozen=True)
class Formula:
    """One formula: what it says, in general, with the numbers put in, and the number that it comes to."""

    #: One sentence for the reader.
    says: str
    #: LaTeX in letters.
    general: str
    #: LaTeX with numbers, to four decimals.
    numbers: str
    #: What the numbers come to, computed in double precision from the trace.
    value: float


def step_formulas(trace: CaptionTrace, step: int, unit: int) -> tuple[Formula, ...]:
    """The formulas of word ``step``, the GRU's for ``unit`` (both from 0), in the order in which they are worked out:
    look, gate what was seen, gate the memory, propose, mix, and say the word. None where the caption is empty.

    With x_t the word before and what was seen (where z is 1 the old state stays):

        z = sigmoid(W_z x_t + U_z h_{t-1} + b_z)                     (H,)
        r = sigmoid(W_r x_t + U_r h_{t-1} + b_r)                     (H,)
        n = tanh(W_n x_t + b_n + r * (U_n h_{t-1} + c_n))            (H,)
        h_t = (1 - z) * n + z * h_{t-1}                              (H,)

    Cho et al. 2014, equations 5 to 8, with r applied after U_n, as torch.nn.GRU does.
    """
    if not trace.words:
        return ()
    before = trace.hidden[step - 1] if step else trace.initial_hidden
    z, r, n, old = (
        float(row[unit]) for row in (trace.update_gate[step], trace.reset_gate[step], trace.candidate[step], before)
    )
    update = _("The update gate of unit {unit}: near 1 it keeps its old state, near 0 it takes the new one.")
    reset = _("The reset gate of unit {unit}: how much of the old states enters the proposal.")
    return (
        _attention(trace, step),
        _context_gate(trace, step),
        _sigmoid(update.format(unit=unit), "z", z, step, unit),
        _sigmoid(reset.format(unit=unit), "r", r, step, unit),
        _proposal(n, step, unit),
        _mixture(z, n, old, step, unit),
        _movement(trace.hidden[step], before, step),
        _word(trace, step),
    )


def tex_text(text: str) -> str:
    """``text`` as LaTeX text that shows just what it says."""
    return r"\text{" + "".join(TEX.get(character, character) for character in text) + "}"


def _attention(trace: CaptionTrace, step: int) -> Formula:
    weights = trace.attention[step].astype(float)
    row, column = np.unravel_index(weights.argmax(), weights.shape)
    text = _(
        "Where it looked: the weights of all {count} regions sum to 1; row {row}, column {column} has the largest."
    )
    t = step + 1
    return Formula(
        says=text.format(count=weights.size, row=row + 1, column=column + 1),
        general=_lines(r"c_t = \sum_i \alpha_{t,i}\, v_i", r"\sum_i \alpha_{t,i} = 1"),
        numbers=_lines(
            rf"\sum_i \alpha_{{{t},i}} = {weights.sum():.4f}", rf"\max_i \alpha_{{{t},i}} = {weights.max():.4f}"
        ),
        value=float(weights.sum()),
    )


def _context_gate(trace: CaptionTrace, step: int) -> Formula:
    gate = trace.context_gate[step].astype(float)
    text = _("The gate on what it saw: how much of it enters the step, the mean of {count} channels.")
    t = step + 1
    return Formula(
        says=text.format(count=gate.size),
        general=_lines(r"\tilde c_t = g_t \odot c_t", r"\bar g_t = \tfrac1C \textstyle\sum_k g_{t,k}"),
        numbers=rf"\bar g_{{{t}}} = {gate.mean():.4f}",
        value=float(gate.mean()),
    )


def _sigmoid(says: str, letter: str, gate: float, step: int, unit: int) -> Formula:
    """A gate's value, and the sum inside its sigmoid, found backwards from it."""
    with np.errstate(divide="ignore"):
        inside = float(np.log(gate) - np.log1p(-gate))
    inputs = rf"W_{letter} x_t + U_{letter} h_{{t-1}} + b_{letter}"
    return Formula(
        says=says,
        general=rf"{letter}_t = \sigma\left({inputs}\right)",
        numbers=rf"{_at(letter, step, unit)} = \sigma({_number(inside)}) = {gate:.4f}",
        value=gate,
    )


def _proposal(n: float, step: int, unit: int) -> Formula:
    with np.errstate(divide="ignore"):
        inside = float(np.arctanh(n))
    return Formula(
        says=_("The proposed state, between -1 and 1."),
        general=_lines(r"n_t = \tanh\bigl(W_n x_t + b_n", r"{} + r_t \odot (U_n h_{t-1} + c_n)\bigr)"),
        numbers=rf"{_at('n', step, unit)} = \tanh({_number(inside)}) = {n:.4f}",
        value=n,
    )


def _mixture(z: float, n: float, old: float, step: int, unit: int) -> Formula:
    new = (1 - z) * n + z * old
    share, kept = rf"(1 - {z:.4f}) \cdot {_factor(n)}", rf"{z:.4f} \cdot {_factor(old)}"
    return Formula(
        says=_("The new state: a mixture of the proposed one and the old one."),
        general=r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}",
        numbers=_lines(rf"{_at('h', step, unit)} = {share}", rf"{{}} + {kept} = {new:.4f}"),
        value=new,
    )


def _movement(hidden: np.ndarray, before: np.ndarray, step: int) -> Formula:
    moved = float(np.linalg.norm(hidden.astype(float) - before.astype(float)))
    length = float(np.linalg.norm(hidden.astype(float)))
    t = step + 1
    return Formula(
        says=_("How far the whole memory moved, beside how long it is now, over {count} units.").format(
            count=hidden.size
        ),
        general=_lines(r"\lVert h_t - h_{t-1} \rVert", r"\lVert h_t \rVert"),
        numbers=_lines(
            rf"\lVert h_{{{t}}} - h_{{{step}}} \rVert = {moved:.4f}", rf"\lVert h_{{{t}}} \rVert = {length:.4f}"
        ),
        value=moved,
    )


def _word(trace: CaptionTrace, step: int) -> Formula:
    log_prob = float(trace.log_probs[step])
    probability = float(np.exp(log_prob))
    word = tex_text(trace.words[step])
    return Formula(
        says=_("How likely the word was, given the photo and the words before."),
        general=r"p(w_t \mid \text{photo}, w_{<t}) = \exp(\log p_t)".replace("photo", tex_text(_("photo"))[6:-1]),
        numbers=rf"p({word}) = \exp({log_prob:.4f}) = {probability:.4f}",
        value=probability,
    )


def _lines(*lines: str) -> str:
    """Lines under each other: what is side by side does not fit half a page."""
    return r"\begin{gathered}" + r" \\ ".join(lines) + r"\end{gathered}"


def _at(letter: str, step: int, unit: int) -> str:
    return rf"{letter}_{{{step + 1},{unit}}}"


def _number(x: float) -> str:
    if np.isinf(x):
        return r"\infty" if x > 0 else r"-\infty"
    return f"{x:.4f}"


def _factor(x: float) -> str:
    """A number within a product: in brackets where it is negative."""
    return f"({x:.4f})" if x < 0 else f"{x:.4f}"
