"""Lesson 7, what came after, and what is open: Transformers, state-space models, spiking hardware, energy, brains."""

from functools import partial

import numpy as np
import streamlit as st

from app.charts.lessons.echoes import two_ways
from app.charts.lessons.self_attention import attention_weights, rows_of
from app.i18n import _
from app.lessons.parts import Answer, Link, Question, check, formula, try_it
from app.ui.cite import cite
from app.ui.drawing import draw
from app.ui.query import bound
from app.ui.settings import Code, Flag, Number
from app.ui.shell import controls
from model.recurrent import costs
from model.recurrent.state_space import StateSpace, as_convolution, kernel, step_by_step
from model.self_attention import WORDS, attend

CITED_OF_MODELS = ("vaswani", "su", "gu", "orvieto", "mamba", "martin", "jelassi", "peng", "beck")
CITED_OF_CHALLENGES = (
    "merolla",
    "davies",
    "neftci",
    "raichle",
    "patterson",
    "warstadt",
    "brown",
    "mccloskey",
    "mcclelland",
    "crick",
    "lillicrap",
)
CITED_OF_SEEING = ("dosovitskiy", "radford", "li", "alayrac", "liu", "rohrbach")
CITED = (*CITED_OF_MODELS, *CITED_OF_SEEING, *CITED_OF_CHALLENGES)
#: The figure's input: taps at these steps, of so many.
STEPS, TAPS = 60, (3, 20, 24)
#: The layer whose costs are compared, and the lengths offered.
WIDTH, STATES = 512, 16
LENGTHS = tuple(4**power for power in range(2, 9))

WORD = Code("lessons_after_word", "its")
SIZE = Number("lessons_after_a", 0.5, 1.0, 0.95, 0.01)
PERIOD = Number("lessons_after_period", 1, 40, 12)
MASK = Flag("lessons_after_mask", True)
POSITIONS = Flag("lessons_after_positions")
TURNED = Flag("lessons_after_turned")


def show() -> None:
    st.markdown(
        _(
            "Older texts expect recurrent networks to spread to language, sound and images. They did. From 2017 on, "
            "other networks took over in most of these places, and parts of the old idea have come back since."
        )
    )
    _transformers()
    _state_spaces()
    _figure()
    _costs()
    cite(*CITED_OF_MODELS)
    _vision_language()
    cite(*CITED_OF_SEEING)
    _challenges()
    cite(*CITED_OF_CHALLENGES)
    try_it(
        Link(
            _(
                "What a Transformer keeps of each word, beside the GRU's one memory; once one was fetched, its "
                "caption, too"
            ),
            "caption",
            {"caption_part": "experiments", "caption_experiment": "transformer"},
        ),
        Link(
            _("See a neuron send nothing but spikes"),
            "neurons",
            {"neurons_view": "one", "neurons_model": "lif"},
        ),
        Link(_("Brain and network, point by point, with sources"), "neurons", {"neurons_view": "table"}),
    )
    _questions()


def _transformers() -> None:
    st.markdown("#### " + _("Transformers: look back instead of remembering"))
    _five_words()
    st.markdown(
        _(
            "A **Transformer** (Vaswani et al. 2017) has no loop. In one that writes, each step looks at all steps up "
            "to itself and mixes their values; how much each counts is computed by **self-attention**. The way from "
            "any step to any earlier one is one layer long, so distance alone does not shrink the gradient. And in "
            "training, where all of the sequence is known, all steps are computed at once. A mask hides those that "
            "come after."
        )
    )
    formula(
        (
            r"y_t = \sum_{s \le t} \alpha_{ts}\, v_s",
            r"\alpha_{ts} = \frac{\exp(q_t \cdot k_s / \sqrt{d})}{\sum_{r \le t} \exp(q_t \cdot k_r / \sqrt{d})}",
        ),
        {
            "q_t,\\ k_s,\\ v_s": _("query, key and value: three linear maps of what stands at a step"),
            r"\alpha_{ts}": _("how much step t attends to step s; over all s they add up to 1"),
            "d": _("how many numbers a query or a key has"),
        },
    )
    st.markdown(
        _(
            "**Where is the order?** Attention is a sum, and a sum has no order (lesson 6): “dog bites man” and “man "
            "bites dog” would look the same. So a Transformer adds to each word's vector where the word stands, its "
            "**positional encoding**: sines and cosines of many wavelengths (Vaswani et al. 2017), vectors that are "
            "learned, or a turn of q and k by an angle that grows with t (Su et al. 2021). A recurrent network needs "
            "none: it reads one word after another."
        )
    )


