"""The exit matrix: every way out, and everything that must close it, at once and through the real pages."""

import ast
import csv
import io
import uuid
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import ROOT
from tests.export.makers import made
from tests.makers import (
    MadeWalk,
    make_exhibition,
    make_meeting,
    make_organiser,
    make_participant,
    make_photo,
    make_release,
    make_response,
    make_sound,
)
from tests.makers_photo import turned
from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import INSIDE, NEEDS, UNSEEN, Decision, Exit, Purpose
from webapp.database import now, transaction
from webapp.doors import Role
from webapp.exhibition import changes as exhibition_changes
from webapp.exhibition.rules import State
from webapp.export import changes as export_changes
from webapp.export.formats import FILES
from webapp.export.rules import Subject
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.photo.regions import Region, Shape, Style
from webapp.photo.rules import caption_print
from webapp.photo.tables import Photo
from webapp.upkeep.jobs import take_back_photo
from webapp.upkeep.painting import Wish, look_at, paint_over
from webapp.walk.rules import Answer

SPOKEN, NOTE = b"\x1a\x45\xdf\xa3 a voice that nobody may hear", b"OggS a note that nobody may hear"
REACH = "jana@nikde.example"  # of the author
LABEL = "Nepodepsano"  # an organiser's words, which no file may break
CAPTION, REMARK = "A caption nobody may see", "A remark nobody may see"


@dataclass(frozen=True)
class World:
    """One photo and one response of one author, and a browser for each who might see them."""

    app: Flask
    walk: MadeWalk
    author: uuid.UUID
    photo: uuid.UUID
    response: uuid.UUID
    meeting: uuid.UUID
    exhibition: uuid.UUID
    release: uuid.UUID
    author_token: str
    logins: Mapping[str, str]

    def organiser(self, role: Role) -> FlaskClient:
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["login"] = self.logins[role.value]
        return client

    def phone(self) -> FlaskClient:
        client = self.app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.author_token}"
        return client


@pytest.fixture
def world(app: Flask, walk: MadeWalk) -> World:
    with app.app_context():
        author = make_participant(walk)
        photo = make_photo(app, walk, author, turned(1), caption={"en": CAPTION})
        make_sound(app, photo, SPOKEN)
        answers = {"b.1": Answer(4, remark=REMARK), "b.2": Answer("Words nobody may see")}
        response = make_response(app, walk, author, answers, NOTE)
        meeting, _ = make_meeting(walk.project_id, photo)
        exhibition = make_exhibition(walk.project_id)
        release = make_release(walk, author, photo)
        logins = {}
        with transaction():
            person = people_queries.participant(author)
            assert person is not None
            token = people_changes.admit_device(person, "0" * 64, "phone")
            person.reach = REACH
        for role in Role:
            account = make_organiser(walk.project_id, role, f"{role.value}@example.org")
            with transaction():
                logins[role.value] = people_changes.log_in(account)
    return World(app, walk, author, photo, response, meeting, exhibition, release, token, logins)


def picture(client: FlaskClient, address: str) -> bool:
    answer = client.get(address)
    assert answer.status_code in (200, 401, 404, 410), answer.status_code
    return answer.status_code == 200 and answer.mimetype == "image/jpeg"


def heard(client: FlaskClient, address: str) -> bool:
    answer = client.get(address)
    assert answer.status_code in (200, 401, 404, 410), answer.status_code
    return answer.status_code == 200 and answer.data in (SPOKEN, NOTE)


# For each exit whether the photo comes out through any of its routes: its bytes, and what its lists say of it.
def by_author(world: World) -> bool:
    shown = picture(world.phone(), f"/api/v1/photos/{world.photo}/320")
    assert heard(world.phone(), f"/api/v1/photos/{world.photo}/sound") == shown
    return shown


