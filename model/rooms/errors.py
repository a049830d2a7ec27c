"""What can go wrong in a room, as sentences for whoever is in it."""

from model.errors import UserError
from model.words import N_


class RoomError(UserError):
    """What was asked of a room cannot be."""


class RoomClosed(RoomError):
    """There is no such room, or not any more."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such room. Please check the code; a room that is closed does not open again."))
