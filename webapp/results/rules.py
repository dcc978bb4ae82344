"""Every answer visible, with its n and by perspective; what viewers see of it is in `shown.py`."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from webapp.people.rules import TOLD_KEPT
from webapp.walk.questions.kind import Kind, Option, Summary, Words
from webapp.walk.rules import Answer, Question

TONES = 4
QUIET = timedelta(minutes=15)
"""So long a phone may say nothing during a walk: about as long as one stop takes."""
LONGER = timedelta(hours=1)
"""So much longer than planned a walk may take."""


@dataclass(frozen=True)
class Line:
    """One step or choice and how many chose it, `by` perspective. `step` is its number on a scale, else empty."""

    step: str
    words: Words
    count: int
    by: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """What the people of one perspective said to a question; `n` as for all."""

    n: int
    cant_tell: int
    mean: float | None


@dataclass(frozen=True)
class Said:
    """Words, as they were written, and the perspective of whoever wrote them."""

    words: str
    perspective: str = ""


@dataclass(frozen=True)
class Tally:
    """One question at one stop, with one answer of each person. `n`: how many answered with a value.

    `lines` are the steps (high first) or choices; empty where something was typed. `photos` hang on the answers.
    `spoken`: whose notes have come; `awaited`: how many have not. `parts` by perspective, "" where none was named.
    `scale`: its ends, where it is one.
    """

    question: Question
    n: int
    summary: Summary
    lines: Sequence[Line]
    cant_tell: int
    remarks: Sequence[Said]
    photos: int
    words: Sequence[Said] = ()
    parts: Mapping[str, Part] = field(default_factory=dict)
    scale: tuple[int, int] | None = None
    spoken: Sequence[uuid.UUID] = ()
    awaited: int = 0

    @property
    def counts(self) -> Sequence[tuple[Option, int]]:
        return self.summary.counts

    @property
    def unsure(self) -> Mapping[str, int]:
        """How many of each perspective can't tell."""
        return {name: part.cant_tell for name, part in self.parts.items() if part.cant_tell}

    @property
    def means(self) -> Mapping[str, tuple[float, int]]:
        """The mean and n of each perspective that has one."""
        return {name: (part.mean, part.n) for name, part in self.parts.items() if part.mean is not None}

    @property
    def mean(self) -> float | None:
        return self.summary.mean


def tally(kind: Kind, question: Question, answers: Sequence[Answer], perspectives: Sequence[str] = ()) -> Tally:
    """All answers to one question; `perspectives` says whose each is."""
    whose = list(zip(perspectives or [""] * len(answers), answers, strict=True))
    values = [answer.value for answer in answers if answer.value is not None]
    summary = kind.summary(question, values)
    split = {each: _of(kind, question, [answer for name, answer in whose if name == each]) for each, _ in whose}
    steps = kind.scale(question)
    named = zip(kind.options(question), summary.counts, strict=True)
    lines = [
        Line(
            str(option) if option in steps else "",
            words,
            count,
            {each: theirs.counts[place][1] for each, (_, theirs) in split.items() if theirs.counts[place][1]},
        )
        for place, ((option, words), (_, count)) in enumerate(named)
    ]
    written = [(name, answer.value) for name, answer in whose if answer.value is not None] if summary.words else []
    return Tally(
        question,
        len(values),
        summary,
        lines,
        sum(answer.cant_tell for answer in answers),
        [Said(answer.remark, name) for name, answer in whose if answer.remark],
        sum(len(set(answer.photos)) for answer in answers),
        [Said(str(value), name) for name, value in written],
        {each: part for each, (part, _) in split.items()},
        (min(steps), max(steps)) if steps else None,
    )


def _of(kind: Kind, question: Question, answers: Sequence[Answer]) -> tuple[Part, Summary]:
    values = [answer.value for answer in answers if answer.value is not None]
    summary = kind.summary(question, values)
    return Part(len(values), sum(answer.cant_tell for answer in answers), summary.mean), summary


def tone(mean: float, scale: tuple[int, int]) -> int:
    """In which quarter of its scale a mean lies: 0 is the lowest."""
    low, high = scale
    return min(TONES - 1, int((mean - low) / (high - low) * TONES))


def heard_before(moment: datetime, starts: datetime, minutes: int) -> datetime | None:
    """Who was last heard before this is quiet; None where nobody need be heard, long before the walk and after it.

    Once the walk is over for sure, it is enough to have been heard after its end.
    """
    ends = starts + timedelta(minutes=minutes)
    if not starts + QUIET <= moment <= ends + TOLD_KEPT:
        return None
    return moment - QUIET if moment < ends + LONGER else ends
