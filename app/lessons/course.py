"""The lessons by their codes in the URL, in the order in which they are taught."""

from collections.abc import Callable
from typing import NamedTuple

from app.i18n import _
from app.lessons import after, brain, captioning, exercise, fading, glossary, neuron, recurrence, training


class Lesson(NamedTuple):
    """One lesson: its title, and what shows it."""

    title: str
    show: Callable[[], None]


def course() -> dict[str, Lesson]:
    """All lessons; the glossary is the last."""
    return {
        "brain": Lesson(_("Brain and machine"), brain.show),
        "neuron": Lesson(_("The artificial neuron and the network"), neuron.show),
        "recurrence": Lesson(_("Recurrence: a network with a memory"), recurrence.show),
        "training": Lesson(_("Training in six steps"), training.show),
        "fading": Lesson(_("When memory fades: vanishing gradients, LSTM and GRU"), fading.show),
        "captioning": Lesson(_("CNN, RNN and image description"), captioning.show),
        "after": Lesson(_("What came after, and what is open"), after.show),
        "exercise": Lesson(_("The first exercise, and its three mistakes"), exercise.show),
        "glossary": Lesson(_("Glossary"), glossary.show),
    }
