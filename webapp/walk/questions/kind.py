"""The contract of a question kind. One file, one template, one test each; `KINDS` lists them."""

from collections.abc import Sequence
from typing import Protocol

from webapp.walk.rules import Answer, Question, Value


class WrongAnswer(ValueError):
    """The value does not fit the question; the message is a sentence marked for translation."""


class Kind(Protocol):
    """How one kind of question is asked, read and shown.

    The template is `templates/walk/questions/<name>.html`. A page without scripts sends the fields
    `<question>`, `<question>.cant_tell` and `<question>.remark`; scales send "?" for "can't tell".
    """

    @property
    def name(self) -> str: ...

    def check(self, question: Question, value: object) -> Value:
        """The value as it is stored, from JSON; raises `WrongAnswer`."""

    def read(self, question: Question, sent: Sequence[str]) -> Answer:
        """The answer in a plain form's strings, without its remark; raises `WrongAnswer`."""

    def scale(self, question: Question) -> Sequence[int]:
        """The steps of a scale, from low to high; empty for what is not a scale."""
