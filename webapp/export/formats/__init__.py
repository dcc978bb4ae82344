"""The files that can be taken away, one line each."""

from collections.abc import Callable, Mapping
from typing import Any

from webapp.export.formats import originals
from webapp.export.formats.file import File

FORMATS: Mapping[str, Callable[[Any], File]] = {
    "originals": originals.make,
}
