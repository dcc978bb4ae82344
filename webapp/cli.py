"""The commands. Exit status: 0 done, 1 refused or found wrong (one sentence on standard error), 2 bad usage."""

import json
import math
import secrets
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from webapp import __version__, create_app
from webapp.config import CHECKOUT, Settings, SettingsError, refuse_half

if TYPE_CHECKING:
    from webapp.photo.intake import Reader
    from webapp.photo.track import Track

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
    from webapp.people import queries as people_queries
    from webapp.server import claim
    from webapp.server import serve as serve_app

    if bool(tls_cert) != bool(tls_key):
        raise click.UsageError("--tls-cert and --tls-key go together.")
    claim(host, port)
    settings = Settings.read()
    app = create_app(settings)  # whatever is wrong with settings or database is said before anything starts
    address = f"{'https' if tls_cert else 'http'}://{host}:{port}"
    say(f"Pohled serves on {address}")
    if settings.mail and not settings.url:
        say("POHLED_MAIL is set, but POHLED_URL is not: no mail is sent, because its links would lead nowhere.")
    with app.app_context():
        if not people_queries.any_organiser():
            say(f"There is no organiser yet. Make the first account: {settings.url or address}/desk/first")
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


@organiser.command("reset")
@click.argument("email")
def reset_organiser(email: str) -> None:
    """Prints a one-time link to a new password, open for 24 hours."""
    from webapp.database import transaction
    from webapp.people import changes, queries
    from webapp.shell.address import full_address

    app = create_app()
    with app.app_context():
        with transaction():
            known = queries.organiser_by_email(email)
            if known is None:
                raise click.ClickException(f"There is no account {email}.")
            token = changes.add_reset(app.config["SECRET_KEY"], known)
        click.echo(full_address("people.reset", key=token))


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
    try:
        changes.give_role(organiser_id, project_id, chosen)
    except changes.LastOwner as error:
        raise click.ClickException(
            "A project keeps at least one owner: make somebody else an owner first."
        ) from error


@pohled.group()
def participant() -> None:
    """Participants, who have no accounts."""


@participant.command("add")
@click.option("--code", required=True, help="The join code of a walk or call.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line.")
def add_participant(code: str, as_json: bool) -> None:
    """Joins as a phone would, with every consent given; for scripts and tests."""
    from webapp.database import transaction
    from webapp.join import changes, queries
    from webapp.people.rules import recovery_code

    with create_app().app_context():
        place = queries.place_by_code(code)
        if place is None:
            raise click.ClickException(f"There is no walk or call with the code {code}.")
        with transaction():
            newcomer, token = changes.join_by_script(place)
        made = {
            "participant": str(newcomer.id),
            "token": token,
            "recovery": recovery_code(newcomer.key, newcomer.id),
            "joined": {"kind": place.kind, "id": str(place.id)},
        }
    click.echo(json.dumps(made) if as_json else "\n".join(f"{name}: {value}" for name, value in made.items()))


@pohled.group()
def photo() -> None:
    """Pictures."""


def _seconds(_context: click.Context, _option: click.Parameter, said: str) -> float:
    from webapp.photo.rules import WRONGEST_CLOCK

    try:
        seconds = float(said)
    except ValueError:
        seconds = math.nan
    if not abs(seconds) <= WRONGEST_CLOCK.total_seconds():
        raise click.BadParameter(f"“{said}” is no number of seconds by which a clock can be wrong.")
    return seconds


@photo.command("inspect")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--track", type=click.Path(path_type=Path), help="Places photos by this GPX, KML or GeoJSON.")
@click.option(
    "--clock-offset",
    callback=_seconds,
    default="0",
    metavar="S",
    help="Seconds to add to what the camera's clock said.",
)
@click.option("--zone", help="The time zone of cameras that name none, e.g. Europe/Prague.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a file.")
def inspect_photo(
    files: tuple[Path, ...], track: Path | None, clock_offset: float, zone: str | None, as_json: bool
) -> None:
    """What intake makes of each file, without storing it."""
    from webapp.photo.geotag import along
    from webapp.photo.intake import Reader
    from webapp.photo.rules import known_zone

    if zone:
        try:
            known_zone(zone)
        except ValueError as error:
            raise click.UsageError(f"There is no time zone “{zone}”.") from error
    settings = Settings.read()
    with Reader(max_bytes=settings.max_bytes, max_pixels=settings.max_pixels) as reader:
        way = _track(reader, track) if track else None
        for path in files:
            if not path.is_file():
                raise click.ClickException(f"There is no file {path}.")
            facts = reader.inspect(path, zone).put_right(clock_offset)
            if way:
                facts = along(way, facts)
            line = {"file": str(path), **facts.as_json()}
            click.echo(json.dumps(line, ensure_ascii=False, allow_nan=False) if as_json else _in_words(line))


