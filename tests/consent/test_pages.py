"""Saying yes and no, and what is kept of it."""

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.client import Visitor, hidden
from tests.makers import PURPOSES, MadeWalk, make_walk
from webapp.consent.tables import Consent, ConsentText
from webapp.database import Base, db
from webapp.people.rules import new_key
from webapp.people.tables import Device, Participant
from webapp.walk.tables import Walker

ASK = "/plain/join/TESTCODE"
ALL_YES = dict.fromkeys(PURPOSES, "yes")


def counts(app: Flask) -> dict[str, int]:
    """How many rows each table has."""
    with app.app_context():
        return {
            name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def consents(app: Flask) -> list[Consent]:
    with app.app_context():
        return list(db.session.scalars(select(Consent).order_by(Consent.order)))


@pytest.mark.usefixtures("walk")
def test_every_purpose_is_asked_and_nothing_is_preselected(visitor: Visitor) -> None:
    page = visitor.get(ASK).text
    for purpose in PURPOSES:
        faces = re.findall(rf'<input type="radio" name="{purpose}" value="(yes|no)"[^>]*>', page)
        assert faces == ["yes", "no"]
    assert not re.search(r"<input[^>]*\schecked", page)
    assert "test@example.org" in page, "whom to ask about one's data"


@pytest.mark.usefixtures("walk")
def test_asking_stores_nothing(app: Flask, visitor: Visitor) -> None:
    before = counts(app)
    visitor.get(f"{ASK}?perspective=ngo")
    assert counts(app) == before


@pytest.mark.usefixtures("walk")
def test_keep_refused_leaves_no_trace(app: Flask, visitor: Visitor) -> None:
    before = counts(app)
    page = visitor.send(ASK, {**ALL_YES, "keep": "no"}).text
    assert "Nothing is kept" in page
    assert counts(app) == before
    assert visitor.client.get_cookie("pohled_plain", path="/plain") is None


@pytest.mark.usefixtures("walk")
@pytest.mark.parametrize("forgotten", ["keep", "web"])
def test_a_forgotten_purpose_is_asked_again_and_the_rest_stays(app: Flask, visitor: Visitor, forgotten: str) -> None:
    before = counts(app)
    page = visitor.send(ASK, {name: "yes" for name in PURPOSES if name != forgotten}, 422).text
    assert "Choose yes or no." in page
    assert len(re.findall(r'value="yes"[^>]* checked', page)) == len(PURPOSES) - 1
    assert counts(app) == before


@pytest.mark.usefixtures("walk")
def test_a_made_up_decision_is_refused(app: Flask, visitor: Visitor) -> None:
    before = counts(app)
    visitor.send(ASK, {**ALL_YES, "web": "perhaps"}, 422)
    assert counts(app) == before


def test_each_decision_has_its_record(app: Flask, walk: MadeWalk) -> None:
    Visitor(app, "cs").send(f"{ASK}?perspective=ngo", {**ALL_YES, "web": "no"})
    records = consents(app)
    assert [record.purpose for record in records] == PURPOSES
    assert {record.purpose for record in records if not record.yes} == {"web"}
    assert {record.language for record in records} == {"cs"}
    assert {record.method for record in records} == {"tapped"}
    with app.app_context():
        texts = {text.id: text for text in db.session.scalars(select(ConsentText))}
    assert all(texts[record.text_id].purpose == record.purpose for record in records)
    assert all(texts[record.text_id].project_id == walk.project_id for record in records)
    assert all(texts[record.text_id].version == 1 for record in records)


@pytest.mark.usefixtures("walk")
def test_the_same_form_twice_is_one_person(app: Flask, visitor: Visitor) -> None:
    fields = {**hidden(visitor.get(ASK).text), **ALL_YES}
    visitor.post(ASK, fields)
    once = counts(app)
    visitor.post(ASK, fields)
    assert counts(app) == once
    assert (once["participant"], once["walker"], once["device"]) == (1, 1, 1)


@pytest.mark.usefixtures("walk")
def test_a_changed_mind_is_appended(app: Flask, visitor: Visitor) -> None:
    fields = {**hidden(visitor.get(ASK).text), **ALL_YES}
    visitor.post(ASK, fields)
    visitor.post(ASK, {**fields, "web": "no"})
    visitor.post(ASK, fields)
    decided = [record.yes for record in consents(app) if record.purpose == "web"]
    assert decided == [True, False, True]
    assert len(consents(app)) == len(PURPOSES) + 2
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Participant)) == 1


