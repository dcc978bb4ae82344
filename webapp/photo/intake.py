"""Bytes -> safe facts. The file is opened in a child process that may use only so much memory and time."""

import hashlib
import json
import os
import resource
import select
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from types import TracebackType
from typing import Any, Self

from webapp.photo.regions import Region, Style
from webapp.photo.rules import Facts, Reason, Size, Sizes, known_zone, sniff
from webapp.photo.track import LARGEST_TRACK, Track, TrackFound
from webapp.walk.track_trouble import TrackTrouble


@dataclass(frozen=True)
class Limits:
    """What opening one file may cost. Memory is bytes of address space.

    To look at a file takes `seconds` of wall time at most, and that stays below ten: somebody waits. While sizes are
    made nobody does, and a machine that is busy must not make an honest picture unreadable: what counts then is CPU
    time, `work_seconds` of it, or `large_seconds` for more than `large_pixels`; of wall time it may be `patience`
    times as much.

    After so many `files`, or once it holds more than `grown` bytes while it rests, the process is replaced.
    """

    memory: int = 1_000_000_000
    seconds: float = 9
    metadata_seconds: float = 3
    work_seconds: int = 20
    large_pixels: int = 24_000_000
    large_seconds: int = 60
    patience: float = 4
    files: int = 500
    grown: int = 300_000_000


USUAL = Limits()
MAX_BYTES = 60_000_000
MAX_PIXELS = 220_000_000
"""Phones make pictures of 200 megapixels."""


class CannotRead(Exception):
    """There is no track to be had from a file."""

    def __init__(self, trouble: TrackTrouble) -> None:
        super().__init__(trouble.sentence)
        self.trouble = trouble


