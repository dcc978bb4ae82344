"""A participant's way: the code, the stops, the answers."""

import html
import json
import re
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import makers
from tests.client import Visitor, hidden
from tests.makers import MadeWalk, join
from tests.makers_photo import turned
from webapp.database import Base, db, transaction
from webapp.people.tables import Participant
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.photo.queries import photos_of_walk
from webapp.walk.questions import KINDS
from webapp.walk.tables import AnswerRow, Response, ResponseRevision, Stop

CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy"


def answers(app: Flask) -> dict[str, tuple[object, bool, str]]:
    with app.app_context():
        rows = db.session.scalars(select(AnswerRow)).all()
        return {row.question: (row.value, row.cant_tell, row.remark) for row in rows}


def revisions(app: Flask) -> list[dict[str, object]]:
    """What came for responses, in order."""
    with app.app_context():
        rows = db.session.scalars(select(ResponseRevision).order_by(ResponseRevision.revision)).all()
        return [json.loads(row.body) for row in rows]


def total(app: Flask) -> int:
    """The rows of all tables together."""
    with app.app_context():
        tables = Base.metadata.tables.values()
        return sum(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def refused(visitor: Visitor, address: str, fields: dict[str, str], told: str = "<h1") -> str:
    """Sends it, expects a plain refusal and gives the page."""
    answer = visitor.client.post(address, data=fields, headers=visitor.headers)
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:500])
    assert told in answer.text
    return answer.text


# joining


@pytest.mark.usefixtures("walk")
@pytest.mark.parametrize("typed", ["TESTCODE", "testcode", " test code ", "TEST-CODE", "test.co-de", "Test  Code\t"])
def test_a_code_may_be_typed_as_people_type(visitor: Visitor, typed: str) -> None:
    page = visitor.client.get("/join", query_string={"code": typed}, headers=visitor.headers, follow_redirects=True)
    assert page.status_code == 200
    assert "A short walk" in page.text


@pytest.mark.usefixtures("walk")
def test_a_link_with_a_small_code_works(visitor: Visitor) -> None:
    assert "A short walk" in visitor.get("/j/testcode").text


def test_no_code_leads_back_to_the_start(visitor: Visitor) -> None:
    answer = visitor.client.get("/join?code=%20-%20")
    assert answer.location == "/"


@pytest.mark.parametrize("address", ["/j/NOBODY", "/plain/join/NOBODY", "/plain/join/NOBODY/nothing-kept"])
def test_an_unknown_code_is_told(visitor: Visitor, address: str) -> None:
    assert "We do not know this code" in visitor.get(address, 404).text


@pytest.mark.parametrize("code", ["%00", "%F0%9F%9A%B2", "a" * 3000, "'%20or%201=1--", "%FF%FE"])
def test_a_strange_code_is_an_unknown_one(visitor: Visitor, code: str) -> None:
    visitor.get(f"/j/{code}", 404)


@pytest.mark.usefixtures("walk")
def test_the_cover_tells_when_and_where_and_sets_no_cookie(visitor: Visitor) -> None:
    page = visitor.get("/j/TESTCODE")
    assert "18 June 2018" in page.text
    assert "10:00" in page.text, "the clock of the project, not of Greenwich"
    assert "By the fountain" in page.text
    assert not page.headers.getlist("Set-Cookie")


@pytest.mark.usefixtures("walk")
def test_the_cover_speaks_czech(app: Flask) -> None:
    page = Visitor(app, "cs").get("/j/TESTCODE").text
    assert "Krátká procházka" in page
    assert "18. června 2018" in page


def test_the_perspective_is_kept(app: Flask, walk: MadeWalk) -> None:
    join(Visitor(app), walk.code)
    with app.app_context():
        assert db.session.scalars(select(Participant.perspective)).all() == ["ngo"]


@pytest.mark.usefixtures("walk")
def test_a_perspective_that_the_project_does_not_know_is_not_kept(app: Flask, visitor: Visitor) -> None:
    page = visitor.get("/plain/join/TESTCODE?perspective=astronaut").text
    yes = {name: "yes" for name in re.findall(r'type="radio" name="(\w+)" value="yes"', page)}
    answer = visitor.client.post("/plain/join/TESTCODE", data={**hidden(page), **yes}, headers=visitor.headers)
    assert answer.status_code < 500
    with app.app_context():
        assert "astronaut" not in db.session.scalars(select(Participant.perspective)).all()


