"""Lesson 1, brain and machine: neurons, networks, signals; what AI borrowed, what it did not, what nobody knows."""

from functools import partial

import streamlit as st

from app.charts.caption.step_formulas import tex_text
from app.charts.kit.numbers import number
from app.charts.lessons.neuron_picture import neuron_picture
from app.charts.neurons.one_current import one_current
from app.charts.neurons.resting import balance
from app.i18n import _
from app.lessons.parts import Answer, Link, Question, check, formula, try_it
from app.neurons.facts import ROWS
from app.neurons.models import MODELS, UNIT, UNIT_STEP, model_names, step_response, unit_input
from app.neurons.table import rows_table, show_rows
from app.ui.cite import cite
from app.ui.drawing import draw
from app.ui.settings import Code, Number
from app.ui.shell import controls
from model.neurons import hodgkin_huxley, respond
from model.neurons.resting import IONS, nernst, rest

#: What the lesson's text rests on; its table has its own.
CITED = ("azevedo", "adrian", "bean", "kandel", "hodgkin", "gerstner", "mcculloch", "crick", "lillicrap")
#: The peak of the axon's first spike under currents of 1.5 and 3 times the weakest, mV.
FIRST_PEAKS = (40.0, 41.1)
#: The rows of the neurons page's table that are taught here, those alike first.
IDEAS = ("Adding up inputs", "Threshold and limits", "Spike", "Network", "Plasticity", "Credit assignment")

POTENTIALS = Code("lessons_brain_potentials", "measured")
MODEL = Code("lessons_brain_model", "lif")
CURRENT = Number("lessons_brain_current", 0.0, 3.0, 1.5, 0.1)
POTASSIUM = Number("lessons_brain_potassium", 2, 100, 2)


def show() -> None:
    st.markdown(
        _(
            "One current drives a living neuron, a model of it, and an artificial one. Double it: what grows, the "
            "spikes or their number?"
        )
    )
    _one_current()
    st.markdown(
        _(
            "The spikes do not grow, they come more often. The artificial neuron gives one number, and at once. The "
            "first model is a leaky store of charge: it fills, and when it is full enough it has fired and starts "
            "again; its spikes have no size at all. The model of Hodgkin and Huxley adds the ion channels that make "
            "the spike. There, doubling the current from 1.5 to 3 hardly changes the spikes' size: the first one's "
            "peak goes from {first} to {doubled} mV, and those after it are even smaller, because the channels have "
            "not quite recovered. How often they come hardly changes either in this model of a squid's giant axon; the "
            "leaky store of charge fires about twice as often."
        ).format(first=f"{FIRST_PEAKS[0]:.1f}", doubled=f"{FIRST_PEAKS[1]:.1f}")
    )
    draw(partial(neuron_picture), "lessons_chart_neuron_picture")
    st.markdown(
        _(
            "A brain is made of **neurons**: living cells, about 86 billion in a human one. On its branches, the "
            "**dendrites**, a neuron gathers small currents from other neurons. When its voltage passes a threshold it "
            "fires a **signal**, a spike that lasts a millisecond or two; books call it an **action potential**. The "
            "spike runs down the cell's axon to its **synapses**. There it sets free a chemical, a "
            "**neurotransmitter**, which moves the voltage of the next neurons a little: up, towards the threshold "
            "(**excitation**), or down, away from it (**inhibition**). Neurons joined by synapses are a **network**."
        )
    )
    st.markdown(
        _(
            "In 1943 McCulloch and Pitts drew a sketch of this: a switch that adds up its inputs and compares the sum "
            "with a threshold. Artificial networks descend from that sketch, not from the cell. They use the same "
            "three words, neuron, network and signal, for simpler things."
        )
    )
    spike = tex_text(_("spike"))
    st.markdown(_("The leaky store of charge of the figure, one of the simplest models of a living neuron:"))
    formula(
        r"\begin{gathered} \tau \frac{dV}{dt} = -(V - V_{\text{rest}}) + R\, I(t) \\ "
        rf"V \ge V_{{\text{{threshold}}}} \Rightarrow {spike},\ V \leftarrow V_{{\text{{reset}}}} "
        r"\end{gathered}",
        {
            "V": _("the voltage across the cell's membrane; it changes in time"),
            "I(t)": _("the current that flows in"),
            "R": _("the membrane's resistance"),
            r"\tau": _("how slowly it fills and leaks, some milliseconds"),
            r"V_{\text{rest}}": _("where V settles when nothing comes in"),
        },
    )
    st.markdown(
        _("An artificial neuron has no time, no voltage and no spike. It is one line, which lesson 2 takes apart:")
    )
    formula(r"y = f(w\, x + b)", {})
    _resting()
    st.markdown(
        _(
            "One often reads that AI works like the brain, only on computers. That says too much. A few ideas were "
            "borrowed, most of the brain was left out, and of some things nobody knows yet how brains do them:"
        )
    )
    rows = [next(row for row in ROWS if row.idea == idea) for idea in IDEAS]
    show_rows(rows_table(rows).drop(columns=_("Sources")))
    cite(*dict.fromkeys([*CITED, *(name for row in rows for name in row.sources)]))
    try_it(
        Link(
            _("Change both neurons: a neuron that bursts, one that tires, one that fires on release"),
            "neurons",
            {"neurons_view": "one", "neurons_model": "izhikevich", "neurons_cell": "chattering"},
        ),
        Link(_("The whole table, idea by idea, with its sources"), "neurons", {"neurons_view": "table"}),
        Link(
            _("Often said about brains and AI: right or wrong?"),
            "neurons",
            {"neurons_view": "table", "neurons_verdict": "claims"},
        ),
    )
    _questions()