def _five_words() -> None:
    """Self-attention over five words, every number in sight."""
    st.markdown(
        _(
            "**Self-attention**: each word looks at the words before it, and takes in some of each. Here are five "
            "words, and matrices set by hand, so that a word that refers back looks for a thing. Choose who looks."
        )
    )
    with controls("attention"):
        word = WORD.choose(st.segmented_control, _("Who looks"), {word: word for word in WORDS})
        with st.container(horizontal=True, gap="small"):
            causal = MASK.toggle(_("Mask: no word sees those after it"))
            positions = POSITIONS.toggle(_("Add positions"))
            turned = TURNED.toggle(_("Turn the words round"))
    trace = attend(WORDS[::-1] if turned else WORDS, causal=causal, positions=positions)
    chosen = trace.words.index(word)
    draw(partial(attention_weights, trace, chosen), "lessons_chart_attention")
    st.table(rows_of(trace, chosen), hide_index=True)
    st.markdown(
        _(
            "Take the mask away and turn the words round: without positions each word takes in the very same; with "
            "them it does not."
        )
    )


def _state_spaces() -> None:
    st.markdown(
        _(
            "#### State-space models: the loop without the curve\n\n"
            "The price of attention is that every step looks at every step before. **State-space models** (Gu, Goel "
            "and Ré 2022) go back to a state that is carried on, but leave out the curve f between the steps. A linear "
            "loop can be written out: it is a convolution of the whole input, and no step has to wait."
        )
    )
    formula(
        r"\begin{aligned}"
        r"h_t &= A\, h_{t-1} + B\, x_t\\"
        r"y_t &= \mathrm{Re}(C\, h_t)\\"
        r"&= \sum_{k=0}^{t-1} K_k\, x_{t-k}\\"
        r"K_k &= \mathrm{Re}(C\, A^k\, B)"
        r"\end{aligned}",
        {
            "h_t": _("the state after step t, a complex number here, so that it can turn as well as fade"),
            "A": _("what one step does to the state; its size |A| says how much stays"),
            "B,\\ C": _("how the input gets in, and how the output is read; both are 1 in the figure"),
            "K_k": _("the kernel: what an input still does k steps later, and so how far back a gradient reaches"),
        },
    )
    st.markdown(
        _(
            "Lesson 5 holds here, too: with |A| below 1 the kernel fades, above 1 it explodes. So |A| is "
            "often started just below 1 and kept from passing it (Orvieto et al. 2023). In Mamba (Gu and Dao 2023) A, "
            "B and C depend on the input, which is a gate again: then it is no convolution any more, but can still be "
            "computed in few rounds."
        )
    )


def _figure() -> None:
    st.markdown(
        _(
            "**See it.** The input is three taps. The line is computed step by step, as an RNN would; the rings all at "
            "once, as a convolution."
        )
    )
    with controls("state_space", horizontal=True, vertical_alignment="bottom", gap="large"):
        size = SIZE.slider(_("|A|: what stays at each step"), width=280)
        period = PERIOD.slider(_("Steps for one turn (1: it does not turn)"), width=280)
    x = np.zeros(STEPS)
    x[np.array(TAPS) - 1] = 1
    layer = StateSpace.turning(size, period)
    results = x, step_by_step(layer, x), as_convolution(layer, x), kernel(layer, STEPS)
    draw(partial(two_ways, *results), "lessons_chart_after")


def _costs() -> None:
    st.markdown(
        _(
            "#### What each costs\n\n"
            "One layer on a sequence of T steps. It is d = {width} numbers wide; each channel of the state-space layer "
            "has N = {states} states. Biases, curves and the softmax are not counted."
        ).format(width=WIDTH, states=STATES)
    )
    with controls("length"):
        label, length = _("T, the length of the sequence"), 1024
        steps = bound(st.select_slider, label, LENGTHS, length, key="lessons_after_length", default=length)
    layers = (
        (_("Plain RNN"), "2 d² T", costs.recurrent(steps, WIDTH)),
        (_("Attention"), "4 d² T + d T (T + 1)", costs.attention(steps, WIDTH)),
        (_("State space"), "d² T + 3 d N T", costs.state_space(steps, WIDTH, STATES)),
    )
    st.table(
        [
            {
                _("Layer"): name,
                _("Multiplications"): f"{counted} = {cost.multiplications:,}",
                _("Rounds that must wait, in training"): f"{cost.rounds:,}",
                _("Numbers kept to go on writing"): f"{cost.kept:,}",
            }
            for name, counted, cost in layers
        ],
        hide_index=True,
    )
    st.markdown(
        _(
            "The number of multiplications is not the RNN's trouble: the waiting is. Graphics processors are fast by "
            "doing many things at once. A state of fixed size is cheap, but it must forget: state-space models are "
            "worse than Transformers at repeating a long text word for word (Jelassi et al. 2024). Neither has won "
            "everywhere, and recurrent designs such as RWKV (Peng et al. 2023) and xLSTM (Beck et al. 2024) are being "
            "tried at large sizes again."
        )
    )


