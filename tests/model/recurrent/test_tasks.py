"""The tasks, each held against its definition: answers, chance levels, optima, and what users may type."""

import itertools
import math
from collections import Counter, defaultdict
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from model.errors import UserError
from model.recurrent.tasks import (
    TASKS,
    Adding,
    NextSymbol,
    Numbers,
    Parity,
    Reber,
    Recall,
    Sine,
    TenNumbers,
    make_task,
    parameters_of,
)

TEXT = "the cat sat on the mat. 猫坐在垫子上。👩‍👩‍👧"
ALL = [
    NextSymbol(TEXT, 8),
    Recall(5),
    Parity(7),
    Adding(9),
    Sine(12, 15),
    Numbers((1, 4, 2, 8, 5, 7, 1, 4), 5),
    Reber(11),
    Reber(11, embedded=True),
    TenNumbers(),
    TenNumbers("one_sequence"),
]


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def ids(task) -> str:
    return f"{task.name}{'-embedded' if getattr(task, 'embedded', False) else ''}{getattr(task, 'reading', '')}"


@pytest.mark.parametrize("task", ALL, ids=ids)
class TestEveryTask:
    def test_a_batch_has_the_shapes_it_says(self, task):
        inputs, targets = task.batch(6, seeded())
        assert inputs.shape[2] == task.input_size
        assert inputs.dtype == torch.float32
        assert targets.shape[0] == inputs.shape[0]
        assert targets.shape[1] <= inputs.shape[1]
        outputs = torch.zeros(*targets.shape[:2], task.output_size)
        assert task.loss(outputs, targets).shape == ()
        assert 0 <= task.accuracy(outputs, targets) <= 1

    def test_the_generator_decides_and_no_other(self, task):
        before = torch.get_rng_state()
        first, again, other = (task.batch(6, seeded(seed)) for seed in (3, 3, 4))
        assert torch.equal(first.inputs, again.inputs)
        assert torch.equal(first.targets, again.targets)
        if task != TenNumbers("one_sequence"):  # It has but one.
            assert not torch.equal(first.inputs, other.inputs)
        assert torch.equal(torch.get_rng_state(), before)

    def test_it_can_be_made_again_from_its_parameters(self, task):
        again = make_task(task.name, **parameters_of(task))
        assert again == task
        assert torch.equal(again.batch(3, seeded()).inputs, task.batch(3, seeded()).inputs)

    def test_an_example_names_every_step(self, task):
        batch = task.batch(4, seeded())
        example = task.example(batch, 0)
        steps, asked = batch.inputs.shape[1], batch.targets.shape[1]
        assert len(example.symbols) == len(example.answers) == steps
        assert all(example.symbols)
        assert all(example.answers[-asked:])
        assert not any(example.answers[: steps - asked])

    def test_what_it_shows_can_be_typed(self, task):
        example = task.example(task.batch(4, seeded()), 0)
        between = "" if task.classes else " "
        typed = task.read(between.join(example.symbols))
        assert typed.symbols == example.symbols
        torch.testing.assert_close(typed.inputs, example.inputs, atol=0.01, rtol=1e-3)

    @pytest.mark.parametrize("text", ["", " \n ", "\x00", "中" * 200_000, "☃"])
    def test_what_cannot_be_read_gets_a_sentence(self, task, text):
        if task.name == "text" and text == " \n ":
            pytest.skip("a space and a line end are symbols")
        with pytest.raises(UserError) as error:
            task.read(text)
        assert len(str(error.value)) < 400

    def test_its_chance_level_is_that_of_knowing_nothing(self, task):
        """All classes equally likely, or always the mean, on many sequences."""
        if task.name == "ten_numbers":
            targets = torch.cat([task.fresh(100, seeded(seed)).targets.flatten(0, 1) for seed in range(20)])[None]
            mean = 0.5
        else:
            targets = task.batch(4_000, seeded()).targets
            mean = 1.0 if task.name == "adding" else 0.0
        outputs = torch.full((*targets.shape[:2], task.output_size), mean)
        if task.name == "numbers":  # Pieces do not begin everywhere alike, so the whole series is counted.
            targets = task.standardised(task.numbers)[None, :, None]
            outputs = torch.zeros_like(targets)
        assert task.loss(outputs, targets).item() == pytest.approx(task.chance, rel=0.03)
        if task.classes:
            outputs = torch.rand(*targets.shape[:2], task.output_size, generator=seeded(1))
        assert task.accuracy(outputs, targets) == pytest.approx(task.chance_accuracy, abs=0.02)

    def test_the_right_answers_are_all_hits(self, task):
        targets = task.batch(20, seeded()).targets
        right = targets[..., 0] if task.name == "reber" else targets
        outputs = 50 * F.one_hot(right, task.output_size).float() if task.classes else right
        assert task.accuracy(outputs, targets) == 1
        assert task.loss(outputs, targets).item() < 1e-6


