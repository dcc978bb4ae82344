"""Squares as GeoJSON: closed rings, longitude first, of so many people that no one photo is told."""

import json

from flask import Flask

from tests.client import Visitor
from tests.makers import MadeWalk, log_in, make_participant, make_photo
from tests.makers_photo import turned

AT = (50.0755, 14.4378)


def test_a_square_of_three_people_is_a_closed_ring_with_longitude_first(app: Flask, walk: MadeWalk) -> None:
    organiser = Visitor(app)
    log_in(organiser)
    address = f"/desk/projects/{walk.project_id}/coarse.geojson"
    with app.app_context():
        for number in (1, 2):
            make_photo(app, walk, make_participant(walk), turned(number), pin=AT)
    assert json.loads(organiser.get(address).data) == {"type": "FeatureCollection", "features": []}
    with app.app_context():
        make_photo(app, walk, make_participant(walk), turned(3), pin=AT)
    answer = organiser.get(address)
    assert answer.headers["Content-Type"].startswith("application/geo+json")
    (feature,) = json.loads(answer.data)["features"]
    assert feature["properties"]["photos"] == 3
    (ring,) = feature["geometry"]["coordinates"]
    assert len(ring) == 5
    assert ring[0] == ring[-1]
    (west, south), (east, north) = ring[0], ring[2]
    assert west < AT[1] < east
    assert south < AT[0] < north
    assert str(AT[0]) not in answer.text
