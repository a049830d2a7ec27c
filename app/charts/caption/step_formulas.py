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
class DecoderFormula:
    """One formula: what it says, in general, with the numbers put in, and the number that it comes to."""

    #: Which of the decoder's lines it is: ``"fit"``, ``"attention"``, ``"gate"``, ``"context"``, ``"update"``,
    #: ``"reset"``, ``"proposal"``, ``"memory"``, ``"moved"``, ``"scores"`` or ``"word"``.
    line: str
    #: One sentence for the reader.
    says: str
    #: LaTeX in letters.
    general: str
    #: LaTeX with numbers, rounded to four decimals: what they come to need not agree in the last one.
    numbers: str
    #: What the numbers come to, computed in double precision from the trace.
    value: float


def step_formulas(trace: CaptionTrace, step: int, unit: int) -> tuple[DecoderFormula, ...]:
    """The formulas of word ``step``, the GRU's for ``unit`` (both from 0), in the order in which they are worked out:
    look, gate what was seen, gate the memory, propose, mix, score all words, and say one. None where the caption is
    empty; what the trace does not hold is left out.

    The letters are those of ``model.captioner.decoder``; x_t = [E w_{t-1}; c_t] is what the GRU reads. Where z is 1
    the old state stays:

        z_t = sigmoid(W_xz x_t + W_hz h_{t-1} + b_z)                 (H,)
        r_t = sigmoid(W_xr x_t + W_hr h_{t-1} + b_r)                 (H,)
        n_t = tanh(W_xn x_t + b_xn + r_t * (W_hn h_{t-1} + b_hn))   (H,)
        h_t = (1 - z_t) * n_t + z_t * h_{t-1}                        (H,)

    Cho et al. 2014, equations 5 to 8, with r applied after W_hn, as torch.nn.GRU does.
    """
    if not trace.words:
        return ()
    before = trace.hidden[step - 1] if step else trace.initial_hidden
    z, r, n, old = (
        float(row[unit]) for row in (trace.update_gate[step], trace.reset_gate[step], trace.candidate[step], before)
    )
    update = _("The update gate of unit {unit}: near 1 it keeps its old state, near 0 it takes the new one.")
    update += " " + _("Like all that follows, it reads $x_t$: the word before and the context.")
    reset = _("The reset gate of unit {unit}: how much of the old states enters the proposal.")
    return (
        *_look(trace, step),
        *_context(trace, step),
        _sigmoid("update", update.format(unit=unit), "z", z, step, unit),
        _sigmoid("reset", reset.format(unit=unit), "r", r, step, unit),
        _proposal(n, step, unit),
        _mixture(z, n, old, step, unit),
        _movement(trace.hidden[step], before, step),
        *_word(trace, step),
    )


def tex_text(text: str) -> str:
    """``text`` as LaTeX text that shows just what it says."""
    return r"\text{" + "".join(TEX.get(character, character) for character in text) + "}"