def by_desk(world: World) -> bool:
    client = world.organiser(Role.AUTHOR)
    page = client.get(f"/desk/walks/{world.walk.walk_id}/photos").text
    listed = CAPTION in page or str(world.photo) in page
    shown = picture(client, f"/desk/photos/{world.photo}/320")
    assert heard(client, f"/desk/photos/{world.photo}/sound") == shown, "the picture and the voice disagree"
    assert listed == shown, "the list and the picture disagree"
    gallery = client.get(f"/desk/projects/{world.walk.project_id}/photos").text
    assert (CAPTION in gallery or str(world.photo) in gallery) == shown, "the gallery and the picture disagree"
    alone = client.get(f"/desk/photos/{world.photo}")
    assert (alone.status_code == 200) == shown, "the photo's own page and the picture disagree"
    assert (CAPTION in alone.text) == shown
    for name in ("table", "table?view=loupe"):
        page = world.organiser(Role.CURATOR).get(f"/desk/exhibitions/{world.exhibition}/{name}").text
        assert (CAPTION in page or str(world.photo) in page) == shown, "the light table and the picture disagree"
    for name, file in files_of_results(world, client).items():
        if name != "answers.csv":
            assert (CAPTION in file) == shown, f"{name} and the picture disagree"
        assert str(world.photo) not in file
    return shown


def files_of_results(world: World, client: FlaskClient) -> Mapping[str, str]:
    """What organisers take away of the walk, as text."""
    walk, project = f"/desk/walks/{world.walk.walk_id}", f"/desk/projects/{world.walk.project_id}"
    plain = {name: client.get(f"{walk}/{name}").text for name in ("answers.csv", "photos.csv", "places.geojson")}
    for of in (walk, project):
        with zipfile.ZipFile(io.BytesIO(client.get(f"{of}/results.xlsx").data)) as book:
            plain[f"{of}/results.xlsx"] = b"".join(book.read(name) for name in book.namelist()).decode()
    return plain


def by_report(world: World) -> bool:
    client = world.organiser(Role.VIEWER)
    page = client.get(f"/desk/walks/{world.walk.walk_id}/results").text
    listed = CAPTION in page or "/report/1/" in page
    shown = picture(client, f"/desk/projects/{world.walk.project_id}/report/1/320")
    assert client.get(f"/desk/photos/{world.photo}/sound").status_code == 403, "a viewer hears nobody"
    assert listed == shown, "the list and the picture disagree"
    return shown


def by_originals(world: World) -> bool:
    answer = world.organiser(Role.CURATOR).get(f"/desk/walks/{world.walk.walk_id}/originals.zip")
    taken = zipfile.ZipFile(io.BytesIO(answer.data))
    rows = list(csv.DictReader(io.StringIO(taken.read("captions.csv").decode("utf-8-sig"))))
    listed = any(row["photo"] == str(world.photo) for row in rows)
    files = [name for name in taken.namelist() if name.startswith("originals/")]
    assert listed == bool(files), "the list and the files disagree"
    if not listed:
        everything = b"".join(taken.read(name) for name in taken.namelist())
        assert CAPTION.encode() not in everything
    return listed


def by_person(world: World) -> bool:
    answer = world.organiser(Role.OFFICER).get(f"/desk/participants/{world.author}/data.zip")
    if answer.status_code == 404:
        return False
    taken = zipfile.ZipFile(io.BytesIO(answer.data))
    inside = CAPTION in taken.read("person.json").decode()
    assert inside == any(name.startswith("files/photo") for name in taken.namelist())
    notes = [taken.read(name) for name in taken.namelist() if name.startswith("files/response")]
    assert notes == [NOTE], "what somebody said is theirs, whatever became of their photo"
    return inside


def by_meeting(world: World) -> bool:
    """The board, the suggestions, the presentation, the minutes, the cards: on paper and on the screen."""
    client, address = world.organiser(Role.AUTHOR), f"/desk/meetings/{world.meeting}"
    shown = picture(client, f"{address}/photos/{world.photo}/320.jpg")
    for page in ("groups", "groups?by=place", "groups?by=author", "show", "show?author=1", "minutes"):
        answer = client.get(f"{address}/{page}")
        assert answer.status_code == 200 or (page == "show?author=1" and not shown), page
        assert (CAPTION in answer.text) == (str(world.photo) in answer.text) == shown, page
    state = client.get(f"{address}/board.json").json
    assert state is not None
    assert [group["photos"] for group in state["groups"]] == [[1] if shown else []]
    cards = file_of(world, Role.AUTHOR, "cards", meeting=str(world.meeting), paper="a6")
    pages = pypdf.PdfReader(io.BytesIO(cards)).pages if cards else []
    assert any(CAPTION in page.extract_text().replace("\n", " ") for page in pages) == shown
    assert any(page.images for page in pages) == shown
    minutes = zipfile.ZipFile(io.BytesIO(client.get(f"{address}/minutes.docx").data))
    assert (CAPTION.encode() in minutes.read("word/document.xml")) == shown
    assert any(name.startswith("word/media/") for name in minutes.namelist()) == shown
    return shown


