"""An answer in one's own words."""

from collections.abc import Sequence

from webapp.mark import N_
from webapp.walk.questions.kind import WrongAnswer
from webapp.walk.questions.steps import CANT_TELL
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
        return value

    def read(self, question: Question, sent: Sequence[str]) -> Answer:
        words = sent[0].replace("\r\n", "\n").replace("\0", "").strip() if sent else ""
        if words:
            return Answer(self.check(question, words))
        return Answer(cant_tell=CANT_TELL in sent[1:])

    def scale(self, question: Question) -> Sequence[int]:
        return ()


KIND = Text()
