"""The way that a phone records: pieces, what becomes of them, whose photos they place, and that deleting wins."""

import json
import math
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.client import Visitor
from tests.makers import MadeWalk, log_in, make_organiser, make_photo
from tests.makers_photo import turned
from tests.sync.phone import Phone, digest
from webapp.config import Settings
from webapp.database import db, transaction
from webapp.photo import locating
from webapp.photo import queries as photo_queries
from webapp.photo.rules import PlaceSource
from webapp.photo.tables import Recording, WalkTrack
from webapp.photo.track import Point, Track, recorded
from webapp.upkeep.jobs import delete_listed_ways, erase_now

NOON = datetime(2018, 6, 18, 10, tzinfo=UTC)  # in Prague
AGREED = "2018-06-18T10:00:00Z"


def piece(walk: MadeWalk, first: int = 0, points: list[Any] | None = None, number: int = 1, **more: Any) -> Any:
    """Two points 100 s apart, so many seconds after noon."""
    at = NOON.timestamp() + first
    given = points or [[at, 50.1, 14.43, 8], [at + 100, 50.101, 14.432, None]]
    return {"walk": str(walk.walk_id), "piece": number, "agreed": AGREED, "points": given, **more}


def shot(after: float = 50) -> bytes:
    local = NOON + timedelta(hours=2, seconds=after)
    return turned(1, DateTimeOriginal=f"{local:%Y:%m:%d %H:%M:%S}", Make="Nikon", Model="P6000")


def place(app: Flask, photo_id: uuid.UUID) -> Any:
    with app.app_context():
        photo = photo_queries.photo(photo_id)
        assert photo is not None
        return photo_queries.place_of(photo)


def photo_of(app: Flask, walk: MadeWalk, phone: Phone, after: float = 50) -> uuid.UUID:
    with app.app_context():
        return make_photo(app, walk, uuid.UUID(phone.participant), shot(after), stop_id=None)


def way(app: Flask, walk: MadeWalk, phone: Phone) -> Track | None:
    with app.app_context():
        row = photo_queries.way_of(uuid.UUID(phone.participant), walk.walk_id)
        return row.track if row else None


@pytest.fixture
def other(app: Flask, walk: MadeWalk, phone: Phone) -> Phone:
    made = Phone(app, "other")
    made.join(walk.code)
    return made


