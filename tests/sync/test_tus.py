"""Uploads, line by line of the protocol: what is acknowledged is there, and belongs to whoever sent it."""

import io
import os
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.makers import MadeWalk
from tests.makers_photo import turned
from tests.sync.tus import ADDRESS, BYTES, Phone, checksum, sha, words
from webapp.consent import changes as consent_changes
from webapp.consent.queries import current_texts
from webapp.consent.rules import Decision, Purpose
from webapp.database import now, transaction
from webapp.photo import changes as photo_changes
from webapp.photo import jobs, uploads
from webapp.photo import queries as photo_queries
from webapp.storage import OLD_SECONDS, Store
from webapp.upkeep.jobs import erase_now

DATA = bytes(range(256)) * 400


@pytest.fixture
def phone(app: Flask, walk: MadeWalk) -> Phone:
    return Phone(app, walk)


@pytest.fixture
def other(app: Flask, walk: MadeWalk) -> Phone:
    return Phone(app, walk)


@pytest.fixture
def store(app: Flask) -> Store:
    found: Store = app.extensions["store"]
    return found


def partials(store: Store) -> list[Path]:
    return sorted((store.root / "partial").iterdir())


def originals(store: Store) -> list[Path]:
    return sorted(path for path in (store.root / "originals").rglob("*") if path.is_file())


def withdraw_keeping(app: Flask, phone: Phone) -> None:
    with app.app_context(), transaction():
        text = current_texts(phone.walk.project_id, [Purpose.KEEP])[0]
        consent_changes.say(phone.person, [Decision(Purpose.KEEP, False, text.id, "en", now())])


