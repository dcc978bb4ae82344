"""Makes what tests need, through the program's own verbs."""

import hashlib
import io
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask

from tests.client import Visitor
from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import OUTSIDE, Decision, Method, Purpose, Signed
from webapp.database import new_id, now, transaction
from webapp.doors import Role
from webapp.exhibition import changes as exhibition_changes
from webapp.join import changes as join_changes
from webapp.join.changes import Newcomer
from webapp.join.queries import place_by_code
from webapp.meeting import changes as meeting_changes
from webapp.meeting.rules import MeetingKind
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.people.rules import new_key
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.photo.jobs import process
from webapp.photo.rules import PartName, sniff
from webapp.photo.uploads import Wish, begin_whole
from webapp.project import changes as project_changes
from webapp.walk import changes as walk_changes
from webapp.walk import queries as walk_queries
from webapp.walk.rules import Answer

EMAIL, PASSWORD = "organiser@example.org", "correct horse"
CODE = "7G4K-M2QX-9TPB"
PURPOSES = [purpose.value for purpose in Purpose if purpose is not Purpose.CONTACT]
BELONGING: dict[str, Any] = {
    "id": "belonging",
    "title": {"en": "Belonging here", "cs": "Být tu doma"},
    "sections": [
        {
            "id": "stop",
            "title": {"en": "At this stop"},
            "asked": "every_stop",
            "questions": [
                {
                    "id": "b.1",
                    "kind": "agree",
                    "text": {"en": "A stranger would help.", "cs": "Cizí pomůže."},
                },
                {"id": "b.2", "kind": "text", "text": {"en": "What makes it easier?"}},
            ],
        },
        {
            "id": "end",
            "title": {"en": "At the end"},
            "asked": "once",
            "questions": [{"id": "b.3", "kind": "text", "text": {"en": "What would you keep?"}}],
        },
    ],
}
SAFETY: dict[str, Any] = {
    "id": "safety",
    "title": {"en": "Feeling safe", "cs": "Bezpečí"},
    "sections": [
        {
            "id": "stop",
            "title": {"en": "At this stop"},
            "asked": "every_stop",
            "questions": [{"id": "s.1", "kind": "observed", "text": {"en": "I can see around corners."}}],
        }
    ],
}


@dataclass(frozen=True)
class MadeWalk:
    """A walk with two stops and two checklists; the second stop forbids photos."""

    project_id: uuid.UUID
    walk_id: uuid.UUID
    code: str
    stops: tuple[uuid.UUID, ...]
    versions: tuple[uuid.UUID, ...]

    def answer_address(self, stop: int = 0, version: int = 0) -> str:
        return f"/plain/walks/{self.walk_id}/stops/{self.stops[stop]}/{self.versions[version]}"

    @property
    def photo_address(self) -> str:
        return f"/plain/walks/{self.walk_id}/photos/new"


def make_walk(code: str = "TESTCODE") -> MadeWalk:
    with transaction():
        project = project_changes.add_project(
            title={"en": "Our city", "cs": "Naše město"},
            languages=["en", "cs"],
            zone="Europe/Prague",
            perspectives=[{"id": "ngo", "label": {"en": "I work for an NGO", "cs": "Jsem z neziskovky"}}],
            purposes=PURPOSES,
            controller="Test",
            contact="test@example.org",
            keep_until=date(2030, 1, 1),
        )
        consent_changes.add_texts(project.id, PURPOSES, ["en", "cs"])
        versions = [walk_changes.add_checklist(project.id, body) for body in (BELONGING, SAFETY)]
        walk = walk_changes.add_walk(
            project_id=project.id,
            title={"en": "A short walk", "cs": "Krátká procházka"},
            district={"en": "Prague 7"},
            meeting_point={"en": "By the fountain"},
            starts=datetime(2018, 6, 18, 8, tzinfo=UTC),
            code=code,
            stops=[
                walk_changes.NewStop({"en": "The square"}, 50.1, 14.43, 60),
                walk_changes.NewStop({"en": "The office"}, None, None, None, photos=False),
            ],
            checklists=versions,
        )
        return MadeWalk(
            project.id,
            walk.id,
            code,
            tuple(stop.id for stop in walk.stops),
            tuple(version.id for version in versions),
        )


def make_participant(walk: MadeWalk, refused: frozenset[Purpose] = frozenset()) -> uuid.UUID:
    """Somebody on the walk, who agrees to everything but `refused`."""
    from webapp.consent.queries import current_texts

    with transaction():
        texts = current_texts(walk.project_id, PURPOSES)
        decisions = [
            Decision(Purpose(text.purpose), Purpose(text.purpose) not in refused, text.id, "en", now())
            for text in texts
        ]
        place = place_by_code(walk.code)
        assert place is not None
        kept = [Decision(each.purpose, True, each.text_id, "en", each.at) for each in decisions]
        person = join_changes.join(place, Newcomer(new_id(), new_key(), "en", "ngo"), kept)
        consent_changes.say(person.id, decisions)
        return person.id


def make_call(project_id: uuid.UUID, code: str = "TESTCALL", days: int = 30, photos_each: int = 10) -> uuid.UUID:
    """A call that opened yesterday and closes in so many days."""
    with transaction():
        return photo_changes.add_call(
            project_id,
            title={"en": "My city", "cs": "Moje město"},
            prompt={"en": "What makes you feel at home?", "cs": "Co vám dává pocit domova?"},
            opens=now() - timedelta(days=1),
            closes=now() + timedelta(days=days),
            photos_each=photos_each,
            code=code,
        ).id


