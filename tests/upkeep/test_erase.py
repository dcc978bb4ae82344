"""Erasing a person: afterwards no byte of theirs is found anywhere under the home."""

import hashlib
import io
import json
import re
import sqlite3
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from flask import Flask
from structlog.testing import capture_logs

from tests.client import Visitor, hidden
from tests.makers import (
    EMAIL,
    MadeWalk,
    join,
    make_call,
    make_organiser,
    make_participant,
    make_photo,
    make_response,
    new_id,
)
from tests.makers_photo import turned
from tests.test_doors import cookie_of, join_again
from webapp.config import Settings
from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Decision, Purpose
from webapp.database import db, now, transaction, wipe
from webapp.jobs import later
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.people.rules import fingerprint, tidy_code
from webapp.photo import changes as photo_changes
from webapp.photo import locating
from webapp.photo import queries as photo_queries
from webapp.photo.jobs import process_picture
from webapp.photo.rules import caption_print
from webapp.photo.track import Point, TrackFound, joined
from webapp.storage import Store
from webapp.upkeep import jobs, ledger
from webapp.walk.rules import Answer

CAPTION, STORY = "Lavicka-pod-kastanem", "Pribeh-o-lavicce"
LABEL = "Bench-under-the-chestnut"  # an organiser's words
SPOKEN = b"OggS Hlas-o-lavicce, ktery nikdo neuslysi"
WAY, CAMERA = "Cesta-neznameho.gpx", "Fotoaparat-neznameho"
REMARK, WORDS, NAME = "Poznamka-o-schodech", "Odpoved-o-parku", "Jmeno-Neznamo"
REACH = "neznamo@nikde.example"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def spellings(id_: uuid.UUID) -> list[bytes]:
    return [str(id_).encode(), id_.hex.encode(), id_.bytes]


def found(home: Path, needles: list[bytes]) -> list[str]:
    """Where any of these bytes lie, in contents or names."""
    hits = []
    for path in sorted(home.rglob("*")):
        content = str(path.relative_to(home)).encode() + (path.read_bytes() if path.is_file() else b"")
        hits += [f"{path.relative_to(home)}: {needle!r:.60}" for needle in needles if needle in content]
    return hits


class Somebody:
    """A participant of whom there is something everywhere."""

    def __init__(self, app: Flask, walk: MadeWalk) -> None:
        self.app, self.walk, self.visitor = app, walk, Visitor(app)
        fields = hidden(self.visitor.get("/plain/join/TESTCODE").text)
        self.key = fields["key"]
        page = self.visitor.send("/plain/join/TESTCODE?perspective=ngo", self.yes(fields)).text
        self.id = uuid.UUID(fields["participant"])
        code = re.search(r'class="code"><bdi>([^<]*)', page)
        assert code
        self.recovery, self.token = code[1], cookie_of(self.visitor)
        self.plain, self.sent = turned(3), turned(6)
        self.photos: list[uuid.UUID] = [new_id(), new_id()]
        self.partial = b"half of a picture that never came whole" * 50

    @staticmethod
    def yes(fields: dict[str, str]) -> dict[str, str]:
        from tests.makers import PURPOSES

        return {**fields, **dict.fromkeys(PURPOSES, "yes")}

    def do_everything(self, call_id: uuid.UUID) -> None:
        join_again(self.visitor, "TESTCALL")
        store: Store = self.app.extensions["store"]
        with self.app.app_context():
            more = {"caption": {"cs": CAPTION}, "story": {"see": STORY}}
            make_photo(self.app, self.walk, self.id, self.plain, id=self.photos[0], **more)
            place = {"walk_id": None, "stop_id": None, "call_id": call_id}
            make_photo(self.app, self.walk, self.id, self.sent, id=self.photos[1], **more, **place)
            answers = {"b.1": Answer(4, remark=REMARK, photos=(str(self.photos[0]),)), "b.2": Answer(WORDS)}
            self.responses = [make_response(self.app, self.walk, self.id, answers, SPOKEN)]
            with transaction():
                person = people_queries.participant(self.id)
                assert person is not None
                person.name, person.reach = NAME, REACH
                self.phone = people_changes.admit_device(person, "ab" * 32, "my-own-phone-name")
                (text,) = consent_queries.current_texts(self.walk.project_id, ["web"])
                no = Decision(Purpose.WEB, False, text.id, "cs", now(), photo_id=self.photos[0])
                consent_changes.say(self.id, [no])
                photo, account = photo_queries.photo(self.photos[0]), people_queries.organiser_by_email(EMAIL)
                assert photo is not None
                assert account is not None
                label = photo_changes.Wish("en", LABEL, True, photo_changes.seen_of(None))
                photo_changes.write_words(photo, account.id, [label], caption_print(photo.caption))
                way = joined([[Point(1_529_316_000_000, 50.1, 14.4)]])
                assert way is not None
                locating.bring_track(self.walk.walk_id, way, TrackFound(1), WAY, account.id, self.id)
                self.way = way.pack()
                locating.put_clock_right(photo, CAMERA, -92, account.id)
                self.add_upload(store)
            later(process_picture, sha(self.plain))  # work that waits in the queue

    def add_upload(self, store: Store) -> None:
        from webapp.photo.uploads import Wish, begin

        name = store.begin_partial()
        with store.growing(name, 0) as file:
            file.write([self.partial])
            file.flush()
        begin(Wish(self.id, 10_000, self.photos[0], "original", "c" * 64), name)

    @property
    def traces(self) -> list[bytes]:
        texts = [
            CAPTION,
            caption_print({"cs": CAPTION}),
            LABEL,
            WAY,
            CAMERA,
            STORY,
            REMARK,
            WORDS,
            NAME,
            REACH,
            "my-own-phone-name",
            self.key,
            self.token,
            self.phone,
        ]
        texts += [
            self.recovery,
            tidy_code(self.recovery),
            fingerprint(self.key),
            sha(self.plain),
            sha(self.sent),
            sha(SPOKEN),
        ]
        texts += [fingerprint(tidy_code(self.recovery)), "c" * 64]
        ids = [self.id, *self.photos, *self.responses]
        pictures = [self.way, self.plain[200:400], self.sent[200:400], self.partial[:100], SPOKEN]
        return [text.encode() for text in texts] + [each for id_ in ids for each in spellings(id_)] + pictures