class Reader:
    """Reads files one at a time in a warm child process, which is replaced whenever a file broke it.

    Files of more than `max_bytes`, and pictures of more than `max_pixels` counted over frames, are refused
    before anything is decoded. Safe to share between threads; make one per process, after any fork. The child
    ends with its parent.
    """

    def __init__(self, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS, limits: Limits = USUAL) -> None:
        self.max_bytes = max_bytes
        self.max_pixels = max_pixels
        self.limits = limits
        self._lock = threading.Lock()
        self._child: _Child | None = None
        # A parent-death signal comes when the thread that started the child ends: so one thread, which stays.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="picture-reader")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            self._drop_child()
        self._starter.shutdown()

    def inspect(self, path: Path, zone: str | None = None) -> Facts:
        """What the file is; `ok` only if a picture could really be decoded from it.

        `zone`, an IANA name, gives the instant where the file does not. Raises OSError if the file cannot be
        read as a file, ValueError for an unknown zone; never anything because of what is in the file.
        """
        return self._read(path, None, zone)[0]

    def derive(self, path: Path, folder: Path, zone: str | None = None) -> tuple[Facts, Sizes]:
        """The same, and 2000.jpg, 1280.jpg and 320.jpg written into `folder`, neither synced nor renamed.

        The sizes are empty where `ok` is false. Raises as `inspect` does, and OSError where `folder` cannot
        be written to.
        """
        return self._read(path, folder, zone)

    def press(self, path: Path, file: Path, edge: int | None = None, most: int | None = None) -> tuple[Facts, Sizes]:
        """The same, and one picture for paper written into `file`: see `thumbnails.press`. It is the only size."""
        press = {"file": str(file.absolute()), "edge": edge, "most": most}
        return self._read(path, file.parent, None, press=press)

    def track(self, path: Path) -> tuple[Track, TrackFound]:
        """The track in a GPX, KML or GeoJSON file, and what else is in it.

        Raises CannotRead, and OSError if the file cannot be read as a file; nothing else because of what is in it.
        """
        size = path.stat().st_size
        if size > LARGEST_TRACK:
            raise CannotRead(TrackTrouble.TOO_LARGE)
        with TemporaryDirectory() as folder:
            packed = Path(folder) / "track"
            answer = self._ask_for_track({"path": str(path.absolute()), "track": str(packed)})
            if answer["trouble"]:
                raise CannotRead(TrackTrouble(answer["trouble"]))
            return Track.unpack(packed.read_bytes()), TrackFound(**answer["found"])

    def _ask_for_track(self, request: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            child = self._running_child()
            try:
                child.send(request)
                return child.answer(monotonic() + self.limits.seconds)
            except TimeoutError:
                self._drop_child()
                return {"trouble": TrackTrouble.TOO_SLOW}
            except (OSError, ValueError, EOFError):
                self._drop_child()
                return {"trouble": TrackTrouble.DAMAGED}

    def paint(self, path: Path, folder: Path, regions: Sequence[Region], style: Style) -> tuple[Facts, Sizes]:
        """The same, and the picture painted over: see `thumbnails.painted`."""
        paint = {"regions": [region.as_json() for region in regions], "style": style.value}
        return self._read(path, folder, None, paint=paint)

    def faces(self, path: Path) -> list[dict[str, float]] | None:
        """Where faces may be in a picture, as `faces.Face` has it; None where that cannot be told."""
        _sha256, size, head = _fingerprint(path)
        kind = sniff(head)
        if self._refusal(size, kind):
            return None
        found: list[dict[str, float]] | None = self._ask(path, kind, None, {"faces": True}).get("faces")
        return found

    def _read(self, path: Path, folder: Path | None, zone: str | None, **more: Any) -> tuple[Facts, Sizes]:
        if zone is not None:
            known_zone(zone)
        sha256, size, head = _fingerprint(path)
        kind = sniff(head)
        if refusal := self._refusal(size, kind):
            learned: dict[str, Any] = {"ok": False, "reason": refusal}
        else:
            learned = self._ask(path, kind, folder, more)
        if failed := learned.get("failed"):
            raise OSError(f"cannot write sizes into {folder}: {failed}")
        facts = _facts({**learned, "type": kind, "sha256": sha256, "bytes": size})
        return facts.in_zone(zone), tuple(Size(**each) for each in learned.get("sizes", ()))

    def _refusal(self, size: int, kind: str | None) -> Reason | None:
        if size == 0:
            return Reason.EMPTY
        if kind is None:
            return Reason.NOT_A_PICTURE
        return Reason.TOO_MANY_BYTES if size > self.max_bytes else None

    def _ask(self, path: Path, kind: str | None, folder: Path | None, more: dict[str, Any]) -> dict[str, Any]:
        """All that the child found out, as keys of Facts.

        A child that dies of a file is replaced and tries once more, without the metadata: those parsers break
        most easily, and the picture may be sound.
        """
        request = {
            "path": str(path.absolute()),
            "type": kind,
            "folder": None if folder is None else str(folder.absolute()),
            **more,
            "max_pixels": self.max_pixels,
            "metadata": True,
            "orientation": None,
        }
        learned = _Learned()
        with self._lock:
            if self._child and self._child.worn(self.limits):
                self._drop_child()
            self._running_child()
            limits = self.limits
            if more.keys() & {"paint", "faces"}:  # somebody waits for it and has asked for it, and every pixel counts
                seconds: float = limits.large_seconds
            else:
                seconds = limits.seconds if folder is None else limits.work_seconds * limits.patience
            deadline = monotonic() + seconds
            if self._attempt(request, learned, deadline):
                return learned.values
            request.update(metadata=False, orientation=learned.values.get("orientation"))
            self._attempt(request, learned, deadline)
            return learned.values

    def _attempt(self, request: Mapping[str, Any], learned: "_Learned", deadline: float) -> bool:
        """Whether nothing is left to try."""
        child = self._running_child()
        try:
            child.send(request)
            header = child.answer(deadline)
            learned.add(header)
            large = header["pixels"] > self.limits.large_pixels and "paint" not in request
            if request["folder"] is not None and large:
                deadline += (self.limits.large_seconds - self.limits.work_seconds) * self.limits.patience
            # The child stops slow metadata itself, unless it is stuck where no alarm reaches it.
            learned.add(child.answer(min(deadline, monotonic() + self.limits.metadata_seconds + 1)))
            learned.add(child.answer(deadline))
        except TimeoutError:
            self._drop_child()
            learned.fail(Reason.TOO_SLOW, "the child took too long")
            return monotonic() >= deadline
        except (OSError, ValueError, EOFError):
            end = child.kill()
            slow = end == signal.SIGXCPU.name
            learned.fail(Reason.TOO_SLOW if slow else Reason.DAMAGED, f"the child ended with {end}")
            self._drop_child()
            return slow
        return True

    def _running_child(self) -> "_Child":
        if self._child is not None and not self._child.alive():
            self._drop_child()
        if self._child is None:
            self._child = self._starter.submit(_Child, self.limits).result()
        return self._child

    def _drop_child(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None


class _Learned:
    """The answers so far, the later over the earlier; notes add up."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {"ok": False, "reason": Reason.DAMAGED, "notes": []}

    def add(self, answer: Mapping[str, Any]) -> None:
        notes = [*self.values["notes"], *answer.get("notes", ())]
        self.values.update(answer, notes=notes)

    def fail(self, reason: Reason, note: str) -> None:
        self.add({"ok": False, "reason": reason, "notes": [note]})


ALLOCATOR = {
    # Threads of decoders would each reserve 64 MB of the address space that we count.
    "MALLOC_ARENA_MAX": "2",
    # Given back to the system after each step, every page of the next step is a fault: a quarter of the CPU time.
    "MALLOC_MMAP_THRESHOLD_": str(32 * 1024**2),
    "MALLOC_TRIM_THRESHOLD_": str(64 * 1024**2),
}
"""The environment in which glibc keeps the memory of one picture for the next; other C libraries pass over it."""

# The child must not load the whole program, of which webapp/__init__.py is the door: it gets an empty package
# in its place.
_START = """
import sys, types
package = types.ModuleType("webapp")
package.__path__ = [sys.argv.pop(1)]
sys.modules["webapp"] = package
from webapp.photo.reader import main
main(sys.argv[1:])
"""
_HOME = str(Path(__file__).parent.parent)
_LONGEST_ANSWER = 1 << 16
_START_SECONDS = 30


class _Child:
    """One process, its pipes, and the lines that came but were not yet asked for."""

    def __init__(self, limits: Limits) -> None:
        rules = {
            "memory": limits.memory,
            "metadata_seconds": limits.metadata_seconds,
            "work_seconds": limits.work_seconds,
            "large_seconds": limits.large_seconds,
            "large_pixels": limits.large_pixels,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, _HOME, str(os.getpid()), json.dumps(rules)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, **ALLOCATOR},
            # Ctrl-C in a terminal is for the parent, which finishes its work first.
            start_new_session=True,
        )
        self._pending = b""
        self._files = 0
        try:
            self.answer(monotonic() + _START_SECONDS)
        except (TimeoutError, EOFError, ValueError) as error:
            # A reader that never starts must not pass for pictures that nobody can read.
            raise ChildProcessError(f"the picture reader does not start: {self.kill()}") from error

    def alive(self) -> bool:
        return self._process.poll() is None

    def worn(self, limits: Limits) -> bool:
        """Whether it has read enough, or has kept too much of what it read."""
        if self._files >= limits.files:
            return True
        try:
            held = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        except OSError:
            return False
        return held * resource.getpagesize() > limits.grown

    def send(self, request: Mapping[str, Any]) -> None:
        """Raises OSError where the child is gone."""
        self._files += 1
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        self._process.stdin.write(json.dumps(request).encode() + b"\n")

    def answer(self, deadline: float) -> dict[str, Any]:
        """The next line. Raises TimeoutError, EOFError where the child is gone, ValueError for nonsense."""
        assert self._process.stdout is not None  # noqa: S101 - for the type checker
        source = self._process.stdout.fileno()
        waiting = select.poll()
        waiting.register(source, select.POLLIN)
        while b"\n" not in self._pending:
            if not waiting.poll(max(0, deadline - monotonic()) * 1000):
                raise TimeoutError
            more = os.read(source, 1 << 16)
            if not more or len(self._pending) > _LONGEST_ANSWER:
                raise EOFError
            self._pending += more
        line, self._pending = self._pending.split(b"\n", 1)
        answer = json.loads(line)
        if not isinstance(answer, dict):
            raise ValueError("not an answer")
        return answer

    def kill(self) -> str:
        """End it, however busy it is; its exit as a word for logs."""
        with suppress(OSError):
            self._process.kill()
        code = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        return signal.Signals(-code).name if code < 0 else f"exit {code}"


def _fingerprint(path: Path) -> tuple[str, int, bytes]:
    """SHA-256 in hex, length in bytes, and the first bytes. Raises OSError."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(f"not a file: {path}")
    digest, size, head = hashlib.sha256(), 0, b""
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            head = head or block[:4096]
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size, head


_UNKNOWN = dict.fromkeys(("width", "height", "orientation", "camera", "taken", "place"))


def _facts(learned: Mapping[str, Any]) -> Facts:
    reason = learned["reason"]
    return Facts.from_json({**_UNKNOWN, **learned, "reason": None if reason is None else Reason(reason).sentence})
