"""All photos of a project: pages, filters, and what a page costs."""

import html
import random
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from tests.client import Visitor
from tests.makers import MadeWalk, log_in, make_call, make_participant, make_photo, make_walk
from tests.makers_photo import corners, encoded, exif, gps_block, turned
from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Decision, Purpose
from webapp.database import db, new_id, now, transaction
from webapp.exhibition import changes as exhibition_changes
from webapp.exhibition.rules import State
from webapp.gallery import queries
from webapp.gallery.rules import Light, Wanted, Where
from webapp.meeting import changes as meeting_changes
from webapp.meeting.rules import MeetingKind
from webapp.photo import changes as photo_changes
from webapp.photo.rules import Lack, People
from webapp.photo.tables import Photo
from webapp.project import queries as project_queries
from webapp.storage import Stored
from webapp.upkeep.jobs import take_back_photo


@pytest.fixture
def organiser(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


def add(walk: MadeWalk, author: uuid.UUID, count: int = 1, **more: object) -> list[uuid.UUID]:
    """Photos whose bytes are still to come: quick, and many."""
    made = []
    with transaction():
        for _ in range(count):
            fields: dict[str, object] = {
                "id": new_id(),
                "participant_id": author,
                "walk_id": walk.walk_id,
                "stop_id": None,
                "original": Stored(uuid.uuid4().hex * 2, 1000),
                "type": "image/jpeg",
                "caption": {"en": "A caption"},
                "up": False,
                "down": False,
                "people": "none",
            }
            photo_changes.save_photo(photo_changes.NewPhoto(**{**fields, **more}))  # type: ignore[arg-type]
            made.append({**fields, **more}["id"])
    return made  # type: ignore[return-value]


def newest(walk: MadeWalk) -> int:
    project = project_queries.project(walk.project_id)
    assert project is not None
    db.session.refresh(project)
    return project.photos


def numbers(walk: MadeWalk, wanted: Wanted) -> set[int]:
    return {photo.number for photo in queries.page(walk.project_id, newest(walk), wanted, Where(), 1000).photos}


# pages


@pytest.mark.parametrize("looked", [3, 7, 20_000])
@pytest.mark.parametrize("wanted", [Wanted(), Wanted(light=Light.UP)], ids=["all", "ups"])
@pytest.mark.usefixtures("inside")
def test_every_photo_stands_on_one_page_forwards_and_backwards_while_new_ones_come(
    app: Flask, walk: MadeWalk, wanted: Wanted, looked: int
) -> None:
    chance, author = random.Random(7), make_participant(walk)
    for _ in range(40):
        add(walk, author, up=chance.random() < 0.4)
    for number in chance.sample(range(1, 41), 9):
        photo = db.session.query(Photo).filter_by(number=number).one()
        assert take_back_photo(author, photo.id)
    there = numbers(walk, wanted)
    size, seen, where, back = 6, [], Where(), 0
    for _ in range(100):
        found = queries.page(walk.project_id, newest(walk), wanted, where, size, looked)
        seen += [photo.number for photo in found.photos]
        add(walk, author, up=True)  # somebody sends one while we read
        back = where.before or 41
        if found.before is None:
            break
        where = Where(before=found.before)
    assert seen == sorted(there, reverse=True), "older pages: each photo once, the newest first"

    seen, where = [], Where(after=0)
    last = newest(walk)
    for _ in range(200):
        found = queries.page(walk.project_id, newest(walk), wanted, where, size, looked)
        seen = [photo.number for photo in found.photos] + seen
        if found.after is None or found.after >= last:
            break
        where = Where(after=found.after)
    assert [number for number in seen if number <= 40] == sorted(there, reverse=True), "and newer pages the same"
    assert len(seen) == len(set(seen))

    found = queries.page(walk.project_id, newest(walk), wanted, Where(before=back), size, looked)
    assert found.after == back - 1, "the page back begins where this one ends"
    newer = queries.page(walk.project_id, newest(walk), wanted, Where(after=back - 1), size, looked)
    assert newer.before == back


def test_the_links_lead_through_all_pages_and_back(app: Flask, walk: MadeWalk, organiser: Visitor) -> None:
    with app.app_context():
        add(walk, make_participant(walk), 130)
    address, seen = f"/desk/projects/{walk.project_id}/photos", []
    pages = []
    while address:
        page = organiser.get(address).text
        pages.append(shown(page))
        seen += shown(page)
        link = re.search(r'rel="next" href="([^"]+)"', page)
        last, address = address, html.unescape(link[1]) if link else ""
    assert seen == list(range(130, 0, -1))
    assert [len(each) for each in pages] == [60, 60, 10]
    back = re.search(r'rel="prev" href="([^"]+)"', organiser.get(last).text)
    assert back
    assert shown(organiser.get(html.unescape(back[1])).text) == pages[1]


def shown(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"No\. (\d+)<", page)]


def test_a_project_without_photos_says_so(organiser: Visitor, walk: MadeWalk) -> None:
    assert "No photo has come in yet." in organiser.get(f"/desk/projects/{walk.project_id}/photos").text


