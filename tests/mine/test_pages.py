"""What is one's own: seeing it, changing it, taking it back."""

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask

from tests.client import Visitor, hidden
from tests.makers import PURPOSES, MadeWalk, join, log_in, make_call, make_photo
from tests.makers_photo import turned
from tests.test_doors import cookie_of, join_again, token_of
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Purpose
from webapp.database import db, now, transaction
from webapp.people import queries as people_queries
from webapp.people.rules import fingerprint, tidy_code
from webapp.photo import queries as photo_queries
from webapp.photo.tables import Call

CAPTION = "A bench under the chestnut"


def me(app: Flask, visitor: Visitor) -> uuid.UUID:
    with app.app_context():
        person = people_queries.participant_by_cookie(cookie_of(visitor))
        assert person is not None
        return person.id


def forms(text: str) -> dict[str, dict[str, str]]:
    """The forms of a page, by the last word of their action (or "" for the page itself), with hidden fields."""
    found: dict[str, dict[str, str]] = {}
    for head, body in re.findall(r"<form([^>]*)>(.*?)</form>", text, re.S):
        action = re.search(r'action="([^"]*)"', head)
        fields = {}
        for tag in re.findall(r"<input[^>]*>", body):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            if name and ('type="hidden"' in tag or " checked" in tag):
                fields[name[1]] = value[1] if value else ""
        found[action[1].rsplit("/", 1)[-1] if action else ""] = fields
    return found


@pytest.fixture
def photo(app: Flask, walker: Visitor, walk: MadeWalk) -> uuid.UUID:
    with app.app_context():
        person = people_queries.participant_by_cookie(cookie_of(walker))
        assert person is not None
        return make_photo(app, walk, person.id, turned(3), caption={"cs": CAPTION})


