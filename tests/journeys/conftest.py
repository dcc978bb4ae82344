"""A real browser and a real server. The walks are made beforehand, in the server's own home."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from tests.makers import MadeWalk, make_organiser, make_walk
from webapp import create_app
from webapp.bench.phone import QUIET, find_browser
from webapp.config import Settings

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
MAX_BYTES = 6_000_000
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
OpenPage = Callable[..., Page]


@dataclass(frozen=True)
class Site:
    """The running server, and an app on the same home to make things with."""

    url: str
    app: Flask


@dataclass(frozen=True)
class Ground:
    """A walk of one's own, and the address of an organiser who owns its project."""

    walk: MadeWalk
    email: str


@dataclass(frozen=True)
class Nothing:
    """A running server on an empty store, its settings, and browsers on it."""

    url: str
    variables: dict[str, str]
    open_page: OpenPage

    def pohled(self, *words: str) -> str:
        """What a command on this installation prints."""
        command = [sys.executable, "-m", "webapp.cli", *words]
        env = {**os.environ, **self.variables}
        return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's own Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all journeys; each journey makes a walk of its own."""
    variables = {
        "POHLED_HOME": str(tmp_path_factory.mktemp("home")),
        "POHLED_LANGUAGES": "en,cs,en-XA,ar-XB",
        "POHLED_MAX_BYTES": str(MAX_BYTES),
    }
    app = create_app(Settings.read(variables))
    with _served(variables, tmp_path_factory.mktemp("log") / "server.log") as url:
        yield Site(url, app)


@pytest.fixture
def ground(site: Site) -> Ground:
    code = uuid.uuid4().hex[:12].upper()
    with site.app.app_context():
        walk = make_walk(code)
        email = f"{code.lower()}@example.org"
        make_organiser(walk.project_id, email=email)
        return Ground(walk, email)


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[OpenPage]:
    """Opens a browser of somebody's own: `open_page(javascript=False, language="cs", size=DESK)`."""
    with _opener(browser, site.url) as opens:
        yield opens


@contextmanager
def _opener(browser: Browser, url: str) -> Iterator[OpenPage]:
    opened = []

    def opens(javascript: bool = True, language: str = "en-GB", size: dict[str, int] = PHONE) -> Page:
        context = browser.new_context(
            base_url=url,
            viewport=size,  # type: ignore[arg-type]
            locale=language,
            java_script_enabled=javascript,
            has_touch=size == PHONE,
            accept_downloads=True,
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        return context.new_page()

    yield opens
    for context in opened:
        context.close()


@pytest.fixture
def nothing(browser: Browser, tmp_path: Path) -> Iterator[Nothing]:
    """A server of this test's own, as after the first start: no account, no project."""
    variables = {
        "POHLED_HOME": str(tmp_path / "home"),
        "POHLED_LANGUAGES": "cs,en",
        "POHLED_MAP_TILES": "none",
    }
    with _served(variables, tmp_path / "server.log") as url, _opener(browser, url) as opens:
        yield Nothing(url, variables, opens)


@contextmanager
def _served(variables: dict[str, str], log: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "webapp.cli", "serve", "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **variables}, stdout=out, stderr=out, start_new_session=True
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _await_health(process, url, log)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE_SECONDS)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)


def _await_health(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=PATIENCE_SECONDS):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)  # the poll of a condition: health
    pytest.fail(f"The server did not become healthy:\n{log.read_text()[-4000:]}")