def _look(trace: CaptionTrace, step: int) -> list[DecoderFormula]:
    """How well the most looked-at region fits, and what the softmax makes of that."""
    weights = trace.attention[step].astype(float)
    row, column = np.unravel_index(weights.argmax(), weights.shape)
    region = int(weights.argmax()) + 1
    where = {"region": region, "row": int(row) + 1, "column": int(column) + 1, "count": weights.size}
    alpha = rf"\alpha_{{{step + 1},{region}}}"
    if trace.energy is None:
        text = _("Where it looked: every one of the {count} regions has the same weight.")
        general, numbers = (
            r"\alpha_{ti} = \tfrac1R",
            rf"{alpha} = \tfrac1{{{weights.size}}} \approx {weights.max():.4f}",
        )
        return [DecoderFormula("attention", text.format(**where), general, numbers, float(weights.max()))]
    fits = trace.energy[step].astype(float)
    fit = float(fits[row, column])
    total = float(np.exp(fits).sum())
    worst = int(fits.argmin()) + 1
    text = _(
        "What it looks for is a query $q_t$, made of its memory and the word before; $e_{{ti}}$ says how well region i "
        "fits it. Of the {count} regions, number {region} (row {row}, column {column}) fits best."
    )
    softmax = _("Where it looked: the softmax turns what fits into weights that sum to 1 over all {count} regions.")
    return [
        DecoderFormula(
            line="fit",
            says=text.format(**where),
            general=_lines(r"q_t = W_q\,[h_{t-1};\, E w_{t-1}]", r"e_{ti} = u^\top \tanh(W_k v_i + b_k + q_t)"),
            numbers=_lines(
                rf"\max_i e_{{{step + 1},i}} = e_{{{step + 1},{region}}} \approx {fit:.4f}",
                rf"\min_i e_{{{step + 1},i}} = e_{{{step + 1},{worst}}} \approx {fits.min():.4f}",
            ),
            value=fit,
        ),
        DecoderFormula(
            line="attention",
            says=softmax.format(**where),
            general=r"\alpha_{ti} = \frac{\exp(e_{ti})}{\sum_j \exp(e_{tj})}",
            numbers=rf"{alpha} \approx \frac{{\exp({fit:.4f})}}{{{_amount(total)}}} \approx {np.exp(fit) / total:.4f}",
            value=float(np.exp(fit) / total),
        ),
    ]


def _context(trace: CaptionTrace, step: int) -> list[DecoderFormula]:
    """The gate on what was seen, and what comes through, for the channel where most does."""
    gates = trace.context_gate[step].astype(float)
    through = gates if trace.context is None else trace.context[step].astype(float)
    channel = int(through.argmax())
    gate, came = float(gates[channel]), float(through[channel])
    text = _(
        "The gate on what it saw, from 0 (shut) to 1 (open), {mean} on average over {count} channels. Most comes "
        "through channel {channel}."
    )
    values = {"mean": f"{gates.mean():.4f}", "count": gates.size, "channel": channel}
    at = f"{step + 1},{channel}"
    shown = [
        DecoderFormula(
            line="gate",
            says=text.format(**values),
            general=r"g_t = \sigma\left(W_g\,[h_{t-1};\, E w_{t-1}] + b_g\right)",
            numbers=rf"g_{{{at}}} \approx \sigma({_number(_before_sigmoid(gate))}) \approx {gate:.4f}",
            value=gate,
        )
    ]
    if trace.context is not None and gate > 0:
        seen = came / gate
        shown.append(
            DecoderFormula(
                line="context",
                says=_("The context: what it saw, the regions' weighted mean, as far as the gate lets it through."),
                general=r"c_t = g_t \odot \sum_i \alpha_{ti}\, v_i",
                numbers=_lines(rf"c_{{{at}}} \approx {gate:.4f} \cdot {_factor(seen)}", rf"{{}} \approx {came:.4f}"),
                value=came,
            )
        )
    return shown


def _before_sigmoid(gate: float) -> float:
    """The sum inside a gate's sigmoid, found backwards from it."""
    with np.errstate(divide="ignore"):
        return float(np.log(gate) - np.log1p(-gate))


def _sigmoid(line: str, says: str, letter: str, gate: float, step: int, unit: int) -> DecoderFormula:
    """A gate's value, and the sum inside its sigmoid."""
    general = (
        rf"{letter}_t = \sigma\bigl(W_{{x{letter}}} x_t",
        rf"{{}} + W_{{h{letter}}} h_{{t-1}} + b_{letter}\bigr)",
    )
    return DecoderFormula(
        line=line,
        says=says,
        general=_lines(r"x_t = [E w_{t-1};\, c_t]", *general) if line == "update" else _lines(*general),
        numbers=rf"{_at(letter, step, unit)} \approx \sigma({_number(_before_sigmoid(gate))}) \approx {gate:.4f}",
        value=gate,
    )


