"""Meetings and their boards through the pages: without scripts, and as a script asks."""

import io
import re
import uuid
import zipfile
from typing import Any
from urllib.parse import urlencode

import pytest
from docx import Document
from flask import Flask
from PIL import Image

from tests.client import Visitor, hidden
from tests.makers import MadeWalk, log_in, make_call, make_organiser, make_participant, make_photo
from tests.makers_photo import encoded
from webapp.consent.rules import Purpose
from webapp.database import transaction
from webapp.doors import Role
from webapp.meeting import changes, queries
from webapp.meeting.rules import MeetingKind
from webapp.photo import queries as photo_queries
from webapp.upkeep.jobs import take_back_photo

JSON = {"Accept": "application/json"}


class House:
    """A project with five photos of two people, a meeting, and its facilitator's browser."""

    def __init__(self, app: Flask, walk: MadeWalk) -> None:
        self.app, self.walk = app, walk
        with app.app_context():
            make_participant(walk)  # no. 1, who sends no photo
            self.anna, self.bao = make_participant(walk), make_participant(walk)
            self.call = make_call(walk.project_id)
            said: list[dict[str, Any]] = [
                {"pin": (50.1, 14.43), "caption": {"en": "The gate", "cs": "Brána"}},
                {"pin": (50.1005, 14.43), "up": False, "down": True},
                {"pin": (50.2, 14.43), "credit": "name", "credit_as": "Anna N."},
            ]
            self.photos = [self.photo(self.anna, shade, **more) for shade, more in enumerate(said)]
            there = {"walk_id": None, "stop_id": None, "call_id": self.call}
            self.photos.append(
                self.photo(self.bao, 7, **there, pin=(50.1001, 14.43), credit="pseudonym", credit_as="Bảo")
            )
            self.photos.append(self.photo(self.bao, 8, **there, caption={}))
            with transaction():
                meeting = changes.add_meeting(
                    walk.project_id,
                    MeetingKind.WORKSHOP,
                    {"en": "The workshop", "cs": "Dílna"},
                    photo_queries.calls_of(walk.project_id)[0].opens,
                )
                self.meeting = meeting.id
        self.visitor = Visitor(app)
        log_in(self.visitor)

    def photo(self, author: uuid.UUID, shade: int, **more: Any) -> uuid.UUID:
        picture = encoded(Image.new("RGB", (640, 480), (shade * 20, 90, 90)))
        return make_photo(self.app, self.walk, author, picture, **more)

    @property
    def address(self) -> str:
        return f"/desk/meetings/{self.meeting}"

    def group(self, name: str) -> str:
        made = uuid.uuid4()
        with self.app.app_context(), transaction():
            changes.add_group(self.meeting, name, group_id=made)
        return str(made)

    def state(self) -> dict[str, list[int]]:
        """Numbers by the names of groups; "" are those in none."""
        with self.app.app_context():
            board = queries.board(self.meeting, queries.wall(self.walk.project_id))
            lies = {group.row.name: [each.number for each in group.photos] for group in board.groups}
            return {**lies, "": [each.number for each in board.loose]}

    def ask(self, path: str, fields: Any, visitor: Visitor | None = None, status: int = 200) -> dict[str, Any]:
        """As a script asks."""
        client = (visitor or self.visitor).client
        token = hidden(client.get(f"{self.address}/groups").text)["csrf_token"]
        pairs = list(fields.items()) if isinstance(fields, dict) else fields
        data = urlencode([*map(tuple, pairs), ("csrf_token", token)])
        answer = client.post(
            path if path.startswith("/") else f"{self.address}/{path}",
            data=data,
            headers=JSON,
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == status, answer.text[:500]
        told: dict[str, Any] = answer.json or {}
        return told


@pytest.fixture
def house(app: Flask, walk: MadeWalk) -> House:
    return House(app, walk)


def test_a_meeting_is_made_once_and_changed(house: House) -> None:
    visitor, project = house.visitor, f"/desk/projects/{house.walk.project_id}/meetings"
    fields = {
        "kind": "lab",
        "title.en": "A lab",
        "title.cs": "Laboratoř",
        "starts": "2018-08-16T14:00",
        "where": "Town hall",
        "attendance.ngo": "7",
        "attendance.other": "2",
    }
    page = hidden(visitor.get(f"{project}/new").text)
    for _ in range(2):
        visitor.post(f"{project}/new", {**page, **fields})
    listed = visitor.get(project).text
    assert listed.count("A lab") == 1
    assert "14:00" in listed, "the time is the project's own"
    assert "9 people came" in listed
    (address,) = re.findall(r'href="(/desk/meetings/[^"]+/edit)"', listed.split("A lab")[1].split("</li>")[0])
    old = hidden(visitor.get(address).text)
    visitor.send(address, {**fields, "where": "Library"})
    kept = visitor.post(address, {**old, **fields, "where": "Elsewhere"}, 409).text
    assert "Somebody else has changed this meeting meanwhile" in kept
    assert "Library" in kept
    assert "Elsewhere" in kept
    visitor.post(address, {**hidden(kept), **fields, "where": "Elsewhere"})
    assert "Elsewhere" in visitor.get(project).text
    assert "whole numbers" in visitor.send(address, {**fields, "attendance.ngo": "some"}, 422).text


def test_photos_of_walks_and_calls_are_suggested_in_every_way(house: House) -> None:
    def page(by: str) -> str:
        return house.visitor.get(f"{house.address}/groups?by={by}").text

    assert "5 photos." in page("own")
    place = page("place")
    assert "The square" in place, "the nearest stop names the cluster"
    assert "Alone: no other photo within 150 m" in place
    assert page("stop").count("Call: My city") >= 1
    assert "A short walk, 1: The square" in page("stop")
    assert "<bdi>Down</bdi>" in page("light")
    assert "Author 2</bdi>" in page("author"), "not every photo of hers carries her name"
    assert "Anna N." not in page("author")


def test_suggestions_become_groups_and_leave_alone_what_is_grouped(house: House) -> None:
    mine = house.group("Mine")
    house.ask("placings", [("photo", f"1::{mine}")])
    told = house.visitor.post(f"{house.address}/groups/suggested", {"by": "light", "csrf_token": token(house)})
    assert "2 groups are made." in told.text
    after = house.state()
    assert after["Mine"] == [1]
    assert after[""] == []
    house.visitor.post(f"{house.address}/groups/delete", hidden_of_undo(told.text))
    assert house.state() == {"Mine": [1], "": [2, 3, 4, 5]}, "one tap takes all of them back"


def hidden_of_undo(page: str) -> dict[str, Any]:
    form = re.search(r'<form[^>]*data-part="undoform">(.*?)</form>', page, re.S)
    assert form is not None
    fields: dict[str, Any] = {}
    for name, value in re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', form[1]):
        fields.setdefault(name, []).append(value)
    return fields


def test_without_scripts_ticked_photos_are_put_into_a_group_and_back(house: House) -> None:
    gates = house.group("Gates")
    form = hidden(house.visitor.get(f"{house.address}/groups").text)
    page = house.visitor.post(
        f"{house.address}/placings",
        {"csrf_token": form["csrf_token"], "photo": ["2:", "4:"], "to": gates},
    ).text
    assert "Photos 2, 4 are in A “Gates” now." in page
    assert house.state() == {"Gates": [2, 4], "": [1, 3, 5]}
    house.visitor.post(f"{house.address}/placings", hidden_of_undo(page))
    assert house.state() == {"Gates": [], "": [1, 2, 3, 4, 5]}


def test_every_move_can_be_undone_where_it_was(house: House) -> None:
    a, b = house.group("A"), house.group("B")
    house.ask("placings", [("photo", f"{number}::{a}") for number in (1, 2, 3)])
    moved = house.ask("placings", [("photo", f"1:{a}:{b}"), ("photo", f"2:{a}:{b}")])
    assert house.state() == {"A": [3], "B": [1, 2], "": [4, 5]}
    house.ask(moved["undo"]["address"], moved["undo"]["fields"])
    assert house.state() == {"A": [1, 2, 3], "B": [], "": [4, 5]}
    shifted = house.ask("placings", [("photo", f"3:{a}:{a}:1")])
    assert house.state()["A"] == [3, 1, 2]
    house.ask(shifted["undo"]["address"], shifted["undo"]["fields"])
    assert house.state()["A"] == [1, 2, 3]


def test_a_photo_that_somebody_else_moved_stays_where_it_lies_now(house: House) -> None:
    a, b = house.group("Gates"), house.group("Benches")
    other = second_facilitator(house)
    house.ask("placings", [("photo", f"1::{a}")], other)
    told = house.ask("placings", [("photo", f"1::{b}"), ("photo", f"2::{b}")])
    assert "Photo 2 is in B “Benches” now." in told["says"]
    assert "Somebody else has moved photo 1: it is in A “Gates” now." in told["says"]
    assert house.state() == {"Gates": [1], "Benches": [2], "": [3, 4, 5]}
    assert told["state"]["groups"][0]["photos"] == [1]


def token(house: House) -> str:
    return hidden(house.visitor.get(f"{house.address}/groups").text)["csrf_token"]


def second_facilitator(house: House) -> Visitor:
    with house.app.app_context():
        make_organiser(house.walk.project_id, Role.FACILITATOR, "second@example.org")
    other = Visitor(house.app)
    log_in(other, "second@example.org")
    return other


def test_whoever_writes_over_somebody_else_is_shown_both_and_chooses(house: House) -> None:
    group = house.group("Gates")
    other = second_facilitator(house)
    old = {"revision": 1, "name": "Gates", "name_was": "Gates", "note": "", "note_was": ""}
    house.ask(f"groups/{group}", {**old, "note": "Who has the key?"}, other)
    told = house.ask(f"groups/{group}", {**old, "name": "Stone\r\nwalls"})
    assert told["state"]["groups"][0] | {"photos": []} == {
        "id": group,
        "letter": "A",
        "name": "Stone walls",
        "note": "Who has the key?",
        "revision": 3,
        "photos": [],
    }, "two different texts are no quarrel"
    both = house.ask(f"groups/{group}", {**old, "note": "When does it open?"}, status=409)
    assert "Who has the key?" in both["html"]
    assert "When does it open?" in both["html"]
    assert house.ask(f"groups/{group}", {**old, "note": "Who has the key?"})["says"] == "Saved."

    sent = {**old, "note": "When does it open?", "csrf_token": token(house)}
    page = house.visitor.post(f"{house.address}/groups/{group}", sent, 409).text
    house.visitor.post(f"{house.address}/groups/{group}", hidden(page))
    with house.app.app_context():
        row = queries.group(house.meeting, uuid.UUID(group))
        assert row is not None
        assert (row.name, row.note) == ("Stone walls", "When does it open?")


def test_a_deleted_group_comes_back_with_its_photos(house: House) -> None:
    group = house.group("Gates")
    house.ask("placings", [("photo", f"1::{group}"), ("photo", f"2::{group}")])
    told = house.ask("groups/delete", {"group": group})
    assert house.state() == {"": [1, 2, 3, 4, 5]}
    other = house.group("Other")
    house.ask("placings", [("photo", f"2::{other}")])
    house.ask(told["undo"]["address"], told["undo"]["fields"])
    assert house.state() == {"Gates": [1], "Other": [2], "": [3, 4, 5]}


def test_groups_stand_in_the_order_that_was_chosen(house: House) -> None:
    a, b, c = (house.group(name) for name in "XYZ")
    told = house.ask("groups/order", [("group", each) for each in (c, a, b)])
    assert list(house.state())[:3] == ["Z", "X", "Y"]
    house.ask("groups/order", {"later": c})
    assert list(house.state())[:3] == ["X", "Z", "Y"]
    house.ask(told["undo"]["address"], told["undo"]["fields"])
    assert list(house.state())[:3] == ["X", "Y", "Z"]


def test_a_group_of_another_meeting_cannot_be_reached(house: House) -> None:
    with house.app.app_context(), transaction():
        meeting = queries.meeting(house.meeting)
        assert meeting is not None
        other = changes.add_meeting(house.walk.project_id, MeetingKind.LAB, {"en": "Other"}, meeting.starts)
        foreign, elsewhere = str(changes.add_group(other.id, "Foreign").id), other.id
    told = house.ask("placings", [("photo", f"1::{foreign}")])
    assert house.state()[""] == [1, 2, 3, 4, 5]
    assert "undo" not in told or not told["undo"]
    house.ask("groups/delete", {"group": foreign})
    with house.app.app_context():
        assert len(queries.groups_of(elsewhere)) == 1


def test_a_withdrawal_takes_a_photo_off_the_board_at_once(house: House) -> None:
    group = house.group("Gates")
    house.ask("placings", [("photo", f"1::{group}"), ("photo", f"4::{group}")])
    with house.app.app_context():
        assert take_back_photo(house.anna, house.photos[0])
    assert house.state() == {"Gates": [4], "": [2, 3, 5]}
    page = house.visitor.get(f"{house.address}/groups").text
    assert "1 photo is not shown: 1 taken back." in page
    assert "The gate" not in page
    told = house.ask("placings", [("photo", f"1:{group}:")])
    assert told["says"] == "Photo 1 may not be shown any more."
    assert "The gate" not in house.visitor.get(f"{house.address}/minutes").text


def test_who_has_not_agreed_to_meetings_is_counted_and_not_shown(house: House) -> None:
    with house.app.app_context():
        shy = make_participant(house.walk, frozenset({Purpose.MEETING}))
        house.photo(shy, 9, caption={"en": "Not for meetings"})
    page = house.visitor.get(f"{house.address}/groups").text
    assert "1 photo is not shown: 1 not agreed." in page
    assert "Not for meetings" not in page
    assert "Not for meetings" not in house.visitor.get(f"{house.address}/show").text


def test_the_presentation_is_links_without_scripts(house: House) -> None:
    group = house.group("Gates")
    house.ask("placings", [("photo", f"{number}::{group}") for number in (4, 1)])
    first = house.visitor.get(f"{house.address}/show?group={group}").text
    shown = re.findall(r'data-number="(\d+)"(?! hidden)>', first)
    assert shown == ["4"]
    assert "Bảo" in first
    (onward,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = house.visitor.get(onward.replace("&amp;", "&")).text
    assert re.findall(r'data-number="(\d+)"(?! hidden)>', second) == ["1"]
    assert "Brána" in second, "the caption's other language is there too"
    assert "Anna" not in second, "this photo she wanted without her name"
    house.visitor.get(f"{house.address}/show?author=3")
    house.visitor.get(f"{house.address}/show?author=99", 404)
    house.visitor.get(f"{house.address}/show?group={uuid.uuid4()}", 404)


def test_the_minutes_hold_groups_notes_and_photos(house: House) -> None:
    group = house.group("Gates & walls")
    house.ask("placings", [("photo", f"{number}::{group}") for number in (1, 4)])
    old = {"revision": 1, "name_was": "Gates & walls", "note_was": ""}
    house.ask(
        f"groups/{group}", {**old, "name": "Gates & walls", "name_was": "Gates & walls", "note": "Who\nhas it?"}
    )
    house.ask("note", {"revision": 1, "note": "We meet again.", "note_was": ""})
    with house.app.app_context(), transaction():
        meeting = queries.meeting(house.meeting)
        assert meeting is not None
        changes.edit_meeting(meeting, {"attendance": {"ngo": 5}})
    page = house.visitor.get(f"{house.address}/minutes").text
    answer = house.visitor.client.get(f"{house.address}/minutes.docx")
    document = Document(io.BytesIO(answer.data))
    text = "\n".join(each.text for each in document.paragraphs)
    for words in ("The gate", "Brána", "Bảo", "We meet again.", "I work for an NGO"):
        assert words in page, words
        assert words in text, words
    assert "Gates & walls" in text
    assert len(document.inline_shapes) == 2
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert sum(name.startswith("word/media/") for name in names) == 2
    assert "3 photos were not grouped." in text


def test_signs_that_no_document_can_hold_are_left_out(house: House) -> None:
    """Word's line break, which comes along when somebody pastes; and what is no letter at all."""
    group = house.group("Gates\x0b & walls")
    with house.app.app_context():
        house.photo(house.anna, 9, pin=(50.1, 14.43), caption={"en": "The \uffffgate\ufffe"})
    house.ask("placings", [("photo", f"6::{group}")])
    with house.app.app_context(), transaction():
        meeting = queries.meeting(house.meeting)
        assert meeting is not None
        changes.edit_meeting(meeting, {"title": {"en": "The\x1f workshop"}, "where": "A \x0broom"})
    answer = house.visitor.client.get(f"{house.address}/minutes.docx")
    text = "\n".join(each.text for each in Document(io.BytesIO(answer.data)).paragraphs)
    for words in ("The workshop", "A room", "Gates & walls", "The gate"):
        assert words in text


def test_who_only_looks_is_offered_nothing_to_change(house: House) -> None:
    with house.app.app_context():
        make_organiser(house.walk.project_id, Role.AUTHOR, "author@example.org")
    reader = Visitor(house.app)
    log_in(reader, "author@example.org")
    page = reader.get(f"{house.address}/groups").text
    assert 'id="place"' not in page
    assert "checkbox" not in page
    assert "takeup" not in reader.get(f"{house.address}/groups?by=light").text
