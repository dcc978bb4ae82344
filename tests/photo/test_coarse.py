"""Squares and months for others: what they tell, and what somebody could make of all of it together."""

import itertools
import math
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.photo.coarse import FEW, SIZES, Spot, Square, months, places, square

ANYWHERE = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
IN_TOWN = st.tuples(st.floats(50.05, 50.12), st.floats(14.38, 14.48))
SIZE = st.sampled_from(SIZES)
RADIUS = 6_371_008.8  # metres
SPOTS = st.dictionaries(
    st.integers(0, 60),
    st.builds(
        lambda person, at, accuracy: Spot(person, *at, accuracy),
        st.integers(0, 8),
        IN_TOWN,
        st.none() | st.floats(0, 6000) | st.just(math.nan) | st.just(math.inf),
    ),
    max_size=40,
)


@given(ANYWHERE, SIZE)
def test_a_square_holds_what_lies_in_it_and_is_about_as_wide_as_it_says(at: tuple[float, float], metres: int) -> None:
    found = square(*at, metres)
    (south, west), (north, east) = found.south_west, found.north_east
    lat, lon = at[0], (at[1] + 180) % 360 - 180
    assert south - 1e-9 <= lat <= north + 1e-9
    assert west - 1e-9 <= lon <= east + 1e-9 or lon == -180
    high = math.radians(north - south) * RADIUS
    assert high == pytest.approx(metres, rel=0.002)
    narrow = min(math.cos(math.radians(each)) for each in (south, north)) * math.radians(east - west) * RADIUS
    if abs(lat) < 89:  # nearer than 110 km to the pole they are wedges
        assert narrow >= metres * 0.998
        assert narrow <= metres * 1.2 or abs(lat) > 80


@given(ANYWHERE)
def test_each_square_lies_in_one_of_the_next_size(at: tuple[float, float]) -> None:
    chain = [square(*at, metres) for metres in SIZES]
    for small, large in itertools.pairwise(chain):
        assert large.holds(small)
        assert not small.holds(large)
        assert square(*small.middle, large.metres) == large
        assert square(*small.middle, small.metres) == small


def test_the_grid_is_the_same_for_ever() -> None:
    """Whoever changes it tells the old and the new squares apart, and with them what lies in both."""
    assert square(50.0755, 14.4378) == Square(500, 31127, 27705)
    assert square(50.0755, 14.4378, 8000) == Square(8000, 1945, 1731)
    assert square(-33.8568, 151.2153, 1000).middle == pytest.approx((-33.858, 151.2135), abs=0.01)


@given(SPOTS)
def test_nobody_is_told_by_a_square_with_fewer_than_three_people(spots: dict[int, Spot]) -> None:
    told = places(spots)
    assert set(told) == set(spots)
    for where, keys in by_square(told).items():
        assert len({spots[key].person for key in keys}) >= FEW, where
        for key in keys:
            assert where.holds(square(spots[key].lat, spots[key].lon))
            assert not where.metres < 2 * (spots[key].accuracy or 0), "a square smaller than what is known"


@given(SPOTS)
def test_what_is_told_depends_on_the_small_square_alone(spots: dict[int, Spot]) -> None:
    """So nobody wins more of a place back than the square of 500 m, whatever else they know: wherever in it people
    stood, the same is told."""
    moved = {}
    for key, spot in spots.items():
        lat, lon = square(spot.lat, spot.lon).middle
        moved[key] = replace(spot, lat=lat, lon=lon)
    assert places(moved) == places(spots)


@given(SPOTS, st.randoms())
def test_the_order_in_which_photos_come_tells_nothing(spots: dict[int, Spot], random: object) -> None:
    keys = list(spots)
    random.shuffle(keys)  # type: ignore[attr-defined]
    assert places({key: spots[key] for key in keys}) == places(spots)


def test_many_photos_of_one_person_are_one_person() -> None:
    here = {n: Spot("anna", 50.0755, 14.4378) for n in range(50)}
    assert set(places(here).values()) == {None}
    assert set(places({**here, 50: Spot("bao", 50.0755, 14.4378)}).values()) == {None}
    assert (
        len(set(places({**here, 50: Spot("bao", 50.0755, 14.4378), 51: Spot("cyril", 50.0755, 14.4378)}).values()))
        == 1
    )


