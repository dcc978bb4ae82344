"""Every answer visible, with its n; or, for those who may not see single answers, what is common to several."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.walk.questions.kind import Kind, Option, Summary, Words
from webapp.walk.rules import Answer, Question

FEW = 3
"""Of fewer answers than these viewers see nothing: a number would be somebody's own answer."""


@dataclass(frozen=True)
class Line:
    """One step or choice and how many chose it. `step` is its number on a scale, else empty."""

    step: str
    words: Words
    count: int


@dataclass(frozen=True)
class Tally:
    """One question at one stop, with one answer of each person. `n`: how many answered with a value.

    `lines` are the steps (high first) or choices; empty where something was typed. `photos` hang on the answers.
    `spoken`: whose notes have come; `awaited`: how many have not.
    """

    question: Question
    n: int
    summary: Summary
    lines: Sequence[Line]
    cant_tell: int
    remarks: Sequence[str]
    photos: int
    spoken: Sequence[uuid.UUID] = ()
    awaited: int = 0

    @property
    def counts(self) -> Sequence[tuple[Option, int]]:
        return self.summary.counts


def tally(kind: Kind, question: Question, answers: Sequence[Answer]) -> Tally:
    """All answers to one question."""
    values = [answer.value for answer in answers if answer.value is not None]
    summary = kind.summary(question, values)
    steps = kind.scale(question)
    named = zip(kind.options(question), summary.counts, strict=True)
    return Tally(
        question,
        len(values),
        summary,
        [Line(str(option) if option in steps else "", words, count) for (option, words), (_, count) in named],
        sum(answer.cant_tell for answer in answers),
        [answer.remark for answer in answers if answer.remark],
        sum(len(set(answer.photos)) for answer in answers),
    )


@dataclass(frozen=True)
class Aggregate:
    """What a viewer sees of one question at one stop. `n` is None where fewer than `FEW` answered."""

    question: Question
    n: int | None
    lines: Sequence[Line] = ()
    mean: float | None = None


def aggregate(made: Tally) -> Aggregate:
    """No words, no remarks, no single numbers, and nothing of few people."""
    if made.n < FEW:
        return Aggregate(made.question, None)
    return Aggregate(made.question, made.n, made.lines, made.summary.mean)
