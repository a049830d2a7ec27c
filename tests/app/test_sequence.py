"""The sequence page by Streamlit's AppTest: three views, live training, addresses, files, bad input."""

import json

import pytest

from app import i18n
from app.export.sequence import as_json, gradients_csv, sequence_csv, training_csv
from app.sequence import state_file
from app.sequence.settings import about_cell, cell_names
from app.ui.settings import settings_of
from model.cells import CELLS
from model.recurrent import Saved, Settings, Training, load, make_task, output_gradients, save, trace_example
from tests.app.conftest import spread_nonsense

VIEWS = ("step", "train", "gradients", "landscape")
SMALL = {"sequence_network": "untrained", "sequence_size": "4"}


@pytest.fixture
def page(app):
    """The sequence page, with these parameters in its address."""
    return lambda **parameters: app(**parameters, page="sequence")


def press(test, name: str, times: int = 1):
    for _ in range(times):
        test.button(key=f"sequence_{name}").click().run()
    assert not test.exception
    return test


def losses(test) -> list[float]:
    """Those of each network's last step."""
    run = test.session_state["sequence_current_run"]
    return [training.trace().loss[-1] for training in run.trainings.values()]


def choose(test, name: str, code: str):
    widgets = test.pills if name in ("cell", "network", "ten_reading") else test.segmented_control
    widgets(key=f"sequence_{name}_shown").set_value(code).run()
    assert not test.exception
    return test


def test_the_film_starts_at_the_step_that_is_asked_for(page):
    test = page(sequence_preset="house-gru", sequence_shown_step="27")
    film = json.loads(test.get("plotly_chart")[0].proto.spec)
    assert film["layout"]["sliders"][0]["active"] == 26
    assert any("27" in str(trace.get("text")) for trace in film["data"])
    test.text_input(key="sequence_text_shown").set_value("the man").run()
    assert not test.exception
    assert test.number_input(key="sequence_shown_step").value == 7  # as far as the new text goes


def test_a_first_visit_shows_a_trace(page):
    test = page()
    assert not test.exception and not test.error
    assert len(test.get("plotly_chart")) == 1


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_in_every_language(page, view, lang):
    test = page(lang=lang, sequence_view=view, sequence_watch="path")
    assert not test.exception and not test.error
    assert test.get("plotly_chart")


@pytest.mark.parametrize("cell", [*CELLS, "race"])
@pytest.mark.parametrize("more", ["text", "gates", "course"])
def test_every_picture_of_every_cell(page, cell, more):
    test = page(**SMALL, sequence_cell=cell, sequence_more=more)
    assert not test.exception and not test.error


@pytest.mark.parametrize("picture", ["symbols", "norms", "eigenvalues"])
def test_every_picture_of_the_gradients(page, picture):
    test = page(**SMALL, sequence_view="gradients", sequence_gradient=picture, sequence_clipping="true")
    assert not test.exception and not test.error
    assert len(test.get("plotly_chart")) == 1


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("cell", ["mgu", "peephole"])
def test_cells_that_torch_lacks_are_offered_as_all_others(page, cell, lang):
    """Its gradients beside the three, its training, and then the trained one in the other views; and its file."""
    test = page(**SMALL, lang=lang, sequence_view="gradients", sequence_cell=cell, sequence_gradient="norms")
    (chart,) = test.get("plotly_chart")
    with i18n.speaking(lang):
        name, about = cell_names()[cell], about_cell(cell)
    assert all(named in str(json.loads(chart.proto.spec)) for named in ("RNN", "LSTM", "GRU", name))
    assert about in {text.value for text in test.markdown}
    choose(test, "view", "train")
    press(test, "one_step", 11)
    for watch in ("accuracy", "norm", "says", "path"):
        choose(test, "watch", watch)
    choose(test, "view", "step")
    assert test.pills(key="sequence_network_shown").value == "mine"
    choose(test, "view", "gradients")
    assert not test.error and len(test.get("plotly_chart")) == 1
    run = test.session_state["sequence_current_run"]
    stored = save(Saved(run.network(cell), run.plan.task, run.plan.settings_of(cell), run.step))
    other = upload(page(), "mine.safetensors", stored)
    assert not other.exception and not other.error
    assert other.session_state["sequence_current_run"].looked_at == 11