def _track(reader: "Reader", path: Path) -> "Track":
    from webapp.photo.intake import CannotRead

    if not path.is_file():
        raise click.ClickException(f"There is no file {path}.")
    try:
        track, found = reader.track(path)
    except CannotRead as error:
        raise click.ClickException(f"{path}: {error}") from error
    notes = [
        (found.dropped, "points have no place on Earth or no time that can be, and are left out"),
        (found.timeless, "places have no time, and are left out"),
        (found.zoneless, "times name no zone, and are taken as UTC"),
    ]
    for number, what in notes:
        if number:
            say(f"{path}: {number:,} {what}.")
    return track


@photo.command("rebuild")
@click.option("--missing", is_flag=True, help="Only those that have none.")
def rebuild_photos(missing: bool) -> None:
    """All sizes again, from the originals."""
    from webapp.photo.jobs import rebuild

    with create_app().app_context():
        say(f"{rebuild(missing)} pictures made.")


@pohled.group()
def bench() -> None:
    """Measurements, as ratios against peers in the same run."""


@bench.command("sync")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a figure.")
def bench_sync(as_json: bool) -> None:
    """Uploads against nginx, and health under many slow phones. Takes two minutes."""
    from webapp.bench import CannotMeasure
    from webapp.bench.sync import Plan, measure

    try:
        for figure in measure(Plan(), say):
            click.echo(figure.as_json() if as_json else figure.in_words())
    except CannotMeasure as error:
        raise click.ClickException(str(error)) from error


@bench.command("shell")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a figure.")
@click.option("--lighthouse", is_flag=True, help="Lighthouse's scores instead; takes ten minutes.")
def bench_shell(as_json: bool, lighthouse: bool) -> None:
    """What the phone's app fetches, how soon it saves, how much memory photos take. Takes five minutes."""
    from webapp.bench import CannotMeasure
    from webapp.bench.lighthouse import RUNS, scores
    from webapp.bench.shell import Plan, measure

    try:
        for figure in scores(Plan(), RUNS, say) if lighthouse else measure(Plan(), say):
            click.echo(figure.as_json() if as_json else figure.in_words())
    except CannotMeasure as error:
        raise click.ClickException(str(error)) from error


@bench.command("gallery")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a figure.")
def bench_gallery(as_json: bool) -> None:
    """Pages of photos among 100,000 against 1,000, and against paging by OFFSET. Takes three minutes."""
    from webapp.bench import CannotMeasure
    from webapp.bench.gallery import Plan, measure

    try:
        for figure in measure(Plan(), say):
            click.echo(figure.as_json() if as_json else figure.in_words())
    except CannotMeasure as error:
        raise click.ClickException(str(error)) from error


