"""The plain RNN's step as a linear map: what it does to a small change of the state.

J_t = dh_t/dh_{t-1} = diag(f'(a_t)) W_hh. A gradient that goes back over many steps is multiplied by as many J_t.

Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks", section 2.1: where f' is at
most γ (1 for tanh and for ReLU), a largest singular value of W_hh below 1/γ is enough for gradients to vanish, and one
above 1/γ is necessary for them to explode. For a linear network the spectral radius, the largest |eigenvalue|, decides
in the long run. **For a network with a curve, one above 1 is neither sufficient nor necessary.** Units saturate, f'
falls below 1, and gradients can vanish at any radius. And because the units' slopes differ, gradients can explode at
any radius, even 0: of

    W_hh = (3 -3; 3 -3)     both eigenvalues are 0, but with the second unit saturated J_t = (3 -3; 0 0),

whose product over 30 steps has the norm √2 · 3³⁰ = 3 · 10¹⁴. Only the largest singular value bounds it, here 6. Look at
the singular values of J_t, which hold f' as well, to see what happens on one sequence.
"""

import copy
import math

import numpy as np
import torch

from model import checks
from model.cells.layers import Recurrent
from model.cells.rnn import RNN
from model.errors import SettingError
from model.recurrent.network import Network
from model.recurrent.tracing import check_module, to_numpy
from model.traces import JacobianTrace, SequenceTrace

#: T H³ of a sequence whose Jacobians are taken apart within seconds.
_MOST_WORK = 1e10


def jacobian_trace(module: Recurrent, trace: SequenceTrace) -> JacobianTrace:
    """The eigenvalues of W_hh, and how each step of a traced sequence stretches and shrinks a change of the state.

    Args:
        module: a plain RNN.
        trace: what ``trace_sequence`` gave for it.

    Raises:
        SettingError: for another cell, where sequence and network are too large, or where the state overflowed.
    """
    cell = check_module(module)
    if not isinstance(cell, RNN):
        raise SettingError("Only the plain RNN's step is a matrix and a function. Please choose an RNN.")
    checks.kind("trace", trace, SequenceTrace, "a SequenceTrace")
    if trace.hidden.shape[1] != module.hidden_size or "pre_activation" not in trace.gates:
        raise SettingError("The trace is not one of this RNN. Please give what trace_sequence gave for it.")
    steps, units = trace.hidden.shape
    if steps * units**3 > _MOST_WORK:
        raise SettingError(
            "{steps} steps of {units} units are too much for this view. "
            "Please choose a shorter sequence or a smaller network.",
            steps=steps,
            units=units,
        )
    if not np.isfinite(trace.gates["pre_activation"]).all():
        raise SettingError("The state grew beyond all bounds. Please choose a shorter sequence or a smaller W_hh.")
    w_hh = to_numpy(module.get_parameter("weight_hh_l0"))
    slopes = cell.slope(trace.gates["pre_activation"], trace.hidden)
    jacobians = slopes[:, :, None] * w_hh  # (T, H, H)
    eigenvalues = np.linalg.eigvals(w_hh).astype(complex)
    return JacobianTrace(
        eigenvalues=eigenvalues[np.argsort(-np.abs(eigenvalues), kind="stable")],
        singular_values=np.linalg.svd(jacobians, compute_uv=False),
        reach=_reach(jacobians),
    )


def scale_recurrence(network: Network, factor: float) -> Network:
    """A copy of the network whose W_hh (of all gates) is ``factor`` times as large; so are its eigenvalues."""
    checks.kind("network", network, Network, "a Network")
    factor = checks.number("factor", factor, -1e6, 1e6)
    scaled = copy.deepcopy(network)
    with torch.no_grad():
        scaled.recurrent.get_parameter("weight_hh_l0").mul_(factor)
    return scaled


def _reach(jacobians: np.ndarray) -> np.ndarray:
    """The spectral norm of dh_T/dh_t = J_T ... J_{t+1} for each t, (T,)."""
    product = np.eye(jacobians.shape[1])
    norms = [1.0]
    with np.errstate(over="ignore", invalid="ignore"):
        for jacobian in jacobians[:0:-1]:
            product = product @ jacobian
            norms.append(float(np.linalg.norm(product, 2)) if np.isfinite(product).all() else math.inf)
    return np.array(norms[::-1])
