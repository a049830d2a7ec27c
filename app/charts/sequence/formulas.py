"""The formulas of one step of a cell, in general and with one unit's numbers put in, as text for figures.

They are those of ``model.recurrent.cells``. Plotly has no LaTeX here, so they are HTML; what the input says, what the
state before says, and the rest are told apart by colour and by their place.
"""

from collections.abc import Callable
from typing import NamedTuple

from app.charts.numbers import number
from model.traces import SequenceTrace

#: What the state before says, and what the input says: the arrows into a step have the same colours. They are a blue
#: and a green as far from a light page as from a dark one (4.1:1), since they colour text.
FROM_STATE, FROM_INPUT = "#1A7FC4", "#0B8A65"

#: A tilde over the letter before it: what is proposed.
TILDE = "\u0303"

_STATE = f'<span style="color:{FROM_STATE}"><b>{{}}</b></span>'
_INPUT = f'<span style="color:{FROM_INPUT}"><b>{{}}</b></span>'


class Formula(NamedTuple):
    """One line of a step's arithmetic."""

    #: In letters, without the number that it comes to: ``h_t = tanh(...)``.
    general: str
    #: With the numbers of a step (from 0) put in.
    numbers: Callable[[int], str]


def formulas(trace: SequenceTrace, unit: int) -> tuple[Formula, ...]:
    """What one unit computes at each step, line by line in the order of ``model.recurrent.cells``."""
    gate = _Gates(trace, unit)
    if trace.cell == "lstm":
        return (
            gate.line("i", "input_gate", "σ"),
            gate.line("f", "forget_gate", "σ"),
            gate.line(f"c{TILDE}", "candidate", "tanh"),
            gate.line("o", "output_gate", "σ"),
            gate.lstm_cell(),
            gate.lstm_state(),
        )
    if trace.cell == "gru":
        return (
            gate.line("r", "reset_gate", "σ"),
            gate.line("z", "update_gate", "σ"),
            gate.gru_candidate(),
            gate.gru_state(),
        )
    return (gate.rnn_state(),)


class _Gates:
    """The numbers of one unit of a trace, and the lines made of them."""

    def __init__(self, trace: SequenceTrace, unit: int):
        self.hidden = trace.hidden[:, unit]
        self.before = trace.before[:, unit]
        self.cell_before = None if trace.cell_before is None else trace.cell_before[:, unit]
        self.gates = {name: values[:, unit] for name, values in trace.gates.items()}
        self.terms = {
            name: (terms.input[:, unit], terms.recurrent[:, unit], float(terms.bias[unit]))
            for name, terms in trace.terms.items()
        }
        self.relu = trace.cell == "rnn_relu"

    def line(self, letter: str, name: str, f: str) -> Formula:
        """A gate: f(W_x x_t + W_h h_{t-1} + b)."""
        name_ = letter.removesuffix(TILDE)
        inputs, recurrent, bias = self.terms[name]
        state = _STATE.format(f"W<sub>h{name_}</sub> h<sub>t−1</sub>")
        read = _INPUT.format(f"W<sub>x{name_}</sub> x<sub>t</sub>")

        def numbers(t: int) -> str:
            inside = f"{_INPUT.format(number(inputs[t]))}{_added(recurrent[t], _STATE)}{_added(bias)}"
            total = number(inputs[t] + recurrent[t] + bias)
            return f"{_at(letter, t)} = {f}({inside}) = {f}({total}) = <b>{number(self.gates[name][t])}</b>"

        return Formula(f"{letter}<sub>t</sub> = {f}({read} + {state} + b<sub>{name_}</sub>)", numbers)

    def rnn_state(self) -> Formula:
        inputs, recurrent, bias = self.terms["pre_activation"]
        f = "ReLU" if self.relu else "tanh"
        state = _STATE.format("W<sub>hh</sub> h<sub>t−1</sub>")
        read = _INPUT.format("W<sub>xh</sub> x<sub>t</sub>")

        def numbers(t: int) -> str:
            inside = f"{_STATE.format(number(recurrent[t]))}{_added(inputs[t], _INPUT)}{_added(bias)}"
            total = number(self.gates["pre_activation"][t])
            return f"{_at('h', t)} = {f}({inside}) = {f}({total}) = <b>{number(self.hidden[t])}</b>"

        return Formula(f"h<sub>t</sub> = {f}({state} + {read} + b<sub>h</sub>)", numbers)

    def gru_candidate(self) -> Formula:
        inputs, recurrent, bias = self.terms["candidate"]
        reset, candidate = self.gates["reset_gate"], self.gates["candidate"]
        state = _STATE.format("W<sub>hn</sub> h<sub>t−1</sub> + b<sub>hn</sub>")
        read = _INPUT.format("W<sub>xn</sub> x<sub>t</sub>")

        def numbers(t: int) -> str:
            product = f"{number(reset[t])} · {_STATE.format(_factor(recurrent[t]))}"
            inside = f"{_INPUT.format(number(inputs[t]))}{_added(bias)} + {product}"
            total = number(inputs[t] + bias + reset[t] * recurrent[t])
            return f"{_at('n', t)} = tanh({inside}) = tanh({total}) = <b>{number(candidate[t])}</b>"

        general = f"n<sub>t</sub> = tanh({read} + b<sub>xn</sub> + r<sub>t</sub> · ({state}))"
        return Formula(general, numbers)

    def gru_state(self) -> Formula:
        update, candidate = self.gates["update_gate"], self.gates["candidate"]
        old = _STATE.format("h<sub>t−1</sub>")

        def numbers(t: int) -> str:
            z = number(update[t])
            mixed = f"(1 − {z}) · {_factor(candidate[t])} + {z} · {_STATE.format(_factor(self.before[t]))}"
            return f"{_at('h', t)} = {mixed} = <b>{number(self.hidden[t])}</b>"

        general = f"h<sub>t</sub> = (1 − z<sub>t</sub>) · n<sub>t</sub> + z<sub>t</sub> · {old}"
        return Formula(general, numbers)

    def lstm_cell(self) -> Formula:
        i, f, g, c = (self.gates[name] for name in ("input_gate", "forget_gate", "candidate", "cell"))
        old = _STATE.format("c<sub>t−1</sub>")

        def numbers(t: int) -> str:
            kept = f"{number(f[t])} · {_STATE.format(_factor(self.cell_before[t]))}"
            return f"{_at('c', t)} = {kept} + {number(i[t])} · {_factor(g[t])} = <b>{number(c[t])}</b>"

        general = f"c<sub>t</sub> = f<sub>t</sub> · {old} + i<sub>t</sub> · c{TILDE}<sub>t</sub>"
        return Formula(general, numbers)

    def lstm_state(self) -> Formula:
        o, c = self.gates["output_gate"], self.gates["cell"]

        def numbers(t: int) -> str:
            return f"{_at('h', t)} = {number(o[t])} · tanh({number(c[t])}) = <b>{number(self.hidden[t])}</b>"

        return Formula("h<sub>t</sub> = o<sub>t</sub> · tanh(c<sub>t</sub>)", numbers)


def _at(letter: str, t: int) -> str:
    return f"{letter}<sub>{t + 1}</sub>"


def _added(x: float, style: str = "{}") -> str:
    """A further part of a sum, with its sign before it."""
    negative = x < 0
    return (" − " if negative else " + ") + style.format(number(-x if negative else x))


def _factor(x: float) -> str:
    """A number within a product: in brackets where it is negative."""
    return f"({number(x)})" if x < 0 else number(x)