def later(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """Lets the clock of uploads run on."""
    there = now() + timedelta(days=days)
    for module in ("webapp.photo.uploads", "webapp.photo.jobs", "webapp.sync.tus"):
        monkeypatch.setattr(f"{module}.now", lambda: there)


def test_options_say_what_is_offered(app: Flask) -> None:
    for address in (ADDRESS, f"{ADDRESS}/{uuid.uuid4()}"):
        answer = app.test_client().options(address)
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
        offered = answer.headers["Tus-Extension"].split(",")
        assert set(offered) == {"creation", "creation-with-upload", "checksum", "termination", "expiration"}
        assert answer.headers["Tus-Max-Size"] == "60000000"
        assert answer.headers["Tus-Checksum-Algorithm"].split(",") == ["sha1", "sha256"]


def test_a_whole_file_in_one_request_is_kept(phone: Phone, store: Store) -> None:
    address = phone.begin(len(DATA), DATA)
    assert address.startswith(f"{ADDRESS}/")
    assert [path.read_bytes() for path in originals(store)] == [DATA]
    assert partials(store) == []
    answer = phone.ask("HEAD", address, 200)
    assert answer.headers["Upload-Length"] == answer.headers["Upload-Offset"] == str(len(DATA))


def test_it_goes_on_where_it_stopped(phone: Phone, store: Store) -> None:
    address = phone.begin(len(DATA))
    assert phone.offset(address) == 0
    assert phone.grow(address, 0, DATA[:1000]).headers["Upload-Offset"] == "1000"
    assert phone.offset(address) == 1000
    assert originals(store) == []
    assert phone.grow(address, 1000, DATA[1000:]).headers["Upload-Offset"] == str(len(DATA))
    assert [path.name for path in originals(store)] == [sha(DATA)]


def test_answers_say_until_when(phone: Phone) -> None:
    answer = phone.ask("POST", ADDRESS, 201, Upload_Length=10)
    first = answer.headers["Upload-Expires"]
    assert first.endswith(" GMT")
    assert "Upload-Expires" in phone.grow(answer.location, 0, b"12345").headers
    assert "Upload-Expires" in phone.ask("HEAD", answer.location, 200).headers


def test_metadata_comes_back_as_it_was_said(phone: Phone) -> None:
    said = words(filename="náměstí.jpg", part="original") + ",is_confidential"
    address = phone.begin(10, Upload_Metadata=said)
    assert phone.ask("HEAD", address, 200).headers["Upload-Metadata"] == said
    assert "Upload-Metadata" not in phone.ask("HEAD", phone.begin(10), 200).headers


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.0,0.2.2"])
def test_another_version_is_not_listened_to(phone: Phone, version: str | None) -> None:
    address = phone.begin(5)
    headers = {"Authorization": f"Bearer {phone.token}", "Upload-Offset": "0", "Content-Type": BYTES}
    if version:
        headers["Tus-Resumable"] = version
    answer = phone.client.patch(address, data=b"12345", headers=headers)
    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")
    assert phone.offset(address) == 0


@pytest.mark.parametrize("offset", [0, 4, 6, 100])
def test_another_offset_changes_nothing(phone: Phone, offset: int) -> None:
    address = phone.begin(20, DATA[:5])
    assert phone.grow(address, offset, b"xxx", 409).headers["Upload-Offset"] == "5"
    assert phone.offset(address) == 5


@pytest.mark.parametrize("offset", [None, "", "-1", "x", "1.0", "٣", "9" * 30])
def test_an_offset_is_a_whole_number(phone: Phone, offset: str | None) -> None:
    address = phone.begin(20)
    try:
        sent = str(offset).encode("latin-1").decode("latin-1") if offset is not None else None
    except UnicodeEncodeError:
        sent = "²"
    phone.ask("PATCH", address, 400, b"x", Upload_Offset=sent, Content_Type=BYTES)


@pytest.mark.parametrize("type_", [None, "application/octet-stream", "image/jpeg"])
def test_bytes_have_a_type_of_their_own(phone: Phone, type_: str | None) -> None:
    address = phone.begin(20)
    phone.ask("PATCH", address, 415, b"x", Upload_Offset=0, Content_Type=type_)
    phone.ask("POST", ADDRESS, 415, b"x", Upload_Length=20, Content_Type=type_)
    assert phone.offset(address) == 0


@pytest.mark.parametrize("length", [None, "", "-1", "x", "1e3", "9" * 30])
def test_a_length_is_a_whole_number(phone: Phone, length: str | None) -> None:
    phone.ask("POST", ADDRESS, 400, Upload_Length=length)


@pytest.mark.parametrize("name", ["Upload_Defer_Length", "Upload_Concat"])
def test_what_is_not_offered_is_refused(phone: Phone, name: str) -> None:
    phone.ask("POST", ADDRESS, 400, **{name: "1"})
    phone.ask("POST", ADDRESS, 400, Upload_Length=5, **{name: "1"})


def test_too_large_is_said_before_anything_comes(phone: Phone, store: Store) -> None:
    answer = phone.ask("POST", ADDRESS, 413, Upload_Length=60_000_001)
    assert answer.headers["Tus-Max-Size"] == "60000000"
    phone.begin(60_000_000)
    assert sum(path.stat().st_size for path in partials(store)) == 0


def test_more_than_was_said_is_refused_whole(phone: Phone, store: Store) -> None:
    address = phone.begin(10, b"12345")
    phone.grow(address, 5, b"678901", 413)
    phone.ask("POST", ADDRESS, 413, b"123456", Upload_Length=5, Content_Type=BYTES)
    assert phone.offset(address) == 5
    assert [path.stat().st_size for path in partials(store)] == [5]
    phone.grow(address, 5, b"67890")
    assert originals(store)[0].read_bytes() == b"1234567890"


def chunked(phone: Phone, address: str, offset: int, data: bytes, method: str = "PATCH") -> int:
    """Sends a body without a length, as it looks once a server has put its chunks together."""
    answer = phone.client.open(
        address,
        method=method,
        input_stream=io.BytesIO(data),
        headers={
            "Authorization": f"Bearer {phone.token}",
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": str(offset),
            "Upload-Length": "10",
            "Content-Type": BYTES,
            "Transfer-Encoding": "chunked",
        },
        environ_overrides={"wsgi.input_terminated": True},
    )
    return answer.status_code


def test_chunks_without_a_length_are_taken(phone: Phone, store: Store) -> None:
    address = phone.begin(10)
    assert chunked(phone, address, 0, b"1234") == 204
    assert phone.offset(address) == 4
    assert chunked(phone, address, 4, b"5678901") == 413
    assert phone.offset(address) == 4
    assert [path.stat().st_size for path in partials(store)] == [4]
    assert chunked(phone, address, 4, b"567890") == 204
    assert originals(store)[0].read_bytes() == b"1234567890"
    assert chunked(phone, ADDRESS, 0, b"abc", "POST") == 201


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_checksum_is_checked_before_anything_counts(phone: Phone, store: Store, algorithm: str) -> None:
    address = phone.begin(len(DATA))
    right, wrong = checksum(DATA[:1000], algorithm), checksum(DATA[:999], algorithm)
    phone.grow(address, 0, DATA[:1000], 460, Upload_Checksum=wrong)
    assert phone.offset(address) == 0
    assert [path.stat().st_size for path in partials(store)] == [0]
    phone.grow(address, 0, DATA[:1000], Upload_Checksum=right)
    phone.grow(address, 1000, DATA[1000:], 460, Upload_Checksum=wrong)
    assert phone.offset(address) == 1000
    assert originals(store) == []
    phone.grow(address, 1000, DATA[1000:], Upload_Checksum=checksum(DATA[1000:], algorithm))
    assert [path.name for path in originals(store)] == [sha(DATA)]


@pytest.mark.parametrize("header", ["", "md5 rL0Y20zC+Fzt72VPzMSk2A==", "sha1", "sha1 é", "sha256 a", "SHA1 YQ=="])
def test_a_checksum_that_cannot_be_checked_is_refused(phone: Phone, header: str) -> None:
    address = phone.begin(5)
    phone.grow(address, 0, b"12345", 400 if header != "sha1" else 460, Upload_Checksum=header)
    assert phone.offset(address) == 0


def on_line(phone: Phone, address: str, offset: int, line: Any, announced: int, **more: str) -> int:
    """Sends what the line gives, having announced so many bytes."""
    headers = {"Authorization": f"Bearer {phone.token}", "Tus-Resumable": "1.0.0", "Content-Type": BYTES, **more}
    answer = phone.app.test_client().patch(
        address,
        headers={**headers, "Upload-Offset": str(offset)},
        environ_overrides={"wsgi.input": line, "CONTENT_LENGTH": str(announced)},
    )
    return answer.status_code


def test_what_came_before_a_cut_counts(phone: Phone) -> None:
    address = phone.begin(len(DATA))
    assert on_line(phone, address, 0, io.BytesIO(DATA[:700]), len(DATA)) == 204
    assert phone.offset(address) == 700
    phone.grow(address, 700, DATA[700:])


def test_with_a_checksum_half_a_body_does_not_count(phone: Phone) -> None:
    """Even if the sum is that of the half."""
    address = phone.begin(len(DATA))
    half = {"Upload-Checksum": checksum(DATA[:700])}
    assert on_line(phone, address, 0, io.BytesIO(DATA[:700]), len(DATA), **half) == 460
    assert phone.offset(address) == 0


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


@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
def test_nobody_uploads_without_a_token(app: Flask, phone: Phone, method: str) -> None:
    address = ADDRESS if method == "POST" else phone.begin(10)
    answer = app.test_client().open(address, method=method, headers={"Tus-Resumable": "1.0.0", "Upload-Length": "5"})
    assert (answer.status_code, answer.headers["Tus-Resumable"]) == (401, "1.0.0")


def test_a_method_that_the_network_lets_through_may_carry_another(phone: Phone) -> None:
    address = phone.begin(10)
    carry = {"Upload_Offset": 0, "Content_Type": BYTES}
    phone.ask("POST", address, 204, b"12345", X_HTTP_Method_Override="PATCH", **carry)
    answer = phone.ask("POST", address, 200, X_HTTP_Method_Override="HEAD")
    assert (answer.headers["Upload-Offset"], answer.data) == ("5", b"")
    phone.ask("POST", address, 204, X_HTTP_Method_Override="DELETE")
    gone = phone.client.post(
        address,
        headers={
            "Authorization": f"Bearer {phone.token}",
            "Tus-Resumable": "1.0.0",
            "X-HTTP-Method-Override": "HEAD",
        },
    )
    assert (gone.status_code, gone.data, gone.headers["Content-Length"]) == (404, b"", "0")


def test_other_addresses_do_not_change_their_method(phone: Phone) -> None:
    answer = phone.client.post("/", headers={"X-HTTP-Method-Override": "HEAD"})
    assert answer.status_code == 405


def test_an_unknown_method_is_refused(phone: Phone) -> None:
    phone.ask("PUT", ADDRESS, 405)
    phone.ask("GET", phone.begin(3), 405)


def test_an_end_is_an_end(phone: Phone, store: Store) -> None:
    half, whole = phone.begin(10, b"123"), phone.begin(5, b"12345")
    for address in (half, whole):
        phone.ask("DELETE", address, 204)
        phone.ask("HEAD", address, 404)
        phone.grow(address, 3, b"x", 404)
        phone.ask("DELETE", address, 404)
    assert originals(store) == partials(store) == []


def test_what_a_record_has_named_outlives_its_upload(phone: Phone, store: Store) -> None:
    photo = phone.record(DATA)
    phone.ask("DELETE", phone.begin(len(DATA), DATA), 204)
    assert phone.parts(photo) == {"original": sha(DATA)}
    assert len(originals(store)) == 1


def test_an_empty_file_is_whole_at_once(phone: Phone) -> None:
    assert phone.offset(phone.begin(0)) == 0
    phone.begin(0, status=422, Upload_Metadata=words(part="original"))


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (words(photo="x"), "photo"),
        (words(photo=""), "photo"),
        ("photo", "photo"),
        ("photo ///", "photo"),
        (words(part="thumbnail"), "part"),
        (words(part="ORIGINAL"), "part"),
        (words(sha256="ab"), "sha256"),
        (words(sha256="g" * 64), "sha256"),
        ("sha256 ÿÿÿÿ", "sha256"),
        ("part b3JpZ2luYWw=,part b3JpZ2luYWw=", "pairs"),
        ("filename ?", "pairs"),
        (",", "pairs"),
        ("é b3JpZ2luYWw=", "pairs"),
        ("a " + "YWFh" * 2000, "pairs"),
    ],
)
def test_wrong_metadata_is_named(phone: Phone, store: Store, said: str, word: str) -> None:
    answer = phone.ask("POST", ADDRESS, 422, Upload_Length=5, Upload_Metadata=said)
    assert word in answer.json["detail"]
    assert partials(store) == []


