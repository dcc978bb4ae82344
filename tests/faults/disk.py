"""A home on a disk that may lose its power, or its room: `disk.c` stands between a server and its files."""

import mmap
import random
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("disk.c")
PAGE = 4096
ROOM = struct.Struct("@qqq232s")
ENDLESS = -1
FLUSH_ALL = """
import os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for path in (folder, *(os.path.join(folder, name) for name in names)):
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
"""


@dataclass
class Found:
    """What lies on a disk: bytes by their key, and of each folder its names, each with a kind and a key."""

    files: dict[str, bytes]
    folders: dict[str, dict[str, tuple[str, str]]]
    root: str

    @classmethod
    def read(cls, flushed: Path, root: str) -> "Found":
        found = cls({}, {}, root)
        for path in flushed.iterdir():
            if path.suffix == ".names":
                lines = [line.split(" ", 2) for line in path.read_text().splitlines()]
                found.folders[path.stem] = {name: (kind, key) for kind, key, name in lines}
            elif path.name not in ("lock", "draft"):
                found.files[path.name] = path.read_bytes()
        return found

    def lay_out(self, place: Path, key: str = "") -> None:
        """Makes these files and folders there. What has a name and was never flushed is empty."""
        place.mkdir()
        for name, (kind, each) in self.folders.get(key or self.root, {}).items():
            if kind == "folder":
                self.lay_out(place / name, each)
            else:
                (place / name).write_bytes(self.files.get(each, b""))


class Disk:
    """The disk under one home; `env` is for whoever works on it. What it is asked after `settle` alone, it can tell
    of power cuts."""

    def __init__(self, home: Path, library: Path, beside: Path) -> None:
        self.home, self._flushed, self._all = home, beside / "flushed", beside / "all"
        with (beside / "room").open("w+b") as file:
            file.write(bytes(ROOM.size))
            file.flush()
            self._room = mmap.mmap(file.fileno(), ROOM.size)
        self.leave()
        common = {"LD_PRELOAD": str(library), "DISK_HOME": str(home)}
        self._flusher = common
        self.env = {**common, "DISK_ROOM": str(beside / "room")}

    # Power.

    def settle(self) -> None:
        """From now on, all that lies there counts as flushed, and nothing else."""
        self.env["DISK_FLUSHED"] = str(self._flushed)
        self._note_all(self._flushed)

    def flushed(self) -> Found:
        """What would be found if the power went now."""
        return Found.read(self._flushed, self._root)

    def lose_power(self, some: random.Random | None = None) -> None:
        """The home becomes what was flushed; with `some`, chance decides what else has reached the disk by itself.
        Nobody may work on it."""
        found = self.flushed()
        if some:
            self._note_all(self._all)
            found = mixed(found, Found.read(self._all, self._root), some)
        shutil.rmtree(self.home)
        found.lay_out(self.home)
        self.settle()

    def _note_all(self, folder: Path) -> None:
        """Notes everything as if it were flushed."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        env = {**self._flusher, "DISK_FLUSHED": str(folder)}
        subprocess.run([sys.executable, "-IS", "-c", FLUSH_ALL, str(self.home)], env=env, check=True)
        inode = f"{self.home.stat().st_ino}."
        self._root = next(path.stem for path in folder.glob("*.names") if path.name.startswith(inode))

    # Room.

    @contextmanager
    def room(self, steps: int) -> Iterator[None]:
        """Meanwhile, so many steps that need room succeed, and none after them."""
        self.leave(steps)
        try:
            yield
        finally:
            self.leave(refused=self.refused)

    def leave(self, steps: int = ENDLESS, refused: str = "") -> None:
        self._room[:] = ROOM.pack(steps, 0, bool(refused), refused.encode())

    @property
    def refused(self) -> str:
        """What was refused first while there was too little room last, or nothing."""
        _, _, refused, what = ROOM.unpack(self._room[:])
        return str(what.split(b"\0")[0].decode()) if refused else ""


def mixed(flushed: Found, everything: Found, some: random.Random) -> Found:
    """Each name and each page that was not flushed has reached the disk by itself, or has not."""
    found = Found({}, {}, flushed.root)
    for key in {*flushed.files, *everything.files}:
        before = flushed.files.get(key, b"")
        after = everything.files.get(key, before)
        found.files[key] = after if before == after else b"".join(_pages(before, after, some))
    for key in {*flushed.folders, *everything.folders}:
        before, after = flushed.folders.get(key, {}), everything.folders.get(key, {})
        chosen = {name: some.choice((before, after)).get(name) for name in sorted({*before, *after})}
        found.folders[key] = {name: entry for name, entry in chosen.items() if entry}
    return found


def _pages(before: bytes, after: bytes, some: random.Random) -> Iterator[bytes]:
    end = some.choice((len(before), len(after)))
    for start in range(0, end, PAGE):
        stop = min(start + PAGE, end)
        page = some.choice((before, after))[start:stop]
        yield page + bytes(stop - start - len(page))


def disk_under(home: Path, beside: Path) -> Disk:
    """A disk for the home; `beside` is an empty folder outside of it. Skips where there is no compiler."""
    library = beside / "disk.so"
    compiler = shutil.which("cc")
    if not compiler or not sys.platform.startswith("linux"):
        pytest.skip("the faulty disk is a C library for Linux, and there is no C compiler here")
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return Disk(home, library, beside)
