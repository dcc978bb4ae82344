"""Any number of several choices."""

from collections.abc import Sequence

from webapp.mark import N_
from webapp.walk.questions.kind import CANT_TELL, Option, Summary, Words, WrongAnswer, counted
from webapp.walk.rules import Answer, Question, Value


class Many:
    """A list of the choices' ids, kept in the question's order; none chosen is no answer."""

    name = "many"

    def check(self, question: Question, value: object) -> Value:
        if not isinstance(value, list):
            raise WrongAnswer(N_("This takes a list of choices."))
        known = [choice for choice, _ in question.choices]
        if any(each not in known for each in value):
            raise WrongAnswer(N_("This is not one of the choices."))
        chosen = [choice for choice in known if choice in value]
        if len(chosen) != len(value):
            raise WrongAnswer(N_("Each choice counts once."))
        return chosen or None

    def read(self, question: Question, sent: Sequence[str]) -> Answer:
        """Whoever chooses something has told, even with "can't tell" beside it."""
        chosen = self.check(question, [each for each in sent if each not in ("", CANT_TELL)])
        return Answer(chosen, cant_tell=chosen is None and CANT_TELL in sent)

    def fields(self, answer: Answer) -> list[str]:
        if answer.cant_tell:
            return [CANT_TELL]
        return list(answer.value) if isinstance(answer.value, list) else []

    def scale(self, question: Question) -> Sequence[int]:
        return ()

    def options(self, question: Question) -> Sequence[tuple[Option, Words]]:
        return question.choices

    def summary(self, question: Question, values: Sequence[Value]) -> Summary:
        chosen = (each for value in values if isinstance(value, list) for each in value)
        return Summary(counted(question.choices, chosen))


KIND = Many()
