"""Every answer visible, with its n: plain values."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webapp.walk.rules import Answer, Question, Value


@dataclass(frozen=True)
class Tally:
    """One question at one stop. `counts`: step of the scale -> how many, from high to low; empty for words."""

    question: Question
    counts: Sequence[tuple[int, int]]
    cant_tell: int
    words: Sequence[str]
    remarks: Sequence[str]

    @property
    def n(self) -> int:
        """How many answered with a value."""
        return sum(count for _, count in self.counts) + len(self.words)


def tally(question: Question, steps: Sequence[int], answers: Iterable[Answer]) -> Tally:
    """All answers to one question."""
    given = list(answers)
    values: list[Value] = [answer.value for answer in given if answer.value is not None]
    counted = Counter(value for value in values if isinstance(value, int))
    return Tally(
        question,
        [(step, counted[step]) for step in reversed(steps)],
        sum(answer.cant_tell for answer in given),
        [] if steps else [str(value) for value in values],
        [answer.remark for answer in given if answer.remark],
    )
