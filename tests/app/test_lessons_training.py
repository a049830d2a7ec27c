"""Lesson 4, training in six steps: the session's own run, its claims, its questions, its links."""

import json

import numpy as np
import pytest
import torch

from app.lessons import training
from app.sources import SOURCES
from model.recurrent import STAGES, Settings, Training, make_task
from tests.app.lesson import explains_itself, links, sound


@pytest.fixture
def lesson(app):
    return lambda **parameters: sound(app(lessons_lesson="training", **parameters, page="lessons"))


def press(test, name: str):
    return sound(test.button(key=f"lessons_training_{name}").click().run())


def run_of(test) -> training.LessonTraining:
    return test.session_state["lessons_training_run"]


def new_run(rate: float) -> training.LessonTraining:
    settings = Settings(**{**vars(training.SETTINGS), "learning_rate": rate})
    return training.LessonTraining(
        Training(make_task(training.TASK, distractors=training.DISTRACTORS), settings), str(rate)
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_opens_in_both_languages(lesson, lang):
    test = lesson(lang=lang)
    assert len(test.table) == 2 and len(test.radio) == 3


def test_stage_by_stage_only_the_update_moves_weights(lesson):
    test = lesson()
    moved = {}
    for name in STAGES:
        press(test, "stage")
        table = test.table[0].value
        assert [row for row, cell in enumerate(table.iloc[:, 0]) if "▸" in cell] == [STAGES.index(name)]
        moved[name] = table.iloc[STAGES.index(name), 3]
    assert moved["initialise"] == "–" and float(moved["update"]) > 0
    assert all(moved[name] == "0" for name in ("forward", "loss", "backward", "repeat"))
    assert "568" in table.iloc[0, 2] and "32 sequences of 4 steps" in table.iloc[1, 2]
    press(test, "stage")
    assert list(test.table[0].value.iloc[2:, 2]) == ["–"] * 4


def test_the_loss_follows_the_run(lesson):
    test = lesson()
    assert len(test.get("plotly_chart")) == 1  # nothing was learned yet
    press(test, "many")
    press(test, "many")
    run = run_of(test)
    assert run.training.step == 100 == len(run.training.trace().loss)
    line = json.loads(test.get("plotly_chart")[0].proto.spec)["data"][0]
    assert line["y"][-1] == pytest.approx(run.training.trace().loss[-1], rel=1e-3)
    press(test, "anew")
    assert run_of(test).training.step == 0 and run_of(test) is not run
    assert list(test.table[0].value.iloc[:, 2]) == ["–"] * 6


def test_a_run_belongs_to_its_session(lesson):
    mine, theirs = lesson(), lesson()
    press(mine, "stage")
    assert run_of(mine) is not run_of(theirs)
    assert run_of(mine).done and not run_of(theirs).done
    assert run_of(mine).training.network is not run_of(theirs).training.network


def test_another_rate_begins_anew_and_stands_in_the_url(lesson):
    test = lesson()
    press(test, "stage")
    test.segmented_control(key="lessons_training_rate_shown").set_value("5").run()
    assert not run_of(sound(test)).done and run_of(test).training.settings.learning_rate == 5
    assert run_of(lesson(lessons_training_rate="0.05")).training.settings.learning_rate == 0.05
    assert run_of(lesson(lessons_training_rate="nonsense")).rate == training.RATE


def test_numbers_beyond_all_bounds_are_a_sentence(lesson):
    test = lesson()
    with torch.no_grad():
        run_of(test).training.network.readout.weight.fill_(torch.inf)
    test.button(key="lessons_training_many").click().run()
    assert not test.exception and "Training stopped" in test.error[0].value
    assert test.button(key="lessons_training_stage").disabled
    press(test, "anew")
    assert not test.error


def test_what_the_rates_do():
    """ "Too small, good, too large"; and the answer to the third question."""
    losses = {}
    for rate in training.RATES:
        run = new_run(float(rate))
        for _step in range(2):
            training._many(run)
        losses[rate] = run.training.trace().loss
    chance = float(np.log(8))
    assert losses["0.05"][-20:].mean() > 0.9 * chance
    assert losses["0.5"][-20:].mean() < 0.1
    assert losses["5"][-20:].mean() > losses["5"][0] and losses["5"][-20:].min() > chance


def test_the_update_is_the_formulas():
    run = new_run(0.5)
    for _stage in range(4):
        run.advance()
    parameters = list(run.training.network.parameters())
    expected = [(w - 0.5 * w.grad).detach().clone() for w in parameters]
    assert run.advance() == "update"
    for after, wanted in zip(parameters, expected, strict=True):
        torch.testing.assert_close(after.detach(), wanted)


def test_the_loss_is_the_formulas():
    run = new_run(0.5)
    for _stage in range(3):
        run.advance()
    probabilities = run.training.outputs.detach().softmax(-1).gather(-1, run.training.batch.targets[..., None])
    assert run.done["loss"].stage.figures["loss"] == pytest.approx(float(-probabilities.log().mean()), rel=1e-5)


def test_the_gradient_through_time_is_the_formulas_sum():
    run = new_run(0.5)
    for _stage in range(4):
        run.advance()
    layer, readout = run.training.network.recurrent, run.training.network.readout
    inputs, targets = run.training.batch.inputs, run.training.batch.targets
    names = ("weight_hh_l0", "weight_ih_l0", "bias_ih_l0", "bias_hh_l0")
    w_h, w_x, b_x, b_h = map(layer.get_parameter, names)
    states, sums, state = [], [], torch.zeros(len(inputs), layer.hidden_size)
    for t in range(inputs.shape[1]):
        states.append(state)
        a = state @ w_h.T + inputs[:, t] @ w_x.T + b_x + b_h
        a.retain_grad()
        sums.append(a)
        state = torch.tanh(a)
    found = w_h.grad.clone()
    torch.nn.functional.cross_entropy(readout(state), targets[:, 0]).backward()
    total = torch.stack([a.grad.T @ before for a, before in zip(sums, states, strict=True)]).sum(dim=0).detach()
    torch.testing.assert_close(total, found, rtol=1e-4, atol=1e-6)


def test_its_sources_are_known():
    assert set(training.CITED) <= set(SOURCES)


@pytest.mark.parametrize(("code", "right", "wrong"), [("training-1", 0, 1), ("training-2", 0, 1), ("training-3", 1, 0)])
def test_wrong_and_right_answers_explain_themselves(lesson, code, right, wrong):
    explains_itself(lesson(), code, right, wrong)


def test_its_links_lead_where_they_say(lesson, app):
    slow, race, learning = links(lesson(), app)
    assert slow.toggle(key="sequence_slow").value and slow.selectbox(key="sequence_task_shown").value == "recall"
    assert race.get("button_group") or race.pills(key="sequence_cell_shown").value == "race"
    assert learning.segmented_control(key="neurons_view_shown").value == "learning"


def said(test) -> str:
    return " ".join(caption.value for caption in test.caption)
