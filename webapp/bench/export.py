"""What is taken away: how large 30 panels are and what they tell, and how much memory a ZIP of originals takes."""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from flask import current_app
from PIL import Image, ImageOps

from webapp import create_app
from webapp.bench import CannotMeasure
from webapp.bench.drawing import drawn
from webapp.bench.figures import Figure
from webapp.config import PACKAGE, Settings
from webapp.consent import changes as consent_changes
from webapp.consent.rules import Decision, Purpose
from webapp.database import db, new_id, now, transaction
from webapp.exhibition import changes as exhibition_changes
from webapp.exhibition.rules import State
from webapp.export import changes as export_changes
from webapp.export import jobs, queries
from webapp.export.formats.paper import has_pango
from webapp.export.rules import NO_PANGO, PANGO
from webapp.join import changes as join_changes
from webapp.join.queries import Place
from webapp.people import changes as people_changes
from webapp.people.rules import new_join_code, new_key
from webapp.photo import changes as photo_changes
from webapp.photo.jobs import process
from webapp.project import changes as project_changes
from webapp.storage import Store

LARGEST_MB, MEMORY_MB = 25, 30
TRACES = (b"Exif\0\0", b"Benchcam", b"GPS", b"ns.adobe.com/xap", b"a comment of the camera")
XMP = b'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><GPSLatitude>50.1</GPSLatitude></x:xmpmeta>'
CAPTIONS = {
    "cs": "Když se vracím z noční, tahle výloha svítí jako jediná. Prodavač mě zdraví jménem.",
    "en": "When I come home from the night shift, this is the only window with a light on.",
}
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How much to measure. `folder`: real pictures to take; without it they are drawn, with a camera's grain."""

    panels: int = 30
    originals: int = 150
    size: tuple[int, int] = (4032, 3024)
    folder: Path | None = None


def measure(plan: Plan, say: Say) -> Iterator[Figure]:
    """Makes a project in a temporary folder and yields what comes of it. Raises `CannotMeasure`."""
    if not has_pango():
        raise CannotMeasure(NO_PANGO % {"packages": " ".join(PANGO)})
    with tempfile.TemporaryDirectory(prefix="pohled-bench-", ignore_cleanup_errors=True) as folder:
        settings = Settings.read({"POHLED_HOME": str(Path(folder) / "pohled")})
        with create_app(settings).app_context():
            say(f"Drawing photos of {plan.size[0]} x {plan.size[1]} below {folder} …")
            made = _project(plan, list(_pictures(plan)))
            say(f"Making {plan.panels} panels …")
            yield from _panels(plan, made, Path(folder))
            say(f"Making a ZIP of {plan.originals} originals …")
            yield from _memory(plan, made, settings, Path(folder))


@dataclass(frozen=True)
class Made:
    """What there is to take away."""

    project: uuid.UUID
    organiser: uuid.UUID
    exhibition: uuid.UUID
    call: uuid.UUID
    originals: list[Path]


def _panels(plan: Plan, made: Made, folder: Path) -> Iterator[Figure]:
    asked = {"exhibition": str(made.exhibition), "paper": "a3"}
    began = time.monotonic()
    panels = _file(made, "panels", asked)
    seconds = time.monotonic() - began
    peer = folder / "peer.pdf"
    began = time.monotonic()
    for path in made.originals[: plan.panels]:
        with Image.open(path) as opened:
            ImageOps.exif_transpose(opened).convert("RGB").save(peer, "PDF", append=peer.exists(), resolution=200)
    peer_seconds = time.monotonic() - began
    size, data = panels.stat().st_size / 1e6, panels.read_bytes()
    about = f"{plan.panels} photos with labels in Czech and English, 200 pixels an inch, fonts inside."
    yield Figure("Panels of A3", "MB", size, LARGEST_MB, "the limit", 1.0, at_least=False, about=about)
    yield Figure(
        "Panels of A3", "MB", size, peer.stat().st_size / 1e6, "Pillow's PDF", about="Its pages have no words."
    )
    yield Figure("The making of them", "s", seconds, peer_seconds, "Pillow's PDF", about="From the originals.")
    found = sum(data.count(trace) for trace in TRACES)
    there = sum(path.read_bytes().count(trace) for path in made.originals[: plan.panels] for trace in TRACES)
    about = "Exif, GPS, XMP, camera and comment, searched for byte by byte."
    yield Figure("Traces of metadata", "traces", found, there, "the originals", 0.0, at_least=False, about=about)


def _memory(plan: Plan, made: Made, settings: Settings, folder: Path) -> Iterator[Figure]:
    id_ = _ask(made, "originals", {"call": str(made.call)})
    ours = _child(settings.home, "ours", str(id_))
    row = queries.export(id_)
    if row is None or row.state != "ready" or len(row.photos) != plan.originals:
        raise CannotMeasure(f"The ZIP was not made: {row and row.reason}")
    (folder / "list.json").write_text(json.dumps([str(path) for path in made.originals]))
    peer = _child(settings.home, "peer", str(folder / "list.json"))
    about = f"{plan.originals} originals, {row.bytes / 1e6:.0f} MB; the most it had, less what it had before."
    yield Figure("Memory of a ZIP of originals", "MB", ours, MEMORY_MB, "the limit", 1.0, at_least=False, about=about)
    yield Figure("Memory of a ZIP of originals", "MB", ours, peer, "zipfile", about="zipfile.writestr of each file.")