def test_a_piece_has_a_receipt_and_the_same_again_changes_nothing(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    address, body = f"/tracks/{uuid.uuid4()}", piece(walk)
    first, again = phone.call("PUT", address, body), phone.call("PUT", address, body)
    assert first.data == again.data
    assert (first.json["sha256"], first.json["revision"]) == (digest(body), 1)
    phone.call("PUT", address, piece(walk, 200, number=2))
    told = phone.call("GET", address).json
    assert [each["piece"] for each in told["pieces"]] == [1, 2]
    found = way(app, walk, phone)
    assert found is not None
    assert len(found) == 4
    assert [each["id"] for each in phone.call("GET", "/me").json["tracks"]] == [told["id"]]


def test_ones_own_way_places_ones_own_photos_and_nobody_elses(
    app: Flask, phone: Phone, other: Phone, walk: MadeWalk
) -> None:
    mine, theirs = photo_of(app, walk, phone), photo_of(app, walk, other)
    phone.call("PUT", f"/tracks/{uuid.uuid4()}", piece(walk))
    found = place(app, mine)
    assert (found.source, found.gap) == (PlaceSource.TRACK, 50)
    assert place(app, theirs) is None
    later = photo_of(app, walk, phone, 101)
    assert place(app, later).gap == 1
    # Both in one walk: one's own goes before, though the other's is as near in time.
    other.call("PUT", f"/tracks/{uuid.uuid4()}", piece(walk, points=[[NOON.timestamp() + 50, 50.2, 14.5, 5]]))
    assert place(app, mine) == found
    assert place(app, theirs).lat == 50.2


def test_two_phones_of_one_person_make_one_way_and_two_people_may_walk_the_same(
    app: Flask, phone: Phone, other: Phone, walk: MadeWalk
) -> None:
    for each in (phone, phone, other):
        each.call("PUT", f"/tracks/{uuid.uuid4()}", piece(walk))
    with app.app_context():
        rows = photo_queries.tracks_of(walk.walk_id)
        assert [(row.recorded, row.points) for row in rows] == [(True, 2), (True, 2)]
        assert {str(row.participant_id) for row in rows} == {phone.participant, other.participant}


def test_deleting_wins_over_what_comes_later(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    photo, one, two = photo_of(app, walk, phone), f"/tracks/{uuid.uuid4()}", f"/tracks/{uuid.uuid4()}"
    phone.call("PUT", one, piece(walk))
    phone.call("PUT", two, piece(walk, 10))
    phone.call("DELETE", one, status=204)
    assert place(app, photo) is None
    assert way(app, walk, phone) is None
    for address in (one, two):  # all of the person's way of this walk
        phone.call("PUT", address, piece(walk, 20, number=2), status=410)
        phone.call("GET", address, status=410)
    phone.call("DELETE", one, status=204)
    assert phone.call("GET", "/me").json["tracks"] == []
    before_anything = f"/tracks/{uuid.uuid4()}"
    phone.call("DELETE", before_anything, status=204)
    phone.call("PUT", before_anything, piece(walk), status=410)
    phone.call("PUT", f"/tracks/{uuid.uuid4()}", piece(walk))  # switched on anew
    assert place(app, photo).gap == 50


def test_nobody_adds_to_or_deletes_anybody_elses(app: Flask, phone: Phone, other: Phone, walk: MadeWalk) -> None:
    address = f"/tracks/{uuid.uuid4()}"
    phone.call("PUT", address, piece(walk))
    other.call("PUT", address, piece(walk, 300), status=403)
    other.call("DELETE", address, status=404)
    other.call("GET", address, status=404)
    found = way(app, walk, phone)
    assert found is not None
    assert len(found) == 2


AT = NOON.timestamp()
WRONG = [
    ([["noon", 50.1, 14.4, 5]], "points.0.0"),
    ([[math.nan, 50.1, 14.4, 5]], "points.0.0"),
    ([[AT, math.nan, 14.4, 5]], "points.0.1"),
    ([[AT, 50.1, math.inf, 5]], "points.0.2"),
    ([[AT, 90.1, 14.4, 5]], "points.0.1"),
    ([[AT, 50.1, -180.1, 5]], "points.0.2"),
    ([[AT, 50.1, 14.4, -1]], "points.0.3"),
    ([[AT, 50.1, 14.4]], "points.0.3"),
    ([[AT, 50.1, 14.4, 5, 6]], "points.0"),
    ([[AT, 50.1, 14.4, 5], [AT, 0, 0, 5]], "points.1"),
    ([[time.time() + 200_000, 50.1, 14.4, 5]], "points.0.0"),
    ([[1e300, 50.1, 14.4, 5]], "points.0.0"),
    ([[-1e300, 50.1, 14.4, 5]], "points.0.0"),
    ([[0, 50.1, 14.4, 5]], "points.0.0"),
    ([[AT + index, 50.1, 14.4, 5] for index in range(2001)], "points"),
    ({"0": [AT, 50.1, 14.4, 5]}, "points"),
]


@pytest.mark.parametrize(("points", "where"), WRONG, ids=[f"{each[1]}-{index}" for index, each in enumerate(WRONG)])
def test_what_is_no_way_is_refused_with_a_sentence(
    app: Flask, phone: Phone, walk: MadeWalk, points: Any, where: str
) -> None:
    address = f"/tracks/{uuid.uuid4()}"
    said = phone.call("PUT", address, piece(walk, points=points), status=422).json
    assert said["errors"][0]["where"] == where
    assert len(said["errors"][0]["what"]) > 10
    phone.call("GET", address, status=404)
    assert way(app, walk, phone) is None


def test_what_else_is_refused(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    address = f"/tracks/{uuid.uuid4()}"
    phone.call("PUT", address, piece(walk, points=[]) | {"points": []}, status=422)
    phone.call("PUT", address, piece(walk, speed=3), status=422)
    phone.call("PUT", address, piece(walk, piece=0), status=422)
    phone.call("PUT", address, b"[", status=422)
    phone.call("PUT", address, piece(walk) | {"walk": str(uuid.uuid4())}, status=403)
    phone.call("PUT", address, b" " * 200_001, status=413)
    assert way(app, walk, phone) is None


def test_a_way_has_an_end(app: Flask, phone: Phone, walk: MadeWalk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locating, "MOST_RECORDED", 3)
    monkeypatch.setattr(locating, "MOST", 2)
    address = f"/tracks/{uuid.uuid4()}"
    phone.call("PUT", address, piece(walk))
    phone.call("PUT", address, piece(walk, 200, number=2), status=422)
    found = way(app, walk, phone)
    assert found is not None
    assert len(found) == 2
    phone.call("PUT", address, piece(walk, number=3))
    phone.call("PUT", address, piece(walk, number=4), status=429)


def test_without_a_yes_to_keeping_nothing_is_taken_and_nothing_used(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    photo, address = photo_of(app, walk, phone), f"/tracks/{uuid.uuid4()}"
    phone.call("PUT", address, piece(walk))
    keep = phone.texts(walk.code)["keep"]
    no = {**phone.consent("keep", keep, yes=False, at="2018-06-18T12:00:00Z"), "method": "tapped"}
    phone.call("PUT", f"/consents/{uuid.uuid4()}", no)
    assert place(app, photo) is None
    phone.call("PUT", address, piece(walk, 200, number=2), status=403)
    phone.call("DELETE", address, status=204)
    assert way(app, walk, phone) is None


def test_it_is_erased_with_the_person(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    phone.call("PUT", f"/tracks/{uuid.uuid4()}", piece(walk))
    with app.app_context():
        certificate = erase_now(uuid.UUID(phone.participant))
        assert certificate is not None
        assert certificate.removed["tracks"] == 1
        assert db.session.query(WalkTrack).count() == db.session.query(Recording).count() == 0


def test_a_deletion_holds_after_an_old_backup_came_back(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    photo, id_ = photo_of(app, walk, phone), uuid.uuid4()
    phone.call("PUT", f"/tracks/{id_}", piece(walk))
    phone.call("DELETE", f"/tracks/{id_}", status=204)
    settings: Settings = app.extensions["settings"]
    assert "ways" in json.loads((settings.home / "erasures.jsonl").read_text())
    with app.app_context():
        with transaction():  # as a backup of before has it
            row = photo_queries.recording(id_)
            assert row is not None
            row.deleted = None
        with transaction():
            points = [Point(round(AT * 1000), 50.1, 14.43)]
            person = uuid.UUID(phone.participant)
            locating.add_piece(id_, person, walk.walk_id, NOON, 1, "0" * 64, points)
        assert delete_listed_ways() == 1
        assert delete_listed_ways() == 0
    assert place(app, photo) is None
    phone.call("PUT", f"/tracks/{id_}", piece(walk), status=410)


def test_the_desk_names_it_and_what_it_takes_away_stays_away(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    photo, address = photo_of(app, walk, phone), f"/tracks/{uuid.uuid4()}"
    phone.call("PUT", address, piece(walk))
    with app.app_context():
        make_organiser(walk.project_id)
    visitor = Visitor(app)
    log_in(visitor)
    page = visitor.get(f"/desk/walks/{walk.walk_id}/tracks")
    assert "Recorded by the phone of participant 1" in page.text
    assert "It can place 1 photo." in page.text
    assert "Recorded by the phone of participant 1" in visitor.get(f"/desk/photos/{photo}/why").text
    with app.app_context():
        row = photo_queries.way_of(uuid.UUID(phone.participant), walk.walk_id)
        assert row is not None
        with transaction():
            locating.take_track_away(walk.walk_id, row.id)
    assert place(app, photo) is None
    phone.call("PUT", address, piece(walk, 200, number=2), status=410)


points = st.builds(
    Point,
    st.integers(1_500_000_000_000, 1_500_000_000_009),
    st.floats(50.0, 50.00001),
    st.floats(14.0, 14.00001),
    st.sampled_from([math.nan, 8.1, 8.10000001, 3]),
)


@given(st.lists(st.lists(points, min_size=1, max_size=4), min_size=1, max_size=5), st.randoms())
def test_pieces_in_any_order_and_repeated_give_the_same_way(pieces: list[list[Point]], random: Any) -> None:
    def merged(order: list[list[Point]]) -> bytes:
        track = recorded(order[0])
        for each in order[1:]:
            track = recorded([*each, *(point for line in Track.unpack(track.pack()).lines for point in line)])
        return track.pack()

    shuffled = [*pieces, *random.choices(pieces, k=2)]
    random.shuffle(shuffled)
    assert merged(shuffled) == merged(pieces)
    for each in recorded([point for piece in pieces for point in piece]).lines[0]:
        near = min(abs(each.lat - point.lat) + abs(each.lon - point.lon) for piece in pieces for point in piece)
        assert near < 1e-6  # degrees: a decimetre