def test_every_task_has_its_name():
    assert {task.name for task in ALL} == TASKS.keys()


def test_unknown_tasks_and_parameters_get_a_sentence():
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("chess", {}),
        ("parity", {"width": 3}),
        ("parity", {"length": 0}),
        ("parity", {"length": 2.5}),
        ("parity", {"length": True}),
        ("recall", {"distractors": 10**9}),
        ("text", {}),
        ("text", {"text": 3}),
        ("numbers", {}),
        ("numbers", {"numbers": ["1", "2", "3", "4"]}),
        ("numbers", {"numbers": [1, 2, 3, float("nan")]}),
        ("reber", {"embedded": "yes"}),
        ("ten_numbers", {"reading": "backwards"}),
    ]
    for name, parameters in wrong:
        with pytest.raises(UserError):
            make_task(name, **parameters)


# Parity


def test_parity_is_xor_at_every_step():
    task = Parity(8)
    inputs, targets = task.batch(50, seeded())
    for bits, answers in zip(inputs.argmax(-1).tolist(), targets.tolist(), strict=True):
        assert answers == list(itertools.accumulate(bits, lambda a, b: a ^ b))
    assert inputs.argmax(-1).float().mean() == pytest.approx(0.5, abs=0.1)


def test_parity_answers_what_is_typed():
    assert Parity().read("0110 1").answers == ("0", "1", "0", "0", "1")


# Recall


def test_recall_asks_for_the_first_symbol_after_the_distractors():
    task = Recall(6)
    batch = task.batch(2_000, seeded())
    codes = batch.inputs.argmax(-1)
    assert codes.shape == (2_000, 8)
    assert torch.equal(codes[:, 0], batch.targets[:, 0])
    assert (codes[:, -1] == task.alphabet.index("?")).all()
    assert (codes[:, :-1] < 8).all()
    # Every place holds every letter equally often, and none tells about the first.
    shares = F.one_hot(codes[:, :-1], 9).float().mean(0)[:, :8]
    torch.testing.assert_close(shares, torch.full_like(shares, 1 / 8), atol=0.03, rtol=0)
    assert (codes[:, 0] == codes[:, 3]).float().mean() == pytest.approx(1 / 8, abs=0.03)


def test_recall_answers_what_is_typed():
    assert Recall().read("cabh?").answers == ("", "", "", "", "C")
    assert Recall().read("CAB").answers == ("", "", "")
    assert Recall().read("?A?").answers == ("", "", "")


# Adding


def test_adding_marks_one_number_in_each_half_and_asks_for_their_sum():
    inputs, targets = Adding(11).batch(500, seeded())
    numbers, marks = inputs.unbind(-1)
    assert (marks[:, :5].sum(1) == 1).all()
    assert (marks[:, 5:].sum(1) == 1).all()
    assert ((numbers >= 0) & (numbers < 1)).all()
    torch.testing.assert_close(targets[:, 0, 0], (numbers * marks).sum(1))


def test_addings_chance_is_the_sums_variance():
    """By brute force over a fine grid of pairs."""
    grid = (torch.arange(1_000) + 0.5) / 1_000
    sums = grid[:, None] + grid
    assert Adding().chance == pytest.approx(((sums - 1) ** 2).mean().item(), abs=1e-5)
    assert Adding().chance_accuracy == pytest.approx(((sums - 1).abs() < 0.04).float().mean().item(), abs=2e-3)


def test_adding_reads_marks():
    example = Adding().read("0.25* 0.5, 0.50*")
    assert example.inputs[:, 1].tolist() == [1, 0, 1]
    assert example.answers == ("", "", "0.75")
    with pytest.raises(UserError, match="from 0 to 1"):
        Adding().read("3 0.5")


# Series


def test_the_sine_goes_on_and_two_values_determine_it():
    task = Sine(period=12, length=30)
    inputs, targets = task.batch(40, seeded())
    x = inputs[..., 0]
    assert x.shape == (40, 30)
    assert torch.equal(targets[:, :-1, 0], x[:, 2:])
    predicted = 2 * math.cos(2 * math.pi / 12) * x[:, 1:] - x[:, :-1]
    torch.testing.assert_close(predicted[..., None], targets, atol=1e-5, rtol=0)
    assert task.references["optimum"] == 0