def _questions() -> None:
    check(
        "brain",
        Question(
            "brain-1",
            _("A touch on the skin becomes twice as strong. What do the spikes of the nerve that feels it do?"),
            (
                Answer(
                    _("They become twice as large"),
                    False,
                    _("A spike is all or nothing: its size says nothing about the stimulus. What grows is how often."),
                ),
                Answer(
                    _("They come more often"),
                    True,
                    _(
                        "The rate of spikes carries the strength, up to a limit. In the figure, doubling it raises a "
                        "peak by 1 mV."
                    ),
                ),
                Answer(
                    _("They run faster"),
                    False,
                    _("How fast a spike runs depends on the axon, not on the stimulus. What grows is how often."),
                ),
            ),
        ),
        Question(
            "brain-2",
            _(
                "A text says: “AI networks work similarly to the human brain, but use computers.” What is fair to "
                "answer?"
            ),
            (
                Answer(
                    _("It is right"),
                    False,
                    _("The words are the same, the things are not: a unit has no spikes and no time of its own."),
                ),
                Answer(
                    _("They have nothing in common"),
                    False,
                    _("Some ideas were borrowed: a weighted sum, a threshold, learning by changing connections."),
                ),
                Answer(
                    _("Some ideas were borrowed; signals, wiring, learning and energy differ"),
                    True,
                    _("The table says for each idea whether the two are alike in it, and rests on sources."),
                ),
            ),
        ),
        Question(
            "brain-3",
            _("Artificial networks learn by backpropagation. Does the brain?"),
            (
                Answer(
                    _("Yes"),
                    False,
                    _("Nobody has shown that. Errors would have to travel back along the same connections."),
                ),
                Answer(
                    _("It is not known how the brain solves this problem"),
                    True,
                    _("How a synapse far from the outcome learns its part in an error is an open question."),
                ),
                Answer(
                    _("No, that has been ruled out"),
                    False,
                    _("The textbook form is thought unlikely in a brain; something near it is a proposal."),
                ),
            ),
        ),
    )


