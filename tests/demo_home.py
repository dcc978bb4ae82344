"""One home with the demo in it for a whole run of tests: it is drawn once, and each who needs it gets a copy."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "DEMO_OF_THIS_RUN"  # in the environment, which the processes of a run share
SECONDS = 600
MAKE = """
import sys
from webapp import create_app, demo
from webapp.config import Settings
with create_app(Settings.read({"POHLED_HOME": sys.argv[1]})).app_context():
    demo.prepare(print)
"""


def begin() -> None:
    """Before any test, in the process that starts the others."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="pohled-demo-")


def end() -> None:
    """After all of them, in the same process."""
    shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


def copy_to(home: Path) -> bool:
    """Gives `home`, which is not there yet, the demo; False outside of a run of tests."""
    if FOLDER not in os.environ:
        return False
    whole = Path(os.environ[FOLDER]) / "home"
    with (whole.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            _make(whole)
    home.mkdir(mode=0o700, parents=True)
    # Files in the store are written once and never changed: links will do, and cost nothing.
    shutil.copytree(whole / "uploads", home / "uploads", copy_function=_link)
    ignored = shutil.ignore_patterns("uploads")
    shutil.copytree(whole, home, ignore=ignored, dirs_exist_ok=True)
    return True


def _make(whole: Path) -> None:
    draft = whole.with_name("draft")
    shutil.rmtree(draft, ignore_errors=True)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("POHLED_")}
    command = [sys.executable, "-c", MAKE, str(draft)]
    done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr[-4000:]
    draft.rename(whole)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk
        shutil.copy2(source, target)
