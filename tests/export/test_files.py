"""Files that the worker makes: they survive its death, and never what people took back."""

import csv
import io
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.client import Visitor
from tests.export.makers import made, make_exhibition, order
from tests.makers import MadeWalk, log_in, make_organiser, make_participant, make_photo
from tests.makers_photo import encoded, grain, turned
from tests.server import Served, wait_until
from webapp.config import Settings
from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Decision, Purpose
from webapp.database import db, now, transaction
from webapp.doors import Role
from webapp.export import changes, jobs, queries
from webapp.export.rules import ATTEMPTS, TOO_OFTEN, plain
from webapp.export.tables import Export
from webapp.photo import queries as photo_queries
from webapp.photo.changes import as_new, save_photo
from webapp.photo.tables import Download
from webapp.project.tables import Act
from webapp.storage import Store
from webapp.upkeep.jobs import erase_now, take_back_photo


def files_page(owner: Visitor, walk: MadeWalk) -> str:
    return owner.get(f"/desk/projects/{walk.project_id}/files").text


def stored(app: Flask) -> list[Path]:
    """Every file that lies among the exports, finished or not."""
    store: Store = app.extensions["store"]
    return [path for path in (store.root / "exports").rglob("*") if path.is_file()]


def author_of(app: Flask, photo: uuid.UUID) -> uuid.UUID:
    with app.app_context():
        author = photo_queries.author_of(photo)
        assert author is not None
        return author


@pytest.fixture
def photos(app: Flask, walk: MadeWalk) -> list[uuid.UUID]:
    """Of two people."""
    with app.app_context():
        return [make_photo(app, walk, make_participant(walk), turned(each)) for each in (1, 6)]


@pytest.fixture
def show(app: Flask, walk: MadeWalk, photos: list[uuid.UUID]) -> uuid.UUID:
    with app.app_context():
        return make_exhibition(walk.project_id, photos)


@pytest.fixture
def ready(app: Flask, walk: MadeWalk, owner: Visitor, show: uuid.UUID) -> uuid.UUID:
    export_id = order(owner, walk.project_id, "print", f"exhibition:{show}")
    assert "Waits for its turn" in files_page(owner, walk)
    assert made(app, export_id).state == "ready"
    return export_id


def test_a_file_is_asked_for_made_taken_and_deleted(
    app: Flask, walk: MadeWalk, owner: Visitor, ready: uuid.UUID
) -> None:
    page = files_page(owner, walk)
    assert "2 photos" in page and "organiser@example.org" in page and f"/desk/exports/{ready}/file" in page
    answer = owner.get(f"/desk/exports/{ready}/file")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=pohled-on-the-wall-20")
    with app.app_context():
        acts = db.session.scalars(select(Act.what)).all()
        assert acts == ["A file taken away"]
    owner.post(f"/desk/exports/{ready}/delete", {"csrf_token": token(page)})
    assert not stored(app)
    assert str(ready) not in files_page(owner, walk)


def token(page: str) -> str:
    return page.split('name="csrf_token"')[-1].split('value="')[1].split('"')[0]


def test_originals_of_everything_are_logged_when_asked_for_and_when_taken(
    app: Flask, walk: MadeWalk, owner: Visitor, photos: list[uuid.UUID], show: uuid.UUID
) -> None:
    for subject in (f"walk:{walk.walk_id}", f"project:{walk.project_id}", f"exhibition:{show}"):
        export_id = order(owner, walk.project_id, "originals", subject)
        row = made(app, export_id)
        assert (row.state, row.done, row.total) == ("ready", 2, 2)
        pack = zipfile.ZipFile(io.BytesIO(owner.get(f"/desk/exports/{export_id}/file").data))
        assert {pack.read(name) for name in pack.namelist() if name.startswith("originals/")} == {
            turned(1),
            turned(6),
        }
    with app.app_context():
        whats = db.session.scalars(select(Act.what)).all()
        assert whats.count("Untouched originals asked for") == whats.count("A file taken away") == 3
        rows = db.session.scalars(select(Download).order_by(Download.at)).all()
        assert [(row.walk_id, row.photos) for row in rows] == [(walk.walk_id, 2), (None, 2), (None, 2)]


def test_nobody_asks_for_what_is_another_projects(
    app: Flask, walk: MadeWalk, owner: Visitor, show: uuid.UUID
) -> None:
    address = f"/desk/projects/{walk.project_id}/files"
    for fields in (
        {"format": "originals", "subject": f"walk:{uuid.uuid4()}"},
        {"format": "print", "subject": f"walk:{walk.walk_id}"},
        {"format": "panels", "subject": f"exhibition:{show}", "paper": "a0"},
        {"format": "../secret", "subject": f"exhibition:{show}"},
    ):
        owner.send(address, fields, 422)


