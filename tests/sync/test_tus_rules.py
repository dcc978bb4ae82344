"""The text of tus 1.0.0, rule by rule (https://tus.io/protocols/resumable-upload): the core, and the extensions that
are offered. What is ours beyond it: `test_tus.py`. What others' clients make of it: `test_tus_clients.py`."""

import io
import os
import time
import uuid
from datetime import timedelta

import pytest
from flask import Flask

from tests.makers import MadeWalk
from tests.sync.tus import ADDRESS, BYTES, DATA, Phone, checksum, on_line, originals, partials, sha, words
from webapp.database import now
from webapp.photo import jobs
from webapp.storage import OLD_SECONDS, Store


@pytest.fixture
def phone(app: Flask, walk: MadeWalk) -> Phone:
    return Phone(app, walk)


# --- The core: HEAD, PATCH, OPTIONS


def test_it_goes_on_where_it_stopped(phone: Phone, store: Store) -> None:
    address = phone.begin(len(DATA))
    assert phone.offset(address) == 0
    assert phone.grow(address, 0, DATA[:1000]).headers["Upload-Offset"] == "1000"
    assert phone.offset(address) == 1000
    assert originals(store) == []
    assert phone.grow(address, 1000, DATA[1000:]).headers["Upload-Offset"] == str(len(DATA))
    assert [path.name for path in originals(store)] == [sha(DATA)]


def test_a_whole_upload_still_says_how_long_it_is(phone: Phone) -> None:
    for address in (phone.begin(5, b"12345"), phone.begin(0)):
        answer = phone.ask("HEAD", address, 200)
        assert answer.headers["Upload-Offset"] == answer.headers["Upload-Length"]
        assert answer.data == b""


def test_what_is_not_there_has_no_offset(phone: Phone) -> None:
    half = phone.begin(10, b"123")
    here = half.rpartition("/")[2]
    for odd in (str(uuid.uuid4()), "x", "%00", "../photos", here + "x", here + "/", here.replace("-", ""), ""):
        for method in ("HEAD", "PATCH", "DELETE"):
            headers = {"Upload_Offset": 3, "Content_Type": BYTES} if method == "PATCH" else {}
            answer = phone.ask(method, f"{ADDRESS}/{odd}", 404, b"4" if headers else None, **headers)
            assert "Upload-Offset" not in answer.headers
    assert phone.offset(half) == 3


@pytest.mark.parametrize("offset", [None, "", "-1", "x", "1.0", "٣", "9" * 30])
def test_an_offset_is_a_whole_number(phone: Phone, offset: str | None) -> None:
    address = phone.begin(20)
    try:
        sent = str(offset).encode("latin-1").decode("latin-1") if offset is not None else None
    except UnicodeEncodeError:
        sent = "²"
    phone.ask("PATCH", address, 400, b"x", Upload_Offset=sent, Content_Type=BYTES)


@pytest.mark.parametrize("offset", [0, 4, 6, 100])
def test_another_offset_changes_nothing(phone: Phone, offset: int) -> None:
    address = phone.begin(20, DATA[:5])
    assert phone.grow(address, offset, b"xxx", 409).headers["Upload-Offset"] == "5"
    assert phone.offset(address) == 5


@pytest.mark.parametrize("type_", [None, "application/octet-stream", "image/jpeg"])
def test_bytes_have_a_type_of_their_own(phone: Phone, type_: str | None) -> None:
    address = phone.begin(20)
    phone.ask("PATCH", address, 415, b"x", Upload_Offset=0, Content_Type=type_)
    phone.ask("POST", ADDRESS, 415, b"x", Upload_Length=20, Content_Type=type_)
    assert phone.offset(address) == 0


def test_a_finished_upload_stays_finished(phone: Phone) -> None:
    address = phone.begin(5, b"12345")
    assert phone.grow(address, 5, b"").headers["Upload-Offset"] == "5"
    phone.grow(address, 5, b"x", 413)
    phone.grow(address, 0, b"12345", 409)
    assert phone.offset(address) == 5


def test_what_came_before_a_cut_counts(phone: Phone) -> None:
    address = phone.begin(len(DATA))
    assert on_line(phone, address, 0, io.BytesIO(DATA[:700]), len(DATA)) == 204
    assert phone.offset(address) == 700
    phone.grow(address, 700, DATA[700:])


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


def test_options_say_what_is_offered(app: Flask) -> None:
    for address in (ADDRESS, f"{ADDRESS}/{uuid.uuid4()}"):
        answer = app.test_client().options(address)
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
        offered = answer.headers["Tus-Extension"].split(",")
        assert set(offered) == {"creation", "creation-with-upload", "checksum", "termination", "expiration"}
        assert answer.headers["Tus-Max-Size"] == "60000000"
        assert answer.headers["Tus-Checksum-Algorithm"].split(",") == ["sha1", "sha256"]


def test_options_need_neither_a_version_nor_a_login(app: Flask) -> None:
    for headers in ({}, {"Tus-Resumable": "0.1"}):
        assert app.test_client().options(ADDRESS, headers=headers).status_code == 204


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.0,0.2.2"])
def test_another_version_is_not_listened_to(phone: Phone, version: str | None) -> None:
    address = phone.begin(5)
    headers = {"Authorization": f"Bearer {phone.token}", "Upload-Offset": "0", "Content-Type": BYTES}
    if version:
        headers["Tus-Resumable"] = version
    answer = phone.client.patch(address, data=b"12345", headers=headers)
    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")
    assert phone.offset(address) == 0


