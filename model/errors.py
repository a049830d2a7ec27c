"""Errors that a user can act on: one sentence that says what was wrong, what is accepted, and what to do.

The sentence is kept as a template and its values, so that the app can show it in the user's language. The model
knows nothing of translation: ``str(error)`` is the English sentence.

    raise PhotoError("{name} is no picture. Please choose a JPEG, PNG, WebP or HEIC file.", name="notes.txt")
"""


class UserError(ValueError):
    """What the user gave cannot be used; ``template.format(**values)`` says why and what to do."""

    def __init__(self, template: str, /, **values: object) -> None:
        super().__init__(template)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values)


class PhotoError(UserError):
    """A photo that cannot be opened."""


class WeightsError(UserError):
    """A network's file that is damaged, or does not fit the others."""


class MissingFileError(UserError, FileNotFoundError):
    """A file of a network that is not there."""


class SettingError(UserError):
    """A setting outside its range."""


class WordError(UserError):
    """A word that the model does not know."""
