"""Settings: frozen, read from the environment once. `docs/settings.md` explains each one."""

import fcntl
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import unquote, urlsplit

VERSION = "0.1.0"
PACKAGE = Path(__file__).resolve().parent
SPOKEN = ("cs", "en", "uk", "vi", "ru", "en-XA", "ar-XB")  # the last two are for tests; `words.py` knows what each is
OSM = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
STAGING = "restoring"
"""The name of folders in which a restore unpacks, beside the places that it unpacks for."""
CHECKOUT = PACKAGE.parent if (PACKAGE.parent / "pyproject.toml").is_file() else None


class SettingsError(Exception):
    """A setting that cannot be used; the message names it and says what it takes."""


@dataclass(frozen=True)
class Settings:
    """All that the environment decides. Sizes in bytes, pictures in pixels."""

    home: Path
    database: str
    storage: Path
    queue: str
    url: str
    languages: tuple[str, ...]
    map_tiles: str
    mail: str
    mail_from: str
    max_bytes: int
    max_pixels: int

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        home = Path(environ.get("POHLED_HOME") or CHECKOUT or Path.cwd()).expanduser().resolve()
        return cls(
            home=home,
            database=environ.get("POHLED_DATABASE") or f"sqlite:///{home / 'pohled.sqlite'}",
            storage=_folder(environ.get("POHLED_STORAGE"), home / "uploads"),
            queue=_queue(environ.get("POHLED_QUEUE", "")),
            url=_address(environ.get("POHLED_URL", "")),
            languages=_languages(environ.get("POHLED_LANGUAGES") or "cs,en,uk,vi,ru"),
            map_tiles=_tiles(environ.get("POHLED_MAP_TILES") or OSM),
            mail=_mail(environ.get("POHLED_MAIL", "")),
            mail_from=environ.get("POHLED_MAIL_FROM", ""),
            max_bytes=_number(environ, "POHLED_MAX_BYTES", 60_000_000),
            max_pixels=_number(environ, "POHLED_MAX_PIXELS", 220_000_000),
        )


def setting_names() -> list[str]:
    """The environment's names of all settings, for the page that documents them."""
    return [f"POHLED_{field.name.upper()}" for field in fields(Settings)]


def secret(home: Path) -> bytes:
    """The key that signs cookies and forms: made once, readable by its owner only."""
    path = home / "secret"
    home.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        # Written aside and linked into place: a process that starts at the same moment never reads half a key.
        draft = home / f"secret.{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        finally:
            draft.unlink()
    return path.read_text().strip().encode()


def occupy(home: Path, alone: bool = False) -> int:
    """Marks the home as in use, for as long as the handle that it returns is open. Raises SettingsError.

    Whoever serves it or works in it shares it; a restore wants it alone.
    """
    home.mkdir(parents=True, exist_ok=True)
    handle = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        hand_over(handle, home)
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        if not alone:
            refuse_half(home)
    except BlockingIOError as error:
        os.close(handle)
        told = "is in use: stop the server, its worker and other commands first" if alone else "is being restored"
        raise SettingsError(f"{home} {told}.") from error
    except BaseException:
        os.close(handle)
        raise
    return handle


def hand_over(made: int | Path, folder: Path) -> None:
    """What root makes in somebody else's folder becomes theirs: else whoever serves the home could not use it."""
    if os.geteuid() != 0:
        return
    owner, now = folder.stat(), os.stat(made)  # noqa: PTH116 (an open file, too)
    if (now.st_uid, now.st_gid) != (owner.st_uid, owner.st_gid):
        with suppress(PermissionError):  # not every root may, in a container
            os.chown(made, owner.st_uid, owner.st_gid)


def refuse_half(home: Path) -> None:
    """Raises SettingsError for a home into which a restore has put one part, and not yet the other."""
    if ready(home).exists():
        raise SettingsError(
            f"A restore into {home} was cut off at its last step: run `pohled restore` again to finish it."
        )


def ready(home: Path) -> Path:
    """A file that is there while a restore, verified and whole, is being put into its place."""
    return home / STAGING / "ready"


def _folder(address: str | None, default: Path) -> Path:
    if not address:
        return default
    parts = urlsplit(address)
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/"):
        raise SettingsError("POHLED_STORAGE takes a folder, written file:///absolute/path.")
    return Path(unquote(parts.path))


def _address(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise SettingsError(f"POHLED_URL takes an address with http:// or https://, not “{url}”.")
    return url.rstrip("/")


def _tiles(address: str) -> str:
    if address != "none" and not re.fullmatch(r"https?://[^\s;,'\"]+", address):
        raise SettingsError("POHLED_MAP_TILES takes a tile address with {z}/{x}/{y} in it, or none.")
    if address != "none" and not all(part in address for part in ("{z}", "{x}", "{y}")):
        raise SettingsError("POHLED_MAP_TILES takes a tile address with {z}/{x}/{y} in it, or none.")
    return address


def _mail(address: str) -> str:
    if address and not address.startswith(("smtp://", "smtps://")):
        raise SettingsError("POHLED_MAIL takes smtp://user:password@host:port, smtps://..., or nothing.")
    return address


def _languages(text: str) -> tuple[str, ...]:
    codes = tuple(text.replace(" ", "").split(","))
    if unknown := [code for code in codes if code not in SPOKEN]:
        raise SettingsError(f"POHLED_LANGUAGES takes some of {', '.join(SPOKEN)}, not “{unknown[0]}”.")
    return codes


def _queue(address: str) -> str:
    if address and not address.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError("POHLED_QUEUE takes a redis:// address, or nothing for the database itself.")
    return address


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not re.fullmatch("[0-9]{1,15}", text) or int(text) == 0:
        raise SettingsError(f"{name} takes a whole number above 0, not “{text}”.")
    return int(text)
