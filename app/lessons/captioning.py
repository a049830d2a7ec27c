"""Lesson 6, CNN, RNN and image description: what each assumes, on the same pictures; how they join in a captioner."""

import streamlit as st

from app.i18n import _
from app.lessons import reading_digits
from app.lessons.parts import Answer, Link, Question, check, formula, try_it
from app.ui.cite import cite
from model.digits import TESTED

#: The captioner's grid of regions, and how many numbers describe each.
GRID, CHANNELS = 9, 1280
#: Test digits read rightly after training, the means over seeds 0 to 4, as ``python -m model.digits`` prints them:
#: by what was done to the pictures, the CNN's share and the GRU's.
SEEDS = 5
MEASURED = {
    "as they are": (0.973, 0.946),
    "up or down by 1": (0.968, 0.906),
    "up or down by 2": (0.949, 0.707),
    "left or right by 1": (0.973, 0.385),
    "left or right by 2": (0.972, 0.090),
    "scrambled": (0.942, 0.947),
}
#: The decoder's lines, in the letters of ``model.captioner.decoder`` and of the page's view of the formulas.
LINES = (
    r"\begin{aligned}"
    r"q_t &= W_q\,[h_{t-1};\, E w_{t-1}] \\"
    r"e_{ti} &= u^\top \tanh(W_k v_i + b_k + q_t) \\"
    r"\alpha_t &= \mathrm{softmax}(e_t) \\"
    r"g_t &= \sigma\left(W_g\,[h_{t-1};\, E w_{t-1}] + b_g\right)"
    r"\end{aligned}",
    r"\begin{aligned}"
    r"c_t &= g_t \odot \sum_i \alpha_{ti}\, v_i \\"
    r"h_t &= \mathrm{GRU}([E w_{t-1};\, c_t],\ h_{t-1}) \\"
    r"s_t &= E\,\bigl(W_o\,[h_t;\, c_t] + b_o + E w_{t-1}\bigr) + b \\"
    r"p(w_t) &= \mathrm{softmax}(s_t)"
    r"\end{aligned}",
)
CITED = ("alpaydin", "bai", "bahdanau", "xu", "vinyals")


def show() -> None:
    _experiment()
    _assumptions()
    _two_formulas()
    _joined()
    _what_it_is_called()
    _no_image_sequence()
    _swapped()
    cite(*CITED)
    try_it(
        Link(
            _("Watch a caption being written, and where the network looks before each word"),
            "caption",
            {"caption_sample": "cat", "caption_view": "looked"},
        ),
        Link(
            _("See every line of these formulas with the numbers of one word"),
            "caption",
            {"caption_sample": "cat", "caption_view": "formulas"},
        ),
        Link(
            _("See what the CNN makes of the photo before the GRU reads a thing"),
            "caption",
            {"caption_sample": "cat", "caption_part": "experiments", "caption_experiment": "eye"},
        ),
        Link(
            _("Hide a part of the photo, and see which words pay for it"),
            "caption",
            {"caption_sample": "cat", "caption_part": "experiments", "caption_experiment": "hide"},
        ),
        Link(
            _("Swap the memories of two photos, at words of your choice"),
            "caption",
            {
                "caption_sample": "cat",
                "caption_part": "experiments",
                "caption_experiment": "surgery",
                "caption_surgery_part": "swap",
            },
        ),
        Link(
            _("Take the attention away, and see what it is worth"),
            "caption",
            {
                "caption_sample": "cat",
                "caption_part": "experiments",
                "caption_experiment": "siblings",
                "caption_siblings_part": "scores",
            },
        ),
    )
    _questions()


def _assumptions() -> None:
    st.markdown("#### " + _("What each of them assumes"))
    st.markdown(
        _(
            "One often reads: a CNN is for images, an RNN is for sequences. But both read lists of numbers, and either "
            "can read the other's data. They differ in what they **assume**:"
        )
    )
    st.markdown(
        "\n".join(
            f"- {text}"
            for text in (
                _(
                    "A **convolutional network** (CNN) assumes that *neighbours belong together*, and that *a pattern "
                    "means the same wherever it stands*. So it slides one small kernel over all places."
                ),
                _(
                    "A **recurrent network** (RNN) assumes that *things come one after another*. So it takes the same "
                    "step again and again, and carries a state from one to the next."
                ),
            )
        )
    )


