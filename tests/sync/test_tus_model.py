"""Uploads under everything that a bad line can do to them, beside a model that is one number: how much counts."""

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.makers import make_walk
from tests.sync.test_tus import Dead
from tests.sync.tus import Phone, checksum, on_line, originals, partials, sha
from webapp import create_app
from webapp.config import Settings

LENGTH = 100_000
DATA = bytes(number * number % 251 for number in range(LENGTH))
SIZES = some.one_of(some.integers(0, 300), some.integers(0, LENGTH))


class Uploads(RuleBasedStateMachine):
    """One upload at a time, of one phone; the app is made once for all."""

    app: Any = None
    phone: Any = None
    folder: Any = None

    @initialize(sent=SIZES)
    def begin(self, sent: int) -> None:
        if Uploads.app is None:
            Uploads.folder = tempfile.TemporaryDirectory()
            Uploads.app = create_app(Settings.read({"POHLED_HOME": str(Path(Uploads.folder.name) / "home")}))
            with Uploads.app.app_context():
                walk = make_walk()
            Uploads.phone = Phone(Uploads.app, walk)
        self.store = self.app.extensions["store"]
        self.counted = min(sent, LENGTH - 1)
        self.address = self.phone.begin(LENGTH, DATA[: self.counted])

    @property
    def unfinished(self) -> bool:
        return self.counted < LENGTH

    def next(self, size: int) -> bytes:
        return DATA[self.counted : self.counted + size]

    @rule(size=SIZES, algorithm=some.sampled_from([None, "sha1", "sha256"]))
    def grow(self, size: int, algorithm: str | None) -> None:
        data = self.next(size)
        sum_ = checksum(data, algorithm) if algorithm else None
        answer = self.phone.grow(self.address, self.counted, data, Upload_Checksum=sum_)
        self.counted += len(data)
        assert int(answer.headers["Upload-Offset"]) == self.counted

    @precondition(lambda self: self.unfinished)
    @rule(size=SIZES, lost=some.integers(1, LENGTH), summed=some.booleans())
    def cut(self, size: int, lost: int, summed: bool) -> None:
        data = self.next(size)
        announced = min(len(data) + lost, LENGTH - self.counted)
        more = {"Upload-Checksum": checksum(data)} if summed else {}
        short = announced > len(data)
        status = on_line(self.phone, self.address, self.counted, BytesIO(data), announced, **more)
        assert status == (460 if summed and short else 204)
        self.counted += 0 if summed and short else len(data)

    @precondition(lambda self: self.unfinished)
    @rule(size=some.integers(1, LENGTH), algorithm=some.sampled_from(["sha1", "sha256"]))
    def spoil(self, size: int, algorithm: str) -> None:
        data = self.next(size)
        self.phone.grow(self.address, self.counted, data, 460, Upload_Checksum=checksum(data + b"!", algorithm))

    @rule(offset=some.integers(0, 2 * LENGTH), size=SIZES)
    def miss(self, offset: int, size: int) -> None:
        if offset != self.counted:
            answer = self.phone.grow(self.address, offset, bytes(size), 409)
            assert int(answer.headers["Upload-Offset"]) == self.counted

    @rule(more=some.integers(1, 1000))
    def exceed(self, more: int) -> None:
        self.phone.grow(self.address, self.counted, bytes(LENGTH - self.counted + more), 413)

    @precondition(lambda self: self.unfinished)
    @rule(older=SIZES, newer=SIZES)
    def hang(self, older: int, newer: int) -> None:
        """While one line hangs, another goes on; what the first one sent is never mixed in."""
        at, data = self.counted, self.next(newer)
        line = Dead(bytes(min(older, LENGTH - at - 1)), lambda: self.phone.grow(self.address, at, data))
        assert on_line(self.phone, self.address, at, line, LENGTH - at) == 409
        self.counted += len(data)

    @precondition(lambda self: self.unfinished)
    @rule(junk=some.binary(max_size=3000))
    def stop_before_the_commit(self, junk: bytes) -> None:
        for path in partials(self.store):
            with path.open("ab") as file:
                file.write(junk)

    @rule()
    def lose(self) -> None:
        for path in partials(self.store) + originals(self.store):
            path.unlink()
        self.counted = 0

    @invariant()
    def says_what_counts(self) -> None:
        if not hasattr(self, "address"):
            return
        assert self.phone.offset(self.address) == self.counted
        if self.unfinished:
            assert [path.read_bytes()[: self.counted] for path in partials(self.store)] == [DATA[: self.counted]]
        else:
            assert partials(self.store) == []
            assert self.store.original(sha(DATA)).read_bytes() == DATA

    def teardown(self) -> None:
        if hasattr(self, "address"):
            self.phone.ask("DELETE", self.address, 204)
            assert partials(self.store) == originals(self.store) == []


TestUploads = Uploads.TestCase
TestUploads.settings = settings(max_examples=25, stateful_step_count=15, suppress_health_check=list(HealthCheck))
