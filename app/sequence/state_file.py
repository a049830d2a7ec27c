"""The page's settings as a file: what stands in the URL, and texts that are too long for it.

The file is JSON: ``format``, ``version`` and ``settings``, by the URL's names. It may come from anyone: names, types
and ranges are checked before anything is set.
"""

import json

import streamlit as st

from app.i18n import N_
from app.ui.settings import settings_of
from model.errors import UserError

FORMAT, VERSION = "afterimage sequence settings", 1
#: The largest file, in bytes: three texts of the greatest length, and room to spare.
MAX_BYTES = 4_000_000


def settings_json() -> bytes:
    """What the session has set."""
    settings = {one.key: one.value for one in settings_of("sequence") if one.key in st.session_state}
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
    known = {one.key: one for one in settings_of("sequence")}
    for key, value in settings.items():
        if key not in known or not known[key].fits(value):
            raise UserError(
                N_("The setting {key} in this file does not fit. Please save the settings again."), key=repr(key)[:40]
            )
    for key, value in settings.items():
        known[key].put(value)
