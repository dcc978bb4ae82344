"""Where somebody may be contacted: written beside the yes, kept while it stands, seen by few.

That it is in no file is looked at by `tests/test_exits.py`.
"""

import uuid

import pytest
from flask import Flask

from tests.client import Visitor
from tests.makers import PURPOSES, MadeWalk
from tests.sync.phone import Phone
from tests.test_doors import DOORS, EVERYBODY, IN, PUBLIC, House, address_of, doors_of
from tests.test_doors import house as house  # everybody's browser
from tests.test_exits import words_in
from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Decision, Purpose
from webapp.database import db, now, transaction
from webapp.people import queries as people_queries
from webapp.people.tables import Participant
from webapp.project import queries as project_queries

ASK, MINE = "/plain/join/TESTCODE", "/plain/mine"
REACH = "jana@nikde.example"
FIELD = 'name="reach"'
YES = {**dict.fromkeys(PURPOSES, "yes"), "contact": "yes"}
LATER = "2018-06-19T10:00:00+02:00"


def ask_for_contact(app: Flask, walk: MadeWalk) -> None:
    with app.app_context(), transaction():
        project = project_queries.project(walk.project_id)
        assert project is not None
        project.purposes = [*PURPOSES, "contact"]
        consent_changes.add_texts(walk.project_id, ["contact"], ["en", "cs"])


@pytest.fixture
def asking(app: Flask, walk: MadeWalk) -> MadeWalk:
    """A walk whose project asks whether it may contact people later."""
    ask_for_contact(app, walk)
    return walk


def kept(app: Flask) -> list[str | None]:
    """Where each participant may be contacted."""
    with app.app_context():
        return [person.reach for person in db.session.query(Participant)]


@pytest.mark.usefixtures("walk")
def test_it_is_asked_only_where_contact_is(visitor: Visitor) -> None:
    assert FIELD not in visitor.get(ASK).text


@pytest.mark.usefixtures("asking")
def test_it_is_written_beside_the_yes_and_changed_later(app: Flask, visitor: Visitor) -> None:
    assert "write it later under “What is mine”" in visitor.get(ASK).text
    page = visitor.send(ASK, {**YES, "reach": "x" * 201}, 422).text
    assert "This is too long: at most 200 characters fit." in page
    assert "x" * 201 in page
    assert kept(app) == []
    visitor.send(ASK, {**YES, "reach": f"  {REACH}\t"})
    assert kept(app) == [REACH]
    assert f'value="{REACH}"' in visitor.get(MINE).text
    visitor.send(MINE, {"contact": "yes", "reach": "602 123 456"})
    assert kept(app) == ["602 123 456"]
    visitor.send(MINE, {"contact": "yes", "reach": "x" * 201}, 422)
    visitor.send(MINE, {"web": "no", "contact": "yes", "reach": ""})
    assert kept(app) == [None], "a yes without an address is fine"


@pytest.mark.usefixtures("asking")
@pytest.mark.parametrize("refused", ["contact", "keep"])
def test_a_no_empties_it_and_a_yes_does_not_bring_it_back(app: Flask, visitor: Visitor, refused: str) -> None:
    visitor.send(ASK, {**YES, "reach": REACH})
    visitor.send(MINE, {**YES, refused: "no", "reach": REACH})
    assert kept(app) == [None]
    assert REACH not in visitor.get(MINE).text
    visitor.send(MINE, {refused: "yes"})
    assert kept(app) == [None]


@pytest.mark.usefixtures("asking")
def test_beside_a_no_it_is_not_kept(app: Flask, visitor: Visitor) -> None:
    visitor.send(ASK, {**YES, "contact": "no", "reach": REACH})
    assert kept(app) == [None]


def joining(phone: Phone, texts: dict[str, str], first: bool = False) -> dict[str, object]:
    """The body of a join that says where, with a yes to `contact` at the end or at the beginning."""
    body = phone.joining("TESTCODE", texts, reach=REACH)
    body["consents"].insert(0 if first else len(body["consents"]), phone.consent("contact", texts["contact"]))
    return body