@pytest.mark.parametrize("task", ["text", "recall", "parity", "adding", "sine", "numbers", "reber", "ten_numbers"])
def test_every_task_is_traced_and_trained(page, task):
    test = page(**SMALL, sequence_task=task, sequence_more="alone", sequence_watch="says", sequence_alone_steps="5")
    assert not test.exception and not test.error
    choose(test, "view", "train")
    press(test, "one_step", 2)
    assert not test.error
    assert test.session_state["sequence_current_run"].step == 2


@pytest.mark.parametrize("watch", ["accuracy", "norm", "says", "path"])
def test_a_race_shows_all_three(page, watch):
    test = page(**SMALL, sequence_view="train", sequence_cell="race", sequence_watch=watch)
    press(test, "one_step")
    assert len(losses(test)) == 3 and len(test.table[-1].value) == 3


def test_an_address_decides_the_whole_run(page):
    """Two visitors with the same link see the same losses, those of a run from Python."""
    link = {"sequence_view": "train", "sequence_size": "5", "sequence_seed": "7", "sequence_learning_rate": "0.02"}
    link |= {"sequence_optimizer": "rmsprop", "sequence_batch": "8", "sequence_clip": "0.5", "sequence_cell": "lstm"}
    link |= {"sequence_task": "recall", "sequence_recall_distractors": "3"}
    here, there = (losses(press(page(**link), "one_step", 3)) for _ in range(2))
    settings = Settings("lstm", 5, optimizer="rmsprop", learning_rate=0.02, batch_size=8, clip=0.5, seed=7)
    training = Training(make_task("recall", distractors=3), settings)
    assert here == there == [[step.loss for step in training.run(steps=3)][-1]]


def test_what_is_set_stands_in_the_address(page):
    """The page's own choices; the other widgets' values are put there by the browser."""
    test = page()
    choose(test, "view", "train")
    choose(test, "cell", "lstm")
    choose(test, "watch", "path")
    for name, value in {"view": "train", "cell": "lstm", "watch": "path"}.items():
        assert test.query_params[f"sequence_{name}"] == value


def test_every_setting_of_an_address_fits_a_file_of_settings(page):
    """Whatever widget the page binds to the URL, the file of settings knows it."""
    known = {setting.key for setting in settings_of("sequence")}
    for view in VIEWS:
        test = page(**SMALL, sequence_view=view, sequence_gradient="norms", sequence_more="alone", sequence_task="text")
        widgets = (*test.number_input, *test.slider, *test.toggle, *test.text_input, *test.text_area)
        bound = {each.key for each in widgets if each.key.startswith("sequence_")}
        assert {key for key in bound if not key.endswith("_shown")} <= known


def test_full_speed_pause_and_reset(page):
    test = page(**SMALL, sequence_view="train")
    press(test, "run")
    run = test.session_state["sequence_current_run"]
    assert run.playing and run.step > 0
    press(test, "run")
    assert not run.playing
    paused = run.step
    test.run()
    assert run.step == paused
    press(test, "reset")
    assert test.session_state["sequence_current_run"].step == 0


def test_a_run_stops_where_it_was_told_to(page):
    test = page(**SMALL, sequence_view="train", sequence_steps="2")
    press(test, "run")
    test.run()
    run = test.session_state["sequence_current_run"]
    assert run.step == 2 and not run.playing


def test_slow_motion_goes_through_the_stages_one_by_one(page):
    test = page(**SMALL, sequence_view="train")
    run = test.session_state["sequence_current_run"]
    seen = []
    for _ in range(6):
        press(test, "one_stage")
        seen.append(run.stage.name)
    assert seen == ["initialise", "forward", "loss", "backward", "update", "repeat"]
    assert run.step == 1


def test_rewinding_shows_the_network_as_it_was_in_all_views(page):
    test = page(**SMALL, sequence_view="train")
    press(test, "one_step", 12)
    test.select_slider(key="sequence_at_train").set_value(10).run()
    run = test.session_state["sequence_current_run"]
    assert run.shown == 10 and run.step == 12
    choose(test, "view", "step")
    choose(test, "network", "mine")
    assert test.select_slider(key="sequence_at").value == 10
    assert any("10" in caption.value for caption in test.caption)
    choose(test, "view", "train")
    press(test, "go_on")
    assert run.step == 10 and run.shown is None


