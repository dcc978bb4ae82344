"""Every way out, and what it tells of where and when a photo was taken. What is not in the tables fails."""

import io
import uuid
import zipfile
from collections.abc import Mapping
from enum import StrEnum

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.export.makers import made, make_exhibition
from tests.makers import MadeWalk, make_organiser, make_participant, make_photo, make_response
from tests.makers_photo import encoded, exif, gps_block, grain
from tests.test_doors import House, address_of, house
from tests.test_exits import words_in
from webapp.database import transaction
from webapp.doors import Right, Role, door_of
from webapp.export import changes as export_changes
from webapp.export.formats import FILES, FORMATS
from webapp.export.rules import EXACT, Subject
from webapp.people import changes as people_changes
from webapp.walk.rules import Answer

__all__ = ["house"]


class Tells(StrEnum):
    """What a file tells."""

    NOTHING = "of the photos neither place nor time"
    COARSE = "squares and months of at least three people"
    MARKED = "exact places and times, and says that it is not to be passed on"


# Each format that can be taken away. Who adds one says here what it tells.
FILES_TELL: Mapping[str, Tells] = {
    "print": Tells.NOTHING,
    "panels": Tells.NOTHING,
    "sheets": Tells.NOTHING,
    "contact": Tells.NOTHING,
    "cards": Tells.NOTHING,
    "captions": Tells.NOTHING,
    "captions_docx": Tells.NOTHING,
    "originals": Tells.MARKED,
}
FORMATS_TELL: Mapping[str, tuple[Tells, str]] = {
    "originals": (Tells.MARKED, "/desk/walks/<walk>/originals.zip"),
    "answers": (Tells.MARKED, "/desk/walks/<walk>/answers.csv"),
    "photos": (Tells.MARKED, "/desk/walks/<walk>/photos.csv"),
    "geojson": (Tells.MARKED, "/desk/walks/<walk>/places.geojson"),
    "xlsx": (Tells.MARKED, "/desk/walks/<walk>/results.xlsx"),
    "coarse": (Tells.COARSE, "/desk/projects/<project>/coarse.geojson"),
}
# Which doors lead to exact places, and whose they are. All others must tell nothing of the kind.
EXACT_RIGHTS = frozenset(Right) - {Right.RESULTS}

# A photo of one person, at a place and a time that stand nowhere else. Its id is as phones make them: the time first.
LAT, LON = 50.091357, 14.426802
AT = 1_529_309_107_000  # milliseconds: 18 June 2018, 08:05:07 UTC
PHOTO = uuid.UUID(int=(AT << 80) | (7 << 76) | (2 << 62) | 0x1234_5678_9ABC)
# As they may be written: degrees to 30 metres, the clock in UTC and in Prague, the id; the stop where it was taken.
SECRETS = ("50.0913", "50.0914", "14.4268", "14.427", "8:05", "08:05", "10:05", "10:05:07", str(PHOTO))
STOP = "The square"


@pytest.fixture
def walk(app: Flask, walk: MadeWalk) -> MadeWalk:
    """The walk with that photo, which is its first, of somebody who agrees to everything."""
    data = encoded(grain(640, 480), exif=exif({}, {36867: "2018:06:18 10:05:07"}, gps_block(LAT, LON)))
    with app.app_context():
        author = make_participant(walk)
        make_photo(app, walk, author, data, id=PHOTO, pin=(LAT, LON), caption={"en": "Secretly placed"})
        make_response(app, walk, author, {"b.1": Answer(4)})
    return walk


def told_by(data: str) -> list[str]:
    return [secret for secret in SECRETS if secret in data]


def test_every_format_says_what_it_tells() -> None:
    assert set(FILES_TELL) == set(FILES), "a file came or went: say above what it tells of places and times"
    assert set(FORMATS_TELL) == set(FORMATS), "a file came or went: say above what it tells of places and times"


@pytest.mark.parametrize("who", ["nobody", "walker", "walker elsewhere", "phone", "phone elsewhere", "viewer"])
def test_no_page_tells_a_place_or_a_time_to_who_may_not_know_it(house: House, who: str) -> None:
    """Every address that there is, asked by everybody who may not see exact places, whatever they may enter."""
    client, told = house.browser_of(who), {}
    for rule in house.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and may_not_know(house.app, rule):
            answer = client.get(address_of(rule, {**house.values, "number": 1}))
            found = told_by(f"{answer.headers}\n{text_of(answer.mimetype, answer.data)}")
            if found:
                told[rule.rule] = found
            if "image/" in answer.mimetype:
                assert answer.last_modified is None or "report" not in rule.rule, f"{rule.rule} tells when it came"
    assert not told


