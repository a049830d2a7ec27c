"""What to look for in each view, and a question to try."""

from app.i18n import _
from app.ui.words import look_and_try


def what_to_look_for(view: str, task: str = "") -> None:
    """Two sentences; and, unless the URL hides ``question``, one thing to try: with a network that steps through a
    sequence, one of its ``task``."""
    look, question = {
        "step": (
            _(
                "Press play, or drag the slider: at each step the network mixes what it reads with what it remembers, "
                "and the formula shows how, with this step's numbers. Watch which units change at once, and which "
                "hold on."
            ),
            _("Which single character changes the prediction most, and which unit carries it there?"),
        ),
        "train": (
            _(
                "Press Run and watch the loss fall from the dashed line of chance towards the optimum. A plateau that "
                "suddenly breaks is the moment at which the memory finds out what to keep."
            ),
            _("Race all three on recall, then add distractors until one of them fails. Which one, and why?"),
        ),
        "gradients": (
            _(
                "A network learns from an early symbol only if a gradient comes back to it. In a plain RNN it shrinks "
                "or grows by about the same factor at each step; the gates of LSTM and GRU can let it pass."
            ),
            _(
                "Make the gradient of an untrained network explode with the smallest change: by how much must W_hh "
                "grow? Then try it with the one trained on recall. Why does it resist?"
            ),
        ),
        "landscape": (
            _(
                "While the input stays the same, the state falls, as water on a hillside, to where it stands still. "
                "What a network can keep is where its state can rest: two such places hold one bit, and an input is "
                "a push that may carry it over the ridge between them."
            ),
            _(
                "Two units by hand, the memory of one bit: make it forget. Turn W down until only one place is left. "
                "At which W does the second one vanish, and what do the eigenvalues say just before?"
            ),
        ),
    }[view]
    if view == "step":
        question = _questions().get(task, question)
    look_and_try(look, question)


def _questions() -> dict[str, str]:
    """What to try with a network that steps through a sequence, by its task."""
    return {
        "parity": _(
            "It answers 0 while the ones so far are even, 1 while they are odd. Where in the picture of its memory is "
            "“odd”? Type a one and thirty zeros: how long does it remember?"
        ),
        "text": _(
            "Which single character changes the prediction most, and which unit carries it there? Then let it go on "
            "alone, and warm it up."
        ),
        "recall": _(
            "It must say the first symbol again, at the end. Which unit holds it, and does it hold still while the "
            "distractors pass?"
        ),
        "reber": _(
            "Type BTBPVVETE: the last letter but one must repeat the second. Change that one, and watch where the "
            "memory notices."
        ),
        "sine": _("Let it go on alone: does the wave keep its height? Then type a few numbers that are no wave."),
    }
