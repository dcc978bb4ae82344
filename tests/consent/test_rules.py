"""The gate: every exit, every missing yes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.consent.rules import INSIDE, NEEDS, Exit, Purpose, Refusal, in_force, refusal

EVERYTHING = frozenset(Purpose)


def test_every_exit_says_what_it_needs_and_keep_is_among_it() -> None:
    assert set(NEEDS) == set(Exit)
    for way in set(Exit) - {Exit.AUTHOR, Exit.PERSON}:  # whose it is may always see it
        needed = NEEDS[way]
        assert Purpose.KEEP in needed, f"{way} lets out what must not even be kept"


@pytest.mark.parametrize("way", list(Exit))
def test_each_missing_yes_closes_the_exit(way: Exit) -> None:
    assert refusal(way, EVERYTHING, unreleased=False) is None
    for purpose in NEEDS[way]:
        assert refusal(way, EVERYTHING - {purpose}, unreleased=False) is Refusal.NOT_AGREED


@pytest.mark.parametrize("way", [way for way in Exit if way not in INSIDE])
def test_somebody_who_has_not_agreed_leaves_by_no_exit(way: Exit) -> None:
    assert refusal(way, EVERYTHING, unreleased=True) is Refusal.NO_RELEASE


@pytest.mark.parametrize("way", list(Exit))
def test_what_was_taken_back_leaves_by_no_exit(way: Exit) -> None:
    assert refusal(way, EVERYTHING, unreleased=False, withdrawn=True) is Refusal.WITHDRAWN


def test_organisers_see_whom_they_must_still_ask() -> None:
    assert refusal(Exit.DESK, EVERYTHING, unreleased=True) is None


@given(st.lists(st.tuples(st.sampled_from([each.value for each in Purpose]), st.booleans())))
def test_the_last_word_counts(record: list[tuple[str, bool]]) -> None:
    agreed = in_force(record)
    for purpose in Purpose:
        said = [yes for name, yes in record if name == purpose]
        assert (purpose in agreed) == bool(said and said[-1])
