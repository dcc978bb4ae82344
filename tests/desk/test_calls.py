"""Calls as organisers make them."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.client import Visitor, hidden
from tests.makers import MadeWalk, log_in, make_call
from webapp.photo.queries import call, calls_of

NEW = {
    "title.en": "Ups and downs",
    "prompt.en": "What helps?",
    "opens": "2030-07-01T08:00",
    "closes": "2030-12-01T22:00",
    "photos_each": "5",
}


@pytest.fixture
def owner(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


def test_a_call_sent_twice_is_made_once_in_the_projects_time(app: Flask, owner: Visitor, walk: MadeWalk) -> None:
    address = f"/desk/projects/{walk.project_id}/calls/new"
    fields = {**hidden(owner.get(address).text), **NEW}
    owner.post(address, fields)
    assert "Ups and downs" in owner.post(address, fields).text
    with app.app_context():
        (made,) = calls_of(walk.project_id)
        assert made.opens == datetime(2030, 7, 1, 6, tzinfo=UTC)  # summer time
        assert made.closes == datetime(2030, 12, 1, 21, tzinfo=UTC)
        code = made.code
    assert "Ups and downs" in owner.get(f"/j/{code}").text
    assert "Ups and downs" in owner.get(f"/desk/calls/{made.id}/poster").text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("closes", "2030-07-01T08:00", "A call closes after it has opened."),
        ("opens", "2030-03-31T02:30", "The clocks leave this time out"),
        ("opens", "0001-01-01T00:00", "Write a year from 2000 to 2099."),
        ("photos_each", "51", "Choose from 1 to 50 photos."),
        ("prompt.en", "", "Write the prompt in at least one language."),
    ],
)
def test_what_is_wrong_comes_back(owner: Visitor, walk: MadeWalk, field: str, value: str, said: str) -> None:
    page = owner.send(f"/desk/projects/{walk.project_id}/calls/new", {**NEW, field: value}, 422).text
    assert said in page
    assert "Ups and downs" in page


def test_other_languages_are_folded_until_something_is_wrong_there(owner: Visitor, walk: MadeWalk) -> None:
    address = f"/desk/projects/{walk.project_id}/calls/new"

    def folds(page: str) -> list[bool]:
        return [bool(told) for told in re.findall(r'<details class="fold"( open)?><summary>In other languages', page)]

    page = owner.get(address).text
    assert folds(page) == [False, False]
    assert page.index('name="title.en"') < page.index("<details") < page.index('name="title.cs"')
    assert folds(owner.send(address, {**NEW, "title.cs": "x" * 300}, 422).text) == [True, False]
    page = owner.send(address, {"title.cs": "Nahoru", "prompt.en": "What helps?"}, 422).text
    assert page.index('name="title.cs"') < page.index("<details"), "what says something already comes first"


def test_a_change_keeps_the_code(app: Flask, owner: Visitor, walk: MadeWalk) -> None:
    with app.app_context():
        call_id = make_call(walk.project_id)
    owner.send(f"/desk/calls/{call_id}/edit", NEW)
    with app.app_context():
        changed = call(call_id)
        assert changed and (changed.code, changed.photos_each) == ("TESTCALL", 5)
        assert changed.title == {"en": "Ups and downs"}
    assert "No photo has come in yet." in owner.get(f"/desk/calls/{call_id}").text
