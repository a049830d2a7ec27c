"""The page's settings as a file: what stands in the URL, and texts that are too long for it.

The file is JSON: ``format``, ``version`` and ``settings``, by the URL's names. It may come from anyone: names, types
and ranges are checked before anything is set.
"""

import json
from typing import Any

import streamlit as st

from app.i18n import N_
from app.sequence.settings import LARGEST_SEED
from app.sequence.texts import put_text
from app.sequence.two_units import ENTRIES, INPUT, START, WEIGHT
from app.ui.shell import LONGEST
from model.errors import UserError
from model.recurrent import TASKS
from model.recurrent.settings import LIMITS
from model.recurrent.text import MAX_TEXT

FORMAT, VERSION = "afterimage sequence settings", 1
#: The largest file, in bytes: three texts of the greatest length, and room to spare.
MAX_BYTES = 4_000_000

#: Texts of any length, and choices and the like, which are read with care where they are used.
TEXTS = ("sequence_text", "sequence_own_text", "sequence_series")
CODES = (
    *("sequence_view", "sequence_network", "sequence_preset", "sequence_task", "sequence_cell", "sequence_corpus"),
    *("sequence_optimizer", "sequence_ten_reading", "sequence_more", "sequence_watch", "sequence_gradient"),
    *("sequence_look", "sequence_constant", "sequence_pulses"),
)
FLAGS = ("sequence_reber_embedded", "sequence_slow", "sequence_clipping", "sequence_neuron")
#: The least and the most of each number; whole ones have whole limits.
NUMBERS: dict[str, tuple[float, float]] = {
    "sequence_size": LIMITS["hidden_size"],
    "sequence_seed": (0, LARGEST_SEED),
    "sequence_learning_rate": LIMITS["learning_rate"],
    "sequence_batch": LIMITS["batch_size"],
    "sequence_clip": LIMITS["clip"],
    "sequence_keep_bias": LIMITS["keep_bias"],
    "sequence_steps": (0, 100_000),
    "sequence_example": (0, 9999),
    "sequence_unit": (0, LIMITS["hidden_size"][1]),
    "sequence_alone_steps": (1, 400),
    "sequence_alone_seed": (0, 9999),
    "sequence_temperature": (0.0, 2.0),
    "sequence_shown_step": (1, 100_000),
    "sequence_step": (0, 200),
    "sequence_scale": (0.0, 5.0),
    "sequence_neuron_current": (0.0, 20.0),
    **{f"sequence_{entry}": WEIGHT[:2] for entry in ENTRIES},
    **{f"sequence_x{unit}": INPUT[:2] for unit in range(2)},
    **{f"sequence_start{unit}": START[:2] for unit in range(2)},
} | {
    f"sequence_{name}_{field}": (least, min(most, LARGEST_SEED))
    for name, task in TASKS.items()
    for field, (least, most) in task.limits.items()
}


def settings_json() -> bytes:
    """What the session has set."""
    state = st.session_state
    settings = {key: state[key] for key in (*CODES, *FLAGS, *NUMBERS) if key in state}
    settings |= {key: state.get(f"{key}_kept") or state[key] for key in TEXTS if key in state}
    return json.dumps({"format": FORMAT, "version": VERSION, "settings": settings}, ensure_ascii=False).encode()


def put_settings_json(data: bytes) -> None:
    """Set what a file of settings says; call it in a callback.

    Raises:
        UserError: when it is no such file, or a setting does not fit; then nothing is set.
    """
    if len(data) > MAX_BYTES:
        raise UserError(N_("The file is too large. Please load settings that this page saved."))
    try:
        content = json.loads(data.decode("utf-8"))
        json.dumps(content, ensure_ascii=False).encode("utf-8")  # no half of a surrogate pair, as "\\ud800" would be
    except (ValueError, RecursionError) as error:
        raise UserError(N_("This file is no JSON. Please load settings that this page saved.")) from error
    settings = content.get("settings") if isinstance(content, dict) else None
    if not isinstance(settings, dict) or content.get("format") != FORMAT or content.get("version") != VERSION:
        raise UserError(N_("This file holds no settings of this page. Please load settings that this page saved."))
    for key, value in settings.items():
        if not _fits(key, value):
            raise UserError(
                N_("The setting {key} in this file does not fit. Please save the settings again."), key=repr(key)[:40]
            )
    for key, value in settings.items():
        if key in TEXTS:
            put_text(key, value)
        else:
            st.session_state[key] = value
    if "sequence_task" in settings:
        st.session_state["sequence_task_before"] = settings["sequence_task"]


def _fits(key: str, value: Any) -> bool:
    if key in TEXTS:
        return isinstance(value, str) and len(value) <= MAX_TEXT
    if key in CODES:
        return isinstance(value, str) and len(value) <= LONGEST
    if key in FLAGS:
        return isinstance(value, bool)
    if key not in NUMBERS:
        return False
    least, most = NUMBERS[key]
    return type(value) is type(least) and least <= value <= most
