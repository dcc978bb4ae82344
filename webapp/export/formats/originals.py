"""A ZIP of the originals, byte for byte, with `captions.csv`, a word that they are not to be passed on and,
where some may not leave, `left-out.csv`."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from zipstream import ZipStream

from webapp.consent.rules import Exit
from webapp.doors import Right
from webapp.export.formats.file import File
from webapp.export.formats.format import Format, Item, Order, Workshop, item
from webapp.export.formats.table import table
from webapp.export.rules import EXACT, LOST, LeftOut, Subject
from webapp.mark import N_
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
    "place_gap_s",
    "received",
    "unreadable_reason",
)


def make(walk: Any) -> File:
    """The walk's ZIP, as it is sent. `photos` counts the originals in it."""
    project = project_queries.project(walk.project_id)
    stops = {stop.id: stop for stop in walk.stops}
    items, left_out = find(queries.photos_of_walk(walk.id), Exit.ORIGINALS, project.zone if project else "UTC", stops)
    stream = _stream([(f"{n:04d}", item) for n, item in items], [(str(photo.id), no) for photo, no in left_out])
    return File(f"pohled-{walk.starts.date()}-originals.zip", "application/zip", stream, len(stream), len(items))


def find(
    photos: Sequence[Any], way: Exit, zone: str, stops: Mapping[uuid.UUID, Any]
) -> tuple[list[tuple[int, Item]], list[tuple[Any, str]]]:
    """Each photo whose original may leave with its place in the list, and the others with the reason."""
    originals = exits.originals(photos, way)
    items, left_out = [], []
    for number, photo in enumerate(photos, 1):
        original = originals[photo.id]
        if isinstance(original, Path):
            items.append((number, item(photo, original, _row(photo, zone, stops))))
        elif original is not None:
            left_out.append((photo, original.value))
        else:
            come = queries.original_of(photo) is not None
            left_out.append((photo, LOST if come else N_("its original has not come yet")))
    return items, left_out


def make_later(order: Order, items: Sequence[Item], workshop: Workshop) -> Path:
    """The same of anything, into a file; named by the photos' own numbers."""
    stream = _stream(
        [(f"{item.number:04d}", item) for item in items], [(each.number, each.reason) for each in order.left_out]
    )
    target = workshop.folder / "made"
    with target.open("wb") as file:
        for done in range(1, len(items) + 1):
            file.writelines(stream.file())
            workshop.step(done)
        file.writelines(stream)
    return target


def gather(format_: Format, photos: Sequence[Any], order: Order) -> tuple[list[Item], list[LeftOut]]:
    items, left_out = find(photos, format_.way, order.zone, order.stops)
    return [each for _, each in items], [LeftOut(photo.number, reason) for photo, reason in left_out]


def _stream(items: Sequence[tuple[str, Item]], left_out: Sequence[tuple[object, str]]) -> ZipStream:
    stream, rows = ZipStream(sized=True), []
    for number, each in items:
        name = f"{number}-{str(each.id)[:8]}.{ENDINGS.get(each.row['type'], 'bin')}"
        stream.add_path(each.file, f"originals/{name}")
        rows.append([name, *(each.row[column] for column in COLUMNS[1:])])
    stream.add(table(COLUMNS, rows), "captions.csv")
    stream.add(f"{EXACT}\n".encode(), "not-to-be-passed-on.txt")
    if left_out:
        stream.add(table(("photo", "reason"), left_out), "left-out.csv")
    return stream


def _row(photo: Any, zone: str, stops: Mapping[uuid.UUID, Any]) -> dict[str, object]:
    facts = queries.facts_of(photo)
    taken = facts.in_zone(zone).taken if facts else None
    place = queries.place_of(photo)
    stop = stops.get(photo.stop_id) if photo.stop_id else None
    original = queries.original_of(photo)
    language, caption = next(iter(photo.caption.items()), ("", ""))
    return {
        "type": original.type if original and photo.painted else photo.type,
        "photo": str(photo.id),
        "sha256": original.sha256 if original else photo.original,
        "language": language,
        "caption": caption,
        "light": " ".join(word for word, lit in (("up", photo.up), ("down", photo.down)) if lit),
        "people": photo.people,
        "participant": str(photo.participant_id),
        "stop": stop.position if stop else None,
        "stop_name": next(iter(stop.name.values()), "") if stop else None,
        "taken_local": _text(taken.local if taken else None),
        "taken_utc": _text(taken.utc if taken else None),
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "accuracy_m": place.accuracy if place else None,
        "place_source": place.source.value if place else None,
        "place_gap_s": place.gap if place else None,
        "received": _text(photo.received),
        "unreadable_reason": facts.reason if facts and not facts.ok else None,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


FORMAT = Format(
    title=N_("Untouched originals"),
    about=N_("A ZIP of the files as they came, with place and camera inside, and captions.csv. It is logged."),
    subjects=(Subject.WALK, Subject.CALL, Subject.PROJECT, Subject.EXHIBITION),
    way=Exit.ORIGINALS,
    right=Right.ORIGINALS,
    ending="zip",
    type="application/zip",
    make=make_later,
    gather=gather,
    worded=False,
)
