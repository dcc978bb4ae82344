"""The answers as organisers see them, and the results as viewers do."""

import html
import json
import re
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from tests import makers
from tests.client import Visitor
from tests.makers import MadeWalk, join, log_in, make_organiser, make_photo
from tests.makers_photo import encoded, exif, gps_block, grain, turned
from webapp.consent import changes as consent_changes
from webapp.consent.queries import current_texts
from webapp.consent.rules import Decision, Purpose
from webapp.database import new_id, now, transaction
from webapp.doors import Role
from webapp.people import queries as people_queries
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.results import queries
from webapp.walk import changes as walk_changes
from webapp.walk import queries as walk_queries
from webapp.walk.rules import Answer

CAPTION = "Kůň v čekárně"
KINDS_ASKED: list[dict[str, Any]] = [
    {"id": "b.1", "kind": "agree", "text": {"en": "A stranger would help."}},
    {"id": "b.2", "kind": "text", "text": {"en": "What makes it easier?"}},
    {"id": "k.yes", "kind": "yes_no", "text": {"en": "Is there a bench?"}},
    {
        "id": "k.many",
        "kind": "many",
        "text": {"en": "Which languages did you see?"},
        "choices": [{"id": "uk", "label": {"en": "Ukrainian"}}, {"id": "vi", "label": {"en": "Vietnamese"}}],
    },
    {"id": "k.number", "kind": "number", "text": {"en": "How many steps?"}, "unit": {"en": "steps"}},
]


@dataclass(frozen=True)
class Person:
    """Somebody on the walk, and their browser."""

    id: uuid.UUID
    visitor: Visitor


@pytest.fixture
def walk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> MadeWalk:
    """A walk whose first checklist asks many kinds, its organiser and its viewer."""
    section = {"id": "stop", "title": {"en": "At this stop"}, "asked": "every_stop", "questions": KINDS_ASKED}
    body = {"id": "belonging", "title": {"en": "Belonging here"}, "sections": [section]}
    monkeypatch.setattr(makers, "BELONGING", body)
    with app.app_context():
        made = makers.make_walk()
        make_organiser(made.project_id)
        make_organiser(made.project_id, Role.VIEWER, "viewer@example.org")
        return made


