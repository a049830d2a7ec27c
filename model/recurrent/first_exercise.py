"""The classic first LSTM exercise in PyTorch: ten random numbers to ten, one function for each of its steps.

A lesson shows the source of each function and runs it: the code that is read is the code that runs. What the exercise
is, and what is wrong with it, is told in ``model.recurrent.tasks.ten_numbers``. Lines are short, to fit the page.

- ``FirstLSTM``: an LSTM layer, and a dense layer that reads an answer from each of its states.
- ``LSTMCell``: one step of that layer, written out; ``differs_by`` is by how much torch's own differs from it.
- ``new_model``, ``new_data``: all that is random comes from a generator; data have the shape (count, 1, 10).
- ``train`` yields the loss on all of its pairs after each epoch.
- ``loss_of_mean``: what the best answer that does not look at the input costs on these targets.
- ``carried_over``: how much the answer to the second row changes when the first row becomes zeros.
- ``unpack_as_printed`` raises ValueError, as the printed exercise does.
"""

from collections.abc import Iterator

import torch
from torch import Generator, Tensor, nn

States = tuple[Tensor, Tensor]


class FirstLSTM(nn.Module):
    def __init__(
        self,
        input_dim: int = 10,
        hidden_dim: int = 50,
        output_dim: int = 10,
    ):
        super().__init__()
        self.lstm = nn.LSTM(input_dim, hidden_dim, batch_first=True)
        self.dense = nn.Linear(hidden_dim, output_dim)

    def forward(self, inputs: Tensor, states: States | None = None):
        outputs, (h, c) = self.lstm(inputs, states)
        return self.dense(outputs), (h, c)


class LSTMCell(nn.Module):
    def __init__(self, input_dim: int = 10, hidden_dim: int = 50):
        super().__init__()
        # The three gates and the proposal, side by side:
        self.from_input = nn.Linear(input_dim, 4 * hidden_dim)
        self.from_state = nn.Linear(hidden_dim, 4 * hidden_dim)

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> States:
        sums = self.from_input(x) + self.from_state(h)
        i, f, proposal, o = sums.chunk(4, dim=-1)
        kept = torch.sigmoid(f) * c
        written = torch.sigmoid(i) * torch.tanh(proposal)
        c = kept + written
        h = torch.sigmoid(o) * torch.tanh(c)
        return h, c


@torch.no_grad()
def differs_by(layer: nn.LSTM, inputs: Tensor) -> float:
    cell = LSTMCell(layer.input_size, layer.hidden_size)
    cell.from_input.weight.copy_(layer.weight_ih_l0)
    cell.from_input.bias.copy_(layer.bias_ih_l0)
    cell.from_state.weight.copy_(layer.weight_hh_l0)
    cell.from_state.bias.copy_(layer.bias_hh_l0)
    h = c = torch.zeros(len(inputs), layer.hidden_size)
    states = []
    for x in inputs.unbind(dim=1):
        h, c = cell(x, h, c)
        states.append(h)
    outputs, _states = layer(inputs)
    return (torch.stack(states, dim=1) - outputs).abs().max().item()


def new_model(generator: Generator) -> FirstLSTM:
    model = FirstLSTM()
    bound = model.lstm.hidden_size**-0.5
    # As torch does by itself, but from a seed of our own:
    for weights in model.parameters():
        nn.init.uniform_(weights, -bound, bound, generator=generator)
    return model


def new_data(
    count: int,
    generator: Generator,
    targets: str = "random",
) -> tuple[Tensor, Tensor]:
    # Sequences, steps, numbers:
    X = torch.rand(count, 1, 10, generator=generator)
    if targets == "reversed":
        return X, X.flip(-1)
    return X, torch.rand(count, 1, 10, generator=generator)


def train(
    model: FirstLSTM,
    X: Tensor,
    y: Tensor,
    epochs: int,
    generator: Generator,
) -> Iterator[float]:
    optimizer = torch.optim.Adam(model.parameters())
    mean_squared_error = nn.MSELoss()
    for _epoch in range(epochs):
        shuffled = torch.randperm(len(X), generator=generator)
        for batch in shuffled.split(32):
            outputs, _states = model(X[batch])
            loss = mean_squared_error(outputs, y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        yield loss_on(model, X, y)


@torch.no_grad()
def loss_on(model: FirstLSTM, X: Tensor, y: Tensor) -> float:
    outputs, _states = model(X)
    return nn.functional.mse_loss(outputs, y).item()


def loss_of_mean(y: Tensor) -> float:
    mean = y.mean(dim=0).expand_as(y)
    return nn.functional.mse_loss(mean, y).item()


@torch.no_grad()
def predict(model: FirstLSTM, new_input: Tensor) -> Tensor:
    outputs, _states = model(new_input)
    return outputs


@torch.no_grad()
def carried_over(model: FirstLSTM, X: Tensor) -> float:
    changed = X.clone()
    changed[0] = 0
    (before, _), (after, _) = model(X), model(changed)
    return (after[1] - before[1]).abs().max().item()


def unpack_as_printed(model: FirstLSTM, X: Tensor):
    outputs, (h, c) = model.lstm(X)
    # What Keras' LSTM returns with return_state=True:
    returned = (outputs, h, c)
    # The exercise's own line:
    outputs, states = returned
    return outputs, states