def test_the_sines_reference_is_the_loss_of_repeating():
    task = Sine(period=9, length=50)
    inputs, targets = task.batch(4_000, seeded())
    assert task.loss(inputs[:, 1:], targets).item() == pytest.approx(task.references["last_value"], rel=0.01)


def test_numbers_are_pieces_of_the_series_in_order():
    series = (3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0)
    task = Numbers(series, length=4)
    inputs, targets = task.batch(100, seeded())
    assert inputs.shape == (100, 4, 1)
    seen = set()
    for z, following in zip(inputs[..., 0].tolist(), targets[..., 0].tolist(), strict=True):
        piece = tuple(round(task.in_units(number), 3) for number in [*z, following[-1]])
        start = next(i for i in range(3) if piece == series[i : i + 5])
        seen.add(start)
        assert [round(task.in_units(number), 3) for number in following] == list(piece[2:])
    assert seen == {0, 1, 2}


def test_numbers_references_are_counted_on_the_series():
    task = Numbers.from_text("1 2 4 8 16 8 4 2 1")
    mean = sum(task.numbers) / 9
    variance = sum((number - mean) ** 2 for number in task.numbers) / 9
    steps = [(b - a) ** 2 for a, b in itertools.pairwise(task.numbers)]
    assert task.references["last_value"] == pytest.approx(sum(steps) / 8 / variance, rel=1e-5)
    assert task.standardised(task.numbers).square().mean().item() == pytest.approx(1, rel=1e-5)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1 2 3 4", (1, 2, 3, 4)),
        ("1,2;3\n4.5\t-6e1", (1, 2, 3, 4.5, -60)),
        ("１，２、３．５ −４", (1, 2, 3.5, -4)),
        ("+1 .5 2. 0", (1, 0.5, 2, 0)),
    ],
)
def test_numbers_can_be_typed_in_many_ways(text, numbers):
    assert Numbers.from_text(text).numbers == numbers


@pytest.mark.parametrize(
    "text",
    ["", "1", "1 2 3", "5 5 5 5 5", "1 2 three 4", "1 2 nan 4", "inf 1 2 3", "1e99 1 2 3", "1_0 2 3 4", "1 " * 5_000],
)
def test_series_that_cannot_be_learned_get_a_sentence(text):
    with pytest.raises(UserError, match="Please"):
        Numbers.from_text(text)


def test_numbers_of_any_size_are_seen_in_the_same_units():
    small, large = Numbers((1, 2, 4, 8)), Numbers((1e9, -1e9, 3e8, 2.0))
    for task in (small, large):
        z = task.standardised(task.numbers)
        assert z.mean().item() == pytest.approx(0, abs=1e-6)
        assert [task.in_units(number) for number in z.tolist()] == pytest.approx(task.numbers, rel=1e-5, abs=200)


# Reber


def accepts(task: Reber, text: str) -> bool:
    """Whether ``text`` is one whole string of the grammar, from B to E."""
    state = 0
    for place, symbol in enumerate(text):
        if symbol not in task.grammar[state] or (place and state == 0):
            return False
        state = task.grammar[state][symbol]
    return bool(text) and state == 0


@pytest.mark.parametrize("string", ["BTSSXXTVVE", "BPVVE", "BTXSE", "BPVPXVPXVPXVVE", "BTSXXVPSE", "BPTTTVVE"])
def test_the_reber_grammar_accepts(string):
    assert accepts(Reber(), string)


@pytest.mark.parametrize(
    "string", ["", "B", "BE", "BTE", "BPVV", "TXSE", "BTSSPXSE", "BPTVVB", "BPVVEBPVVE", "BTSX", "?"]
)
def test_the_reber_grammar_rejects(string):
    assert not accepts(Reber(), string)


@pytest.mark.parametrize(
    ("string", "accepted"),
    [("BTBPVVETE", True), ("BPBTXSEPE", True), ("BTBPVVEPE", False), ("BPBTXSETE", False), ("BPVVE", False)],
)
def test_the_embedded_grammar_asks_for_the_same_symbol_again(string, accepted):
    assert accepts(Reber(embedded=True), string) == accepted


