"""The contract of a question kind. One file, one template, one test each; `KINDS` lists them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from webapp.walk.rules import Answer, Localised, Question, Value

CANT_TELL = "?"
"""What a plain form sends for "can't tell"."""

Option = int | bool | str
Words = str | Localised
"""A sentence marked for translation, or a checklist's own words."""


class WrongAnswer(ValueError):
    """The value does not fit the question; the message is a sentence marked for translation."""


@dataclass(frozen=True)
class Summary:
    """What the values given to one question say together; what does not apply to its kind is empty.

    `counts`: each option and how many chose it. `numbers` were typed; they run from low to high.
    """

    counts: Sequence[tuple[Option, int]] = ()
    numbers: Sequence[float] = ()
    words: Sequence[str] = ()
    mean: float | None = None
    median: float | None = None


class Kind(Protocol):
    """How one kind of question is asked, read and shown.

    The template is `templates/walk/questions/<name>.html`. A page without scripts sends the fields `<question>`
    (several times where several can be chosen) and `<question>.remark`; "?" among them stands for "can't tell".
    """

    @property
    def name(self) -> str: ...

    def check(self, question: Question, value: object) -> Value:
        """The value as it is stored, from JSON; None where it says nothing. Raises `WrongAnswer`."""

    def read(self, question: Question, sent: Sequence[str]) -> Answer:
        """The answer in a plain form's strings, without its remark; raises `WrongAnswer`."""

    def fields(self, answer: Answer) -> list[str]:
        """The plain form's strings for an answer: what `read` takes."""

    def scale(self, question: Question) -> Sequence[int]:
        """The steps of a scale, from low to high; empty for what is not a scale."""

    def options(self, question: Question) -> Sequence[tuple[Option, Words]]:
        """What can be chosen, in the order of a list (scales: high first); empty where something is typed."""

    def summary(self, question: Question, values: Sequence[Value]) -> Summary:
        """All values given to the question, together."""


def counted(options: Iterable[tuple[Option, Words]], chosen: Iterable[object]) -> list[tuple[Option, int]]:
    """How many chose each option."""
    found = Counter(chosen)
    return [(option, found[option]) for option, _ in options]