def test_what_is_made_of_small_pictures_is_said(
    app: Flask, walk: MadeWalk, owner: Visitor, photos: list[uuid.UUID], show: uuid.UUID
) -> None:
    def has_come(whole: bool) -> None:
        with app.app_context(), transaction():
            photo = photo_queries.photo(photos[1])
            assert photo is not None
            photo.whole = whole

    has_come(False)
    export_id = order(owner, walk.project_id, "print", f"exhibition:{show}")
    assert made(app, export_id).state == "ready"
    page = files_page(owner, walk)
    assert "Photo 2 is made of its small picture" in page and "come since" not in page
    pack = zipfile.ZipFile(io.BytesIO(owner.get(f"/desk/exports/{export_id}/file").data))
    rows = csv.DictReader(io.StringIO(pack.read("captions.csv").decode("utf-8-sig")))
    assert [row["picture"] for row in rows] == ["original", "small"]
    has_come(True)
    assert "1 original has come since" in files_page(owner, walk)


# -- what people take back


def refuse(app: Flask, walk: MadeWalk, photo: uuid.UUID) -> None:
    with app.app_context(), transaction():
        (text,) = consent_queries.current_texts(walk.project_id, [Purpose.EXHIBITION.value])
        author = photo_queries.author_of(photo)
        assert author is not None
        consent_changes.say(author, [Decision(Purpose.EXHIBITION, False, text.id, "en", now())])


def test_at_download_the_gate_is_asked_again(
    app: Flask, walk: MadeWalk, owner: Visitor, photos: list[uuid.UUID], ready: uuid.UUID
) -> None:
    refuse(app, walk, photos[1])
    page = owner.get(f"/desk/exports/{ready}/file").text
    assert "Photo 2: not agreed" in page and "Make it again" in page
    assert not stored(app)
    owner.post(f"/desk/exports/{ready}/again", {"csrf_token": token(page)})
    assert made(app, ready).state == "ready"
    pack = zipfile.ZipFile(io.BytesIO(owner.get(f"/desk/exports/{ready}/file").data))
    assert [name for name in pack.namelist() if name.endswith(".jpg")] == ["01-1.jpg"]


def test_the_sweep_deletes_it_too_and_so_does_a_name_that_was_taken_away(
    app: Flask, walk: MadeWalk, owner: Visitor, photos: list[uuid.UUID], show: uuid.UUID
) -> None:
    with app.app_context(), transaction():
        photo = photo_queries.photo(photos[0])
        assert photo is not None
        new = as_new(photo)
        save_photo(type(new)(**{**vars(new), "credit": "name", "credit_as": "Lan"}))
    export_id = order(owner, walk.project_id, "captions", f"exhibition:{show}")
    made(app, export_id)
    with app.app_context():
        jobs.find_unmade(False)
        assert queries.ready()
        with transaction():
            photo = photo_queries.photo(photos[0])
            assert photo is not None
            save_photo(type(new)(**{**vars(as_new(photo)), "credit": "anonymous", "credit_as": None}))
        jobs.find_unmade(False)
    assert not stored(app)
    assert "Photo 1: its author has changed the name" in files_page(owner, walk)


def test_after_an_erasure_no_byte_of_the_photo_is_in_any_file(
    app: Flask, walk: MadeWalk, owner: Visitor, photos: list[uuid.UUID], show: uuid.UUID, ready: uuid.UUID
) -> None:
    other = order(owner, walk.project_id, "originals", f"walk:{walk.walk_id}")
    assert made(app, other).state == "ready"
    assert len(stored(app)) == 2
    store: Store = app.extensions["store"]
    with store.drafting("half"), app.app_context():  # and what was being made just now
        (store.root / "exports" / "drafts" / "half" / "made").write_bytes(turned(1))
        assert erase_now(author_of(app, photos[0]))
        assert not stored(app)
    with app.app_context():
        rows = db.session.scalars(select(Export)).all()
        assert {row.state for row in rows} == {"gone"}
        assert str(photos[0]) not in "".join(str((row.photos, row.left_out)) for row in rows)
    assert "Photo 1: taken back" in files_page(owner, walk)