def _proposal(n: float, step: int, unit: int) -> DecoderFormula:
    with np.errstate(divide="ignore"):
        inside = float(np.arctanh(n))
    return DecoderFormula(
        line="proposal",
        says=_("The proposed state, between −1 and 1."),
        general=_lines(r"n_t = \tanh\bigl(W_{xn} x_t + b_{xn}", r"{} + r_t \odot (W_{hn} h_{t-1} + b_{hn})\bigr)"),
        numbers=rf"{_at('n', step, unit)} \approx \tanh({_number(inside)}) \approx {n:.4f}",
        value=n,
    )


def _mixture(z: float, n: float, old: float, step: int, unit: int) -> DecoderFormula:
    new = (1 - z) * n + z * old
    share, kept = rf"(1 - {z:.4f}) \cdot {_factor(n)}", rf"{z:.4f} \cdot {_factor(old)}"
    return DecoderFormula(
        line="memory",
        says=_("The new state: a mixture of the proposed one and the old one."),
        general=r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}",
        numbers=_lines(rf"{_at('h', step, unit)} \approx {share}", rf"{{}} + {kept}", rf"{{}} \approx {new:.4f}"),
        value=new,
    )


def _movement(hidden: np.ndarray, before: np.ndarray, step: int) -> DecoderFormula:
    moved = float(np.linalg.norm(hidden.astype(float) - before.astype(float)))
    length = float(np.linalg.norm(hidden.astype(float)))
    t = step + 1
    return DecoderFormula(
        line="moved",
        says=_("How far the whole memory moved, beside how long it is now, over {count} units.").format(
            count=hidden.size
        ),
        general=_lines(r"\lVert h_t - h_{t-1} \rVert", r"\lVert h_t \rVert"),
        numbers=_lines(
            rf"\lVert h_{{{t}}} - h_{{{step}}} \rVert \approx {moved:.4f}",
            rf"\lVert h_{{{t}}} \rVert \approx {length:.4f}",
        ),
        value=moved,
    )


def _word(trace: CaptionTrace, step: int) -> list[DecoderFormula]:
    """Every word's score, and what the softmax over all words makes of the chosen one's."""
    if trace.log_sums is None:
        return []
    log_sum, log_prob = float(trace.log_sums[step]), float(trace.log_probs[step])
    said, score, total = trace.words[step], log_prob + log_sum, float(np.exp(log_sum))
    probability = float(np.exp(score) / total)
    others = [(word, float(np.log(p)) + log_sum) for word, p in trace.alternatives[step] if word != said and p > 0]
    rows = [(said, score), *others[:2]]
    t = step + 1
    names = [tex_text(word or _("(end)")) for word, _score in rows]
    scored = [rf"s_{{{t}}}({name}) \approx {of_word:.4f}" for name, (_word, of_word) in zip(names, rows, strict=True)]
    return [
        DecoderFormula(
            line="scores",
            says=_(
                "Every word of the vocabulary gets a score, from the memory, the context and the word before: how much "
                "the word's own list of numbers, a row of E, is like what these come to. Here are those of the word "
                "that was said and of its nearest rivals."
            ),
            general=_lines(r"s_t = E\,\bigl(W_o\,[h_t;\, c_t]", r"{} + b_o + E w_{t-1}\bigr) + b"),
            numbers=_lines(*scored),
            value=score,
        ),
        DecoderFormula(
            line="word",
            says=_("How likely the word was: the softmax turns the scores of all words into probabilities."),
            general=r"p(w_t) = \frac{\exp(s_t(w_t))}{\sum_v \exp(s_t(v))}",
            numbers=_lines(
                rf"p({names[0]})",
                rf"{{}} \approx \frac{{\exp({score:.4f})}}{{{_amount(total)}}}",
                rf"{{}} \approx {probability:.4f}",
            ),
            value=probability,
        ),
    ]


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


def _amount(x: float) -> str:
    """A sum of exponentials: to four decimals, a large one to five digits or more."""
    if x < 1e3:
        return f"{x:.4f}"
    if x < 1e9:
        return f"{x:.1f}"
    mantissa, exponent = f"{x:.5e}".split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
