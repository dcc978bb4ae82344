"""The light table, the shortlist and the list to ask, as curators use them without scripts."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.client import Visitor, hidden
from tests.makers import MadeWalk, log_in, make_call, make_exhibition, make_organiser, make_participant, make_photo
from tests.makers_photo import encoded, grain, turned
from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Decision, Purpose
from webapp.database import db, now, transaction
from webapp.doors import Role
from webapp.exhibition import changes, queries
from webapp.exhibition.rules import State

SECOND = "second@example.org"


@dataclass(frozen=True)
class Show:
    """An exhibition with seven photos of two authors: the last two may not leave."""

    app: Flask
    walk: MadeWalk
    id: uuid.UUID
    photos: tuple[uuid.UUID, ...]
    authors: tuple[uuid.UUID, ...]
    address: str

    def post(self, visitor: Visitor, photo: int, what: str, **fields: object) -> tuple[int, Any]:
        """Sends a form of the light table as its script does."""
        token = hidden(visitor.get(f"{self.address}/table").text)["csrf_token"]
        address = f"{self.address}/photos/{self.photos[photo]}/{what}" if what != "undo" else f"{self.address}/undo"
        headers = {**visitor.headers, "Accept": "application/json"}
        answer = visitor.client.post(address, data={"csrf_token": token, **fields}, headers=headers)
        return answer.status_code, answer.get_json()

    def states(self) -> dict[int, str]:
        with self.app.app_context():
            exhibition = queries.exhibition(self.id)
            assert exhibition
            return {frame.number: frame.state.value for frame in queries.frames(exhibition, uuid.uuid4())}

    def order(self) -> list[int]:
        with self.app.app_context():
            return [self.photos.index(each) + 1 for each in queries.shortlist(self.id)]

    def say(self, author: int, yes: bool, purpose: Purpose = Purpose.EXHIBITION) -> None:
        with self.app.app_context(), transaction():
            (text,) = consent_queries.current_texts(self.walk.project_id, [purpose.value])
            consent_changes.say(self.authors[author], [Decision(purpose, yes, text.id, "en", now())])


@pytest.fixture
def show(app: Flask, walk: MadeWalk) -> Show:
    with app.app_context():
        willing = make_participant(walk)
        shy = make_participant(walk, frozenset({Purpose.EXHIBITION}))
        photos = [make_photo(app, walk, willing, turned(1), caption={"en": f"Caption {n}"}) for n in range(1, 6)]
        photos.append(make_photo(app, walk, shy, turned(1), caption={"cs": "Nesmí ven"}))
        photos.append(make_photo(app, walk, willing, turned(1), people="unreleased", up=False, down=True))
        id_ = make_exhibition(walk.project_id)
        make_organiser(walk.project_id, Role.CURATOR, SECOND)
        make_call(walk.project_id)
    return Show(app, walk, id_, tuple(photos), (willing, shy), f"/desk/exhibitions/{id_}")


@pytest.fixture
def curator(app: Flask, show: Show) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


@pytest.fixture
def other(app: Flask, show: Show) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor, SECOND)
    return visitor


def test_an_exhibition_sent_twice_is_made_once(app: Flask, curator: Visitor, walk: MadeWalk) -> None:
    address = f"/desk/projects/{walk.project_id}/exhibitions"
    fields = {**hidden(curator.get(address).text), "title.en": "On tour", "languages": ["cs"]}
    assert "On tour" in curator.post(address, fields).text
    assert "On tour" in curator.post(address, fields).text
    with app.app_context():
        assert [each.title["en"] for each in queries.exhibitions_of(walk.project_id)] == ["In the passage", "On tour"]
    assert "Write a title in at least one language." in curator.send(address, {"languages": ["cs"]}, 422).text


@pytest.mark.parametrize("page", ["table", "table?view=loupe&at=3", "table?view=compare&with=1&with=3", "shortlist"])
def test_a_decision_works_without_scripts(curator: Visitor, show: Show, page: str) -> None:
    curator.get(f"{show.address}/{page}")
    address = f"{show.address}/photos/{show.photos[1]}/mark"
    token = hidden(curator.get(f"{show.address}/table").text)["csrf_token"]
    back = curator.post(
        address, {"csrf_token": token, "state": "pick", "revision": "0", "then": f"{show.address}/{page}"}
    )
    assert "No. 2: picked." in back.text
    assert show.states()[2] == "pick"
    assert "No. 2" in curator.get(f"{show.address}/shortlist").text
    curator.post(f"{show.address}/undo", {"csrf_token": token, "then": f"{show.address}/{page}"})
    assert show.states()[2] == ""
    assert "undone" in curator.get(f"{show.address}/log").text


def test_what_may_not_leave_is_wanted_until_the_yes_comes(curator: Visitor, show: Show) -> None:
    _, answer = show.post(curator, 5, "mark", state="pick", revision=0)
    assert answer["photo"]["state"] == "wanted"
    assert "Its author has not agreed to the exhibition." in answer["sentence"]
    _, answer = show.post(curator, 6, "mark", state="pick", revision=0)
    assert answer["photo"]["state"] == "wanted"
    assert "Somebody can be recognised and has not agreed." in answer["sentence"]
    assert show.order() == []
    page = curator.get(f"{show.address}/ask").text
    assert page.index("Still to ask") < page.index("Nesmí ven")
    assert "Contact was not agreed to" in page
    assert "Author no. 2 · English" in page
    show.say(1, True)
    page = curator.get(f"{show.address}/ask").text
    assert page.index("Nesmí ven") < page.index("Still to ask"), "it leaves the list to ask by itself"
    show.post(curator, 5, "mark", state="pick", revision=1)
    assert show.order() == [6]


def test_what_is_refused_after_it_was_picked_is_blocked(curator: Visitor, show: Show) -> None:
    show.post(curator, 0, "mark", state="pick", revision=0)
    assert "Blocked" not in curator.get(f"{show.address}/shortlist").text
    show.say(0, False)
    page = curator.get(f"{show.address}/shortlist").text
    assert "1 is blocked and is in no file" in page
    assert "Its author has not agreed to the exhibition. It is in no file." in page
    show.post(curator, 0, "mark", state="out", revision=1)
    _, answer = show.post(curator, 0, "undo")
    assert answer["photo"]["state"] == "wanted", "what was picked once is not picked again by undoing"


def test_two_curators_never_overwrite_each_other_in_silence(curator: Visitor, other: Visitor, show: Show) -> None:
    assert show.post(curator, 0, "mark", state="pick", revision=0)[0] == 200
    status, told = show.post(other, 0, "mark", state="out", revision=0)
    assert status == 409
    assert (told["state"], told["revision"], told["who"]) == ("pick", 1, "organiser@example.org")
    assert "organiser@example.org has decided meanwhile" in told["sentence"]
    assert "You said: out. Which holds?" in told["sentence"]
    assert show.states()[1] == "pick"
    assert show.post(other, 0, "mark", state="pick", revision=0)[0] == 200, "both say the same"
    assert show.post(other, 0, "mark", state="out", revision=told["revision"])[0] == 200
    assert show.states()[1] == "out"


def test_a_conflict_is_a_page_without_scripts(curator: Visitor, other: Visitor, show: Show) -> None:
    show.post(curator, 0, "mark", state="pick", revision=0)
    token = hidden(other.get(f"{show.address}/table").text)["csrf_token"]
    address, back = f"{show.address}/photos/{show.photos[0]}/mark", f"{show.address}/table?at=2"
    page = other.post(address, {"csrf_token": token, "state": "out", "revision": "0", "then": back}, 409).text
    assert "It stays: picked" in page
    assert "Mine holds: out" in page
    assert "No. 1: out." in other.post(address, {**hidden(page), "state": "out"}).text


def test_undo_takes_back_only_ones_own_and_nothing_that_was_decided_since(
    curator: Visitor, other: Visitor, show: Show
) -> None:
    for photo, state in ((0, "pick"), (1, "pick"), (2, "out")):
        show.post(curator, photo, "mark", state=state, revision=0)
    show.post(other, 2, "mark", state="pick", revision=1)
    _, answer = show.post(curator, 0, "undo")
    assert "No. 3 stays: second@example.org has decided on it since (picked)." in answer["sentence"]
    assert show.states()[3] == "pick"
    _, answer = show.post(curator, 0, "undo", below=answer["below"])
    assert answer["sentence"] == "Undone. No. 2: undecided."
    _, answer = show.post(curator, 0, "undo", below=show_order(show, 3))
    assert answer["sentence"] == "Undone. No. 1: undecided."
    assert show.post(other, 0, "undo")[1]["sentence"] == "Undone. No. 3: out."
    _, answer = show.post(curator, 0, "undo")
    assert answer["sentence"] == "Undone. No. 3: undecided.", "what the other took back is as if it had never been"
    assert show.post(curator, 0, "undo")[1]["sentence"] == "You have nothing left to take back."


def show_order(show: Show, number: int) -> int:
    with show.app.app_context():
        return next(entry.order for entry in reversed(queries.log(show.id, None, 100)) if entry.number == number)


def test_what_comes_back_by_undoing_hangs_where_it_hung(curator: Visitor, show: Show) -> None:
    for photo in range(3):
        show.post(curator, photo, "mark", state="pick", revision=0)
    show.post(curator, 1, "mark", state="none", revision=1)
    assert show.order() == [1, 3]
    show.post(curator, 1, "undo")
    assert show.order() == [1, 2, 3]


def test_stars_are_each_curators_own(curator: Visitor, other: Visitor, show: Show) -> None:
    show.post(curator, 0, "stars", stars=5)
    _, answer = show.post(other, 0, "stars", stars=2)
    assert (answer["photo"]["stars"], answer["photo"]["mean"], answer["photo"]["judges"]) == (2, 3.5, 2)
    assert answer["photo"]["revision"] == 0, "stars are no decision"
    assert "mean 3.5 ★, 2 judging" in curator.get(f"{show.address}/table?view=loupe&at=1").text
    assert show.post(other, 0, "stars", stars=0)[1]["photo"]["mean"] == 5
    assert show.post(other, 0, "stars", stars=6)[0] == 422
    assert cells(curator.get(f"{show.address}/table?stars=4").text) == ["1"]


def test_undo_takes_back_stars_and_decisions_in_the_order_in_which_they_were_made(
    curator: Visitor, other: Visitor, show: Show
) -> None:
    show.post(curator, 0, "stars", stars=2)
    show.post(curator, 0, "mark", state="pick", revision=0)
    show.post(curator, 0, "stars", stars=4)
    show.post(curator, 0, "stars", stars=4)
    show.post(curator, 1, "stars", stars=1)
    show.post(other, 0, "stars", stars=5)
    told = [show.post(curator, 0, "undo")[1] for _ in range(5)]
    assert [each["sentence"] for each in told] == [
        "Undone. No. 2: no stars of yours.",
        "Undone. No. 1: 2 stars.",
        "Undone. No. 1: undecided.",
        "Undone. No. 1: no stars of yours.",
        "You have nothing left to take back.",
    ]
    assert [(each["photo"]["stars"], each["photo"]["judges"]) for each in told[:4]] == [
        (0, 0),
        (2, 2),
        (2, 2),
        (0, 1),
    ]
    token = hidden(other.get(f"{show.address}/table").text)["csrf_token"]
    back = other.post(f"{show.address}/undo", {"csrf_token": token, "then": f"{show.address}/table"})
    assert "Undone. No. 1: no stars of yours." in back.text, "without scripts, too"


def cells(page: str) -> list[str]:
    """The numbers of the photos in the grid."""
    return re.findall(r'data-part="cell" data-photo="[^"]+" data-number="(\d+)"', page)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", "1234567"),
        ("state=none", "234567"),
        ("state=pick", "1"),
        ("light=down", "7"),
        ("author=2", "6"),
        ("caption=cs", "6"),
        ("leave=free", "12345"),
        ("leave=blocked", "67"),
        ("leave=no_release", "7"),
        ("perspective=ngo", "1234567"),
        ("district=Prague 7", "1234567"),
        ("author=1&light=up&state=none", "2345"),
        ("theme=nothing", ""),
    ],
)
def test_filters_stand_in_the_address(curator: Visitor, show: Show, query: str, numbers: str) -> None:
    show.post(curator, 0, "mark", state="pick", revision=0)
    assert cells(curator.get(f"{show.address}/table?{query}").text) == list(numbers)


def test_an_order_changed_by_somebody_else_takes_the_move_in(curator: Visitor, other: Visitor, show: Show) -> None:
    for photo in range(5):
        show.post(curator, photo, "mark", state="pick", revision=0)
    show.post(other, 4, "place", before=show.photos[0])
    assert show.order() == [5, 1, 2, 3, 4]
    _, answer = show.post(curator, 2, "place", before=show.photos[0])
    assert show.order() == [5, 3, 1, 2, 4], "the other's move stands"
    assert answer["order"] == [str(show.photos[n - 1]) for n in show.order()]
    assert answer["sentence"] == "No. 3 hangs at place 2 of 5."
    show.post(curator, 0, "place", place=1)
    show.post(curator, 4, "place")
    assert show.order() == [1, 3, 2, 4, 5]
    show.post(other, 1, "mark", state="out", revision=1)
    status, answer = show.post(curator, 3, "place", before=show.photos[1])
    assert status == 409
    assert "the shortlist has changed meanwhile" in answer["sentence"]
    assert show.order() == [1, 3, 4, 5]


def test_the_shortlist_says_what_is_missing(app: Flask, curator: Visitor, show: Show) -> None:
    with app.app_context():
        large = make_photo(
            app, show.walk, show.authors[0], encoded(grain(3000, 2250)), caption={"en": "In", "cs": "V"}
        )
        with transaction():
            changes.decide(show.id, large, State.PICK, None)
            changes.decide(show.id, show.photos[0], State.PICK, None)
    page = curator.get(f"{show.address}/shortlist").text
    assert "A4: 272 ppi, sharp" in page
    assert "A3: 192 ppi, fair" in page
    assert "A2: 136 ppi, too coarse" in page
    assert page.count("Caption missing: ") == 1
    assert "Caption missing: Čeština" in page
    assert "1 label lacks a language of the exhibition." in page


def test_the_balance_is_told_after_each_decision(curator: Visitor, show: Show) -> None:
    for photo in range(4):
        _, answer = show.post(curator, photo, "mark", state="pick", revision=0)
    assert "4 picked that may be shown; 5 photos could be shown." in answer["balance"]
    assert answer["decided"] == {"none": 3, "pick": 4, "out": 0, "wanted": 0}
    assert '<rect class="chosen" width="100.0"' in answer["balance"]


def test_what_was_taken_back_or_is_another_projects_is_not_there(app: Flask, curator: Visitor, show: Show) -> None:
    show.say(1, False, Purpose.KEEP)
    assert cells(curator.get(f"{show.address}/table").text) == ["1", "2", "3", "4", "5", "7"]
    assert show.post(curator, 5, "mark", state="wanted", revision=0)[0] == 410
    stranger = f"{show.address}/photos/{uuid.uuid4()}/mark"
    curator.post(stranger, {"state": "pick", "revision": "0"}, 404)


def test_the_light_table_asks_as_much_for_a_hundred_photos_as_for_seven(
    app: Flask, curator: Visitor, show: Show
) -> None:
    def asked(address: str) -> int:
        statements: list[str] = []
        engine = db.engines[None]

        def count(*said: object) -> None:
            statements.append(str(said[2]))

        curator.get(address)  # what is asked once in a while, and then known for a time, is asked now
        event.listen(engine, "before_cursor_execute", count)
        curator.get(address)
        event.remove(engine, "before_cursor_execute", count)
        return len(statements)

    def add(number: int) -> None:
        for n in range(number):
            author = make_participant(show.walk) if n % 5 == 0 else show.authors[0]
            photo = make_photo(app, show.walk, author, data)
            with transaction():
                changes.decide(show.id, photo, State.PICK if n % 2 else State.WANTED, None)

    data = turned(1)
    pages = [f"{show.address}/{page}" for page in ("table", "shortlist", "ask")]
    with app.app_context():
        add(5)  # so that no list is empty: an empty one asks neither for parts nor for words
        before = [asked(page) for page in pages]
        add(30)
        after = [asked(page) for page in pages]
    # One or two kinds of rows may only now be among them; what grew with the photos would be thirty.
    assert all(late <= early + 2 for early, late in zip(before, after, strict=True)), (before, after)
    assert after[0] < 30


def test_both_at_the_same_moment_one_is_told(app: Flask, curator: Visitor, other: Visitor, show: Show) -> None:
    """Two threads, each over the revision that both saw: one decision stands, the other hears of it."""
    token = {each: hidden(each.get(f"{show.address}/table").text)["csrf_token"] for each in (curator, other)}
    ready = Barrier(2)

    def decide(who: Visitor, state: str, photo: int) -> int:
        ready.wait()
        fields = {"csrf_token": token[who], "state": state, "revision": 0}
        headers = {**who.headers, "Accept": "application/json"}
        return who.client.post(
            f"{show.address}/photos/{show.photos[photo]}/mark", data=fields, headers=headers
        ).status_code

    for photo in range(5):
        with ThreadPoolExecutor(2) as pool:
            told = [pool.submit(decide, curator, "pick", photo), pool.submit(decide, other, "out", photo)]
        assert sorted(each.result() for each in told) == [200, 409]
    assert len(show.order()) == sum(state == "pick" for state in show.states().values())


def test_both_picking_at_once_leave_an_order_without_doubles(curator: Visitor, other: Visitor, show: Show) -> None:
    def pick(who: Visitor, photos: tuple[int, ...]) -> None:
        for photo in photos:
            show.post(who, photo, "mark", state="pick", revision=0)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(pick, (curator, other), ((0, 2, 4), (1, 3))))
    assert sorted(show.order()) == [1, 2, 3, 4, 5]
    with show.app.app_context():
        places = [mark.position for mark in queries.marks_of(show.id).values()]
    assert sorted(places) == [1, 2, 3, 4, 5]
