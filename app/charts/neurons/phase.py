"""Izhikevich's model in its plane: v against u, where each of the two stands still, and the path between."""

from collections.abc import Callable

import numpy as np

from app.charts.neurons.course import around, at
from app.charts.player import Panel, Part
from app.charts.style import BLUE, GREEN, HIGHLIGHT, ORANGE, SMALL
from app.i18n import _
from model.traces import NeuronTrace

#: The axis of v, mV.
VOLTAGES = (-90.0, 35.0)
#: The film's dot leaves a trail of so many ms.
TRAIL = 12.0
#: A fall of the voltage within a step, mV, that is a reset.
JUMP = -20.0
#: From voltages and a current, where v' = 0 and where u' = 0: two arrays of u.
Nullclines = Callable[[np.ndarray, float], tuple[np.ndarray, np.ndarray]]


def phase_plane(trace: NeuronTrace, nullclines: Nullclines, moments: np.ndarray) -> Panel:
    """The whole path (pale), the path of the last ``TRAIL`` ms up to each of the ``moments`` (ms), and the two
    nullclines: v' = 0, a parabola that the current lifts, and u' = 0, a straight line. Where they cross, it rests."""
    u = trace.state["u"]
    v = np.linspace(*VOLTAGES, 80)
    low, high = around(u, np.array([-20.0, 0.0]), room=0.25)
    x, y = _path(trace, np.arange(0, len(u), max(1, len(u) // 2500)))
    path = {"type": "scatter", "mode": "lines", "line": {"color": BLUE, "width": 1.5}, "opacity": 0.7}
    path |= {"x": x.astype(np.float32), "y": y.astype(np.float32)}
    line = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    still = line | {"x": v.astype(np.float32), "y": nullclines(v, 0.0)[1].astype(np.float32)}
    still |= {"line": {"color": ORANGE, "width": 2.5, "dash": "dash"}}
    moving = line | {"x": v.astype(np.float32), "line": {"color": GREEN, "width": 2.5}}
    trail = {"type": "scatter", "mode": "lines+markers", "line": {"color": HIGHLIGHT, "width": 3}}
    trail |= {"hovertemplate": _("V = {v} mV, u = {u}").format(v="%{x:.1f}", u="%{y:.1f}") + "<extra></extra>"}

    def lifted(k: int) -> dict:
        current = at(trace.time, trace.current, float(moments[k]))
        return {"y": nullclines(v, current)[0].astype(np.float32)}

    def tail(k: int) -> dict:
        behind = (trace.time > moments[k] - TRAIL) & (trace.time <= moments[k] + 1e-9)
        places = np.flatnonzero(behind) if behind.any() else np.zeros(1, int)
        places = np.append(places[:-1:8], places[-1])
        x, y = _path(trace, places)
        sizes = [0.0] * (len(x) - 1) + [11.0]
        return {"x": _numbers(x), "y": _numbers(y), "marker": {"size": sizes, "color": HIGHLIGHT}}

    title = _("phase plane: {v} where V stands still, {u} where u does")
    named = {"v": f'<span style="color:{GREEN}">━</span>', "u": f'<span style="color:{ORANGE}">╍</span>'}
    return Panel(
        title.format(**named),
        [Part(path | {"hoverinfo": "skip"}), Part(still), Part(moving, lifted), Part(trail, tail)],
        {"range": list(VOLTAGES), "title": {"text": "V (mV)", "font": {"size": SMALL}}},
        {"range": [low, high], "title": {"text": "u", "font": {"size": SMALL}}},
    )


def describe_phase_plane(trace: NeuronTrace, nullclines: Nullclines, current: float) -> str:
    """Whether the nullclines cross under this current, and what follows."""
    v = np.linspace(*VOLTAGES, 2000)
    of_v, of_u = nullclines(v, current)
    if (of_v <= of_u).any():
        text = _("At I = {current} the two curves of the phase plane cross: there it may rest.")
    else:
        text = _("At I = {current} the two curves of the phase plane do not cross: it cannot rest, it must fire.")
    return text.format(current=f"{current:g}")


def _path(trace: NeuronTrace, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """v and u at the steps ``places``. A reset is a jump: a gap, so that no line joins the peak to where it lands."""
    resets = np.cumsum(np.diff(trace.voltage, prepend=trace.voltage[0]) < JUMP)
    gaps = np.flatnonzero(np.diff(resets[places])) + 1
    return np.insert(trace.voltage[places], gaps, np.nan), np.insert(trace.state["u"][places], gaps, np.nan)


def _numbers(values: np.ndarray) -> list:
    return [round(float(x), 2) if np.isfinite(x) else None for x in values]
