"""What a user can take away: a trace as JSON (and back), the hidden states as CSV, the attention as an animated GIF."""

from app.export.film import attention_gif
from app.export.trace_file import hidden_csv, read_trace_json, trace_json

__all__ = ["attention_gif", "hidden_csv", "read_trace_json", "trace_json"]
