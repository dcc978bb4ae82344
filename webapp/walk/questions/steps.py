"""What all scales share: whole steps between two ends, or "can't tell"."""

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.mark import N_
from webapp.walk.questions.kind import CANT_TELL, Option, Summary, Words, WrongAnswer, counted
from webapp.walk.rules import Answer, Question, Value


@dataclass(frozen=True)
class Steps:
    """A scale that begins at `low`; `words` for each step from there, empty for steps that only have a number."""

    name: str
    low: int
    words: tuple[str, ...]

    @property
    def high(self) -> int:
        return self.low + len(self.words) - 1

    def check(self, question: Question, value: object) -> Value:
        # `True` is an int to Python, and no answer on a scale.
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            raise WrongAnswer(N_("This is not one of the steps of the scale."))
        return value

    def read(self, question: Question, sent: Sequence[str]) -> Answer:
        text = sent[0].strip() if sent else ""
        if text == CANT_TELL:
            return Answer(cant_tell=True)
        if not text:
            return Answer()
        return Answer(self.check(question, int(text) if re.fullmatch("[0-9]{1,2}", text) else text))

    def fields(self, answer: Answer) -> list[str]:
        if answer.cant_tell:
            return [CANT_TELL]
        return [] if answer.value is None else [str(answer.value)]

    def scale(self, question: Question) -> Sequence[int]:
        return range(self.low, self.high + 1)

    def options(self, question: Question) -> Sequence[tuple[Option, Words]]:
        return list(zip(self.scale(question), self.words, strict=True))[::-1]

    def summary(self, question: Question, values: Sequence[Value]) -> Summary:
        steps = [value for value in values if isinstance(value, int)]
        return Summary(
            counted(self.options(question), steps),
            mean=statistics.fmean(steps) if steps else None,
            median=statistics.median(steps) if steps else None,
        )
