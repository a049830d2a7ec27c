"""A parameter of the address: cleaned before its widget reads it, and kept while another one goes.

Streamlit checks most of what stands in a URL: it ignores a number out of its widget's limits, and what is none. But of
infinity, however it is written (``inf``, ``1e999``, four hundred nines), a widget for whole numbers makes an
OverflowError, and the page is gone.
"""

import math
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext


def this_run() -> ScriptRunContext:
    """What Streamlit knows of the run that asks."""
    context = get_script_run_ctx()
    assert context is not None, "pages run in Streamlit alone"
    return context


def drop_infinite(key: str) -> None:
    """Take the parameter out of the address where it holds an infinite number; call it before its widget is drawn."""
    # By ``st.query_params`` a parameter cannot be taken from a widget that has it already, as after the way back.
    with this_run().session_state.query_params() as query:
        if key in query and any(map(_is_infinite, query.get_all(key))):
            query.remove_param(key)
            query.set_initial_query_params_from_current()


def bound(widget: Callable[..., Any], *given: Any, key: str, default: bool | float | str, **shown: Any) -> Any:
    """A widget whose value stands in the address, and stays there while others go; what ``widget`` gives.

    The browser writes a widget's value into the address by itself, and Streamlit's copy of the address does not learn
    of it. When another widget goes, its parameter goes too, and the whole address is written anew from that copy: a
    switch that hides others would take itself out of the address. An address leaves out what is a ``default``.
    """
    drawn = widget(*given, key=key, bind="query-params", **shown)
    value = st.session_state[key]
    if value != default:
        with this_run().session_state.query_params() as query:
            query.set_with_no_forward_msg(key, str(value).lower() if isinstance(value, bool) else str(value))
    return drawn


def _is_infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False
