"""The neurons page's views of summing, learning and memory by Streamlit's AppTest: lessons, addresses, files."""

import csv
import io
import json

import pytest

from app.charts.neurons.memory import held_by_circuit
from app.export import synapses as export
from app.neurons import learning, memory, summing
from app.neurons.number_settings import key_of
from model.neurons.artificial import respond
from model.neurons.plasticity import RULES, descend, pair
from model.traces import SynapseTrace

PARTS = {"summing": summing, "learning": learning, "memory": memory}
PRESETS = [(view, code) for view, part in PARTS.items() for code in part.PRESETS]


@pytest.fixture
def page(app):
    """A view of the neurons page, with these parameters in its address."""
    return lambda view, **parameters: app(neurons_view=view, **parameters, page="neurons")


def sound(test):
    assert not test.exception and not test.error
    return test


def said(test) -> str:
    return " ".join(caption.value for caption in test.caption)


def written(test) -> str:
    return " ".join(text.value for text in test.markdown)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("view", PARTS)
def test_a_first_visit_shows_a_figure_and_a_question(page, view, lang):
    test = sound(page(view, lang=lang))
    assert len(test.get("plotly_chart")) == 1
    assert {"en": "Try:", "zh": "试一试"}[lang] in written(test)
    assert len(test.get("download_button")) >= 2


@pytest.mark.parametrize(("view", "code"), PRESETS)
def test_a_lesson_sets_what_it_says_and_is_then_the_one_shown(page, view, code):
    part = PARTS[view]
    test = sound(page(view))
    key = key_of(part.PART, "preset")
    test.selectbox(key=key).select(code).run()
    sound(test)
    for name, value in part.PRESETS[code].settings.items():
        assert test.session_state[key_of(part.PART, name)] == value
    assert test.selectbox(key=key).value == code
    assert part.PRESETS[code].question in written(test)


@pytest.mark.parametrize("view", PARTS)
def test_lessons_differ_from_each_other(view):
    part = PARTS[view]
    made = [tuple({**part.DEFAULTS, **preset.settings}.items()) for preset in part.PRESETS.values()]
    assert len(set(made)) == len(made)
    assert all(set(preset.settings) <= set(part.DEFAULTS) for preset in part.PRESETS.values())


@pytest.mark.parametrize("view", PARTS)
def test_own_settings_are_nobodys_lesson(page, view):
    name, value = {"summing": ("w1", "7.5"), "learning": ("rate", "0.7"), "memory": ("seed", "5")}[view]
    test = sound(page(view, **{key_of(PARTS[view].PART, name): value}))
    assert test.selectbox(key=key_of(PARTS[view].PART, "preset")).value == ""


def test_the_first_pair_of_patterns_is_told_apart_by_time_alone(page):
    text = said(sound(page("summing")))
    assert "The weighted sum answers both in the same way." in text
    assert "The spiking neuron tells the two patterns apart." in text
    assert "The recurrent unit tells the two patterns apart." in text


def test_lessons_on_summing_do_what_they_say():
    def answers(code: str) -> list[tuple[bool, bool, bool]]:
        values = {**summing.DEFAULTS, **summing.PRESETS[code].settings}
        return [pattern.answers for pattern in summing._patterns(values)]

    for code in ("spatial", "temporal"):
        assert answers(code) == [(True, True, True), (True, False, False)]
    # The weighted sum knows of inhibition that pulls down, not of one that shunts; either stops the spike.
    assert answers("subtracting")[0] == (False, False, False)
    assert answers("shunting")[0][:2] == (True, False)


def test_summing_without_synapses_says_what_to_do(page):
    test = page("summing", neurons_sum_w1="0", neurons_sum_w2="0", neurons_sum_w3="0")
    assert not test.exception and len(test.error) == 1
    assert "All synapses have strength 0." in test.error[0].value
    test.slider(key="neurons_sum_w4").set_value(5.0).run()
    sound(test)


def test_inhibition_alone_shows(page):
    off = {f"neurons_sum_w{k}": "0" for k in range(1, 5)}
    sound(page("summing", **off, neurons_sum_inhibition="40"))


def test_the_extremes_of_summing_show(page):
    most = {f"neurons_sum_{name}": f"{each.most:g}" for name, each in summing.RANGES.items()}
    sound(page("summing", **most, neurons_sum_shape="alpha"))


def test_moving_a_spike_moves_the_weight(page):
    test = sound(page("learning"))
    assert "+0.0030" in said(test)
    test.slider(key="neurons_learn_post").set_value(30.0).run()
    assert "−0.0032" in said(sound(test))
    test.slider(key="neurons_learn_target").set_value(0.0).run()
    assert "slope dE/dw₁ +0.146" in said(sound(test))


def test_the_same_spike_times_and_a_met_target_change_nothing(page):
    test = sound(page("learning", neurons_learn_post="40", neurons_learn_target="0.5", neurons_learn_w1="0"))
    assert "+0.0000" in said(test) and "slope dE/dw₁ +0.000" in said(test)