# the stops


def test_the_stops_show_what_is_done(walker: Visitor, walk: MadeWalk) -> None:
    page = walker.get(f"/plain/walks/{walk.walk_id}").text
    assert page.index("The square") < page.index("The office")
    assert "No photos here" in page
    assert page.count("Checklists: 0 of 2") == 2
    walker.send(walk.answer_address(0, 0), {"b.1": "4"})
    assert "Checklists: 1 of 2" in walker.get(f"/plain/walks/{walk.walk_id}").text
    walker.send(walk.answer_address(0, 1), {"s.1": "0"})
    assert "Answered; you can change it" in walker.get(f"/plain/walks/{walk.walk_id}").text


def test_after_the_first_checklist_comes_the_second_and_then_the_stops(walker: Visitor, walk: MadeWalk) -> None:
    page = walker.send(walk.answer_address(0, 0), {"b.1": "4"}).text
    assert "I can see around corners." in page
    page = walker.send(walk.answer_address(0, 1), {"s.1": "3"}).text
    assert "Choose the place where you are." in page


def test_a_stop_without_photos_offers_none(walker: Visitor, walk: MadeWalk) -> None:
    assert 'value="photo"' in walker.get(walk.answer_address(0)).text
    assert 'value="photo"' not in walker.get(walk.answer_address(1)).text


@pytest.mark.parametrize("part", ["stop", "version", "walk"])
def test_an_address_that_does_not_fit_together_is_unknown(walker: Visitor, walk: MadeWalk, part: str) -> None:
    other = uuid.uuid4()
    ids = {"walk": walk.walk_id, "stop": walk.stops[0], "version": walk.versions[0], part: other}
    walker.get(f"/plain/walks/{ids['walk']}/stops/{ids['stop']}/{ids['version']}", 404)


# the answers


