"""Planning a walk: positions as people write them, local times, and how much of a checklist fits into the time."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from webapp.walk.rules import EVERY_STOP, ONCE, Checklist

LOCAL = "{local_language}"
NOT_ASKED = ""
DECIMALS = 6  # of a degree: about ten centimetres

# Seconds for one question: our own estimate, of people who stand in the street and answer in a second language.
SECONDS = {"agree": 12, "observed": 12, "compass": 12, "yes_no": 12, "number": 15, "one": 15, "many": 15, "text": 45}
OTHER_SECONDS = 15
PHOTO_SECONDS = 20
"""For the photo at each stop, and for each question that asks for one."""

NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,15})?"
POINTS = re.compile(rf"({NUMBER})\s*([NSEW]?)(?:\s*[,;]\s*|\s+)({NUMBER})\s*([NSEW]?)")
COMMAS = re.compile(r"([+-]?\d{1,3},\d{1,15})\s*([NSEW]?)(?:\s*;\s*|,\s+|\s+)([+-]?\d{1,3},\d{1,15})\s*([NSEW]?)")
ONE = re.compile(rf"({NUMBER})\s*([NSEW]?)")


def degrees(text: str) -> float | None:
    """A latitude or longitude as people write it: comma or point, with ° and N, S, E or W if they like."""
    found = ONE.fullmatch(_tidy(text).replace(",", "."))
    return _signed(found[1], found[2]) if found else None


def pair(text: str) -> tuple[float, float] | None:
    """Latitude and longitude pasted into one field, as maps copy them: "50.09, 14.42"."""
    tidy = _tidy(text)
    if re.fullmatch(r"[+-]?\d+,\d+", tidy):  # one number with a decimal comma
        return None
    found = COMMAS.fullmatch(tidy)
    if found:
        return _signed(found[1].replace(",", "."), found[2]), _signed(found[3].replace(",", "."), found[4])
    found = POINTS.fullmatch(tidy)
    return (_signed(found[1], found[2]), _signed(found[3], found[4])) if found else None


def _tidy(text: str) -> str:
    return text.strip().replace("−", "-").replace("°", "").upper()


def _signed(number: str, side: str) -> float:
    value = round(float(number), DECIMALS)
    return -abs(value) if side in ("S", "W") else value


def on_earth(lat: float, lon: float) -> bool:
    """Whether it can be a stop. 0, 0 is what broken devices say, and open sea."""
    return -90 <= lat <= 90 and -180 <= lon <= 180 and (lat, lon) != (0, 0)


def instant(local: datetime, zone: str, was: datetime | None = None) -> datetime | None:
    """The instant of a local time; None for one that the clocks leave out in spring.

    An hour that comes twice in autumn means the first, unless the time `was` the second and nobody changed it.
    """
    place = ZoneInfo(zone)
    if was and was.astimezone(place).replace(tzinfo=None, second=0, microsecond=0) == local:
        return was
    found = local.replace(tzinfo=place).astimezone(UTC)
    return found if found.astimezone(place).replace(tzinfo=None) == local else None


@dataclass(frozen=True)
class Time:
    """How long answering takes, in minutes; `third` is a third of the walk, and more is too much."""

    per_stop: float
    once: float
    total: float
    third: float

    @property
    def too_long(self) -> bool:
        return self.total > self.third


def time_needed(checklists: Iterable[Checklist], stops: int, minutes: int) -> Time:
    """The estimate for a walk: `SECONDS` a question, and a photo at each stop."""
    lists = list(checklists)
    per_stop = seconds(lists, EVERY_STOP) / 60
    once = seconds(lists, ONCE) / 60
    per_stop += PHOTO_SECONDS / 60 if per_stop else 0
    return Time(per_stop, once, per_stop * stops + once, minutes / 3)


def seconds(checklists: Iterable[Checklist], asked: str) -> int:
    """What the questions asked at every stop, or once, take."""
    kinds = [question.kind for checklist in checklists for question in checklist.questions(asked)]
    return sum(SECONDS.get(kind, PHOTO_SECONDS if kind == "photo" else OTHER_SECONDS) for kind in kinds)


def filled(body: Mapping[str, Any], local_language: str) -> dict[str, Any]:
    """A library checklist with the local language named, in the language of each text.

    Where a choice stands for the local language, the same language is not offered a second time.
    """
    made: dict[str, Any] = _fill(body, local_language)
    for section in made["sections"]:
        for question in section["questions"]:
            choices = question.get("choices", [])
            if any(choice["id"] == "local" for choice in choices):
                question["choices"] = [choice for choice in choices if choice["id"] != local_language]
    return made


def _fill(value: Any, local_language: str, language: str = "en") -> Any:
    if isinstance(value, str):
        return value.replace(LOCAL, _name(local_language, language)) if LOCAL in value else value
    if isinstance(value, list):
        return [_fill(each, local_language, language) for each in value]
    if isinstance(value, Mapping):
        return {key: _fill(each, local_language, key) for key, each in value.items()}
    return value


def _name(local_language: str, language: str) -> str:
    names = Locale.parse(language).languages
    return str(names.get(local_language) or local_language)


def covers(base: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Whether `base` holds every section and question of `body`, so that `body` is a choice from it."""
    return _ids(body) <= _ids(base)


def _ids(body: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(section["id"], question["id"]) for section in body["sections"] for question in section["questions"]}


def chosen(base: Mapping[str, Any], asked: Mapping[str, str], ticked: Collection[str]) -> dict[str, Any]:
    """The version made of the ticked questions of `base`; `asked` says when each section is asked."""
    sections = [
        {**section, "asked": asked[section["id"]], "questions": questions}
        for section in base["sections"]
        if asked.get(section["id"]) in (EVERY_STOP, ONCE)
        and (questions := [each for each in section["questions"] if each["id"] in ticked])
    ]
    return {**base, "sections": sections}


def answerable(body: Mapping[str, Any], kinds: Collection[str]) -> dict[str, Any]:
    """The checklist without questions of other kinds than these: nobody could answer them."""
    sections = [
        {**section, "questions": [each for each in section["questions"] if each["kind"] in kinds]}
        for section in body["sections"]
    ]
    return {**body, "sections": [section for section in sections if section["questions"]]}
