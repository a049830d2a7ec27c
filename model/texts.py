"""Texts of a model that a page shows, such as what one of its variables is called."""


def N_(message: str) -> str:
    """``message`` as it is, in English, marked for translation: who shows it translates it."""
    return message
