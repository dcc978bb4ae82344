"""Firefox and WebKitGTK with profiles that stay, each driven over what its maker gives: Marionette, and WebDriver."""

import http.client
import json
import os
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from tests.server import HOST, free_port, wait_until

MARIONETTE = {
    "url": "Navigate",
    "execute/sync": "ExecuteScript",
    "element": "FindElement",
    "click": "ElementClick",
    "value": "ElementSendKeys",
}
"""Its names of what WebDriver calls by paths."""
START_SECONDS = 60
ANSWER_SECONDS = 60
PATIENCE_SECONDS = 30
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""By this key, WebDriver and Marionette name an element in an answer."""
PREFERENCES = {
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "intl.accept_languages": "en-GB,en",
    "media.navigator.permission.disabled": True,
    "media.navigator.streams.fake": True,
    "toolkit.telemetry.enabled": False,
}


class Driven(ABC):
    """A browser that does what its owner would: it opens, types and taps. `start` after `kill` finds its profile."""

    def __init__(self, command: Path, profile: Path) -> None:
        self.command = command
        self.profile = profile
        self.port = free_port()
        self.log = profile.parent / f"{profile.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @abstractmethod
    def start(self) -> Self:
        """Opens it on its profile."""

    @abstractmethod
    def ask(self, what: str, words: dict[str, Any], element: str = "") -> Any:
        """One command of WebDriver, by the end of its path, without the element's own."""

    def kill(self) -> None:
        """SIGKILL to the browser and all of its processes, as when the system needs its memory."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def launch(self, *words: str, env: dict[str, str]) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.command, *words], env={**os.environ, **env}, stdout=log, stderr=log, start_new_session=True
            )

    def listens(self) -> bool:
        assert self.process and self.process.poll() is None, f"it ended by itself\n{self.log.read_text()[-3000:]}"
        with suppress(OSError), socket.create_connection((HOST, self.port)):
            return True
        return False

    # --- what its owner does

    def open(self, address: str) -> None:
        self.ask("url", {"url": address})

    def reload(self) -> None:
        """As its owner does it. What Marionette calls so passes the service worker by."""
        self.run("window.before = true; location.reload()")
        self.until("!window.before")

    def run(self, script: str, *words: object) -> Any:
        return self.ask("execute/sync", {"script": script, "args": list(words)})

    def click(self, css: str) -> None:
        self.ask("click", {}, self.find(css))

    def type(self, css: str, words: str) -> None:
        """Letter by letter; into a field for files, the path of one."""
        self.ask("value", {"text": words}, self.find(css))

    def find(self, css: str) -> str:
        # WebKitWebDriver does not bring into sight what it is to touch.
        self.run("document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' })", css)
        return str(self.ask("element", {"using": "css selector", "value": css})[ELEMENT])

    def until(self, condition: str, *words: object, seconds: float = PATIENCE_SECONDS) -> None:
        """Waits until what the script says is so."""
        try:
            wait_until(lambda: self._is(condition, *words), seconds, condition)
        except AssertionError as error:
            error.add_note(str(self.run("return location.href + '\\n' + document.body.innerText.slice(0, 800)")))
            raise

    def _is(self, condition: str, *words: object) -> bool:
        try:
            return bool(self.run(f"return {condition}", *words))
        except Refused:  # the page is just being left
            return False


class Refused(AssertionError):
    """The browser says that it could not do what it was asked."""


class Firefox(Driven):
    """Over Marionette, which is built in: `NUMBER:JSON` both ways."""

    preferences = PREFERENCES

    def start(self) -> Self:
        self.profile.mkdir(exist_ok=True)
        preferences = {**self.preferences, "marionette.port": self.port}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()]
        (self.profile / "user.js").write_text("".join(lines))
        options = ["--headless", "--no-remote", "--marionette", "--profile", str(self.profile)]
        self.launch(*options, env={"HOME": str(self.profile)})
        wait_until(self.listens, START_SECONDS, "Firefox listens")
        self.line = socket.create_connection((HOST, self.port), timeout=ANSWER_SECONDS)
        self.heard = self.line.makefile("rb")
        self._hear()
        self._say("WebDriver:NewSession", {"capabilities": {}})
        return self

    def kill(self) -> None:
        if self.process:
            self.heard.close()
            self.line.close()
        super().kill()

    def ask(self, what: str, words: dict[str, Any], element: str = "") -> Any:
        said = self._say(f"WebDriver:{MARIONETTE[what]}", {**words, **({"id": element} if element else {})})
        return said["value"]

    def _say(self, command: str, words: dict[str, Any]) -> Any:
        said = json.dumps([0, 1, command, words]).encode()
        self.line.sendall(b"%d:%b" % (len(said), said))
        _, _, error, value = self._hear()
        if error:
            raise Refused(f"{command}: {error['error']}: {error['message']}")
        return value

    def _hear(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self.heard.read(1)
        return json.loads(self.heard.read(int(length[:-1])))


class WebKit(Driven):
    """Over WebKitWebDriver, which starts a window of ours: `webkit_window.py`."""

    WINDOW = Path(__file__).with_name("webkit_window.py")

    def __init__(self, command: Path, profile: Path, python: Path, display: str) -> None:
        super().__init__(command, profile)
        self.python = python
        self.display = display
        self.session = ""

    def start(self) -> Self:
        self.launch(f"--port={self.port}", env={"DISPLAY": self.display})
        wait_until(self.listens, START_SECONDS, "WebKitWebDriver listens")
        window = {"binary": str(self.python), "args": [str(self.WINDOW), str(self.profile)]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": window}}}
        self.session = self._say("/session", wanted)["sessionId"]
        return self

    def ask(self, what: str, words: dict[str, Any], element: str = "") -> Any:
        return self._say(f"/session/{self.session}/{f'element/{element}/{what}' if element else what}", words)

    def _say(self, path: str, words: dict[str, Any]) -> Any:
        line = http.client.HTTPConnection(HOST, self.port, timeout=ANSWER_SECONDS)
        try:
            line.request("POST", path, json.dumps(words), {"Content-Type": "application/json"})
            answer = line.getresponse()
            value = json.loads(answer.read())["value"]
        finally:
            line.close()
        if answer.status != http.HTTPStatus.OK:
            raise Refused(f"{path}: {value['error']}: {value['message']}")
        return value
