"""The lessons by their codes in the URL, in the order in which they are taught."""

from collections.abc import Callable
from typing import NamedTuple

from app.i18n import _
from app.lessons import after, brain, captioning, exercise, fading, glossary, neuron, recurrence, training


class Lesson(NamedTuple):
    """One lesson: its title, what shows it, what one can do after it, and about how many minutes it takes."""

    title: str
    show: Callable[[], None]
    goal: str
    minutes: int


def course() -> dict[str, Lesson]:
    """All lessons; the glossary is the last."""
    return {
        "brain": Lesson(
            _("Brain and machine"),
            brain.show,
            _("Say what a living neuron does, and what an artificial one leaves out."),
            15,
        ),
        "neuron": Lesson(
            _("The artificial neuron and the network"),
            neuron.show,
            _("Set a unit's weights by hand, and see why a network needs a bent curve."),
            15,
        ),
        "recurrence": Lesson(
            _("Recurrence: a network with a memory"),
            recurrence.show,
            _("Read the two equations of a recurrent network, letter by letter."),
            10,
        ),
        "training": Lesson(
            _("Training in six steps"),
            training.show,
            _("Take a real network through one round of training, and know what each step changes."),
            20,
        ),
        "fading": Lesson(
            _("When memory fades: vanishing gradients, LSTM and GRU"),
            fading.show,
            _("See a gradient vanish and explode, and what a gate does about it."),
            25,
        ),
        "captioning": Lesson(
            _("CNN, RNN and image description"),
            captioning.show,
            _("Explain how a CNN and an RNN write a photo's caption together."),
            20,
        ),
        "after": Lesson(
            _("What came after, and what is open"),
            after.show,
            _("Compare recurrence with attention, and name what nobody has solved."),
            20,
        ),
        "exercise": Lesson(
            _("The first exercise, and its three mistakes"),
            exercise.show,
            _("Run the classic first program, and find what is wrong with it."),
            20,
        ),
        "glossary": Lesson(_("Glossary"), glossary.show, _("Look up any word of the course."), 0),
    }
