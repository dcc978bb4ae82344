"""GeoJSON: longitude first, stops and photos, exact places for those who may see them."""

import pytest

from tests.export.files import SILENT, WORDS, Filled, filled

__all__ = ["filled"]


def test_stops_and_photos_are_points_with_longitude_first(filled: Filled) -> None:
    made = filled.geojson()
    assert made["type"] == "FeatureCollection"
    kinds = [feature["properties"]["kind"] for feature in made["features"]]
    assert kinds == ["stop"] + ["photo"] * (len(WORDS) + 1), "the second stop has no place"
    assert made["features"][0]["geometry"] == {"type": "Point", "coordinates": [14.43, 50.1]}
    assert made["features"][-1]["geometry"]["coordinates"] == pytest.approx([14.4378, 50.0755], abs=0.0005)
    assert made["features"][2]["properties"]["caption"] == WORDS[1]
    assert SILENT not in str(made)
