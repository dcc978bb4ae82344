"""The demo project: whole or not there, made only once, and with everything in it that organisers meet."""

import io
import json
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import demo_home
from tests.client import Visitor
from tests.makers import EMAIL, log_in, make_organiser
from webapp import create_app, demo
from webapp.config import Settings
from webapp.consent.rules import Exit
from webapp.consent.tables import Consent
from webapp.database import Base, db, now
from webapp.demo import content, others, shortlist, whole, workshop
from webapp.doors import Role
from webapp.exhibition import queries as exhibition_queries
from webapp.exhibition.rules import State
from webapp.exhibition.tables import Rating
from webapp.join.queries import place_by_code
from webapp.meeting import queries as meeting_queries
from webapp.people.tables import Participant
from webapp.photo import queries as photo_queries
from webapp.photo.jobs import rebuild
from webapp.photo.queries import call_by_code, call_counts, photos_of_call, photos_of_walk, place_of, state
from webapp.photo.rules import Credit, People, PhotoState
from webapp.photo.tables import Photo
from webapp.project import queries as project_queries
from webapp.project.rules import PERSPECTIVES
from webapp.project.tables import Project
from webapp.project.texts import WRITTEN
from webapp.storage import Stored
from webapp.walk.queries import walk_by_code, walkers, walks_of

PHOTOS = 150
PICTURES = 147  # three photos of the call show what was sent on the walk, too


@pytest.fixture(scope="module")
def demo_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("demo") / "home"
    demo_home.copy_to(home)
    return Settings.read({"POHLED_HOME": str(home)})


@pytest.fixture(scope="module")
def demo_app(demo_settings: Settings) -> Flask:
    """The program with the demo in it. It was made in an empty home by another process."""
    return create_app(demo_settings)


@pytest.fixture
def inside_demo(demo_app: Flask) -> Iterator[Flask]:
    with demo_app.app_context():
        yield demo_app


