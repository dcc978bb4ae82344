"""What a review would say twice, as checks."""

import ast
import inspect
import json
import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import ROOT
from webapp import create_app
from webapp.cli import pohled
from webapp.config import Settings, setting_names
from webapp.doors import door_of, guard
from webapp.export.formats import FILES, FORMATS
from webapp.people.rules import ALPHABET, CODE_LENGTH
from webapp.routes import Keeper
from webapp.walk.questions import KINDS

WEBAPP = sorted((ROOT / "webapp").rglob("*.py"))
README = (ROOT / "README.md").read_text()


def test_every_route_has_a_door(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert door_of(app, rule.endpoint), f"{rule} has no door: see webapp/doors.py"


def test_an_app_with_a_route_without_a_door_does_not_start() -> None:
    app = Flask("careless")
    app.add_url_rule("/open", "open", lambda: "anybody's")
    with pytest.raises(RuntimeError, match="open"):
        guard(app, Keeper())


def calls(path: Path) -> list[tuple[str, int]]:
    """Names of what a file calls, with lines: `commit` for `session.commit()`."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found.append((name, node.lineno))
    return found


def test_there_is_one_commit_in_the_program() -> None:
    places = [path.name for path in WEBAPP for name, _ in calls(path) if name == "commit" and path.name != "env.py"]
    assert places == ["database.py"]


def test_transactions_open_only_in_pages_api_cli_and_jobs() -> None:
    # Painting is a job that is waited for.
    allowed = {"pages.py", "quarantine.py", "release.py", "api.py", "tus.py", "cli.py", "jobs.py", "painting.py"}
    for path in WEBAPP:
        if path.name not in allowed and path.parent.name not in {"bench", "demo", "desk"}:
            assert "transaction" not in [name for name, _ in calls(path)], f"{path} opens a transaction"


def test_only_storage_touches_stored_files() -> None:
    for path in WEBAPP:
        if path.name not in {"storage.py", "config.py"}:
            assert "settings.storage" not in path.read_text().replace("Store(settings.storage)", "")


def test_there_is_no_drawer_for_everything() -> None:
    names = {path.stem for path in WEBAPP}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc", "models", "views"}


def test_templates_have_nothing_inline() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        found = re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*src=)|javascript:", path.read_text())
        assert not found, f"{path.name}: {found and found[0]} (the policy allows nothing inline)"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_question_kind_has_a_file_a_template_and_a_test(kind: str) -> None:
    for path in (
        f"webapp/walk/questions/{kind}.py",
        f"templates/walk/questions/{kind}.html",
        f"tests/walk/questions/test_{kind}.py",
    ):
        assert (ROOT / path).is_file(), f"{path} is missing for the question kind “{kind}”"


@pytest.mark.parametrize("name", sorted({*FORMATS, *FILES}))
def test_every_export_has_a_file_and_a_test_and_stands_in_the_readme(name: str) -> None:
    assert (ROOT / f"webapp/export/formats/{name}.py").is_file()
    assert (ROOT / f"tests/export/test_{name}.py").is_file()
    assert f"`{name}`" in README, f"the README does not name the export “{name}”"


def test_the_readme_names_every_command() -> None:
    with_parts = [
        f"{name} {part}" if part else name
        for name, command in pohled.commands.items()
        if not command.hidden
        for part in (getattr(command, "commands", None) or {"": None})
    ]
    for command in with_parts:
        assert f"pohled {command}" in README, f"the README does not name “pohled {command}”"


def test_the_page_of_settings_names_every_setting() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    for name in setting_names():
        assert f"`{name}`" in page, f"docs/settings.md does not explain {name}"


def test_ci_runs_the_readmes_test_command_and_nothing_else() -> None:
    lines = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and not line.startswith("#")]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec ./pohled test"]
    assert "./pohled test" in README


def test_the_tests_add_packages_and_change_none() -> None:
    """`./pohled test` only adds to what a server in the same checkout runs on."""
    versions = {
        name: set(re.findall(r"^[\w.-]+==\S+", (ROOT / "requirements" / f"{name}.lock").read_text(), re.MULTILINE))
        for name in ("app", "build", "test")
    }
    for less, more in (("app", "build"), ("build", "test")):
        assert versions[less]
        assert versions[less] <= versions[more], f"{more}.lock has other versions than {less}.lock"


def test_locks_carry_hashes_and_no_address() -> None:
    for path in sorted((ROOT / "requirements").glob("*.lock")):
        text = path.read_text()
        assert "://" not in text, f"{path.name} names an address"
        pinned = re.findall(r"^[\w.\[\]-]+==", text, re.M)
        assert pinned and text.count("--hash=sha256:") >= len(pinned)
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        assert "resolved" not in package, f"{name} in package-lock.json records where it came from"
        assert "funding" not in package, f"{name} in package-lock.json names an address: ./pohled lock leaves it out"
        assert not name or package.get("integrity"), f"{name} in package-lock.json has no hash"


def test_nothing_of_this_machine_is_in_the_tree() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    paths = re.compile(rb"(^|[^a-zA-Z0-9_.])/(work|root|home)/[a-z]")
    for name in tracked:
        file = ROOT / name
        if file.is_file() and file.suffix not in {".png", ".jpg", ".heic"}:
            found = paths.search(file.read_bytes())
            assert not found or name == "tests/house/test_house.py", f"{name}: {found and found[0]!r}"


def test_join_codes_have_more_than_fifty_bits() -> None:
    assert len(ALPHABET) ** CODE_LENGTH > 2**50
    assert not set(ALPHABET) & set("01ILOU")


def test_settings_cannot_be_changed(settings: Settings) -> None:
    with pytest.raises(AttributeError):
        settings.queue = "elsewhere"  # type: ignore[misc]


def test_starting_twice_on_one_home_changes_nothing(settings: Settings) -> None:
    create_app(settings)
    before = (settings.home / "secret").read_bytes()
    create_app(settings)
    assert (settings.home / "secret").read_bytes() == before


def with_its_helpers(view: object) -> str:
    """The source of a view and of the private functions of its module that it calls."""
    source, module = inspect.getsource(view), inspect.getmodule(view)  # type: ignore[arg-type]
    names = set(re.findall(r"\b(_[a-z]\w*)\(", source))
    return source + "".join(inspect.getsource(getattr(module, name)) for name in names if hasattr(module, name))


def test_every_form_that_changes_something_checks_its_token(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()) and not rule.rule.startswith("/api/"):
            assert ".validate()" in with_its_helpers(app.view_functions[rule.endpoint]), (
                f"{rule.endpoint} takes a POST without validating a form, and so its token"
            )
