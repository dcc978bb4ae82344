"""Stops and photos as points for a map: GeoJSON (RFC 7946), WGS 84, longitude first, exact places."""

import json
from typing import Any

from webapp.export.formats import rows
from webapp.export.formats.file import File
from webapp.export.rules import EXACT


def make(source: rows.Source) -> File:
    """One point for each stop and each photo whose place is known."""
    points = [
        *_points("stop", rows.STOPS, rows.stops(source)),
        *_points("photo", rows.PHOTOS, rows.photos(source)),
    ]
    made = {"type": "FeatureCollection", "passing_on": EXACT, "features": points}
    data = json.dumps(made, ensure_ascii=False, indent=1).encode()
    return File(f"{source.name}.geojson", "application/geo+json", [data], len(data), len(source.photos))


def _points(kind: str, columns: Any, found: Any) -> list[dict[str, Any]]:
    told = [dict(zip(columns, row, strict=True)) for row in found]
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.pop("lon"), row.pop("lat")]},
            "properties": {"kind": kind, **row},
        }
        for row in told
        if row["lat"] is not None and row["lon"] is not None
    ]
