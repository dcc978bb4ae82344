"""What curators may decide on a photo, and what follows from it: plain decisions."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor
from typing import TypeVar

Item = TypeVar("Item")


class State(StrEnum):
    """What was decided on a photo for one exhibition. Stars are another matter: they say how good it is."""

    NONE = ""
    PICK = "pick"  # on the shortlist
    OUT = "out"
    WANTED = "wanted"  # it should hang, and its author has not agreed: ask


MOST_STARS = 5


def decided(wish: State, refused: bool) -> State:
    """What becomes of a wish: a photo that may not leave is never picked, but asked for."""
    return State.WANTED if wish is State.PICK and refused else wish


# Paper


class Sharpness(StrEnum):
    """How a print looks from an arm's length."""

    SHARP = "sharp"
    FAIR = "fair"
    COARSE = "coarse"


@dataclass(frozen=True)
class Print:
    """A picture on one paper, fitted whole: its pixels per inch, and how that looks."""

    paper: str
    ppi: int

    @property
    def sharpness(self) -> Sharpness:
        if self.ppi >= SHARP_PPI:
            return Sharpness.SHARP
        return Sharpness.FAIR if self.ppi >= FAIR_PPI else Sharpness.COARSE


PAPERS: Mapping[str, tuple[int, int]] = {"A4": (297, 210), "A3": (420, 297), "A2": (594, 420)}  # millimetres
SHARP_PPI, FAIR_PPI = 250, 150
INCH = 25.4  # millimetres


def ppi(width: int, height: int, paper: str) -> int:
    """Pixels per inch of a picture that fits whole on the sheet, which is turned as suits it; rounded down."""
    long, short = PAPERS[paper]
    return floor(max(max(width, height) * INCH / long, min(width, height) * INCH / short))


def prints(width: int, height: int) -> tuple[Print, ...]:
    """The picture on each paper, the smallest first."""
    return tuple(Print(paper, ppi(width, height, paper)) for paper in PAPERS)


def best_print(width: int, height: int) -> Print:
    """The largest paper on which the picture is sharp; else the largest on which it is fair; else the smallest."""
    found = prints(width, height)
    for wanted in (Sharpness.SHARP, Sharpness.FAIR):
        if good := [each for each in found if each.sharpness is wanted]:
            return good[-1]
    return found[0]


# What curators sort by


@dataclass(frozen=True)
class Frame:
    """A photo as it lies on the light table, with what was decided on it.

    `author` is a participant's number; `place` the id of its walk or call. `refusal` says why it may not leave, or is
    empty. `mine` are the stars of whoever looks, `mean` is that of all `judges`. `alike`: numbers of photos that
    it may look like.
    """

    id: uuid.UUID
    number: int
    author: int
    perspective: str = ""
    themes: tuple[str, ...] = ()
    light: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    place: str = ""
    stop: str = ""
    district: str = ""
    refusal: str = ""
    state: State = State.NONE
    position: int | None = None
    revision: int = 0
    mine: int = 0
    mean: float | None = None
    judges: int = 0
    alike: tuple[int, ...] = ()


FACETS = (
    "state",
    "stars",
    "theme",
    "place",
    "district",
    "stop",
    "light",
    "author",
    "perspective",
    "caption",
    "leave",
)
BALANCED = ("author", "perspective", "theme", "district", "light", "caption")
UNDECIDED, FREE, BLOCKED = "none", "free", "blocked"


def values(frame: Frame) -> Mapping[str, frozenset[str]]:
    """What a photo answers to each filter. Of stars all numbers up to the mean: a filter asks for the least."""
    return {
        "state": frozenset({frame.state.value or UNDECIDED}),
        "stars": frozenset(str(n) for n in range(1, floor(frame.mean or 0) + 1)),
        "theme": frozenset(frame.themes),
        "place": frozenset({frame.place}),
        "district": frozenset({frame.district}),
        "stop": frozenset({frame.stop}),
        "light": frozenset(frame.light),
        "author": frozenset({str(frame.author)}),
        "perspective": frozenset({frame.perspective}),
        "caption": frozenset(frame.languages),
        "leave": frozenset({BLOCKED, frame.refusal} if frame.refusal else {FREE}),
    }


def matching(frames: Iterable[Frame], wanted: Mapping[str, str]) -> list[Frame]:
    """The photos that answer all filters."""
    return [frame for frame in frames if not _missed(values(frame), wanted)]


def counts(frames: Iterable[Frame], wanted: Mapping[str, str]) -> dict[str, Counter[str]]:
    """For each filter, how many photos each of its values would show beside the other filters."""
    found: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for frame in frames:
        has = values(frame)
        missed = _missed(has, wanted)
        for facet in FACETS if not missed else missed if len(missed) == 1 else ():
            of = found[facet]
            of[""] += 1  # without this filter
            for value in has[facet]:
                if value:
                    of[value] += 1
    return found


def _missed(has: Mapping[str, frozenset[str]], wanted: Mapping[str, str]) -> set[str]:
    return {facet for facet, value in wanted.items() if value not in has[facet]}


@dataclass(frozen=True)
class Leaf:
    """One page of the photos. `previous` and `next` are the numbers with which those pages begin."""

    frames: tuple[Frame, ...]
    previous: int | None
    next: int | None


def leaf(frames: Sequence[Frame], size: int, start: int | None = None, at: int = 0) -> Leaf:
    """The page that begins with number `start`, or with the first after it; without one, the page where `at` lies.

    The photos come by their numbers.
    """
    first = next((index for index, frame in enumerate(frames) if frame.number >= (start or at)), len(frames) - 1)
    if start is None:
        first -= first % size
    first = max(0, first)
    return Leaf(
        tuple(frames[first : first + size]),
        frames[max(0, first - size)].number if first else None,
        frames[first + size].number if first + size < len(frames) else None,
    )


