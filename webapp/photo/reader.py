"""The child process in which files are opened: one request a line on its input, its answers a line each.

`header`, `metadata` and `picture` come one after the other, so that what was read stands even if the next
stage takes the child down; a track has one answer. Started by `intake.Reader` and by nobody else.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from PIL import ImageFile

from webapp.photo import faces, metadata, thumbnails
from webapp.photo.regions import MOST_REGIONS, Style, read_regions
from webapp.photo.rules import Reason, Sizes
from webapp.photo.thumbnails import Unreadable
from webapp.photo.track_files import NoTrack, read_track
from webapp.walk.track_trouble import TrackTrouble

Answer = dict[str, Any]

_LARGEST_OUTPUT = 128 * 1024**2
_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Serve until the input ends; `arguments` are the parent's process id and the limits as JSON."""
    parent, limits = int(arguments[0]), json.loads(arguments[1])
    _die_with(parent)
    answers = _keep_output_to_ourselves()
    _restrain(limits["memory"])
    warnings.simplefilter("ignore")
    _say({"stage": "ready"}, answers)
    for line in sys.stdin:
        _allow_more_cpu(limits["work_seconds"])
        for answer in work(json.loads(line), limits):
            _say(answer, answers)


def _say(answer: Answer, answers: TextIO) -> None:
    answers.write(json.dumps(answer, allow_nan=False) + "\n")
    answers.flush()


def work(request: Mapping[str, Any], limits: Mapping[str, Any]) -> Iterator[Answer]:
    """The three answers to one request: keys of `Facts`, and `sizes` where `folder` asks; one for a track."""
    if track := request.get("track"):
        yield {"stage": "track", **_track(Path(request["path"]), Path(track))}
        return
    kind = request["type"]
    try:
        data = Path(request["path"]).read_bytes()
        opened, trouble = _opened(data, kind)
    except MemoryError:
        data, opened, trouble = b"", None, Unreadable(Reason.TOO_MUCH_MEMORY)
    size = None if opened is None else opened.size
    count = 0 if opened is None else thumbnails.pixels(opened)
    if count > limits["large_pixels"]:
        _allow_more_cpu(limits["large_seconds"])
    yield {"stage": "header", "pixels": count, **_upright(size, 1)}

    known = request["orientation"]
    found: Answer = {"orientation": known}
    if request["metadata"]:
        found = _metadata(data, kind, opened, limits["metadata_seconds"])
    turn = thumbnails.turn_of(kind, found["orientation"])
    yield {"stage": "metadata", **_upright(size, turn), **found}

    if trouble is None and count > request["max_pixels"]:
        trouble = Unreadable(Reason.TOO_MANY_PIXELS)
    yield {"stage": "picture", **_picture(trouble, data, kind, turn, request)}


def _track(path: Path, packed: Path) -> Answer:
    """Writes the track into `packed`; the answer says what the file holds besides, or why it is none."""
    try:
        track, found = read_track(path.read_bytes())
        packed.write_bytes(track.pack())
    except NoTrack as error:
        return {"trouble": error.trouble}
    except MemoryError:
        return {"trouble": TrackTrouble.TOO_MUCH_MEMORY}
    return {"trouble": None, "found": asdict(found)}


def _opened(data: bytes, kind: str) -> tuple[ImageFile.ImageFile | None, Unreadable | None]:
    try:
        return thumbnails.open_picture(data, kind), None
    except Unreadable as error:
        return None, error


def _upright(size: tuple[int, int] | None, turn: int) -> Answer:
    if size is None:
        return {}
    width, height = size if turn < 5 else size[::-1]
    return {"width": width, "height": height}


def _metadata(data: bytes, kind: str, opened: ImageFile.ImageFile | None, seconds: float) -> Answer:
    # The library turns a HEIC as its container says and then hides what EXIF says of it.
    stated = opened.info.get("original_orientation") if opened and opened.format == "HEIF" else None
    found, notes = metadata.read(data, opened, seconds / 2, stated)
    return {
        "orientation": found.orientation,
        "camera": found.camera,
        "taken": None if found.taken is None else found.taken.as_record(),
        "place": None if found.place is None else found.place.as_json(),
        "notes": notes,
    }


def _picture(trouble: Unreadable | None, data: bytes, kind: str, turn: int, request: Mapping[str, Any]) -> Answer:
    sizes: Sizes = ()
    notes: tuple[str, ...] = ()
    more: Answer = {}
    folder, press, paint = request["folder"], request.get("press"), request.get("paint")
    try:
        if trouble is not None:
            raise trouble
        if press is not None:
            sizes = (thumbnails.press(data, kind, turn, Path(press["file"]), press["edge"], press["most"]),)
        elif paint is not None:
            regions, style = read_regions(paint["regions"]), Style(paint["style"])
            sizes, notes = thumbnails.painted(data, kind, turn, Path(folder), regions, style)
        elif request.get("faces"):
            found = faces.find(thumbnails.looked_at(data, kind, turn))
            return {"ok": True, "reason": None, "faces": [asdict(face) for face in found[:MOST_REGIONS]]}
        elif folder is None:
            notes = thumbnails.try_out(data, kind)
        else:
            sizes, notes = thumbnails.make(data, kind, turn, Path(folder))
            more = {"likeness": thumbnails.likeness(Path(folder))}
    except Unreadable as error:
        return {"ok": False, "reason": error.reason, "notes": [error.detail] if error.detail else []}
    except MemoryError:
        return {"ok": False, "reason": Reason.TOO_MUCH_MEMORY}
    except faces.NotInstalled:
        return {"ok": True, "reason": None}
    except OSError as error:
        return {"failed": f"{type(error).__name__}: {error.strerror}"}
    return {"ok": True, "reason": None, "sizes": [asdict(size) for size in sizes], "notes": notes, **more}


def _die_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have died before the line above.
    if os.getppid() != parent:
        sys.exit(1)


def _keep_output_to_ourselves() -> TextIO:
    """C libraries print where they like: give them nowhere to print to."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return answers


def _restrain(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_OUTPUT, _LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_more_cpu(seconds: int) -> None:
    """Each request may use that much; the limit itself counts from the start of the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))
