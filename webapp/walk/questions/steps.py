"""What all scales share: whole steps between two ends, or "can't tell"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.mark import N_
from webapp.walk.questions.kind import WrongAnswer
from webapp.walk.rules import Answer, Question, Value

CANT_TELL = "?"


@dataclass(frozen=True)
class Steps:
    """A scale from `low` to `high`."""

    name: str
    low: int
    high: int

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

    def scale(self, question: Question) -> Sequence[int]:
        return range(self.low, self.high + 1)