@pytest.mark.parametrize("rule", ["song", "bi_poo", "nonsense"])
def test_the_extremes_of_learning_show(page, rule):
    for end in ("least", "most"):
        given = {f"neurons_learn_{name}": f"{getattr(each, end):g}" for name, each in learning.RANGES.items()}
        sound(page("learning", **given, neurons_learn_rule=rule))


def test_learning_says_what_stdp_lacks_and_what_neurons_obey(page):
    text = written(sound(page("learning")))
    for word in ("error signal", "credit assignment", "dopamine", "Dale's principle"):
        assert word in text


def test_weaker_recurrence_forgets_on_both_sides(page):
    test = sound(page("memory"))
    assert said(test).count("it remembers A") == 2
    test.slider(key="neurons_mem_recurrence").set_value(1.8).run()
    assert "Circuit: nothing remains" in said(sound(test)) and "Unit: it remembers A" in said(test)
    test.slider(key="neurons_mem_own").set_value(0.8).run()
    assert said(sound(test)).count("nothing remains") == 2


def test_lessons_on_memory_do_what_they_say():
    def held(code: str) -> tuple[bool, bool]:
        values = {**memory.DEFAULTS, **memory.PRESETS[code].settings}
        return held_by_circuit(memory._circuit(values["recurrence"], memory._flashes(values), values["seed"]))

    assert held("holds") == (True, False)
    assert held("forgets") == (False, False)
    assert held("replaced") == (False, True)
    assert held("empty") == (False, False)
    assert any(held("unasked"))


@pytest.mark.parametrize("end", ["least", "most"])
def test_the_extremes_of_memory_show(page, end):
    given = {f"neurons_mem_{name}": f"{getattr(each, end):g}" for name, each in memory.RANGES.items()}
    sound(page("memory", **given, neurons_mem_flash="b", neurons_mem_then="a", neurons_mem_seed="9999"))


@pytest.mark.parametrize("view", PARTS)
def test_nonsense_in_the_address_is_left_aside(page, view):
    part = PARTS[view]
    given = {key_of(part.PART, name): "1e999" for name in part.RANGES}
    given |= {key_of(part.PART, name): "<script>" for name in ("shape", "rule", "flash", "then")}
    sound(page(view, **given))


@pytest.mark.parametrize(
    ("view", "groups"),
    [
        ("summing", ("preset", "timing", "synapses", "inhibition", "export", "question")),
        ("learning", ("preset", "stdp", "gradient", "export", "question")),
        ("memory", ("preset", "flash", "recurrence", "seed", "export", "question")),
    ],
)
def test_groups_can_be_hidden_and_keep_their_values(page, view, groups):
    part = PARTS[view]
    name, value = {"summing": ("w1", 7.5), "learning": ("rate", 0.7), "memory": ("own", 1.2)}[view]
    key = key_of(part.PART, name)
    test = sound(page(view, hide=",".join(groups), **{key: f"{value:g}"}))
    assert test.slider(key=key).value == value
    assert "Try:" not in written(test)


def test_files_hold_the_traces():
    patterns = summing._patterns(summing.DEFAULTS)
    trace: SynapseTrace = patterns[0].neuron
    rows = list(csv.DictReader(io.StringIO(export.synapse_csv(trace).decode("utf-8-sig"))))
    assert len(rows) == len(trace.time) and sum(int(row["spike"]) for row in rows) == len(trace.spikes)
    assert float(rows[-1]["voltage_mv"]) == trace.voltage[-1]
    content = json.loads(export.patterns_json(patterns, bin=5.0))
    assert [each["name"] for each in content["patterns"]] == [pattern.name for pattern in patterns]
    assert content["patterns"][1]["neuron"]["voltage"] == patterns[1].neuron.voltage.tolist()

    synapse, unit = pair([0.0], [5.0], 3, 0.5, RULES["song"]), descend([1.0], [0.5], 0.0, 1.0, 1.0, 5)
    rows = list(csv.DictReader(io.StringIO(export.learning_csv(synapse, unit).decode("utf-8-sig"))))
    assert len(rows) == 6 and rows[4]["synapse_weight"] == "" and float(rows[5]["output"]) == unit.output[5]
    assert json.loads(export.learning_json(synapse, unit))["unit"]["rate"] == 1.0

    circuit = memory._circuit(2.2, (("a", 100.0, 100.0, 200.0),), 0)
    rows = list(csv.DictReader(io.StringIO(export.spikes_csv(circuit).decode("utf-8-sig"))))
    assert len(rows) == len(circuit.spike_times) and {row["group"] for row in rows} == set(circuit.groups)
    content = json.loads(export.memory_json(circuit, respond([1.0]), step=50.0))
    assert content["unit_step_ms"] == 50.0 and len(content["circuit"]["nmda"]) == len(circuit.time)


def test_the_circuit_is_simulated_once_for_the_same_settings(monkeypatch):
    times = []
    simulate = memory.simulate

    def noted(*given, **named):
        times.append(1)
        return simulate(*given, **named)

    monkeypatch.setattr(memory, "simulate", noted)
    for _visitor in range(3):
        memory._circuit(2.15, (), 77)
    assert len(times) == 1
