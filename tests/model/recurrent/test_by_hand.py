"""Two steps by hand against autograd."""

import pytest
import torch

from model.recurrent.by_hand import INPUTS, TARGET, two_steps


@pytest.mark.parametrize("weights", [(0.8, 0.5, 1.2), (-1.5, 2.0, 0.3), (0.0, 0.7, -1.0)])
def test_both_passes_are_autograds(weights):
    w_h, w_x, w_y = (torch.tensor(weight, dtype=torch.float64, requires_grad=True) for weight in weights)
    h_1 = torch.tanh(w_x * INPUTS[0])
    h_2 = torch.tanh(w_h * h_1 + w_x * INPUTS[1])
    loss = (w_y * h_2 - TARGET) ** 2 / 2
    by_h_1, by_h_2 = torch.autograd.grad(loss, (h_1, h_2), retain_graph=True)
    loss.backward()
    found = two_steps(*weights)
    assert found.loss == pytest.approx(loss.item())
    assert found.states.tolist() == pytest.approx([h_1.item(), h_2.item()])
    assert found.by_states.tolist() == pytest.approx([by_h_1.item(), by_h_2.item()])
    assert (found.by_w_h, found.by_w_x, found.by_w_y) == pytest.approx(
        (w_h.grad.item(), w_x.grad.item(), w_y.grad.item())
    )