@pytest.mark.usefixtures("asking")
@pytest.mark.parametrize("first", [False, True])
def test_a_phone_sends_it_with_the_join_changes_it_and_reads_it_back(app: Flask, first: bool) -> None:
    phone = Phone(app)
    texts = phone.texts("TESTCODE")
    body = joining(phone, texts, first)
    phone.token = phone.call("POST", "/join", body).json["token"]
    assert phone.call("GET", "/me").json["reach"] == REACH
    yes = phone.consent("contact", texts["contact"], at=LATER) | {"method": "tapped"}
    for more, then in [({}, REACH), ({"reach": "602123456"}, "602123456"), ({"reach": ""}, None)]:
        phone.call("PUT", f"/consents/{uuid.uuid4()}", yes | more)
        assert phone.call("GET", "/me").json["reach"] == then
    refused = phone.call("PUT", f"/consents/{uuid.uuid4()}", yes | {"reach": "x" * 201}, 422).json
    assert [(each["where"], "200" in each["what"]) for each in refused["errors"]] == [("reach", True)]
    phone.call("POST", "/join", body)
    assert kept(app) == [None], "a join that comes again says nothing new"


@pytest.mark.usefixtures("asking")
@pytest.mark.parametrize("refused", ["contact", "keep"])
def test_a_no_of_the_phone_empties_it_for_good(app: Flask, refused: str) -> None:
    phone = Phone(app)
    texts = phone.texts("TESTCODE")
    body = joining(phone, texts)
    phone.token = phone.call("POST", "/join", body).json["token"]
    no = phone.consent(refused, texts[refused], yes=False, at=LATER) | {"method": "tapped"}
    phone.call("PUT", f"/consents/{uuid.uuid4()}", no)
    yes = phone.consent("contact", texts["contact"], at="2018-06-20T10:00:00+02:00") | {"method": "tapped"}
    if refused == "keep":
        phone.call("PUT", f"/consents/{uuid.uuid4()}", yes | {"reach": REACH})
    phone.call("POST", "/join", body)
    assert kept(app) == [None]


@pytest.mark.usefixtures("asking")
def test_leaving_empties_it_before_the_erasure(app: Flask) -> None:
    phone = Phone(app)
    phone.token = phone.call("POST", "/join", joining(phone, phone.texts("TESTCODE"))).json["token"]
    phone.call("DELETE", "/me", status=204)
    assert kept(app) in ([], [None])


def test_the_person_and_owner_and_officer_see_it_and_nobody_else(app: Flask, house: House, walk: MadeWalk) -> None:
    author = house.values["participant_id"]
    assert isinstance(author, uuid.UUID)
    ask_for_contact(app, walk)
    with app.app_context(), transaction():
        (text,) = consent_queries.current_texts(walk.project_id, ["contact"])
        consent_changes.say(author, [Decision(Purpose.CONTACT, True, text.id, "en", now(), reach=REACH)])
    seen = set()
    for who in EVERYBODY:
        browser = house.browser_of(who)
        for name, rule, method in doors_of(app):
            if method == "GET" and DOORS[name][who] == IN and (DOORS[name] is not PUBLIC or who == "nobody"):
                answer = browser.get(address_of(rule, house.values))
                if REACH in words_in(answer.data) or REACH in str(answer.headers):
                    seen.add((who, name))
    one = "GET /desk/participants/<uuid:participant_id>"
    assert seen == {
        ("walker", "GET /plain/mine"),
        ("phone", "GET /api/v1/me"),
        *((role, f"{one}{file}") for role in ("owner", "officer") for file in ("", "/data.zip")),
    }
    page = house.browser_of("officer").get(f"/desk/participants/{author}").text
    assert f'<a href="mailto:{REACH}">' in page
    with app.app_context(), transaction():
        person = people_queries.participant(author)
        assert person is not None
        person.reach = "<b>At the library</b>"
    page = house.browser_of("officer").get(f"/desk/participants/{author}").text
    assert "<bdi>&lt;b&gt;At the library&lt;/b&gt;</bdi>" in page
    assert "mailto:" not in page