def _resting() -> None:
    """Where the voltage rests, and why."""
    potassium, sodium, _chloride = IONS
    st.markdown(
        _(
            "**Where do the −65 mV come from?** Pumps keep much potassium inside the cell and much sodium outside. At "
            "rest some potassium channels are open, and potassium leaks out along the slope of its concentration. But "
            "each ion that leaves makes the inside more negative, and that holds the next one back. At one voltage "
            "the two pulls are equal, the ion's **Nernst potential**:"
        )
    )
    formula(
        (
            r"E_{\text{ion}} = \frac{RT}{zF} \ln \frac{c_{\text{out}}}{c_{\text{in}}}",
            r"V_{\text{rest}} = \frac{g_{\text{K}} E_{\text{K}} + g_{\text{Na}} E_{\text{Na}} + g_{\text{L}} "
            r"E_{\text{L}}}{g_{\text{K}} + g_{\text{Na}} + g_{\text{L}}}",
        ),
        {
            r"E_{\text{ion}}": _("the voltage at which an ion stops flowing"),
            r"c_{\text{out}},\ c_{\text{in}}": _("its concentration outside and inside"),
            "z": _("its charge: 1 for K⁺ and Na⁺"),
            "RT/F": _(
                "24.1 mV at the 6.3 °C of Hodgkin and Huxley's axon: gas constant, temperature, charge of a mole"
            ),
            r"g_{\text{ion}}": _(
                "how well each ion gets through at rest: its conductance; L is the leak, all the rest"
            ),
        },
    )
    with controls("resting"):
        source = POTENTIALS.choose(
            st.segmented_control,
            _("The potentials E are"),
            {"measured": _("as Hodgkin and Huxley measured them"), "nernst": _("from concentrations, by Nernst")},
        )
        with st.container(key=f"{'seen' if source == 'nernst' else 'unseen'}-lessons-brain-potassium"):
            outside = POTASSIUM.slider(
                _("Potassium outside (mmol/l; {inside} inside)").format(inside=f"{potassium.inside:g}"),
                default=round(potassium.outside),
            )
    parameters = hodgkin_huxley.TEXTBOOK
    if source == "nernst":
        potentials = nernst(potassium._replace(outside=outside)), nernst(sodium)
        parameters = hodgkin_huxley.Parameters(e_k=potentials[0], e_na=potentials[1])
    trace = rest(parameters)
    draw(partial(balance, trace), "lessons_chart_resting")
    st.markdown(
        _(
            "Sodium pulls to the other side, but hardly any of its channels are open at rest. When they open, they "
            "win: that is the rise of a spike. From a squid's concentrations ({k_out} and {k_in} for potassium, "
            "{na_out} and {na_in} for sodium, in mmol/l) Nernst gives {k} and {na} mV, near the {k_hh} and {na_hh} mV "
            "that Hodgkin and Huxley found in their axons."
        ).format(
            k_out=f"{potassium.outside:g}",
            k_in=f"{potassium.inside:g}",
            na_out=f"{sodium.outside:g}",
            na_in=f"{sodium.inside:g}",
            k=number(nernst(potassium), 0),
            na=number(nernst(sodium), 0),
            k_hh=number(hodgkin_huxley.TEXTBOOK.e_k, 0),
            na_hh=number(hodgkin_huxley.TEXTBOOK.e_na, 0),
        )
    )


def _one_current() -> None:
    """A model neuron and a unit under one current."""
    with controls("neuron"):
        names = {model: model_names()[model] for model in ("lif", "hodgkin_huxley")}
        model = MODEL.choose(st.segmented_control, _("Living neuron, a model"), names)
        x = CURRENT.slider(_("Current (1: about the weakest that keeps the neuron firing)"))
    offered = MODELS[model]
    neuron = step_response(model, x * offered.unit_current)
    unit = respond(unit_input(neuron), UNIT["weight"].default, UNIT["bias"].default)
    figure = partial(
        one_current,
        neuron,
        unit,
        step=UNIT_STEP,
        unit_current=offered.with_unit(offered.unit_current),
    )
    draw(figure, "lessons_chart_brain")