@pytest.mark.parametrize("query", ["before=0", "after=999", "before=junk", "within=junk", f"stop={uuid.UUID(int=7)}"])
def test_an_address_by_hand_breaks_nothing(app: Flask, organiser: Visitor, walk: MadeWalk, query: str) -> None:
    with app.app_context():
        add(walk, make_participant(walk))
    organiser.get(f"/desk/projects/{walk.project_id}/photos?{query}")


@pytest.mark.parametrize("kind", ["walk", "call"])
def test_a_walk_and_a_call_have_the_same_page(app: Flask, organiser: Visitor, walk: MadeWalk, kind: str) -> None:
    with app.app_context():
        author, call = make_participant(walk), make_call(walk.project_id)
        add(walk, author, 70, up=True)
        add(walk, author, 70, walk_id=None, call_id=call, down=True)
    home = f"/desk/walks/{walk.walk_id}/photos" if kind == "walk" else f"/desk/calls/{call}"
    last = 70 if kind == "walk" else 140
    page = organiser.get(home).text
    assert "70 photos" in page
    assert shown(page) == list(range(last, last - 60, -1))
    link = re.search(r'rel="next" href="([^"]+)"', page)
    assert link and link[1].startswith(home)
    assert shown(organiser.get(html.unescape(link[1])).text) == list(range(last - 60, last - 70, -1))
    wrong, right = ("down", "up") if kind == "walk" else ("up", "down")
    assert "No photo is like that." in organiser.get(f"{home}?light={wrong}").text
    assert shown(organiser.get(f"{home}?light={right}").text)[0] == last
    assert shown(organiser.get(f"{home}?within={uuid.uuid4()}").text)[0] == last, "the path says of which"


