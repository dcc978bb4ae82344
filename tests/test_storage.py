"""The store: what `put` returned is there, whole, once, and survives a power cut."""

import io
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from webapp.storage import CHUNK, OLD_SECONDS, Store, Stored, TooLarge, digest

LIMIT = 3 * CHUNK


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "uploads")
    made.prepare()
    return made


@contextmanager
def fresh() -> Iterator[Store]:
    """One for a single example: Hypothesis would share a fixture among all of them."""
    with tempfile.TemporaryDirectory() as folder:
        made = Store(Path(folder) / "uploads")
        made.prepare()
        yield made


def files(store: Store) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


class BrokenLine(io.RawIOBase):
    """Gives some bytes, and then fails as a line does."""

    def __init__(self, data: bytes) -> None:
        self.rest = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        chunk = self.rest.read(size)
        if not chunk:
            raise ConnectionResetError
        return chunk


class Diary:
    """Stands where the system's flush and rename are, lets both happen, and writes down what went first."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lines: list[tuple[str, str]] = []
        self._fsync: Callable[[int], None] = os.fsync
        self._replace = Path.replace
        monkeypatch.setattr(os, "fsync", self.fsync)
        diary = self

        def replace(path: Path, target: Path) -> Path:
            diary.lines.append(("rename", str(target)))
            return diary._replace(path, target)

        monkeypatch.setattr(Path, "replace", replace)

    def fsync(self, handle: int) -> None:
        kind = "flush folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "flush file"
        self.lines.append((kind, str(Path(f"/proc/self/fd/{handle}").readlink())))
        self._fsync(handle)


def large_and_small() -> some.SearchStrategy[bytes]:
    """Sizes around the chunk matter most."""
    small = some.binary(max_size=2_000)
    sizes = some.sampled_from([CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
    return some.one_of(small, some.builds(lambda size, seed: (seed or b"x") * size, sizes, some.binary(max_size=1)))


@given(data=large_and_small())
def test_what_is_put_lies_there_byte_for_byte_and_nothing_else_does(data: bytes) -> None:
    with fresh() as store:
        stored = store.put(io.BytesIO(data), LIMIT)
        assert stored == Stored(sha256(data).hexdigest(), len(data))
        assert store.original(stored.sha256).read_bytes() == data
        assert store.holds(stored)
        assert files(store) == [store.original(stored.sha256)]


@given(all_data=some.lists(some.binary(max_size=20), max_size=12))
def test_the_same_bytes_again_are_one_file(all_data: list[bytes]) -> None:
    with fresh() as store:
        for data in all_data * 2:
            store.put(io.BytesIO(data), LIMIT)
        assert {path.name for path in files(store)} == {sha256(data).hexdigest() for data in all_data}
        assert all(digest(path) == path.name for path in files(store))


@given(size=some.integers(0, 3_000), limit=some.integers(0, 3_000))
def test_more_than_the_limit_is_refused_and_leaves_nothing(size: int, limit: int) -> None:
    with fresh() as store:
        if size <= limit:
            assert store.put(io.BytesIO(bytes(size)), limit).bytes == size
            return
        with pytest.raises(TooLarge):
            store.put(io.BytesIO(bytes(size)), limit)
        assert files(store) == []


@pytest.mark.parametrize(
    "rotten", [b"", b"short", b"other bytes of the same len", b"longer than what was there at first"]
)
def test_a_rotten_original_is_replaced_by_the_sound_one(store: Store, rotten: bytes) -> None:
    data = b"the sound bytes of this file"[: len(b"other bytes of the same len")]
    stored = store.put(io.BytesIO(data), LIMIT)
    store.original(stored.sha256).write_bytes(rotten)
    assert not store.holds(stored)
    assert store.put(io.BytesIO(data), LIMIT) == stored
    assert store.original(stored.sha256).read_bytes() == data


def test_a_line_that_breaks_leaves_nothing(store: Store) -> None:
    with pytest.raises(ConnectionResetError):
        store.put(BrokenLine(bytes(CHUNK + 10)), LIMIT)
    assert files(store) == []


def test_a_crash_before_the_rename_shows_nothing_half_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(path: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Path, "replace", crash)
        store.put(io.BytesIO(b"some bytes"), LIMIT)
    assert files(store) == []
    assert store.put(io.BytesIO(b"some bytes"), LIMIT).bytes == 10


def test_the_file_is_flushed_before_its_name_and_every_folder_before_put_returns(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary = Diary(monkeypatch)
    target = store.original(store.put(io.BytesIO(b"some bytes"), LIMIT).sha256)
    kinds = [kind for kind, _ in diary.lines]
    assert kinds == ["flush file", "rename", "flush folder"]
    assert diary.lines[0][1].startswith(str(store.incoming))
    assert diary.lines[1][1] == str(target)
    assert diary.lines[2][1] == str(target.parent)


def test_the_folders_of_originals_are_there_and_flushed_before_the_first_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary = Diary(monkeypatch)
    store = Store(tmp_path / "new")
    store.prepare()
    assert all((store.root / "originals" / f"{prefix:02x}").is_dir() for prefix in range(256))
    assert [path for _, path in diary.lines] == [str(store.root / "originals"), str(store.root), str(tmp_path)]


def test_bytes_that_are_there_already_are_flushed_as_well(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who put them there may have been killed between the rename and the flush of the folder."""
    store.put(io.BytesIO(b"some bytes"), LIMIT)
    diary = Diary(monkeypatch)
    target = store.original(store.put(io.BytesIO(b"some bytes"), LIMIT).sha256)
    assert ("flush folder", str(target.parent)) in diary.lines
    assert not [path for kind, path in diary.lines if kind == "rename"]


