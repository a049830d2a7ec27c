"""The exercise's Keras class: as printed it stops with the errors that are told, as corrected it learns."""

import os
from types import SimpleNamespace

import numpy as np
import pytest

from app.lessons.keras_class import CHANGES, CORRECTED, PRINTED

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:keras")


@pytest.fixture(scope="module")
def keras():
    before = os.environ.get("KERAS_BACKEND")
    os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported; TensorFlow itself would be 600 MB
    try:
        yield pytest.importorskip("keras")
    finally:
        os.environ.pop("KERAS_BACKEND") if before is None else os.environ.update(KERAS_BACKEND=before)


def run(code: str, keras) -> dict:
    names = {"tf": SimpleNamespace(keras=keras), "np": np}
    keras.utils.set_random_seed(0)
    exec(code.replace("epochs=100, batch_size=32", "epochs=100, batch_size=32, verbose=0"), names)
    return names


def changed(*which: int) -> str:
    """The printed text with some of the changes made."""
    code = PRINTED
    for place in which:
        code = code.replace(CHANGES[place].printed, CHANGES[place].corrected)
    return code


def test_as_printed_it_stops_at_the_data_and_then_at_the_two_names(keras):
    with pytest.raises(ValueError, match="expected ndim=3, found ndim=2"):
        run(PRINTED, keras)
    three_axes = changed(5).replace("y = np.random.rand(100, 10)", "y = np.random.rand(100, 1, 10)")
    with pytest.raises(ValueError, match="too many values to unpack"):
        run(three_axes, keras)


def test_with_its_states_returned_fit_finds_no_target_for_them(keras):
    code = changed(3, 5, 6).replace("return outputs, states", "return outputs, [h, c]")
    with pytest.raises((ValueError, KeyError)):
        run(code, keras)


def test_as_corrected_it_learns(keras):
    names = run(CORRECTED, keras)
    assert names["predictions"].shape == (1, 1, 10)
    fresh = np.random.default_rng(1).random((500, 1, 10))
    error = np.square(names["model"].predict(fresh, verbose=0) - fresh[:, :, ::-1]).mean()
    assert error < 1 / 12 / 2
    assert names["model"].count_params() == 4 * 50 * (10 + 50 + 1) + 10 * (50 + 1)


def test_every_change_stands_in_both_texts():
    for change in CHANGES:
        assert change.printed in PRINTED and change.printed not in CORRECTED
        assert change.corrected in CORRECTED
