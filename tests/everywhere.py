"""Every page and view of the app, by a name and the address that opens it: for what must look at all of them."""

from collections.abc import Iterator
from typing import NamedTuple


class View(NamedTuple):
    """A page, and the parameters that open one of its views."""

    page: str
    query: str = ""

    @property
    def address(self) -> str:
        return f"/{self.page}?{self.query}"


LESSONS = ("brain", "neuron", "recurrence", "training", "fading", "captioning", "after", "exercise", "glossary")


def every_view() -> Iterator[View]:
    """All of them, once each."""
    yield View("")
    for view in ("looked", "nearly", "beam", "memory", "gates", "moments", "formulas"):
        yield View("caption", f"caption_view={view}")
    yield View("caption", "caption_all_words=true")
    yield View("caption", "caption_view=moments&caption_moments_part=pattern")
    for space in ("3d", "units"):
        yield View("caption", f"caption_view=memory&caption_space={space}")
    for experiment in ("siblings", "eye", "hide", "surgery", "probes", "saliency", "transformer"):
        yield View("caption", f"caption_part=experiments&caption_experiment={experiment}")
    for part in ("gates", "scores"):
        yield View("caption", f"caption_part=experiments&caption_experiment=siblings&caption_siblings_part={part}")
    yield View("caption", "caption_part=experiments&caption_experiment=eye&caption_eye_show=field")
    for part in ("patch", "hold"):
        yield View("caption", f"caption_part=experiments&caption_experiment=surgery&caption_surgery_part={part}")
    yield View("caption", "caption_guess=true")
    yield View("caption", "caption_code=true")
    yield View("sequence", "sequence_code=true")
    yield View("caption", "caption_all=true&caption_scores=true")
    for more in ("text", "gates", "course", "alone"):
        yield View("sequence", f"sequence_more={more}")
    yield View("sequence", "sequence_view=train")
    for gradient in ("symbols", "norms", "eigenvalues"):
        yield View("sequence", f"sequence_view=gradients&sequence_gradient={gradient}")
    for network in ("hand", "preset"):
        yield View("sequence", f"sequence_view=landscape&sequence_network={network}&sequence_neuron=true")
    yield View("sequence", "sequence_view=landscape&sequence_network=preset&sequence_preset=sine-gru")
    for view in ("one", "summing", "learning", "memory", "table"):
        yield View("neurons", f"neurons_view={view}")
    for lesson in LESSONS:
        yield View("lessons", f"lessons_lesson={lesson}")
    yield View("class")
    yield View("about")
