"""What viewers see gives nobody away: whoever adds, subtracts and guesses finds nothing of fewer than three."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.results.rules import tally
from webapp.results.shown import FEW, Aggregate, aggregate, merged
from webapp.walk.questions import KINDS
from webapp.walk.rules import Answer, Question

CHOICES = tuple((name, {"en": name}) for name in ("bench", "shade", "water"))
ASKED = {
    "observed": Question("o", "observed", {"en": "I can see around corners."}),
    "agree": Question("a", "agree", {"en": "A stranger would help."}),
    "one": Question("1", "one", {"en": "Which?"}, CHOICES),
    "yes_no": Question("y", "yes_no", {"en": "A bench?"}),
}
World = tuple[tuple[int, ...], ...]
"""How many of each perspective (a row) chose each option (a column)."""


def shown(kind: str, world: World) -> Aggregate:
    """What a viewer sees of this world."""
    question = ASKED[kind]
    options = [option for option, _ in KINDS[kind].options(question)]
    told = [
        (f"p{voice}", Answer(option))
        for voice, row in enumerate(world)
        for option, count in zip(options, row, strict=True)
        for _ in range(count)
    ]
    return aggregate(tally(KINDS[kind], question, [answer for _, answer in told], [voice for voice, _ in told]))


Sight = tuple[tuple[tuple[int, ...], ...], tuple[int, ...], bool, bool]
"""What is told: of which options together, of which perspectives, whether a mean, and whether theirs."""


def sight(kind: str, made: Aggregate) -> Sight:
    words = [said if isinstance(said, str) else said["en"] for _, said in KINDS[kind].options(ASKED[kind])]
    bands = tuple(
        tuple(words.index(line.words if isinstance(line.words, str) else line.words["en"]) for line in band.lines)
        for band in made.bands
        if band.count is not None
    )
    named = tuple(int(group.perspective[1:]) for group in made.groups if group.perspective)
    return bands, named, made.mean is not None, any(group.mean is not None for group in made.groups)


def figures(kind: str, told: Sight, world: World) -> tuple[float, ...]:
    """The figures that would then stand there, were this the world; what follows from them is not repeated."""
    steps = [option for option, _ in KINDS[kind].options(ASKED[kind])]
    bands, named, mean, means = told
    columns = [sum(row[at] for row in world) for at in range(len(steps))]
    found: list[float] = [sum(columns), *(sum(columns[at] for at in band) for band in bands)]
    found += [sum(world[row]) for row in named]
    found += [sum(n * int(step) for n, step in zip(columns, steps, strict=True))] if mean else []
    if means:
        found += [sum(n * int(step) for n, step in zip(world[row], steps, strict=True)) for row in named]
    return tuple(found)


def worlds(people: int, voices: int, options: int) -> Iterator[World]:
    """Every way in which so many people can answer."""
    cells = voices * options
    for bars in combinations(range(people + cells - 1), cells - 1):
        edges = [-1, *bars, people + cells - 1]
        counts = [after - before - 1 for before, after in pairwise(edges)]
        yield tuple(tuple(counts[start : start + options]) for start in range(0, cells, options))


def margins(world: World) -> dict[object, int]:
    """Whatever somebody may want to know: each cell, each perspective, each option."""
    found: dict[object, int] = {
        ("cell", row, column): n for row, cells in enumerate(world) for column, n in enumerate(cells)
    }
    found |= {("voice", row): sum(cells) for row, cells in enumerate(world)}
    return found | {("option", column): sum(cells) for column, cells in enumerate(zip(*world, strict=True))}


@pytest.mark.parametrize(
    ("kind", "people", "voices"),
    [("observed", 7, 2), ("yes_no", 8, 3), ("one", 7, 2), ("observed", 8, 1), ("agree", 9, 1), ("one", 9, 1)],
)
def test_who_tries_every_world_that_fits_learns_of_no_one_or_two(kind: str, people: int, voices: int) -> None:
    """Of all the worlds in which the page would say these figures, some differ in every number of 1 or 2."""
    every = list(worlds(people, voices, len(KINDS[kind].options(ASKED[kind]))))
    pages = [(shown(kind, world), world) for world in every]
    sights = {sight(kind, made) for made, _ in pages}
    fitting: dict[object, list[dict[object, int]]] = defaultdict(list)
    for told in sights:
        for world in every:
            fitting[told, figures(kind, told, world)].append(margins(world))
    for told, stands in {(sight(kind, made), figures(kind, sight(kind, made), world)) for made, world in pages}:
        possible = fitting[told, stands]
        for what in possible[0]:
            values = {each[what] for each in possible}
            assert not (len(values) == 1 and 0 < values.pop() < FEW), f"{told} {stands} gives away {what}"


@given(st.sampled_from(sorted(ASKED)), st.data())
def test_what_is_shown_is_of_three_or_more_and_no_difference_is_smaller(kind: str, data: st.DataObject) -> None:
    options = len(KINDS[kind].options(ASKED[kind]))
    row = st.lists(st.integers(0, 6), min_size=options, max_size=options).map(tuple)
    world: World = tuple(data.draw(st.lists(row, min_size=1, max_size=5)))
    made = shown(kind, world)
    if made.n is None:
        assert sum(map(sum, world)) < FEW
        assert (list(made.bands), made.mean, list(made.groups)) == ([], None, [])
        return
    told = [band.count for band in made.bands if band.count is not None]
    groups = [group.n for group in made.groups]
    for parts in (told, groups):
        assert all(part >= FEW for part in parts)
        assert all(rest == 0 or rest >= FEW for rest in differences(made.n, parts))
    assert sum(groups) in (0, made.n), "who is in no group would be the rest"


def differences(whole: int, parts: Sequence[int]) -> set[int]:
    """The whole less any of its parts, and what is left of all of them."""
    return {whole - sum(each) for size in range(len(parts) + 1) for each in combinations(parts, size)}


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9)))
def test_groups_hold_everybody_once(counts: dict[str, int]) -> None:
    groups = merged(counts)
    names = [name for each, _ in groups for name in each]
    assert len(names) == len(set(names))
    if groups:
        assert sum(n for _, n in groups) == sum(counts.values())
        assert sum(len(each) > 1 for each, _ in groups) <= 1, (
            "one group has no name, so that none is told by the others"
        )
