"""Whatever comes, a line comes back: within ten seconds, without a crash, without NaN, in less than a gigabyte."""

import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.photo import hostile
from webapp.photo.intake import Reader
from webapp.photo.rules import Facts, Reason

SHARED = Path(os.environ.get("POHLED_CORPUS") or Path(__file__).parents[3] / "shared" / "data") / "photos"
SECONDS, BYTES = 10, 1_000_000_000
SOAK_SECONDS = float(os.environ.get("POHLED_FUZZ_SECONDS", 1800))
BOMBS = ("a PNG of 60,000 x 60,000", "a JPEG of 65,000 x 65,000")


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as one:
        yield one


def inspected(reader: Reader, path: Path, derive: bool = False) -> Facts:
    """What the reader says, after it was seen to be a whole answer and to have cost no more than it may."""
    began = time.monotonic()
    facts = reader.inspect(path, "Europe/Prague")
    assert time.monotonic() - began < SECONDS
    assert facts.ok == (facts.reason is None)
    assert facts.ok or facts.reason in {reason.sentence for reason in Reason}
    json.dumps(facts.as_json(), allow_nan=False)
    if derive:
        made, sizes = reader.derive(path, path.parent)
        assert len(sizes) == (3 if made.ok else 0)
    if reader._child is not None and reader._child.alive():
        status = Path(f"/proc/{reader._child._process.pid}/status").read_text()
        most = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
        assert most < BYTES
    return facts


@pytest.mark.parametrize("name", hostile.CORPUS)
def test_each_known_trick(name: str, reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(hostile.CORPUS[name]())
    assert path.stat().st_size < 3_000_000, "it is small, and that is the trick"
    facts = inspected(reader, path)
    if name in BOMBS:
        assert facts.reason == Reason.TOO_MANY_PIXELS.sentence


def test_mutations_of_every_kind(reader: Reader, tmp_path: Path) -> None:
    """The short form, always the same files."""
    chance, path = random.Random(7), tmp_path / "picture"
    for kind, data in hostile.seeds().items():
        path.write_bytes(data)
        assert inspected(reader, path).ok, f"{kind} is honest"
        for number in range(12):
            path.write_bytes(hostile.mutated(data, chance))
            inspected(reader, path, derive=number < 2)


@pytest.mark.soak
def test_mutations_for_half_an_hour(reader: Reader, tmp_path: Path) -> None:
    """What brings an answer down is kept; its number, and POHLED_FUZZ_SEED, make it again."""
    seed = int(os.environ.get("POHLED_FUZZ_SEED", time.time()))
    seeds = hostile.seeds()
    if SHARED.is_dir():
        seeds |= {
            path.name: path.read_bytes()
            for path in SHARED.iterdir()
            if path.is_file() and path.stat().st_size < 300_000
        }
    names, path, count = sorted(seeds), tmp_path / "picture", 0
    until = time.monotonic() + SOAK_SECONDS
    while time.monotonic() < until:
        chance = random.Random(f"{seed} {count}")
        name = chance.choice(names)
        path.write_bytes(hostile.mutated(seeds[name], chance))
        try:
            inspected(reader, path, derive=chance.random() < 0.2)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, file {count}, made of {name}: {error}") from error
        count += 1
    print(f"{count} files, seed {seed}")  # noqa: T201
    assert count
