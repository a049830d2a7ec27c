"""A network on one sequence: names in the trace, writing on, going on with numbers."""

import math
from typing import Any

import numpy as np
import pytest
import torch

from model.errors import UserError
from model.recurrent import CELLS, Network, Settings, Training, extrapolate, make_task, trace_example, write_on
from model.recurrent.reading import fresh_examples
from model.recurrent.training import untrained

TEXT: Any = make_task("text", text="abcabcabd abc", length=6)


def network_for(task, cell: str = "gru") -> Network:
    return Network(cell, task.input_size, 6, task.output_size, seed=1)


@pytest.mark.parametrize("cell", CELLS)
def test_the_trace_is_what_the_network_computes_with_the_tasks_names(cell):
    network, example = network_for(TEXT, cell), TEXT.read("cab")
    trace = trace_example(network, TEXT, example)
    with torch.no_grad():
        outputs, _ = network(example.inputs[None])
    np.testing.assert_allclose(trace.outputs, outputs[0], atol=1e-6)
    np.testing.assert_allclose(trace.probabilities, outputs[0].softmax(-1), atol=1e-6)
    assert trace.symbols == ("c", "a", "b")
    assert trace.answers == ("a", "b", "")
    assert trace.classes == TEXT.alphabet == (" ", "a", "b", "c", "d")


def test_numbers_have_no_probabilities():
    task = make_task("sine")
    trace = trace_example(network_for(task), task, task.read("0 0.5 1"))
    assert trace.symbols == ("0", "0.5", "1")
    assert trace.answers == ("", "1", "")
    assert trace.probabilities is None


def test_each_symbol_is_written_from_all_before():
    """At temperature 0, by running the whole text through the network again for each symbol."""
    network, prompt = network_for(TEXT), TEXT.read("ab")
    written = write_on(network, TEXT, prompt, count=6, temperature=0)
    text = ["a", "b"]
    for symbol, probability in zip(written.symbols, written.probabilities, strict=True):
        shares = trace_example(network, TEXT, TEXT.read("".join(text))).probabilities[-1]
        assert symbol == TEXT.alphabet[int(shares.argmax())]
        assert probability == pytest.approx(shares.max(), abs=1e-6)
        text.append(symbol)


def test_symbols_are_drawn_by_their_probabilities_and_the_seed():
    network, prompt = network_for(TEXT), TEXT.read("ab")
    before = torch.get_rng_state()
    draws = [write_on(network, TEXT, prompt, count=1, seed=seed).symbols[0] for seed in range(600)]
    assert torch.equal(torch.get_rng_state(), before)
    shares = trace_example(network, TEXT, prompt).probabilities[-1]
    for symbol, share in zip(TEXT.alphabet, shares, strict=True):
        assert draws.count(symbol) / 600 == pytest.approx(share, abs=4 * math.sqrt(share / 600))
    assert write_on(network, TEXT, prompt, seed=3) == write_on(network, TEXT, prompt, seed=3)
    assert write_on(network, TEXT, prompt, seed=3) != write_on(network, TEXT, prompt, seed=4)


def test_a_cold_draw_takes_the_most_likely():
    network, prompt = network_for(TEXT), TEXT.read("ab")
    cold = write_on(network, TEXT, prompt, count=20, temperature=1e-30, seed=5)
    assert cold == write_on(network, TEXT, prompt, count=20, temperature=0)


def test_numbers_go_on_in_their_own_units():
    task: Any = make_task("numbers", numbers=(100, 120, 90, 130, 95))
    network, prompt = network_for(task), task.read("100 120 90")
    first, second = extrapolate(network, task, prompt, count=2)
    outputs = trace_example(network, task, prompt).outputs
    assert first == pytest.approx(task.mean + task.deviation * outputs[-1, 0], rel=1e-5)
    again = trace_example(network, task, task.read(f"100 120 90 {first!r}")).outputs
    assert second == pytest.approx(task.in_units(again[-1, 0]), rel=1e-4)


def test_what_cannot_go_on_says_so():
    parity, sine = make_task("parity"), make_task("sine")
    for refused in (
        lambda: write_on(network_for(parity), parity, parity.read("01")),
        lambda: write_on(network_for(sine), sine, sine.read("0 1")),
        lambda: extrapolate(network_for(TEXT), TEXT, TEXT.read("ab")),
        lambda: write_on(network_for(TEXT), TEXT, TEXT.read("ab"), count=0),
        lambda: write_on(network_for(TEXT), TEXT, TEXT.read("ab"), count=10**6),
        lambda: write_on(network_for(TEXT), TEXT, TEXT.read("ab"), temperature=-1),
        lambda: write_on(network_for(TEXT), TEXT, TEXT.read("ab"), temperature=float("nan")),
        lambda: extrapolate(network_for(sine), sine, sine.read("0 1"), count=0),
    ):
        with pytest.raises(UserError):
            refused()


def test_fresh_examples_are_the_tasks_own_and_the_same_for_the_same_seed():
    task = make_task("parity", length=6)
    one, two = fresh_examples(task, 5, 2)
    batch = task.fresh(2, torch.Generator().manual_seed(5))
    for row, example in enumerate((one, two)):
        torch.testing.assert_close(example.inputs, task.example(batch, row).inputs)
        assert example.symbols == task.example(batch, row).symbols
    assert fresh_examples(task, 5, 2)[1].symbols == two.symbols
    with pytest.raises(UserError):
        fresh_examples(task, 5, 0)


def test_the_first_steps_of_an_example():
    example = TEXT.read("cabca")
    first = example.first(2)
    assert (first.symbols, first.answers) == (("c", "a"), ("a", "b")) and torch.equal(first.inputs, example.inputs[:2])
    assert example.first(9).symbols == example.symbols


def test_an_untrained_network_is_the_one_that_training_starts_with():
    settings = Settings(cell="lstm", hidden_size=5, seed=7)
    saved, training = untrained(TEXT, settings), Training(TEXT, settings)
    assert (saved.task, saved.settings, saved.steps) == (TEXT, settings, 0)
    for name, weights in training.network.state_dict().items():
        assert torch.equal(saved.network.state_dict()[name], weights)