def _experiment() -> None:
    st.markdown(
        _(
            "A **convolutional network** (CNN) and a **recurrent network** (RNN) learn to read the same handwritten "
            "digits, with about equally many weights. The CNN looks for patterns and keeps how strongly it found each "
            "one *anywhere*. The RNN, a GRU, reads row after row and answers after the last. Press Run."
        )
    )
    reading_digits.show()
    st.markdown(
        _(
            "1. Choose a digit, and see the GRU make up its mind row by row. (12 × 12 pixels, with an empty frame.)\n"
            "2. Shift the digit, up or down and to the side. Neither network ever saw a shifted one.\n3. Scramble the "
            "pixels, run again, and compare."
        )
    )
    with st.expander(_("What comes out, over {seeds} seeds").format(seeds=SEEDS), icon=":material/table:"):
        _measured()


def _measured() -> None:
    """Several runs at once, since a single one may be luck."""
    names = {
        "as they are": _("as they are"),
        "up or down by 1": _("shifted up or down by 1 pixel"),
        "up or down by 2": _("shifted up or down by 2 pixels"),
        "left or right by 1": _("shifted left or right by 1 pixel"),
        "left or right by 2": _("shifted left or right by 2 pixels"),
        "scrambled": _("scrambled before training"),
    }
    columns = ([f"{MEASURED[code][place]:.0%}" for code in names] for place in range(2))
    table = {_("pixels"): list(names.values())} | dict(zip((_("CNN"), _("GRU")), columns, strict=True))
    st.table(table, hide_index=True)
    st.markdown(
        _(
            "These are mean shares of {count} test digits read rightly; guessing gives 10%. A shift costs the CNN "
            "little, whichever way: its patterns may stand anywhere. A shift up or down costs the GRU less than one to "
            "the side: the same rows come, only sooner or later, and its step is the same at any time. A shift to the "
            "side sends every stroke to other inputs, with other weights, and it is lost."
        ).format(count=TESTED)
    )
    st.markdown(
        _(
            "Scrambling costs the CNN its lead: neighbours no longer belong together. The GRU loses nothing here: it "
            "never assumed that the pixels of a row are neighbours, and scrambled rows, too, come one after another."
        )
    )


def _two_formulas() -> None:
    st.markdown(_("The two assumptions, as formulas:"))
    formula(
        (
            r"m_{ij} = f\Big(\sum_{u,v} w_{uv}\, x_{i+u,\,j+v} + b\Big)",
            r"h_t = f(W_{hh}\, h_{t-1} + W_{xh}\, x_t + b_h)",
        ),
        {
            r"x_{ij}": _("the pixel in row i, column j"),
            r"w_{uv}": _("the kernel, here 3 × 3 weights: the same at every place i, j"),
            r"m_{ij}": _("how much of the kernel's pattern stands at that place"),
            r"x_t": _("what comes at step t; for a picture read from the top, its row t"),
            r"h_t": _("the state: what is left of all rows so far (lesson 3)"),
            r"f,\ b": _("a bent curve such as ReLU or tanh, and a bias"),
        },
    )


def _joined() -> None:
    st.markdown("#### " + _("Together in a captioner"))
    st.markdown(
        _(
            "A captioner uses each where its assumption fits. A **CNN** turns the photo into {grid} × {grid} regions, "
            "each described by {channels} numbers: neighbours do belong together, and a dog is a dog wherever it "
            "stands. A **GRU** writes the caption: words do come one after another. **Attention** joins them: before "
            "each word the GRU shares out its attention over all regions, and takes in their weighted mean. From "
            "memory to word, line by line:"
        ).format(grid=GRID, channels=f"{CHANNELS:,}")
    )
    formula(
        LINES,
        {
            r"E w_{t-1}": _("the word before, as a list of numbers: its row of E, which holds one for each word"),
            r"q_t": _("the query: what is looked for before word t, made of the memory and the word before"),
            r"v_i": _("what the CNN found in region i"),
            r"e_{ti}": _("how well region i fits the query"),
            r"\alpha_{ti}": _("the share of attention that region i gets; over all regions they sum to 1"),
            r"g_t": _("a gate from 0 to 1: some words need no look at the photo"),
            r"c_t": _("the context: what was looked at, as far as the gate lets it through"),
            r"h_t": _("the memory after reading the word before and the context"),
            r"s_t": _("a score for each word, from the memory, the context and the word before together"),
            r"p(w_t)": _("the probabilities of all words, of which the search chooses one"),
            r"W_q,\ W_k,\ W_g,\ W_o,\ u,\ b": _("weights and biases: learned, and the same at every word"),
        },
    )