def test_answers_are_kept_and_shown_again(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    address = walk.answer_address()
    walker.send(address, {"b.1": "4", "b.1.remark": "mostly\r\nyes", "b.2": CZECH})
    assert answers(app) == {"b.1": (4, False, "mostly\nyes"), "b.2": (CZECH, False, "")}
    page = walker.get(address).text
    assert re.search(r'name="b.1" value="4" checked', page)
    assert CZECH in page
    assert "mostly\nyes" in page


def test_cannot_tell_and_a_remark_alone_are_answers(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    walker.send(walk.answer_address(), {"b.1": "?", "b.2": "", "b.2.remark": "too loud"})
    assert answers(app) == {"b.1": (None, True, ""), "b.2": (None, False, "too loud")}


def test_not_at_all_is_kept_as_nought(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    walker.send(walk.answer_address(0, 1), {"s.1": "0"})
    assert answers(app) == {"s.1": (0, False, "")}
    assert re.search(r'name="s.1" value="0"[^>]* checked', walker.get(walk.answer_address(0, 1)).text)


def test_what_is_asked_once_is_kept_without_a_stop(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    walker.send(f"/plain/walks/{walk.walk_id}/once/{walk.versions[0]}", {"b.3": "the benches"})
    assert answers(app) == {"b.3": ("the benches", False, "")}
    with app.app_context():
        assert db.session.scalars(select(Response.stop_id)).all() == [None]


def test_questions_of_another_checklist_are_not_taken(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    walker.send(walk.answer_address(0, 1), {"s.1": "1", "b.1": "5", "b.3": "smuggled"})
    assert set(answers(app)) == {"s.1"}


def test_the_same_form_twice_is_one_revision(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    fields = {**hidden(walker.get(walk.answer_address()).text), "b.1": "4"}
    walker.post(walk.answer_address(), fields)
    once = total(app)
    walker.post(walk.answer_address(), fields)
    assert total(app) == once
    assert len(revisions(app)) == 1


def test_a_changed_answer_is_a_new_revision_and_the_old_is_kept(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    walker.send(walk.answer_address(), {"b.1": "4"})
    walker.send(walk.answer_address(), {"b.1": "2"})
    assert answers(app) == {"b.1": (2, False, "")}
    assert [body["answers"] for body in revisions(app)] == [{"b.1": {"value": 4}}, {"b.1": {"value": 2}}]
    with app.app_context():
        assert db.session.scalars(select(Response.revision)).all() == [2]


def test_there_and_back_ends_where_it_began(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    for step in ("4", "2", "4"):
        walker.send(walk.answer_address(), {"b.1": step})
    assert answers(app)["b.1"][0] == 4
    assert len(revisions(app)) == 3


def test_an_answer_can_be_emptied(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    walker.send(walk.answer_address(), {"b.1": "4", "b.2": "words"})
    walker.send(walk.answer_address(), {"b.2": ""})
    assert answers(app) == {}
    assert len(revisions(app)) == 2


def test_two_people_at_one_stop_do_not_meet(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    walker.send(walk.answer_address(), {"b.2": "first"})
    other = Visitor(app)
    join(other)
    assert "first" not in other.get(walk.answer_address()).text
    other.send(walk.answer_address(), {"b.2": "second"})
    assert "first" in walker.get(walk.answer_address()).text
    with app.app_context():
        assert sorted(db.session.scalars(select(AnswerRow.value))) == ["first", "second"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"b.1": "9"}, "not one of the steps"),
        ({"b.1": "four"}, "not one of the steps"),
        ({"b.2": "ě" * 6000}, "at most 5,000 characters"),
        ({"b.1.remark": "ž" * 2001}, "at most 2,000 characters"),
    ],
)
def test_a_wrong_value_comes_back_with_all_that_was_written(
    app: Flask, walker: Visitor, walk: MadeWalk, wrong: dict[str, str], told: str
) -> None:
    before = total(app)
    written = {"b.1": "5", "b.2": f"{CZECH} <&>", "b.1.remark": "my “remark”", **wrong}
    page = walker.send(walk.answer_address(), written, 422).text
    assert told in page
    assert "Something is not right yet" in page
    for name in ("b.2", "b.1.remark"):
        assert written[name] in html.unescape(page)
    if "b.1" not in wrong:
        assert re.search(r'name="b.1" value="5" checked', page)
    assert total(app) == before


@pytest.mark.parametrize("junk", ["junk", "", "0" * 4000])
def test_a_form_with_a_broken_id_comes_back_and_can_be_sent(
    app: Flask, walker: Visitor, walk: MadeWalk, junk: str
) -> None:
    fields = {**hidden(walker.get(walk.answer_address()).text), "id": junk, "b.1": "4", "b.2": CZECH}
    page = refused(walker, walk.answer_address(), fields)
    assert CZECH in page
    assert answers(app) == {}
    walker.post(walk.answer_address(), {**hidden(page), "b.1": "4", "b.2": CZECH})
    assert answers(app)["b.2"][0] == CZECH


@pytest.mark.parametrize("token", [None, "", "junk"])
def test_a_form_without_its_token_is_told_and_what_was_written_is_still_there(
    app: Flask, walker: Visitor, walk: MadeWalk, token: str | None
) -> None:
    fields = {**hidden(walker.get(walk.answer_address()).text), "b.1": "4", "b.2": CZECH}
    if token is None:
        del fields["csrf_token"]
    else:
        fields["csrf_token"] = token
    page = refused(walker, walk.answer_address(), fields)
    assert answers(app) == {}
    assert CZECH in page, "the words are lost"


@pytest.mark.parametrize("base", ["junk", "-1", "", "99999999999999999999999", "٣"])
def test_a_broken_base_does_no_harm(app: Flask, walker: Visitor, walk: MadeWalk, base: str) -> None:
    fields = {**hidden(walker.get(walk.answer_address()).text), "base": base, "b.1": "4"}
    answer = walker.client.post(walk.answer_address(), data=fields, headers=walker.headers)
    assert answer.status_code < 500
    if answer.status_code < 400:
        assert answers(app) == {"b.1": (4, False, "")}


def test_somebody_elses_response_is_refused_plainly(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    fields = {**hidden(walker.get(walk.answer_address()).text), "b.2": "mine"}
    walker.post(walk.answer_address(), fields)
    other = Visitor(app)
    join(other)
    before = total(app)
    stolen = {**hidden(other.get(walk.answer_address()).text), "id": fields["id"], "b.2": "overwritten"}
    refused(other, walk.answer_address(), stolen)
    assert total(app) == before
    assert answers(app)["b.2"][0] == "mine"


def test_ones_own_response_of_another_stop_is_not_overwritten(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    fields = {**hidden(walker.get(walk.answer_address(0)).text), "b.2": "the square"}
    walker.post(walk.answer_address(0), fields)
    mixed = {**hidden(walker.get(walk.answer_address(1)).text), "id": fields["id"], "b.2": "the office"}
    answer = walker.client.post(walk.answer_address(1), data=mixed, headers=walker.headers)
    assert answer.status_code < 500
    with app.app_context():
        found = db.session.execute(
            select(Stop.position, AnswerRow.value)
            .join(Response, Response.id == AnswerRow.response_id)
            .join(Stop, Stop.id == Response.stop_id)
        ).all()
    assert (1, "the square") in found
    assert (1, "the office") not in found, "what was said at one stop stands at another"


def test_markup_in_an_answer_stays_words(walker: Visitor, walk: MadeWalk) -> None:
    walker.send(walk.answer_address(), {"b.2": "</textarea><script>alert(1)</script>"})
    assert "<script>alert" not in walker.get(walk.answer_address()).text


def test_a_null_character_does_no_harm(walker: Visitor, walk: MadeWalk) -> None:
    fields = {**hidden(walker.get(walk.answer_address()).text), "b.2": "a\0b"}
    assert walker.client.post(walk.answer_address(), data=fields).status_code < 500


def test_who_goes_to_take_a_photo_loses_no_answer(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    page = walker.send(walk.answer_address(), {"b.1": "4", "then": "photo"}).text
    assert "Take or choose a photo" in page
    assert answers(app)["b.1"][0] == 4


# every kind, and the photos of an answer

EVERY_KIND: dict[str, Any] = {
    "id": "kinds",
    "title": {"en": "Every kind"},
    "sections": [
        {
            "id": "stop",
            "title": {"en": "At this stop"},
            "asked": "every_stop",
            "questions": [
                {"id": "k.agree", "kind": "agree", "text": {"en": "A stranger would help."}},
                {"id": "k.observed", "kind": "observed", "text": {"en": "I can see around corners."}},
                {"id": "k.compass", "kind": "compass", "text": {"en": "Getting here"}},
                {"id": "k.yes", "kind": "yes_no", "text": {"en": "Is there a bench?"}},
                {
                    "id": "k.one",
                    "kind": "one",
                    "text": {"en": "Who comes here?"},
                    "choices": [
                        {"id": "kids", "label": {"en": "children <3"}},
                        {"id": "old", "label": {"en": "older people"}},
                    ],
                },
                {
                    "id": "k.many",
                    "kind": "many",
                    "text": {"en": "Which languages did you see?"},
                    "choices": [{"id": code, "label": {"en": code}} for code in ("uk", "vi", "none")],
                },
                {
                    "id": "k.number",
                    "kind": "number",
                    "text": {"en": "How many steps?"},
                    "min": 0,
                    "max": 1500,
                    "unit": {"en": "steps"},
                },
                {"id": "k.text", "kind": "text", "text": {"en": "What makes it easier?"}},
            ],
        }
    ],
}
SENT: dict[str, Any] = {
    "k.agree": "5",
    "k.observed": "0",
    "k.compass": "7",
    "k.yes": "no",
    "k.one": "old",
    "k.many": ["vi", "uk"],
    "k.number": "1 250,5",
    "k.text": CZECH,
}


@pytest.fixture
def kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> MadeWalk:
    """A walk whose first checklist asks a question of every kind."""
    monkeypatch.setattr(makers, "BELONGING", EVERY_KIND)
    with app.app_context():
        made = makers.make_walk("KINDS")
        makers.make_organiser(made.project_id)
        return made


@pytest.fixture
def asked(app: Flask, kinds: MadeWalk) -> Visitor:
    """Somebody on that walk."""
    visitor = Visitor(app)
    join(visitor, kinds.code)
    return visitor


def photos_of_answers(app: Flask) -> dict[str, list[str]]:
    with app.app_context():
        return {row.question: row.photos for row in db.session.scalars(select(AnswerRow)) if row.photos}


def test_every_kind_is_asked_kept_and_shown_again(app: Flask, asked: Visitor, kinds: MadeWalk) -> None:
    assert {question["kind"] for question in EVERY_KIND["sections"][0]["questions"]} == set(KINDS)
    asked.send(kinds.answer_address(), SENT)
    values = {name: value for name, (value, _, _) in answers(app).items()}
    assert values == {
        "k.agree": 5,
        "k.observed": 0,
        "k.compass": 7,
        "k.yes": False,
        "k.one": "old",
        "k.many": ["uk", "vi"],
        "k.number": 1250.5,
        "k.text": CZECH,
    }
    page = asked.get(kinds.answer_address()).text
    chosen = re.findall(r'name="(k\.\w+)" value="(\w*)"[^>]* checked', page)
    assert chosen == [
        ("k.agree", "5"),
        ("k.observed", "0"),
        ("k.compass", "7"),
        ("k.yes", "no"),
        ("k.one", "old"),
        ("k.many", "uk"),
        ("k.many", "vi"),
    ]
    assert 'value="1250.5"' in page
    assert "From 0 to 1,500" in page
    assert "children &lt;3" in page


def test_what_the_page_shows_can_be_sent_again_as_it_is(app: Flask, asked: Visitor, kinds: MadeWalk) -> None:
    asked.send(kinds.answer_address(), SENT)
    asked.send(kinds.answer_address(), {**SENT, "k.number": "1250.5"})
    assert len(revisions(app)) == 1


def test_every_kind_takes_cannot_tell(app: Flask, asked: Visitor, kinds: MadeWalk) -> None:
    told: dict[str, Any] = {**dict.fromkeys(SENT, "?"), "k.number": ["", "?"], "k.text": ["", "?"]}
    asked.send(kinds.answer_address(), told)
    assert answers(app) == {name: (None, True, "") for name in SENT}
    page = asked.get(kinds.answer_address()).text
    assert len(re.findall(r'value="\?"[^>]* checked', page)) == len(SENT)


def test_what_was_chosen_can_be_taken_back(app: Flask, asked: Visitor, kinds: MadeWalk) -> None:
    asked.send(kinds.answer_address(), SENT)
    page = asked.get(kinds.answer_address()).text
    for name in ("k.agree", "k.observed", "k.compass", "k.yes", "k.one"):
        assert re.search(rf'type="radio" name="{name}" value=""', page), "a radio alone cannot be emptied"
    asked.send(kinds.answer_address(), dict.fromkeys(SENT, ""))
    assert answers(app) == {}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"k.compass": "8"}, "not one of the steps"),
        ({"k.yes": "perhaps"}, "takes yes or no"),
        ({"k.one": "nobody"}, "not one of the choices"),
        ({"k.many": ["uk", "de"]}, "not one of the choices"),
        ({"k.many": ["uk", "uk"]}, "counts once"),
        ({"k.number": "a dozen"}, "takes a number"),
        ({"k.number": "1501"}, "outside of what is asked for"),
    ],
)
def test_a_wrong_value_of_any_kind_comes_back(
    app: Flask, asked: Visitor, kinds: MadeWalk, wrong: dict[str, Any], told: str
) -> None:
    page = asked.send(kinds.answer_address(), {**SENT, **wrong}, 422).text
    assert told in page
    name, value = next(iter(wrong.items()))
    assert f'aria-describedby="{name}-err"' in page or f'{name}-err"' in page
    if name == "k.number":
        assert f'value="{value}"' in page
    else:
        assert 'value="1 250,5"' in page
    assert CZECH in page
    assert answers(app) == {}


def test_a_photo_hangs_on_the_question_whose_button_was_pressed(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    fields = {**hidden(walker.get(walk.answer_address()).text), "b.1": "4", "b.2": CZECH, "then": "photo:b.2"}
    answer = walker.client.post(walk.answer_address(), data=fields, headers=walker.headers)
    assert answers(app)["b.2"][0] == CZECH, "the answers are saved first"
    page = walker.send(answer.location, {"people": "none", "file": (turned(1), "a.jpg")}).text
    assert "1 photo here" in page
    assert page.index("What makes it easier?") < page.index("1 photo here")
    photos = photos_of_answers(app)
    assert list(photos) == ["b.2"]
    assert answers(app)["b.1"][0] == 4
    with app.app_context():
        assert [str(photo.id) for photo in photos_of_walk(walk.walk_id)] == photos["b.2"]
    walker.send(answer.location, {"people": "none", "file": (turned(3), "b.jpg")})
    assert "2 photos here" in walker.get(walk.answer_address()).text
    assert revisions(app)[-1]["answers"]["b.2"]["photos"] == photos_of_answers(app)["b.2"]  # type: ignore[index]


def test_the_same_photo_twice_hangs_once(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    address = f"{walk.photo_address}?stop={walk.stops[0]}&question=b.1"
    fields = {**hidden(walker.get(address).text), "people": "none"}
    for _ in range(2):
        walker.post(address, {**fields, "file": (turned(1), "a.jpg")})
    assert [len(photos) for photos in photos_of_answers(app).values()] == [1]


def test_a_photo_hangs_on_what_is_asked_once(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    once = f"/plain/walks/{walk.walk_id}/once/{walk.versions[0]}"
    fields = {**hidden(walker.get(once).text), "b.3": "the benches", "then": "photo:b.3"}
    answer = walker.client.post(once, data=fields, headers=walker.headers)
    page = walker.send(answer.location, {"people": "none", "file": (turned(1), "a.jpg")}).text
    assert "1 photo here" in page
    assert answers(app) == {"b.3": ("the benches", False, "")}


@pytest.mark.parametrize("question", ["b.3", "s.9", "", "\0", "b.1&checklist=nonsense"])
def test_a_photo_for_a_question_that_is_not_asked_there_is_kept_all_the_same(
    app: Flask, walker: Visitor, walk: MadeWalk, question: str
) -> None:
    address = f"{walk.photo_address}?stop={walk.stops[0]}&question={question}"
    walker.send(address, {"people": "none", "file": (turned(1), "a.jpg")})
    assert photos_of_answers(app) == {}
    with app.app_context():
        assert len(photos_of_walk(walk.walk_id)) == 1


def test_saving_the_page_again_loses_no_photo_recording_or_count(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    walker.send(walk.answer_address(), {"b.1": "4"})
    photo, sound = str(uuid.uuid4()), "a" * 64
    with app.app_context(), transaction():
        response = db.session.scalars(select(Response)).one()
        response.people = 4
        response.answers[0].photos, response.answers[0].sound = [photo], sound
    assert "1 photo here" in walker.send(walk.answer_address(), {"b.1": "9"}, 422).text
    walker.send(walk.answer_address(), {"b.1": "2", "b.1.remark": "on reflection"})
    walker.send(walk.answer_address(), {"b.1": "", "b.2": CZECH})
    with app.app_context():
        rows = {row.question: row for row in db.session.scalars(select(AnswerRow))}
        assert (rows["b.1"].value, rows["b.1"].photos, rows["b.1"].sound) == (None, [photo], sound)
        assert db.session.scalars(select(Response.people)).all() == [4]


def test_a_photo_taken_back_leaves_its_answer(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    for question in ("b.1", "b.2"):
        address = f"{walk.photo_address}?stop={walk.stops[0]}&question={question}"
        walker.send(address, {"people": "none", "file": (turned(1), "a.jpg")})
    walker.send(walk.answer_address(), {"b.2": CZECH})
    with app.app_context():
        photos = [photo.id for photo in photos_of_walk(walk.walk_id)]
        with transaction():
            for photo_id in photos:
                found = photo_queries.photo(photo_id)
                assert found is not None
                photo_changes.withdraw_photo(found)
    assert photos_of_answers(app) == {}
    assert answers(app) == {"b.2": (CZECH, False, "")}
    assert "photo here" not in walker.get(walk.answer_address()).text


def test_enter_saves_and_opens_no_photo(walker: Visitor, walk: MadeWalk) -> None:
    page = walker.get(walk.answer_address()).text
    buttons = re.findall(r"<button[^>]*>", page)
    assert "then" not in buttons[0], "Enter presses the first button of a form"
