"""A ZIP of the originals, byte for byte, with `captions.csv` and, where some may not leave, `left-out.csv`."""

from datetime import datetime
from typing import Any

from zipstream import ZipStream

from webapp.consent.rules import Exit, Refusal
from webapp.export.formats.file import File
from webapp.export.formats.table import table
from webapp.photo import exits, queries
from webapp.project import queries as project_queries

ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/avif": "avif",
}
COLUMNS = (
    "file",
    "photo",
    "sha256",
    "language",
    "caption",
    "light",
    "people",
    "participant",
    "stop",
    "stop_name",
    "taken_local",
    "taken_utc",
    "lat",
    "lon",
    "accuracy_m",
    "place_source",
    "received",
    "unreadable_reason",
)


def make(walk: Any) -> File:
    """The walk's ZIP. `photos` counts the originals in it."""
    photos = queries.photos_of_walk(walk.id)
    originals = exits.originals(photos, Exit.ORIGINALS)
    project = project_queries.project(walk.project_id)
    zone = project.zone if project else "UTC"
    stream = ZipStream(sized=True)
    rows, left_out = [], []
    for number, photo in enumerate(photos, 1):
        original = originals[photo.id]
        if isinstance(original, Refusal):
            left_out.append((str(photo.id), original.value))
            continue
        if original is None:
            come = queries.original_of(photo) is not None
            reason = "its file is missing on the server" if come else "its original has not come yet"
            left_out.append((str(photo.id), reason))
            continue
        name = f"{number:04d}-{str(photo.id)[:8]}.{ENDINGS.get(photo.type, 'bin')}"
        stream.add_path(original, f"originals/{name}")
        rows.append(_row(name, photo, walk, zone))
    stream.add(table(COLUMNS, rows), "captions.csv")
    if left_out:
        stream.add(table(("photo", "reason"), left_out), "left-out.csv")
    return File(f"pohled-{walk.starts.date()}-originals.zip", "application/zip", stream, len(stream), len(rows))


def _row(name: str, photo: Any, walk: Any, zone: str) -> list[object]:
    facts = queries.facts_of(photo)
    taken = facts.in_zone(zone).taken if facts else None
    place = queries.place_of(photo)
    stop = next((each for each in walk.stops if each.id == photo.stop_id), None)
    language, caption = next(iter(photo.caption.items()), ("", ""))
    return [
        name,
        str(photo.id),
        photo.original,
        language,
        caption,
        " ".join(word for word, lit in (("up", photo.up), ("down", photo.down)) if lit),
        photo.people,
        str(photo.participant_id),
        stop.position if stop else None,
        next(iter(stop.name.values()), "") if stop else None,
        _text(taken.local if taken else None),
        _text(taken.utc if taken else None),
        place.lat if place else None,
        place.lon if place else None,
        place.accuracy if place else None,
        place.source.value if place else None,
        _text(photo.received),
        facts.reason if facts and not facts.ok else None,
    ]


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