def file_of(world: World, role: Role, format_: str, **wanted: str) -> bytes | None:
    """A file asked for now, as this role takes it; None where there is none, because no photo is left for it."""
    with world.app.app_context(), transaction():
        owner = people_queries.organiser_by_email("owner@example.org")
        assert owner is not None
        export_id = export_changes.ask(world.walk.project_id, owner.id, format_, wanted, "en", "a file").id
    made(world.app, export_id)
    answer = world.organiser(role).get(f"/desk/exports/{export_id}/file")
    return answer.data if answer.status_code == 200 else None


def by_exhibition(world: World) -> bool:
    """Any file of an exhibition."""
    with world.app.app_context(), transaction():
        if photo_queries.project_of(world.photo):  # an erased one cannot be picked
            exhibition_changes.decide(world.exhibition, world.photo, State.PICK, None)
    file = file_of(world, Role.CURATOR, "print", exhibition=str(world.exhibition))
    if file is None:
        return False
    taken = zipfile.ZipFile(io.BytesIO(file))
    return CAPTION in taken.read("captions.csv").decode() and any(name.endswith(".jpg") for name in taken.namelist())


def by_pictured(world: World) -> bool:
    """To somebody in the picture, by the code of what they signed."""
    client = world.app.test_client()
    with client.session_transaction() as session:
        session["release"] = [str(world.release), now().isoformat()]
    return picture(client, "/release/photo.jpg")


def by_sealed(world: World) -> bool:
    address = f"/desk/photos/{world.photo}/sealed/320"
    assert world.organiser(Role.CURATOR).get(address).status_code == 403, "it is for owners only"
    return picture(world.organiser(Role.OWNER), address)


EXITS: Mapping[Exit, Callable[[World], bool]] = {
    Exit.AUTHOR: by_author,
    Exit.DESK: by_desk,
    Exit.REPORT: by_report,
    Exit.MEETING: by_meeting,
    Exit.ORIGINALS: by_originals,
    Exit.PERSON: by_person,
    Exit.EXHIBITION: by_exhibition,
    Exit.PICTURED: by_pictured,
    Exit.SEALED: by_sealed,
}


def decide(world: World, purpose: Purpose, yes: bool, photo_id: uuid.UUID | None = None) -> None:
    with world.app.app_context(), transaction():
        (text,) = consent_queries.current_texts(world.walk.project_id, [purpose.value])
        consent_changes.say(world.author, [Decision(purpose, yes, text.id, "en", now(), photo_id=photo_id)])


def withdraw(world: World) -> None:
    with world.app.app_context():
        assert take_back_photo(world.author, world.photo)


def leave(world: World) -> None:
    with world.app.app_context(), transaction():
        person = people_queries.participant(world.author)
        assert person is not None
        people_changes.leave(person)


def show_a_stranger(world: World) -> None:
    with world.app.app_context(), transaction():
        photo = photo_queries.photo(world.photo)
        assert isinstance(photo, Photo)
        photo.people = "unreleased"


def test_every_exit_is_in_the_matrix() -> None:
    assert set(EXITS) == set(Exit) == set(NEEDS), "an exit came or went: say above which routes it has"


@pytest.mark.parametrize("way", list(Exit))
def test_what_is_agreed_to_comes_out(world: World, way: Exit) -> None:
    assert EXITS[way](world)


