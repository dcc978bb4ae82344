import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField
from wtforms.validators import UUID as IsUuid

from webapp.mark import N_
from webapp.shell.forms import tidy
from webapp.walk.questions import KINDS
from webapp.walk.questions.kind import Option, Words, WrongAnswer
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
    def chosen(self) -> list[str]:
        """The field's strings as the page shows them."""
        return self.sent or KINDS[self.question.kind].fields(self.answer)

    @property
    def options(self) -> Sequence[tuple[Option, Words]]:
        return KINDS[self.question.kind].options(self.question)


def ask(questions: Iterable[Question], answers: Mapping[str, Answer]) -> list[Asked]:
    """The questions with what was answered before."""
    return [Asked(question, answers.get(question.id, Answer()), []) for question in questions]


def read(questions: Iterable[Question], sent: MultiDict[str, str]) -> list[Asked]:
    """The questions with what a plain form sent for them."""
    return [_read(question, sent) for question in questions]


def _read(question: Question, sent: MultiDict[str, str]) -> Asked:
    raw = sent.getlist(question.id)
    remark = tidy(sent.get(f"{question.id}.remark") or "")
    try:
        answer = replace(KINDS[question.kind].read(question, raw), remark=remark)
    except WrongAnswer as wrong:
        return Asked(question, Answer(remark=remark), raw, str(wrong))
    if len(remark) > LONGEST_REMARK:
        return Asked(question, answer, raw, N_("The remark is too long: at most 2,000 characters fit."))
    return Asked(question, answer, raw)


def with_attached(asked: Iterable[Asked], before: Mapping[str, Answer]) -> list[Asked]:
    """The same with the photos and recordings that hang on the answers already, which a plain form does not send."""
    none = Answer()
    return [
        replace(each, answer=replace(each.answer, photos=old.photos, sound=old.sound))
        for each in asked
        for old in [before.get(each.question.id, none)]
    ]


def form_id(form: ResponseForm) -> uuid.UUID:
    """The id that the form carries, after validation."""
    return uuid.UUID(form.id.data)
