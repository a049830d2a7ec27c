"""Codes can be read aloud and typed in a hurry; secrets are long."""

import pytest

from model.rooms import LENGTH, random_secret, read_code, read_secret
from model.rooms.codes import ALPHABET, digest, random_code


def test_no_character_looks_like_another():
    for alike in ("0O", "1IL", "2Z", "5S", "8B", "UV"):
        assert len(set(alike) & set(ALPHABET)) == 0
    assert len(set(ALPHABET)) == len(ALPHABET) and ALPHABET.upper() == ALPHABET


def test_codes_come_by_chance_and_use_all_characters():
    drawn = [random_code() for _draw in range(2000)]
    assert len(set(drawn)) > 1990 and set("".join(drawn)) == set(ALPHABET)
    assert all(read_code(code) == code and len(code) == LENGTH for code in drawn)


@pytest.mark.parametrize("typed", ["k7f3m", " K7F3M ", "K7 F3-M", "Ｋ７Ｆ３Ｍ", "k7f3m\n"])
def test_a_code_may_be_typed_as_it_comes(typed):
    assert read_code(typed) == "K7F3M"


@pytest.mark.parametrize("typed", ["", "K7F3", "K7F3MM", "K0F3M", "KAF3M", "' OR 1=1", "K7F3M" * 20, "𝐊7F3🙂"])
def test_what_is_no_code_is_none(typed):
    assert read_code(typed) is None


def test_secrets_have_128_bits_and_one_form():
    secret = random_secret()
    assert read_secret(secret) == secret and len({random_secret() for _draw in range(1000)}) == 1000
    for wrong in ("", secret[:-1], secret + "x", secret[:-1] + "\n", secret[:-1] + '"', secret[:-1] + "é"):
        assert read_secret(wrong) is None


def test_a_digest_is_another_in_another_room():
    secret = random_secret()
    assert digest("K7F3M", secret) != digest("K7F3N", secret) and len(digest("K7F3M", secret)) == 32
