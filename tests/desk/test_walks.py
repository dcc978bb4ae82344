"""Making a walk by form: what is kept, what is refused, and what a participant then meets."""

import html
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.client import Visitor, hidden
from tests.makers import MadeWalk, join, log_in, make_participant, make_photo
from tests.makers_photo import turned
from webapp import create_app
from webapp.config import Settings
from webapp.database import transaction
from webapp.people.rules import ALPHABET
from webapp.results import queries as results_queries
from webapp.shell.headers import tile_source
from webapp.walk import changes, library, plan, queries
from webapp.walk.questions import KINDS
from webapp.walk.rules import EVERY_STOP, ONCE, Checklist

SAID = {
    "title.en": "Through Karlín",
    "title.cs": "Karlínem",
    "meeting_point.en": "Křižíkova, by the lift",
    "district.en": "Prague 8",
    "starts": "2027-05-04T17:30",
    "minutes": "90",
}
STOPS = {
    "stop.1.name.en": "The station",
    "stop.1.name.cs": "Nádraží",
    "stop.1.lat": "50,0925",
    "stop.1.lon": "14.4535",
    "stop.2.name.en": "The embankment",
    "stop.2.lat": "50.0963, 14.4601",
    "stop.2.nophotos": "yes",
}


@pytest.fixture
def organiser(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


@pytest.fixture
def edit(walk: MadeWalk) -> str:
    return f"/desk/walks/{walk.walk_id}/edit"


def fields_of(text: str) -> dict[str, str]:
    """What a browser would send back of the walk's form, unchanged."""
    form = text[text.index('<form id="walk"') : text.index("<template")]
    found = hidden(form)
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        ticked = 'type="checkbox"' not in tag or " checked" in tag
        if name and ticked:
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def made_walk(app: Flask, walk: MadeWalk, title: str = "Through Karlín") -> Any:
    """The walk of this title, with its stops, for reading."""
    with app.app_context():
        found = [each for each in queries.walks_of(walk.project_id) if each.title["en"] == title]
        assert len(found) == 1
        assert [stop.position for stop in found[0].stops] == list(range(1, len(found[0].stops) + 1))
        return found[0]


ROW_FIELDS = ("id", "lat", "lon", "order", "name.en", "nophotos", "remove")
PAIRS = ("%.5f, %.5f", "%.5f %.5f", "%.5f;%.5f", "%.5f,%.5f")
FIRST, LAST = datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-12-31")


# a new walk


def test_a_walk_is_made_with_its_stops(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    page = organiser.send(f"/desk/projects/{walk.project_id}/walks/new", {**SAID, **STOPS})
    assert "What does the walk ask?" in page.text
    made = made_walk(app, walk)
    assert made.title == {"en": "Through Karlín", "cs": "Karlínem"}
    assert made.meeting_point == {"en": "Křižíkova, by the lift"}
    assert made.starts == datetime(2027, 5, 4, 15, 30, tzinfo=UTC)  # summer time in Prague
    assert made.minutes == 90
    assert [(stop.name["en"], stop.lat, stop.lon, stop.photos) for stop in made.stops] == [
        ("The station", 50.0925, 14.4535, True),
        ("The embankment", 50.0963, 14.4601, False),
    ]
    assert len(made.code) == 11 and set(made.code) <= set(ALPHABET)
    assert "Through Karlín" in Visitor(app).get(f"/j/{made.code}").text


def test_sent_twice_it_is_made_once(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    address = f"/desk/projects/{walk.project_id}/walks/new"
    fields = {**hidden_of(organiser, address), **SAID, **STOPS}
    organiser.post(address, fields)
    organiser.post(address, fields)
    assert len(made_walk(app, walk).stops) == 2


def hidden_of(visitor: Visitor, address: str) -> dict[str, str]:
    text = visitor.get(address).text
    return hidden(text[text.index('<form id="walk"') : text.index("<section")])


def test_the_id_of_another_project_s_walk_opens_nothing(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    from tests.makers import make_walk

    with app.app_context():
        other = make_walk("ELSEWHERE")
    address = f"/desk/projects/{walk.project_id}/walks/new"
    organiser.post(address, {**hidden_of(organiser, address), **SAID, "id": str(other.walk_id)}, 404)
    assert made_walk(app, other, "A short walk").minutes == 120


def test_rows_are_put_in_the_order_of_their_numbers(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    order = {"stop.1.order": "9", "stop.2.order": "2", "stop.3.name.en": "First", "stop.3.order": "1"}
    organiser.send(f"/desk/projects/{walk.project_id}/walks/new", {**SAID, **STOPS, **order})
    names = [stop.name["en"] for stop in made_walk(app, walk).stops]
    assert names == ["First", "The embankment", "The station"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title.en": "", "title.cs": " "}, "Write a title in at least one language."),
        ({"title.en": "", "title.cs": "", "title.xx": "smuggled"}, "Write a title in at least one language."),
        ({"meeting_point.en": ""}, "Write where you meet"),
        ({"title.en": "ž" * 121}, "This is too long."),
        ({"starts": ""}, "Write the date and the time."),
        ({"starts": "soon"}, "Not a valid datetime value."),
        ({"starts": "0001-01-01T00:00"}, "Write a year from 2000 to 2099."),
        ({"starts": "2027-03-28T02:30"}, "The clocks leave this time out"),
        ({"minutes": ""}, "Write how long the walk takes."),
        ({"minutes": "9"}, "A walk takes from 10 to 720 minutes."),
        ({"minutes": "99999999999999999999"}, "A walk takes from 10 to 720 minutes."),
        ({"stop.1.name.en": "", "stop.1.name.cs": ""}, "Give this stop a name."),
        ({"stop.1.name.en": "ž" * 121}, "This name is too long"),
        ({"stop.1.lat": "90.5"}, "There is no such place"),
        ({"stop.1.lon": "181"}, "There is no such place"),
        ({"stop.1.lat": "0", "stop.1.lon": "0"}, "There is no such place"),
        ({"stop.1.lat": "here"}, "Write both numbers in degrees"),
        ({"stop.1.lon": ""}, "Write both numbers in degrees"),
        ({"stop.1.lat": "nan", "stop.1.lon": "inf"}, "Write both numbers in degrees"),
        ({f"stop.{index}.name.en": "One of many" for index in range(10, 80)}, "A walk has at most 60 stops."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(
    app: Flask, organiser: Visitor, walk: MadeWalk, wrong: dict[str, str], sentence: str
) -> None:
    sent = {**SAID, **STOPS, **wrong}
    page = html.unescape(organiser.send(f"/desk/projects/{walk.project_id}/walks/new", sent, 422).text)
    assert sentence in page
    for value in ("The embankment", "Prague 8", "50.0963, 14.4601"):
        assert f'value="{value}"' in page
    with app.app_context():
        assert len(queries.walks_of(walk.project_id)) == 1


def test_without_its_token_nothing_is_made(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    page = organiser.post(f"/desk/projects/{walk.project_id}/walks/new", {**SAID, "id": str(uuid.uuid4())}, 422)
    assert "This page had been open for too long." in page.text
    assert 'value="Through Karlín"' in page.text
    with app.app_context():
        assert len(queries.walks_of(walk.project_id)) == 1


@given(
    st.dictionaries(
        st.builds("stop.{}.{}".format, st.sampled_from([0, 1, 9999]), st.sampled_from(ROW_FIELDS)),
        st.text(max_size=30),
    )
)
def test_no_row_breaks_the_form(fields: dict[str, str]) -> None:
    from werkzeug.datastructures import MultiDict

    from webapp.walk.plan_forms import read_rows

    for row in read_rows(MultiDict(fields), (), (), ["en"]):
        place = row.place()
        assert row.id is None
        assert place is None or all(isinstance(number, float) for number in place)


# positions and times


@given(st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(PAIRS))
def test_a_pasted_pair_is_read_back(lat: float, lon: float, form: str) -> None:
    assert plan.pair(form % (lat, lon)) == pytest.approx((lat, lon), abs=1e-5)


@given(st.floats(-180, 180))
def test_a_comma_is_a_point(number: float) -> None:
    text = f"{number:.6f}"
    assert plan.degrees(text) == plan.degrees(text.replace(".", ",")) == pytest.approx(number, abs=1e-6)
    assert plan.pair(text.replace(".", ",")) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50.0877258N, 14.4211267E", (50.087726, 14.421127)),
        ("33.9S 18.4E", (-33.9, 18.4)),
        ("34.6° S, 58.4° W", (-34.6, -58.4)),
        ("50,09; 14,42", (50.09, 14.42)),
        ("50,09, 14,42", (50.09, 14.42)),
        ("50, 14", (50, 14)),
        ("−12.5, 3", (-12.5, 3)),
    ],
)
def test_maps_copy_places_in_many_ways(text: str, expected: tuple[float, float]) -> None:
    assert plan.pair(text) == expected


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    both = plan.pair(text)
    assert both is None or all(abs(number) < 1000 for number in both)
    one = plan.degrees(text)
    assert one is None or abs(one) < 1000


ZONES = ("Europe/Prague", "UTC", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe")


@given(st.datetimes(FIRST, LAST), st.sampled_from(ZONES))
def test_a_local_time_comes_back_as_it_was_written(local: datetime, zone: str) -> None:
    local = local.replace(second=0, microsecond=0)
    found = plan.instant(local, zone)
    if found is None:
        later = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
        assert later.replace(tzinfo=None) != local  # the clocks leave it out
    else:
        assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local


def test_the_hour_that_comes_twice_is_the_first_unless_it_was_the_second() -> None:
    twice = datetime.fromisoformat("2027-10-31T02:30")
    first = plan.instant(twice, "Europe/Prague")
    assert first == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    second = first + timedelta(hours=1)
    assert plan.instant(twice, "Europe/Prague", second) == second


# changing a walk


def test_saved_as_it_is_nothing_changes(app: Flask, organiser: Visitor, walk: MadeWalk, edit: str) -> None:
    before = made_walk(app, walk, "A short walk")
    fields = fields_of(organiser.get(edit).text)
    assert "Saved." in organiser.post(edit, fields).text
    after = made_walk(app, walk, "A short walk")
    for name in ("title", "district", "meeting_point", "starts", "minutes", "code"):
        assert getattr(after, name) == getattr(before, name)
    assert [vars_of(stop) for stop in after.stops] == [vars_of(stop) for stop in before.stops]


def vars_of(stop: Any) -> tuple[Any, ...]:
    return stop.id, stop.position, stop.name, stop.lat, stop.lon, stop.accuracy, stop.photos


def test_stops_are_renamed_moved_turned_round_and_added(
    app: Flask, organiser: Visitor, walk: MadeWalk, edit: str
) -> None:
    fields = fields_of(organiser.get(edit).text)
    fields |= {"stop.1.order": "3", "stop.2.order": "1", "stop.2.name.cs": "Úřad", "stop.1.lat": "50.2"}
    fields |= {"stop.3.name.en": "Between", "stop.3.order": "2"}
    organiser.post(edit, fields)
    stops = made_walk(app, walk, "A short walk").stops
    assert [stop.name["en"] for stop in stops] == ["The office", "Between", "The square"]
    assert [stops[0].id, stops[2].id] == [walk.stops[1], walk.stops[0]]
    assert stops[0].name == {"en": "The office", "cs": "Úřad"}
    assert (stops[2].lat, stops[2].accuracy) == (50.2, None)  # how well the old place was known says nothing now


def test_a_stop_is_removed_by_its_tick_only(app: Flask, organiser: Visitor, walk: MadeWalk, edit: str) -> None:
    fields = fields_of(organiser.get(edit).text)
    others = {name: value for name, value in fields.items() if not name.startswith("stop.2.")}
    organiser.post(edit, others)  # an old page that does not know the second stop
    assert len(made_walk(app, walk, "A short walk").stops) == 2
    organiser.post(edit, {**fields_of(organiser.get(edit).text), "stop.2.remove": "yes"})
    assert [stop.id for stop in made_walk(app, walk, "A short walk").stops] == [walk.stops[0]]


def test_a_stop_where_somebody_answered_stays(app: Flask, organiser: Visitor, walk: MadeWalk, edit: str) -> None:
    walker = Visitor(app)
    join(walker)
    fields = fields_of(organiser.get(edit).text)
    walker.send(walk.answer_address(), {"b.1": "4"})
    changed = {**fields, "stop.1.remove": "yes", "title.en": "Renamed", "stop.2.name.en": "Kept"}
    page = organiser.post(edit, changed, 422).text
    assert "Somebody has answered or taken a photo at a stop" in page
    assert 'value="Renamed"' in page and 'value="Kept"' in page
    assert len(made_walk(app, walk, "A short walk").stops) == 2
    assert "stop.1.remove" not in organiser.get(edit).text

    organiser.post(edit, {**fields, "stop.1.name.en": "Another name", "stop.1.lat": "50.3"})
    assert made_walk(app, walk, "A short walk").stops[0].name["en"] == "Another name"


def test_a_stop_where_somebody_photographed_stays(app: Flask, organiser: Visitor, walk: MadeWalk, edit: str) -> None:
    with app.app_context():
        make_photo(app, walk, make_participant(walk), turned(1), stop_id=walk.stops[1])
    fields = {**fields_of(organiser.get(edit).text), "stop.2.remove": "yes"}
    organiser.post(edit, fields, 422)
    assert len(made_walk(app, walk, "A short walk").stops) == 2


def test_another_walk_s_stop_is_not_touched(app: Flask, organiser: Visitor, walk: MadeWalk, edit: str) -> None:
    from tests.makers import make_walk

    with app.app_context():
        other = make_walk("ELSEWHERE")
    fields = fields_of(organiser.get(edit).text)
    fields |= {"stop.3.id": str(other.stops[0]), "stop.3.name.en": "Stolen", "stop.4.id": str(other.stops[1])}
    organiser.post(edit, {**fields, "stop.4.remove": "yes"})
    assert [stop.name["en"] for stop in made_walk(app, other, "A short walk").stops] == ["The square", "The office"]
    assert made_walk(app, walk, "A short walk").stops[2].id not in other.stops


def test_texts_in_languages_that_the_project_left_stay(
    app: Flask, organiser: Visitor, walk: MadeWalk, edit: str
) -> None:
    with app.app_context(), transaction():
        from webapp.project import queries as project_queries

        project = project_queries.project(walk.project_id)
        assert project is not None
        project.languages = ["en"]
    organiser.post(edit, {**fields_of(organiser.get(edit).text), "title.en": "New name", "title.cs": "sneaked in"})
    assert made_walk(app, walk, "New name").title == {"en": "New name", "cs": "Krátká procházka"}


# the map's tiles


def test_only_a_page_with_a_map_may_load_tiles(organiser: Visitor, edit: str) -> None:
    policy = organiser.get(edit).headers["Content-Security-Policy"]
    assert "img-src 'self' blob: data: https://tile.openstreetmap.org;" in policy
    assert "openstreetmap" not in organiser.get("/desk").headers["Content-Security-Policy"]


def test_without_tiles_the_policy_stays_shut(settings: Settings, tmp_path: Any) -> None:
    from dataclasses import replace

    from tests.makers import make_organiser, make_walk

    app = create_app(replace(settings, map_tiles="none"))
    with app.app_context():
        walk = make_walk()
        make_organiser(walk.project_id)
    visitor = Visitor(app)
    log_in(visitor)
    page = visitor.get(f"/desk/walks/{walk.walk_id}/edit")
    assert "img-src 'self' blob:;" in page.headers["Content-Security-Policy"]
    assert 'data-tiles="none"' in page.text


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("none", ""),
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "https://tile.openstreetmap.org"),
        ("http://10.0.0.2:8080/{z}/{x}/{y}.png", "http://10.0.0.2:8080"),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png?key=1", "https://*.tiles.example"),
        ("https://t{s}.tiles.example/{z}/{x}/{y}.png", "https:"),
    ],
)
def test_the_policy_names_where_tiles_come_from(address: str, source: str) -> None:
    assert tile_source(address) == source


# checklists


@pytest.fixture
def lists(walk: MadeWalk) -> str:
    return f"/desk/walks/{walk.walk_id}/checklists"


def on_walk(app: Flask, walk: MadeWalk) -> list[tuple[str, int]]:
    with app.app_context():
        return [(version.checklist, version.version) for version in queries.versions_on(walk.walk_id)]


def test_the_six_of_the_library_are_offered(organiser: Visitor, lists: str) -> None:
    page = organiser.get(lists).text
    assert set(library.NAMES) <= set(re.findall(r'name="use" value="(\w+)"', page))
    assert "demo_" not in page


def test_checklists_are_chosen_in_an_order(app: Flask, organiser: Visitor, walk: MadeWalk, lists: str) -> None:
    sent = {
        "use": ["access", "safety", "belonging"],
        "order.safety": "1",
        "order.access": "2",
        "order.belonging": "x",
    }
    assert "Saved." in organiser.send(lists, sent).text
    assert on_walk(app, walk) == [("safety", 1), ("access", 1), ("belonging", 1)]


def test_the_local_language_is_named(app: Flask, organiser: Visitor, walk: MadeWalk, lists: str) -> None:
    organiser.send(lists, {"use": ["access", "services"]})
    walker = Visitor(app)
    join(walker)
    with app.app_context():
        bodies = {version.checklist: version.body for version in queries.versions_on(walk.walk_id)}
        versions = {version.checklist: version.id for version in queries.versions_on(walk.walk_id)}
    for body in bodies.values():
        assert plan.LOCAL not in str(body)
    address = f"/plain/walks/{walk.walk_id}/stops/{walk.stops[0]}/{versions['access']}"
    assert "Pictograms can be understood without Czech." in walker.get(address).text
    assert "(čeština)" in Visitor_in_czech(app, address, walker)


def Visitor_in_czech(app: Flask, address: str, walker: Visitor) -> str:  # noqa: N802
    walker.headers = {"Accept-Language": "cs"}
    return walker.get(address).text


def test_an_unknown_checklist_is_ignored(app: Flask, organiser: Visitor, walk: MadeWalk, lists: str) -> None:
    organiser.send(lists, {"use": ["../../etc", "demo_safety", "safety"]})
    assert on_walk(app, walk) == [("safety", 1)]


def test_half_a_form_takes_nothing_off(app: Flask, organiser: Visitor, walk: MadeWalk, lists: str) -> None:
    token = {"csrf_token": hidden(organiser.get(lists).text)["csrf_token"]}
    organiser.post(lists, token, 422)
    assert on_walk(app, walk) == [("belonging", 1), ("safety", 1)]
    organiser.send(lists, {})
    assert on_walk(app, walk) == []


def test_an_answered_checklist_stays_on_the_walk(app: Flask, organiser: Visitor, walk: MadeWalk, lists: str) -> None:
    walker = Visitor(app)
    join(walker)
    walker.send(walk.answer_address(), {"b.1": "4"})
    page = html.unescape(organiser.send(lists, {"use": ["trade"]}, 422).text)
    assert "“Belonging here” has been answered on this walk, so it stays." in page
    assert re.search(r'value="trade" checked', page)
    assert on_walk(app, walk) == [("belonging", 1), ("safety", 1)]
    organiser.send(lists, {"use": ["belonging"]})
    assert on_walk(app, walk) == [("belonging", 1)]


def test_the_time_is_told_and_too_much_is_warned_of(organiser: Visitor, lists: str) -> None:
    assert "more than a third" not in organiser.get(lists).text
    page = organiser.send(lists, {"use": list(library.NAMES)}).text
    assert "2 stops" in page
    assert "of the 120 minutes of the walk" in page
    assert "Our own estimate" in page


def test_the_estimate_adds_up() -> None:
    body = library.checklist("safety")
    time = plan.time_needed([Checklist.read(body)], stops=8, minutes=60)
    assert time.per_stop == pytest.approx((14 * 12 + 20) / 60)
    assert time.once == pytest.approx(45 / 60)
    assert time.total == pytest.approx(8 * (14 * 12 + 20) / 60 + 45 / 60)
    assert time.too_long
    assert not plan.time_needed([Checklist.read(body)], stops=8, minutes=120).too_long
    assert plan.time_needed([], stops=8, minutes=10).total == 0


def questions_form(body: dict[str, Any], **asked: str) -> dict[str, Any]:
    """Everything of a version ticked, asked as it is unless said otherwise."""
    sections = {f"asked.{section['id']}": section["asked"] for section in body["sections"]}
    ticked = [question["id"] for section in body["sections"] for question in section["questions"]]
    return {**sections, "question": ticked, **{f"asked.{name}": value for name, value in asked.items()}}


def body_on(app: Flask, walk: MadeWalk, name: str) -> dict[str, Any]:
    with app.app_context():
        return next(dict(each.body) for each in queries.versions_on(walk.walk_id) if each.checklist == name)


def test_fewer_questions_are_another_version(app: Flask, organiser: Visitor, walk: MadeWalk, lists: str) -> None:
    organiser.send(lists, {"use": ["compass"]})
    whole = body_on(app, walk, "compass")
    ids = [question["id"] for question in whole["sections"][0]["questions"]]
    few = {**questions_form(whole), "question": [ids[2], ids[0], "compass.999"]}
    assert "Saved." in organiser.send(f"{lists}/compass", few).text
    assert on_walk(app, walk) == [("compass", 2)]
    asked = Checklist.read(body_on(app, walk, "compass")).questions(EVERY_STOP)
    assert [question.id for question in asked] == [ids[0], ids[2]]

    organiser.send(f"{lists}/compass", questions_form(whole))  # all again: the version that said so
    assert on_walk(app, walk) == [("compass", 1)]


def test_a_section_can_be_asked_once_or_not_at_all(
    app: Flask, organiser: Visitor, walk: MadeWalk, lists: str
) -> None:
    organiser.send(lists, {"use": ["safety"]})
    with app.app_context():
        own = queries.versions_on(walk.walk_id)[0].body
    assert own["sections"][0]["questions"][0]["id"] == "s.1"  # the project's own list, not the library's
    organiser.send(f"{lists}/safety", questions_form(own, stop=ONCE))
    body = body_on(app, walk, "safety")
    assert [section["asked"] for section in body["sections"]] == [ONCE]
    page = organiser.send(f"{lists}/safety", questions_form(own, stop=""), 422).text
    assert "Tick at least one question" in page
    assert body_on(app, walk, "safety") == body


def test_the_same_choice_makes_no_version(app: Flask, organiser: Visitor, walk: MadeWalk, lists: str) -> None:
    organiser.send(f"{lists}/belonging", questions_form(body_on(app, walk, "belonging")))
    assert on_walk(app, walk) == [("belonging", 1), ("safety", 1)]


def test_a_change_after_answers_keeps_both_apart(app: Flask, organiser: Visitor, walk: MadeWalk, lists: str) -> None:
    walker = Visitor(app)
    join(walker)
    walker.send(walk.answer_address(), {"b.1": "4"})
    assert "has been answered on this walk" in organiser.get(f"{lists}/belonging").text
    body = body_on(app, walk, "belonging")
    organiser.send(f"{lists}/belonging", {**questions_form(body), "question": ["b.1"]})
    assert on_walk(app, walk) == [("belonging", 2), ("safety", 1)]
    with app.app_context():
        old = queries.version_of(walk.project_id, "belonging", 1)
        assert old is not None and old.body == body
        titles = [each.title["en"] for _, each in queries.asked_or_answered(walk.walk_id, {walk.versions[0]})]
        assert titles == ["Belonging here (2)", "Feeling safe", "Belonging here (1)"]
        shown = [each.title["en"] for place in results_queries.of_walk(walk.walk_id) for each, _ in place.checklists]
        assert any(title.startswith("Belonging here (1)") for title in shown), "the old answers are still to be seen"


def test_a_checklist_that_the_walk_does_not_ask_has_no_page(organiser: Visitor, lists: str) -> None:
    organiser.get(f"{lists}/trade", 404)
    organiser.get(f"{lists}/nonsense", 404)


def test_another_walk_takes_the_newest_version(app: Flask, organiser: Visitor, walk: MadeWalk, lists: str) -> None:
    body = body_on(app, walk, "belonging")
    organiser.send(f"{lists}/belonging", {**questions_form(body), "question": ["b.1"]})
    organiser.send(f"/desk/projects/{walk.project_id}/walks/new", SAID)
    made = made_walk(app, walk)
    organiser.send(f"/desk/walks/{made.id}/checklists", {"use": ["belonging"]})
    with app.app_context():
        assert [version.version for version in queries.versions_on(made.id)] == [2]


@pytest.mark.parametrize("name", library.NAMES)
@pytest.mark.parametrize("local", ["cs", "en", "uk", "xx"])
def test_every_library_checklist_can_be_asked(name: str, local: str) -> None:
    body = plan.answerable(plan.filled(library.checklist(name), local), KINDS)
    assert body["sections"]
    assert plan.LOCAL not in str(body)
    for section in body["sections"]:
        for question in section["questions"]:
            ids = [choice["id"] for choice in question.get("choices", [])]
            assert local not in ids, "the local language is offered twice"


def test_the_preview_shows_what_is_asked(organiser: Visitor, walk: MadeWalk, lists: str) -> None:
    organiser.send(lists, {"use": list(library.NAMES)})
    page = html.unescape(organiser.get(f"/desk/walks/{walk.walk_id}/preview").text)
    assert "A stranger would help." in page
    assert "Getting here" in page
    assert "Once, for the whole walk" in page
    organiser.send(lists, {"use": []})
    assert "This walk asks nothing yet." in organiser.get(f"/desk/walks/{walk.walk_id}/preview").text


def test_versions_are_never_changed(app: Flask, walk: MadeWalk) -> None:
    with app.app_context(), transaction():
        body = queries.versions_on(walk.walk_id)[0].body
        again = changes.keep_version(walk.project_id, dict(body))
        other = changes.keep_version(walk.project_id, {**body, "sections": body["sections"][:1]})
        assert (again.id, again.version, other.version) == (walk.versions[0], 1, 2)
