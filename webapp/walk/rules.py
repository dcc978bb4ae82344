"""Walks and checklists as plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Value = int | float | bool | str | list[str] | dict[str, float] | None
Localised = dict[str, str]

EVERY_STOP, ONCE = "every_stop", "once"  # when a section is asked


@dataclass(frozen=True)
class Question:
    """One question; `kind` names the file under `walk/questions`. `choices`: (id, label) of choosing kinds.

    `low`, `high` (both allowed) and `unit` belong to numbers; a stored body calls the limits `min` and `max`.
    """

    id: str
    kind: str
    text: Localised
    choices: tuple[tuple[str, Localised], ...] = ()
    low: float | None = None
    high: float | None = None
    unit: Localised | None = None


@dataclass(frozen=True)
class Section:
    """`asked` is `EVERY_STOP` or `ONCE`."""

    id: str
    title: Localised
    asked: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Checklist:
    """One version's content, as stored in its `body`."""

    id: str
    title: Localised
    sections: tuple[Section, ...]

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Checklist":
        return cls(body["id"], body["title"], tuple(_section(section) for section in body["sections"]))

    def questions(self, asked: str) -> Iterator[Question]:
        """The questions asked at every stop, or once."""
        for section in self.sections:
            if section.asked == asked:
                yield from section.questions


@dataclass(frozen=True)
class Answer:
    """One question's answer. `cant_tell` and a value exclude each other; the rest stands with either or alone.

    `photos` are ids of photos, `sound` the SHA-256 of a recording.
    """

    value: Value = None
    cant_tell: bool = False
    remark: str = ""
    photos: tuple[str, ...] = ()
    sound: str | None = None

    def __bool__(self) -> bool:
        return self.cant_tell or self.value is not None or bool(self.remark or self.photos or self.sound)

    def as_json(self) -> dict[str, Any]:
        made: dict[str, Any] = {"value": self.value}
        if self.cant_tell:
            made["cant_tell"] = True
        if self.remark:
            made["remark"] = self.remark
        if self.photos:
            made["photos"] = list(self.photos)
        if self.sound:
            made["sound"] = self.sound
        return made


def _section(body: Mapping[str, Any]) -> Section:
    return Section(body["id"], body["title"], body["asked"], tuple(_question(each) for each in body["questions"]))


def _question(body: Mapping[str, Any]) -> Question:
    choices = tuple((choice["id"], choice["label"]) for choice in body.get("choices", []))
    limits = body.get("min"), body.get("max"), body.get("unit")
    return Question(body["id"], body["kind"], body["text"], choices, *limits)
