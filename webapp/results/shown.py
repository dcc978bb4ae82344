"""What those see who may see no single answer: nothing of fewer than three people, nor what would tell of them.

Few are merged, never merely left out: what is shown are groups of at least three, so no total less the others is a
smaller one. A mean that would let somebody work out what one or two people chose is not shown, either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.results.rules import Line, Tally
from webapp.walk.rules import Question

FEW = 3
"""Of fewer answers than these viewers see nothing: a number would be somebody's own answer."""
MANY = 30
"""From here the mean, which is shown to one decimal, stands for several sums and betrays nobody."""


@dataclass(frozen=True)
class Band:
    """Steps or choices that are told as one; `count` is None for those of which nothing is told."""

    lines: Sequence[Line]
    count: int | None


@dataclass(frozen=True)
class Group:
    """The answers of one perspective; of several together, where it has no name (`perspective` is None)."""

    perspective: str | None
    n: int
    mean: float | None = None


@dataclass(frozen=True)
class Aggregate:
    """What a viewer sees of one question at one stop. `n` is None where fewer than `FEW` answered."""

    question: Question
    n: int | None
    bands: Sequence[Band] = ()
    mean: float | None = None
    groups: Sequence[Group] = ()
    scale: tuple[int, int] | None = None


def aggregate(made: Tally) -> Aggregate:
    """No words, no remarks, no single numbers, and nothing of few people."""
    if made.n < FEW:
        return Aggregate(made.question, None, scale=made.scale)
    groups = merged({name: part.n for name, part in made.parts.items()})
    split = [Group(None if len(names) > 1 else names[0], n) for names, n in groups]
    if made.scale:
        return _of_scale(made, split, [names for names, _ in groups])
    mean = made.mean if _harmless(made) else None
    return Aggregate(made.question, made.n, _choices(made), mean, split)


def merged(counts: Mapping[str, int]) -> list[tuple[list[str], int]]:
    """Groups of at least `FEW` people, in which those that are smaller go together; none where there is only one."""
    own = {name: n for name, n in counts.items() if n >= FEW}
    rest = [name for name, n in counts.items() if 0 < n < FEW]
    while own and 0 < sum(counts[name] for name in rest) < FEW:
        smallest = min(own, key=lambda name: own[name])
        rest.append(smallest)
        del own[smallest]
    found = [([name], n) for name, n in own.items()]
    if rest:
        found.append((rest, sum(counts[name] for name in rest)))
    return found if len(found) > 1 else []


def _of_scale(made: Tally, split: Sequence[Group], names: Sequence[Sequence[str]]) -> Aggregate:
    everybody = [line.count for line in made.lines]
    cells = [[sum(line.by.get(name, 0) for name in each) for line in made.lines] for each in names]
    steps = [int(line.step) for line in made.lines]
    if cells and all(_kept(steps, [(range(len(steps)), sum(row))], row) for row in cells):
        # With each group's own mean, neither the whole nor a band of it may say more than the groups do.
        bands = _bands(cells)
        if not all(_kept(steps, [(band, sum(row[at] for at in band)) for band in bands], row) for row in cells):
            bands = []
        means = [_sum(steps, row) / sum(row) for row in cells]
        split = [Group(group.perspective, group.n, mean) for group, mean in zip(split, means, strict=True)]
        mean = made.mean
    else:
        bands = _bands([everybody])
        mean = (
            made.mean
            if _kept(steps, [(band, sum(everybody[at] for at in band)) for band in bands], everybody)
            else None
        )
    told = [Band([made.lines[at] for at in band], sum(everybody[at] for at in band)) for band in bands]
    return Aggregate(made.question, made.n, told if len(told) > 1 else (), mean, split, made.scale)


def _bands(cells: Sequence[Sequence[int]]) -> list[range]:
    """Neighbouring steps together, until each group has nobody there or at least `FEW`; at the worst all are one."""
    size, found, start = len(cells[0]), list[range](), 0
    for end in range(1, size + 1):
        counts = [sum(row[start:end]) for row in cells]
        if sum(counts) and all(count == 0 or count >= FEW for count in counts):
            found.append(range(start, end))
            start = end
    if start < size:  # what is left goes with the band before it; both were in order or empty, so the sum is, too
        found[-1:] = [range(found[-1].start if found else 0, size)]
        if any(0 < sum(row[at] for at in found[-1]) < FEW for row in cells):
            return [range(size)]
    return found


def _kept(steps: Sequence[int], bands: Sequence[tuple[Sequence[int], int]], row: Sequence[int]) -> bool:
    """Whether the bands' counts and the sum of all answers leave open, for each step, that nobody or that at least
    `FEW` chose it."""
    bands = bands or [(range(len(steps)), sum(row))]
    if sum(row) >= MANY:
        return True
    low, total = min(steps), _sum(steps, row) - min(steps) * sum(row)
    values = [step - low for step in steps]
    for band, _ in bands:
        others = _sums([([values[at] for at in each], n) for each, n in bands if each is not band])
        n = next(n for each, n in bands if each is band)
        for at in band:
            rest = [values[other] for other in band if other != at]
            possible = [
                chose
                for chose in range(n + 1)
                if _reaches(others, _sums([(rest, n - chose)]), total - chose * values[at])
            ]
            if possible and min(possible) >= 1 and max(possible) < FEW:
                return False
    return True


def _sums(bands: Sequence[tuple[Sequence[int], int]]) -> int:
    """Which sums so many answers in each band can have: bit k for the sum k."""
    found = 1
    for values, n in bands:
        for _ in range(n):
            following = 0
            for value in values:
                following |= found << value
            found = following
    return found


def _reaches(some: int, others: int, total: int) -> bool:
    return total >= 0 and any(
        some >> part & 1 and others >> (total - part) & 1 for part in range(min(some.bit_length(), total + 1))
    )


def _sum(steps: Sequence[int], row: Sequence[int]) -> int:
    return sum(step * count for step, count in zip(steps, row, strict=True))


def _choices(made: Tally) -> Sequence[Band]:
    """Choices that at least `FEW` made and left, each alone; nothing is told of the others, and they are never so few
    that the sum would tell."""
    shown = [line for line in made.lines if line.count >= FEW and not 0 < made.n - line.count < FEW]
    held = [line for line in made.lines if line not in shown]
    while shown and (0 < sum(line.count for line in held) < FEW or (len(held) == 1 and held[0].count)):
        smallest = min(shown, key=lambda line: line.count)
        shown.remove(smallest)
        held.append(smallest)
    return [Band([line], line.count if line in shown else None) for line in made.lines]


def _harmless(made: Tally) -> bool:
    """Whether the mean of typed numbers is far enough from their limits: near one it would tell who is not there."""
    low, high, total = made.question.low, made.question.high, sum(made.summary.numbers)
    return not any(limit is not None and 0 < abs(total - limit * made.n) < FEW for limit in (low, high))
