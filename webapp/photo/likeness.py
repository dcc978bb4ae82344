"""Which photos look alike: only ever a suggestion. See docs/decisions/0036.

A print is the difference hash of N. Krawetz ("Kind of Like That", 2013), taken across and down: 64 bits each, whether
the picture gets lighter from one of 9 by 8 fields to the next. It stays nearly the same when a picture is saved anew,
made smaller, lighter or grey, and changes when it is turned or cut.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

LONG, SHORT = 9, 8
BITS = 2 * (LONG - 1) * SHORT
SAME = 10
"""So many bits may differ in two copies of one picture, whoever sent them."""
SIMILAR = 16
"""So many in two pictures that one person took one after the other."""
SOON = timedelta(minutes=10)
PLAIN = 10
"""Between the darkest and the lightest field: with less there is nothing to compare, a wall or the night."""
BANDS = SAME + 1


def fingerprint(across: Sequence[int], down: Sequence[int]) -> int | None:
    """The print of a picture as greys from 0 to 255, row by row: in `across` 9 fields wide and 8 high, in `down` 8
    wide and 9 high. None where they are all about the same."""
    if max(across) - min(across) < PLAIN:
        return None
    steps = [(across, at, at + 1) for at in range(LONG * SHORT) if (at + 1) % LONG]
    steps += [(down, at, at + SHORT) for at in range(SHORT * SHORT)]
    bits = 0
    for grey, here, there in steps:
        bits = bits << 1 | (grey[here] < grey[there])
    return bits


@dataclass(frozen=True)
class Likeness:
    """A photo with its print, whose it is and when it was taken, if that is known."""

    number: int
    person: Hashable
    print: int
    at: datetime | None = None


def groups(looks: Sequence[Likeness], apart: Collection[tuple[int, int]] = ()) -> list[list[int]]:
    """Numbers of photos that look alike, in groups of two and more, each by its numbers, the first first.

    A photo belongs to a group if it looks like one of it, and nobody has said that it is different from any of it:
    `apart` has such pairs, the smaller number first. Each photo is in one group only.
    """
    like = defaultdict[int, set[int]](set)
    for one, other in pairs(tuple(looks)):
        like[one].add(other)
        like[other].add(one)
    different = defaultdict[int, set[int]](set)
    for one, other in apart:
        different[one].add(other)
        different[other].add(one)
    home, found = dict[int, list[int]](), list[list[int]]()
    for number in sorted(like):
        beside = sorted(other for other in like[number] if other in home)
        fits = (home[other] for other in beside if different[number].isdisjoint(home[other]))
        group = next(fits, None)
        if group is None:
            group = []
            found.append(group)
        group.append(number)
        home[number] = group
    return [group for group in found if len(group) > 1]


@lru_cache(8)
def pairs(looks: tuple[Likeness, ...]) -> frozenset[tuple[int, int]]:
    """Numbers of two photos that look alike, the smaller first; of many copies each stands beside the first alone.

    It is remembered, because pages ask for the same again."""
    return frozenset([*_copies(looks), *_one_after_the_other(looks)])


def _copies(looks: Sequence[Likeness]) -> Iterator[tuple[int, int]]:
    """The print is cut into one band more than bits may differ, so that at least one band of two copies is the same:
    only on one shelf must all be compared with all. Of those with the very same print the first stands for all."""
    first = dict[int, Likeness]()
    shelves = defaultdict[tuple[int, int], list[Likeness]](list)
    for look in looks:
        if look.print in first:
            yield _pair(first[look.print], look)
            continue
        first[look.print] = look
        for band in range(BANDS):
            low, high = band * BITS // BANDS, (band + 1) * BITS // BANDS
            shelves[band, look.print >> low & (1 << high - low) - 1].append(look)
    for shelf in shelves.values():
        for at, one in enumerate(shelf):
            for other in shelf[at + 1 :]:
                if (one.print ^ other.print).bit_count() <= SAME:
                    yield _pair(one, other)


def _one_after_the_other(looks: Sequence[Likeness]) -> Iterator[tuple[int, int]]:
    taken = defaultdict[Hashable, list[tuple[datetime, Likeness]]](list)
    for look in looks:
        if look.at is not None:
            taken[look.person].append((look.at, look))
    for own in taken.values():
        own.sort(key=lambda each: (each[0], each[1].number))
        for at, (moment, one) in enumerate(own):
            for later, other in own[at + 1 :]:
                if later - moment > SOON:
                    break
                if (one.print ^ other.print).bit_count() <= SIMILAR:
                    yield _pair(one, other)


def _pair(one: Likeness, other: Likeness) -> tuple[int, int]:
    return min(one.number, other.number), max(one.number, other.number)
