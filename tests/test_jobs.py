"""The queue is only a hint: whatever is lost, rows say what is missing and the sweep finds it."""

import io
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from huey import Huey
from structlog.testing import capture_logs

from tests.client import Visitor
from tests.makers import MadeWalk, join, make_participant, make_walk
from tests.makers_photo import corners, encoded, turned
from webapp import jobs
from webapp.database import db, new_id, transaction
from webapp.jobs import job, later
from webapp.photo import changes
from webapp.photo import jobs as photo_jobs
from webapp.photo.jobs import process_picture
from webapp.photo.tables import Picture

pytestmark = pytest.mark.usefixtures("inside")


SMALL = (64, 48)


class Unreachable:
    """A queue that nobody can talk to."""

    def run(self, name: str, subject: str) -> None:
        raise ConnectionError


class Crowd:
    """Several workers who all reach for the same picture at once."""

    def __init__(self, app: Flask, size: int) -> None:
        self.app, self.size = app, size

    def lease(self, sha256: str) -> list[bool]:
        with ThreadPoolExecutor(self.size) as pool:
            return list(pool.map(self._lease, [sha256] * self.size))

    def _lease(self, sha256: str) -> bool:
        with self.app.app_context(), transaction():
            return changes.lease_picture(sha256)


@pytest.fixture
def walk(app: Flask) -> MadeWalk:
    return make_walk()


@pytest.fixture
def huey(app: Flask) -> Huey:
    return app.extensions["queue"].huey


@pytest.fixture
def own_jobs() -> Iterator[None]:
    """Jobs that a test registers are forgotten after it."""
    before = dict(jobs._jobs)
    yield
    jobs._jobs.clear()
    jobs._jobs.update(before)


def waiting_picture(app: Flask, walk: MadeWalk, data: bytes | None = None) -> str:
    """A photo that came while nobody made its sizes, and whose place in the queue was lost."""
    author = make_participant(walk)
    stored = app.extensions["store"].put(io.BytesIO(data or encoded(corners(*SMALL))), 1_000_000)
    with transaction():
        changes.add_photo(
            changes.NewPhoto(
                id=new_id(),
                participant_id=author,
                walk_id=walk.walk_id,
                stop_id=None,
                original=stored,
                type="image/jpeg",
                caption={},
                up=True,
                down=False,
                people="none",
            ),
            "image/jpeg",
        )
    return stored.sha256


def work_off(huey: Huey) -> int:
    """Does what is queued, as the worker would; returns how much that was."""
    done = 0
    while task := huey.dequeue():
        huey.execute(task)
        done += 1
    return done


def state(sha256: str) -> str:
    db.session.rollback()
    return db.session.get_one(Picture, sha256).state


def test_a_queued_job_makes_the_sizes(app: Flask, walk: MadeWalk, huey: Huey) -> None:
    sha256 = waiting_picture(app, walk)
    later(process_picture, sha256)
    assert state(sha256) == "waiting"
    assert work_off(huey) == 1
    assert state(sha256) == "ready"
    assert app.extensions["store"].derived(sha256, "320.jpg").is_file()


def test_the_sweep_finds_what_the_queue_lost(app: Flask, walk: MadeWalk, huey: Huey) -> None:
    lost = [waiting_picture(app, walk, turned(number)) for number in (1, 3, 6)]
    later(process_picture, lost[0])
    huey.flush()
    app.extensions["queue"].sweep()
    assert work_off(huey) == 3
    assert {state(sha256) for sha256 in lost} == {"ready"}


def test_the_sweep_leaves_a_queue_alone_that_has_work(app: Flask, walk: MadeWalk, huey: Huey) -> None:
    sha256 = waiting_picture(app, walk)
    later(process_picture, sha256)
    for _ in range(5):
        app.extensions["queue"].sweep()
    assert huey.pending_count() == 1


def test_nothing_is_queued_where_nothing_is_missing(app: Flask, walk: MadeWalk, huey: Huey) -> None:
    sha256 = waiting_picture(app, walk)
    process_picture(sha256)
    app.extensions["queue"].sweep(starting=True)
    assert huey.pending_count() == 0


