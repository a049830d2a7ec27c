"""Lesson 8, the first exercise: the code that it shows is the code that it runs; its mistakes, questions and links."""

import inspect

import pytest
import torch

from app.charts.lessons.by_heart import what_was_learned
from app.lessons import exercise
from model.recurrent import first_exercise as steps
from model.recurrent.tasks.ten_numbers import PAIRS
from tests.app.lesson import answer, feedback, links, said, sound

#: Few epochs: here it counts that they are run, not how well.
QUICK = {"lessons_exercise_epochs": "3"}


@pytest.fixture
def lesson(app):
    return lambda **parameters: sound(app(lessons_lesson="exercise", **QUICK | parameters, page="lessons"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_opens_in_both_languages(lesson, lang):
    test = lesson(lang=lang)
    assert len(test.get("plotly_chart")) == 1 and len(test.table) == 2 and len(test.radio) == 3


def test_every_function_of_the_module_is_shown_as_it_is(lesson):
    shown = "\n".join(block.value for block in lesson().code)
    parts = [part for _, part in inspect.getmembers(steps) if getattr(part, "__module__", "") == steps.__name__]
    assert len(parts) == 11
    assert "import torch\nfrom torch import" in shown
    assert all(inspect.getsource(part).strip() in shown for part in parts)


def test_what_stands_under_the_steps_is_what_the_run_gave(lesson):
    for seed in (0, 5):
        run = exercise._compute("random", 3, seed)
        text = said(lesson(lessons_exercise_seed=str(seed)))
        for loss in (run.seen[0], run.seen[-1], run.new[0], run.new[-1]):
            assert f"{loss:.4f}" in text
    assert len(run.seen) == len(run.new) == 4
    assert run.parameters == 12_910 and "12,910" in text


def test_the_exercises_own_run_shows_its_third_mistake_and_the_mended_one_does_not():
    run = exercise._compute("random", exercise.EPOCHS, 0)
    assert run.seen[-1] < 1 / 12 < run.new[-1] < run.new[0]
    for name, losses in (("seen", run.seen), ("new", run.new)):
        assert (losses[0], losses[-1]) == pytest.approx(exercise.FALLEN[name], abs=1e-3)
    assert what_was_learned(run.seen, run.new, run.seen_mean, 1 / 12).startswith("**Nothing but the mean")
    long = exercise._compute("random", exercise.MOST_EPOCHS, 0)
    assert (long.seen[-1], long.new[-1]) == pytest.approx((exercise.LONG["seen"], exercise.LONG["new"]), abs=1e-3)
    assert long.seen[-1] < run.seen_mean < run.new[-1] < long.new[-1]
    assert what_was_learned(long.seen, long.new, long.seen_mean, 1 / 12).startswith("**Overfitting")
    assert all(0.3 < number < 0.7 for number in run.predicted)
    assert exercise.VARIANCE == 1 / 12 and PAIRS == 100
    mended = exercise._compute("reversed", exercise.EPOCHS, 0)
    assert mended.new[-1] == pytest.approx(exercise.REVERSED["new"], abs=1e-3)
    assert what_was_learned(mended.seen, mended.new, mended.seen_mean, 1 / 12).startswith("**Learned")
    assert mended.wanted == mended.new_input[::-1]


def test_the_mean_costs_what_always_answering_it_costs():
    y = torch.rand(100, 1, 10, generator=torch.Generator().manual_seed(1))
    costs = [float((y - answer).square().mean()) for answer in (y.mean(dim=0), torch.full((10,), 0.5))]
    assert steps.loss_of_mean(y) == pytest.approx(costs[0]) and costs[0] < costs[1]


def test_the_cell_written_out_is_torchs(lesson):
    generator = torch.Generator().manual_seed(2)
    model = steps.new_model(generator)
    assert steps.differs_by(model.lstm, torch.randn(4, 30, 10, generator=generator)) < 1e-5
    h, c = steps.LSTMCell()(torch.zeros(3, 10), torch.zeros(3, 50), torch.ones(3, 50))
    assert h.shape == c.shape == (3, 50)
    assert exercise._compute("random", 3, 0).differs < 1e-5 and "It differs from torch's own by" in said(lesson())


def test_the_mistakes_are_made_before_the_readers_eyes(lesson):
    results = [block.value for block in lesson().code if "def " not in block.value]
    shapes = next(text for text in results if "X.shape" in text)
    three_axes, two_axes, states = shapes.splitlines()
    assert three_axes.endswith("0.0000") and not two_axes.endswith("0.0000")
    assert "(1, 50)" in states and "(100, 50)" in states
    assert any(text.startswith("ValueError: too many values to unpack") for text in results)


@pytest.mark.parametrize("value", ["-1", "0", "1e9", "nan", "<b>", ""])
def test_nonsense_in_the_address_does_no_harm(lesson, value):
    names = ("targets", "epochs", "seed")
    given = {f"lessons_exercise_{name}": value for name in names if name != "epochs" or value not in ("nan", "")}
    assert lesson(**given).get("plotly_chart")


@pytest.mark.parametrize(("number", "right", "wrong"), [(1, 2, 0), (1, 2, 1), (2, 1, 0), (2, 1, 2), (3, 0, 1)])
def test_wrong_and_right_answers_explain_themselves(lesson, number, right, wrong):
    test = lesson()
    answer(test, f"exercise-{number}", wrong)
    assert feedback(test)[0].startswith("Not quite.") and len(feedback(test)[0]) > 40
    answer(test, f"exercise-{number}", right)
    assert feedback(test)[0].startswith("Right.") and len(feedback(test)[0]) > 40


def test_its_links_lead_where_they_say(lesson, app):
    live, one_sequence, wave = links(lesson(), app)
    plans = [page.session_state["sequence_current_run"].plan for page in (live, one_sequence, wave)]
    assert [plan.task.name for plan in plans] == ["ten_numbers", "ten_numbers", "sine"]
    assert plans[1].task.reading == "one_sequence"
    assert all(plan.cells == ("lstm",) for plan in plans)
    assert plans[0].settings.hidden_size == 50
