"""The wheel: built from what git tracks, it runs elsewhere without Node."""

import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from pathlib import Path

import pytest

from tests import demo_home
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the wheel's content."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    source = tmp_path_factory.mktemp("source")
    for name in tracked.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, source / name)
    (source / "node_modules").symlink_to(ROOT / "node_modules")
    out, target = tmp_path_factory.mktemp("out"), tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    uv = Path(sys.executable).parent / "uv"
    install = [uv, "pip", "install", "-q", "--no-deps", "--target", target, wheel]
    subprocess.run(install, check=True, capture_output=True)
    return target


def test_it_holds_no_catalogue_sources_and_no_pseudo_languages(installed: Path) -> None:
    names = {path.name for path in (installed / "webapp" / "translations").iterdir() if path.is_dir()}
    assert names == {"cs", "ru", "uk", "vi"}
    assert not list(installed.rglob("*.po"))


def test_it_holds_all_that_the_package_has(installed: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "webapp"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    wanted = [name for name in listed.splitlines() if (ROOT / name).is_file()]
    left_out = re.compile(r"\.pot?$|/translations/\w+@\w+/")
    missing = [name for name in wanted if not left_out.search(name) and not (installed / name).is_file()]
    assert wanted
    assert not missing


def test_it_serves_the_demo_without_node(installed: Path, tmp_path: Path) -> None:
    """A demo that was drawn before: what draws it is in the package."""
    home = tmp_path / "home"
    demo_home.copy_to(home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = os.pathsep.join([str(installed), sysconfig.get_paths()["purelib"]])
    env = {"PATH": "/nowhere", "PYTHONPATH": path, "HOME": str(tmp_path), "POHLED_HOME": str(home)}
    command = [sys.executable, "-m", "webapp.cli", "demo", "--port", str(port)]
    log = (tmp_path / "log").open("wb")
    server = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=log, stderr=log)
    try:
        page = wait_for(f"http://127.0.0.1:{port}/j/DEMO", server)
        assert "Praha" in page or "Prague" in page
        style = page.split('rel="stylesheet" href="')[1].split('"')[0]
        assert fetch(f"http://127.0.0.1:{port}{style}")
    finally:
        server.terminate()
        server.wait(60)


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> str:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert server.poll() is None, "the server ended"
        try:
            return fetch(address)
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server never answered")