@pytest.mark.parametrize("narrower", [False, True], ids=["for everything", "for this photo"])
def test_a_no_closes_every_exit_that_needs_the_yes_and_a_yes_opens_it(world: World, narrower: bool) -> None:
    """One purpose after another: that a yes opened again what a no had closed is seen at the next one's no."""
    asked = set(Purpose) - {Purpose.CONTACT}
    needed = frozenset[Purpose]().union(*NEEDS.values())
    for refused in (*({purpose} for purpose in Purpose if purpose in needed), asked - needed):
        for purpose in refused:
            decide(world, purpose, False, world.photo if narrower else None)
        for way, comes_out in EXITS.items():
            assert comes_out(world) == (not refused & NEEDS[way]), (refused, way)
        for purpose in refused:
            decide(world, purpose, True, world.photo if narrower else None)
    assert all(comes_out(world) for comes_out in EXITS.values())


def test_a_yes_for_a_photo_opens_nothing_that_is_closed_for_everything(world: World) -> None:
    decide(world, Purpose.KEEP, False)
    decide(world, Purpose.KEEP, True, world.photo)
    assert not by_desk(world)
    assert not by_originals(world)


@pytest.mark.parametrize("way", list(Exit))
def test_whoever_can_be_recognised_without_release_stays_inside(world: World, way: Exit) -> None:
    show_a_stranger(world)
    assert EXITS[way](world) == (way in INSIDE)


@pytest.mark.parametrize("way", list(Exit))
def test_what_nobody_has_looked_at_stays_at_the_desk_where_faces_are_not_wanted(world: World, way: Exit) -> None:
    with world.app.app_context(), transaction():
        photo_changes.want_no_faces(world.walk.walk_id, True)
    assert EXITS[way](world) == (way in UNSEEN)
    with world.app.app_context():
        account = people_queries.organiser_by_email("owner@example.org")
        assert account is not None
        look_at(world.photo, account.id, True)
    assert EXITS[way](world)


def test_files_of_what_is_painted_over_go_at_once(world: World) -> None:
    with world.app.app_context(), transaction():
        exhibition_changes.decide(world.exhibition, world.photo, State.PICK, None)
        owner = people_queries.organiser_by_email("owner@example.org")
        assert owner is not None
        wanted = {"exhibition": str(world.exhibition)}
        id_, who = export_changes.ask(world.walk.project_id, owner.id, "print", wanted, "en", "a file").id, owner.id
    made(world.app, id_)
    client, address = world.organiser(Role.OWNER), f"/desk/exports/{id_}/file"
    before = client.get(address)
    assert before.status_code == 200
    with world.app.app_context():
        photo = photo_queries.photo(world.photo)
        assert photo is not None
        region = Region(Shape.BOX, 0.1, 0.1, 0.3, 0.3)
        paint_over(photo.id, who, Wish([region], Style.OPAQUE, False, (0, photo.sha256 or ""), True))
    assert client.get(address).status_code != 200
    again = file_of(world, Role.OWNER, "print", exhibition=str(world.exhibition))
    assert again, "made anew, it holds what was painted"
    assert again != before.data


@pytest.mark.parametrize("closing", [withdraw, leave])
@pytest.mark.parametrize("way", list(Exit))
def test_what_was_taken_back_leaves_nowhere(world: World, way: Exit, closing: Callable[[World], None]) -> None:
    closing(world)
    assert not EXITS[way](world)


@pytest.mark.parametrize("closing", [lambda world: decide(world, Purpose.KEEP, False), leave])
def test_answers_leave_every_page_and_tally_at_once(world: World, closing: Callable[[World], None]) -> None:
    address = f"/desk/walks/{world.walk.walk_id}"
    note = f"/desk/responses/{world.response}/sounds/b.1"
    client = world.organiser(Role.AUTHOR)
    before = client.get(address).text
    assert REMARK in before
    assert {
        REMARK in file for name, file in files_of_results(world, client).items() if "answ" in name or "xlsx" in name
    } == {True}
    assert note in before
    assert heard(client, note)
    assert world.organiser(Role.VIEWER).get(note).status_code == 403
    assert note not in world.organiser(Role.VIEWER).get(f"{address}/results").text
    assert "1 person joined" in before
    closing(world)
    after = client.get(address).text
    assert REMARK not in after
    for file in files_of_results(world, client).values():
        assert REMARK not in file
        assert "Words nobody may see" not in file
    assert note not in after
    assert not heard(client, note)
    assert "Words nobody may see" not in after
    assert "0 people joined, 0 checklists filled in" in after
    assert "1 person joined" not in client.get("/desk").text
    assert REMARK not in world.organiser(Role.VIEWER).get(f"{address}/results").text


