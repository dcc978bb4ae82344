"""The map of photos: exact places for those who may see them, the gallery’s filters, a list that says the same."""

import json

import pytest
from flask import Flask

from tests.client import Visitor
from tests.makers import MadeWalk, log_in, make_call, make_organiser, make_participant, make_photo
from tests.makers_photo import turned
from webapp.consent.rules import Purpose
from webapp.database import now
from webapp.doors import Role
from webapp.gallery import queries
from webapp.gallery.rules import Wanted
from webapp.photo import changes as photo_changes


@pytest.fixture
def desk(app: Flask, walk: MadeWalk) -> Visitor:
    with app.app_context():
        make_organiser(walk.project_id)
        anna, silent = make_participant(walk), make_participant(walk, frozenset({Purpose.KEEP}))
        call = make_call(walk.project_id)
        of_call = {"walk_id": None, "call_id": call, "stop_id": None}
        make_photo(app, walk, anna, turned(1), pin=(50.091357, 14.426802), caption={"en": "A bench <b>"})
        make_photo(app, walk, anna, turned(2), fix=photo_changes.Fix(50.11, 14.43, 300.4, now()), up=False, down=True)
        make_photo(app, walk, anna, turned(3), **of_call)
        make_photo(app, walk, silent, turned(4), pin=(50.2, 14.5), caption={"en": "Not to be kept"})
        make_photo(app, walk, anna, turned(5))
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


def points(desk: Visitor, walk: MadeWalk, query: str = "") -> list[list[object]]:
    found: list[list[object]] = json.loads(desk.get(f"/desk/projects/{walk.project_id}/photos/map.json{query}").data)[
        "photos"
    ]
    return found


def test_the_map_has_exact_places_with_their_sources(desk: Visitor, walk: MadeWalk) -> None:
    found = points(desk, walk)
    assert [each[0] for each in found] == [5, 2, 1], "the newest first; one has no place, one is not to be kept"
    assert [each[2:7] for each in found] == [
        [50.1, 14.43, 60, "stop", "up"],
        [50.11, 14.43, 300, "phone", "down"],
        [50.091357, 14.426802, None, "pin", "up"],
    ]
    assert found[2][7:] == ["A bench <b>", True]


def test_the_list_says_the_same_without_scripts(desk: Visitor, walk: MadeWalk) -> None:
    page = desk.get(f"/desk/projects/{walk.project_id}/photos/map").text
    assert "3 photos with a place" in page
    assert "1 has none" in page
    assert "50.09136, 14.42680" in page
    assert "(set by hand)" in page
    assert "(by the phone, within 300 m)" in page
    assert "A bench &lt;b&gt;" in page
    assert "Not to be kept" not in page
    assert "they are not to be passed on" in page


def test_the_gallerys_filters_are_kept(desk: Visitor, walk: MadeWalk) -> None:
    assert [each[0] for each in points(desk, walk, "?light=down")] == [2]
    assert points(desk, walk, "?search=nothing+like+it") == []
    page = desk.get(f"/desk/projects/{walk.project_id}/photos/map?light=down").text
    assert "1 photo with a place" in page
    assert "map.json?light=down" in page
    assert f'/desk/projects/{walk.project_id}/photos?light=down"' in page
    gallery = desk.get(f"/desk/projects/{walk.project_id}/photos?light=down").text
    assert f'/desk/projects/{walk.project_id}/photos/map?light=down"' in gallery
    empty = desk.get(f"/desk/projects/{walk.project_id}/photos/map?search=nothing").text
    assert "No photo is like that." in empty


def test_of_very_many_the_newest_are_read(app: Flask, desk: Visitor, walk: MadeWalk) -> None:
    with app.app_context():
        found = queries.mapped(walk.project_id, Wanted(), most=2)
        assert [photo.number for photo, _ in found.photos] == [5]
        assert found.cut


def test_viewers_have_no_map(app: Flask, desk: Visitor, walk: MadeWalk) -> None:
    with app.app_context():
        make_organiser(walk.project_id, Role.VIEWER, "viewer@example.org")
    viewer = Visitor(app)
    log_in(viewer, "viewer@example.org")
    for page in ("map", "map.json"):
        viewer.get(f"/desk/projects/{walk.project_id}/photos/{page}", 403)
