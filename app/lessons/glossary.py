"""The glossary: the course's terms in both languages side by side, with a short definition each."""

from typing import NamedTuple

import streamlit as st

from app.i18n import LANGUAGES, N_, _, current_language, speaking
from app.lessons import symbols
from app.ui.settings import Text
from app.ui.shell import controls

SEARCH = Text("lessons_search", longest=60)


class GlossaryEntry(NamedTuple):
    """A term and what it means, marked for translation: the translation of ``name`` is the term in Chinese."""

    name: str
    meaning: str


TERMS = (
    GlossaryEntry(
        N_("action potential"),
        N_("The neuron's spike, in the words of physiology: its voltage shoots up and falls back within milliseconds."),
    ),
    GlossaryEntry(N_("activation"), N_("The curve f through which a unit's sum goes, such as tanh or ReLU.")),
    GlossaryEntry(
        N_("Adam"), N_("An optimiser that gives each weight a step size of its own, from its latest gradients.")
    ),
    GlossaryEntry(
        N_("artificial neuron"),
        N_("A formula: multiply inputs by weights, add a bias, and send the sum through a curve."),
    ),
    GlossaryEntry(N_("attention"), N_("Weights that add up to 1 and say how much each part of the input counts now.")),
    GlossaryEntry(
        N_("backpropagation"),
        N_("Computes the gradient of the loss for every weight, from the output back; it changes none of them."),
    ),
    GlossaryEntry(
        N_("backpropagation through time"),
        N_("Backpropagation along a sequence: from the last step to the first, each step's part added up."),
    ),
    GlossaryEntry(
        N_("baseline"), N_("What an answer costs that knows nothing; a loss says little until it is held beside one.")
    ),
    GlossaryEntry(N_("batch"), N_("The examples that are read together before the weights are moved once.")),
    GlossaryEntry(N_("beam search"), N_("Writes several captions at once and keeps the likeliest few at every word.")),
    GlossaryEntry(N_("bias"), N_("A number that is added to a unit's sum whatever comes in.")),
    GlossaryEntry(N_("caption"), N_("A sentence that says what is in a photo.")),
    GlossaryEntry(
        N_("clipping"),
        N_("Shortens a gradient that is longer than a limit; it stops explosions and does nothing else."),
    ),
    GlossaryEntry(
        N_("CNN, convolutional neural network"), N_("Layers of convolutions; here, the network that sees the photo.")
    ),
    GlossaryEntry(
        N_("convolution"),
        N_("The same small set of weights applied at every place of a photo, or every step of a sequence."),
    ),
    GlossaryEntry(
        N_("cross-entropy"), N_("The loss of a choice: minus the logarithm of the right answer's probability.")
    ),
    GlossaryEntry(
        N_("dendrite"), N_("A branch of a living neuron that receives inputs, and computes with them by itself.")
    ),
    GlossaryEntry(
        N_("depolarisation block"),
        N_("A current so strong that a neuron falls silent: its sodium channels cannot recover."),
    ),
    GlossaryEntry(
        N_("eigenvalue"), N_("By how much a matrix stretches and turns what points in one of its own directions.")
    ),
    GlossaryEntry(N_("embedding"), N_("The list of numbers, learned, by which a network reads a word.")),
    GlossaryEntry(
        N_("encoder-decoder"),
        N_("Two networks: one turns what is given into numbers, the other turns these into what is wanted."),
    ),
    GlossaryEntry(N_("epoch"), N_("Once through all training examples.")),
    GlossaryEntry(N_("excitation"), N_("An input that moves a neuron's voltage up, towards its threshold.")),
    GlossaryEntry(
        N_("exploding gradient"), N_("A gradient that grows at each step back until it throws the weights away.")
    ),
    GlossaryEntry(N_("forget gate"), N_("The LSTM's gate that keeps the old memory: 1 keeps all, 0 erases.")),
    GlossaryEntry(
        N_("gate"), N_("A number from 0 to 1, computed anew at each step, that lets something through or not.")
    ),
    GlossaryEntry(N_("gradient"), N_("How fast a loss grows with each number that it depends on.")),
    GlossaryEntry(
        N_("GRU, gated recurrent unit"),
        N_("A recurrent cell with two gates and no memory apart from its state."),
    ),
    GlossaryEntry(
        N_("hidden layer"), N_("The units between input and output; in a recurrent network, those with the memory.")
    ),
    GlossaryEntry(N_("hidden state"), N_("The list of numbers that a recurrent network carries from step to step.")),
    GlossaryEntry(
        N_("inhibition"), N_("An input that moves a neuron's voltage down, or holds it away from its threshold.")
    ),
    GlossaryEntry(
        N_("input gate"), N_("The LSTM's gate that decides how much of the proposal is written into its memory.")
    ),
    GlossaryEntry(N_("language model"), N_("A network that gives each possible next word or letter its probability.")),
    GlossaryEntry(N_("learning rate"), N_("How far the weights move against the gradient in one step.")),
    GlossaryEntry(N_("loss"), N_("One number that says how wrong the answers are; training makes it smaller.")),
    GlossaryEntry(
        N_("LSTM, long short-term memory"),
        N_("A recurrent cell with three gates and a memory beside its state."),
    ),
    GlossaryEntry(N_("mean squared error"), N_("The loss of numbers: the mean of the squares of what is off.")),
    GlossaryEntry(
        N_("membrane"), N_("The skin of a living cell. In a neuron, the voltage across it adds up the inputs.")
    ),
    GlossaryEntry(
        N_("Nernst potential"),
        N_("The voltage at which an ion stops flowing: there it balances the difference in concentration."),
    ),
    GlossaryEntry(
        N_("neurotransmitter"), N_("The chemical that a synapse sets free, and by which it acts on the next neuron.")
    ),
    GlossaryEntry(N_("nonlinear"), N_("Bent: the output of a sum is not the sum of the outputs.")),
    GlossaryEntry(N_("optimiser"), N_("The rule that moves the weights once the gradient is known.")),
    GlossaryEntry(N_("output gate"), N_("The LSTM's gate that decides how much of its memory is shown in its state.")),
    GlossaryEntry(
        N_("overfitting"),
        N_("To learn the examples by heart: better and better on them, worse and worse on new ones."),
    ),
    GlossaryEntry(N_("plasticity"), N_("That synapses grow stronger or weaker with use: how living networks learn.")),
    GlossaryEntry(
        N_("positional encoding"), N_("What a Transformer adds to each word's vector to say where the word stands.")
    ),
    GlossaryEntry(N_("proposal"), N_("What a GRU or an LSTM would remember next, before its gates decide.")),
    GlossaryEntry(N_("ReLU"), N_("An activation: negative sums become 0, others stay as they are.")),
    GlossaryEntry(N_("reset gate"), N_("The GRU's gate that decides how much of the old state enters the proposal.")),
    GlossaryEntry(
        N_("RNN, recurrent network"),
        N_("A network that feeds its own last state back into itself, and so has a memory."),
    ),
    GlossaryEntry(N_("saturate"), N_("To reach the flat end of a curve such as tanh, where its slope is nearly 0.")),
    GlossaryEntry(N_("seed"), N_("The number that random draws start from: the same seed gives the same run.")),
    GlossaryEntry(N_("self-attention"), N_("Attention of a sequence to itself: each step looks at other steps.")),
    GlossaryEntry(
        N_("softmax"), N_("Makes probabilities of scores: e to the power of each, divided by the sum of all of these.")
    ),
    GlossaryEntry(N_("spectral radius"), N_("The largest absolute value among a matrix's eigenvalues.")),
    GlossaryEntry(N_("spike"), N_("The short pulse, all or nothing, by which a living neuron speaks to others.")),
    GlossaryEntry(
        N_("state-space model"),
        N_("A recurrence without a curve between its steps; it can be computed all at once, too."),
    ),
    GlossaryEntry(N_("synapse"), N_("The contact by which one living neuron acts on another.")),
    GlossaryEntry(N_("tanh"), N_("An activation: an S-shaped curve from -1 to 1.")),
    GlossaryEntry(
        N_("teacher forcing"), N_("In training, to let a network read the right words so far in place of its own.")
    ),
    GlossaryEntry(N_("Transformer"), N_("A network without a loop, in which each step looks at others by attention.")),
    GlossaryEntry(
        N_("truncated, of backpropagation through time"),
        N_("The same, but carried back some steps only: cheaper, and blind to what came before."),
    ),
    GlossaryEntry(N_("unit"), N_("One artificial neuron of a layer; of a recurrent layer, one number of its state.")),
    GlossaryEntry(N_("update gate"), N_("The GRU's gate between old and new: here 1 keeps the old state.")),
    GlossaryEntry(
        N_("vanishing gradient"), N_("A gradient that shrinks at each step back until nothing can be learned from it.")
    ),
    GlossaryEntry(
        N_("vision-language model"), N_("A language model with an eye: it answers in words to pictures and words.")
    ),
    GlossaryEntry(N_("weight"), N_("A number that an input is multiplied by; what training changes.")),
)


