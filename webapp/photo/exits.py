"""The one way in which a photo's bytes leave the store: nothing else may ask it for them."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from flask import current_app

from webapp.consent.rules import Exit, Refusal
from webapp.photo import queries
from webapp.photo.rules import EDGES, PartName, PictureState, sniff_sound
from webapp.photo.tables import Part, Photo
from webapp.storage import Store
from webapp.walk.tables import Response

SOUND_HEAD = 16  # bytes that tell what a recording is


class Refused(Exception):
    """The photo may not leave by this way (`reason`), or there is no such file of it (None)."""

    def __init__(self, reason: Refusal | None) -> None:
        super().__init__(reason)
        self.reason = reason


def leave(photo: Photo, way: Exit, edge: int, of: str = "") -> Path:
    """The file of one size, for whoever stands at this exit. Raises `Refused`.

    `of` is the beginning of the SHA-256 of the picture that an address was made for: once the photo is painted over,
    the addresses of what it showed before lead nowhere.
    """
    _ask(photo, way)
    picture = photo.picture
    if photo.painted and not (photo.sha256 or "").startswith(of):
        raise Refused(None)
    if picture is None or edge not in EDGES or picture.state != PictureState.READY:
        raise Refused(None)
    return _there(_store().derived(picture.sha256, f"{edge}.jpg"))  # `pohled photo rebuild --missing` makes it again


def sound(photo: Photo, way: Exit) -> tuple[Path, str]:
    """The spoken caption's file and its MIME type, for whoever stands at this exit. Raises `Refused`."""
    _ask(photo, way)
    return _playable(queries.part(photo, PartName.SOUND))


def note(response: Response, question: str, way: Exit) -> tuple[Path, str]:
    """The spoken note to an answer, its file and MIME type, for whoever stands at this exit. Raises `Refused`."""
    if reason := queries.response_refusal(response, way):
        raise Refused(reason)
    return _playable(queries.sounds_of(response).get((response.id, question)))


def _playable(spoken: Part | None) -> tuple[Path, str]:
    if spoken is None:
        raise Refused(None)
    path = _there(_store().original(spoken.sha256))
    with path.open("rb") as file:
        kind = sniff_sound(file.read(SOUND_HEAD))
    if kind is None:  # whatever it is, nobody's browser shall play it
        raise Refused(None)
    return path, kind


def originals(photos: Sequence[Photo], way: Exit) -> Mapping[uuid.UUID, Path | Refusal | None]:
    """For each photo its untouched file (or, where it was painted over, the whole of what was made then), or why it
    may not leave; None where it has not come or is lost."""
    refusals = queries.refusals(photos, way)
    found: dict[uuid.UUID, Path | Refusal | None] = {}
    for photo in photos:
        picture = queries.original_of(photo)
        path = _store().original(picture.sha256) if picture else None
        found[photo.id] = refusals[photo.id] or (path if path and path.is_file() else None)
    return found


def unreadable(photo: Photo, way: Exit) -> tuple[Path, str]:
    """The untouched file that nobody could open, and the type that it claims. Raises `Refused`."""
    _ask(photo, way)
    picture = queries.unreadable_parts([photo]).get(photo.id)
    if picture is None:
        raise Refused(None)
    return _there(_store().original(picture.sha256)), picture.type


def best(photos: Sequence[Photo], way: Exit) -> Mapping[uuid.UUID, Path | Refusal | None]:
    """For each photo the file with the most of it that has come (its original, else the small picture that came
    before), or why it may not leave; None where there is no picture, or nobody can open it."""
    refusals = queries.refusals(photos, way)
    found: dict[uuid.UUID, Path | Refusal | None] = {}
    for photo in photos:
        picture = photo.picture
        path = _store().original(picture.sha256) if picture and picture.state == PictureState.READY else None
        found[photo.id] = refusals[photo.id] or (path if path and path.is_file() else None)
    return found


def small(photos: Sequence[Photo], way: Exit, edge: int) -> Mapping[uuid.UUID, Path | Refusal | None]:
    """For each photo the file of one size, or why it may not leave; None where there is none."""
    refusals = queries.refusals(photos, way)
    found: dict[uuid.UUID, Path | Refusal | None] = {}
    for photo in photos:
        picture = photo.picture
        ready = picture is not None and picture.state == PictureState.READY
        path = _store().derived(picture.sha256, f"{edge}.jpg") if picture and ready else None
        found[photo.id] = refusals[photo.id] or (path if path and path.is_file() else None)
    return found


def sealed(photo: Photo, edge: int) -> Path:
    """A size of the picture that is painted over next, as it was before, for the owner. Raises `Refused`."""
    _ask(photo, Exit.SEALED)
    wanted = queries.to_paint(photo, sealed_too=True)
    if wanted is None or edge not in EDGES:
        raise Refused(None)
    return _there(_store().derived(wanted.picture.sha256, f"{edge}.jpg"))


def pictured(photo: Photo) -> Path:
    """The photo for somebody who can be recognised in it and has the code of what they signed. Raises `Refused`."""
    return leave(photo, Exit.PICTURED, EDGES[1])


def everything(participant_id: uuid.UUID) -> Iterator[tuple[Part, Path]]:
    """All bytes that belong to one person's photos and answers, for that person alone."""
    photos = {photo.id: photo for photo in queries.own_photos(participant_id)}
    refusals = queries.refusals(list(photos.values()), Exit.PERSON)
    for part in queries.parts_of(participant_id):
        path = _store().original(part.sha256)
        if (part.photo_id is None or refusals[part.photo_id] is None) and path.is_file():
            yield part, path


def _ask(photo: Photo, way: Exit) -> None:
    if reason := queries.refusals([photo], way)[photo.id]:
        raise Refused(reason)


def _there(path: Path) -> Path:
    if not path.is_file():
        raise Refused(None)
    return path


def _store() -> Store:
    store: Store = current_app.extensions["store"]
    return store
