"""Which photos of a project somebody wants to see, as it stands in an address: plain decisions."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from webapp.photo.rules import Lack, People, plain

PAGE = 60
"""So many photos stand on a page."""
LOOKED = 5_000
"""So many photos are looked through for one page of a filter that few fit. The next page goes on from there, so that
no page takes longer in a project of any size."""
NUMBERS = 2_147_483_647
SEARCH_LENGTH, SEARCH_WORDS = 200, 8


Choice = TypeVar("Choice", bound=StrEnum)


class Light(StrEnum):
    UP = "up"
    DOWN = "down"
    BOTH = "both"
    NEITHER = "neither"


@dataclass(frozen=True)
class Wanted:
    """What photos must be like; None, False or "" asks for nothing.

    `within` is a walk or a call, `author` a participant's number, `placed` whether anything tells the place, `lack`
    what is still missing.
    """

    within: uuid.UUID | None = None
    stop: uuid.UUID | None = None
    theme: str = ""
    light: Light | None = None
    author: int | None = None
    people: People | None = None
    placed: bool | None = None
    lack: Lack | None = None
    search: str = ""

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Wanted":
        """What an address says; what it says wrongly counts as nothing."""
        return cls(
            within=_id(args.get("within")),
            stop=_id(args.get("stop")),
            theme=args.get("theme", ""),
            light=_one_of(Light, args.get("light")),
            author=number(args.get("author")),
            people=_one_of(People, args.get("people")),
            placed={"known": True, "unknown": False}.get(args.get("place", "")),
            lack=_one_of(Lack, args.get("lack")),
            search=args.get("search", "").strip()[:SEARCH_LENGTH],
        )

    def as_args(self) -> dict[str, str]:
        """The same as `read` takes it, for addresses."""
        said = {
            "within": self.within and str(self.within),
            "stop": self.stop and str(self.stop),
            "theme": self.theme,
            "light": self.light and self.light.value,
            "author": self.author and str(self.author),
            "people": self.people and self.people.value,
            "place": {True: "known", False: "unknown", None: ""}[self.placed],
            "lack": self.lack and self.lack.value,
            "search": self.search,
        }
        return {name: value for name, value in said.items() if value}

    @property
    def words(self) -> list[str]:
        """What to look for in captions: each of these, as `plain` writes it."""
        return plain([self.search]).split()[:SEARCH_WORDS]


@dataclass(frozen=True)
class Where:
    """Where a page stands: the photos before a number, or those after it; the newest without either."""

    before: int | None = None
    after: int | None = None

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Where":
        before = number(args.get("before"))
        return cls(before, None if before is not None else number(args.get("after")))


def number(text: str | None) -> int | None:
    """A whole number from 0 that a database can hold, or None."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > len(str(NUMBERS)):
        return None
    return min(int(text), NUMBERS)


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _one_of(choices: type[Choice], text: str | None) -> Choice | None:
    return next((each for each in choices if each.value == text), None)