@pytest.mark.usefixtures("walk")
def test_keep_taken_back_later_is_a_record(app: Flask, visitor: Visitor) -> None:
    fields = {**hidden(visitor.get(ASK).text), **ALL_YES}
    visitor.post(ASK, fields)
    visitor.post(ASK, {**fields, "keep": "no"})
    assert [record.yes for record in consents(app) if record.purpose == "keep"] == [True, False]


@pytest.mark.usefixtures("walk")
def test_somebody_elses_participant_is_refused_plainly(app: Flask, visitor: Visitor) -> None:
    fields = {**hidden(visitor.get(ASK).text), **ALL_YES}
    visitor.post(ASK, fields)
    before = counts(app)
    thief = Visitor(app)
    stolen = {**hidden(thief.get(ASK).text), **ALL_YES, "participant": fields["participant"], "key": new_key()}
    answer = thief.client.post(ASK, data=stolen, headers=thief.headers)
    assert 400 <= answer.status_code < 500
    assert "<h1" in answer.text
    assert counts(app) == before
    assert thief.client.get_cookie("pohled_plain", path="/plain") is None


@pytest.mark.usefixtures("walk")
def test_a_refusal_with_somebody_elses_participant_changes_nothing(app: Flask, visitor: Visitor) -> None:
    fields = {**hidden(visitor.get(ASK).text), **ALL_YES}
    visitor.post(ASK, fields)
    before = counts(app)
    thief = Visitor(app)
    no = dict.fromkeys(PURPOSES, "no")
    stolen = {**hidden(thief.get(ASK).text), **no, "participant": fields["participant"], "key": new_key()}
    answer = thief.client.post(ASK, data=stolen, headers=thief.headers)
    assert answer.status_code < 500
    assert counts(app) == before


def test_one_key_of_one_project_opens_no_other(app: Flask, visitor: Visitor, walk: MadeWalk) -> None:
    with app.app_context():
        make_walk("ELSEWHERE")
    fields = {**hidden(visitor.get(ASK).text), **ALL_YES}
    visitor.post(ASK, fields)
    before = counts(app)
    answer = visitor.client.post("/plain/join/ELSEWHERE", data=fields, headers=visitor.headers)
    assert 400 <= answer.status_code < 500
    assert counts(app) == before
    with app.app_context():
        assert db.session.scalars(select(Walker.walk_id)).all() == [walk.walk_id]


@pytest.mark.usefixtures("walk")
@pytest.mark.parametrize(
    "junk",
    [
        {"participant": "junk"},
        {"participant": ""},
        {"participant": "0" * 5000},
        {"key": "junk"},
        {"key": ""},
        {"key": "Z" * 64},
    ],
)
def test_junk_beside_the_decisions_is_refused_plainly(app: Flask, visitor: Visitor, junk: dict[str, str]) -> None:
    before = counts(app)
    fields = {**hidden(visitor.get(ASK).text), **ALL_YES, **junk}
    answer = visitor.client.post(ASK, data=fields, headers=visitor.headers)
    assert 400 <= answer.status_code < 500, answer.text[:300]
    assert "<h1" in answer.text
    assert counts(app) == before


@pytest.mark.usefixtures("walk")
@pytest.mark.parametrize("at", ["junk", "", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_a_phone_whose_clock_is_broken_may_join(app: Flask, visitor: Visitor, at: str) -> None:
    page = visitor.send(ASK, {**ALL_YES, "at": at})
    assert "You are in" in page.text
    assert len(consents(app)) == len(PURPOSES)


@pytest.mark.usefixtures("walk")
def test_the_cookie_is_for_the_plain_pages_alone(app: Flask, visitor: Visitor) -> None:
    fields = {**hidden(visitor.get(ASK).text), **ALL_YES}
    answer = visitor.client.post(ASK, data=fields, headers=visitor.headers)
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("pohled_plain="))
    assert {"HttpOnly", "Path=/plain", "SameSite=Lax"} <= set(cookie.split("; "))
    token = cookie.split("=", 1)[1].split(";")[0]
    with app.app_context():
        device = db.session.scalars(select(Device)).one()
        assert token not in (device.fingerprint, str(device.id))
        assert uuid.UUID(fields["participant"]) == device.participant_id
