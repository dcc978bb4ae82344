"""Uploads that survive bad lines: the tus protocol, version 1.0.0 (https://tus.io/protocols/resumable-upload).

Its names for headers and its status codes are used as they are. What an answer counts has been flushed to the disk
and committed before.
"""

import hashlib
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, NoReturn

import structlog
from flask import Blueprint, Response, abort, current_app, g, request, url_for
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.http import http_date

from webapp.config import Settings
from webapp.consent.queries import may_keep
from webapp.database import after_commit, db, now, transaction
from webapp.doors import anybody, phone
from webapp.jobs import later
from webapp.mark import N_
from webapp.people.queries import is_gone, participant
from webapp.photo.changes import Withdrawn
from webapp.photo.jobs import process_picture
from webapp.photo.uploads import (
    Crowded,
    KeepsNothing,
    Lost,
    Underway,
    Wish,
    advance,
    begin,
    begin_whole,
    check,
    end,
    finish,
    own_upload,
    restart,
    take_over,
    unchanged,
    unwanted,
)
from webapp.shell.errors import KEEPS_NOTHING, Saying, answer
from webapp.shell.request import UPLOADS, waiting_for_body
from webapp.storage import Damaged, Held, Partial, Store, Stored
from webapp.sync.metadata import Wrong, read_checksum, read_metadata
from webapp.walk.changes import NotYours

log = structlog.get_logger()
uploads = Blueprint("uploads", __name__, url_prefix=UPLOADS)

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,termination,expiration"
ALGORITHMS = ("sha1", "sha256")
BYTES = "application/offset+octet-stream"
PIECE = 16 * 1024  # bytes: on a slow line, so much may be lost with it
FAST_PIECE, FAST_SECONDS = 64 * 1024, 0.05  # while a piece comes as fast as that, larger ones cost less
FAST_PIECES = 4  # of them together: each step outside of Python is a turn in its queue of threads
COUNT_SECONDS = 2  # between two countings of a body that is still coming
CROWDED_SECONDS = 60
LISTEN_SECONDS = 5  # to a body that is refused: whoever is still talking does not hear why

OTHER_VERSION = Saying(
    N_("Another version of the protocol"), N_("Uploads are sent by tus 1.0.0. Nothing was changed.")
)
NO_LENGTH = Saying(
    N_("How long it will be must be said first"),
    N_("Upload-Length takes a whole number of bytes. Nothing was stored."),
)
NO_PIECES = Saying(
    N_("An upload comes as one"), N_("Upload-Concat and Upload-Defer-Length are not offered. Nothing was stored.")
)
NO_OFFSET = Saying(N_("Where it goes on must be said first"), N_("Upload-Offset takes a whole number of bytes."))
OTHER_OFFSET = Saying(
    N_("It goes on at another place"), N_("Nothing was changed. Ask by HEAD how far it is, and go on from there.")
)
OTHER_TYPE = Saying(
    N_("This is not how uploads are sent"), N_("Their Content-Type is application/offset+octet-stream.")
)
TOO_LONG = Saying(N_("This is longer than was said"), N_("Nothing of it was kept. Upload-Length said where it ends."))
TOO_LARGE = Saying(N_("This file is too large"), N_("Nothing was stored. Tus-Max-Size says how large one may be."))
BAD_CHECKSUM = Saying(
    N_("This checksum cannot be checked"), N_("Upload-Checksum takes sha1 or sha256, a space, and the sum in base64.")
)
MISMATCH = Saying(N_("This did not arrive as it was sent"), N_("Nothing of it was kept. Send it again."))
EXPIRED = Saying(N_("This took too long"), N_("The upload has expired. Begin a new one."))
CROWDED = Saying(N_("Too much is under way already"), N_("Finish or delete some uploads, and begin this one later."))
EMPTY = Saying(N_("An original is never empty"), N_("Upload-Length is 0. Choose the photo again."))
WRONG_WORDS = {
    "": Saying(
        N_("The metadata cannot be read"),
        N_("Upload-Metadata takes pairs of a key and a base64 text, separated by commas."),
    ),
    "photo": Saying(N_("The metadata names no photo"), N_("The key “photo” takes the photo's UUID.")),
    "part": Saying(N_("The metadata names no part"), N_("The key “part” takes preview, original or sound.")),
    "sha256": Saying(N_("The metadata holds no SHA-256"), N_("The key “sha256” takes 64 hexadecimal digits.")),
}


