"""An answer in one's own words."""

from collections.abc import Sequence

from webapp.mark import N_
from webapp.shell.forms import tidy
from webapp.walk.questions.kind import CANT_TELL, Option, Summary, Words, WrongAnswer
from webapp.walk.rules import Answer, Question, Value

LONGEST = 5000  # characters


class Text:
    """Words, kept as written."""

    name = "text"

    def check(self, question: Question, value: object) -> Value:
        if not isinstance(value, str):
            raise WrongAnswer(N_("This takes words."))
        if len(value) > LONGEST:
            raise WrongAnswer(N_("This is too long: at most 5,000 characters fit."))
        return value if value.strip() else None

    def read(self, question: Question, sent: Sequence[str]) -> Answer:
        words = tidy(sent[0] if sent else "")
        if words:
            return Answer(self.check(question, words))
        return Answer(cant_tell=CANT_TELL in sent[1:])

    def fields(self, answer: Answer) -> list[str]:
        if answer.cant_tell:
            return ["", CANT_TELL]
        return [] if answer.value is None else [str(answer.value)]

    def scale(self, question: Question) -> Sequence[int]:
        return ()

    def options(self, question: Question) -> Sequence[tuple[Option, Words]]:
        return ()

    def summary(self, question: Question, values: Sequence[Value]) -> Summary:
        return Summary(words=[str(value) for value in values])


KIND = Text()
