"""What to look for in each view, and a question to try."""

from app.i18n import _
from app.ui.words import look_and_try


def what_to_look_for(view: str) -> None:
    """Two sentences; and, unless the URL hides ``question``, one thing to try."""
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
                "Make the memory of one bit forget: turn W down until only one place is left. At which W does the "
                "second one vanish, and what do the eigenvalues say just before?"
            ),
        ),
    }[view]
    look_and_try(look, question)