# Balance


@dataclass(frozen=True)
class Share:
    """How many of the chosen, and of all, have one value; an empty value: have none."""

    value: str
    chosen: int
    all: int


@dataclass(frozen=True)
class Balance:
    """The chosen photos against all that could be shown: `sides` by what they are compared by."""

    chosen: int
    all: int
    sides: Mapping[str, tuple[Share, ...]]


@dataclass(frozen=True)
class Tip:
    """Where the balance tips: `some` of the chosen have this value, which is far more than of all, or none has it."""

    facet: str
    value: str
    some: int


def balance(frames: Iterable[Frame]) -> Balance:
    """The shortlist against everything that could be shown; what may not leave counts on neither side."""
    free = [frame for frame in frames if not frame.refusal]
    chosen = [frame for frame in free if frame.state is State.PICK]
    of_all, of_chosen = _tally(free), _tally(chosen)
    sides = {
        facet: tuple(
            Share(value, of_chosen[facet][value], n)
            for value, n in sorted(
                of_all[facet].items(), key=lambda each: (not each[0], -of_chosen[facet][each[0]], -each[1], each[0])
            )
        )
        for facet in BALANCED
    }
    return Balance(len(chosen), len(free), sides)


def _tally(frames: Iterable[Frame]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {facet: Counter() for facet in BALANCED}
    for frame in frames:
        has = values(frame)
        for facet in BALANCED:
            found[facet].update(has[facet] or {""})
    return found


ENOUGH = 4  # with fewer chosen nothing can be said
TOO_MUCH = 0.25  # of the chosen more than their share of all


def tips(found: Balance) -> list[Tip]:
    """What to say about the balance, the most uneven first."""
    if found.chosen < ENOUGH:
        return []
    told: list[tuple[float, Tip]] = []
    for facet, shares in found.sides.items():
        named = [each for each in shares if each.value]
        for share in named:
            # Among authors an even share is fair: whoever sent most need not hang most.
            expected = 1 / len(named) if facet == "author" else share.all / found.all
            excess = share.chosen / found.chosen - expected
            if share.chosen > 1 and _too_much(facet, excess, expected):
                told.append((excess, Tip(facet, share.value, share.chosen)))
            elif not share.chosen and facet != "author" and expected * found.chosen >= 1:
                told.append((expected, Tip(facet, share.value, 0)))
    return [tip for _, tip in sorted(told, key=lambda each: (-each[0], each[1].facet, each[1].value))]


def _too_much(facet: str, excess: float, expected: float) -> bool:
    if facet == "caption":  # one that is there in Czech, too, takes nothing from its Vietnamese
        return False
    # Of many authors each has a small share, so that more than it is little: it must be a quarter of all, too.
    if facet == "author":
        return excess + expected >= TOO_MUCH and excess >= expected / 2
    return excess >= TOO_MUCH


def unlabelled(labels: Iterable[tuple[int, Collection[str]]], languages: Iterable[str]) -> dict[int, list[str]]:
    """Labels, by the photos' numbers, that lack a language of the exhibition: which ones each lacks."""
    wanted = list(languages)
    lacking = {number: [code for code in wanted if code not in has] for number, has in labels}
    return {number: codes for number, codes in lacking.items() if codes}


def too_alike(frames: Iterable[Frame]) -> list[list[int]]:
    """Numbers of picked photos that look alike, in groups: of each perhaps one is enough."""
    picked = {frame.number: frame for frame in frames if frame.state is State.PICK}
    found = {tuple(sorted({number, *picked[number].alike} & picked.keys())) for number in picked}
    return sorted(list(group) for group in found if len(group) > 1)


# Undo


@dataclass(frozen=True)
class Change:
    """A decision as the log keeps it; `undoes` is the order of the one that it takes back."""

    order: int
    photo: uuid.UUID
    by: uuid.UUID | None
    before: State
    after: State
    undoes: int | None = None


@dataclass(frozen=True)
class Undoing:
    """The decision to take back, and who decided on the same photo since, if anybody did."""

    change: Change
    since: Change | None


def standing(history: Iterable[Change]) -> list[Change]:
    """The decisions that nobody took back, in their order."""
    every = list(history)
    undone = {change.undoes for change in every if change.undoes is not None}
    return [change for change in every if change.undoes is None and change.order not in undone]


def last_decision(history: Iterable[Change], me: uuid.UUID, below: int | None = None) -> Undoing | None:
    """My last decision, or the last before the order `below`; None where there is none to take back."""
    stands = standing(history)
    mine = [change for change in stands if change.by == me and (below is None or change.order < below)]
    if not mine:
        return None
    latest = next(change for change in reversed(stands) if change.photo == mine[-1].photo)
    return Undoing(mine[-1], latest if latest.order != mine[-1].order else None)


# Order


class NotThere(Exception):
    """A photo that is not on the shortlist: it was taken off meanwhile."""


def move(order: Sequence[Item], moved: Item, before: Item | None) -> list[Item]:
    """The order with one photo before another, or at the end. Raises `NotThere`."""
    if moved not in order or (before is not None and before not in order):
        raise NotThere
    if before == moved:
        return list(order)
    rest = [each for each in order if each != moved]
    at = len(rest) if before is None else rest.index(before)
    return [*rest[:at], moved, *rest[at:]]


def to_place(order: Sequence[Item], moved: Item, place: int) -> list[Item]:
    """The order with one photo at a place, counted from 1; beyond the ends it is the first or the last."""
    if moved not in order:
        raise NotThere
    rest = [each for each in order if each != moved]
    at = min(max(place, 1), len(order)) - 1
    return [*rest[:at], moved, *rest[at:]]
