"""Participants at the desk: numbers, new codes, the register, data out, erasure."""

import io
import json
import re
import uuid
import zipfile

import pytest
from flask import Flask
from sqlalchemy import select

from tests.client import Visitor, hidden
from tests.makers import (
    PURPOSES,
    MadeWalk,
    join,
    log_in,
    make_organiser,
    make_participant,
    make_photo,
    make_walk,
)
from tests.makers_photo import turned
from tests.test_doors import cookie_of
from webapp.consent import queries as consent_queries
from webapp.database import db
from webapp.doors import Role
from webapp.people import queries as people_queries
from webapp.project.tables import Act
from webapp.upkeep.jobs import erase_now


@pytest.fixture
def owner(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


@pytest.fixture
def person(app: Flask, walker: Visitor, walk: MadeWalk) -> uuid.UUID:
    with app.app_context():
        found = people_queries.participant_by_cookie(cookie_of(walker))
        assert found is not None
        make_photo(app, walk, found.id, turned(3), caption={"en": "My own words"})
        return found.id


def acts(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(act.what, act.subject) for act in db.session.scalars(select(Act).order_by(Act.at))]


def token(page: str) -> str:
    found = re.findall(r'name="csrf_token" type="hidden" value="([^"]*)"', page)
    return str(found[-1])


def test_people_are_numbers(owner: Visitor, walk: MadeWalk, person: uuid.UUID) -> None:
    page = owner.get(f"/desk/projects/{walk.project_id}/participants").text
    for words in ("Participant 1", "I work for an NGO", "A short walk", "0 checklists answered, 1 photo"):
        assert words in page


def test_a_new_code_is_shown_once_and_noted_without_a_name(
    app: Flask, owner: Visitor, walk: MadeWalk, person: uuid.UUID
) -> None:
    address = f"/desk/projects/{walk.project_id}/participants"
    page = owner.post(f"/desk/participants/{person}/recovery", {"csrf_token": token(owner.get(address).text)}).text
    code = re.search(r'class="code"><bdi>([^<]*)', page)
    assert code
    assert code[1] not in owner.get(address).text
    Visitor(app).send("/plain/recover", {"code": code[1]})
    assert acts(app) == [("A new recovery code for a participant", "")]
    owner.post(f"/desk/participants/{person}/recovery", {}, 422)


def test_the_register_says_who_what_when_how(
    owner: Visitor, walker: Visitor, walk: MadeWalk, person: uuid.UUID
) -> None:
    walker.send("/plain/mine", {**dict.fromkeys(PURPOSES, "yes"), "web": "no"})
    page = owner.get(f"/desk/projects/{walk.project_id}/register").text
    assert page.count('class="yes"') == len(PURPOSES) - 1
    assert page.count('class="no"') == 1
    assert "English" in page
    assert "tapped" in page
    one = owner.get(f"/desk/participants/{person}").text
    assert one.count("tapped; text 1, shown in: English") == len(PURPOSES) + 1


def test_data_out_is_everything_of_one_person_and_of_nobody_else(
    app: Flask, owner: Visitor, walker: Visitor, walk: MadeWalk, person: uuid.UUID
) -> None:
    walker.send(walk.answer_address(), {"b.1": "4", "b.1.remark": "Steep"})
    other = Visitor(app)
    join(other)
    other.send(walk.answer_address(), {"b.1": "1", "b.1.remark": "Not mine"})
    taken = zipfile.ZipFile(io.BytesIO(owner.get(f"/desk/participants/{person}/data.zip").data))
    text = taken.read("person.json").decode()
    told = json.loads(text)
    assert told["participant"] == str(person)
    assert len(told["consents"]) == len(PURPOSES)
    assert told["responses"][0]["record"]["answers"]["b.1"] == {"value": 4, "remark": "Steep"}
    assert told["photos"][0]["record"]["caption"] == {"en": "My own words"}
    assert "Not mine" not in text
    (name,) = [name for name in taken.namelist() if name != "person.json"]
    assert taken.read(name) == turned(3)
    assert acts(app) == [("One participant’s data given out", "")]


def test_erasing_asks_first_and_then_leaves_nothing(
    app: Flask, owner: Visitor, walker: Visitor, walk: MadeWalk, person: uuid.UUID
) -> None:
    address = f"/desk/participants/{person}/erase"
    owner.post(address, hidden(owner.get(address).text), 422)
    page = owner.send(address, {"sure": "y"}).text
    assert re.search(r"<bdi>[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}</bdi>", page)
    with app.app_context():
        assert people_queries.participant(person) is None
        assert not consent_queries.register(person)
    walker.get("/plain/mine", 401)
    for gone in ("", "/erase", "/data.zip"):
        owner.get(f"/desk/participants/{person}{gone}", 404)
    assert acts(app) == [("A participant erased", "")]
    assert "Nobody has joined yet" in owner.get(f"/desk/projects/{walk.project_id}/register").text


def test_another_projects_people_are_nobodys_business(app: Flask, owner: Visitor, walk: MadeWalk) -> None:
    with app.app_context():
        make_walk("ELSEWHERE")
    other = Visitor(app)
    join(other, "ELSEWHERE")
    with app.app_context():
        found = people_queries.participant_by_cookie(cookie_of(other))
        assert found is not None
        theirs = found.id
    page = owner.get(f"/desk/projects/{walk.project_id}/participants").text
    for address in ("", "/erase", "/data.zip"):
        owner.get(f"/desk/participants/{theirs}{address}", 404)
    owner.post(f"/desk/participants/{theirs}/erase", {"csrf_token": token(page), "sure": "y"}, 404)
    owner.post(f"/desk/participants/{theirs}/recovery", {"csrf_token": token(page)}, 404)
    other.get("/plain/mine")


def test_a_facilitator_gives_codes_and_erases_nobody(app: Flask, walk: MadeWalk, person: uuid.UUID) -> None:
    with app.app_context():
        make_organiser(walk.project_id, Role.FACILITATOR, "facilitator@example.org")
    facilitator = Visitor(app)
    log_in(facilitator, "facilitator@example.org")
    page = facilitator.get(f"/desk/projects/{walk.project_id}/participants").text
    assert "/register" not in page
    facilitator.post(f"/desk/participants/{person}/erase", {"csrf_token": token(page), "sure": "y"}, 403)
    with app.app_context():
        assert people_queries.participant(person) is not None


def test_a_number_is_never_given_to_somebody_else(
    app: Flask, owner: Visitor, walk: MadeWalk, person: uuid.UUID
) -> None:
    with app.app_context():
        erase_now(make_participant(walk))
        make_participant(walk)
    page = owner.get(f"/desk/projects/{walk.project_id}/participants").text
    assert "Participant 1" in page
    assert "Participant 2" not in page
    assert "Participant 3" in page
