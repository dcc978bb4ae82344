"""A number, whole or not, perhaps between two limits."""

import math
import re
import statistics
from collections.abc import Sequence
from decimal import Decimal

from webapp.mark import N_
from webapp.walk.questions.kind import CANT_TELL, Option, Summary, Words, WrongAnswer
from webapp.walk.rules import Answer, Question, Value

LARGEST = 1e15
"""Up to here a float holds every whole number."""
TYPED = re.compile(r"[+-]?\d{1,30}(?:[.,٫]\d{1,30})?")
SPACES = re.compile(r"\s")


class Number:
    """A finite number; whole ones stay whole."""

    name = "number"

    def check(self, question: Question, value: object) -> Value:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongAnswer(N_("This takes a number."))
        if not abs(value) <= LARGEST:  # which infinity and "not a number" are not, either
            raise WrongAnswer(N_("This number is too large."))
        low = -math.inf if question.low is None else question.low
        high = math.inf if question.high is None else question.high
        if not low <= value <= high:
            raise WrongAnswer(N_("This number lies outside of what is asked for."))
        return value

    def read(self, question: Question, sent: Sequence[str]) -> Answer:
        """Takes "3.5" and "3,5", spaces between thousands, and the digits of every script."""
        text = SPACES.sub("", sent[0]).replace("\N{MINUS SIGN}", "-") if sent else ""
        if text in ("", CANT_TELL):
            return Answer(cant_tell=CANT_TELL in sent)
        if not TYPED.fullmatch(text):
            raise WrongAnswer(N_("This takes a number."))
        text = re.sub("[,٫]", ".", text)
        return Answer(self.check(question, float(text) if "." in text else int(text)))

    def fields(self, answer: Answer) -> list[str]:
        if answer.cant_tell:
            return ["", CANT_TELL]
        return [] if answer.value is None else [f"{Decimal(str(answer.value)):f}"]

    def scale(self, question: Question) -> Sequence[int]:
        return ()

    def options(self, question: Question) -> Sequence[tuple[Option, Words]]:
        return ()

    def summary(self, question: Question, values: Sequence[Value]) -> Summary:
        numbers = sorted(value for value in values if isinstance(value, int | float))
        if not numbers:
            return Summary()
        return Summary(numbers=numbers, mean=statistics.fmean(numbers), median=statistics.median(numbers))


KIND = Number()
