"""A model of two variables in its plane: the voltage against the other one, such as Izhikevich's u or AdEx's w, where
each of the two stands still, and the path between."""

from collections.abc import Callable
from typing import Any

import numpy as np

from app.charts.kit.player import FilmTrace, Panel
from app.charts.kit.style import BLUE, GREEN, HIGHLIGHT, ORANGE, SMALL
from app.charts.neurons.course import around, at
from app.i18n import _
from model.traces import NeuronTrace

#: The axis of v, mV.
VOLTAGES = (-90.0, 35.0)
#: The film's dot leaves a trail of so many ms.
TRAIL = 12.0
#: A fall of the voltage within a step, mV, that is a reset.
JUMP = -20.0
#: Beyond it a nullcline is far outside: Plotly needs no larger numbers.
FAR = 1e6
#: From voltages and a current, where V' = 0 and where the other variable's change is 0: two arrays of the other one.
Nullclines = Callable[[np.ndarray, float], tuple[np.ndarray, np.ndarray]]


def phase_plane(trace: NeuronTrace, nullclines: Nullclines, moments: np.ndarray) -> Panel:
    """The whole path (pale), the path of the last ``TRAIL`` ms up to each of the ``moments`` (ms), and the two
    nullclines: where the voltage stands still, a valley that the current lifts, and where the other variable does, a
    straight line. Where they cross, it rests."""
    other = trace.variables[0]
    everywhere = np.linspace(*VOLTAGES, 500)
    valley = nullclines(everywhere, 0.0)[0]
    low, high = around(trace.state[other.name], np.array(other.plane), valley.min(keepdims=True), room=0.25)
    # Where the valley is seen when it lies lowest, its curve is drawn finely.
    seen = everywhere[nullclines(everywhere, float(trace.current.min()))[0] <= high + (high - low)]
    v = np.unique([VOLTAGES[0], *np.linspace(seen.min(), seen.max(), 78), VOLTAGES[1]]) if len(seen) else everywhere
    peaks = np.flatnonzero(np.diff(trace.voltage) < JUMP)
    x, y = _path(trace, np.union1d(np.arange(0, len(trace.time), max(1, len(trace.time) // 2500)), peaks))
    path: dict[str, Any] = {"type": "scatter", "mode": "lines", "line": {"color": BLUE, "width": 1.5}, "opacity": 0.7}
    path |= {"x": x.astype(np.float32), "y": y.astype(np.float32)}
    line: dict[str, Any] = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    still = line | {"x": v.astype(np.float32), "y": _near(nullclines(v, 0.0)[1])}
    still |= {"line": {"color": ORANGE, "width": 2.5, "dash": "dash"}}
    moving = line | {"x": v.astype(np.float32), "line": {"color": GREEN, "width": 2.5}}
    trail: dict[str, Any] = {"type": "scatter", "mode": "lines+markers", "line": {"color": HIGHLIGHT, "width": 3}}
    value = f"%{{y:.{other.digits}f}} {other.unit}".strip()
    hover = _("V = {v} mV, {name} = {value}").format(v="%{x:.1f}", name=other.name, value=value)
    trail |= {"hovertemplate": hover + "<extra></extra>"}

    def lifted(k: int) -> dict:
        current = at(trace.time, trace.current, float(moments[k]))
        return {"y": _near(nullclines(v, current)[0])}

    def tail(k: int) -> dict:
        behind = (trace.time > moments[k] - TRAIL) & (trace.time <= moments[k] + 1e-9)
        places = np.flatnonzero(behind) if behind.any() else np.zeros(1, int)
        places = np.append(places[:-1:8], places[-1])
        x, y = _path(trace, places)
        sizes = [0.0] * (len(x) - 1) + [11.0]
        return {"x": _numbers(x), "y": _numbers(y), "marker": {"size": sizes, "color": HIGHLIGHT}}

    title = _("phase plane: {v} where V stands still, {other} where {name} does")
    marks = {"v": f'<span style="color:{GREEN}">━</span>', "other": f'<span style="color:{ORANGE}">╍</span>'}
    label = f"{other.name} ({other.unit})" if other.unit else other.name
    return Panel(
        title.format(**marks, name=other.name),
        [FilmTrace(path | {"hoverinfo": "skip"}), FilmTrace(still), FilmTrace(moving, lifted), FilmTrace(trail, tail)],
        {"range": list(VOLTAGES), "title": {"text": "V (mV)", "font": {"size": SMALL}}},
        {"range": [low, high], "title": {"text": label, "font": {"size": SMALL}}},
    )


def phase_plane_in_words(trace: NeuronTrace, nullclines: Nullclines, current: float) -> str:
    """Whether the nullclines cross under this current, and what follows."""
    v = np.linspace(*VOLTAGES, 2000)
    of_v, of_other = nullclines(v, current)
    if (of_v <= of_other).any():
        text = _("At I = {current} the two curves of the phase plane cross: there it may rest.")
    else:
        text = _("At I = {current} the two curves of the phase plane do not cross: it cannot rest, it must fire.")
    return text.format(current=f"{current:g} {trace.unit}".strip())


def _path(trace: NeuronTrace, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The voltage and the other variable at the steps ``places``. A reset is a jump: a gap, so that no line joins the
    peak to where it lands."""
    resets = np.cumsum(np.diff(trace.voltage, prepend=trace.voltage[0]) < JUMP)
    gaps = np.flatnonzero(np.diff(resets[places])) + 1
    other = trace.state[trace.variables[0].name]
    return np.insert(trace.voltage[places], gaps, np.nan), np.insert(other[places], gaps, np.nan)


def _near(values: np.ndarray) -> np.ndarray:
    return values.clip(-FAR, FAR).astype(np.float32)


def _numbers(values: np.ndarray) -> list:
    return [round(float(x), 2) if np.isfinite(x) else None for x in values]
