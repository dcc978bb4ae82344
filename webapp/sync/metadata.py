"""What the upload protocol writes into headers. Plain values."""

import base64
import re
import uuid
from dataclasses import dataclass

PARTS = {"preview", "original", "sound"}
LONGEST = 4000  # characters
SHA256 = re.compile(r"[0-9a-f]{64}")
KEY = re.compile(r"[^\x00-\x20,\x7f]+")


class Wrong(ValueError):
    """A header that cannot be used; `field` says which word of it, or is empty where its form is wrong."""

    def __init__(self, field: str = "") -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Metadata:
    """What `Upload-Metadata` says of the bytes; other keys are allowed and mean nothing here."""

    photo: uuid.UUID | None
    part: str | None
    sha256: str | None


def read_metadata(header: str) -> Metadata:
    """Pairs of a key and a base64 text, comma-separated. Raises Wrong."""
    if len(header) > LONGEST:
        raise Wrong
    words: dict[str, str] = {}
    for pair in header.split(",") if header.strip() else ():
        key, _, value = pair.strip().partition(" ")
        if not KEY.fullmatch(key) or key in words:
            raise Wrong
        words[key] = _text(key, value.strip())
    photo, part, sha256 = (words.get(key) for key in ("photo", "part", "sha256"))
    if part is not None and part not in PARTS:
        raise Wrong("part")
    if sha256 is not None and not SHA256.fullmatch(sha256.lower()):
        raise Wrong("sha256")
    return Metadata(_uuid(photo) if photo is not None else None, part, sha256.lower() if sha256 else None)


def read_checksum(header: str, known: tuple[str, ...]) -> tuple[str, bytes]:
    """The algorithm's name, one of `known`, and the sum. Raises Wrong."""
    name, _, value = header.partition(" ")
    if name not in known:
        raise Wrong
    try:
        return name, base64.b64decode(value.strip(), validate=True)
    except ValueError as error:
        raise Wrong from error


def _text(key: str, value: str) -> str:
    """Other keys may hold any bytes, which nobody reads."""
    ours = key in ("photo", "part", "sha256")
    try:
        return base64.b64decode(value, validate=True).decode("utf-8" if ours else "latin-1")
    except ValueError as error:
        raise Wrong(key if ours else "") from error


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Wrong("photo") from error
