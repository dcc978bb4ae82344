"""The demo project: whole or not there, and made only once."""

from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.client import Visitor
from tests.makers import log_in
from webapp import demo
from webapp.database import db
from webapp.demo import content
from webapp.photo.jobs import rebuild
from webapp.photo.queries import photos_of_walk, place_of, state
from webapp.photo.tables import Photo
from webapp.project.tables import Project
from webapp.walk.queries import walk_by_code

pytestmark = pytest.mark.usefixtures("inside")


def count(table: type[Photo] | type[Project]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_demo_is_whole_and_made_only_once(app: Flask, visitor: Visitor) -> None:
    said: list[str] = []
    demo.prepare(said.append)
    demo.prepare(said.append)
    assert (count(Project), count(Photo)) == (1, 12)
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
    assert demo.password() in greeting
    assert rebuild(missing=True) == 0
    assert rebuild(missing=False) == 12


def test_a_demo_that_was_cut_off_begins_again(app: Flask, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(demo, "_add_photo", broken)
        with suppress(KeyboardInterrupt):
            demo.prepare(print)
    assert count(Project) == 0
    demo.prepare(print)
    assert (count(Project), count(Photo)) == (1, 12)
