"""What most tests start from. The rest is made by `tests/makers.py`."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from tests import demo_home
from tests.client import Visitor
from tests.faults import figures
from tests.makers import MadeWalk, join, make_organiser, make_walk
from webapp import create_app
from webapp.config import Settings
from webapp.people import changes as people_changes

ROOT = Path(__file__).resolve().parent.parent
ROOM = 4_000_000_000  # bytes
# How long an example takes says nothing on a machine that does other things, too.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
CORPUS = Path(os.environ.get("POHLED_CORPUS") or ROOT.parent / "shared" / "data")


def pytest_configure(config: pytest.Config) -> None:
    """Homes lie in memory where there is room: each has 256 folders, and a disk is slow to clear them away."""
    hypothesis.settings.load_profile("unhurried")
    memory = Path("/dev/shm")  # noqa: S108 -- pytest makes a private folder there
    if "TMPDIR" not in os.environ and memory.is_dir() and shutil.disk_usage(memory).free > ROOM:
        os.environ["TMPDIR"], tempfile.tempdir = str(memory), None
    if not hasattr(config, "workerinput"):  # not one of the processes that xdist starts
        demo_home.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        demo_home.end()


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a third of the time, a test waits for a clock, a browser or a disk."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="Adds the long fault runs.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # Files go to whoever is free: were a long one the last, the others would wait for it.
    items.sort(key=lambda item: not item.path.is_relative_to(ROOT / "tests" / "journeys"))
    if not config.getoption("--soak"):
        for item in items:
            if "soak" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="a long run: ./pohled test --soak"))


@pytest.fixture(scope="session")
def soak(pytestconfig: pytest.Config) -> bool:
    """Whether the full figures are asked for, or the short form."""
    return bool(pytestconfig.getoption("--soak"))


@pytest.fixture
def reached(request: pytest.FixtureRequest) -> figures.Reached:
    """Notes a figure for the table of faults."""
    return figures.Reached(request.node)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--soak"):
        ended = [each for reports in terminalreporter.stats.values() for each in reports]
        reports = [each for each in ended if isinstance(each, pytest.TestReport) and each.when == "call"]
        terminalreporter.section("faults")
        figures.print_table(reports, terminalreporter.write_line)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The shared real files; tests that need them skip where they are absent."""
    if not (CORPUS / "photos" / "expected.csv").is_file():
        pytest.skip(f"the shared photos are not at POHLED_CORPUS ({CORPUS})")
    return CORPUS


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hashing is slow so that guessing is; half of a test's time would go there. A server that a test starts hashes
    as ever, and those that were made here once more."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people_changes, "_hasher", lambda: quick)
        yield


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every table and nothing in it, made by the migrations once."""
    settings = Settings.read({"POHLED_HOME": str(tmp_path_factory.mktemp("empty"))})
    create_app(settings)
    whole = settings.home / "whole.sqlite"
    with closing(sqlite3.connect(settings.home / "pohled.sqlite")) as connection:
        connection.execute("VACUUM INTO ?", [str(whole)])
    return whole


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path) -> Settings:
    """An empty home, every language and the two pseudo-languages."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copyfile(empty_database, home / "pohled.sqlite")
    return Settings.read({"POHLED_HOME": str(home), "POHLED_LANGUAGES": "en,cs,uk,vi,ru,en-XA,ar-XB"})


class Compiled(BytecodeCache):
    """Templates, compiled once for all the apps of this process."""

    def __init__(self) -> None:
        self.code = dict[str, bytes]()

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def addresses_when_asked() -> Iterator[None]:
    """Each app has some 200 routes; what builds their addresses is compiled for those that a test asks for."""
    compile_ = Rule._compile_builder

    def later(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made: list[Callable[..., tuple[str, str]]] = []

        def build(*args: Any, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(compile_(rule, append_unknown))
            return made[0](*args, **values)

        return build

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", later)
        yield


@pytest.fixture(scope="session")
def templates() -> Compiled:
    return Compiled()


@pytest.fixture
def app(settings: Settings, templates: Compiled) -> Flask:
    """The program on an empty database. Without a context around the requests: each has its own, as on a server."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = templates
    return app


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
