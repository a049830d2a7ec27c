"""A series, what was expected of it, and how it is continued stand where they belong in time."""

from types import SimpleNamespace

import numpy as np

from app.charts.sequence.answers import TaskUnits
from app.charts.sequence.series import continued_series


def shown(figure) -> SimpleNamespace:
    true, expected, continued = figure.data[:3]
    return SimpleNamespace(true=true, expected=expected, continued=continued)


def test_expectations_stand_one_step_after_what_they_were_made_from(sine):
    trace, task_units = sine.trace, TaskUnits(5.0, 2.0)
    parts = shown(continued_series(trace, [1.0, 2.0], task_units=task_units).figure)
    np.testing.assert_allclose(parts.true.y, 5 + 2 * trace.inputs[:, 0], rtol=1e-3)
    assert list(parts.true.x) == list(range(1, 41))
    np.testing.assert_allclose(parts.expected.y, 5 + 2 * trace.outputs[:, 0], rtol=1e-3)
    assert list(parts.expected.x) == list(range(2, 42))
    assert list(parts.continued.x) == [41, 42] and list(parts.continued.y) == [1.0, 2.0]


def test_the_description_measures_the_expectations(sine):
    trace = sine.trace
    error = np.abs(trace.outputs[:-1, 0] - trace.inputs[1:, 0]).mean()
    text = continued_series(trace, [1.0, 2.0]).words
    assert f"off by {error:.3g} on average" in text and "between 1.00 and 2.00" in text


def test_a_network_without_one_number_a_step_says_so(hostile, nameless):
    for trace in (hostile.trace, nameless.trace):
        assert "no series" in continued_series(trace).figure.layout.annotations[0].text
        assert "no series" in continued_series(trace).words
