"""The commands. Exit status: 0 done, 1 refused or found wrong (one sentence on standard error), 2 bad usage."""

import json
import secrets
import sys
from pathlib import Path
from typing import NoReturn

import click

from webapp import __version__, create_app
from webapp.config import CHECKOUT, Settings, SettingsError

PORT = 8000


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def pohled() -> None:
    """City walks with checklists, and PhotoVoice."""


@pohled.command()
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
def demo(port: int, host: str) -> None:
    """Makes the demo project in an empty store, and serves it."""
    from webapp import demo as demo_project
    from webapp.server import claim
    from webapp.server import serve as serve_app

    claim(host, port)  # before the drawing, which takes a while
    app = create_app()
    with app.app_context():
        demo_project.prepare(say)
        click.echo(demo_project.greeting(Settings.read().url or f"http://{host}:{port}"))
    serve_app(host, port, worker=True)


@pohled.command()
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM, with chain.")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM.")
@click.option("--no-worker", is_flag=True, help="Jobs run elsewhere, by `pohled worker`.")
def serve(port: int, host: str, tls_cert: Path | None, tls_key: Path | None, no_worker: bool) -> None:
    """Serves for real, with the worker beside it."""
    from webapp.server import claim
    from webapp.server import serve as serve_app

    if bool(tls_cert) != bool(tls_key):
        raise click.UsageError("--tls-cert and --tls-key go together.")
    claim(host, port)
    create_app()  # whatever is wrong with settings or database is said before anything starts
    scheme = "https" if tls_cert else "http"
    say(f"Pohled serves on {scheme}://{host}:{port}")
    serve_app(host, port, not no_worker, tls_cert, tls_key)


@pohled.command()
def worker() -> None:
    """Runs the jobs alone."""
    from webapp.jobs import consume, die_with_parent

    die_with_parent()
    consume(create_app())


@pohled.command(context_settings={"ignore_unknown_options": True})
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def test(args: tuple[str, ...]) -> NoReturn:
    """All tests, in a checkout only: there, ./pohled test runs them."""
    raise click.ClickException("The tests are in a checkout: run ./pohled test there.")


@pohled.group()
def organiser() -> None:
    """Accounts of organisers."""


@organiser.command("add")
@click.argument("email")
@click.option("--project", help="The project's id.")
@click.option("--role", help="owner, facilitator, curator, author, officer or viewer.")
@click.option("--password-stdin", is_flag=True, help="Reads the password from standard input.")
def add_organiser(email: str, project: str | None, role: str | None, password_stdin: bool) -> None:
    """An account, and a role in a project."""
    from webapp.database import transaction
    from webapp.people import changes, queries

    if bool(project) != bool(role):
        raise click.UsageError("--project and --role go together.")
    if "@" not in email:
        raise click.ClickException(f"“{email}” is not an e-mail address.")
    given = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    if password_stdin and not given:
        raise click.ClickException("There was no password on standard input.")
    password = given or secrets.token_urlsafe(12)
    with create_app().app_context(), transaction():
        known = queries.organiser_by_email(email)
        account = known if known and not given else changes.add_organiser(email, password)
        if project and role:
            _give_role(account.id, project, role)
    told = given or known
    click.echo(f"{email} may log in." if told else f"{email} may log in with the password {password}")


def _give_role(organiser_id: object, project: str, role: str) -> None:
    from uuid import UUID

    from webapp.doors import Role
    from webapp.project import changes, queries

    try:
        chosen, project_id = Role(role), UUID(project)
    except ValueError as error:
        raise click.ClickException(f"There is no such role or project: {role}, {project}.") from error
    if queries.project(project_id) is None or not isinstance(organiser_id, UUID):
        raise click.ClickException(f"There is no project {project}.")
    changes.give_role(organiser_id, project_id, chosen)


@pohled.group()
def photo() -> None:
    """Pictures."""


@photo.command("inspect")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--zone", help="The time zone of cameras that name none, e.g. Europe/Prague.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a file.")
def inspect_photo(files: tuple[Path, ...], zone: str | None, as_json: bool) -> None:
    """What intake makes of each file, without storing it."""
    from webapp.photo.intake import Reader
    from webapp.photo.rules import known_zone

    if zone:
        try:
            known_zone(zone)
        except ValueError as error:
            raise click.UsageError(f"There is no time zone “{zone}”.") from error
    settings = Settings.read()
    with Reader(max_bytes=settings.max_bytes, max_pixels=settings.max_pixels) as reader:
        for path in files:
            if not path.is_file():
                raise click.ClickException(f"There is no file {path}.")
            facts = reader.inspect(path, zone)
            line = {"file": str(path), **facts.as_json()}
            click.echo(json.dumps(line, ensure_ascii=False, allow_nan=False) if as_json else _in_words(line))


@photo.command("rebuild")
@click.option("--missing", is_flag=True, help="Only those that have none.")
def rebuild_photos(missing: bool) -> None:
    """All sizes again, from the originals."""
    from webapp.photo.jobs import rebuild

    with create_app().app_context():
        say(f"{rebuild(missing)} pictures made.")


@pohled.command("migration", hidden=True)
@click.argument("message")
def write_migration(message: str) -> None:
    """For developers: a new migration from what the tables say."""
    from webapp.migrations import write

    if CHECKOUT is None:
        raise click.ClickException("Migrations are written in a checkout.")
    with create_app().app_context():
        write(message)


def _in_words(line: dict[str, object]) -> str:
    if not line["ok"]:
        return f"{line['file']}: {line['reason']}"
    taken, place = line["taken"], line["place"]
    when = taken.get("local") or taken.get("utc") if isinstance(taken, dict) else "no time"
    where = f"{place['lat']:.6f}, {place['lon']:.6f}" if isinstance(place, dict) else "no place"
    return f"{line['file']}: {line['width']} x {line['height']}, {when}, {where}"


def say(sentence: str) -> None:
    """Progress and sentences for people, on standard error: standard output is for results."""
    click.echo(sentence, err=True)


def main() -> None:
    """The entry point: every expected failure is one sentence."""
    from sqlalchemy.exc import SQLAlchemyError

    from webapp.shell.assets import NotBuilt
    from webapp.storage import StorageError

    try:
        pohled.main(prog_name="pohled")
    except (SettingsError, NotBuilt, StorageError) as error:
        say(str(error) or type(error).__name__)
        sys.exit(1)
    except (OSError, ImportError, SQLAlchemyError) as error:
        say(f"Pohled cannot go on: {str(error).splitlines()[0]}")
        sys.exit(1)


if __name__ == "__main__":
    main()
