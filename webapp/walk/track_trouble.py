"""Why a file that somebody brings is no track of a walk."""

from enum import StrEnum

from webapp.mark import N_


class TrackTrouble(StrEnum):
    """Why a file cannot place photos: a stable code, and a sentence for people."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    NOT_A_TRACK = "not-a-track"
    PACKED = "packed"
    OTHER_KIND = "other-kind"
    DAMAGED = "damaged"
    OWN_WORDS = "own-words"
    NO_TIMES = "no-times"
    NO_POINTS = "no-points"
    UNSOUND = "unsound"
    UNEQUAL = "unequal"
    TOO_MANY_POINTS = "too-many-points"
    TOO_SLOW = "too-slow"
    TOO_MUCH_MEMORY = "too-much-memory"

    @property
    def sentence(self) -> str:
        """In English; it is also the msgid to pass to gettext."""
        return SENTENCES[self]


SENTENCES = {
    TrackTrouble.EMPTY: N_("The file is empty."),
    TrackTrouble.TOO_LARGE: N_("The file is larger than 30 MB. Save only the part of the walk, and bring that."),
    TrackTrouble.NOT_A_TRACK: N_("This is not a track that we can read. GPX, KML and GeoJSON work."),
    TrackTrouble.PACKED: N_("This file is packed, as KMZ is. Unpack it, or save the track as KML or GPX."),
    TrackTrouble.OTHER_KIND: N_("Tracks of this kind cannot be read. Save it as GPX, KML or GeoJSON."),
    TrackTrouble.DAMAGED: N_("The file is damaged or breaks off, so nothing of it was read."),
    TrackTrouble.OWN_WORDS: N_(
        "The file brings definitions of its own (a DOCTYPE), which no track needs, so nothing of it was read."
    ),
    TrackTrouble.NO_TIMES: N_(
        "The file has places without times: it tells where somebody walked and not when, so it cannot place photos."
        " A GPX, or a KML that was recorded as a track, has the times."
    ),
    TrackTrouble.NO_POINTS: N_("There is no track in this file."),
    TrackTrouble.UNSOUND: N_("No point of the file has both a place on Earth and a time that can be."),
    TrackTrouble.UNEQUAL: N_("The file has not as many times as places, so nobody can say which belong together."),
    TrackTrouble.TOO_MANY_POINTS: N_(
        "The track has more than 100,000 points. Save only the part of the walk, and bring that."
    ),
    TrackTrouble.TOO_SLOW: N_("The track takes too long to read."),
    TrackTrouble.TOO_MUCH_MEMORY: N_("The track needs more memory than we can give it."),
}
