"""Where the city of a time zone lies, so that a new walk's map begins there."""

import pytest

from webapp.project.rules import city_of, zones


@pytest.mark.parametrize(
    ("zone", "place"),
    [
        ("Europe/Prague", (50.0833, 14.4333)),
        ("Europe/Bratislava", (48.15, 17.1167)),  # a link to Prague's in the tables of today
        ("America/Argentina/Buenos_Aires", (-34.6, -58.45)),
        ("Antarctica/Troll", (-72.0114, 2.535)),  # with seconds
        ("Europe/Nowhere", None),
    ],
)
def test_a_time_zone_is_named_for_a_city(zone: str, place: tuple[float, float] | None) -> None:
    assert city_of(zone) == place


def test_most_zones_lead_to_a_city() -> None:
    assert sum(city_of(zone) is not None for zone in zones()) > 300