def make_meeting(project_id: uuid.UUID, *photos: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    """A workshop, and the one group on its board, with these photos in it."""
    with transaction():
        starts = datetime(2018, 8, 16, 14, tzinfo=UTC)
        meeting = meeting_changes.add_meeting(project_id, MeetingKind.WORKSHOP, {"en": "The workshop"}, starts)
        return meeting.id, meeting_changes.add_group(meeting.id, "Gates", photos=photos).id


def make_photo(app: Flask, walk: MadeWalk, author: uuid.UUID, data: bytes, **more: Any) -> uuid.UUID:
    """A processed photo at the first stop. `more` replaces fields of `NewPhoto`."""
    stored = app.extensions["store"].put(io.BytesIO(data), 60_000_000)
    fields: dict[str, Any] = {
        "id": new_id(),
        "participant_id": author,
        "walk_id": walk.walk_id,
        "stop_id": walk.stops[0],
        "original": stored,
        "type": sniff(data[:64]) or "",
        "caption": {"en": "A caption"},
        "up": True,
        "down": False,
        "people": "none",
    }
    with transaction():
        receipt = photo_changes.add_photo(photo_changes.NewPhoto(**{**fields, **more}), fields["type"])
    process(stored.sha256)
    return uuid.UUID(receipt.id)


def make_sound(app: Flask, photo_id: uuid.UUID, data: bytes) -> None:
    """A spoken caption that has come for the photo."""
    stored = app.extensions["store"].put(io.BytesIO(data), 60_000_000)
    with transaction():
        photo = photo_queries.photo(photo_id)
        assert photo is not None
        photo_changes.receive_part(photo, PartName.SOUND, stored, "audio/webm")


def make_response(
    app: Flask, walk: MadeWalk, author: uuid.UUID, answers: Mapping[str, Answer], spoken: bytes | None = None
) -> uuid.UUID:
    """Answers to the first checklist at the first stop; what was `spoken` hangs on the first, and has come."""
    response_id, named = new_id(), dict(answers)
    with transaction():
        if spoken:
            stored = app.extensions["store"].put(io.BytesIO(spoken), 60_000_000)
            wish = Wish(author, stored.bytes, None, PartName.SOUND.value, stored.sha256)
            begin_whole(wish, str(new_id()), stored)
            first = next(iter(named))
            named[first] = replace(named[first], sound=stored.sha256)
        body = walk_queries.version(walk.versions[0])
        assert body is not None
        walk_changes.save_response(
            walk_changes.NewResponse(
                response_id,
                author,
                walk.walk_id,
                walk.stops[0],
                body.id,
                body.checklist,
                body.version,
                "en",
                named,
            )
        )
        photo_changes.bind_sounds(response_id)
    return response_id


def make_exhibition(project_id: uuid.UUID) -> uuid.UUID:
    """An exhibition with labels in two languages, for which nothing is decided yet."""
    with transaction():
        return exhibition_changes.add_exhibition(project_id, {"en": "In the passage"}, ["en", "cs"]).id


def make_release(
    walk: MadeWalk, author: uuid.UUID, photo: uuid.UUID, code: str = CODE, refused: Collection[Purpose] = ()
) -> uuid.UUID:
    """Somebody in the photo has signed, and agrees to all that they were asked but `refused`."""
    with transaction():
        texts = consent_queries.current_texts(walk.project_id, [each.value for each in Purpose if each in OUTSIDE])
        answers = tuple((Purpose(text.purpose), Purpose(text.purpose) not in refused, text.id) for text in texts)
        hashed = hashlib.sha256(code.replace("-", "").encode()).hexdigest()
        said = Signed(photo, "en", answers, False, "Jana", Method.SIGNED, "M10 10L200 90", hashed, now())
        return consent_changes.sign(new_id(), author, said).id


def make_organiser(project_id: uuid.UUID | None = None, role: Role = Role.OWNER, email: str = EMAIL) -> uuid.UUID:
    with transaction():
        organiser = people_changes.add_organiser(email, PASSWORD)
        if project_id:
            project_changes.give_role(organiser.id, project_id, role)
        return organiser.id


def make_links(app: Flask, project_id: uuid.UUID, owner: uuid.UUID) -> tuple[str, str]:
    """The tokens of two open links of an owner: an invitation as viewer, and one to a new password of the owner's."""
    secret = app.config["SECRET_KEY"]
    with transaction():
        account = people_queries.organiser(owner)
        assert account is not None
        invitation = people_changes.add_invitation(secret, project_id, Role.VIEWER.value, owner)
        return invitation, people_changes.add_reset(secret, account)


def join(visitor: Visitor, code: str = "TESTCODE", **refused: str) -> None:
    """Joins in the browser, saying yes to all but `refused` (purpose="no")."""
    visitor.send(f"/plain/join/{code}?perspective=ngo", {**dict.fromkeys(PURPOSES, "yes"), **refused})


def log_in(visitor: Visitor, email: str = EMAIL, password: str = PASSWORD, status: int = 200) -> None:
    visitor.send("/desk/login", {"email": email, "password": password}, status)
