"""Files as they come from people, through the child process that opens them."""

import csv
import hashlib
import json
import math
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from time import monotonic

import pytest
from PIL import Image

from tests import makers_photo as makers
from webapp.bench.drawing import drawn
from webapp.photo.intake import Limits, Reader
from webapp.photo.rules import Facts, Reason

CORPUS = Path(os.environ.get("POHLED_CORPUS") or Path(__file__).parents[3] / "shared" / "data")
QUICK = 10  # seconds that the worst file may cost


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as one:
        yield one


@pytest.fixture
def put(tmp_path: Path) -> "Putter":
    return Putter(tmp_path)


class Putter:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, data: bytes, name: str = "picture") -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path


def refused(facts: Facts, reason: Reason) -> bool:
    assert facts.reason == reason.sentence
    assert len(facts.sha256) == 64
    return not facts.ok


def test_a_phone_s_picture(reader: Reader, put: Putter) -> None:
    data = makers.encoded(
        makers.corners().transpose(Image.Transpose.ROTATE_90),
        exif=makers.exif(
            {makers.MAKE: "Apple", makers.MODEL: "iPhone 12 Pro", makers.ORIENTATION: 6},
            {makers.ORIGINAL: "2023:10:22 09:39:48", makers.OFFSET_ORIGINAL: "+02:00"},
            {
                **makers.gps_block(-33.8568, -70.6, "S", "W"),
                2: makers.degrees(33.8568),
                4: makers.degrees(70.6),
                31: 4.5,
            },
        ),
    )
    facts = reader.inspect(put(data))
    assert facts.as_json() == {
        "ok": True,
        "type": "image/jpeg",
        "width": 640,
        "height": 480,
        "orientation": 6,
        "camera": "Apple iPhone 12 Pro",
        "sha256": hashlib.sha256(data).hexdigest(),
        "taken": {
            "local": "2023-10-22T09:39:48",
            "offset": "+02:00",
            "utc": "2023-10-22T07:39:48Z",
            "source": "original",
        },
        "place": {"lat": -33.8568, "lon": -70.6, "accuracy": 4.5, "source": "camera"},
        "reason": None,
    }
    assert facts.bytes == len(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_every_kind_gives_its_metadata(kind: str, reader: Reader, put: Putter) -> None:
    block = makers.exif({makers.MAKE: "Jolla"}, {makers.DIGITIZED: "2014:09:21 16:00:56"}, makers.gps_block())
    facts = reader.inspect(put(makers.encoded(makers.corners(), kind, exif=block.tobytes())))
    assert facts.ok
    assert (facts.width, facts.height, facts.camera) == (640, 480, "Jolla")
    assert facts.taken is not None and facts.taken.local == datetime.fromisoformat("2014-09-21T16:00:56")
    assert facts.place is not None and facts.place.lat == pytest.approx(50.0755)


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_container_that_turns_its_picture_turns_it_once(
    kind: str, orientation: int, reader: Reader, put: Putter, tmp_path: Path
) -> None:
    upright = Image.open(put(makers.turned(orientation)))
    data = makers.encoded(upright, kind, exif=upright.getexif().tobytes(), quality=90)
    facts, sizes = reader.derive(put(data), tmp_path)
    assert (facts.width, facts.height, facts.orientation) == (640, 480, orientation)
    assert (sizes[0].width, sizes[0].height) == (640, 480)
    assert makers.seen_corners(Image.open(tmp_path / "2000.jpg")) == makers.CORNERS


def test_a_modification_date_is_not_a_time_taken(reader: Reader, put: Putter) -> None:
    block = makers.exif({makers.MODIFIED: "2018:05:30 21:25:39"}, {makers.OFFSET: "+02:00"})
    assert reader.inspect(put(makers.encoded(makers.corners(), exif=block))).taken is None


def test_the_project_s_zone_completes_the_instant(reader: Reader, put: Putter) -> None:
    path = put(makers.encoded(makers.corners(), exif=makers.exif(inner={makers.ORIGINAL: "2018:05:30 21:25:39"})))
    taken = reader.inspect(path, zone="Europe/Prague").as_json()["taken"]
    assert (taken["utc"], taken["offset"]) == ("2018-05-30T19:25:39Z", None)
    assert reader.inspect(path).as_json()["taken"]["utc"] is None
    with pytest.raises(ValueError, match="time zone"):
        reader.inspect(path, zone="Nowhere")


@pytest.mark.parametrize(
    "gps",
    [
        {1: "N", 2: makers.NOTHING, 3: "E", 4: makers.NOTHING},
        {1: "N", 2: makers.degrees(0), 3: "E", 4: makers.degrees(0)},
        {2: makers.degrees(50), 4: makers.degrees(14)},
        {1: "N", 2: makers.degrees(50), 4: makers.degrees(14)},
        {1: "N", 2: makers.degrees(213.64), 3: "E", 4: makers.degrees(14)},
        {1: "N", 3: "E"},
    ],
)
def test_a_position_that_is_none(gps: dict[int, object], reader: Reader, put: Putter) -> None:
    facts = reader.inspect(put(makers.encoded(makers.corners(), exif=makers.exif(gps=gps))))
    assert facts.ok
    assert facts.place is None
    json.dumps(facts.as_json(), allow_nan=False)


def test_what_is_no_picture(reader: Reader, put: Putter, tmp_path: Path) -> None:
    gif = makers.encoded(makers.corners(), "GIF")
    for data in (b"hello", b"%PDF-1.7 ...", gif, b"\0" * 5000):
        facts, sizes = reader.derive(put(data, "holiday.jpg"), tmp_path)
        assert refused(facts, Reason.NOT_A_PICTURE)
        assert (facts.type, sizes) == (None, ())
    assert refused(reader.inspect(put(b"")), Reason.EMPTY)


def test_what_is_no_file(reader: Reader, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent", Path("/dev/zero")):
        with pytest.raises(OSError):
            reader.inspect(path)


def test_too_many_bytes(put: Putter) -> None:
    with Reader(max_bytes=1000) as strict:
        assert refused(strict.inspect(put(makers.encoded(makers.grain(100, 100)))), Reason.TOO_MANY_BYTES)


def test_a_bomb_is_refused_by_its_header(reader: Reader, put: Putter) -> None:
    started = monotonic()
    facts = reader.inspect(put(makers.png_bomb(60_000, 60_000)))
    assert refused(facts, Reason.TOO_MANY_PIXELS)
    assert (facts.width, facts.height) == (60_000, 60_000)
    assert monotonic() - started < 2


def test_pixels_are_counted_over_frames(put: Putter) -> None:
    frames = [makers.grain(100, 100) for _ in range(5)]
    moving = makers.encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    with Reader(max_pixels=49_999) as strict:
        assert refused(strict.inspect(put(moving)), Reason.TOO_MANY_PIXELS)
    with Reader(max_pixels=50_000) as strict:
        assert strict.inspect(put(moving)).ok


def test_what_was_read_stands_where_no_picture_can_be_made(reader: Reader, put: Putter) -> None:
    block = makers.exif({makers.MAKE: "Jolla"}, {makers.ORIGINAL: "2014:09:21 16:00:56"}, makers.gps_block())
    whole = makers.encoded(makers.grain(600, 400), exif=block)
    for length in (800, 2000):
        facts = reader.inspect(put(whole[:length]))
        assert not facts.ok
        assert facts.reason in (Reason.CUT_OFF.sentence, Reason.DAMAGED.sentence)
        assert facts.camera == "Jolla"
        assert facts.taken is not None
        assert facts.place is not None


def test_a_maker_note_that_keeps_exifread_busy_for_minutes(reader: Reader, put: Putter) -> None:
    data = makers.maker_note_bomb()
    assert len(data) < 250
    naive = "import exifread, sys; exifread.process_file(open(sys.argv[1], 'rb'))"
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", naive, put(data)], timeout=2)
    started = monotonic()
    facts = reader.inspect(put(data))
    assert facts.ok
    assert monotonic() - started < QUICK


def test_metadata_that_is_slow_in_any_case_is_given_up_and_the_picture_kept(
    reader: Reader, put: Putter, tmp_path: Path
) -> None:
    started = monotonic()
    facts, sizes = reader.derive(put(makers.slow_walk()), tmp_path)
    assert facts.ok
    assert (facts.width, len(sizes)) == (64, 3)
    assert any("gave up" in note for note in facts.notes)
    assert monotonic() - started < QUICK


def test_a_picture_that_takes_too_long(put: Putter) -> None:
    path = put(makers.png_bomb(12_000, 12_000))
    with Reader(limits=Limits(seconds=0.01)) as hasty:
        assert refused(hasty.inspect(path), Reason.TOO_SLOW)
        assert refused(hasty.inspect(path), Reason.TOO_SLOW)


def test_a_busy_machine_does_not_make_an_honest_picture_unreadable(put: Putter, tmp_path: Path) -> None:
    """While sizes are made nobody waits: what counts is the time of the processor, not of the clock."""
    path = put(makers.encoded(makers.grain(1600, 1200)))
    with Reader(limits=Limits(seconds=0.0001)) as hasty:
        assert refused(hasty.inspect(path), Reason.TOO_SLOW)
        assert hasty.derive(path, tmp_path)[0].ok


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["JPEG", "HEIF"])
def test_honest_pictures_of_48_megapixels(kind: str, put: Putter, tmp_path: Path) -> None:
    """The HEIC decoder’s own threads stood still for minutes at such a one."""
    path = put(drawn((8064, 6048), 0, kind, quality=40, grain=0.01))
    with Reader() as one:
        facts, sizes = one.derive(path, tmp_path)
    assert (facts.ok, len(sizes)) == (True, 3)


def test_a_picture_that_keeps_the_processor_busy(put: Putter, tmp_path: Path) -> None:
    path = put(makers.many_scans(6000, 6000, 3000))
    assert path.stat().st_size < 2_000_000
    with Reader(limits=Limits(work_seconds=1, large_seconds=1)) as hasty:
        assert refused(hasty.derive(path, tmp_path)[0], Reason.TOO_SLOW)
        assert hasty.inspect(put(makers.turned(1))).ok


@pytest.mark.parametrize("limits", [Limits(files=3), Limits(grown=1)])
def test_a_child_that_has_read_much_or_holds_much_is_replaced(limits: Limits, put: Putter) -> None:
    path, children = put(makers.turned(6)), set()
    with Reader(limits=limits) as one:
        for _ in range(4):
            assert one.inspect(path).ok
            assert one._child is not None
            children.add(one._child._process.pid)
    assert len(children) == (2 if limits.files == 3 else 4)


def test_a_picture_that_needs_too_much_memory(put: Putter) -> None:
    with Reader(limits=Limits(memory=400 * 1024**2)) as small:
        assert refused(small.inspect(put(makers.png_bomb(12_000, 12_000))), Reason.TOO_MUCH_MEMORY)
        assert small.inspect(put(makers.turned(1))).ok


def test_the_reader_starts_again_after_its_child_was_killed(put: Putter) -> None:
    with Reader() as one:
        path = put(makers.turned(6))
        assert one.inspect(path).ok
        assert one._child is not None
        os.kill(one._child._process.pid, signal.SIGKILL)
        assert one.inspect(path).ok


def test_a_reader_that_cannot_start_says_so_instead_of_blaming_the_picture(
    put: Putter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.photo.intake._START", "raise SystemExit(3)")
    with Reader() as hopeless, pytest.raises(ChildProcessError, match="exit 3"):
        hopeless.inspect(put(makers.turned(1)))


# A child on whom metadata has the given effect, and which can make a picture of anything.
FRAGILE = """
import json, sys, time
def say(**answer): print(json.dumps(answer), flush=True)
say(stage="ready")
for line in sys.stdin:
    request = json.loads(line)
    say(stage="header", pixels=100, width=20, height=5)
    if request["metadata"]:
        {effect}
    say(stage="metadata", orientation=request["orientation"])
    say(stage="picture", ok=True, reason=None)
"""


@pytest.mark.parametrize("effect", ["sys.exit(1)", "time.sleep(60)", "print('nonsense', flush=True)"])
def test_a_picture_outlives_metadata_that_take_the_child_down(
    effect: str, put: Putter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.photo.intake._START", FRAGILE.format(effect=effect))
    with Reader(limits=Limits(metadata_seconds=-0.5)) as one:
        facts = one.inspect(put(makers.turned(1)))
    assert (facts.ok, facts.width, facts.reason) == (True, 20, None)
    assert any("child" in note for note in facts.notes)


def test_a_picture_that_takes_every_child_down_is_damaged(put: Putter, monkeypatch: pytest.MonkeyPatch) -> None:
    always = FRAGILE.replace('if request["metadata"]:', "if True:").format(effect="sys.exit(1)")
    monkeypatch.setattr("webapp.photo.intake._START", always)
    with Reader() as one:
        facts = one.inspect(put(makers.turned(1)))
    assert refused(facts, Reason.DAMAGED)
    assert (facts.width, facts.height) == (20, 5)


def test_the_child_ends_with_its_parent(put: Putter) -> None:
    script = (
        "import os, sys; from pathlib import Path; from webapp.photo.intake import Reader; one = Reader();"
        "one.inspect(Path(sys.argv[1])); print(one._child._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, put(makers.turned(1))],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    child = Path(f"/proc/{int(done.stdout)}/stat")
    deadline = monotonic() + 5
    while child.exists() and child.read_text().rsplit(")", 1)[1].split()[0] != "Z":
        assert monotonic() < deadline


def test_threads_may_share_a_reader_and_outlive_each_other(reader: Reader, put: Putter) -> None:
    paths = [put(makers.encoded(makers.grain(40 + number, 30)), f"{number}") for number in range(8)]
    widths: dict[int, int | None] = {}

    def read(number: int) -> None:
        widths[number] = reader.inspect(paths[number]).width

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert widths == {number: 40 + number for number in range(8)}


def test_a_folder_that_cannot_be_written_is_no_fault_of_the_picture(
    reader: Reader, put: Putter, tmp_path: Path
) -> None:
    with pytest.raises(OSError):
        reader.derive(put(makers.turned(1)), tmp_path / "absent")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_mutated_files_always_get_an_answer(kind: str, reader: Reader, put: Putter) -> None:
    block = makers.exif({makers.MAKE: "Jolla"}, {makers.ORIGINAL: "2014:09:21 16:00:56"}, makers.gps_block())
    honest = makers.encoded(makers.corners(160, 120), kind, exif=block.tobytes())
    chance = random.Random(kind)
    for _ in range(60):
        data = bytearray(honest)
        for _ in range(chance.randint(1, 12)):
            # Half of the blows fall on the headers, where they hurt.
            end = chance.choice((min(400, len(data)), len(data)))
            data[chance.randrange(4, end)] = chance.choice((0, 255, 127, 128, chance.randrange(256)))
        if chance.random() < 0.2:
            del data[chance.randrange(len(data)) :]
        started = monotonic()
        facts = reader.inspect(put(bytes(data)))
        assert facts.ok == (facts.reason is None)
        assert monotonic() - started < QUICK
        json.dumps(facts.as_json(), allow_nan=False)


def _metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    return math.hypot((lat - other_lat) * 111_320, (lon - other_lon) * 111_320 * math.cos(math.radians(lat)))


def _differences(row: dict[str, str], facts: Facts) -> list[str]:
    """Where we read a shared picture otherwise than exiftool."""
    found = [] if facts.ok else [f"not ok: {facts.reason}"]
    place = facts.place
    if place is None or not row["lat"]:
        found += [f"place {place}"] if place or row["lat"] else []
    elif _metres(float(row["lat"]), float(row["lon"]), place.lat, place.lon) > 1:
        found.append(f"place {place}")
    stated = row["datetime_original"] or row["datetime_digitized"]
    local = stated[:19].replace(":", "-", 2).replace(" ", "T")
    taken = facts.as_json()["taken"] or {}
    if local and taken.get("local") != local:
        found.append(f"taken {taken}")
    if row["offset_original"] and taken.get("offset") != row["offset_original"]:
        found.append(f"offset {taken}")
    if (str(facts.width), str(facts.height)) != (row["upright_width"], row["upright_height"]):
        found.append(f"size {facts.width}x{facts.height}")
    return found


@pytest.mark.corpus
def test_real_pictures_are_read_as_exiftool_reads_them(reader: Reader) -> None:
    expected = CORPUS / "photos" / "expected.csv"
    if not expected.exists():
        pytest.skip("the shared photos are not here; POHLED_CORPUS names their folder")
    with expected.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    different = {}
    for row in rows:
        if found := _differences(row, reader.inspect(expected.parent / row["file"])):
            different[row["file"]] = found
    assert rows
    assert different == {}


@pytest.mark.corpus
def test_real_pictures_all_give_three_sizes_without_metadata(reader: Reader, tmp_path: Path) -> None:
    pictures = sorted((CORPUS / "photos").glob("*.*"))
    if not pictures:
        pytest.skip("the shared photos are not here; POHLED_CORPUS names their folder")
    for path in pictures:
        facts, sizes = reader.derive(path, tmp_path)
        for size in sizes:
            data = (tmp_path / f"{size.edge}.jpg").read_bytes()
            assert hashlib.sha256(data).hexdigest() == size.sha256
            assert makers.is_bare(data)
            assert facts.width and facts.height
            assert (size.width > size.height) == (facts.width > facts.height)
        assert len(sizes) == (3 if facts.ok else 0)
