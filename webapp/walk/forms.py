import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField
from wtforms.validators import UUID as IsUuid

from webapp.mark import N_
from webapp.walk.questions import KINDS
from webapp.walk.questions.kind import WrongAnswer
from webapp.walk.rules import Answer, Question

LONGEST_REMARK = 2000  # characters


class ResponseForm(FlaskForm):
    """What goes with the answers: the response's id, so that sending again is harmless."""

    id = HiddenField(validators=[IsUuid()])


@dataclass(frozen=True)
class Asked:
    """A question on a page: what was answered or sent so far, and what is wrong with it."""

    question: Question
    answer: Answer
    sent: list[str]
    error: str | None = None

    @property
    def chosen(self) -> str:
        """The value of the field as the page shows it."""
        if self.sent and self.sent[0]:
            return self.sent[0]
        if self.answer.cant_tell:
            return "?"
        return "" if self.answer.value is None else str(self.answer.value)


def ask(questions: Iterable[Question], answers: dict[str, Answer]) -> list[Asked]:
    """The questions with what was answered before."""
    return [Asked(question, answers.get(question.id, Answer()), []) for question in questions]


def read(questions: Iterable[Question], sent: MultiDict[str, str]) -> list[Asked]:
    """The questions with what a plain form sent for them."""
    return [_read(question, sent) for question in questions]


def _read(question: Question, sent: MultiDict[str, str]) -> Asked:
    raw = sent.getlist(question.id)
    remark = (sent.get(f"{question.id}.remark") or "").replace("\r\n", "\n").replace("\0", "").strip()
    try:
        answer = KINDS[question.kind].read(question, raw)
    except WrongAnswer as wrong:
        return Asked(question, Answer(remark=remark), raw, str(wrong))
    answer = Answer(answer.value, answer.cant_tell, remark)
    if len(remark) > LONGEST_REMARK:
        return Asked(question, answer, raw, N_("The remark is too long: at most 2,000 characters fit."))
    return Asked(question, answer, raw)


def form_id(form: ResponseForm) -> uuid.UUID:
    """The id that the form carries, after validation."""
    return uuid.UUID(form.id.data)