@pytest.fixture
def organiser(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    visitor.get(f"/desk/walks/{walk.walk_id}")
    return visitor


@pytest.fixture
def viewer(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor, "viewer@example.org")
    visitor.get(f"/desk/walks/{walk.walk_id}/results")
    return visitor


def somebody(app: Flask, walk: MadeWalk, **refused: str) -> Person:
    visitor = Visitor(app)
    join(visitor, walk.code, **refused)
    cookie = visitor.client.get_cookie("pohled_plain", path="/plain")
    assert cookie is not None
    with app.app_context():
        found = people_queries.participant_by_cookie(cookie.value)
        assert found is not None
        return Person(found.id, visitor)


def say(app: Flask, walk: MadeWalk, person: Person, purpose: Purpose, yes: bool) -> None:
    """The person's newest word on a purpose."""
    with app.app_context(), transaction():
        text = current_texts(walk.project_id, [purpose.value])[0]
        consent_changes.say(person.id, [Decision(purpose, yes, text.id, "en", now())])


def of_question(page: str, question: str) -> str:
    """The page's part about a question, at the first stop."""
    first = html.unescape(page[page.index('id="stop-1"') : page.index('id="stop-2"')])
    start = first.index(question)
    end = first.find('class="result"', start)
    return first[start : end if end > 0 else None]


def lines(part: str) -> list[tuple[str, str]]:
    found = re.findall(r'<span class="named">(.*?)</span>.*?<span class="num[^"]*">(\d+)</span>', part)
    return [(re.sub(r"<[^>]*>", "", named).strip(), count) for named, count in found]


def results(viewer: Visitor, walk: MadeWalk) -> str:
    return viewer.get(f"/desk/walks/{walk.walk_id}/results").text


# organisers: every answer


def test_organisers_see_every_kind(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    for yes, seen, steps in (("yes", ["uk", "vi"], "3"), ("no", ["uk"], "4,5"), ("?", [], "12"), ("no", [], "")):
        fields = {"k.yes": yes, "k.many": seen, "k.number": steps, "b.2": f"words of {yes}"}
        somebody(app, walk).visitor.send(walk.answer_address(), fields)
    page = organiser.get(f"/desk/walks/{walk.walk_id}").text
    part = of_question(page, "Is there a bench?")
    assert lines(part) == [("Yes", "1"), ("No", "2")]
    assert "n = 3" in part
    assert "can’t tell: 1" in part
    part = of_question(page, "Which languages did you see?")
    assert lines(part) == [("Ukrainian", "2"), ("Vietnamese", "1")]
    assert "n = 2" in part, "people, not ticks"
    part = of_question(page, "How many steps?")
    for told in ("n = 3", "mean 6.5", "median 4.5", "from 3 to 12", "<span>4.5</span>"):
        assert told in part
    assert "words of no" in of_question(page, "What makes it easier?")


def test_two_responses_of_one_person_count_once_and_the_last_word_counts(app: Flask, walk: MadeWalk) -> None:
    person = somebody(app, walk)

    def send(answers: dict[str, Answer]) -> None:
        with app.app_context(), transaction():
            new = walk_changes.NewResponse(
                id=new_id(),
                participant_id=person.id,
                walk_id=walk.walk_id,
                stop_id=walk.stops[0],
                version_id=walk.versions[0],
                checklist="belonging",
                version=1,
                language="en",
                answers=answers,
            )
            device = str(new_id())
            arrived = walk_changes.Revision(device, 1, 1, None, f"{{{device}}}", device.replace("-", "") * 2)
            walk_changes.save_response(new, arrived)

    send({"b.1": Answer(2), "b.2": Answer("the first phone")})
    send({"b.1": Answer(5)})
    with app.app_context():
        agree, text = queries.of_walk(walk.walk_id)[0].checklists[0][1][:2]
        assert (agree.n, agree.counts[0]) == (1, (5, 1))
        assert text.summary.words == ["the first phone"], "what the last one left out still stands"
        assert queries.counts(walk.walk_id) == (1, 1)


def test_answers_to_an_older_version_are_shown_by_themselves(app: Flask, walk: MadeWalk) -> None:
    """A phone may hold a version that the walk has since replaced; its answers are neither lost nor mixed."""
    person = somebody(app, walk)
    with app.app_context():
        with transaction():
            older = walk_changes.add_checklist(walk.project_id, {**makers.SAFETY, "id": "older"})
            walk_changes.save_response(
                walk_changes.NewResponse(
                    id=new_id(),
                    participant_id=person.id,
                    walk_id=walk.walk_id,
                    stop_id=walk.stops[0],
                    version_id=older.id,
                    checklist="older",
                    version=1,
                    language="en",
                    answers={"s.1": Answer(3)},
                )
            )
        titles = [(checklist.id, tallies[0].n) for checklist, tallies in queries.of_walk(walk.walk_id)[0].checklists]
    assert titles == [("belonging", 0), ("safety", 0), ("older", 1)]


def test_the_photos_of_answers_are_counted_while_they_may_be_seen(
    app: Flask, organiser: Visitor, walk: MadeWalk
) -> None:
    person = somebody(app, walk)
    address = f"{walk.photo_address}?stop={walk.stops[0]}&question=b.1"
    for turn in (1, 3):
        person.visitor.send(address, {"people": "none", "file": (turned(turn), "a.jpg")})
    desk = f"/desk/walks/{walk.walk_id}"
    assert "2 photos" in of_question(organiser.get(desk).text, "A stranger would help.")
    with app.app_context(), transaction():
        photo_changes.withdraw_photo(photo_queries.photos_of_walk(walk.walk_id)[0])
    assert "1 photo" in of_question(organiser.get(desk).text, "A stranger would help.")


# viewers: results only


def test_viewers_see_counts_and_means_and_nobodys_own(app: Flask, viewer: Visitor, walk: MadeWalk) -> None:
    people = [somebody(app, walk) for _ in range(6)]
    for number, person in enumerate(people):
        fields = {
            "b.1": str(3 + number // 3 * 2),
            "b.1.remark": f"secret remark {number}",
            "b.2": f"secret words {number}",
            "k.number": f"{number}17,25",
            "k.yes": "yes",
        }
        person.visitor.send(walk.answer_address(), fields)
    page = results(viewer, walk)
    part = of_question(page, "A stranger would help.")
    assert "n = 6" in part
    assert "mean 4" in part
    assert lines(part) == [("5 Strongly agree", "3"), ("1–4 Strongly disagree – Agree", "3")]
    assert lines(of_question(page, "Is there a bench?")) == [("Yes", "6")]
    assert "n = 6" in of_question(page, "What makes it easier?")
    assert "n = 6" in of_question(page, "How many steps?")
    for secret in ("secret", "217.25", "17.25", *(str(person.id) for person in people)):
        assert secret not in page


def test_fewer_than_three_answers_are_no_numbers(app: Flask, viewer: Visitor, walk: MadeWalk) -> None:
    for number in range(3):
        fields = {"b.1": "5", "b.1.remark": "x"} | ({"k.yes": "no", "b.2": "words"} if number < 2 else {"k.yes": "?"})
        somebody(app, walk).visitor.send(walk.answer_address(), fields)
    page = results(viewer, walk)
    assert "n = 3" in of_question(page, "A stranger would help.")
    for question in ("Is there a bench?", "What makes it easier?", "How many steps?"):
        part = of_question(page, question)
        assert "fewer than 3 answers" in part
        assert not re.search(r"n =|mean|class=\"num|class=\"dots", part)
    assert "can’t tell: " not in page
    for total in ("people joined", "filled in"):
        assert total not in page, "a total less the others would tell what is held back"
        assert total not in viewer.get("/desk").text


def test_viewers_are_led_to_the_results_and_nowhere_else(viewer: Visitor, walk: MadeWalk) -> None:
    home = viewer.get("/desk").text
    assert f'href="/desk/walks/{walk.walk_id}/results"' in home
    assert walk.code not in home
    page = results(viewer, walk)
    for address in set(re.findall(r'href="(/desk/[^"]*)"', home + page)):
        viewer.get(address)
    viewer.get(f"/desk/walks/{walk.walk_id}", 403)


def test_organisers_reach_the_results_from_the_answers(organiser: Visitor, walk: MadeWalk) -> None:
    page = organiser.get(f"/desk/walks/{walk.walk_id}").text
    assert f'href="/desk/walks/{walk.walk_id}/results"' in page
    assert f'href="/desk/walks/{walk.walk_id}"' in results(organiser, walk)


@pytest.mark.parametrize("purpose", [Purpose.REPORT, Purpose.KEEP])
def test_who_takes_back_the_report_is_no_longer_counted(
    app: Flask, viewer: Visitor, walk: MadeWalk, purpose: Purpose
) -> None:
    people = [somebody(app, walk) for _ in range(4)]
    for person in people:
        person.visitor.send(walk.answer_address(), {"b.1": "4"})
    assert "n = 4" in of_question(results(viewer, walk), "A stranger would help.")
    say(app, walk, people[0], purpose, yes=False)
    assert "n = 3" in of_question(results(viewer, walk), "A stranger would help.")
    say(app, walk, people[1], purpose, yes=False)
    assert "fewer than 3 answers" in of_question(results(viewer, walk), "A stranger would help.")


def shown(page: str) -> list[int]:
    """The numbers of the photos."""
    return [int(number) for number in re.findall(r'src="/desk/projects/[\w-]+/report/(\d+)/320"', page)]


def test_viewers_see_the_photos_agreed_for_the_report_and_no_others(
    app: Flask, viewer: Visitor, walk: MadeWalk
) -> None:
    agrees, refuses = somebody(app, walk), somebody(app, walk, report="no")
    with app.app_context():
        good = make_photo(app, walk, agrees.id, turned(1), caption={"cs": CAPTION})
        released = make_photo(app, walk, agrees.id, turned(3), people="released")
        others = [
            make_photo(app, walk, refuses.id, turned(6), caption={"en": "refused"}),
            make_photo(app, walk, agrees.id, turned(8), caption={"en": "unreleased"}, people="unreleased"),
        ]
    page = results(viewer, walk)
    assert shown(page) == [1, 2]
    assert CAPTION in page
    for photo_id in (good, released, *others):
        assert str(photo_id) not in page, "a phone makes ids of the time"
    for number in (3, 4):
        viewer.get(f"/desk/projects/{walk.project_id}/report/{number}/320", 410)
    assert "refused" not in page
    assert "unreleased" not in page
    picture = viewer.get(f"/desk/projects/{walk.project_id}/report/1/320")
    assert picture.mimetype == "image/jpeg"
    assert picture.last_modified is None, "it would tell when the photo came"
    viewer.get(f"/desk/projects/{walk.project_id}/report/9/320", 404)
    viewer.get(f"/desk/photos/{good}/320", 403)


def test_a_withdrawal_shows_at_once(app: Flask, viewer: Visitor, walk: MadeWalk) -> None:
    person, other = somebody(app, walk), somebody(app, walk)
    with app.app_context():
        (first, _) = (make_photo(app, walk, each.id, encoded(grain(64, 48))) for each in (person, other))
    assert shown(results(viewer, walk)) == [1, 2]
    with app.app_context(), transaction():
        found = photo_queries.photo(first)
        assert found is not None
        photo_changes.withdraw_photo(found)
    assert shown(results(viewer, walk)) == [2]
    viewer.get(f"/desk/projects/{walk.project_id}/report/1/320", 410)
    say(app, walk, other, Purpose.REPORT, yes=False)
    assert shown(results(viewer, walk)) == []
    viewer.get(f"/desk/projects/{walk.project_id}/report/2/320", 410)


def test_viewers_know_a_place_by_a_square_in_which_three_people_took_photos(
    app: Flask, viewer: Visitor, walk: MadeWalk
) -> None:
    people = [somebody(app, walk) for _ in range(4)]
    data = encoded(grain(64, 48), exif=exif({}, {36867: "2018:06:18 10:05:00"}, gps_block()))
    with app.app_context():
        make_photo(app, walk, people[0].id, data)
        make_photo(app, walk, people[0].id, turned(2), pin=(50.0751, 14.4379))
        make_photo(app, walk, people[1].id, turned(1), pin=(50.0752, 14.4381))
        make_photo(app, walk, people[3].id, turned(3), pin=(50.123456, 14.456789))
    assert "In a square of" not in results(viewer, walk)
    assert squares(viewer, walk) == []
    with app.app_context():
        make_photo(app, walk, people[2].id, turned(4), pin=(50.0759, 14.4391))
    page = results(viewer, walk)
    assert page.count("In a square of 500 m around <bdi>50.0737, 14.4397</bdi>") == 4
    assert page.count("No place is told") == 1
    assert "The square</span>" not in page, "a stop would tell more"
    (region,) = squares(viewer, walk)
    assert region["properties"] == {"metres": 500, "photos": 4, "up": 4, "down": 0, "taken": None}
    assert region["geometry"]["type"] == "Polygon"
    for exact in ("50.0755", "50.075,", "14.4378", "50.123", "14.456", "10:05"):
        assert exact not in page
        assert exact not in str(region)
    say(app, walk, people[2], Purpose.REPORT, yes=False)
    assert "In a square of" not in results(viewer, walk)
    assert squares(viewer, walk) == []


def test_nothing_is_told_of_places_while_photos_come_in(app: Flask, viewer: Visitor, walk: MadeWalk) -> None:
    people = [somebody(app, walk) for _ in range(3)]
    with app.app_context():
        for number, person in enumerate(people):
            make_photo(app, walk, person.id, turned(1 + number), pin=(50.0752, 14.4381))
        with transaction():
            found = walk_queries.walk(walk.walk_id)
            assert found is not None
            found.starts = now()
    assert results(viewer, walk).count("No place is told") == 3
    assert squares(viewer, walk) == []


def squares(viewer: Visitor, walk: MadeWalk) -> list[dict[str, Any]]:
    made = json.loads(viewer.get(f"/desk/projects/{walk.project_id}/coarse.geojson").data)
    assert made["type"] == "FeatureCollection"
    found: list[dict[str, Any]] = made["features"]
    return found