def count(table: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def project_id() -> uuid.UUID:
    place = place_by_code("DEMO")
    assert place
    return place.project_id


def by_id() -> dict[str, Photo]:
    """The photos by their ids in the demo, which are in the order in which they were added."""
    rows = sorted(photo_queries.photos_of_project(project_id()), key=lambda photo: photo.number)
    return dict(zip([photo.id for photo in whole.PHOTOS], rows, strict=True))


def test_the_demo_is_whole_and_made_only_once(inside_demo: Flask) -> None:
    said: list[str] = []
    demo.prepare(said.append)
    assert said == []
    assert (count(Project), count(Photo)) == (1, PHOTOS)
    assert {state(photo) for photo in by_id().values()} == {PhotoState.READY}
    walk = walk_by_code("demo")
    assert walk
    visitor = Visitor(inside_demo)
    log_in(visitor, demo.EMAIL, demo.password())
    page = visitor.get(f"/desk/walks/{walk.id}/photos").text
    for photo in content.PHOTOS:
        assert photo.caption in page
    greeting = demo.greeting("http://127.0.0.1:8000")
    assert "http://127.0.0.1:8000/j/DEMO" in greeting
    assert f"http://127.0.0.1:8000/j/{others.CALL.code}" in greeting
    assert demo.password() in greeting
    assert rebuild(missing=True) == 0


@pytest.mark.usefixtures("inside")
def test_a_demo_that_was_cut_off_begins_again(app: Flask, corpus_free_picture: bytes, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def drawn(_: object) -> dict[object, Stored]:
        stored = app.extensions["store"].put(io.BytesIO(corpus_free_picture), len(corpus_free_picture))
        return {photo.scene: stored for photo in whole.PHOTOS}

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "_drawn", drawn)
    with monkeypatch.context() as patch:
        patch.setattr(demo, "_begin_exhibition", broken)
        with suppress(KeyboardInterrupt):
            demo.prepare(print)
    assert count(Project) == 0
    demo.prepare(print)
    assert (count(Project), count(Photo)) == (1, PHOTOS)


@pytest.fixture
def corpus_free_picture() -> bytes:
    from webapp.demo.scenes import draw
    from webapp.demo.scenes.file import Scene

    first = whole.PHOTOS[0].scene
    return draw(Scene("bells", first.taken, width=60, height=40))


@pytest.mark.usefixtures("inside_demo")
def test_every_file_is_what_it_was_said_to_be() -> None:
    for id_, photo in by_id().items():
        said = next(each for each in whole.PHOTOS if each.id == id_)
        facts = photo_queries.facts_of(photo)  # as the reader of `pohled photo inspect` found them
        assert facts, id_
        assert facts.ok, id_
        assert facts.type == said.scene.media_type
        assert (facts.width, facts.height) == (said.scene.width, said.scene.height), id_
        if said.scene.file == "jpeg":
            assert facts.orientation == said.scene.orientation, id_
        assert facts.taken, id_
        assert facts.taken.local == said.scene.taken, id_
        assert facts.taken.offset == "+02:00"
        if said.scene.position:
            assert facts.place, id_
            assert (facts.place.lat, facts.place.lon) == pytest.approx(said.scene.position, abs=2e-6)
        else:
            assert facts.place is None
        place = place_of(photo)
        source = place.source.value if place else "none"
        assert source == ("none" if photo.call_id and said.source == "stop" else said.source), id_


def test_the_command_reads_the_same_as_the_demo_wrote(inside_demo: Flask, demo_settings: Settings) -> None:
    wanted = {said.scene.file: (id_, said) for id_, said in ((each.id, each) for each in whole.PHOTOS)}
    rows, store = by_id(), inside_demo.extensions["store"]
    paths = [str(store.original(rows[id_].original)) for id_, _ in wanted.values()]
    command = [sys.executable, "-m", "webapp.cli", "photo", "inspect", "--json", *paths]
    done = subprocess.run(command, cwd=Path(demo.__file__).parents[2], capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(wanted) == 2
    for facts, (_, said) in zip(found, wanted.values(), strict=True):
        assert facts["camera"] == "Pohled drawn"
        assert (facts["width"], facts["height"]) == (said.scene.width, said.scene.height)


def test_there_are_three_walks_of_twenty_people(inside_demo: Flask) -> None:
    visitor = Visitor(inside_demo)
    walks = walks_of(project_id())
    assert [walk.starts.date().isoformat() for walk in walks] == ["2018-06-18", "2018-06-19", "2018-07-30"]
    assert [len(walk.stops) for walk in walks] == [2, 7, 8]
    assert [len(walkers(walk.id)) for walk in walks] == [12, 11, 13]
    assert [len(photos_of_walk(walk.id)) for walk in walks] == [30, 36, 36]
    assert count(Participant) == 20
    people = db.session.scalars(select(Participant)).all()
    assert {person.perspective for person in people} == {each["id"] for each in PERSPECTIVES}
    make_organiser(project_id(), Role.VIEWER)
    log_in(visitor, EMAIL)
    home = visitor.get(f"/desk/projects/{project_id()}").text
    for walk in walks:
        assert walk.title["en"] in home
    assert others.CALL.title.en in home
    market = visitor.get(f"/desk/walks/{walks[1].id}/results").text
    assert "Is there a seat for somebody who buys nothing?" in market
    assert "by bus" in market
    assert market.count("n = 11") >= 2
    centre = visitor.get(f"/desk/walks/{walks[2].id}/results").text
    assert "Which languages did you see?" in centre
    assert "{local_language}" not in centre


def test_every_stop_has_answers_of_several_perspectives_some_of_them_of_three_people() -> None:
    perspective = {person.id: person.perspective for person in content.PARTICIPANTS}
    for walk, responses, _ in whole.WALKS:
        sizes = Counter[int]()
        for stop in walk.stops:
            who = {response.participant for response in responses if response.stop == stop.id}
            heads = Counter(perspective[each] for each in who)
            assert len(who) >= 8, stop.id
            assert len(heads) >= 4, stop.id
            sizes.update(heads.values())
        assert any(size >= 3 for size in sizes), walk.code
        assert any(size < 3 for size in sizes), walk.code


@pytest.mark.parametrize(("language", "words"), [("cs", "Nahoru a\u00a0dolů"), ("en", "Ups and downs")])
def test_the_call_is_open_and_can_be_joined(inside_demo: Flask, language: str, words: str) -> None:
    call = call_by_code(others.CALL.code)
    assert call
    assert call.opens <= now() < call.closes
    zone = ZoneInfo(content.PROJECT.zone)
    assert (call.closes.astimezone(zone).date() - call.opens.astimezone(zone).date()).days == 60
    assert call_counts(call.id) == (20, 48)
    sent = Counter(photo.participant_id for photo in photos_of_call(call.id))
    assert max(sent.values()) < others.CALL.photos_each  # there is room for one more
    page = Visitor(inside_demo, language).get(f"/j/{others.CALL.code}").text
    assert words in page


@pytest.mark.usefixtures("inside_demo")
def test_captions_credits_and_people_are_of_every_kind() -> None:
    rows = by_id()
    languages = Counter(code for photo in rows.values() for code in photo.caption)
    assert set(languages) == {"cs", "en", "uk", "vi"}
    assert min(languages.values()) >= 15
    assert sum(len(photo.caption) >= 2 for photo in rows.values()) >= 50
    captions = [text for photo in rows.values() for text in photo.caption.values()]
    assert len(captions) == len(set(captions))
    assert {photo.credit for photo in rows.values()} == {each.value for each in Credit}
    assert {photo.people for photo in rows.values()} == {each.value for each in People}
    assert {(photo.up, photo.down) for photo in rows.values()} == {(True, False), (False, True), (True, True)}
    assert sum(photo.star for photo in rows.values()) >= 30
    assert sum(bool(photo.story) for photo in rows.values()) >= 6


@pytest.mark.usefixtures("inside_demo")
def test_the_workshop_shows_nobody_who_refused() -> None:
    (meeting,) = meeting_queries.meetings_of(project_id())
    assert meeting.kind == "workshop"
    assert meeting.starts.astimezone(ZoneInfo("Europe/Prague")).date().isoformat() == "2018-08-16"
    groups = meeting_queries.groups_of(meeting.id)
    assert [group.position for group in groups] == [1, 2, 3, 4, 5]
    assert all(group.note for group in groups)
    lying = {placing.photo_id for placing in meeting_queries.placings_of(meeting.id)}
    assert len(lying) == sum(len(group.photos.split()) for group in workshop.GROUPS) >= 60
    photos = [photo for photo in by_id().values() if photo.id in lying]
    assert set(photo_queries.refusals(photos, Exit.MEETING).values()) == {None}
    refused = photo_queries.refusals(list(by_id().values()), Exit.MEETING)
    assert sum(each is not None for each in refused.values()) >= 10


@pytest.mark.usefixtures("inside_demo")
def test_half_a_shortlist_is_there_and_those_wanted_have_not_agreed() -> None:
    (show,) = exhibition_queries.exhibitions_of(project_id())
    marks = exhibition_queries.marks_of(show.id)
    assert Counter(mark.state for mark in marks.values()) == {State.PICK: 14, State.OUT: 25, State.WANTED: 3}
    rows = by_id()
    assert exhibition_queries.shortlist(show.id) == [rows[id_].id for id_ in shortlist.PICKED.split()]
    refused = photo_queries.refusals(list(rows.values()), Exit.EXHIBITION)
    for id_, mark in marks.items():
        if mark.state != State.OUT:
            assert (refused[id_] is None) == (mark.state == State.PICK)
    assert len({mark.organiser_id for mark in marks.values()}) == 2
    assert set(db.session.scalars(select(Rating.stars))) == {1, 2, 3, 4, 5}
    picked = [photo for photo in whole.PHOTOS if photo.id in shortlist.PICKED.split()]
    assert max(photo.scene.width for photo in picked) > 4900  # 300 pixels per inch at A3
    assert min(photo.scene.width for photo in picked) < 1700


@pytest.mark.usefixtures("inside_demo")
def test_the_project_has_themes_and_a_notice_that_everybody_agreed_under() -> None:
    project = project_queries.project(project_id())
    assert project
    themes = {theme["id"] for theme in project.themes}
    assert themes == {theme for photo in whole.PHOTOS for theme in photo.themes}
    notice = project_queries.notice(project.id)
    assert notice
    assert set(notice.text) == set(WRITTEN)
    for text in notice.text.values():
        assert content.PROJECT.controller in text
        assert content.PROJECT.contact in text
        assert "{" not in text
    assert set(db.session.scalars(select(Consent.notice_id))) == {notice.id}