@uploads.before_request
def refuse_other_versions() -> Response | None:
    """Whoever speaks another version is not listened to; OPTIONS tells which one is spoken here."""
    if "participant" in g:
        g.person = g.participant.id  # the row itself may be erased while a body comes
    if request.method == "OPTIONS" or request.headers.get("Tus-Resumable") == VERSION:
        return None
    return answer(412, OTHER_VERSION)


@uploads.after_app_request
def add_version(response: Response) -> Response:
    """Every answer names the version, refusals too."""
    if not request.path.startswith(UPLOADS):
        return response
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    if response.status_code == 412:
        response.headers["Tus-Version"] = VERSION
    if response.status_code == 413:
        response.headers["Tus-Max-Size"] = str(_settings().max_bytes)
    if response.status_code >= 400:
        _listen()
    if request.method == "HEAD":
        response.set_data(b"")  # asked for by X-HTTP-Method-Override, the server would wait for what is announced
    return response


@uploads.route("", methods=["OPTIONS"], provide_automatic_options=False)
@uploads.route("/<uuid:upload_id>", methods=["OPTIONS"], provide_automatic_options=False)
@anybody
def tell(upload_id: uuid.UUID | None = None) -> Response:
    """What is offered here."""
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(_settings().max_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return Response(status=204, headers=headers)


@uploads.post("", provide_automatic_options=False)
@phone
def create() -> Response:
    """A new upload, with all, some or none of its bytes."""
    wish, body, checksum = _wish(), Body(), _checksum()
    with _saying_why(wish):
        check(wish)
    if wish.length == 0 and wish.part == "original":
        return answer(422, EMPTY)
    if body.comes:
        _need_type()
    db.session.rollback()  # no reading is kept open while a slow line sends
    store = _store()
    file = store.begin_partial()
    try:
        with store.growing(file, 0) as partial:
            upload = Growth(wish, file, partial, checksum).take(body)
    except BaseException:
        store.drop_partial(file)
        raise
    return _told(201, upload, Location=url_for("uploads.look", upload_id=upload.id))


@uploads.route("/<uuid:upload_id>", methods=["HEAD"], provide_automatic_options=False)
@phone
def look(upload_id: uuid.UUID) -> Response:
    """How far an upload is."""
    upload = _proven(_own(upload_id))
    headers = {"Upload-Length": str(upload.wish.length)}
    if upload.wish.said:
        headers["Upload-Metadata"] = upload.wish.said
    return _told(200, upload, **headers)


@uploads.patch("/<uuid:upload_id>", provide_automatic_options=False)
@phone
def grow(upload_id: uuid.UUID) -> Response:
    """More of an upload's bytes, where it stopped."""
    upload = _own(upload_id)
    _refuse_unless_kept(upload.wish)
    _need_type()
    offset, body, checksum = _number("Upload-Offset", NO_OFFSET), Body(), _checksum()
    upload = _proven(upload)
    if offset != upload.offset:
        return _elsewhere(upload)
    if offset + (body.announced or 0) > upload.wish.length:
        return answer(413, TOO_LONG)
    if upload.stored:
        return _told(204, upload)
    try:
        with _holding(upload) as (mine, partial):
            upload = Growth(mine.wish, mine.file, partial, checksum, mine).take(body)
    except (Lost, Damaged):
        _refuse_unless_kept(upload.wish)
        return _elsewhere(_proven(_own(upload_id)))
    return _told(204, upload)


@uploads.delete("/<uuid:upload_id>", provide_automatic_options=False)
@phone
def terminate(upload_id: uuid.UUID) -> Response:
    """Ends an upload, whole or not; what a record has named already stays with the record."""
    upload, store = _own(upload_id), _store()
    with store.forgetting():
        with transaction():
            lone = end(upload)
            store.doom(lone)
        for sha256 in lone:
            store.forget(sha256)
    store.drop_partial(upload.file)
    return Response(status=204)


class Body:
    """A request's body as it comes. A cut one merely ends early."""

    def __init__(self) -> None:
        environ = request.environ
        self._input: Any = environ["wsgi.input"]
        self.announced = request.content_length
        ends = "Transfer-Encoding" in request.headers or environ.get("wsgi.input_terminated", False)
        self.chunked = self.announced is None and ends
        self.comes = bool(self.announced) or "Transfer-Encoding" in request.headers
        self.left = self.announced or 0
        self._over = False
        g.body = self

    @property
    def short(self) -> bool:
        """Whether less came than was announced."""
        return self.left > 0

    def pieces(self, room: int) -> Iterator[list[bytes]]:
        """What is announced; without an announcement at most one byte more than there is room for.

        Piece by piece on a slow line, some together on a fast one.
        """
        if self.chunked:
            self.left = room + 1
        fast, asked, together = False, time.monotonic(), list[bytes]()
        while self.left and not self._over:
            if piece := self._read(min(FAST_PIECE if fast else PIECE, self.left)):
                together.append(piece)
                self.left -= len(piece)
            came = time.monotonic()
            fast, asked = came - asked < FAST_SECONDS, came
            if together and (not fast or len(together) == FAST_PIECES):
                yield together
                together = []
        if together:
            yield together
        if self.chunked:
            self.left = 0

    def _read(self, size: int) -> bytes:
        try:
            piece = bytes(self._input.read(size))
        except OSError:  # so some servers say that the line is dead
            piece = b""
        self._over = not piece
        return piece


class Growth:
    """One request's bytes, on their way into a file that this request holds. Without `upload`, one is begun."""

    def __init__(
        self,
        wish: Wish,
        file: str,
        partial: Partial,
        checksum: tuple[str, bytes] | None,
        upload: Underway | None = None,
    ) -> None:
        self.wish, self.file, self.partial, self.checksum, self.upload = wish, file, partial, checksum, upload
        self.at = self.counted
        self.whole = None if self.at else hashlib.sha256()

    @property
    def counted(self) -> int:
        """So many bytes are committed."""
        return self.upload.offset if self.upload else 0

    def take(self, body: Body) -> Underway:
        """Stores the body and counts it; as much of it as came, unless it has a checksum."""
        try:
            with waiting_for_body():
                self._write(body)
        except BaseException:
            self.partial.cut(self.counted)
            raise
        if self.at == self.wish.length:
            return self._finish()
        self.partial.flush()
        if self.upload and self.at == self.counted:
            db.session.rollback()
            return unchanged(self.upload)
        if self.upload is None:
            _store().settle_partial()
        with transaction():
            return self._count()

    def _write(self, body: Body) -> None:
        sum_ = hashlib.new(self.checksum[0], usedforsecurity=False) if self.checksum else None
        last = time.monotonic()
        for pieces in body.pieces(self.wish.length - self.at):
            self.at += sum(map(len, pieces))
            if self.at > self.wish.length:
                abort(answer(413, TOO_LONG))
            self.partial.write(pieces)
            for hash_ in filter(None, (sum_, self.whole)):
                for piece in pieces:
                    hash_.update(piece)
            if self.upload and not sum_ and time.monotonic() - last > COUNT_SECONDS:
                # A line may die without a word, and its thread may wait here for ever: what came counts already.
                self.partial.flush()
                with transaction():
                    self.upload = self._count()
                last = time.monotonic()
        if self.checksum and sum_ and (body.short or sum_.digest() != self.checksum[1]):
            abort(answer(460, MISMATCH))

    def _count(self) -> Underway:
        upload = self.upload
        if upload is None:
            with _saying_why(self.wish):
                upload = begin(self.wish, self.file)
        else:
            _refuse_unless_kept(self.wish)  # taken back while the bytes were on their way
        return advance(upload, self.at) if self.at > upload.offset else upload

    def _finish(self) -> Underway:
        store, wish = _store(), self.wish
        stored = Stored(self.whole.hexdigest() if self.whole else self.partial.digest(), wish.length)
        if wish.claimed not in (None, stored.sha256):
            self._discard()
        try:
            with store.keeping():
                store.adopt(self.partial, stored)
                with transaction():
                    done, pictures = self._finished(stored)
                    after_commit(lambda: _queue(pictures))
        except BaseException:
            with store.forgetting():
                db.session.rollback()
                if unwanted(stored.sha256):
                    store.forget(stored.sha256)
            raise
        store.drop_partial(self.file)
        return done

    def _finished(self, stored: Stored) -> tuple[Underway, list[str]]:
        if self.upload:
            _refuse_unless_kept(self.wish)
            return finish(self.upload, stored)
        with _saying_why(self.wish):
            return begin_whole(self.wish, self.file, stored)

    def _discard(self) -> NoReturn:
        if self.upload:
            with transaction():
                end(advance(self.upload, self.at))
        _store().drop_partial(self.file)
        abort(answer(460, MISMATCH))


@contextmanager
def _holding(upload: Underway) -> Iterator[tuple[Underway, Partial]]:
    """The upload's file, which only this request may write to. Held by an older one, it is taken over: that one may
    sit on a dead line for ever, and finds at its end that the upload is no longer its own."""
    store = _store()
    with ExitStack() as stack:
        try:
            partial = stack.enter_context(store.growing(upload.file, upload.offset))
        except Held:
            file, partial = stack.enter_context(store.taking_over(upload.file, upload.offset))
            try:
                with transaction():
                    mine = take_over(upload, file)
            except BaseException:
                store.drop_partial(file)
                raise
            store.drop_partial(upload.file)
        else:
            db.session.rollback()
            mine = _own(upload.id)  # read again: another request may have counted more before it let go
            if (mine.file, mine.offset, mine.stored) != (upload.file, upload.offset, None):
                raise Lost
            partial.cut(mine.offset)
        db.session.rollback()  # no reading is kept open while a slow line sends
        yield mine, partial


def _proven(upload: Underway) -> Underway:
    """The same upload once its bytes were found; begun again if they are gone."""
    store = _store()
    there = store.holds(upload.stored) if upload.stored else store.partial_bytes(upload.file) >= upload.offset
    if there:
        return upload
    file = store.begin_partial()
    store.settle_partial()
    try:
        with transaction():
            again = restart(upload, file)
    except Lost:  # taken over in this moment, and so in another file
        store.drop_partial(file)
        return _own(upload.id)
    log.error("upload_bytes_gone", request=g.get("request_id"), bytes=upload.offset)
    return again


def _own(upload_id: uuid.UUID) -> Underway:
    upload = own_upload(g.person, upload_id) or abort(404)
    if upload.expires < now():
        abort(answer(410, EXPIRED))
    return upload


def _queue(pictures: Sequence[str]) -> None:
    for sha256 in pictures:
        later(process_picture, sha256)


def _wish() -> Wish:
    if "Upload-Defer-Length" in request.headers or "Upload-Concat" in request.headers:
        abort(answer(400, NO_PIECES))
    length = _number("Upload-Length", NO_LENGTH)
    if length > _settings().max_bytes:
        abort(answer(413, TOO_LARGE))
    said = request.headers.get("Upload-Metadata", "")
    try:
        words = read_metadata(said)
    except Wrong as error:
        abort(answer(422, WRONG_WORDS[error.field]))
    if words.photo and is_gone(words.photo):
        abort(410)
    return Wish(g.person, length, words.photo, words.part, words.sha256, said)


def _checksum() -> tuple[str, bytes] | None:
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    try:
        return read_checksum(header, ALGORITHMS)
    except Wrong:
        abort(answer(400, BAD_CHECKSUM))


def _number(name: str, saying: Saying) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        abort(answer(400, saying))
    return int(text)


def _need_type() -> None:
    if request.mimetype != BYTES:
        abort(answer(415, OTHER_TYPE))


def _refuse_unless_kept(wish: Wish) -> None:
    if not may_keep(wish.participant_id):
        _refuse(wish)


def _refuse(wish: Wish) -> NoReturn:
    person = participant(wish.participant_id)
    abort(answer(403, KEEPS_NOTHING) if person and not person.leaving else answer(410))


@contextmanager
def _saying_why(wish: Wish) -> Iterator[None]:
    try:
        yield
    except KeepsNothing:
        _refuse(wish)
    except NotYours:
        abort(403)
    except Withdrawn:
        abort(410)
    except Crowded:
        response = answer(429, CROWDED)
        response.headers["Retry-After"] = str(CROWDED_SECONDS)
        abort(response)


def _elsewhere(upload: Underway) -> Response:
    response = answer(409, OTHER_OFFSET)
    response.headers["Upload-Offset"] = str(upload.offset)
    return response


def _told(status: int, upload: Underway, **headers: str) -> Response:
    headers |= {"Upload-Offset": str(upload.offset), "Upload-Expires": http_date(upload.expires)}
    return Response(status=status, headers={**headers}, mimetype="text/plain")


def _listen() -> None:
    """Lets a refused body come to its end, for a while: else its sender hears a broken line, and no reason."""
    body: Body = g.get("body") or Body()
    end_ = time.monotonic() + LISTEN_SECONDS
    with suppress(ServiceUnavailable), waiting_for_body():
        for _ in body.pieces(_settings().max_bytes):
            if time.monotonic() > end_:
                break


def _store() -> Store:
    store: Store = current_app.extensions["store"]
    return store


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
