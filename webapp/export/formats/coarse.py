"""Where a project's photos were taken, as far as others may know: squares of a fixed grid, as GeoJSON (RFC 7946)."""

import json
from typing import Any

from webapp.export.formats.file import File
from webapp.results.queries import Region, regions


def make(project: Any) -> File:
    """One square for each region that may be told, with its photos' number and month; no photo by itself."""
    found = regions(project.id)
    made = {"type": "FeatureCollection", "features": [_feature(each) for each in found]}
    data = json.dumps(made, ensure_ascii=False, indent=1).encode()
    photos = sum(each.photos for each in found)
    return File("pohled-coarse.geojson", "application/geo+json", [data], len(data), photos)


def _feature(region: Region) -> dict[str, Any]:
    (south, west), (north, east) = region.square.south_west, region.square.north_east
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    told = {"photos": region.photos, "up": region.up, "down": region.down, "taken": region.taken}
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [[[round(lon, 6), round(lat, 6)] for lon, lat in ring]]},
        "properties": {"metres": region.square.metres, **told},
    }
