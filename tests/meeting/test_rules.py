"""Plain decisions: nearness, letters, who wrote over whom."""

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.meeting.rules import (
    EARTH_METRES,
    NEAR_METRES,
    Edit,
    Move,
    Overwritten,
    Position,
    clusters,
    letter,
    merged,
    metres,
    middle,
)

CITY = st.builds(Position, st.floats(50.07, 50.1), st.floats(14.4, 14.45))
WORLD = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))
STEP = math.degrees(1 / EARTH_METRES)  # a metre to the north


def by_hand(positions: list[Position], near: float) -> set[frozenset[int]]:
    """Single linkage as it is written in books: every pair is looked at."""
    groups = [{index} for index in range(len(positions))]
    for a, one in enumerate(positions):
        for b in range(a):
            if metres(one, positions[b]) <= near:
                joined = [group for group in groups if a in group or b in group]
                groups = [group for group in groups if group not in joined] + [set().union(*joined)]
    return {frozenset(group) for group in groups}


def exact(positions: list[Position], near: float = NEAR_METRES) -> bool:
    """Whether no pair is so near to the limit that rounding decides."""
    return all(abs(metres(a, b) - near) > 1e-3 for a in positions for b in positions)


@given(st.lists(CITY, max_size=40))
def test_clusters_are_what_single_linkage_says(positions: list[Position]) -> None:
    if exact(positions):
        assert {frozenset(each) for each in clusters(positions)} == by_hand(positions, NEAR_METRES)


@given(st.lists(WORLD, max_size=30), st.floats(1, 500_000))
def test_anywhere_on_earth_and_at_any_distance(positions: list[Position], near: float) -> None:
    if exact(positions, near):
        assert {frozenset(each) for each in clusters(positions, near)} == by_hand(positions, near)


@given(st.lists(CITY, max_size=40), st.randoms())
def test_the_order_of_photos_changes_no_cluster(positions: list[Position], random: object) -> None:
    shuffled = list(enumerate(positions))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    told = {frozenset(shuffled[index][0] for index in each) for each in clusters([at for _, at in shuffled])}
    assert told == {frozenset(each) for each in clusters(positions)}


@given(st.lists(CITY, max_size=40))
def test_every_photo_is_in_one_cluster_and_the_largest_is_first(positions: list[Position]) -> None:
    found = clusters(positions)
    assert sorted(index for each in found for index in each) == list(range(len(positions)))
    assert [len(each) for each in found] == sorted((len(each) for each in found), reverse=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [(Position(0, 179.9999), Position(0, -179.9999)), (Position(89.9999, 0), Position(89.9999, 180))],
    ids=["where the degrees begin anew", "across the pole"],
)
def test_nearness_knows_that_the_earth_is_round(one: Position, other: Position) -> None:
    assert clusters([one, other]) == [[0, 1]]
    assert metres(middle([one, other]), one) < 20


def test_a_hundred_and_forty_nine_metres_are_near_and_a_hundred_and_fifty_one_are_not() -> None:
    here = Position(50.1, 14.43)
    assert clusters([here, Position(50.1 + 149 * STEP, 14.43)]) == [[0, 1]]
    assert clusters([here, Position(50.1 + 151 * STEP, 14.43)]) == [[0], [1]]


@pytest.mark.parametrize("spread", [0.0, 0.001, 0.02, 1.0])
def test_a_thousand_photos_take_well_under_a_second(spread: float) -> None:
    positions = [
        Position(50 + spread * math.sin(each * 12.9898), 14 + spread * math.cos(each * 78.233))
        for each in range(1000)
    ]
    began = time.process_time()
    clusters(positions)
    assert time.process_time() - began < 0.5


def test_letters_leave_out_the_key_for_undo() -> None:
    told = [letter(index) for index in range(52)]
    assert told[:3] == ["A", "B", "C"]
    assert "U" not in told
    assert told[24:27] == ["Z", "AA", "AB"]
    assert len(set(told)) == len(told)


def test_nobodys_words_are_thrown_away() -> None:
    assert merged("old", Edit("old", "mine"), seen_latest=True) == "mine"
    assert merged("old", Edit("old", "mine"), seen_latest=False) == "mine", "another text of the group was changed"
    assert merged("theirs", Edit("old", "old"), seen_latest=False) == "theirs", "I did not touch it"
    assert merged("same", Edit("old", "same"), seen_latest=False) == "same"
    with pytest.raises(Overwritten):
        merged("theirs", Edit("old", "mine"), seen_latest=False)


@given(
    st.builds(
        Move,
        st.integers(1, 9999),
        st.none() | st.uuids().map(str),
        st.none() | st.uuids().map(str),
        st.none() | st.integers(1, 9999),
    )
)
def test_a_move_is_read_as_it_was_written(move: Move) -> None:
    assert Move.read(str(move)) == move


@pytest.mark.parametrize("text", ["", "12", "x:", "1:a:b:c", "1:a:b:1:2"])
def test_a_move_that_says_something_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Move.read(text)