def words_in(data: bytes) -> str:
    """All that a file says, of whatever kind it is."""
    if data.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            return " ".join(pack.read(name).decode(errors="replace") for name in pack.namelist())
    return data.decode(errors="replace")


def shown_to_others(world: World) -> Mapping[str, bool]:
    """For every page and file that others are shown, or take away: whether an organiser's words stand there.

    Where the author may be contacted stands in none.
    """
    walk, project = f"/desk/walks/{world.walk.walk_id}", f"/desk/projects/{world.walk.project_id}"
    meeting, client = f"/desk/meetings/{world.meeting}", world.organiser(Role.OWNER)
    addresses = [f"{meeting}/{page}" for page in ("groups", "show", "minutes", "minutes.docx", "board.json")]
    addresses += [f"{walk}/{file}" for file in ("results", "photos.csv", "places.geojson", "originals.zip")]
    addresses += [f"{walk}/results.xlsx", f"{project}/results.xlsx"]
    files = {address.rpartition("/")[2]: client.get(address).data for address in addresses}
    subjects = {
        Subject.EXHIBITION: world.exhibition,
        Subject.MEETING: world.meeting,
        Subject.WALK: world.walk.walk_id,
        Subject.PROJECT: world.walk.project_id,
    }
    for name, format_ in FILES.items():
        subject = next(each for each in subjects if each in format_.subjects)
        paper = {"paper": next(iter(format_.papers))} if format_.papers else {}
        file = file_of(world, Role.OWNER, name, **{subject.value: str(subjects[subject])}, **paper)
        assert file, name
        files[name] = file
    told = {name: words_in(file) for name, file in files.items()}
    assert not [name for name, words in told.items() if REACH in words]
    return {name: LABEL in words for name, words in told.items()}


def test_an_organisers_words_leave_nowhere_before_their_author_has_agreed(world: World) -> None:
    with world.app.app_context(), transaction():
        exhibition_changes.decide(world.exhibition, world.photo, State.PICK, None)
        photo, account = photo_queries.photo(world.photo), people_queries.organiser_by_email("owner@example.org")
        assert photo is not None
        assert account is not None
        wish = photo_changes.Wish("cs", LABEL, False, photo_changes.seen_of(None))
        photo_changes.write_words(photo, account.id, [wish], caption_print(photo.caption))
    assert LABEL in world.organiser(Role.CURATOR).get(f"/desk/exhibitions/{world.exhibition}/table").text
    assert not any((told := shown_to_others(world)).values()), told
    with world.app.app_context(), transaction():
        photo = photo_queries.photo(world.photo)
        assert photo is not None
        (row,) = photo.wordings
        photo_changes.decide_on_words(photo, "cs", True, photo_changes.seen_of(row))
    told = shown_to_others(world)
    without = {"groups", "board.json", "originals.zip", "originals", "contact"}
    assert {name for name, there in told.items() if there} == set(told) - without


def test_nothing_but_the_exits_asks_the_store_for_a_photos_file() -> None:
    may = {"webapp/storage.py", "webapp/photo/exits.py", "webapp/photo/jobs.py"}
    may |= {"webapp/upkeep/backup.py", "webapp/upkeep/check.py"}  # whoever keeps the server holds the files anyway
    asking = [name for path in (ROOT / "webapp").rglob("*.py") if asks(path) and (name := name_of(path)) not in may]
    assert not asking, f"{asking} must use webapp/photo/exits.py"
    assert asks(ROOT / "webapp/photo/exits.py"), "the check itself finds nothing"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def asks(path: Path) -> bool:
    """Whether it calls `original` or `derived` on anything, as only the store has them."""
    tree = ast.parse(path.read_text())
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("original", "derived")
        for node in ast.walk(tree)
    )
