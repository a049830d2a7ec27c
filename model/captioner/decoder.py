r"""The mind: a GRU that looks at the regions before each word.

Before word t it holds a memory h_{t-1}, and has just read the word w_{t-1}:

.. math::
    q_t       &= W_q [h_{t-1}; E w_{t-1}]                  && \text{what to look for} \\
    e_{ti}    &= u^\top \tanh(W_k v_i + b_k + q_t)         && \text{how well region i fits} \\
    \alpha_t  &= \mathrm{softmax}(e_t)                     && \text{where it looks} \\
    g_t       &= \sigma(W_g [h_{t-1}; E w_{t-1}] + b_g)    && \text{how far the gate on it opens} \\
    c_t       &= g_t \odot \sum_i \alpha_{ti} v_i          && \text{what comes through} \\
    h_t       &= \mathrm{GRU}([E w_{t-1}; c_t], h_{t-1})   && \text{the new memory} \\
    s_t       &= E\, (W_o [h_t; c_t] + b_o + E w_{t-1}) + b && \text{each word's score} \\
    p(w_t)    &= \mathrm{softmax}(s_t)

The lesson on captioners and the page's view of the formulas write them with the same letters.

Additive attention: Bahdanau, Cho, Bengio 2015, eq. 6; over a photo's regions and with a gate on the context:
Xu et al. 2015, "Show, Attend and Tell", eq. 4-7 and section 4.2.1. Output through the tied embedding E: Press and
Wolf 2017.

The cell may also be an LSTM, a plain RNN or another of ``model.cells``, which carry a state of S numbers from step to
step, of which h is the first H; and attention may be taken away, alpha = 1/R for each of the R regions. Such decoders
are for comparison (``model.captioner.siblings``).

Shapes: B photos; N hypotheses for each photo (captions in training, beams in search); R regions; T words.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from model.captioner.config import CaptionerConfig
from model.cells import CELLS
from model.cells.layers import CellStep, OneStep


class Regions(NamedTuple):
    """A photo as the decoder holds it: ``values`` (B, R, C) to read, ``keys`` (B, R, A) to find them by.

    Without attention there are no keys.
    """

    values: Tensor
    keys: Tensor | None


class DecoderStep(NamedTuple):
    """One step of the decoder, for N hypotheses of B photos."""

    memory: CellStep  # (B, N, H), its state (B, N, S)
    energy: Tensor | None  # e, (B, N, R); None without attention
    attention: Tensor  # (B, N, R), sums to 1
    context_gate: Tensor  # (B, N, C)
    context: Tensor  # (B, N, C)


class Decoder(nn.Module):
    """Regions to words, one step at a time (see the module's formulas)."""

    def __init__(self, config: CaptionerConfig, vocabulary: int):
        super().__init__()
        c, a, e, h = config.context_size, config.attention_size, config.embedding_size, config.hidden_size
        self.hidden_size = h
        self.embedding = nn.Embedding(vocabulary, e, padding_idx=config.pad_token_id)
        self.region_value = nn.Linear(config.region_channels, c)
        self.attends = config.attention == "additive"
        if self.attends:
            self.region_key = nn.Linear(c, a)
            self.query = nn.Linear(h + e, a, bias=False)  # its bias would only repeat region_key's
            self.energy = nn.Linear(a, 1, bias=False)  # softmax ignores a constant
        self.context_gate = nn.Linear(h + e, c)
        cell = CELLS[config.cell]
        self.first_hidden = nn.Linear(c, h * len(cell.state))
        self.cell = OneStep(cell, e + c, h)
        self.output = nn.Linear(h + c, e)
        self.word_bias = nn.Parameter(torch.zeros(vocabulary))
        self.dropout = nn.Dropout(config.dropout)

    def look(self, regions: Tensor) -> Regions:
        """The encoder's regions (B, R, channels), made ready to be read."""
        values = self.dropout(torch.relu(self.region_value(regions)))
        return Regions(values, self.region_key(values) if self.attends else None)

    def first_state(self, regions: Regions) -> Tensor:
        """The state before the first word, from the mean region: (B, 1, S)."""
        return torch.tanh(self.first_hidden(regions.values.mean(dim=1, keepdim=True)))

    def embed(self, words: Tensor) -> Tensor:
        """Word numbers (...) to vectors (..., E)."""
        return self.dropout(self.embedding(words))

    def step(
        self,
        embedded: Tensor,
        state: Tensor,
        regions: Regions,
        instead: Callable[[Tensor], Tensor] | None = None,
    ) -> DecoderStep:
        """Read the word before, look, remember: ``embedded`` (B, N, E), ``state`` (B, N, S).

        ``instead`` makes of the context (B, N, C) what takes its place (``model.captioner.editing``).
        """
        asking = torch.cat([state[..., : self.hidden_size], embedded], dim=-1)
        energy = self._fit(asking, regions)
        if energy is None:
            attention = regions.values.new_ones(*asking.shape[:2], regions.values.shape[1]) / regions.values.shape[1]
        else:
            attention = energy.softmax(dim=-1)
        context_gate = torch.sigmoid(self.context_gate(asking))
        context = context_gate * (attention.to(regions.values.dtype) @ regions.values)
        if instead:
            context = instead(context)
        memory = self.cell(torch.cat([embedded, context], dim=-1), state)
        return DecoderStep(memory, energy, attention, context_gate, context)

    def _fit(self, asking: Tensor, regions: Regions) -> Tensor | None:
        """How well each region fits what is looked for, (B, N, R); None without attention."""
        if regions.keys is None:
            return None
        fit = torch.tanh(regions.keys[:, None] + self.query(asking)[:, :, None])  # (B, N, R, A)
        return self.energy(fit).squeeze(-1)

    def predict(self, embedded: Tensor, hidden: Tensor, context: Tensor) -> Tensor:
        """Scores (logits) of every word, (..., V)."""
        meaning = self.dropout(self.output(torch.cat([hidden, context], dim=-1)) + embedded)
        return nn.functional.linear(meaning, self.embedding.weight, self.word_bias)

    def forward(self, regions: Tensor, words: Tensor) -> Tensor:
        """Teacher forcing: regions (B, R, channels) and words read (B, N, T) to scores (B, N, T, V)."""
        seen = self.look(regions)
        embedded = self.embed(words)  # (B, N, T, E)
        state = self.first_state(seen).expand(-1, words.shape[1], -1)
        steps = []
        for t in range(words.shape[2]):
            step = self.step(embedded[:, :, t], state, seen)
            state = step.memory.state
            steps.append(step)
        return self.predict(
            embedded,
            torch.stack([step.memory.hidden for step in steps], dim=2),
            torch.stack([step.context for step in steps], dim=2),
        )
