"""Prints of pictures, and which photos are suggested to look alike."""

import io
import itertools
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageOps

from tests.conftest import CORPUS
from webapp.photo.likeness import BITS, SAME, SIMILAR, Likeness, fingerprint, groups, pairs
from webapp.photo.thumbnails import likeness

NOON = datetime(2018, 6, 18, 10, tzinfo=UTC)
PHOTOS = CORPUS / "demo_photos"


def near(print_: int, bits: int) -> int:
    """Another print that differs in so many bits."""
    return print_ ^ sum(1 << (bit * 11) % BITS for bit in range(bits))


def test_a_picture_of_nothing_has_no_print() -> None:
    rising = list(range(72))
    assert fingerprint([90] * 72, [90] * 72) is None
    assert fingerprint([90, 95] * 36, rising) is None
    assert fingerprint(rising, rising) == 2**BITS - 1
    assert fingerprint(rising[::-1], rising[::-1]) == 0
    assert fingerprint(rising, rising[::-1]) == (2**64 - 1) << 64


FEW_BITS = st.sets(st.integers(0, BITS - 1), max_size=SIMILAR + 2)
LOOKS = st.lists(
    st.builds(
        lambda at, flips, person, minutes: (sum(1 << bit for bit in flips) ^ at, person, minutes),
        st.sampled_from([0, 2**127 + 12345]),
        FEW_BITS,
        st.integers(0, 2),
        st.none() | st.integers(0, 40),
    ),
    max_size=25,
)


@given(LOOKS)
def test_the_bands_find_what_comparing_all_with_all_finds(said: list[tuple[int, int, int | None]]) -> None:
    looks = [
        Likeness(number, person, print_, None if minutes is None else NOON + timedelta(minutes=minutes))
        for number, (print_, person, minutes) in enumerate(said, 1)
    ]
    wanted = set()
    for one, other in itertools.combinations(looks, 2):
        bits = (one.print ^ other.print).bit_count()
        soon = one.at and other.at and abs(one.at - other.at) <= timedelta(minutes=10)
        if bits <= SAME or (one.person == other.person and soon and bits <= SIMILAR):
            wanted.add((one.number, other.number))
    found = pairs(tuple(looks))
    assert set(found) <= wanted
    assert together(looks, found) == together(looks, wanted)


def together(looks: list[Likeness], pairs_: Collection[tuple[int, int]]) -> set[frozenset[int]]:
    """What hangs together by pairs."""
    home = {look.number: frozenset({look.number}) for look in looks}
    for one, other in pairs_:
        joined = home[one] | home[other]
        home.update(dict.fromkeys(joined, joined))
    return set(home.values())


@given(LOOKS, st.sets(st.tuples(st.integers(1, 25), st.integers(1, 25)), max_size=20))
def test_nothing_that_was_told_apart_is_suggested_together(
    said: list[tuple[int, int, int | None]], apart: set[tuple[int, int]]
) -> None:
    looks = [Likeness(number, person, print_, NOON) for number, (print_, person, _) in enumerate(said, 1)]
    apart = {(min(pair), max(pair)) for pair in apart if pair[0] != pair[1]}
    found = groups(looks, apart)
    assert not apart & {pair for group in found for pair in itertools.combinations(group, 2)}
    everything = [number for group in found for number in group]
    assert len(everything) == len(set(everything))
    assert all(len(group) > 1 and group == sorted(group) for group in found)


def test_of_one_person_more_may_differ_and_of_others_only_copies_are_alike() -> None:
    def found(person: int, bits: int, minutes: int) -> bool:
        looks = [
            Likeness(1, 0, 12345, NOON),
            Likeness(2, person, near(12345, bits), NOON + timedelta(minutes=minutes)),
        ]
        return bool(groups(looks))

    assert found(0, SIMILAR, 10)
    assert not found(0, SIMILAR, 11), "later it may be another one"
    assert not found(0, SIMILAR + 1, 0)
    assert found(1, SAME, 5000)
    assert not found(1, SAME + 1, 0)


# Real photos


def print_of(picture: Image.Image, folder: Path) -> str:
    small = picture.convert("RGB")
    small.thumbnail((320, 320))
    small.save(folder / "320.jpg", quality=80)
    return likeness(folder)


def changed(picture: Image.Image) -> Iterator[tuple[str, Image.Image, int]]:
    """What people do to a picture, and how many bits of its print may change by it."""
    wide, high = picture.size
    edge = round(wide * 0.02), round(high * 0.02)
    again = io.BytesIO()
    picture.save(again, "JPEG", quality=30)
    yield "saved anew", Image.open(again), SAME
    yield "a third of the size", picture.resize((wide // 3, high // 3)), SAME
    yield "lighter", ImageEnhance.Brightness(picture).enhance(1.15), SAME
    yield "darker", ImageEnhance.Brightness(picture).enhance(0.7), SAME
    yield "grey", picture.convert("L"), SAME
    yield "turned by two degrees", picture.rotate(2, Image.Resampling.BICUBIC, fillcolor=(128, 128, 128)), SIMILAR + 4
    yield "cut by 2 %", picture.crop((*edge, wide - edge[0], high - edge[1])), SIMILAR + 4


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="needs POHLED_CORPUS with demo_photos")
def test_a_real_photo_is_known_again_and_no_two_are_taken_for_one_another(tmp_path: Path) -> None:
    prints = {}
    for path in sorted(PHOTOS.glob("*.jpg")):
        with Image.open(path) as opened:
            opened.draft("RGB", (1280, 1280))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
        picture.thumbnail((1280, 1280))
        prints[path.name] = int(print_of(picture, tmp_path), 16)
        for what, other, most in changed(picture):
            bits = (int(print_of(other, tmp_path), 16) ^ prints[path.name]).bit_count()
            assert bits <= most, f"{path.name} {what}: {bits}"
    assert len(prints) >= 10
    for one, other in itertools.combinations(prints, 2):
        assert (prints[one] ^ prints[other]).bit_count() > SIMILAR, f"{one} and {other}"
