"""What phones get: everything of one person, a photo's state, and what a walk or call needs offline."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

import structlog

from webapp.consent import queries as consent_queries
from webapp.join.queries import Place, all_joined
from webapp.people import queries as people_queries
from webapp.people.rules import fingerprint
from webapp.people.tables import Participant
from webapp.photo import queries as photo_queries
from webapp.photo.rules import EDGES, PartName, PhotoState
from webapp.photo.tables import Part, Photo, Sealed
from webapp.project import queries as project_queries
from webapp.records.rules import Receipt, Verdict
from webapp.records.tables import RevisionRow
from webapp.storage import Store, Stored
from webapp.walk import queries as walk_queries
from webapp.walk.tables import Response
from webapp.words import language_of

log = structlog.get_logger()


def me(person: Participant, token: str) -> dict[str, Any]:
    """Every record and receipt of this person."""
    return {
        "participant": str(person.id),
        "language": person.language,
        "perspective": person.perspective,
        "name": person.name,
        "reach": person.reach,
        "joined": [{"kind": kind, "id": str(place)} for kind, place in all_joined(person.id)],
        "devices": [
            {
                "name": each.name,
                "since": _time(each.created),
                "this": each.fingerprint == fingerprint(token),
                "held": {"told": _time(each.told), "answers": each.held_answers, "photos": each.held_photos}
                if each.told
                else None,
            }
            for each in people_queries.devices(person.id)
        ],
        "consents": [
            {
                "id": str(each.id),
                "purpose": each.purpose,
                "yes": each.yes,
                "text": str(each.text_id),
                "language": each.language,
                "at": _time(each.at),
                "method": each.method,
                "photo": str(each.photo_id) if each.photo_id else None,
                "received": _time(each.received),
            }
            for each in consent_queries.register(person.id)
        ],
        "responses": [_kept(row) for row in walk_queries.revisions_of(person.id)],
        "photos": [_kept(row) for row in photo_queries.revisions_of(person.id)],
        "withdrawn": [
            {"id": str(each.id), "withdrawn": _time(each.withdrawn)} for each in photo_queries.withdrawn_of(person.id)
        ],
    }


def photo_state(photo: Photo, zone: str, store: Store, address: Any) -> dict[str, Any]:
    """How far a photo is. `parts` is the receipt of its bytes: each is read again before it is named."""
    parts = _whole({part.name: part for part in photo.parts if part.name != PartName.REDACTED}, store)
    parts |= _received(photo, store)
    facts = photo_queries.facts_of(photo)
    whole = facts.in_zone(zone) if facts else None
    place = photo_queries.place_of(photo)
    ready = photo.picture is not None and photo.picture.sizes
    return {
        "id": str(photo.id),
        "state": (photo_queries.state(photo) if parts else PhotoState.WAITING).value,
        "reason": facts.reason if facts else None,
        "parts": parts,
        "place": place.as_json() if place else None,
        "taken": whole.taken.as_json() if whole and whole.taken else None,
        "sizes": {str(edge): address(edge) for edge in sorted(EDGES)} if ready else {},
        "late": photo.late,
    }


def _received(photo: Photo, store: Store) -> dict[str, Any]:
    """What has come of a photo that was painted over. A phone need not send again what was destroyed on purpose."""
    sealed = {row.name: row for row in photo_queries.sealed_of(photo.id)} if photo.painted else {}
    kept = {name: row for name, row in sealed.items() if row.destroyed is None}
    return _whole(kept, store) | {name: _receipt(row) for name, row in sealed.items() if name not in kept}


def response_state(response: Response, store: Store) -> dict[str, Any]:
    """Which recordings of a response's answers have come: the receipt of their bytes, as a photo's `parts`."""
    sounds = {question: part for (_, question), part in photo_queries.sounds_of(response).items()}
    return {"id": str(response.id), "sounds": _whole(sounds, store)}


def _whole(parts: Mapping[str, Part | Sealed], store: Store) -> dict[str, Any]:
    """What was read again and found whole."""
    found = {}
    for name, part in parts.items():
        if store.holds(Stored(part.sha256, part.bytes)):
            found[name] = _receipt(part)
        else:
            whose = part.photo_id or (part.response_id if isinstance(part, Part) else None)
            log.error("part_is_missing", part=part.name, record=str(whose))
    return found


def _receipt(part: Part | Sealed) -> dict[str, Any]:
    return {"sha256": part.sha256, "bytes": part.bytes, "received": _time(part.received)}


def cover(place: Place, language: str) -> dict[str, Any]:
    """What joining by a code asks and says, in one language as far as it is written in it."""
    project = project_queries.project(place.project_id)
    if project is None:
        raise LookupError(place.project_id)
    notice = project_queries.notice(project.id)
    return {
        "joined": {"kind": place.kind, "id": str(place.id)},
        "project": str(project.id),
        "title": _in(place.row.title, language),
        "language": language,
        "languages": project.languages,
        "perspectives": _labels(project.perspectives, language),
        "texts": _texts(project, language),
        "notice": _in(notice.text, language) if notice else None,
    }


def content(place: Place, language: str) -> dict[str, Any]:
    """A walk or call with all that it asks, in one language."""
    row = place.row
    project = project_queries.project(place.project_id)
    if project is None:
        raise LookupError(place.project_id)
    said: dict[str, Any] = cover(place, language) | {
        "code": row.code,
        "zone": project.zone,
        "themes": _labels(project.themes, language),
        "controller": project.controller,
        "contact": project.contact,
        "keep_until": project.keep_until.isoformat(),
    }
    if place.kind == "call":
        return said | {
            "prompt": _in(row.prompt, language),
            "opens": _time(row.opens),
            "closes": _time(row.closes),
            "photos_each": row.photos_each,
        }
    return said | {
        "district": _in(row.district, language),
        "meeting_point": _in(row.meeting_point, language),
        "starts": _time(row.starts),
        "minutes": row.minutes,
        "stops": [
            {
                "id": str(stop.id),
                "position": stop.position,
                "name": _in(stop.name, language),
                "lat": stop.lat,
                "lon": stop.lon,
                "accuracy": stop.accuracy,
                "photos": stop.photos,
            }
            for stop in row.stops
        ],
        "checklists": [_checklist(version_id, language) for version_id, _ in walk_queries.checklists(row.id)],
    }


def pack(items: Sequence[tuple[str, bytes]], later: Sequence[tuple[str, bytes]]) -> dict[str, Any]:
    """What to fetch, address by address, and what may come after that; its version changes when any of it does."""
    listed, rest = (
        [
            {"address": address, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for address, data in part
        ]
        for part in (items, later)
    )
    version = hashlib.sha256(json.dumps([listed, rest]).encode()).hexdigest()
    # Hashes do not compress, and this answer is among what makes a phone ready.
    return {"version": version, "items": listed, "later": [address for address, _ in later]}


def _checklist(version_id: uuid.UUID, language: str) -> dict[str, Any]:
    version = walk_queries.version(version_id)
    if version is None:
        raise LookupError(version_id)
    said: dict[str, Any] = _localised(version.body, language)
    return {**said, "id": str(version.id), "checklist": version.checklist, "version": version.version}


def _localised(value: Any, language: str) -> Any:
    """A checklist's body with every {language: text} made one text."""
    if isinstance(value, dict):
        return {
            key: _in(each, language) if key in ("title", "text", "label", "hint") else _localised(each, language)
            for key, each in value.items()
        }
    return [_localised(each, language) for each in value] if isinstance(value, list) else value


def _texts(project: Any, language: str) -> list[dict[str, Any]]:
    return [
        {
            "id": str(text.id),
            "purpose": text.purpose,
            "version": text.version,
            "title": _in(text.title, language),
            "detail": _in(text.detail, language),
            "language": language_of(text.title, language),
        }
        for text in consent_queries.current_texts(project.id, project.purposes)
    ]


def _labels(listed: list[Any], language: str) -> list[dict[str, str]]:
    return [{"id": each["id"], "label": _in(each["label"], language)} for each in listed]


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language_of(texts, language), "")


def _kept(row: RevisionRow) -> dict[str, Any]:
    kept = None if row.counted else Verdict.VERSION.value
    receipt = Receipt(str(row.record_id), row.revision, row.sha256, row.received, kept)
    return {"id": str(row.record_id), "record": json.loads(row.body), "receipt": receipt.as_json()}


def _time(moment: Any) -> str:
    return str(moment.astimezone(UTC).isoformat(timespec="milliseconds"))