def test_leaving_the_page_loses_nothing_and_disturbs_no_one(page, go):
    test, other = page(**SMALL, sequence_view="train"), page(**SMALL, sequence_view="train")
    press(test, "one_step", 3)
    before = losses(test)
    go(go(test, "about"), "sequence")
    assert losses(test) == before
    assert other.session_state["sequence_current_run"].step == 0


def test_training_that_breaks_says_so_and_offers_the_way_back(page):
    test = page(
        sequence_view="train",
        sequence_task="sine",
        sequence_cell="rnn_relu",
        sequence_optimizer="sgd",
        sequence_learning_rate="1000000",
        sequence_clip="0",
    )
    press(test, "one_step", 3)
    assert len(test.error) == 1 and "smaller learning rate" in test.error[0].value
    press(test, "last_good")
    assert not test.error
    assert test.session_state["sequence_current_run"].step == 0


def test_changed_settings_wait_until_they_are_asked_for(page):
    test = page(**SMALL, sequence_view="train")
    press(test, "one_step")
    run = test.session_state["sequence_current_run"]
    test.number_input(key="sequence_learning_rate").set_value(0.5).run()
    assert run.trainings["gru"].settings.learning_rate == 0.01 and test.info
    press(test, "change")
    assert run.trainings["gru"].settings.learning_rate == 0.5 and not test.info
    test.number_input(key="sequence_size").set_value(6).run()
    press(test, "anew")
    assert test.session_state["sequence_current_run"].trainings["gru"].settings.hidden_size == 6


TYPED = [
    "a",
    "🎉👨‍👩‍👧‍👦🇫🇷",
    "e\u0301e\u0323",
    "你好，世界",
    "שלום עולם",
    "\0\x07\x1bab",
    "<b>&amp;</b>",
    "\u202eabc",
    " \n\t",
]


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("view", ["step", "gradients"])
def test_any_text_is_read(page, typed, view):
    test = page(**SMALL, sequence_view=view, sequence_task="text", sequence_text=typed)
    assert not test.exception and not test.error
    assert test.get("plotly_chart")


@pytest.mark.parametrize(("task", "typed"), [("parity", "xyz"), ("sine", "one two"), ("adding", "5 7"), ("reber", "Q")])
def test_what_a_task_cannot_read_gets_a_sentence(page, task, typed):
    test = page(**SMALL, sequence_task=task, sequence_text=typed)
    assert not test.exception and len(test.error) == 1
    test.text_input(key="sequence_text_shown").set_value("").run()
    assert not test.error and test.get("plotly_chart")


@pytest.mark.parametrize(
    ("parameters", "typed", "read", "said"),
    [
        ({"sequence_task": "parity"}, "01x1", "011", ["Left out", "x"]),
        ({"sequence_network": "preset", "sequence_preset": "house-gru"}, "this Is?", "this is", ["small letters: I"]),
    ],
)
def test_signs_that_it_does_not_know_are_left_out_and_named(page, parameters, typed, read, said):
    test = page(**({} if "sequence_preset" in parameters else SMALL), **parameters, sequence_text=typed)
    assert not test.exception and not test.error and test.get("plotly_chart")
    [told] = [info.value for info in test.info if "Left out" in info.value]
    assert all(part in told for part in said)
    clean = page(**({} if "sequence_preset" in parameters else SMALL), **parameters, sequence_text=read)
    assert not clean.info
    assert [one.proto.alt for one in clean.get("plotly_chart")] == [one.proto.alt for one in test.get("plotly_chart")]


def test_another_task_begins_another_run_and_undo_brings_the_first_back(page):
    test = page(**SMALL, sequence_view="train", sequence_task="parity")
    press(test, "one_step")
    first = test.session_state["sequence_current_run"]
    test.selectbox(key="sequence_task_shown").set_value("recall").run()
    second = test.session_state["sequence_current_run"]
    assert not test.exception and second is not first and second.untouched and second.plan.task.name == "recall"
    press(test, "undo_task")
    assert not test.exception
    run = test.session_state["sequence_current_run"]
    assert run is first and run.step == 1 and test.selectbox(key="sequence_task_shown").value == "parity"
    assert not any(button.key == "sequence_undo_task" for button in test.button)


