"""What curators may decide on a photo: plain decisions."""

from enum import StrEnum


class State(StrEnum):
    """What was decided on a photo for one exhibition. Stars are another matter: they say how good it is."""

    NONE = ""
    PICK = "pick"  # on the shortlist
    OUT = "out"
    WANTED = "wanted"  # it should hang, and its author has not agreed: ask
