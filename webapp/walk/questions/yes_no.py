"""Yes or no."""

from collections.abc import Sequence

from webapp.mark import N_
from webapp.walk.questions.kind import CANT_TELL, Option, Summary, Words, WrongAnswer, counted
from webapp.walk.rules import Answer, Question, Value

SENT = {"yes": True, "no": False}


class YesNo:
    """A boolean."""

    name = "yes_no"

    def check(self, question: Question, value: object) -> Value:
        if not isinstance(value, bool):
            raise WrongAnswer(N_("This takes yes or no."))
        return value

    def read(self, question: Question, sent: Sequence[str]) -> Answer:
        text = sent[0].strip() if sent else ""
        if text == CANT_TELL:
            return Answer(cant_tell=True)
        if not text:
            return Answer()
        return Answer(self.check(question, SENT.get(text, text)))

    def fields(self, answer: Answer) -> list[str]:
        if answer.cant_tell:
            return [CANT_TELL]
        return [] if answer.value is None else ["yes" if answer.value else "no"]

    def scale(self, question: Question) -> Sequence[int]:
        return ()

    def options(self, question: Question) -> Sequence[tuple[Option, Words]]:
        return [(True, N_("Yes")), (False, N_("No"))]

    def summary(self, question: Question, values: Sequence[Value]) -> Summary:
        return Summary(counted(self.options(question), (value for value in values if isinstance(value, bool))))


KIND = YesNo()