@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
def test_nobody_uploads_without_a_token(app: Flask, phone: Phone, method: str) -> None:
    address = ADDRESS if method == "POST" else phone.begin(10)
    answer = app.test_client().open(address, method=method, headers={"Tus-Resumable": "1.0.0", "Upload-Length": "5"})
    assert (answer.status_code, answer.headers["Tus-Resumable"]) == (401, "1.0.0")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


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


@pytest.mark.parametrize("actual", ["POST", "GET", "PUT", "DELETE"])
def test_the_actual_method_is_ignored(phone: Phone, actual: str) -> None:
    address = phone.begin(10)
    sent = {"Upload_Offset": 0, "Content_Type": BYTES, "X_HTTP_Method_Override": "PATCH"}
    phone.ask(actual, address, 204, b"12345", **sent)
    assert phone.offset(address) == 5


@pytest.mark.parametrize("override", ["GET", "PUT", "BREW", "patch!", "x" * 300])
def test_another_method_that_is_not_offered_is_refused(phone: Phone, override: str) -> None:
    address = phone.begin(10)
    sent = {"Upload_Offset": 0, "Content_Type": BYTES, "X_HTTP_Method_Override": override}
    phone.ask("PATCH", address, 405, b"12345", **sent)
    assert phone.offset(address) == 0


def test_other_addresses_do_not_change_their_method(phone: Phone) -> None:
    answer = phone.client.post("/", headers={"X-HTTP-Method-Override": "HEAD"})
    assert answer.status_code == 405


def test_an_unknown_method_is_refused(phone: Phone) -> None:
    phone.ask("PUT", ADDRESS, 405)
    phone.ask("GET", phone.begin(3), 405)


# --- Creation, creation-with-upload


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


def test_with_the_first_bytes_the_answer_says_how_many_were_kept(phone: Phone) -> None:
    address = phone.begin(len(DATA), DATA[:1000], Upload_Checksum=checksum(DATA[:1000]))
    assert phone.offset(address) == 1000
    phone.begin(len(DATA), DATA[:1000], 460, Upload_Checksum=checksum(DATA[:999]))


def test_an_empty_file_is_whole_at_once(phone: Phone) -> None:
    assert phone.offset(phone.begin(0)) == 0
    phone.begin(0, status=422, Upload_Metadata=words(part="original"))


def test_metadata_comes_back_as_it_was_said(phone: Phone) -> None:
    said = words(filename="náměstí.jpg", part="original") + ",is_confidential"
    address = phone.begin(10, Upload_Metadata=said)
    assert phone.ask("HEAD", address, 200).headers["Upload-Metadata"] == said
    assert "Upload-Metadata" not in phone.ask("HEAD", phone.begin(10), 200).headers


@pytest.mark.parametrize("said", ["klíč b3JpZ2luYWw=", "empty", "empty ", "a!$'()*+-.^_`|~ YQ==", "a YQ==, b YQ=="])
def test_a_key_may_be_any_word_and_its_value_empty(phone: Phone, said: str) -> None:
    raw = said.encode().decode("latin-1")
    address = phone.begin(5, Upload_Metadata=raw)
    assert phone.ask("HEAD", address, 200).headers["Upload-Metadata"] == raw


def test_other_metadata_may_hold_any_bytes(phone: Phone) -> None:
    phone.begin(5, Upload_Metadata="filename /////w==,empty,photo " + words(photo=uuid.uuid4()).split()[1])


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
        ("a b c", "pairs"),
        ("a " + "YWFh" * 2000, "pairs"),
    ],
)
def test_wrong_metadata_is_named(phone: Phone, store: Store, said: str, word: str) -> None:
    answer = phone.ask("POST", ADDRESS, 422, Upload_Length=5, Upload_Metadata=said)
    assert word in answer.json["detail"]
    assert partials(store) == []


# --- Checksum


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


def test_with_a_checksum_half_a_body_does_not_count(phone: Phone) -> None:
    """Even if the sum is that of the half."""
    address = phone.begin(len(DATA))
    half = {"Upload-Checksum": checksum(DATA[:700])}
    assert on_line(phone, address, 0, io.BytesIO(DATA[:700]), len(DATA), **half) == 460
    assert phone.offset(address) == 0


@pytest.mark.parametrize("header", ["", "md5 rL0Y20zC+Fzt72VPzMSk2A==", "sha1", "sha1 é", "sha256 a", "SHA1 YQ=="])
def test_a_checksum_that_cannot_be_checked_is_refused(phone: Phone, header: str) -> None:
    address = phone.begin(5)
    phone.grow(address, 0, b"12345", 400 if header != "sha1" else 460, Upload_Checksum=header)
    assert phone.offset(address) == 0


# --- Expiration


def later(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """Lets the clock of uploads run on."""
    there = now() + timedelta(days=days)
    for module in ("webapp.photo.uploads", "webapp.photo.jobs", "webapp.sync.tus"):
        monkeypatch.setattr(f"{module}.now", lambda: there)


def test_answers_say_until_when(phone: Phone) -> None:
    answer = phone.ask("POST", ADDRESS, 201, Upload_Length=10)
    first = answer.headers["Upload-Expires"]
    assert first.endswith(" GMT")
    assert "Upload-Expires" in phone.grow(answer.location, 0, b"12345").headers
    assert "Upload-Expires" in phone.ask("HEAD", answer.location, 200).headers


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


# --- Termination


def test_an_end_is_an_end(phone: Phone, store: Store) -> None:
    half, whole = phone.begin(10, b"123"), phone.begin(5, b"12345")
    for address in (half, whole):
        phone.ask("DELETE", address, 204)
        phone.ask("HEAD", address, 404)
        phone.grow(address, 3, b"x", 404)
        phone.ask("DELETE", address, 404)
    assert originals(store) == partials(store) == []
