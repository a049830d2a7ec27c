"""Settings: what is put and what fits, by kind."""

import pytest
import streamlit as st

from app.sequence.texts import IN_URL, LongText
from app.ui.settings import ANY, MAX_CHARACTERS, Code, Flag, Number, Seed, Setting, Text, settings_of
from model.checks import MOST_SEED

WHOLE, REAL = Number("trial_whole", 1, 9, 3), Number("trial_real", 0.0, 1.0, 0.5, 0.1)
TYPED = LongText("trial_typed")


@pytest.mark.parametrize(
    ("setting", "wanted", "got"),
    [
        (WHOLE, 5, 5),
        (WHOLE, 5.0, 5),
        (WHOLE, 0, 1),
        (WHOLE, 10**30, 9),
        (REAL, 1, 1.0),
        (REAL, -0.5, 0.0),
        (Number("trial_any", 0, ANY, 0), 10**6, 10**6),
        (Seed("trial_seed"), 2**40, MOST_SEED),
        (Flag("trial_flag"), True, True),
        (Code("trial_code"), "gru", "gru"),
        (TYPED, "x" * (IN_URL + 1), "x" * (IN_URL + 1)),
        (TYPED, "short", "short"),
    ],
    ids=str,
)
def test_a_setting_is_put_within_its_limits_and_in_its_kind(setting, wanted, got):
    setting.put(wanted)
    assert setting.value == got and type(setting.value) is type(got)


def test_a_text_too_long_for_the_address_stays_out_of_it():
    TYPED.put("x" * (IN_URL + 1))
    assert st.session_state[TYPED.key] == ""
    TYPED.put("x" * IN_URL)
    assert st.session_state[TYPED.key] == "x" * IN_URL


@pytest.mark.parametrize(
    ("setting", "good", "bad"),
    [
        (WHOLE, [1, 9], [0, 10, 5.0, True, "5", None, 10**4000]),
        (REAL, [0.0, 1.0], [1, -0.1, 1.1, float("nan"), float("inf"), "0.5", [0.5]]),
        (Flag("trial_flag"), [True, False], [0, 1, "true", None]),
        (Code("trial_code"), ["", "x" * MAX_CHARACTERS], ["x" * (MAX_CHARACTERS + 1), 1, None, b"x"]),
        (Text("trial_text", longest=60), ["", "x" * 60], ["x" * 61, 1, ["x"]]),
        (TYPED, ["", "x" * 100_000], ["x" * 100_001, 1, None]),
    ],
    ids=lambda one: one.key if isinstance(one, Setting) else "",
)
def test_what_may_come_out_of_a_file(setting, good, bad):
    assert all(setting.fits(value) for value in good) and not any(setting.fits(value) for value in bad)


def test_a_page_knows_its_own_settings():
    assert {"trial_whole", "trial_typed"} <= {one.key for one in settings_of("trial")}
    assert "trial_whole" not in {one.key for one in settings_of("tri")}
