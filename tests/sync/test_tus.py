"""Uploads beyond the protocol: what is acknowledged is there, and belongs to whoever sent it."""

import io
import os
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.makers import MadeWalk
from tests.makers_photo import turned
from tests.sync.tus import ADDRESS, DATA, Phone, on_line, originals, partials, sha, words
from webapp.consent import changes as consent_changes
from webapp.consent.queries import current_texts
from webapp.consent.rules import Decision, Purpose
from webapp.database import now, transaction
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.photo import uploads
from webapp.storage import Store
from webapp.upkeep.jobs import erase_now


@pytest.fixture
def phone(app: Flask, walk: MadeWalk) -> Phone:
    return Phone(app, walk)


@pytest.fixture
def other(app: Flask, walk: MadeWalk) -> Phone:
    return Phone(app, walk)


def withdraw_keeping(app: Flask, phone: Phone) -> None:
    with app.app_context(), transaction():
        text = current_texts(phone.walk.project_id, [Purpose.KEEP])[0]
        consent_changes.say(phone.person, [Decision(Purpose.KEEP, False, text.id, "en", now())])


def test_a_whole_file_in_one_request_is_kept(phone: Phone, store: Store) -> None:
    address = phone.begin(len(DATA), DATA)
    assert address.startswith(f"{ADDRESS}/")
    assert [path.read_bytes() for path in originals(store)] == [DATA]
    assert partials(store) == []
    answer = phone.ask("HEAD", address, 200)
    assert answer.headers["Upload-Length"] == answer.headers["Upload-Offset"] == str(len(DATA))


@pytest.mark.parametrize("sent", [1000, len(DATA)])
def test_what_an_answer_counts_was_flushed_and_then_committed(
    phone: Phone, store: Store, monkeypatch: pytest.MonkeyPatch, sent: int
) -> None:
    """A power cut may come as soon as the answer is on its way."""
    address = phone.begin(len(DATA))
    [partial] = partials(store)
    diary: list[str] = []
    flush = os.fsync

    def flushed(handle: int) -> None:
        flush(handle)
        diary.append(Path(f"/proc/self/fd/{handle}").readlink().name)

    def committed(_: object) -> None:
        diary.append("commit")

    monkeypatch.setattr(os, "fsync", flushed)
    event.listen(Session, "after_commit", committed)
    try:
        phone.grow(address, 0, DATA[:sent])
    finally:
        event.remove(Session, "after_commit", committed)
    files = [partial.name] if sent < len(DATA) else [partial.name, store.original(sha(DATA)).parent.name]
    assert diary[: len(files) + 1] == [*files, "commit"]


class Dead:
    """A line that gives some bytes and then fails; before it does, something else may happen."""

    def __init__(self, data: bytes, meanwhile: Callable[[], object] | None = None) -> None:
        self.rest, self.meanwhile = io.BytesIO(data), meanwhile

    def read(self, size: int = -1) -> bytes:
        if chunk := self.rest.read(size):
            return chunk
        if self.meanwhile:
            self.meanwhile()
        raise ConnectionResetError


def test_a_line_that_breaks_off_is_one_that_was_cut(phone: Phone) -> None:
    address = phone.begin(len(DATA))
    assert on_line(phone, address, 0, Dead(DATA[:800]), len(DATA)) == 204
    assert phone.offset(address) == 800


def test_a_newer_request_takes_over_from_one_that_hangs(phone: Phone, store: Store) -> None:
    address = phone.begin(len(DATA), DATA[:100])
    seen = []

    def meanwhile() -> None:
        seen.append(phone.offset(address))
        phone.grow(address, 100, DATA[100:5000])

    assert on_line(phone, address, 100, Dead(b"x" * 3000, meanwhile), len(DATA) - 100) == 409
    assert seen == [100]
    assert phone.offset(address) == 5000
    assert len(partials(store)) == 1
    phone.grow(address, 5000, DATA[5000:])
    assert [path.name for path in originals(store)] == [sha(DATA)]


def test_the_newer_one_may_finish_before_the_older_one_ends(phone: Phone, store: Store) -> None:
    address = phone.begin(len(DATA))
    line = Dead(b"x" * 3000, lambda: phone.grow(address, 0, DATA))
    assert on_line(phone, address, 0, line, len(DATA)) == 409
    assert phone.offset(address) == len(DATA)
    assert [path.name for path in originals(store)] == [sha(DATA)]
    assert partials(store) == []


def test_an_upload_that_was_ended_meanwhile_does_not_come_back(phone: Phone, store: Store) -> None:
    address = phone.begin(10)
    ended = Dead(b"12345", lambda: phone.ask("DELETE", address, 204))
    assert on_line(phone, address, 0, ended, 10) == 404
    phone.ask("HEAD", address, 404)
    assert originals(store) == partials(store) == []


