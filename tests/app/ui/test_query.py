"""Whatever stands in the address: no page breaks, for any of its parameters."""

from functools import cache
from pathlib import Path

import pytest
from streamlit.runtime.state.query_params import QueryParams

from app.ui.settings import Number, settings_of
from tests.app.conftest import go_to, start_app

ROOT = Path(__file__).resolve().parents[3]

#: Every page in each of its views: the page, and what in the address leads there.
PLACES = [
    ("home", {}),
    ("caption", {"caption_search": "beam"}),
    ("caption", {"caption_search": "sample"}),
    *(("caption", {"caption_view": view}) for view in ("memory", "gates", "formulas")),
    *(
        ("caption", {"caption_part": "experiments", "caption_experiment": one})
        for one in ("eye", "hide", "saliency", "transformer", "siblings")
    ),
    ("sequence", {"sequence_view": "step", "sequence_more": "alone"}),
    ("sequence", {"sequence_view": "step", "sequence_network": "untrained", "sequence_task": "text"}),
    *(
        ("sequence", {"sequence_view": "train", "sequence_task": task})
        for task in ("recall", "reber", "adding", "sine", "numbers", "ten_numbers")
    ),
    ("sequence", {"sequence_view": "train", "sequence_task": "text", "sequence_corpus": "own"}),
    *(
        ("sequence", {"sequence_view": "gradients", "sequence_gradient": one, "sequence_network": "untrained"})
        for one in ("symbols", "norms", "eigenvalues")
    ),
    *(("neurons", {"neurons_view": view}) for view in ("one", "summing", "learning", "memory", "table")),
    *(("neurons", {"neurons_view": "one", "neurons_model": model}) for model in ("lif", "izhikevich", "adex")),
    *(
        ("lessons", {"lessons_lesson": lesson})
        for lesson in (
            *("brain", "neuron", "recurrence", "training", "fading", "captioning", "after", "exercise", "glossary"),
        )
    ),
    ("about", {}),
]
IDS = ["-".join((page, *where.values())) for page, where in PLACES]

VALUES = {
    "infinite": "inf",
    "below": "-inf",
    "overflowing": "1e999",
    "nines": "9" * 5000,
    "no number": "nan",
    "huge": "1e300",
    "whole": str(2**80),
    "negative": "-1",
    "fraction": "0.5",
    "empty": "",
    "blank": " ",
    "word": "true",
    "list": "1,2,3",
    "Markdown": "![](//host/x) **b** $x$ :smile: [a](//host)",
    "HTML": "<img src=//host/x onerror=alert(1)>",
    "braces": "{lang} {0} %s",
    "control": "\0\x1b\u202e",
    "half a pair": "\ufffd\ufffd",  # what an address with %ED%A0%80, half of a surrogate pair, is decoded to
    "emoji": "👩‍👩‍👧",
    "long": "x" * 6000,
}


@cache
def keys_of(place: int) -> dict[str, str]:
    """The parameters that widgets of a place read, each with the type that Streamlit gives its value."""
    found: dict[str, str] = {}
    bind = QueryParams.bind_widget

    def note(self, param_key: str, widget_id: str, value_type: str, script_hash: str) -> None:
        found[param_key] = value_type
        bind(self, param_key=param_key, widget_id=widget_id, value_type=value_type, script_hash=script_hash)

    page, where = PLACES[place]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QueryParams, "bind_widget", note)
        test = go_to(start_app(ROOT, **where), page)
    assert not test.exception
    return found


def spread(keys: list[str], values: list[str], turn: int) -> dict[str, str]:
    """A value for each key, another one at each turn."""
    return {key: values[(place + turn * 5) % len(values)] for place, key in enumerate(sorted(keys))}


@pytest.mark.parametrize("place", range(len(PLACES)), ids=IDS)
def test_a_page_stands_whatever_all_its_parameters_are(place):
    """Each of its widgets gets the endless numbers, and one of all other values; at another place another one."""
    page, where = PLACES[place]
    keys = keys_of(place)
    assert set(where) <= set(keys), "the place is not reached"
    others = [key for key in keys if key not in where and key != "lang"]
    values = list(VALUES.values())
    every = [dict.fromkeys(others, VALUES[name]) for name in ("infinite", "nines")]
    every.append(spread(others, values, place))
    for parameters in every:
        test = go_to(start_app(ROOT, **where, **parameters), page)
        assert not [error.value for error in test.exception], parameters


@pytest.mark.parametrize("page", sorted({page for page, _where in PLACES}))
def test_choices_may_be_anything_too(page):
    """What leads to a place is a parameter like others."""
    keys = {key for place, (where, _) in enumerate(PLACES) if where == page for key in keys_of(place)}
    for name in ("overflowing", "empty", "Markdown", "control", "long"):
        assert not go_to(start_app(ROOT, **dict.fromkeys(keys, VALUES[name])), page).exception


def test_numbers_of_the_address_are_read(app):
    """So that the tests above set what they mean to set."""
    test = app(sequence_view="train", sequence_size="7", sequence_learning_rate="0.5", page="sequence")
    assert test.number_input(key="sequence_size").value == 7
    assert test.number_input(key="sequence_learning_rate").value == 0.5


def test_an_endless_number_leaves_the_address_and_others_stay(app):
    test = app(sequence_view="train", sequence_size="inf", sequence_seed="5", page="sequence")
    assert not test.exception
    assert test.number_input(key="sequence_size").value == 32 and test.number_input(key="sequence_seed").value == 5
    assert "sequence_size" not in test.query_params and test.query_params["sequence_seed"] == "5"


def test_typed_texts_may_say_infinity(app):
    test = app(sequence_view="step", sequence_network="untrained", sequence_text="inf", page="sequence")
    assert test.text_input(key="sequence_text_shown").value == "inf"


def test_every_number_of_an_address_is_a_declared_one():
    """Those alone are cleaned before their widgets read them."""
    kinds = {key: kind for place in range(len(PLACES)) for key, kind in keys_of(place).items()}
    numbers = {key for key, kind in kinds.items() if "double" in kind or "int" in kind}
    declared = {one.key: one for page, _where in PLACES for one in settings_of(page)}
    assert len(numbers) > 50 and all(isinstance(declared[key], Number) for key in numbers - {"lessons_after_length"})
    texts = {key for key, kind in kinds.items() if kind == "string_value"}
    assert not [key for key in texts & declared.keys() if isinstance(declared[key], Number)]