@pytest.fixture
def organiser(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


def agreed(app: Flask, person: uuid.UUID) -> frozenset[Purpose]:
    with app.app_context():
        return consent_queries.consents_of([person])[person]


def test_all_that_is_ones_own_is_on_one_page(app: Flask, walker: Visitor, walk: MadeWalk, photo: uuid.UUID) -> None:
    with app.app_context():
        make_call(walk.project_id)
    join_again(walker, "TESTCALL")
    walker.send(walk.answer_address(), {"b.1": "4"})
    page = walker.get("/plain/mine").text
    for words in ("A short walk", "My city", CAPTION, "1 checklist answered", "This browser", "Take everything back"):
        assert words in page
    assert page.count('value="yes" checked') == len(PURPOSES)
    assert "/plain/mine" in walker.get(f"/plain/walks/{walk.walk_id}").text


def test_one_form_changes_any_choice_and_appends(app: Flask, walker: Visitor) -> None:
    person = me(app, walker)
    page = walker.send("/plain/mine", {**dict.fromkeys(PURPOSES, "yes"), "web": "no", "social": "no"}).text
    assert "It counts from now on" in page
    assert agreed(app, person) == {Purpose(each) for each in PURPOSES} - {Purpose.WEB, Purpose.SOCIAL}
    with app.app_context():
        assert len(consent_queries.register(person)) == len(PURPOSES) + 2
    walker.send("/plain/mine", {"web": "yes"})  # what is left empty stays as it was
    assert agreed(app, person) == {Purpose(each) for each in PURPOSES} - {Purpose.SOCIAL}


@pytest.mark.parametrize("wrong", [{"web": "perhaps"}, {"shown": "something else"}, {"csrf_token": "junk"}])
def test_what_is_wrong_changes_nothing_and_comes_back(app: Flask, walker: Visitor, wrong: dict[str, str]) -> None:
    person = me(app, walker)
    before = agreed(app, person)
    walker.send("/plain/mine", {**dict.fromkeys(PURPOSES, "no"), **wrong}, 422)
    assert agreed(app, person) == before


def test_a_no_to_keeping_hides_all_at_once_and_a_yes_brings_it_back(
    app: Flask, walker: Visitor, walk: MadeWalk, photo: uuid.UUID, organiser: Visitor
) -> None:
    address = f"/desk/walks/{walk.walk_id}/photos"
    assert CAPTION in organiser.get(address).text
    page = walker.send("/plain/mine", {"keep": "no"}).text
    assert "hidden from everybody" in page
    assert CAPTION not in organiser.get(address).text
    walker.get(walk.photo_address, 403)
    assert "What is mine" in walker.get("/plain/join/TESTCODE").text, "the link of the walk leads here"
    walker.send("/plain/mine", {"keep": "yes"})
    assert CAPTION in organiser.get(address).text
    walker.get(walk.photo_address)


def test_ones_own_words_are_changed_and_keep_their_language(app: Flask, walker: Visitor, photo: uuid.UUID) -> None:
    address = f"/plain/photos/{photo}"
    fields = forms(walker.get(address).text)[""]
    assert fields["up"] == "y"
    new = {"csrf_token": fields["csrf_token"], "caption": "Changed", "down": "y", "people": "unreleased"}
    page = walker.post(address, new).text
    assert "Changed" in page
    with app.app_context():
        row = photo_queries.photo(photo)
        assert row is not None
        assert (row.caption, row.up, row.down, row.people) == ({"cs": "Changed"}, False, True, "unreleased")
        assert (row.revision, row.picture is not None) == (2, True)
    walker.post(address, {**new, "people": ""}, 422)
    walker.post(address, {**new, "caption": "x" * 1001}, 422)


def test_a_calls_photo_is_changed_until_it_closes_and_taken_back_at_any_time(
    app: Flask, walker: Visitor, walk: MadeWalk
) -> None:
    with app.app_context():
        call_id = make_call(walk.project_id)
    join_again(walker, "TESTCALL")
    with app.app_context():
        person = people_queries.participant_by_cookie(cookie_of(walker))
        assert person is not None
        photo = make_photo(app, walk, person.id, turned(1), walk_id=None, stop_id=None, call_id=call_id)
    token = forms(walker.get(f"/plain/photos/{photo}").text)[""]["csrf_token"]
    with app.app_context(), transaction():
        db.session.get_one(Call, call_id).closes = now() - timedelta(seconds=1)
    walker.post(f"/plain/photos/{photo}", {"csrf_token": token, "caption": "Late", "people": "none"}, 403)
    walker.send(f"/plain/photos/{photo}/take-back", {"sure": "y"})


def test_one_photo_may_be_kept_out_of_what_one_agreed_to(
    app: Flask, walker: Visitor, walk: MadeWalk, photo: uuid.UUID, organiser: Visitor
) -> None:
    address = f"/plain/photos/{photo}"
    fields = forms(walker.get(address).text)["uses"]
    assert "report" in fields
    assert "nowhere" not in fields
    picture = f"/desk/projects/{walk.project_id}/report/1/320"
    organiser.get(picture)
    walker.post(f"{address}/uses", {name: value for name, value in fields.items() if name != "report"})
    organiser.get(picture, 410)
    organiser.get(f"/desk/photos/{photo}/320")
    walker.post(f"{address}/uses", {**fields, "nowhere": "y"})
    organiser.get(f"/desk/photos/{photo}/320", 410)
    assert "nowhere" in forms(walker.get(address).text)["uses"]
    walker.post(f"{address}/uses", fields)
    organiser.get(picture)
    person = me(app, walker)
    assert agreed(app, person) == {Purpose(each) for each in PURPOSES}, "the rest is untouched"


def test_a_photo_taken_back_is_gone_from_everywhere(
    app: Flask, walker: Visitor, walk: MadeWalk, photo: uuid.UUID, organiser: Visitor
) -> None:
    address = f"/plain/photos/{photo}/take-back"
    walker.send(address, {}, 422)
    walker.get(f"/plain/photos/{photo}/320")
    walker.send(address, {"sure": "y"})
    for gone in (f"/plain/photos/{photo}", address, f"/plain/photos/{photo}/320"):
        walker.get(gone, 410)
    for page in ("/plain/mine", f"/plain/walks/{walk.walk_id}/photos"):
        assert CAPTION not in walker.get(page).text
    assert CAPTION not in organiser.get(f"/desk/walks/{walk.walk_id}/photos").text
    organiser.get(f"/desk/photos/{photo}/320", 410)
    assert not list((app.extensions["store"].root / "originals").glob("*/*"))


def test_an_old_form_brings_nothing_back_and_leaves_no_bytes(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    fields = {**hidden(walker.get(walk.photo_address).text), "file": (turned(5), "a.jpg"), "people": "none"}
    walker.post(walk.photo_address, fields)
    walker.send(f"/plain/photos/{fields['id']}/take-back", {"sure": "y"})
    for other in (turned(5), turned(7)):
        walker.post(walk.photo_address, {**fields, "file": (other, "a.jpg")}, 410)
    assert not list((app.extensions["store"].root / "originals").glob("*/*"))
    with app.app_context():
        assert not photo_queries.own_photos(me_now(walker))


def me_now(visitor: Visitor) -> uuid.UUID:
    person = people_queries.participant_by_cookie(cookie_of(visitor))
    assert person is not None
    return person.id


def test_others_never_reach_my_photo(app: Flask, walker: Visitor, photo: uuid.UUID) -> None:
    thief = Visitor(app)
    join(thief)
    for address in ("", "/take-back"):
        thief.get(f"/plain/photos/{photo}{address}", 404)
    fields = forms(thief.get("/plain/mine").text)[""]
    thief.post(f"/plain/photos/{photo}/take-back", {**fields, "sure": "y"}, 404)
    thief.post(f"/plain/photos/{photo}/uses", {**fields, "nowhere": "y"}, 404)
    walker.get(f"/plain/photos/{photo}/320")


def test_a_lost_phone_is_shut_out_and_the_code_it_knew_ends(app: Flask, walker: Visitor) -> None:
    lost = token_of(app, walker)
    person = me(app, walker)
    with app.app_context():
        row = people_queries.participant(person)
        assert row is not None
        before = row.recovery
    page = walker.get("/plain/mine").text
    assert "A phone with the app" in page
    page = walker.post("/plain/mine/phones", forms(page)["phones"]).text
    code = re.search(r'class="code"><bdi>([^<]*)', page)
    assert code
    with app.app_context():
        assert people_queries.participant_by_token(lost) is None
        row = people_queries.participant(person)
        assert row is not None
        assert row.recovery == fingerprint(tidy_code(code[1])) != before
    assert code[1] not in walker.get("/plain/mine").text
    elsewhere = Visitor(app)
    assert "A short walk" in elsewhere.send("/plain/recover", {"code": code[1]}).text


@pytest.mark.parametrize("device", ["", "junk", "00000000-0000-4000-8000-000000000000"])
def test_only_ones_own_other_phones_are_shut_out(app: Flask, walker: Visitor, device: str) -> None:
    other = Visitor(app)
    join(other)
    theirs = token_of(app, other)
    token = forms(walker.get("/plain/mine").text)["recovery"]["csrf_token"]
    walker.post("/plain/mine/phones", {"csrf_token": token, "device": device}, 422)
    with app.app_context():
        found = people_queries.participant_by_token(theirs)
        assert found is not None
        (here,) = [each.id for each in people_queries.devices(me(app, walker))]
        foreign = people_queries.devices(found.id)[0].id
    for each in (here, foreign):
        walker.post("/plain/mine/phones", {"csrf_token": token, "device": str(each)}, 422)
    walker.get("/plain/mine")
    other.get("/plain/mine")


def test_a_new_recovery_code_ends_the_old_one(app: Flask, walker: Visitor) -> None:
    fields = forms(walker.get("/plain/mine").text)["recovery"]
    codes = []
    for _ in range(2):
        found = re.search(r'class="code"><bdi>([^<]*)', walker.post("/plain/mine/recovery", fields).text)
        assert found
        codes.append(found[1])
    Visitor(app).send("/plain/recover", {"code": codes[0]}, 422)
    Visitor(app).send("/plain/recover", {"code": codes[1]})


def test_leaving_a_phone_forgets_it_there_alone(app: Flask, walker: Visitor, photo: uuid.UUID) -> None:
    phone, cookie = token_of(app, walker), cookie_of(walker)
    walker.send("/plain/mine/leave-phone", {}, 422)
    page = walker.send("/plain/mine/leave-phone", {"sure": "y"}).text
    assert "forgotten" in page
    walker.get("/plain/mine", 401)
    with app.app_context():
        assert people_queries.participant_by_cookie(cookie) is None, "a copied cookie opens nothing"
        assert people_queries.participant_by_token(phone) is not None
        assert photo_queries.photo(photo) is not None


def test_taking_everything_back_erases_it_and_says_so(
    app: Flask, walker: Visitor, walk: MadeWalk, photo: uuid.UUID, organiser: Visitor
) -> None:
    person = me(app, walker)
    walker.send(walk.answer_address(), {"b.1": "4", "b.1.remark": "Too steep"})
    walker.send("/plain/mine/everything", {}, 422)
    page = walker.send("/plain/mine/everything", {"sure": "y"}).text
    assert re.search(r"<bdi>[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}</bdi>", page)
    assert walker.client.get_cookie("pohled_plain", path="/plain") is None
    walker.get("/plain/mine", 401)
    with app.app_context():
        assert people_queries.participant(person) is None
        assert photo_queries.photo(photo) is None
    assert "Too steep" not in organiser.get(f"/desk/walks/{walk.walk_id}").text
    assert not list((app.extensions["store"].root / "originals").glob("*/*"))


@pytest.mark.parametrize("language", ["cs", "en-XA", "ar-XB"])
def test_the_pages_speak_every_language(walker: Visitor, photo: uuid.UUID, language: str) -> None:
    for address in ("/plain/mine", f"/plain/photos/{photo}", "/plain/mine/everything", "/plain/mine/leave-phone"):
        assert f'lang="{language}"' in walker.get(f"{address}?language={language}").text