def _child(home: Path, what: str, subject: str) -> float:
    """The megabytes by which a fresh process grew."""
    path = os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH")]))
    env = {**os.environ, "POHLED_HOME": str(home), "PYTHONPATH": path}
    command = [sys.executable, "-m", "webapp.bench.export", what, subject]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode:
        raise CannotMeasure(f"The process that was to be measured ended: {done.stderr.strip().splitlines()[-1:]}")
    return float(done.stdout.split()[-1])


def grown(act: Callable[[], object]) -> float:
    """Megabytes of the process at its largest while it acts, less those it had before. Linux only."""
    Path("/proc/self/clear_refs").write_text("5")  # forgets the largest so far
    before = _status("VmRSS")
    act()
    return (_status("VmHWM") - before) / 1000


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def _zip(names: list[str]) -> None:
    with tempfile.TemporaryFile() as file, zipfile.ZipFile(file, "w") as pack:
        for name in names:
            pack.writestr(Path(name).name, Path(name).read_bytes())


def _file(made: Made, format_: str, wanted: dict[str, str]) -> Path:
    id_ = _ask(made, format_, wanted)
    jobs.make_export(str(id_))
    db.session.rollback()
    row = queries.export(id_)
    if row is None or row.state != "ready":
        raise CannotMeasure(f"The file was not made: {row and row.reason}")
    store: Store = current_app.extensions["store"]
    return store.export(str(id_))


def _ask(made: Made, format_: str, wanted: dict[str, str]) -> uuid.UUID:
    with transaction():
        return export_changes.ask(made.project, made.organiser, format_, wanted, "en", "file").id


def _pictures(plan: Plan) -> Iterator[bytes]:
    """Different bytes for each photo: a few pictures, each with words of its own."""
    if plan.folder:
        files = sorted(path for path in plan.folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))
        bases = [path.read_bytes() for path in files]
        if not bases:
            raise CannotMeasure(f"There is no JPEG in {plan.folder}.")
    else:
        bases = [drawn(plan.size, number) for number in range(5)]
    for number in range(max(plan.panels, plan.originals)):
        base = bases[number % len(bases)]
        comment = f"a comment of the camera {number}".encode()
        segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        segment += b"\xff\xe1" + (len(XMP) + 2).to_bytes(2, "big") + XMP
        yield base[:2] + segment + base[2:]


def _project(plan: Plan, pictures: list[bytes]) -> Made:
    store: Store = current_app.extensions["store"]
    stored = [store.put(io.BytesIO(data), len(data)) for data in pictures]
    with transaction():
        organiser = people_changes.add_organiser("bench@example.org", new_key()).id
        purposes = [Purpose.KEEP.value, Purpose.EXHIBITION.value]
        project = project_changes.add_project(
            title={"en": "A measurement"},
            languages=["en"],
            zone="UTC",
            perspectives=[],
            purposes=purposes,
            controller="bench",
            contact="bench@example.org",
            keep_until=date.max,
        ).id
        texts = consent_changes.add_texts(project, purposes, ["en"])
        call = photo_changes.add_call(
            project, {"en": "A measurement"}, {"en": ""}, now(), now() + timedelta(days=1), 1000, new_join_code()
        )
        decisions = [Decision(Purpose(text.purpose), True, text.id, "en", now()) for text in texts]
        person = join_changes.join(Place("call", call), join_changes.Newcomer(new_id(), new_key(), "en"), decisions)
        show = exhibition_changes.add_exhibition(project, {"cs": "Měření", "en": "A measurement"}, ["cs", "en"])
        for number, file in enumerate(stored):
            photo = photo_changes.NewPhoto(
                new_id(), person.id, None, None, file, "image/jpeg", CAPTIONS, True, False, "none", call.id
            )
            photo_changes.add_photo(photo, "image/jpeg")
            if number < plan.panels:
                exhibition_changes.decide(show.id, photo.id, State.PICK, None)
        made = Made(
            project,
            organiser,
            show.id,
            call.id,
            [store.root / "originals" / each.sha256[:2] / each.sha256 for each in stored],
        )
    for file in stored[: plan.panels]:
        process(file.sha256)
    return made


def main(what: str, subject: str) -> None:
    """Inside a process of its own: `ours` makes a file, `peer` packs a list of files."""
    if what == "ours":
        with create_app().app_context():
            print(grown(lambda: jobs.make_export(subject)))  # noqa: T201
    else:
        names = json.loads(Path(subject).read_text())
        print(grown(lambda: _zip(names)))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