@pytest.mark.parametrize("embedded", [False, True])
def test_what_the_grammar_writes_it_accepts(embedded):
    task = Reber(length=60, embedded=embedded)
    batch = task.batch(100, seeded())
    seen = set()
    for row in range(100):
        text = "".join(task.example(batch, row).symbols)
        start = 0
        for end in range(1, len(text) + 1):
            if accepts(task, text[start:end]):
                seen.add(text[start:end])
                start = end
        assert len(text) - start < 60, "not one whole string"
    assert len(seen) > 50


@pytest.mark.parametrize("embedded", [False, True])
def test_rebers_optimum_and_chance_by_brute_force(embedded):
    """All ways through the grammar with their probabilities, the entropy of each answer added up."""
    length = 9
    task = Reber(length=length, embedded=embedded)
    entropy = choices = 0.0
    at = {0: 1.0}
    for step in range(length + 1):
        if step:  # The first symbol is given, the others are answers.
            entropy += sum(p * math.log(len(task.grammar[state])) for state, p in at.items())
            choices += sum(p * len(task.grammar[state]) for state, p in at.items())
        onwards: dict[int, float] = defaultdict(float)
        for state, p in at.items():
            for to in task.grammar[state].values():
                onwards[to] += p / len(task.grammar[state])
        at = onwards
    assert task.references["optimum"] == pytest.approx(entropy / length)
    assert task.chance_accuracy == pytest.approx(choices / length / 7)


def test_who_knows_the_grammar_reaches_the_optimum():
    task = Reber(length=20)
    targets = task.batch(4_000, seeded()).targets
    outputs = torch.full((4_000, 20, 7), -50.0).scatter_(2, targets, 0.0)
    assert task.loss(outputs, targets).item() == pytest.approx(task.references["optimum"], rel=0.01)
    assert task.accuracy(outputs, targets) == 1


def test_reber_names_all_that_may_come():
    assert Reber().read("BTSXE").answers == ("T/P", "S/X", "S/X", "X/S", "")


# Next symbol


def test_the_texts_references_against_a_direct_count():
    text = "abracadabra"
    task = NextSymbol(text)
    counts = Counter(text)
    unigram = -sum(n / 11 * math.log(n / 11) for n in counts.values())
    bigram = 0.0
    for a in counts:
        following = Counter(y for x, y in itertools.pairwise(text) if x == a)
        for n in following.values():
            bigram -= n / 10 * math.log(n / following.total())
    assert task.references == pytest.approx({"uniform": math.log(5), "unigram": unigram, "bigram": bigram})


def test_pieces_are_of_the_text_and_the_answer_is_what_follows():
    task = NextSymbol(TEXT, 6)
    batch = task.batch(200, seeded())
    starts = set()
    for row in range(200):
        example = task.example(batch, row)
        piece = [*example.symbols, example.answers[-1]]
        assert list(example.answers) == piece[1:]
        start = "".join(piece)
        assert start in task.text
        starts.add(task.text.index(start))
    assert 0 in starts
    assert len(starts) > 15


def test_a_piece_is_never_longer_than_the_text():
    inputs, targets = NextSymbol("ab", 32).batch(4, seeded())
    assert inputs.shape == (4, 1, 2)
    assert targets.tolist() == [[1]] * 4


@pytest.mark.parametrize("text", ["", "a", "aaaa", "\x00\x01", "é" + "e\u0301", "x" * 100_001, "🇨🇳"])
def test_texts_that_cannot_be_learned_get_a_sentence(text):
    with pytest.raises(UserError, match="Please give"):
        NextSymbol(text)


def test_too_many_different_symbols_get_a_sentence():
    with pytest.raises(UserError, match="different characters"):
        NextSymbol("".join(map(chr, range(0x4E00, 0x4E00 + 2_001))))


def test_the_longest_text_is_fine():
    task = NextSymbol("中文 text\n" * 12_500)
    assert len(task.codes) == 100_000
    assert task.batch(4, seeded()).inputs.shape == (4, 32, len(task.alphabet))


@pytest.mark.parametrize(
    "text",
    ["שלום עולם", "مرحبا بالعالم", "नमस्ते दुनिया", "👩‍👩‍👧👍🏽 🇨🇳🇩🇪", "e\u0301te\u0301", "你好，世界。", "a\tb\r\nc"],
)
def test_texts_of_any_script_can_be_typed_again(text):
    task = NextSymbol(text)
    example = task.read(text)
    assert "".join(example.symbols) == task.text
    assert example.answers == (*example.symbols[1:], "")


def test_symbols_that_the_text_lacks_are_named():
    with pytest.raises(UserError, match="'z'"):
        NextSymbol("abc").read("az")
