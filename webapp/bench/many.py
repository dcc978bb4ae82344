"""A project of very many photos, made quickly: rows in bulk, and a handful of pictures behind all of them."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from PIL import Image

from webapp import create_app
from webapp.config import Settings
from webapp.consent import changes as consent_changes
from webapp.consent.rules import Purpose
from webapp.database import Base, db, transaction
from webapp.doors import Role
from webapp.people import changes as people_changes
from webapp.people.rules import new_join_code
from webapp.photo import changes as photo_changes
from webapp.photo.jobs import rebuild
from webapp.photo.rules import plain
from webapp.project import changes as project_changes
from webapp.project.rules import PERSPECTIVES, THEMES
from webapp.storage import Store, Stored
from webapp.walk import changes as walk_changes

WALKS, STOPS, CALLS, PICTURES = 10, 7, 2, 6
EACH = 20  # photos an author
BATCH = 5000  # rows at once
BEGUN = datetime(2018, 6, 18, 8, tzinfo=UTC)
WORDS = [
    *("lavička", "tramvaj", "zastávka", "škola", "úřad", "jazyk", "doma", "soused", "strom", "park", "schody"),
    *("světlo", "tma", "cesta", "děti", "hřiště", "nádraží", "trh", "ulice", "město", "pomoc", "okno", "dveře"),
    *("kámen", "voda", "nápis", "mapa", "obchod", "večer", "ráno"),
]
COMMON, RARE = "lavicka", "xylofon"
"""A word that stands in a fifth of the captions, and one that stands in three of them all."""
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Many:
    """A project that holds so many photos, a walk of it, and what logs its owner in."""

    project_id: uuid.UUID
    walk_id: uuid.UUID
    photos: int
    cookie: str


def fill(settings: Settings, photos: int) -> Many:
    """Makes the store on this home. The same number gives the same photos, but for their ids."""
    app = create_app(settings)
    with app.app_context():
        with transaction():
            shown = [_picture(app.extensions["store"], number) for number in range(PICTURES)]
        rebuild(missing=True)
        with transaction():
            project_id, texts = _project()
            walks = [_walk(project_id, number) for number in range(WALKS)]
            calls = [_call(project_id, number) for number in range(CALLS)]
            chance = random.Random(photos)  # noqa: S311 -- the same each time, on purpose
            people = _people(project_id, texts, max(photos // EACH, 1))
            for begin in range(1, photos + 1, BATCH):
                numbers = range(begin, min(begin + BATCH, photos + 1))
                _photos(project_id, walks, calls, shown, people, chance, numbers, photos)
            _count(project_id, photos)
            owner = people_changes.add_organiser("bench@example.org", new_join_code())
            project_changes.give_role(owner.id, project_id, Role.OWNER)
            token = people_changes.log_in(owner.id)
        for engine in db.engines.values():
            engine.dispose()  # whoever closes SQLite's last connection empties its log, which is long now
        return Many(project_id, walks[0][0], photos, _cookie(app, token))


def _cookie(app: Flask, token: str) -> str:
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'login': token})}"


def _project() -> tuple[uuid.UUID, dict[str, uuid.UUID]]:
    purposes = [purpose.value for purpose in Purpose if purpose is not Purpose.CONTACT]
    project = project_changes.add_project(
        title={"cs": "Měření", "en": "A measurement"},
        languages=["cs", "en"],
        zone="Europe/Prague",
        perspectives=list(PERSPECTIVES),
        themes=list(THEMES),
        purposes=purposes,
        controller="bench",
        contact="bench@example.org",
        keep_until=date.max,
    )
    texts = consent_changes.add_texts(project.id, purposes, ["cs", "en"])
    return project.id, {text.purpose: text.id for text in texts}


def _walk(project_id: uuid.UUID, number: int) -> tuple[uuid.UUID, list[uuid.UUID]]:
    walk = walk_changes.add_walk(
        project_id=project_id,
        title={"cs": f"Procházka {number + 1}"},
        district={"cs": "Praha 7"},
        meeting_point={"cs": "U kašny"},
        starts=BEGUN + timedelta(days=number),
        code=new_join_code(),
        stops=[walk_changes.NewStop({"cs": f"Zastávka {n + 1}"}, 50.1 + n / 500, 14.43, 60) for n in range(STOPS)],
        checklists=[],
    )
    return walk.id, [stop.id for stop in walk.stops]


def _call(project_id: uuid.UUID, number: int) -> uuid.UUID:
    return photo_changes.add_call(
        project_id,
        title={"cs": f"Výzva {number + 1}"},
        prompt={"cs": ""},
        opens=BEGUN,
        closes=BEGUN + timedelta(days=60),
        photos_each=1000,
        code=new_join_code(),
    ).id


def _picture(store: Store, number: int) -> Stored:
    file = BytesIO()
    Image.new("RGB", (640, 480), (40 * number, 120, 200 - 30 * number)).save(file, "JPEG")
    stored = store.put(BytesIO(file.getvalue()), 1_000_000)
    _insert("picture", [{"sha256": stored.sha256, "bytes": stored.bytes, "type": "image/jpeg", "state": "waiting"}])
    return stored


def _people(project_id: uuid.UUID, texts: dict[str, uuid.UUID], count: int) -> list[uuid.UUID]:
    people = [uuid.uuid4() for _ in range(count)]
    for number in range(0, count, BATCH):
        part = people[number : number + BATCH]
        begun = BEGUN + timedelta(minutes=number)
        rows = [
            {"id": id_, "project_id": project_id, "number": place, "language": "cs", "created": begun}
            for place, id_ in enumerate(part, number + 1)
        ]
        _insert("participant", rows)
        _insert("consent", [row for id_ in part for row in _consents(id_, texts)])
    return people


def _consents(person: uuid.UUID, texts: dict[str, uuid.UUID]) -> Iterator[dict[str, Any]]:
    for purpose, text_id in texts.items():
        yield {
            "id": uuid.uuid4(),
            "participant_id": person,
            "photo_id": None,
            "purpose": purpose,
            "yes": True,
            "text_id": text_id,
            "language": "cs",
            "method": "tapped",
            "at": BEGUN,
        }


def _photos(
    project_id: uuid.UUID,
    walks: list[tuple[uuid.UUID, list[uuid.UUID]]],
    calls: list[uuid.UUID],
    shown: list[Stored],
    people: list[uuid.UUID],
    chance: random.Random,
    numbers: range,
    last: int,
) -> None:
    rows, parts = Rows(), Rows()
    for number in numbers:
        stored, whole = shown[number % len(shown)], chance.random() < 0.97
        walk_id, stops = chance.choice(walks)
        called = chance.choice(calls) if chance.random() < 0.3 else None
        words = [*chance.sample(WORDS, 6), *([RARE] if number in (1, last // 2, last) else [])]
        caption = {} if chance.random() < 0.03 else {"cs": f"{' '.join(words).capitalize()}."}
        photo_id, original = uuid.uuid4(), stored.sha256 if whole else uuid.uuid4().hex * 2
        rows.append(
            {
                "id": photo_id,
                "project_id": project_id,
                "number": number,
                "participant_id": chance.choice(people),
                "walk_id": None if called else walk_id,
                "call_id": called,
                "stop_id": None if called else chance.choice(stops),
                "original": original,
                "bytes": stored.bytes,
                "type": "image/jpeg",
                "sha256": stored.sha256,
                "whole": whole,
                "caption": caption,
                "plain": plain(caption.values()),
                "up": chance.random() < 0.5,
                "down": chance.random() < 0.5,
                "themes": [chance.choice(THEMES)["id"]],
                "people": chance.choices(("none", "released", "unreleased"), (70, 20, 10))[0],
                "credit": "anonymous",
                "revision": 1,
                "device": "bench",
                "record_sha256": "",
                "received": BEGUN + timedelta(seconds=number),
            }
        )
        name = "original" if whole else "preview"
        parts.append(
            {"id": uuid.uuid4(), "photo_id": photo_id, "name": name, "sha256": stored.sha256, "bytes": stored.bytes}
        )
    _insert("photo", rows)
    _insert("part", parts)


def _count(project_id: uuid.UUID, photos: int) -> None:
    table = Base.metadata.tables["project"]
    db.session.execute(table.update().where(table.c.id == project_id).values(photos=photos))


def _insert(table: str, rows: Rows) -> None:
    db.session.execute(Base.metadata.tables[table].insert(), rows)