def test_a_job_that_fails_is_logged_and_the_next_one_runs(
    app: Flask, walk: MadeWalk, huey: Huey, own_jobs: None
) -> None:
    @job
    def stumble(subject: str) -> None:
        raise ZeroDivisionError

    sha256 = waiting_picture(app, walk)
    later(stumble, "anything")
    later(process_picture, sha256)
    with capture_logs() as lines:
        assert work_off(huey) == 2
    failures = [line for line in lines if line["event"] == "job_failed"]
    assert [(line["job"], line["error"]) for line in failures] == [("stumble", "ZeroDivisionError")]
    assert state(sha256) == "ready"


def test_a_job_that_is_queued_twice_is_done_once(app: Flask, walk: MadeWalk, huey: Huey) -> None:
    sha256 = waiting_picture(app, walk)
    later(process_picture, sha256)
    later(process_picture, sha256)
    with capture_logs() as lines:
        work_off(huey)
    assert [line["event"] for line in lines].count("picture_processed") == 1


def test_a_photo_is_received_even_if_the_queue_cannot_be_reached(
    app: Flask, walk: MadeWalk, visitor: Visitor, huey: Huey
) -> None:
    join(visitor)
    queue = app.extensions["queue"]
    app.extensions["queue"] = Unreachable()
    data = encoded(corners(*SMALL))
    with capture_logs() as lines:
        visitor.send(walk.photo_address, {"people": "none", "file": (data, "one.jpg")})
    assert "queue_unreachable" in [line["event"] for line in lines]
    app.extensions["queue"] = queue
    queue.sweep()
    work_off(huey)
    db.session.rollback()  # the visitor shares this test's session, which still sees what was there before
    page = visitor.get(f"/plain/walks/{walk.walk_id}/photos").text
    assert "/320" in page


def test_of_several_workers_one_gets_the_picture(app: Flask, walk: MadeWalk) -> None:
    sha256 = waiting_picture(app, walk)
    assert sorted(Crowd(app, 8).lease(sha256)) == [False] * 7 + [True]


def test_what_a_dead_worker_had_leased_is_done_by_the_next_that_starts(
    app: Flask, walk: MadeWalk, huey: Huey
) -> None:
    sha256 = waiting_picture(app, walk)
    with transaction():
        assert changes.lease_picture(sha256)
    app.extensions["queue"].sweep()
    assert huey.pending_count() == 0, "somebody may be at it"
    app.extensions["queue"].sweep(starting=True)
    assert work_off(huey) == 1
    assert state(sha256) == "ready"


def test_a_picture_that_is_not_there_stops_nobody(app: Flask, walk: MadeWalk, huey: Huey) -> None:
    sha256 = waiting_picture(app, walk)
    later(process_picture, uuid.uuid4().hex)
    later(process_picture, sha256)
    assert work_off(huey) == 2
    assert state(sha256) == "ready"


def test_a_jpeg_does_not_wait_behind_heics(monkeypatch: pytest.MonkeyPatch) -> None:
    """One HEIC at a time; those that come meanwhile are queued again, and hold no thread."""
    kinds = {"first": "image/heic", "second": "image/heic", "third": "image/heic", "quick": "image/jpeg"}
    done: list[str] = []
    queued: list[str] = []

    def work(sha256: str) -> None:
        if sha256 == "first":
            for other in ("second", "quick", "third"):
                photo_jobs.process_picture(other)
            assert done == ["quick"]
        done.append(sha256)

    monkeypatch.setattr(photo_jobs.queries, "type_of", kinds.get)
    monkeypatch.setattr(photo_jobs, "_process_mine", work)
    monkeypatch.setattr(photo_jobs, "later", lambda _job, subject: queued.append(subject))
    photo_jobs.process_picture("first")
    while queued:
        photo_jobs.process_picture(queued.pop(0))
    assert done == ["quick", "first", "second", "third"]
