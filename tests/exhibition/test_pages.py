"""The light table, the shortlist and the list to ask, as curators use them without scripts."""

import uuid
from dataclasses import dataclass

import pytest
from flask import Flask

from tests.client import Visitor, hidden
from tests.makers import MadeWalk, log_in, make_call, make_organiser, make_participant, make_photo
from tests.makers_photo import turned
from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Decision, Purpose
from webapp.database import now, transaction
from webapp.doors import Role
from webapp.exhibition import changes, queries

SECOND = "second@example.org"


@dataclass(frozen=True)
class Show:
    """An exhibition with seven photos of two authors: the last two may not leave."""

    app: Flask
    walk: MadeWalk
    id: uuid.UUID
    photos: tuple[uuid.UUID, ...]
    authors: tuple[uuid.UUID, ...]
    address: str

    def post(self, visitor: Visitor, photo: int, what: str, json: bool = True, **fields: object) -> tuple[int, dict]:
        """Sends a form of the light table as its script does."""
        token = hidden(visitor.get(f"{self.address}/table").text)["csrf_token"]
        address = f"{self.address}/photos/{self.photos[photo]}/{what}" if what != "undo" else f"{self.address}/undo"
        headers = {**visitor.headers, "Accept": "application/json"}
        answer = visitor.client.post(address, data={"csrf_token": token, **fields}, headers=headers)
        return answer.status_code, answer.get_json()

    def states(self) -> dict[int, str]:
        with self.app.app_context():
            exhibition = queries.exhibition(self.id)
            assert exhibition
            return {frame.number: frame.state.value for frame in queries.frames(exhibition, uuid.uuid4())}

    def order(self) -> list[int]:
        with self.app.app_context():
            return [self.photos.index(each) + 1 for each in queries.shortlist(self.id)]

    def say(self, author: int, yes: bool, purpose: Purpose = Purpose.EXHIBITION) -> None:
        with self.app.app_context(), transaction():
            (text,) = consent_queries.current_texts(self.walk.project_id, [purpose.value])
            consent_changes.say(self.authors[author], [Decision(purpose, yes, text.id, "en", now())])


@pytest.fixture
def show(app: Flask, walk: MadeWalk) -> Show:
    with app.app_context():
        willing = make_participant(walk)
        shy = make_participant(walk, frozenset({Purpose.EXHIBITION}))
        photos = [make_photo(app, walk, willing, turned(1), caption={"en": f"Caption {n}"}) for n in range(1, 6)]
        photos.append(make_photo(app, walk, shy, turned(1), caption={"cs": "Nesmí ven"}))
        photos.append(make_photo(app, walk, willing, turned(1), people="unreleased", up=False, down=True))
        with transaction():
            made = changes.add_exhibition(walk.project_id, {"en": "In the passage"}, ["en", "cs"])
            id_ = made.id
        make_organiser(walk.project_id, Role.CURATOR, SECOND)
        make_call(walk.project_id)
    return Show(app, walk, id_, tuple(photos), (willing, shy), f"/desk/exhibitions/{id_}")


@pytest.fixture
def curator(app: Flask, show: Show) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


@pytest.fixture
def other(app: Flask, show: Show) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor, SECOND)
    return visitor


def test_an_exhibition_sent_twice_is_made_once(app: Flask, curator: Visitor, walk: MadeWalk) -> None:
    address = f"/desk/projects/{walk.project_id}/exhibitions"
    fields = {**hidden(curator.get(address).text), "title.en": "On tour", "languages": ["cs"]}
    assert "On tour" in curator.post(address, fields).text
    assert "On tour" in curator.post(address, fields).text
    with app.app_context():
        assert [each.title["en"] for each in queries.exhibitions_of(walk.project_id)] == ["In the passage", "On tour"]
    assert "Write a title in at least one language." in curator.send(address, {"languages": ["cs"]}, 422).text


@pytest.mark.parametrize("page", ["table", "table?view=loupe&at=3", "table?view=compare&with=1&with=3", "shortlist"])
def test_a_decision_works_without_scripts(curator: Visitor, show: Show, page: str) -> None:
    curator.get(f"{show.address}/{page}")
    address = f"{show.address}/photos/{show.photos[1]}/mark"
    token = hidden(curator.get(f"{show.address}/table").text)["csrf_token"]
    back = curator.post(
        address, {"csrf_token": token, "state": "pick", "revision": "0", "then": f"{show.address}/{page}"}
    )
    assert "No. 2: picked." in back.text
    assert show.states()[2] == "pick"
    assert "No. 2" in curator.get(f"{show.address}/shortlist").text
    curator.post(f"{show.address}/undo", {"csrf_token": token, "then": f"{show.address}/{page}"})
    assert show.states()[2] == ""
    assert "undone" in curator.get(f"{show.address}/log").text
