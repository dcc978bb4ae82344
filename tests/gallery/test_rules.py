"""What stands in an address."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.gallery.rules import Light, Wanted, Where
from webapp.photo.rules import Lack, People, plain

LETTERS = st.text(max_size=30).map(str.strip)
WANTED = st.builds(
    Wanted,
    within=st.none() | st.uuids(),
    stop=st.none() | st.uuids(),
    theme=LETTERS,
    light=st.none() | st.sampled_from(Light),
    author=st.none() | st.integers(1, 10_000),
    people=st.none() | st.sampled_from(People),
    placed=st.none() | st.booleans(),
    lack=st.none() | st.sampled_from(Lack),
    search=LETTERS,
)


@given(WANTED)
def test_what_is_wanted_comes_back_from_its_address(wanted: Wanted) -> None:
    assert Wanted.read(wanted.as_args()) == wanted


@pytest.mark.parametrize("name", ["within", "stop", "light", "author", "people", "place", "caption", "original"])
@pytest.mark.parametrize("junk", ["", "junk", "-1", "1e9", "²", "\0", str(uuid.UUID(int=0))[:-1]])
def test_junk_asks_for_nothing(name: str, junk: str) -> None:
    assert Wanted.read({name: junk}) == Wanted()


def test_one_place_at_a_time() -> None:
    assert Where.read({"before": "7", "after": "3"}) == Where(7, None)
    assert Where.read({"before": "x", "after": "0"}) == Where(None, 0)
    assert Where.read({"before": "99999999999"}) == Where()


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("Kde si sednout?", "kde si sednout?"),
        ("  Příliš\tŽLUŤOUČKÝ  kůň ", "prilis zlutoucky kun"),
        ("Đường về nhà", "duong ve nha"),
        ("Мій дім, їжа", "міи дім, іжа"),
        ("Straße", "strasse"),
        ("مَرحبا", "مرحبا"),
    ],
)
def test_a_search_reads_plainly(words: str, read: str) -> None:
    assert plain([words]) == read


def test_captions_stand_in_lines_and_no_word_reaches_over_them() -> None:
    assert plain(["One", "", "Two"]) == "one\ntwo"
