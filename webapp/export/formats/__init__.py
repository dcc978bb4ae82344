"""The files that can be taken away, one line each."""

from collections.abc import Callable, Mapping
from typing import Any

from webapp.export.formats import answers, geojson, originals, photos, xlsx
from webapp.export.formats.file import File

FORMATS: Mapping[str, Callable[[Any], File]] = {
    "originals": originals.make,
    "answers": answers.make,
    "photos": photos.make,
    "geojson": geojson.make,
    "xlsx": xlsx.make,
}
