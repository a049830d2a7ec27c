"""The parts of the sequence page: its settings, the session's training run, its three views, its files."""
