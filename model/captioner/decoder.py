r"""The mind: a GRU that looks at the regions before each word.

Before word t it holds a memory h_{t-1}, and has just read the word w_{t-1}:

.. math::
    q       &= W_q [h_{t-1}; E w_{t-1}]                    && \text{what to look for} \\
    e_i     &= u^\top \tanh(W_k v_i + q)                   && \text{how well region i fits} \\
    \alpha  &= \mathrm{softmax}(e)                         && \text{where it looks} \\
    g_t     &= \sigma(W_g [h_{t-1}; E w_{t-1}])            && \text{how far the gate on it opens} \\
    c_t     &= g_t \odot \sum_i \alpha_i v_i               && \text{what comes through} \\
    h_t     &= \mathrm{GRU}([E w_{t-1}; c_t], h_{t-1})     && \text{the new memory} \\
    p(w_t)  &= \mathrm{softmax}(E\, (W_o [h_t; c_t] + E w_{t-1}) + b)

Additive attention: Bahdanau, Cho, Bengio 2015, eq. 6; over a photo's regions and with a gate on the context:
Xu et al. 2015, "Show, Attend and Tell", eq. 4-7 and section 4.2.1. Output through the tied embedding E: Press and
Wolf 2017.

Shapes: B photos; N hypotheses for each photo (captions in training, beams in search); R regions; T words.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from model.captioner.config import CaptionerConfig


class GRUStep(NamedTuple):
    """One step of the recurrent cell, nothing hidden; each ``(..., H)``."""

    hidden: Tensor
    update_gate: Tensor
    reset_gate: Tensor
    candidate: Tensor


class GRUCell(nn.Module):
    r"""A gated recurrent unit (Cho et al. 2014) in torch's convention, written out so that its gates can be read.

    .. math::
        r   &= \sigma(W_{ir} x + b_{ir} + W_{hr} h + b_{hr}) \\
        z   &= \sigma(W_{iz} x + b_{iz} + W_{hz} h + b_{hz}) \\
        n   &= \tanh(W_{in} x + b_{in} + r \odot (W_{hn} h + b_{hn})) \\
        h'  &= (1 - z) \odot n + z \odot h

    Parameters have the names, shapes and order (r, z, n) of ``torch.nn.GRUCell``, so weights can be exchanged.
    """

    def __init__(self, input_size: int, hidden_size: int):
        super().__init__()
        self.weight_ih = nn.Parameter(torch.empty(3 * hidden_size, input_size))
        self.weight_hh = nn.Parameter(torch.empty(3 * hidden_size, hidden_size))
        self.bias_ih = nn.Parameter(torch.empty(3 * hidden_size))
        self.bias_hh = nn.Parameter(torch.empty(3 * hidden_size))

    def forward(self, inputs: Tensor, hidden: Tensor) -> GRUStep:
        """One step: ``inputs`` (..., input_size) and ``hidden`` (..., H) to the new state and its gates."""
        from_input = nn.functional.linear(inputs, self.weight_ih, self.bias_ih)
        from_hidden = nn.functional.linear(hidden, self.weight_hh, self.bias_hh)
        input_r, input_z, input_n = from_input.chunk(3, dim=-1)
        hidden_r, hidden_z, hidden_n = from_hidden.chunk(3, dim=-1)
        reset_gate = torch.sigmoid(input_r + hidden_r)
        update_gate = torch.sigmoid(input_z + hidden_z)
        candidate = torch.tanh(input_n + reset_gate * hidden_n)
        return GRUStep((1 - update_gate) * candidate + update_gate * hidden, update_gate, reset_gate, candidate)


class Regions(NamedTuple):
    """A photo as the decoder holds it: ``values`` (B, R, C) to read, ``keys`` (B, R, A) to find them by."""

    values: Tensor
    keys: Tensor


class DecoderStep(NamedTuple):
    """One step of the decoder, for N hypotheses of B photos."""

    memory: GRUStep  # each (B, N, H)
    attention: Tensor  # (B, N, R), sums to 1
    context_gate: Tensor  # (B, N, C)
    context: Tensor  # (B, N, C)


class Decoder(nn.Module):
    """Regions to words, one step at a time (see the module's formulas)."""

    def __init__(self, config: CaptionerConfig, vocabulary: int):
        super().__init__()
        c, a, e, h = config.context_size, config.attention_size, config.embedding_size, config.hidden_size
        self.embedding = nn.Embedding(vocabulary, e, padding_idx=config.pad_token_id)
        self.region_value = nn.Linear(config.region_channels, c)
        self.region_key = nn.Linear(c, a)
        self.query = nn.Linear(h + e, a, bias=False)  # its bias would only repeat region_key's
        self.energy = nn.Linear(a, 1, bias=False)  # softmax ignores a constant
        self.context_gate = nn.Linear(h + e, c)
        self.first_hidden = nn.Linear(c, h)
        self.cell = GRUCell(e + c, h)
        self.output = nn.Linear(h + c, e)
        self.word_bias = nn.Parameter(torch.zeros(vocabulary))
        self.dropout = nn.Dropout(config.dropout)

    def look(self, regions: Tensor) -> Regions:
        """The encoder's regions (B, R, channels), made ready to be read."""
        values = self.dropout(torch.relu(self.region_value(regions)))
        return Regions(values, self.region_key(values))

    def initial_hidden(self, regions: Regions) -> Tensor:
        """The memory before the first word, from the mean region: (B, 1, H)."""
        return torch.tanh(self.first_hidden(regions.values.mean(dim=1, keepdim=True)))

    def embed(self, words: Tensor) -> Tensor:
        """Word numbers (...) to vectors (..., E)."""
        return self.dropout(self.embedding(words))

    def step(self, embedded: Tensor, hidden: Tensor, regions: Regions) -> DecoderStep:
        """Read the word before, look, remember: ``embedded`` (B, N, E), ``hidden`` (B, N, H)."""
        state = torch.cat([hidden, embedded], dim=-1)
        fit = torch.tanh(regions.keys[:, None] + self.query(state)[:, :, None])  # (B, N, R, A)
        attention = self.energy(fit).squeeze(-1).softmax(dim=-1)  # (B, N, R)
        context_gate = torch.sigmoid(self.context_gate(state))
        context = context_gate * (attention.to(regions.values.dtype) @ regions.values)
        memory = self.cell(torch.cat([embedded, context], dim=-1), hidden)
        return DecoderStep(memory, attention, context_gate, context)

    def predict(self, embedded: Tensor, hidden: Tensor, context: Tensor) -> Tensor:
        """Scores (logits) of every word, (..., V)."""
        meaning = self.dropout(self.output(torch.cat([hidden, context], dim=-1)) + embedded)
        return nn.functional.linear(meaning, self.embedding.weight, self.word_bias)

    def forward(self, regions: Tensor, words: Tensor) -> Tensor:
        """Teacher forcing: regions (B, R, channels) and words read (B, N, T) to scores (B, N, T, V)."""
        seen = self.look(regions)
        embedded = self.embed(words)  # (B, N, T, E)
        hidden = self.initial_hidden(seen).expand(-1, words.shape[1], -1)
        steps = []
        for t in range(words.shape[2]):
            step = self.step(embedded[:, :, t], hidden, seen)
            hidden = step.memory.hidden
            steps.append(step)
        return self.predict(
            embedded,
            torch.stack([step.memory.hidden for step in steps], dim=2),
            torch.stack([step.context for step in steps], dim=2),
        )
