r"""A forward and a backward pass over two steps that fit on a page: one unit, one number a step, one answer at the end.

.. math::
    a_t = w_h h_{t-1} + w_x x_t \qquad h_t = \tanh(a_t) \qquad h_0 = 0 \qquad y = w_y h_2 \qquad L = (y - y^*)^2 / 2

Backward, each line uses the one before (the chain rule):

.. math::
    \frac{\partial L}{\partial y} &= y - y^* &
    \frac{\partial L}{\partial h_2} &= \frac{\partial L}{\partial y} w_y \\
    \frac{\partial L}{\partial a_t} &= \frac{\partial L}{\partial h_t} (1 - h_t^2) &
    \frac{\partial L}{\partial h_1} &= \frac{\partial L}{\partial a_2} w_h \\
    \frac{\partial L}{\partial w_h} &= \frac{\partial L}{\partial a_2} h_1 + \frac{\partial L}{\partial a_1} h_0 &
    \frac{\partial L}{\partial w_x} &= \frac{\partial L}{\partial a_2} x_2 + \frac{\partial L}{\partial a_1} x_1
"""

import numpy as np

from model.traces import TwoStepsTrace

#: What is read, and what should come out.
INPUTS, TARGET = (1.0, 0.5), 1.0


def two_steps(w_h: float, w_x: float, w_y: float, inputs=INPUTS, target: float = TARGET) -> TwoStepsTrace:
    """Both passes, all numbers kept."""
    x_1, x_2 = inputs
    a_1 = w_x * x_1
    h_1 = np.tanh(a_1)
    a_2 = w_h * h_1 + w_x * x_2
    h_2 = np.tanh(a_2)
    y = w_y * h_2
    by_y = y - target
    by_h_2 = by_y * w_y
    by_a_2 = by_h_2 * (1 - h_2**2)
    by_h_1 = by_a_2 * w_h
    by_a_1 = by_h_1 * (1 - h_1**2)
    return TwoStepsTrace(
        w_h=w_h,
        w_x=w_x,
        w_y=w_y,
        inputs=np.array(inputs),
        target=target,
        sums=np.array([a_1, a_2]),
        states=np.array([h_1, h_2]),
        output=float(y),
        loss=float((y - target) ** 2 / 2),
        by_output=float(by_y),
        by_states=np.array([by_h_1, by_h_2]),
        by_sums=np.array([by_a_1, by_a_2]),
        by_w_h=float(by_a_2 * h_1),  # and by_a_1 times h_0, which is 0
        by_w_x=float(by_a_2 * x_2 + by_a_1 * x_1),
        by_w_y=float(by_y * h_2),
    )