def show() -> None:
    st.markdown(_("The terms of this course in English and Chinese, and what they mean here."))
    with controls("search"):
        wanted = SEARCH.field(_("Search in both languages"), icon=":material/search:")
    found = [term for term in in_order() if matches(term, wanted)]
    if not found:
        st.info(_("No term has that in it. Please try a shorter word."), icon=":material/info:")
        return
    names = [in_both(term) for term in found]
    columns = {LANGUAGES[code]: [name[code] for name in names] for code in _languages()}
    st.table(columns | {_("What it means"): [_(term.meaning) for term in found]}, hide_index=True)
    symbols.show()


def in_both(term: GlossaryEntry) -> dict[str, str]:
    """The term by the codes of the languages."""
    names = {}
    for code in LANGUAGES:
        with speaking(code):
            names[code] = _(term.name)
    return names


def in_order() -> list[GlossaryEntry]:
    """All terms in the alphabetical order of the page's language, Chinese by pinyin."""
    return sorted(TERMS, key=lambda term: _place(in_both(term)[current_language()]))


def _place(name: str) -> bytes:
    # GB 2312 has its 3,755 most common characters in the order of their pinyin, behind the Latin letters.
    return name.casefold().encode("gb18030")


def matches(term: GlossaryEntry, wanted: str) -> bool:
    """Whether the term, in either language, or its meaning has the text in it."""
    texts = (*in_both(term).values(), _(term.meaning))
    return wanted.strip().casefold() in "\n".join(texts).casefold()


def _languages() -> list[str]:
    """The page's language first."""
    return sorted(LANGUAGES, key=lambda code: code != current_language())
