"""The demo project: whole or not there, and made only once."""

from collections.abc import Iterator
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.client import Visitor
from tests.makers import EMAIL, log_in, make_organiser
from webapp import create_app, demo
from webapp.config import Settings
from webapp.consent.tables import Consent
from webapp.database import Base, db, now
from webapp.demo import content, others
from webapp.doors import Role
from webapp.join.queries import place_by_code
from webapp.people.tables import Participant
from webapp.photo.jobs import rebuild
from webapp.photo.queries import call_by_code, call_counts, photos_of_call, photos_of_walk, place_of, state
from webapp.photo.tables import Photo
from webapp.project import queries as project_queries
from webapp.project.tables import Project
from webapp.project.texts import WRITTEN
from webapp.walk.queries import walk_by_code, walkers, walks_of


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The program with the demo in it, made once: fifteen pictures take a while."""
    app = create_app(Settings.read({"POHLED_HOME": str(tmp_path_factory.mktemp("demo"))}))
    with app.app_context():
        demo.prepare(print)
    return app


@pytest.fixture
def inside_demo(demo_app: Flask) -> Iterator[Flask]:
    with demo_app.app_context():
        yield demo_app


def count(table: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("inside")
def test_the_demo_is_whole_and_made_only_once(app: Flask, visitor: Visitor) -> None:
    said: list[str] = []
    demo.prepare(said.append)
    demo.prepare(said.append)
    assert (count(Project), count(Photo)) == (1, 15)
    walk = walk_by_code("demo")
    assert walk
    assert [state(photo) for photo in photos_of_walk(walk.id)] == ["ready"] * 12
    sources = [place.source.value if (place := place_of(photo)) else None for photo in photos_of_walk(walk.id)]
    assert sources == [photo.source for photo in content.PHOTOS]
    log_in(visitor, demo.EMAIL, demo.password())
    page = visitor.get(f"/desk/walks/{walk.id}/photos").text
    for photo in content.PHOTOS:
        assert photo.caption in page
    greeting = demo.greeting("http://127.0.0.1:8000")
    assert "http://127.0.0.1:8000/j/DEMO" in greeting
    assert f"http://127.0.0.1:8000/j/{others.CALL.code}" in greeting
    assert demo.password() in greeting
    assert rebuild(missing=True) == 0
    assert rebuild(missing=False) == 12


@pytest.mark.usefixtures("inside")
def test_a_demo_that_was_cut_off_begins_again(app: Flask, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(demo, "_add_photo", broken)
        with suppress(KeyboardInterrupt):
            demo.prepare(print)
    assert count(Project) == 0
    demo.prepare(print)
    assert (count(Project), count(Photo)) == (1, 15)


def test_there_are_three_walks_of_the_same_five_people(inside_demo: Flask) -> None:
    visitor = Visitor(inside_demo)
    project = place_by_code("DEMO")
    assert project
    walks = walks_of(project.project_id)
    assert [walk.starts.date().isoformat() for walk in walks] == ["2018-06-18", "2018-06-19", "2018-07-30"]
    assert [len(walk.stops) for walk in walks] == [2, 7, 8]
    assert [len(walkers(walk.id)) for walk in walks] == [5, 4, 4]
    assert set(walkers(walks[1].id)) | set(walkers(walks[2].id)) == set(walkers(walks[0].id))
    assert count(Participant) == 5
    make_organiser(project.project_id, Role.VIEWER)
    log_in(visitor, EMAIL)
    home = visitor.get(f"/desk/projects/{project.project_id}").text
    for walk in walks:
        assert walk.title["en"] in home
    assert others.CALL.title.en in home
    market = visitor.get(f"/desk/walks/{walks[1].id}/results").text
    assert "Is there a seat for somebody who buys nothing?" in market
    assert "by bus" in market
    assert market.count("n = 4") >= 6
    centre = visitor.get(f"/desk/walks/{walks[2].id}/results").text
    assert "Which languages did you see?" in centre
    assert "{local_language}" not in centre


@pytest.mark.parametrize(("language", "words"), [("cs", "Nahoru a\u00a0dolů"), ("en", "Ups and downs")])
def test_the_call_is_open_and_can_be_joined(inside_demo: Flask, language: str, words: str) -> None:
    call = call_by_code(others.CALL.code)
    assert call
    assert call.opens <= now() < call.closes
    zone = ZoneInfo(content.PROJECT.zone)
    assert (call.closes.astimezone(zone).date() - call.opens.astimezone(zone).date()).days == 60
    assert call_counts(call.id) == (5, 3)
    assert [state(photo) for photo in photos_of_call(call.id)] == ["ready"] * 3
    page = Visitor(inside_demo, language).get(f"/j/{others.CALL.code}").text
    assert words in page


@pytest.mark.usefixtures("inside_demo")
def test_the_project_has_themes_and_a_notice_that_everybody_agreed_under() -> None:
    joined = place_by_code("DEMO")
    project = project_queries.project(joined.project_id) if joined else None
    assert project
    themes = {theme["id"] for theme in project.themes}
    assert themes
    assert all(set(photo.themes) <= themes for photo in others.CALL_PHOTOS)
    notice = project_queries.notice(project.id)
    assert notice
    assert set(notice.text) == set(WRITTEN)
    for text in notice.text.values():
        assert content.PROJECT.controller in text
        assert content.PROJECT.contact in text
        assert "{" not in text
    assert set(db.session.scalars(select(Consent.notice_id))) == {notice.id}