def _what_it_is_called() -> None:
    st.markdown(
        _(
            "In the field's words this is an **encoder-decoder**: the CNN encodes the photo, the GRU decodes it into "
            "words. The decoder is a **language model** that was told of a photo. A word comes in as its "
            "**embedding**, a list of numbers that is learned for each word of the vocabulary. In training the decoder "
            "reads the right words so far, whatever it would have said itself: **teacher forcing**. When it captions, "
            "there is no teacher, and it reads its own."
        )
    )


def _no_image_sequence() -> None:
    st.markdown("#### " + _("No image sequence anywhere"))
    st.markdown(
        _(
            "Some texts explain that RNNs can describe photos “because they process image sequences”. That is wrong. "
            "The captioner gets *one* photo, all of it at once. Its regions have no order either: attention adds up "
            "over all of them, and with the regions in any other order the caption stays the same. What comes in "
            "sequence is the **caption**. A sequence of images is a video, and to describe one is another task."
        )
    )


def _swapped() -> None:
    # Here, since it brings the captioner's libraries, which the other lessons do without.
    from app.lessons import swapped

    swapped.show()


def _questions() -> None:
    check(
        "captioning",
        Question(
            "captioning-1",
            _("What is the difference between a CNN and an RNN?"),
            (
                Answer(
                    _("The data: a CNN is for images, an RNN for sequences"),
                    False,
                    _("You just saw an RNN read images; and CNNs that slide along time read sound and text well."),
                ),
                Answer(
                    _("What they assume about the data"),
                    True,
                    _("Neighbourhood and the same pattern at any place, against one thing after another."),
                ),
                Answer(
                    _("An RNN remembers its training examples, a CNN does not"),
                    False,
                    _("The state begins anew with each sequence. What was learned is in the weights, in both."),
                ),
            ),
        ),
        Question(
            "captioning-2",
            _(
                "All pictures get their pixels scrambled in one and the same way, before training. Which network does "
                "not mind?"
            ),
            (
                Answer(
                    _("A CNN"),
                    False,
                    _("Its kernels see neighbours, and scrambled neighbours have nothing to do with each other."),
                ),
                Answer(
                    _("A GRU that reads the rows"),
                    False,
                    _(
                        "It came through well above, but nothing guarantees that: each of its rows now holds other "
                        "pixels, so it has to learn another task."
                    ),
                ),
                Answer(
                    _("A network whose every unit sees all pixels"),
                    True,
                    _("Each weight moves along with its pixel, and the sum is the same: it assumes no order at all."),
                ),
            ),
        ),
        Question(
            "captioning-3",
            _("What comes one after another in a captioner?"),
            (
                Answer(
                    _("The regions of the photo"),
                    False,
                    _("All of them are there at each step: attention is a sum, and a sum has no order."),
                ),
                Answer(
                    _("The words of the caption"),
                    True,
                    _("Each word is chosen after the ones before it are known; that is the RNN's part."),
                ),
                Answer(
                    _("Photos"),
                    False,
                    _("One photo is enough. Nothing is carried over from one photo to the next."),
                ),
            ),
        ),
        Question(
            "captioning-4",
            _("A's memory is replaced by B's, the eye stays on A, and B's word becomes likely. What does that show?"),
            (
                Answer(
                    _("That the network does not look at the picture"),
                    False,
                    _("It still looks. Swap the picture and keep the memory, and see what that does."),
                ),
                Answer(
                    _("That the memory can bring this word"),
                    True,
                    _("It can, put in this place. How much the picture does beside it, the other swaps tell."),
                ),
                Answer(
                    _("That there is a unit for this word"),
                    False,
                    _("All units were replaced at once. Hold single ones, beside as many random ones, to ask that."),
                ),
            ),
        ),
    )
