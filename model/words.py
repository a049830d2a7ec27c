"""Words of the model's that a page shows. The model is English; whoever shows them translates them."""


def N_(message: str) -> str:
    """``message`` as it is, marked for translation."""
    return message
