"""The address's parameters, cleaned before any widget reads them.

Streamlit checks most of what stands in a URL: it ignores a number out of its widget's limits, and what is none. But of
infinity, however it is written (``inf``, ``1e999``, four hundred nines), a widget for whole numbers makes an
OverflowError, and the page is gone.
"""

import math

from streamlit.runtime.scriptrunner import get_script_run_ctx

#: Parameters that hold what somebody typed, where “inf” is a text like any other.
TYPED = frozenset(
    (
        *("caption_start", "lessons_search", "neurons_search"),
        *("sequence_own_text", "sequence_pulses", "sequence_series", "sequence_text"),
    )
)


def clean() -> None:
    """Take the parameters out of the address that hold an infinite number; call it before the first widget."""
    # By ``st.query_params`` a parameter cannot be taken from a widget that has it already, as after the way back.
    with get_script_run_ctx().session_state.query_params() as query:
        endless = [key for key in query if key not in TYPED and any(map(_is_infinite, query.get_all(key)))]
        for key in endless:
            query.remove_param(key)
        if endless:
            query.set_initial_query_params_from_current()


def _is_infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False