def test_a_cell_that_one_task_asks_for_is_not_left_to_the_next(page):
    test = page(sequence_view="train", sequence_cell="rnn_tanh")
    test.selectbox(key="sequence_task_shown").set_value("ten_numbers").run()
    assert test.pills(key="sequence_cell_shown").value == "lstm"
    test.selectbox(key="sequence_task_shown").set_value("recall").run()
    assert test.pills(key="sequence_cell_shown").value == "rnn_tanh"


def test_before_the_first_step_there_are_samples_of_the_task(page):
    test = page(**SMALL, sequence_view="train", sequence_task="parity")
    assert not test.exception and len(test.table) >= 2
    assert any("Press **Run**" in info.value for info in test.info)


@pytest.mark.parametrize(("lang", "preset"), [("en", "parity-gru"), ("zh", "sanzijing-gru")])
def test_a_first_visit_opens_on_what_the_language_suggests(page, lang, preset):
    assert page(lang=lang).selectbox(key="sequence_preset_shown").value == preset


@pytest.mark.parametrize("text", ["", "a", "aaaa", "x\u0301" + "\u0301" * 60])
def test_a_text_too_poor_to_learn_gets_a_sentence(page, text):
    test = page(sequence_view="train", sequence_task="text", sequence_corpus="own")
    test.text_area(key="sequence_own_text_shown").set_value(text).run()
    assert not test.exception and len(test.error) == 1


@pytest.mark.parametrize("view", ["step", "gradients"])
def test_a_preset_is_shown_whatever_the_hidden_settings_are(page, view):
    test = page(sequence_view=view, sequence_task="numbers", sequence_series="x")
    assert not test.exception and not test.error
    assert test.get("plotly_chart")


def test_a_hundred_thousand_characters_are_learned_and_saved_to_a_file(page):
    text = "the rain in Spain " * 5_555
    test = page(sequence_view="train", sequence_task="text", sequence_corpus="own", sequence_size="8")
    test.text_area(key="sequence_own_text_shown").set_value(text).run()
    press(test, "one_step")
    assert not test.error
    assert test.session_state["sequence_current_run"].plan.task.text == text
    assert len(test.query_params["sequence_own_text"]) <= 500
    assert test.session_state["sequence_own_text_kept"] == text
    test.text_area(key="sequence_own_text_shown").set_value(text + text).run()
    assert not test.exception and len(test.error) == 1


@pytest.mark.parametrize("size", ["1", "2", "512"])
def test_sizes_at_their_limits(page, size):
    test = page(sequence_network="untrained", sequence_size=size, sequence_parity_length="4")
    assert not test.exception and not test.error


@pytest.mark.parametrize("turn", range(2))
@pytest.mark.parametrize("view", VIEWS)
def test_nonsense_in_the_address_does_no_harm(page, view, turn):
    names: tuple[str, ...] = (
        "task",
        "cell",
        "size",
        "seed",
        "learning_rate",
        "optimizer",
        "batch",
        "clip",
        "steps",
        "unit",
        "more",
    )
    names += ("network", "preset", "watch", "gradient", "scale", "step", "example", "parity_length", "corpus", "slow")
    nonsense = spread_nonsense([f"sequence_{name}" for name in names], turn + 2 * VIEWS.index(view))
    test = page(**nonsense, sequence_view=view)
    assert not test.exception and not test.error
    assert test.get("plotly_chart") or view == "train"


@pytest.mark.parametrize(
    "group", ["views", "source", "network", "training", "sequence", "unit", "more", "export", "files"]
)
def test_groups_of_controls_can_be_hidden(page, group):
    test = page(hide=group)
    assert not test.exception
    assert test.container(key=f"unseen-group-{group}") is not None


@pytest.mark.parametrize("group", ["run", "watch"])
def test_groups_of_live_training_can_be_hidden(page, group):
    assert page(hide=group, sequence_view="train").container(key=f"unseen-group-{group}") is not None


@pytest.fixture
def trained() -> Training:
    training = Training(make_task("parity", length=5), Settings("gru", 6, seed=4))
    for _ in training.run(steps=5):
        pass
    return training


def upload(test, name: str, content: bytes):
    return test.file_uploader(key="sequence_file").set_value((name, content, "application/octet-stream")).run()