@bench.command("export")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a figure.")
@click.option("--photos", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A folder of JPEGs.")
def bench_export(as_json: bool, photos: Path | None) -> None:
    """30 panels and a ZIP of 150 originals: size, metadata, memory. Takes three minutes."""
    from webapp.bench import CannotMeasure
    from webapp.bench.export import Plan, measure

    try:
        for figure in measure(Plan(folder=photos), say):
            click.echo(figure.as_json() if as_json else figure.in_words())
    except CannotMeasure as error:
        raise click.ClickException(str(error)) from error


@bench.command("photos")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a figure.")
@click.option("--photos", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A folder of JPEGs.")
def bench_photos(as_json: bool, photos: Path | None) -> None:
    """Three sizes of each original against other ways of making them. Takes four minutes."""
    from webapp.bench import CannotMeasure
    from webapp.bench.photos import Plan, measure

    try:
        for figure in measure(Plan(folder=photos), say):
            click.echo(figure.as_json() if as_json else figure.in_words())
    except CannotMeasure as error:
        raise click.ClickException(str(error)) from error


@pohled.command("erase")
@click.argument("participant_id", metavar="PARTICIPANT", type=click.UUID)
@click.option("--json", "as_json", is_flag=True, help="One JSON line.")
def erase_participant(participant_id: uuid.UUID, as_json: bool) -> None:
    """Everything of one person, for good, with a certificate."""
    from webapp.upkeep.jobs import erase_now, wipe_now

    with create_app().app_context():
        certificate = erase_now(participant_id)
        if certificate is None:
            raise click.ClickException(f"There is no participant {participant_id}.")
        if not wipe_now():
            say("The database is busy: its files are wiped as soon as the worker finds it idle.")
    told = certificate.as_json()
    click.echo(json.dumps(told) if as_json else "\n".join(_certified(told)))


def _certified(told: dict[str, Any]) -> list[str]:
    counts = ", ".join(f"{count} {what}" for what, count in told["removed"].items())
    return [
        f"Certificate of erasure {told['number']}",
        f"Time: {told['at']}",
        f"Removed: {counts}.",
        f"What remains: {told['remains']['fingerprints']} fingerprints of ids and tokens, which tell nothing;"
        " acts of organisers, without a name.",
    ]


@pohled.command("backup")
@click.argument("words", metavar="[verify] FILE", nargs=-1, required=True)
def back_up(words: tuple[str, ...]) -> None:
    """All rows and files into one new FILE, while others go on working; or reads one again (verify).

    A backup that was cut off keeps the name FILE.part, and is refused by verify and by restore.
    """
    if len(words) == 2 and words[0] == "verify":
        _verify_backup(Path(words[1]))
    elif len(words) == 1 and words[0] != "verify":
        _write_backup(Path(words[0]).absolute())
    else:
        raise click.UsageError("It is `pohled backup FILE`, or `pohled backup verify FILE`.")


def _write_backup(target: Path) -> None:
    from webapp.upkeep.backup import CannotBackUp, source_of
    from webapp.upkeep.backup import back_up as write_backup

    settings = Settings.read()
    try:
        source_of(settings, target)
        with create_app(settings).app_context():
            done = write_backup(target, say)
    except CannotBackUp as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{target}: {done.files:,} files, {done.bytes / 1e6:,.1f} MB.")
    if done.lost or done.damaged:
        raise click.ClickException(
            f"The backup is written, but {len(done.lost)} originals that rows name were not there or could not be"
            f" read, and {len(done.damaged)} are damaged: see `pohled check`."
        )


def _verify_backup(path: Path) -> None:
    from webapp.upkeep.archive import NoBackup
    from webapp.upkeep.backup import verify

    try:
        about, files, size = verify(path)
    except NoBackup as error:
        raise click.ClickException(f"{path}: {error}") from error
    click.echo(
        f"{path}: {files:,} files, {size / 1e6:,.1f} MB, of {_moment(about.created)}; all as they were written."
    )


@pohled.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Moves what is there aside, instead of refusing.")
def restore(file: Path, replace: bool) -> None:
    """A backup into an empty home that nobody uses: all of it or nothing. Who was erased since is erased again."""
    from webapp.upkeep.archive import NoBackup
    from webapp.upkeep.restore import CannotRestore
    from webapp.upkeep.restore import restore as bring_back

    try:
        done = bring_back(Settings.read(), file, replace, say, create_app)
    except NoBackup as error:
        raise click.ClickException(f"Nothing was restored. {file}: {error}") from error
    except CannotRestore as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Restored: {done.files:,} files, as of {_moment(done.about.created)}.")
    if done.erased:
        click.echo(f"People erased again, because they were erased after this backup: {done.erased}.")
    for folder in done.aside:
        click.echo(f"What was there before lies in {folder}: delete it once you need it no more.")
    if done.lost:
        say(f"Originals that rows name and the backup lacks: {done.lost}. `pohled check` says which.")


def _moment(seconds: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


@pohled.command("check")
@click.option("--repair", is_flag=True, help="Does what is safe; nothing goes of which there is no other.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each thing that is wrong, and one for all.")
def check_all(repair: bool, as_json: bool) -> None:
    """Rows without files, files without rows, wrong hashes; while others go on working."""
    from webapp.database import file_of
    from webapp.upkeep.check import Looked, look
    from webapp.upkeep.jobs import repair as repair_one

    settings, looked = Settings.read(), Looked()
    refuse_half(settings.home)
    if (database := file_of(settings.database)) and not database.is_file():
        raise click.ClickException(f"There is no database {database}: is POHLED_HOME right?")
    app = create_app(settings)
    found = repaired = 0
    with app.app_context():
        for finding in look(app.extensions["store"], looked):
            if repair:
                repair_one(finding)
            found, repaired = found + 1, repaired + bool(finding.repaired)
            click.echo(json.dumps(finding.as_json()) if as_json else finding.in_words())
    total = {"files": looked.files, "bytes": looked.bytes, "wrong": found, "repaired": repaired}
    click.echo(json.dumps(total) if as_json else f"{looked.files:,} files, {looked.bytes / 1e6:,.1f} MB.")
    if found > repaired:
        left = f"{found} things are wrong" if found > 1 else "One thing is wrong"
        raise click.ClickException(f"{left}; {repaired} of them were repaired." if repair else f"{left}.")


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
    where = f"{place['lat']:.6f}, {place['lon']:.6f} ({place['source']})" if isinstance(place, dict) else "no place"
    if isinstance(place, dict) and "gap" in place:
        where += f", {place['gap']} s from the track's nearest point"
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