def _vision_language() -> None:
    st.markdown(
        _(
            "#### Vision-language models: the captioner grown up\n\n"
            "A **vision-language model** looks at a picture and answers in words: captions, but also questions, forms, "
            "charts. It has the parts of our captioner, each made larger:\n\n"
            "- **The eye** is often a Vision Transformer (Dosovitskiy et al. 2021): the picture is cut into patches, "
            "which are read as if they were words, each with its position. Many eyes are trained as in CLIP (Radford "
            "et al. 2021), to tell which of many texts belongs to a picture, on 400 million pairs from the web.\n"
            "- **The bridge** is attention from words to the picture, as here (BLIP, Li et al. 2022; Flamingo, Alayrac "
            "et al. 2022), or a small layer that turns patches into vectors the language model takes for words "
            "(LLaVA, Liu et al. 2023).\n"
            "- **The writer** is a large language model that was trained on text alone before it saw a picture. It "
            "writes as our GRU does, one word after another, each given those before.\n\n"
            "One error is older than their size: captioners name things that are not there, because such things "
            "often are (object hallucination, Rohrbach et al. 2018)."
        )
    )


def _challenges() -> None:
    st.markdown(
        _(
            "#### Spiking hardware\n\n"
            "A living neuron sends a spike now and then, and between spikes nothing is sent. Chips are built on that "
            "principle: TrueNorth holds a million spiking neurons and 256 million synapses, and watched a video at 30 "
            "frames a second on 63 mW (Merolla et al. 2014); Loihi also learns on the chip (Davies et al. 2018). What "
            "makes it hard: a spike is all or nothing, so its slope is zero or infinite, and gradients need a smooth "
            "stand-in (Neftci et al. 2019). These chips borrow a neuron's way to send, not what a brain does with it."
        )
    )
    st.markdown(
        _(
            "#### What brains still do better\n\n"
            "- **Energy.** A brain runs on about 20 W (Raichle and Gusnard 2002). Training GPT-3 took about 1,287 MWh "
            "by estimate (Patterson et al. 2021): 20 W for 7,000 years. The two are not the same work: a brain comes "
            "with what evolution found, and a trained network is used many times.\n"
            "- **Few examples.** A child of 13 has heard fewer than 100 million words (Warstadt et al. 2023); GPT-3 "
            "was trained on 300 billion pieces of words (Brown et al. 2020).\n"
            "- **One thing after another.** We go on learning for life. A network trained on new examples alone tends "
            "to lose the old (McCloskey and Cohen 1989); how brains avoid it is a matter of theories (McClelland et "
            "al. 1995).\n"
            "- **How they learn at all.** Backpropagation as it stands does not fit what is known of neurons (Crick "
            "1989); what brains do instead is open (Lillicrap et al. 2020)."
        )
    )


def _questions() -> None:
    pairs = {steps: steps * (steps + 1) // 2 for steps in (1000, 2000)}
    check(
        "after",
        Question(
            "after-1",
            _("Why can a Transformer be trained on all words of a sentence at once, and a plain RNN cannot?"),
            (
                Answer(
                    _("The RNN needs more multiplications"),
                    False,
                    _("It needs fewer, as the table shows. They must wait for each other, that is the trouble."),
                ),
                Answer(
                    _("The RNN's state at one step needs the state before"),
                    True,
                    _(
                        "So its steps come one after another. Attention reads the words themselves, which are all "
                        "there."
                    ),
                ),
            ),
        ),
        Question(
            "after-2",
            _("A text is twice as long. How many more pairs of words does attention compare?"),
            (
                Answer(
                    _("Twice as many"),
                    False,
                    _("Each word looks at all before it: {short} pairs for 1,000 words, {long} for 2,000.").format(
                        short=f"{pairs[1000]:,}", long=f"{pairs[2000]:,}"
                    ),
                ),
                Answer(
                    _("About four times as many"),
                    True,
                    _("T (T + 1) / 2 pairs: {short} for 1,000 words, {long} for 2,000.").format(
                        short=f"{pairs[1000]:,}", long=f"{pairs[2000]:,}"
                    ),
                ),
            ),
        ),
        Question(
            "after-4",
            _("A Transformer without a mask loses its positional encoding. What can it no longer tell apart?"),
            (
                Answer(
                    _("Two sentences of the same words in another order"),
                    True,
                    _(
                        "The sums are over the same words with the same weights: only what is added to a word says "
                        "where."
                    ),
                ),
                Answer(
                    _("Long sentences and short ones"),
                    False,
                    _("A longer sentence has more words to attend to. What is lost is their order."),
                ),
                Answer(
                    _("Nothing: attention looks at each word in turn"),
                    False,
                    _("It looks at all of them at once, and adds up. A sum has no order."),
                ),
            ),
        ),
        Question(
            "after-3",
            _("What allows a state-space layer to be computed as a convolution?"),
            (
                Answer(
                    _("There is no bent curve between its steps"),
                    True,
                    _("A sum of sums is one sum. With tanh between the steps it could not be written out so."),
                ),
                Answer(
                    _("Its state is a complex number"),
                    False,
                    _("That lets it turn as well as fade. With a real A, the two ways agree just as well."),
                ),
                Answer(
                    _("It has no state"),
                    False,
                    _("It has one, h, and step by step it is an RNN. The figure computes it so, too."),
                ),
            ),
        ),
    )