def test_a_larger_square_has_three_people_of_its_own_beside_the_smaller_ones() -> None:
    """Four in one small square and one beside it: were the one told by the larger square, it would be what is left
    of that square without the small one."""
    one, two = Square(500, 31127, 28172).middle, Square(500, 31127, 28173).middle
    assert square(*one, 1000) == square(*two, 1000)
    spots = {n: Spot(n, *one) for n in range(4)} | {9: Spot(9, *two)}
    told = places(spots)
    assert {told[n] for n in range(4)} == {square(*one)}
    assert told[9] is None


# An attack: whoever knows the rule, the grid, whose each photo is, and everything that is told.

FINE = [Square(500, 31120 + row, 28168 + column) for row in range(2) for column in range(4)]  # half of one of 2 km
AUTHORS = (0, 1, 2, 3, 3)  # the last has two photos


def test_all_that_is_told_leaves_open_where_the_few_were() -> None:
    """Every way in which five photos of four people can lie in eight squares, and for what is told each time all the
    ways that are told alike."""
    assert len({each.within(2000) for each in FINE}) == 1
    worlds = defaultdict[tuple[Square | None, ...], list[tuple[Square, ...]]](list)
    middles = {each: each.middle for each in FINE}
    for world in itertools.product(FINE, repeat=len(AUTHORS)):
        spots = {n: Spot(AUTHORS[n], *middles[where]) for n, where in enumerate(world)}
        told = places(spots)
        worlds[tuple(told[n] for n in range(len(AUTHORS)))].append(world)
    for told_of, possible in worlds.items():
        for photo, where in enumerate(told_of):
            may_be = {world[photo] for world in possible}
            if where is not None and where.metres == SIZES[0]:
                assert may_be == {where}
                assert len({AUTHORS[n] for n, each in enumerate(told_of) if each == where}) >= FEW
            elif where is not None:
                told_otherwise = {each for each in told_of if each is not None and each.metres < where.metres}
                free = {each for each in FINE if where.holds(each)}
                free -= {each for each in FINE for other in told_otherwise if other.holds(each)}
                assert may_be == free, "it may lie anywhere in what is left of its square"
                assert len(free) > 1
            else:
                assert len(may_be) >= 4, "of who is not told nearly nothing is known"


def test_before_and_after_somebody_came_or_went_no_more_than_a_square_is_known() -> None:
    """Two looks at what is told, with one person more in between: both are made of the fixed squares, so that
    together they are, too."""
    near = [Spot(n, *FINE[n % 3].middle) for n in range(5)]
    for gone in range(5):
        before = places(dict(enumerate(near)))
        after = places({n: spot for n, spot in enumerate(near) if n != gone})
        for n, where in after.items():
            if where is not None and before[n] is not None:
                assert where.holds(before[n]) or before[n].holds(where)  # type: ignore[union-attr, arg-type]


def by_square(told: Mapping[int, Square | None]) -> Mapping[Square, list[int]]:
    found = defaultdict[Square, list[int]](list)
    for key, where in told.items():
        if where is not None:
            found[where].append(key)
    return found


# Dates

DAYS = st.lists(st.tuples(st.integers(0, 6), st.dates(date(2018, 1, 1), date(2020, 12, 31))), max_size=30)


@settings(max_examples=200)
@given(DAYS)
def test_no_month_half_or_year_is_told_of_fewer_than_three_people(days: list[tuple[Hashable, date]]) -> None:
    write = months(days)
    people = defaultdict[str, set[Hashable]](set)
    for person, day in days:
        if write:
            people[write(day)].add(person)
    assert all(len(each) >= FEW for each in people.values())


def test_dates_are_all_written_as_the_scarcest_may_be() -> None:
    june, july = date(2018, 6, 18), date(2018, 7, 30)
    three = [(person, june) for person in range(3)]
    write = months(three)
    assert write is not None
    assert write(june) == "2018-06"
    write = months([*three, *((person, july) for person in range(3))])
    assert write is not None
    assert (write(june), write(july)) == ("2018-06", "2018-07")
    write = months([*three, (0, july)])
    assert write is not None
    assert (write(june), write(july)) == ("2018", "2018"), "neither a month nor a half of its own for one"
    assert months([*three, (0, date(2019, 1, 1))]) is None
    assert months([]) is None
