"""A project made, changed and shown, as its organisers do it."""

import html
import re
import uuid

import pytest
from flask import Flask

from tests.client import Visitor, hidden
from tests.makers import MadeWalk, log_in, make_organiser
from webapp.consent.queries import current_texts
from webapp.doors import Role
from webapp.project.queries import notices, project, projects_of

NEW = {
    "title.en": "Brno together",
    "title.cs": "Brno spolu",
    "languages": ["en", "cs"],
    "zone": "Europe/Prague",
    "local_language": "cs",
    "perspectives.0.id": "ngo",
    "perspectives.0.en": "NGO",
    "themes.0.id": "",
    "themes.0.en": "Trams",
    "purposes": ["report"],
    "controller": "Brno {contact} NGO",
    "contact": "brno@example.org",
    "keep_until": "2099-01-31",
}


@pytest.fixture
def owner(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


def test_a_new_project_has_its_owner_texts_and_notice(app: Flask, visitor: Visitor) -> None:
    with app.app_context():
        organiser_id = make_organiser()
    log_in(visitor)
    assert "Brno together" in visitor.send("/desk/projects/new", NEW).text
    with app.app_context():
        (made,) = projects_of(organiser_id)
        assert made.purposes == ["keep", "report"]
        assert [text.purpose for text in current_texts(made.id, made.purposes)] == ["keep", "report"]
        (notice,) = notices(made.id)
        assert "Brno {contact} NGO. Write to brno@example.org" in notice.text["en"]
        assert "31. ledna 2099" in notice.text["cs"]
        assert made.themes[0]["id"]
    map_ = visitor.get(f"/desk/projects/{made.id}/walks/new").text
    assert 'data-near="50.0833,14.4333"' in map_, "the first walk's map begins in the city of the time zone"


def test_a_form_sent_twice_makes_one_project(app: Flask, visitor: Visitor) -> None:
    with app.app_context():
        organiser_id = make_organiser()
    log_in(visitor)
    fields = {**hidden(visitor.get("/desk/projects/new").text), **NEW}
    visitor.post("/desk/projects/new", fields)
    visitor.post("/desk/projects/new", fields)
    with app.app_context():
        assert len(projects_of(organiser_id)) == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("zone", "Prague", "There is no such time zone."),
        ("keep_until", "2018-01-01", "This day must be in the future."),
        ("languages", [], "Choose at least one language."),
        ("controller", "", "Write the name of the organisation."),
    ],
)
def test_what_is_wrong_comes_back_with_the_words(owner: Visitor, field: str, value: object, said: str) -> None:
    page = owner.send("/desk/projects/new", {**NEW, field: value}, 422).text
    assert said in page
    assert "Brno spolu" in page


@pytest.mark.parametrize(
    ("wrong", "opened"),
    [
        ({}, []),
        ({"title.en": "", "title.cs": ""}, []),
        ({"title.cs": "x" * 121}, ["In other languages"]),
        ({"themes.0.en": "x" * 121}, ["What can wait", "Čeština"]),
    ],
)
def test_what_can_wait_is_folded_unless_it_is_wrong(owner: Visitor, wrong: dict[str, str], opened: list[str]) -> None:
    if wrong:
        page = owner.send("/desk/projects/new", {**NEW, **wrong}, 422).text
    else:
        page = owner.get("/desk/projects/new").text
    folds = re.findall(r"<details[^>]*?( open)?><summary[^>]*>(?:<h2>)?([^<]+)", page)
    assert {name for is_open, name in folds} >= {"In other languages", "What can wait", "Čeština"}
    assert {name for is_open, name in folds if is_open} >= set(opened)
    assert bool(opened) == any(is_open for is_open, _ in folds)


def test_a_label_ticked_to_be_removed_goes_with_all_its_words(app: Flask, owner: Visitor, walk: MadeWalk) -> None:
    gone = {"themes.1.id": "housing", "themes.1.en": "Housing", "themes.1.cs": "Bydlení", "themes.1.remove": "yes"}
    owner.send(f"/desk/projects/{walk.project_id}/settings", {**NEW, **gone})
    with app.app_context():
        changed = project(walk.project_id)
        assert changed and [theme["label"] for theme in changed.themes] == [{"en": "Trams"}]


def test_labels_keep_their_ids_and_untouched_notices_follow(app: Flask, owner: Visitor, walk: MadeWalk) -> None:
    address = f"/desk/projects/{walk.project_id}/settings"
    owner.send(address, {**NEW, "perspectives.0.en": "Some NGO", "keep_until": "2098-02-01"})
    owner.send(address, {**NEW, "perspectives.0.en": "Some NGO", "purposes": ["report", "contact"]})
    with app.app_context():
        changed = project(walk.project_id)
        assert changed and changed.perspectives == [{"id": "ngo", "label": {"en": "Some NGO"}}]
        last, *older = notices(walk.project_id)
        assert "31 January 2099" in last.text["en"] and older
        assert "contact" in [text.purpose for text in current_texts(walk.project_id, changed.purposes)]


def test_a_changed_notice_is_a_new_version_that_people_see(owner: Visitor, walk: MadeWalk) -> None:
    address = f"/desk/projects/{walk.project_id}/notice"
    owner.send(address, {"text.en": "First\n\n<b>second</b>"})
    page = owner.send(address, {"text.en": "Third"}).text
    assert "Version 2 of" in page and "<b>second" not in page and "<b>second" in html.unescape(page)
    assert "Third" in owner.get(f"/j/{walk.code}/notice").text


def test_a_changed_consent_text_is_asked_from_then_on(app: Flask, owner: Visitor, walk: MadeWalk) -> None:
    address = f"/desk/projects/{walk.project_id}/consent-texts"
    with app.app_context():
        known = current_texts(walk.project_id, ["keep", "report"])
        found = project(walk.project_id)
        said = {text.purpose: text.title for text in current_texts(walk.project_id, found.purposes if found else [])}
    fields = {f"{purpose}_title.en": title["en"] for purpose, title in said.items()}
    owner.send(address, {**fields, "keep_title.en": "May we keep it?"})
    assert "May we keep it?" in owner.get(f"/plain/join/{walk.code}").text
    with app.app_context():
        assert current_texts(walk.project_id, ["keep"])[0].version == known[0].version + 1


def test_a_viewer_sees_the_programme_and_no_code(app: Flask, walk: MadeWalk, visitor: Visitor) -> None:
    with app.app_context():
        make_organiser(walk.project_id, Role.VIEWER, "viewer@example.org")
    log_in(visitor, "viewer@example.org")
    page = visitor.get(f"/desk/projects/{walk.project_id}").text
    assert "A short walk" in page
    assert walk.code not in page and "New walk" not in page and "/settings" not in page


def test_somebody_elses_project_is_not_there(owner: Visitor) -> None:
    owner.get(f"/desk/projects/{uuid.uuid4()}", 404)