def test_what_another_project_has_is_not_here(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    with app.app_context():
        other = make_walk("ELSEWHERE")
        (foreign,) = add(other, make_participant(other), stop_id=other.stops[0], caption={"en": "A foreign caption"})
        call = make_call(other.project_id)
    home = f"/desk/projects/{walk.project_id}/photos"
    for query in ("", f"?within={other.walk_id}", f"?within={call}", f"?stop={other.stops[0]}", "?search=foreign"):
        page = organiser.get(home + query).text
        assert "A foreign caption" not in page and str(foreign) not in page
    organiser.get(f"/desk/photos/{foreign}", 404)


# filters


@pytest.mark.usefixtures("inside")
def test_photos_are_chosen_by_what_they_are(app: Flask, walk: MadeWalk) -> None:
    first, second = make_participant(walk), make_participant(walk)
    call = make_call(walk.project_id)
    make_photo(app, walk, first, turned(1), caption={"cs": "Tady čekáme na tramvaj", "en": "Waiting"}, up=True)
    add(walk, second, themes=("housing",), up=True, down=True, people="released", caption={})
    add(walk, first, themes=("work", "housing"), down=True, people="unreleased", pin=(50.0, 14.0))
    add(walk, second, walk_id=None, call_id=call, caption={"vi": "Đường về nhà 100%"})
    inside = encoded(corners(), exif=exif(gps=gps_block()), quality=90)
    make_photo(app, walk, second, inside, walk_id=None, call_id=call, stop_id=None, up=False)
    for wanted, expected in {
        Wanted(): {1, 2, 3, 4, 5},
        Wanted(within=walk.walk_id): {1, 2, 3},
        Wanted(within=call): {4, 5},
        Wanted(stop=walk.stops[0]): {1},
        Wanted(theme="housing"): {2, 3},
        Wanted(theme="hous"): set(),
        Wanted(theme="%"): set(),
        Wanted(light=Light.UP): {1, 2},
        Wanted(light=Light.DOWN): {2, 3},
        Wanted(light=Light.BOTH): {2},
        Wanted(light=Light.NEITHER): {4, 5},
        Wanted(author=1): {1, 3},
        Wanted(author=2): {2, 4, 5},
        Wanted(author=3): set(),
        Wanted(author=0): set(),
        Wanted(people=People.NONE): {1, 4, 5},
        Wanted(people=People.RELEASED): {2},
        Wanted(people=People.UNRELEASED): {3},
        Wanted(lack=Lack.CAPTION): {2},
        Wanted(lack=Lack.RELEASE): {3},
        Wanted(lack=Lack.PICTURE): {2, 3, 4},
        Wanted(lack=Lack.ORIGINAL): set(),
        Wanted(placed=True): {1, 3, 5},
        Wanted(placed=False): {2, 4},
        Wanted(search="CEKAME  tramvaj"): {1},
        Wanted(search="čekáme"): {1},
        Wanted(search="cekame autobus"): set(),
        Wanted(search="duong"): {4},
        Wanted(search="100%"): {4},
        Wanted(search="_"): set(),
        Wanted(within=call, author=2, search="nha"): {4},
        Wanted(within=walk.walk_id, light=Light.UP, author=1): {1},
        Wanted(within=uuid.uuid4()): set(),
    }.items():
        assert numbers(walk, wanted) == expected, wanted


@pytest.mark.usefixtures("inside")
def test_what_is_taken_back_is_found_by_no_word(app: Flask, walk: MadeWalk) -> None:
    author = make_participant(walk)
    (photo_id,) = add(walk, author, caption={"en": "Secret words"})
    assert numbers(walk, Wanted(search="secret")) == {1}
    assert take_back_photo(author, photo_id)
    assert not numbers(walk, Wanted(search="secret"))
    assert db.session.get_one(Photo, photo_id).plain == ""


def test_the_form_says_what_the_address_says(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    with app.app_context():
        add(walk, make_participant(walk), 70, up=True, stop_id=walk.stops[0])
    query = f"within={walk.walk_id}&stop={walk.stops[0]}&light=up&author=1&people=none&lack=no-picture"
    page = organiser.get(f"/desk/projects/{walk.project_id}/photos?{query}&search=capt%C3%ADon").text
    for value in (walk.walk_id, walk.stops[0], "up", "none"):
        assert f'value="{value}" selected' in page
    assert 'value="captíon"' in page and 'value="no-picture" selected' in page
    assert len(shown(page)) == 60
    link = re.search(r'rel="next" href="([^"]+)"', page)
    assert link and shown(organiser.get(html.unescape(link[1])).text) == list(range(10, 0, -1))


# one photo


def test_one_photo_tells_all_that_is_known(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    with app.app_context():
        author = make_participant(walk, frozenset({Purpose.EXHIBITION}))
        photo = make_photo(
            app,
            walk,
            author,
            turned(1),
            caption={"cs": "Lavička", "en": "A bench"},
            story={"see": "An empty bench", "empower": "Sit down"},
            credit="pseudonym",
            credit_as="Lípa",
            pin=(50.1, 14.4),
            themes=("housing",),
        )
        with transaction():
            meeting = meeting_changes.add_meeting(
                walk.project_id, MeetingKind.WORKSHOP, {"en": "The last one"}, now()
            )
            meeting_changes.add_group(meeting.id, "Where to sit", photos=[photo])
            show = exhibition_changes.add_exhibition(walk.project_id, {"en": "On the wall"}, ["en"])
            exhibition_changes.decide(show.id, photo, State.WANTED, None)
            meeting_id, show_id = meeting.id, show.id
    page = organiser.get(f"/desk/photos/{photo}").text
    for address in (f"/desk/meetings/{meeting_id}/groups", f"/desk/exhibitions/{show_id}/table"):
        assert f'href="{address}"' in page
        organiser.get(address)
    page = html.unescape(re.sub(r"<[^>]+>", "", page))
    for told in ("Lavička", "A bench", "An empty bench", "Sit down", "Lípa", "50.10000, 14.40000 (set by hand)"):
        assert told in page
    told = " ".join(page.split())
    assert "the exhibition and its prints The author has not agreed" in told
    assert "the report Yes" in told
    assert "The last one: Where to sit" in told
    assert "On the wall: wanted; its author is to be asked" in told
    assert "here, 640 × 480 pixels" in told


def test_the_way_leads_past_what_may_not_be_seen(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    with app.app_context():
        author = make_participant(walk)
        made = add(walk, author, 5, up=True)
        with transaction():
            (text,) = consent_queries.current_texts(walk.project_id, [Purpose.KEEP.value])
            consent_changes.say(author, [Decision(Purpose.KEEP, False, text.id, "en", now(), photo_id=made[2])])
        add(walk, author)
    page = organiser.get(f"/desk/photos/{made[1]}?light=up").text
    newer, older = re.search(r'rel="prev" href="([^"]+)"', page), re.search(r'rel="next" href="([^"]+)"', page)
    assert newer and newer[1] == f"/desk/photos/{made[3]}?light=up"
    assert older and older[1] == f"/desk/photos/{made[0]}?light=up"
    assert 'rel="prev"' not in organiser.get(f"/desk/photos/{made[4]}?light=up").text
    organiser.get(f"/desk/photos/{made[2]}", 410)


# what it costs


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    with app.app_context():
        engines = list(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("address", ["/desk/projects/{0.project_id}/photos", "/desk/walks/{0.walk_id}/photos"])
def test_a_page_asks_as_often_for_many_photos_as_for_few(
    app: Flask, organiser: Visitor, walk: MadeWalk, address: str
) -> None:
    def cost() -> int:
        with counted(app) as asked:
            assert organiser.get(address.format(walk)).status_code == 200
        return len(asked)

    with app.app_context():
        make_photo(app, walk, make_participant(walk), turned(1))
    few = cost()
    with app.app_context():
        for number in range(6):
            make_photo(app, walk, make_participant(walk), turned(1 + number), caption={"en": str(number)})
        add(walk, make_participant(walk), 50, stop_id=walk.stops[1])
    assert cost() == few
    assert few <= 22, few
