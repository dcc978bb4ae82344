"""What most tests start from. The rest is made by `tests/makers.py`."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.client import Visitor
from tests.makers import MadeWalk, join, make_organiser, make_walk
from webapp import create_app
from webapp.config import Settings

ROOT = Path(__file__).resolve().parent.parent
ROOM = 4_000_000_000  # bytes
CORPUS = Path(os.environ.get("POHLED_CORPUS") or ROOT.parent / "shared" / "data")


def pytest_configure(config: pytest.Config) -> None:
    """Homes lie in memory where there is room: each has 256 folders, and a disk is slow to clear them away."""
    memory = Path("/dev/shm")  # noqa: S108 -- pytest makes a private folder there
    if "TMPDIR" not in os.environ and memory.is_dir() and shutil.disk_usage(memory).free > ROOM:
        os.environ["TMPDIR"], tempfile.tempdir = str(memory), None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="Adds the long fault runs.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--soak"):
        for item in items:
            if "soak" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="a long run: ./pohled test --soak"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The shared real files; tests that need them skip where they are absent."""
    if not (CORPUS / "photos" / "expected.csv").is_file():
        pytest.skip(f"the shared photos are not at POHLED_CORPUS ({CORPUS})")
    return CORPUS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty home, every language and the two pseudo-languages."""
    return Settings.read({"POHLED_HOME": str(tmp_path / "home"), "POHLED_LANGUAGES": "en,cs,uk,vi,ru,en-XA,ar-XB"})


@pytest.fixture
def app(settings: Settings) -> Flask:
    """The program on an empty database. Without a context around the requests: each has its own, as on a server."""
    return create_app(settings)


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """An open context, for tests below the pages."""
    with app.app_context():
        yield


@pytest.fixture
def walk(app: Flask) -> MadeWalk:
    """A walk, and its organiser."""
    with app.app_context():
        made = make_walk()
        make_organiser(made.project_id)
        return made


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody's browser without scripts; every page it gets is checked for the basics."""
    return Visitor(app)


@pytest.fixture
def walker(app: Flask, walk: MadeWalk) -> Visitor:
    """Somebody who has joined the walk."""
    visitor = Visitor(app)
    join(visitor, walk.code)
    return visitor