def test_derived_files_are_flushed_before_their_names(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.workshop() as folder:
        for name in ("320.jpg", "1280.jpg"):
            (folder / name).write_bytes(name.encode())
        diary = Diary(monkeypatch)
        store.keep_derived("ab" * 32, sorted(folder.iterdir()))
    assert [kind for kind, _ in diary.lines[:2]] == ["flush file", "rename"]
    assert store.derived("ab" * 32, "320.jpg").read_bytes() == b"320.jpg"
    assert store.derived("ab" * 32, "1280.jpg").read_bytes() == b"1280.jpg"
    assert not list(store.incoming.iterdir())


def test_the_sweep_takes_only_what_is_old(store: Store) -> None:
    old_file, old_folder, new = (store.incoming / name for name in ("old", "old-folder", "new"))
    old_folder.mkdir()
    for path in (old_file, old_folder / "320.jpg", new):
        path.write_bytes(b"half a file")
    kept = store.put(io.BytesIO(b"an original"), LIMIT)
    long_ago = new.stat().st_mtime - OLD_SECONDS - 60
    for path in (old_file, old_folder, store.original(kept.sha256)):
        os.utime(path, (long_ago, long_ago))
    assert store.sweep() == 2
    assert list(store.incoming.iterdir()) == [new]
    assert store.holds(kept)
    assert store.sweep() == 0


def test_a_workshop_is_gone_afterwards_even_if_the_work_failed(store: Store) -> None:
    with pytest.raises(RuntimeError), store.workshop() as folder:
        (folder / "320.jpg").write_bytes(b"half")
        raise RuntimeError
    assert not list(store.incoming.iterdir())


@pytest.fixture
def gone(store: Store) -> Iterator[Store]:
    """A store whose disk went away."""
    store.incoming.rename(store.root / "away")
    yield store


def test_a_store_says_whether_it_can_be_written(store: Store) -> None:
    assert store.healthy()
    assert not list(store.incoming.iterdir())


def test_a_store_without_its_disk_is_not_healthy(gone: Store) -> None:
    assert not gone.healthy()


def test_a_partial_file_is_flushed_before_it_is_an_original(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    name, data = store.begin_partial(), b"some bytes"
    stored = Stored(sha256(data).hexdigest(), len(data))
    with store.growing(name, 0) as partial:
        partial.write([data])
        diary = Diary(monkeypatch)
        with store.keeping():
            store.adopt(partial, stored)
    target = store.original(stored.sha256)
    assert [kind for kind, _ in diary.lines] == ["rename", "flush file", "flush folder"]
    assert target.samefile(diary.lines[1][1])
    assert diary.lines[2][1] == str(target.parent)