def test_a_saved_network_loads_again(page, trained):
    stored = save(Saved(trained.network, trained.task, trained.settings, 5))
    test = upload(page(), "mine.safetensors", stored)
    assert not test.exception and not test.error
    run = test.session_state["sequence_current_run"]
    assert run.plan.task == trained.task and run.looked_at == 5
    for name, tensor in load(stored).network.state_dict().items():
        assert (run.network("gru").state_dict()[name] == tensor).all()
    assert test.number_input(key="sequence_size").value == 6
    choose(test, "view", "train")
    assert "sequence_anew" not in {button.key for button in test.button}
    press(test, "one_step")
    assert run.step == 1


@pytest.mark.parametrize("name", ["network.safetensors", "settings.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\x80\x04pickle", b"[" * 100_000, b"\xff" * 64], ids=repr)
def test_a_bad_file_gets_a_sentence_and_the_page_goes_on(page, name, content):
    test = upload(page(), name, content)
    assert not test.exception and len(test.error) == 1
    assert test.get("plotly_chart")


def test_a_file_of_settings_brings_back_texts_of_any_length(page):
    text = "so it goes. " * 200
    settings = {"sequence_task": "text", "sequence_corpus": "own", "sequence_own_text": text, "sequence_size": 9}
    settings |= {"sequence_view": "train", "sequence_learning_rate": 0.5}
    content = {"format": state_file.FORMAT, "version": state_file.VERSION, "settings": settings}
    test = upload(page(), "mine.json", json.dumps(content).encode())
    assert not test.exception and not test.error
    plan = test.session_state["sequence_current_run"].plan
    assert plan.task.text == text
    assert (plan.settings.hidden_size, plan.settings.learning_rate) == (9, 0.5)


@pytest.mark.parametrize(
    "settings",
    [
        {"sequence_size": 0},
        {"sequence_size": "5"},
        {"sequence_learning_rate": 1},
        {"sequence_slow": 1},
        {"lang": "zh"},
        {"sequence_current_run": "x"},
        {"sequence_own_text": "x" * 100_001},
        {"sequence_view": "x" * 1000},
        {"sequence_size": True},
        {"sequence_seed": 10**4000},
        {"sequence_own_text": "half of a pair: \ud800"},
        {"sequence_series": "1 2 \udfff"},
        {"sequence_task": "\ud800"},
        {"\ud800": 1},
    ],
    ids=lambda settings: ascii(settings)[:60],
)
def test_a_file_of_settings_that_do_not_fit_sets_nothing(page, settings):
    content = {"format": state_file.FORMAT, "version": state_file.VERSION, "settings": {"sequence_seed": 5} | settings}
    test = upload(page(), "mine.json", json.dumps(content).encode())
    assert not test.exception and len(test.error) == 1
    assert test.number_input(key="sequence_seed").value == 0


def test_tables_hold_the_trace_and_no_formulas():
    task = make_task("text", text="=1+1 @SUM(x) -2")
    training = Training(task, Settings("lstm", 3))
    steps = list(training.run(steps=2))
    trace = trace_example(training.network, task, task.read("=1@"))
    head, *rows = sequence_csv(trace).decode("utf-8-sig").splitlines()
    assert head.startswith("step,symbol,answer,unit_0,unit_1,unit_2,input_gate_0")
    assert [row.split(",")[1] for row in rows] == ["'=", "1", "'@"]
    assert [float(value) for value in rows[1].split(",")[3:6]] == trace.hidden[1].tolist()
    _head, *rows = training_csv({"=LSTM": training.trace()}).decode("utf-8-sig").splitlines()
    assert [float(row.split(",")[2]) for row in rows] == [step.loss for step in steps]
    assert rows[0].startswith("'=LSTM,1,")
    gradient = output_gradients(training.network, task.read("=1@"), 2)
    assert len(gradients_csv({"LSTM": gradient}).decode().splitlines()) == 4


def test_json_holds_every_field_and_no_infinity():
    task = make_task("parity")
    training = Training(task, Settings("rnn_relu", 3))
    trace = trace_example(training.network, task, task.read("0110"))
    trace.hidden[0, 0] = float("inf")
    content = json.loads(as_json(trace))
    assert content["trace"]["hidden"][0][0] is None
    assert content["trace"]["hidden"][1] == trace.hidden[1].tolist()
    assert content["trace"]["terms"]["pre_activation"]["bias"] == trace.terms["pre_activation"].bias.tolist()
    assert content["trace"]["answers"] == ["0", "1", "0", "0"]
