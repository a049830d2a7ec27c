"""The parts of the caption page: its photo, its settings, the captions of this session, steering, the views."""