def test_keeping_withdrawn_while_the_last_bytes_come_keeps_nothing(app: Flask, phone: Phone, store: Store) -> None:
    address = phone.begin(10)
    whole = io.BytesIO(b"1234567890")

    class Late:
        def read(self, size: int) -> bytes:
            withdraw_keeping(app, phone)
            return whole.read(size)

    assert on_line(phone, address, 0, Late(), 10) == 403
    assert originals(store) == []


@pytest.mark.parametrize("sent", [5, 10])
def test_who_is_erased_while_bytes_come_leaves_nothing(app: Flask, phone: Phone, store: Store, sent: int) -> None:
    address = phone.begin(10)

    class Late:
        def __init__(self) -> None:
            self.rest = [b"1234567890"[:sent]]

        def read(self, size: int) -> bytes:
            if self.rest:
                return self.rest.pop()
            with app.app_context():
                erase_now(phone.person)
            return b""

    class Whole(Late):
        def read(self, size: int) -> bytes:
            with app.app_context():
                erase_now(phone.person)
            return self.rest.pop()

    assert on_line(phone, address, 0, Late() if sent < 10 else Whole(), 10) == 410
    assert originals(store) == partials(store) == []
    phone.ask("HEAD", address, 410)
    phone.begin(5, b"12345", status=410)


def test_without_keeping_nothing_begins_or_grows(app: Flask, phone: Phone, store: Store) -> None:
    address = phone.begin(10, b"123")
    withdraw_keeping(app, phone)
    phone.begin(10, status=403)
    phone.grow(address, 3, b"4567890", 403)
    assert phone.offset(address) == 3
    assert originals(store) == []
    phone.ask("DELETE", address, 204)


def test_the_uploads_of_others_are_not_there(phone: Phone, other: Phone) -> None:
    address = phone.begin(10, b"123")
    other.ask("HEAD", address, 404)
    other.grow(address, 3, b"4567890", 404)
    other.ask("DELETE", address, 404)
    assert phone.offset(address) == 3


def test_what_a_record_has_named_outlives_its_upload(phone: Phone, store: Store) -> None:
    photo = phone.record(DATA)
    phone.ask("DELETE", phone.begin(len(DATA), DATA), 204)
    assert phone.parts(photo) == {"original": sha(DATA)}
    assert len(originals(store)) == 1


def test_bytes_that_are_not_what_was_promised_are_thrown_away(phone: Phone, store: Store) -> None:
    address = phone.begin(10, b"12345", Upload_Metadata=words(sha256=sha(b"1234567890")))
    phone.grow(address, 5, b"67891", 460)
    phone.ask("HEAD", address, 404)
    phone.begin(3, b"abc", 460, Upload_Metadata=words(sha256=sha(b"abd")))
    assert originals(store) == partials(store) == []
    phone.begin(3, b"abc", Upload_Metadata=words(sha256=sha(b"abc").upper()))
    assert len(originals(store)) == 1


def test_bytes_may_come_before_their_record(phone: Phone) -> None:
    preview, original = turned(1), turned(6)
    photo = uuid.uuid4()
    phone.begin(len(preview), preview, Upload_Metadata=words(photo=photo, part="preview"))
    phone.begin(len(original), original)
    phone.record(original, photo)
    assert phone.parts(photo) == {"preview": sha(preview), "original": sha(original)}


def test_bytes_may_come_after_their_record_and_are_processed(app: Flask, phone: Phone) -> None:
    preview, original = turned(1), turned(6)
    photo = phone.record(original)
    phone.begin(len(preview), preview, Upload_Metadata=words(photo=photo, part="preview"))
    address = phone.begin(len(original), original[:50], Upload_Metadata=words(photo=photo, part="original"))
    assert phone.parts(photo) == {"preview": sha(preview)}
    phone.grow(address, 50, original[50:])
    assert phone.parts(photo) == {"preview": sha(preview), "original": sha(original)}
    assert app.extensions["queue"].huey.pending_count() >= 2


def test_the_bytes_of_somebody_else_are_never_bound(phone: Phone, other: Phone) -> None:
    photo = phone.record(DATA)
    other.begin(len(DATA), DATA)
    assert phone.parts(photo) == {}
    other.begin(len(DATA), status=403, Upload_Metadata=words(photo=photo))


def test_for_a_withdrawn_photo_nothing_is_taken(app: Flask, phone: Phone) -> None:
    photo_id = phone.record(DATA)
    address = phone.begin(len(DATA), DATA[:10], Upload_Metadata=words(photo=photo_id))
    with app.app_context(), transaction():
        photo = photo_queries.photo(photo_id)
        assert photo is not None
        photo_changes.withdraw_photo(photo)
    phone.begin(len(DATA), status=410, Upload_Metadata=words(photo=photo_id))
    phone.grow(address, 10, DATA[10:], 404)


