"""One of several choices."""

from collections.abc import Sequence

from webapp.mark import N_
from webapp.walk.questions.kind import CANT_TELL, Option, Summary, Words, WrongAnswer, counted
from webapp.walk.rules import Answer, Question, Value


class One:
    """The id of the choice."""

    name = "one"

    def check(self, question: Question, value: object) -> Value:
        if not isinstance(value, str) or value not in dict(question.choices):
            raise WrongAnswer(N_("This is not one of the choices."))
        return value

    def read(self, question: Question, sent: Sequence[str]) -> Answer:
        text = sent[0] if sent else ""
        if text == CANT_TELL:
            return Answer(cant_tell=True)
        return Answer(self.check(question, text)) if text else Answer()

    def fields(self, answer: Answer) -> list[str]:
        if answer.cant_tell:
            return [CANT_TELL]
        return [] if answer.value is None else [str(answer.value)]

    def scale(self, question: Question) -> Sequence[int]:
        return ()

    def options(self, question: Question) -> Sequence[tuple[Option, Words]]:
        return question.choices

    def summary(self, question: Question, values: Sequence[Value]) -> Summary:
        return Summary(counted(question.choices, (value for value in values if isinstance(value, str))))


KIND = One()