@pytest.fixture
def somebody(app: Flask, walk: MadeWalk) -> Somebody:
    with app.app_context():
        call_id = make_call(walk.project_id)
    made = Somebody(app, walk)
    made.do_everything(call_id)
    return made


def run(settings: Settings, *args: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "webapp.cli", *args]
    env = {"PATH": "/usr/bin:/bin", "POHLED_HOME": str(settings.home)}
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=120)


def test_not_a_byte_of_an_erased_person_is_left(app: Flask, somebody: Somebody, settings: Settings) -> None:
    missing = [needle for needle in somebody.traces if not found(settings.home, [needle])]
    unstored = {somebody.key, somebody.token, somebody.phone, somebody.recovery, tidy_code(somebody.recovery)}
    assert {needle for needle in missing if len(needle) > 16} <= {each.encode() for each in unstored} | {
        spelling for id_ in [somebody.id, *somebody.photos, *somebody.responses] for spelling in spellings(id_)
    }, "the search itself must find what is there"
    done = run(settings, "erase", str(somebody.id), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["removed"] == {
        "responses": 1,
        "photos": 2,
        "uploads": 2,
        "tracks": 1,
        "consents": 9,
        "devices": 2,
        "files": 3,
    }
    assert found(settings.home, somebody.traces) == []
    (entry,) = ledger.read(settings.home)
    assert entry["number"] == told["number"]
    assert fingerprint(str(somebody.id)) in entry["gone"]
    assert not ledger.owed(settings.home)
    somebody.visitor.get(f"/plain/walks/{somebody.walk.walk_id}", 401)
    again = run(settings, "erase", str(somebody.id))
    assert again.returncode == 1
    assert "There is no participant" in again.stderr


def test_an_unknown_id_is_one_sentence_and_junk_is_bad_usage(settings: Settings) -> None:
    unknown = run(settings, "erase", str(uuid.uuid4()))
    assert (unknown.returncode, unknown.stderr.count("\n"), unknown.stdout) == (1, 1, "")
    assert run(settings, "erase", "junk").returncode == 2


def test_what_two_people_sent_stays_for_the_other(app: Flask, somebody: Somebody, walk: MadeWalk) -> None:
    store: Store = app.extensions["store"]
    with app.app_context():
        other = make_participant(walk)
        photo_id = make_photo(app, walk, other, somebody.plain)
        assert jobs.erase_now(somebody.id)
        photo = photo_queries.photo(photo_id)
        assert photo is not None
        assert photo.picture is not None
        assert photo.picture.state == "ready"
        assert store.original(sha(somebody.plain)).read_bytes() == somebody.plain
        assert store.derived(sha(somebody.plain), "320.jpg").is_file()
        assert not store.original(sha(somebody.sent)).exists()
        make_organiser(walk.project_id)
        assert people_queries.participant(other) is not None


def test_others_keep_everything(app: Flask, somebody: Somebody, walk: MadeWalk, settings: Settings) -> None:
    other = Visitor(app)
    join(other)
    with app.app_context():
        person = people_queries.participant_by_cookie(cookie_of(other))
        assert person is not None
        other_id = person.id
        make_photo(app, walk, other_id, turned(8), caption={"en": "Mine stays"})
        consents = len(consent_queries.register(other_id))
        assert jobs.erase_now(somebody.id)
        assert jobs.wipe_now()
        assert len(consent_queries.register(other_id)) == consents
    assert "Mine stays" in other.get(f"/plain/walks/{walk.walk_id}/photos").text


def test_an_erasure_that_a_crash_cut_off_is_found_and_finished(
    app: Flask, somebody: Somebody, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with app.app_context():
        for where in ("webapp.upkeep.changes.erase", "webapp.storage.Store.forget"):
            with monkeypatch.context() as cut, pytest.raises(KeyboardInterrupt):
                cut.setattr(where, crash)
                jobs.erase_now(somebody.id)
            db.session.rollback()
        somebody.visitor.get(f"/plain/walks/{somebody.walk.walk_id}", 401)  # closed meanwhile
        for work, subject in jobs.find_unfinished(False):
            work(subject)
        assert not ledger.owed(settings.home)
        assert not app.extensions["store"].doomed()
    assert found(settings.home, somebody.traces) == []


def test_a_wipe_waits_for_readers_and_is_owed_until_it_is_done(
    app: Flask, somebody: Somebody, settings: Settings
) -> None:
    reader = sqlite3.connect(settings.home / "pohled.sqlite", isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from photo").fetchone()
    with app.app_context():
        assert jobs.erase_now(somebody.id)
        assert not wipe(seconds=0.2)
        assert ledger.owed(settings.home)
        reader.close()
        ((work, subject),) = jobs.find_unfinished(False)
        work(subject)
        assert not ledger.owed(settings.home)
    assert found(settings.home, [CAPTION.encode(), WORDS.encode(), *spellings(somebody.id)]) == []


def test_an_old_backup_brings_nobody_back(app: Flask, somebody: Somebody, settings: Settings, tmp_path: Path) -> None:
    database = settings.home / "pohled.sqlite"
    with sqlite3.connect(database) as source, sqlite3.connect(tmp_path / "backup") as backup:
        source.backup(backup)
    with app.app_context():
        assert jobs.erase_now(somebody.id)
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
        with sqlite3.connect(tmp_path / "backup") as backup, sqlite3.connect(database) as target:
            backup.backup(target)
        assert people_queries.participant(somebody.id) is not None
        db.session.rollback()
        assert jobs.erase_listed() == 1
        assert people_queries.participant(somebody.id) is None


def test_the_phone_hears_that_it_is_gone_and_nothing_begins_again(app: Flask, somebody: Somebody) -> None:
    with app.app_context():
        assert jobs.erase_now(somebody.id)
    headers = {"Authorization": f"Bearer {somebody.phone}"}
    assert app.test_client().get("/api/v1/me", headers=headers).status_code == 410
    fields = {
        **hidden(Visitor(app).get("/plain/join/TESTCODE").text),
        "participant": str(somebody.id),
        "key": somebody.key,
    }
    answer = app.test_client().post("/plain/join/TESTCODE", data=somebody.yes(fields))
    assert answer.status_code in (400, 410, 422)
    with app.app_context():
        assert people_queries.participant(somebody.id) is None


def test_who_is_leaving_cannot_begin_again_with_the_old_key(app: Flask, somebody: Somebody) -> None:
    with app.app_context():
        with transaction():
            person = people_queries.participant(somebody.id)
            assert person is not None
            people_changes.leave(person)
        with pytest.raises(people_changes.Erased), transaction():
            people_changes.join_project(somebody.walk.project_id, somebody.id, somebody.key, "en", None)


def test_withdrawing_one_photo_takes_its_bytes_words_and_uploads(
    app: Flask, somebody: Somebody, settings: Settings
) -> None:
    store: Store = app.extensions["store"]
    with app.app_context():
        assert jobs.take_back_photo(somebody.id, somebody.photos[0])
        assert not jobs.take_back_photo(uuid.uuid4(), somebody.photos[1])
        assert not store.original(sha(somebody.plain)).exists()
        assert store.original(sha(somebody.sent)).exists()
        assert [each.part for each in photo_queries.uploads_of(somebody.id)] == ["sound"], "that of an answer stays"
        assert wipe()
    assert found(settings.home, [somebody.partial[:100]]) == []


def test_a_cut_line_in_the_ledger_costs_no_other(settings: Settings) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    ledger.write(settings.home, {"number": "A", "gone": ["x"]})
    with (settings.home / ledger.NAME).open("a") as file:
        file.write('{"number": "B"')
    ledger.write(settings.home, {"number": "C", "gone": []})
    assert [entry["number"] for entry in ledger.read(settings.home)] == ["A", "C"]
    assert io.StringIO((settings.home / ledger.NAME).read_text()).readlines()[-1].endswith("\n")


def test_a_line_of_the_ledger_that_somebody_has_edited_is_told_and_costs_no_other(settings: Settings) -> None:
    good = '{"number": "C", "gone": ["x"]}'
    lines = ["[]", '{"number": "A"}', '{"number": "B", "gone": "x"}', '{"gone": [1]}', good, "# a note by hand \xe9"]
    (settings.home / ledger.NAME).write_bytes("\n".join(lines).encode("latin-1"))
    with capture_logs() as said:
        assert [entry["number"] for entry in ledger.read(settings.home)] == ["C"]
    assert [each["line"] for each in said] == [1, 2, 3, 4, 6]
    assert {each["event"] for each in said} == {"ledger_line_not_understood"}
