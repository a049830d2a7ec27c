"""Nouns right and found: the shares on captions whose nouns are counted by hand."""

import pytest

from model.captioner.languages import ENGLISH
from model.training.nouns import nouns_of, nouns_right


def test_nouns_in_their_dictionary_form():
    assert nouns_of("Two dogs are running on the grass.", ENGLISH.noun_model) == {"dog", "grass"}
    assert nouns_of("a man in a black hat rides a bike", ENGLISH.noun_model) == {"man", "hat", "bike"}
    assert nouns_of("", ENGLISH.noun_model) == frozenset()


def test_the_two_shares_by_hand():
    people = {
        "a": ["a dog on the grass", "two dogs on grass", "a dog with a ball"],  # most say dog and grass
        "b": ["a cat on a bed", "a cat", "a kitten sleeping"],  # most say cat
    }
    said = {"a": "a dog with a hat", "b": "a kitten on a bed"}
    # Of dog, hat, kitten, bed all but hat are right; of dog, grass, cat, which most people say, dog is found.
    assert nouns_right(people, said, ENGLISH.noun_model) == pytest.approx((3 / 4, 1 / 3))
