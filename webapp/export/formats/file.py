"""What every format gives."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """A file on its way out: its name, MIME type, content, size in bytes, and how many photos are in it."""

    name: str
    type: str
    chunks: Iterable[bytes]
    bytes: int
    photos: int