def test_other_metadata_may_hold_any_bytes(phone: Phone) -> None:
    phone.begin(5, Upload_Metadata="filename /////w==,empty,photo " + words(photo=uuid.uuid4()).split()[1])


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


def test_a_finished_upload_stays_finished(phone: Phone) -> None:
    address = phone.begin(5, b"12345")
    assert phone.grow(address, 5, b"").headers["Upload-Offset"] == "5"
    phone.grow(address, 5, b"x", 413)
    phone.grow(address, 0, b"12345", 409)
    assert phone.offset(address) == 5


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


def test_after_a_week_it_is_gone(app: Flask, phone: Phone, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    half = phone.begin(10, b"123")
    whole = phone.begin(5, b"12345")
    named = phone.begin(len(DATA), DATA)
    phone.record(DATA)

    later(monkeypatch, 6.9)
    with app.app_context():
        jobs.drop_expired_uploads(False)
    assert phone.offset(half) == 3

    later(monkeypatch, 7.1)
    phone.ask("HEAD", half, 410)
    phone.grow(half, 3, b"4567890", 410)
    for path in partials(store):
        os.utime(path, (time.time() - OLD_SECONDS - 9,) * 2)
    with app.app_context():
        jobs.drop_expired_uploads(False)
    phone.ask("HEAD", half, 404)
    assert partials(store) == []
    assert phone.offset(whole) == 5

    later(monkeypatch, 14.1)
    with app.app_context():
        jobs.drop_expired_uploads(False)
    phone.ask("HEAD", whole, 404)
    phone.ask("HEAD", named, 404)
    assert [path.name for path in originals(store)] == [sha(DATA)]


def test_the_sweep_leaves_what_grows(app: Flask, phone: Phone, store: Store) -> None:
    address = phone.begin(10, b"123")
    stray = store.begin_partial()
    for path in partials(store):
        os.utime(path, (time.time() - OLD_SECONDS - 9,) * 2)
    fresh = store.begin_partial()
    with app.app_context():
        jobs.drop_expired_uploads(False)
    names = {path.name for path in partials(store)}
    assert stray not in names
    assert fresh in names
    assert phone.offset(address) == 3


def test_whole_uploads_that_nobody_names_have_an_end(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_WAITING", 25)
    for _ in range(2):
        phone.begin(10, b"0123456789")
    phone.begin(10, b"0123456789", 429)