def test_a_withdrawn_photo_takes_its_bytes_along_however_they_came(app: Flask, phone: Phone) -> None:
    photo_id = phone.record(DATA)
    address = phone.begin(len(DATA), DATA)  # does not say whose it is
    with app.app_context(), transaction():
        photo = photo_queries.photo(photo_id)
        assert photo is not None
        assert photo_changes.withdraw_photo(photo) == [sha(DATA)]
    phone.ask("HEAD", address, 404)


def test_the_same_bytes_again_are_read_again(phone: Phone, store: Store) -> None:
    phone.begin(len(DATA), DATA)
    originals(store)[0].write_bytes(b"damaged")
    phone.begin(len(DATA), DATA)
    assert originals(store)[0].read_bytes() == DATA


@pytest.mark.parametrize("damage", ["gone", "other bytes"])
def test_a_finished_upload_whose_bytes_are_gone_begins_again(phone: Phone, store: Store, damage: str) -> None:
    address = phone.begin(len(DATA), DATA)
    original = originals(store)[0]
    original.unlink() if damage == "gone" else original.write_bytes(b"x" * len(DATA))
    assert phone.offset(address) == 0
    phone.grow(address, 0, DATA)
    assert original.read_bytes() == DATA
    original.unlink()
    assert phone.grow(address, len(DATA), b"", 409).headers["Upload-Offset"] == "0"


def test_no_offset_goes_beyond_what_is_on_the_disk(phone: Phone, store: Store) -> None:
    address = phone.begin(len(DATA), DATA[:500])
    os.truncate(partials(store)[0], 400)
    assert phone.offset(address) == 0
    phone.grow(address, 0, DATA[:500])
    for path in partials(store):
        path.unlink()
    assert phone.grow(address, 500, DATA[500:], 409).headers["Upload-Offset"] == "0"
    phone.grow(address, 0, DATA)
    assert [path.name for path in originals(store)] == [sha(DATA)]


def test_what_was_not_counted_is_cut_off(phone: Phone, store: Store) -> None:
    address = phone.begin(len(DATA), DATA[:500])
    with partials(store)[0].open("ab") as file:
        file.write(b"written, and never committed")
    assert phone.offset(address) == 500
    phone.grow(address, 500, DATA[500:])
    assert [path.name for path in originals(store)] == [sha(DATA)]


def test_an_original_is_never_cut(phone: Phone, store: Store) -> None:
    """Stopped between the store and the commit, an upload shares its file with an original."""
    address = phone.begin(len(DATA), DATA[:500])
    with partials(store)[0].open("ab") as file:
        file.write(DATA[500:])
    kept = store.original(sha(DATA))
    os.link(partials(store)[0], kept)
    phone.grow(address, 500, DATA[500:700])
    assert kept.read_bytes() == DATA
    phone.grow(address, 700, DATA[700:])
    assert [path.name for path in originals(store)] == [sha(DATA)]


def test_too_much_under_way_is_too_much(phone: Phone, other: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST", 3)
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    first = phone.begin(100)
    phone.begin(950, status=429)
    phone.begin(900)
    phone.begin(0)
    phone.begin(0, b"")
    phone.ask("DELETE", first, 204)
    phone.begin(1)
    phone.begin(1)
    assert phone.ask("POST", ADDRESS, 429, Upload_Length=1).headers["Retry-After"].isdecimal()
    other.begin(900)


def test_what_was_begun_in_vain_goes_once_the_bytes_are_here(
    phone: Phone, other: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut while it begins, a phone hears no address and begins again: its beginnings must not crowd it out."""
    monkeypatch.setattr(uploads, "MOST", 3)
    said = {"photo": uuid.uuid4(), "part": "original", "sha256": sha(DATA)}
    for _ in range(2):
        for most in (0, 100):
            lost = phone.begin(len(DATA), DATA[:most], Upload_Metadata=words(**said))
            another = phone.begin(len(DATA), Upload_Metadata=words(**{**said, "photo": uuid.uuid4()}))
            theirs = other.begin(len(DATA), Upload_Metadata=words(**said))
            whole = phone.begin(len(DATA), DATA, Upload_Metadata=words(**said))
            phone.ask("HEAD", lost, 404)
            assert (phone.offset(another), other.offset(theirs), phone.offset(whole)) == (0, 0, len(DATA))
            phone.ask("DELETE", another, 204)
            other.ask("DELETE", theirs, 204)
        lost = phone.begin(len(DATA), Upload_Metadata=words(**said))
        grown = phone.begin(len(DATA), Upload_Metadata=words(**said))
        phone.grow(grown, 0, DATA)
        phone.ask("HEAD", lost, 404)


def test_whole_uploads_that_nobody_names_have_an_end(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_WAITING", 25)
    for _ in range(2):
        phone.begin(10, b"0123456789")
    phone.begin(10, b"0123456789", 429)