def may_not_know(app: Flask, rule: Rule) -> bool:
    """Whether the door is not one that only those pass who may see exact places, or the person themselves."""
    door = door_of(app, rule.endpoint)
    assert door is not None
    return door.who != "organiser" or door.right not in EXACT_RIGHTS


def text_of(mimetype: str, data: bytes) -> str:
    return data.decode("latin-1") if mimetype.startswith("image/") else words_in(data)


def owner(app: Flask, walk: MadeWalk) -> tuple[uuid.UUID, FlaskClient]:
    with app.app_context():
        account = make_organiser(walk.project_id, Role.OWNER, "boss@example.org")
        with transaction():
            login = people_changes.log_in(account)
    client = app.test_client()
    with client.session_transaction() as session:
        session["login"] = login
    return account, client


def test_viewers_see_no_stop_beside_a_photo(house: House) -> None:
    walk_id = house.values["walk_id"]
    page = house.browser_of("viewer").get(f"/desk/walks/{walk_id}/results").text
    photos = page[page.index("Photos agreed for the report") :]
    assert "Secretly placed" in photos
    assert f"{STOP}<" not in photos, "a stop is a place"


@pytest.mark.parametrize("name", FORMATS)
def test_files_that_are_sent_at_once_tell_what_they_say(app: Flask, walk: MadeWalk, name: str) -> None:
    tells, address = FORMATS_TELL[name]
    _, client = owner(app, walk)
    file = client.get(address.replace("<walk>", str(walk.walk_id)).replace("<project>", str(walk.project_id)))
    assert file.status_code == 200
    check(tells, file.data)


@pytest.mark.parametrize("name", FILES)
def test_files_that_take_time_tell_what_they_say(app: Flask, walk: MadeWalk, name: str) -> None:
    from tests.makers import make_meeting

    account, client = owner(app, walk)
    format_ = FILES[name]
    with app.app_context():
        subjects = {
            Subject.EXHIBITION: make_exhibition(walk.project_id, [PHOTO]),
            Subject.MEETING: make_meeting(walk.project_id, PHOTO)[0],
            Subject.WALK: walk.walk_id,
        }
        subject = next(each for each in subjects if each in format_.subjects)
        wanted = {subject.value: str(subjects[subject])}
        if format_.papers:
            wanted["paper"] = next(iter(format_.papers))
        with transaction():
            export_id = export_changes.ask(walk.project_id, account, name, wanted, "en", "file").id
    made(app, export_id)
    file = client.get(f"/desk/exports/{export_id}/file")
    assert file.status_code == 200
    check(FILES_TELL[name], file.data)
    if FILES_TELL[name] is Tells.NOTHING:
        assert STOP not in words_in(file.data), "a stop is a place"


@pytest.mark.parametrize("name", ["minutes", "minutes.docx", "show"])
def test_what_a_meeting_shows_and_writes_tells_no_place(app: Flask, walk: MadeWalk, name: str) -> None:
    from tests.makers import make_meeting

    _, client = owner(app, walk)
    with app.app_context():
        meeting, _ = make_meeting(walk.project_id, PHOTO)
    words = words_in(client.get(f"/desk/meetings/{meeting}/{name}").data)
    assert "Secretly placed" in words
    assert not [secret for secret in told_by(words) if secret != str(PHOTO)]
    if name == "minutes.docx":  # it is a file; the pages are for who may see more
        assert str(PHOTO) not in words
    assert STOP not in words


def check(tells: Tells, data: bytes) -> None:
    words = words_in(data) + names_in(data)
    if tells is Tells.MARKED:
        assert EXACT in words
    else:
        assert not told_by(words)
        assert not told_by(data.decode("latin-1"))
        assert "Secretly placed" not in words or tells is Tells.NOTHING


def names_in(data: bytes) -> str:
    if not data.startswith(b"PK"):
        return ""
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        return " ".join(pack.namelist())
