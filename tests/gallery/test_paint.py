"""Painting over at the desk: what the pages say and refuse. In a browser: tests/journeys/test_paint.py."""

import json
import uuid

import pytest
from flask import Flask

from tests.client import Visitor, hidden
from tests.makers import EMAIL, PASSWORD, MadeWalk, make_organiser, make_participant, make_photo
from tests.makers_photo import turned
from webapp.database import transaction
from webapp.doors import Role
from webapp.photo import changes, faces, queries

FACE = {"shape": "ellipse", "x": 0.2, "y": 0.2, "w": 0.3, "h": 0.3}


@pytest.fixture
def photo_id(app: Flask, walk: MadeWalk) -> uuid.UUID:
    with app.app_context():
        author = make_participant(walk)
        return make_photo(app, walk, author, turned(1), people="unreleased")


def organiser(app: Flask, walk: MadeWalk, role: Role) -> Visitor:
    with app.app_context():
        make_organiser(walk.project_id, Role.OWNER, "owner@example.org")
        make_organiser(walk.project_id, role)
    visitor = Visitor(app)
    visitor.send("/desk/login", {"email": EMAIL, "password": PASSWORD})
    return visitor


def sent(visitor: Visitor, photo_id: uuid.UUID, regions: object, **more: str) -> tuple[int, dict[str, str]]:
    address = f"/desk/photos/{photo_id}/paint"
    fields = {**hidden(visitor.get(address).text), "regions": json.dumps(regions), "style": "opaque", **more}
    answer = visitor.client.post(address, data=fields)
    return answer.status_code, answer.json or {}


def test_painted_and_stated_it_may_leave(app: Flask, walk: MadeWalk, photo_id: uuid.UUID) -> None:
    owner = organiser(app, walk, Role.OWNER)
    page = owner.get(f"/desk/photos/{photo_id}").text
    assert "Somebody in the picture has not agreed" in page
    assert "I have looked" not in page, "first they are painted over"
    status, said = sent(owner, photo_id, [FACE], clear="y")
    assert status == 200
    page = owner.get(said["address"]).text
    assert "Painted over, in every size." in page
    assert "Somebody in the picture has not agreed" not in page
    owner.post(f"/desk/photos/{photo_id}/look", {**hidden(page), "not_clear": "y"})
    assert "Somebody in the picture has not agreed" in owner.get(f"/desk/photos/{photo_id}").text


@pytest.mark.parametrize(
    "regions",
    [
        "nothing",
        [{"shape": "star"}],
        [{**FACE, "x": "left"}],
        [{**FACE, "w": 1e9}],
        [FACE] * 201,
        [{"shape": "stroke", "width": 0.1, "points": []}],
        [{"shape": "stroke", "width": 0.1, "points": [[0, 0]] * 2001}],
        [{"shape": "stroke", "width": 0.1, "points": 5}],
        [],
    ],
)
def test_what_is_no_region_paints_nothing(app: Flask, walk: MadeWalk, photo_id: uuid.UUID, regions: object) -> None:
    owner = organiser(app, walk, Role.OWNER)
    status, said = sent(owner, photo_id, regions)
    assert status == 422
    assert said["sentence"].startswith("Not saved")
    with app.app_context():
        assert not (queries.photo(photo_id) or pytest.fail()).painted


def test_an_old_page_paints_nothing(app: Flask, walk: MadeWalk, photo_id: uuid.UUID) -> None:
    owner = organiser(app, walk, Role.OWNER)
    with app.app_context():
        old = f"0-{(queries.photo(photo_id) or pytest.fail()).sha256}"
    assert sent(owner, photo_id, [FACE])[0] == 200
    status, said = sent(owner, photo_id, [FACE], seen=old)
    assert (status, said["sentence"][:9]) == (409, "Not saved")
    assert sent(owner, photo_id, [FACE], seen="junk")[0] == 422


def test_a_curator_adds_and_does_not_see_what_is_sealed(app: Flask, walk: MadeWalk, photo_id: uuid.UUID) -> None:
    curator = organiser(app, walk, Role.CURATOR)
    assert sent(curator, photo_id, [FACE])[0] == 200
    page = curator.get(f"/desk/photos/{photo_id}/paint").text
    assert "You can paint over more." in page
    assert "/sealed/" not in page
    curator.get(f"/desk/photos/{photo_id}/sealed/320", 403)
    assert sent(curator, photo_id, [{**FACE, "x": 0.6}])[0] == 200
    with app.app_context():
        assert len(queries.redactions_of(photo_id)[0].regions) == 2


def test_without_the_extra_the_page_says_so(
    app: Flask, walk: MadeWalk, photo_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faces, "installed", lambda: False)
    owner = organiser(app, walk, Role.OWNER)
    page = owner.get(f"/desk/photos/{photo_id}/paint").text
    assert "Faces cannot be suggested on this server" in page
    assert "Find faces" not in page


def test_a_call_or_walk_without_faces_is_one_tick(app: Flask, walk: MadeWalk) -> None:
    with app.app_context():
        author = make_participant(walk)
        photo_id = make_photo(app, walk, author, turned(1))
    owner = organiser(app, walk, Role.OWNER)
    address = f"/desk/walks/{walk.walk_id}/edit"
    page = owner.get(address).text
    assert "No faces" in page
    with app.app_context(), transaction():
        changes.want_no_faces(walk.walk_id, True)
    page = owner.get(f"/desk/photos/{photo_id}").text
    assert "Somebody must look for people in it first" in page
    owner.post(f"/desk/photos/{photo_id}/look", {**hidden(page), "clear": "y"})
    page = owner.get(f"/desk/photos/{photo_id}").text
    assert "Somebody must look for people in it first" not in page
    assert "An organiser has looked" in page
