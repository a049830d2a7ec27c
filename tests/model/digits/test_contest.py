"""The CNN and the GRU that read digits: shapes, sizes, seeds, learning, and what each assumes."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from model.digits import FARTHEST, STEPS, TESTED, Contest
from model.digits.data import SIDE, digits, scrambled, shifted
from model.digits.readers import CNN, RowReader
from model.errors import SettingError

READERS = {"cnn": CNN, "gru": RowReader}


def train(contest: Contest, steps: int = STEPS) -> Contest:
    for _ in range(steps):
        contest.train_step()
    return contest


def weights(contest: Contest) -> list[torch.Tensor]:
    return [parameter.clone() for reader in contest.readers.values() for parameter in reader.parameters()]


@pytest.fixture(scope="module")
def trained() -> Contest:
    return train(Contest())


def test_the_digits_are_those_of_scikit_learn_in_an_empty_frame_each_once():
    learned, tested = digits()
    assert len(tested.labels) == TESTED
    images, labels = torch.cat([learned.images, tested.images]), torch.cat([learned.labels, tested.labels])
    inner = images[:, FARTHEST:-FARTHEST, FARTHEST:-FARTHEST]
    assert images.sum() == inner.sum() and inner.min() == 0 and inner.max() == 1
    mine = sorted((*(16 * one).int().flatten().tolist(), int(label)) for one, label in zip(inner, labels, strict=True))
    loaded = load_digits()
    theirs = zip(loaded.images, loaded.target, strict=True)
    assert mine == sorted((*one.astype(int).ravel().tolist(), int(label)) for one, label in theirs)


@pytest.mark.parametrize(("down", "right"), [(2, 0), (-2, 1), (0, -2)])
def test_a_shift_moves_all_ink_and_loses_none(down, right):
    images = digits()[1].images
    moved = shifted(images, down, right)
    assert torch.equal(shifted(moved, -down, -right), images)
    rows, columns = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    ink = images.sum(dim=(1, 2))
    for places, by in ((rows, down), (columns, right)):
        centre = [(each * places).sum(dim=(1, 2)) / ink for each in (images, moved)]
        assert torch.allclose(centre[1] - centre[0], torch.tensor(float(by)), atol=1e-4)


def test_scrambling_is_one_permutation_for_all_pictures():
    places = torch.arange(SIDE * SIDE, dtype=torch.float32).view(1, SIDE, SIDE)
    order = scrambled(places, 5).flatten().long()
    assert sorted(order.tolist()) == list(range(SIDE * SIDE)) != order.tolist()
    images = digits()[1].images[:3]
    assert torch.equal(scrambled(images, 5).flatten(1), images.flatten(1)[:, order])
    assert not torch.equal(scrambled(images, 6), scrambled(images, 5))


@pytest.mark.parametrize("name", READERS)
def test_pictures_become_ten_scores(name):
    reader = READERS[name](seed=1)
    images = digits()[1].images[:7]
    scores = reader(images)
    assert scores.shape == (7, 10)
    assert torch.allclose(reader(images[3:4]), scores[3:4], atol=1e-6)


def test_both_have_about_equally_many_numbers():
    parameters = Contest().trace().parameters
    assert parameters == {"cnn": 2_534, "gru": 2_606}
    assert max(parameters.values()) / min(parameters.values()) < 1.03


@pytest.mark.parametrize("scramble", [False, True])
def test_the_same_seed_gives_the_same_run_whatever_else_draws_random_numbers(scramble):
    one, other = Contest(3, scramble), Contest(3, scramble)
    for _ in range(5):
        one.train_step()
        torch.rand(3)  # Torch's global generator belongs to others.
        other.train_step()
    assert all(map(torch.equal, weights(one), weights(other)))
    different = train(Contest(4, scramble), 5)
    assert not any(map(torch.equal, weights(one), weights(different)))


def test_no_global_random_number_is_drawn():
    before = torch.get_rng_state()
    train(Contest(1, True), 2)
    assert torch.equal(torch.get_rng_state(), before)


def test_both_learn_in_the_steps_planned(trained):
    trace = trained.trace()
    assert trace.steps[0] == 0 and trace.steps[-1] == STEPS == trained.step
    for shares in trace.accuracy.values():
        assert shares.shape == trace.steps.shape
        assert shares[0] < 0.3 and shares[-1] > 0.9
    assert {name: shares[-1] for name, shares in trace.accuracy.items()} == trained.accuracy()


def test_a_reading_is_what_the_networks_say(trained):
    images, labels = digits()[1]
    right = {"cnn": 0, "gru": 0}
    for number in range(40):
        reading = trained.read(number)
        assert np.array_equal(reading.image, images[number].numpy()) and reading.label == labels[number]
        assert reading.cnn.shape == (10,) and reading.gru.shape == (SIDE, 10)
        for name, said in {"cnn": reading.cnn, "gru": reading.gru[-1]}.items():
            with torch.no_grad():
                scores = trained.readers[name](images[number : number + 1])[0]
            assert said == pytest.approx(scores.softmax(dim=0).numpy(), abs=1e-5)
            right[name] += int(scores.argmax()) == reading.label
        assert np.allclose(reading.gru.sum(axis=1), 1)
    assert min(right.values()) >= 34


def test_the_answer_after_a_row_knows_nothing_of_the_rows_below(trained):
    """Two digits shifted so that their first rows are the same paper: the same answers there."""
    low = [trained.read(number, down=FARTHEST).gru for number in (0, 1)]
    assert np.allclose(low[0][: 2 * FARTHEST], low[1][: 2 * FARTHEST])
    assert not np.allclose(low[0][-1], low[1][-1])


def test_a_shifted_digit_is_the_same_to_the_cnn_and_another_to_the_gru(trained):
    plain, down, right = trained.accuracy(), trained.accuracy(down=2), trained.accuracy(right=2)
    assert max(plain["cnn"] - down["cnn"], plain["cnn"] - right["cnn"]) < 0.1
    # Down, the same rows only come later; to the right, all weights are other ones.
    assert plain["gru"] - right["gru"] > 0.5 < down["gru"] < plain["gru"]
    assert trained.read(5, down=2, right=-1).image == pytest.approx(shifted(digits()[1].images[5:6], 2, -1)[0].numpy())


def test_scrambled_pictures_are_scrambled_for_both_and_shifted_before():
    contest = Contest(2, scramble=True)
    seen = contest.read(4, down=1).image
    shown = shifted(digits()[1].images[4:5], 1, 0)[0].numpy()
    assert not np.array_equal(seen, shown) and np.array_equal(np.sort(seen, axis=None), np.sort(shown, axis=None))
    assert contest.trace().scrambled


@pytest.mark.parametrize("number", [-1, TESTED])
def test_there_is_no_digit_beyond_the_last(number):
    with pytest.raises(SettingError, match=str(number)):
        Contest().read(number)


def test_a_network_that_sees_all_pixels_cannot_tell_an_order_from_another():
    """Its weights moved along with their pixels, its answers stay the same: it assumes no order."""
    images = digits()[1].images[:5]
    order = scrambled(torch.arange(SIDE * SIDE).view(1, SIDE, SIDE), 8).flatten()
    dense = torch.nn.Linear(SIDE * SIDE, 10)
    moved = torch.nn.Linear(SIDE * SIDE, 10)
    with torch.no_grad():
        moved.weight.copy_(dense.weight[:, order])
        moved.bias.copy_(dense.bias)
    assert torch.allclose(moved(scrambled(images, 8).flatten(1)), dense(images.flatten(1)), atol=1e-5)