def test_a_photo_taken_back_while_a_file_is_made_is_not_in_it(
    app: Flask,
    walk: MadeWalk,
    owner: Visitor,
    photos: list[uuid.UUID],
    show: uuid.UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    export_id = order(owner, walk.project_id, "print", f"exhibition:{show}")
    press, pressed = jobs._press, []

    def press_and_change_ones_mind(*args: object) -> object:
        if not pressed:
            with app.app_context():
                assert take_back_photo(author_of(app, photos[0]), photos[0])
        pressed.append(args)
        return press(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "_press", press_and_change_ones_mind)
    row = made(app, export_id)
    assert (row.state, row.attempts, stored(app)) == ("waiting", 0, [])
    assert made(app, export_id).state == "ready"
    pack = zipfile.ZipFile(io.BytesIO(owner.get(f"/desk/exports/{export_id}/file").data))
    assert [name for name in pack.namelist() if name.endswith(".jpg")] == ["01-2.jpg"]


# -- time, and what goes wrong


def test_after_a_week_it_is_gone(app: Flask, walk: MadeWalk, owner: Visitor, ready: uuid.UUID) -> None:
    with app.app_context():
        with transaction():
            db.session.execute(update(Export).values(created=now() - timedelta(days=7, minutes=1)))
        jobs.find_unmade(False)
    assert not stored(app)
    assert str(ready) not in files_page(owner, walk)


def test_a_file_without_a_row_is_swept_away(app: Flask, ready: uuid.UUID) -> None:
    store: Store = app.extensions["store"]
    store.export("stray").write_bytes(b"rubbish")
    with app.app_context():
        jobs.find_unmade(False)
    assert [path.name for path in stored(app)] == [str(ready)]


def test_what_never_comes_to_an_end_is_given_up_with_a_reason(
    app: Flask, walk: MadeWalk, owner: Visitor, show: uuid.UUID
) -> None:
    export_id = order(owner, walk.project_id, "print", f"exhibition:{show}")
    with app.app_context():
        for _ in range(ATTEMPTS):
            with transaction():
                assert changes.lease(export_id)
            with transaction():
                changes.forget_leases()  # its worker was killed
    assert made(app, export_id).state == "failed"
    assert TOO_OFTEN.split(".")[0] in files_page(owner, walk)


def test_an_empty_shortlist_says_who_was_left_out(app: Flask, walk: MadeWalk, owner: Visitor) -> None:
    with app.app_context():
        photo = make_photo(app, walk, make_participant(walk), turned(1), people="unreleased")
        show = make_exhibition(walk.project_id, [photo])
    export_id = order(owner, walk.project_id, "print", f"exhibition:{show}")
    assert made(app, export_id).state == "failed"
    page = files_page(owner, walk)
    assert "There is no photo that may leave" in page and "Photo 1: somebody can be recognised" in page


def test_without_pango_it_says_so_and_everything_else_is_made(
    app: Flask, walk: MadeWalk, owner: Visitor, show: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id = order(owner, walk.project_id, "panels", f"exhibition:{show}", "a3")
    for module in ("webapp.export.formats.paper", "webapp.export.pages"):
        monkeypatch.setattr(f"{module}.has_pango", lambda: False)
    assert made(app, export_id).state == "failed"
    page = files_page(owner, walk)
    assert page.count("apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0") == 2
    assert 'value="panels"' not in page and 'value="print"' in page


def test_a_curator_may_and_an_author_may_not(app: Flask, walk: MadeWalk, ready: uuid.UUID) -> None:
    with app.app_context():
        make_organiser(walk.project_id, Role.CURATOR, "curator@example.org")
        make_organiser(walk.project_id, Role.AUTHOR, "author@example.org")
    for who, status in (("curator", 200), ("author", 403)):
        visitor = Visitor(app)
        log_in(visitor, f"{who}@example.org")
        visitor.get(f"/desk/exports/{ready}/file", status)


# -- a real worker, killed


def test_a_killed_worker_costs_time_and_nothing_else(
    app: Flask, settings: Settings, walk: MadeWalk, owner: Visitor
) -> None:
    with app.app_context():
        author = make_participant(walk)
        photos = [make_photo(app, walk, author, encoded(grain(1600, 1200), quality=92)) for _ in range(6)]
        show = make_exhibition(walk.project_id, photos)
    export_id = order(owner, walk.project_id, "panels", f"exhibition:{show}", "a3")

    def row() -> Export:
        with app.app_context():
            found = queries.export(export_id)
            assert found is not None
            db.session.expunge(found)
            return found

    served = Served(settings.home)
    with served:
        wait_until(lambda: 0 < row().done < 6, 60, "the worker never began")
        assert stored(app), "something lies there half made"
        served.kill_all()
    assert row().state == "waiting"
    with served:
        wait_until(lambda: row().state != "waiting", 120, "nobody finished it")
    assert (row().state, row().done, row().attempts) == ("ready", 6, 2)
    assert [path.name for path in stored(app)] == [str(export_id)], "nothing is left of the first attempt"
    data = owner.get(f"/desk/exports/{export_id}/file").data
    assert data.startswith(b"%PDF") and len(data) == row().bytes


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Nahoru a dolů: Žižkov", "nahoru-a-dolu-zizkov"),
        ("Đi bộ, Łódź", "di-bo-lodz"),
        ("../../etc\n", "etc"),
        ("Вгору", ""),
        ("x " * 60, "x-" * 19 + "x"),
    ],
)
def test_a_title_in_the_name_of_a_file_is_plain(title: str, name: str) -> None:
    assert plain(title) == name
