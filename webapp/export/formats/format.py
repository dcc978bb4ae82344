"""What a file that takes time needs to say of itself, and what it is given."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from flask_babel import force_locale, gettext

from webapp.consent.rules import Exit, Refusal
from webapp.database import Localised
from webapp.doors import Right
from webapp.export.rules import LOST, NO_PICTURE, NOT_COME, LeftOut, Subject
from webapp.photo import exits
from webapp.photo.rules import PictureState, Size, credited, fingerprint
from webapp.words import LANGUAGES, printable

Found = Mapping[uuid.UUID, Path | Refusal | None]


@dataclass(frozen=True)
class Order:
    """What was asked for. `title` is the exhibition's, walk's, call's or project's own.

    `languages` are those of the labels, `language` is that of the person who asked. `states` are the curators' marks.
    """

    title: Localised
    project: Localised
    languages: tuple[str, ...]
    language: str
    paper: str
    zone: str
    name: str
    left_out: Sequence[LeftOut] = ()
    states: Mapping[uuid.UUID, str] = field(default_factory=dict)
    stops: Mapping[uuid.UUID, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """A photo that may leave, and its file. `width` and `height` are as seen upright. No `credit`: no name.

    `place` is where it hangs, as the shortlist's page counts: what may not leave keeps its place.
    `captions` may leave; `approved` are the fingerprints of those among them that an organiser wrote. `small`: the
    file is the small picture that came before an original which has not come yet.
    """

    id: uuid.UUID
    number: int
    file: Path
    width: int
    height: int
    captions: Localised
    credit: str
    small: bool
    place: int = 0
    row: Mapping[str, Any] = field(default_factory=dict)
    approved: Mapping[str, str] = field(default_factory=dict)
    painted: int = 0


@dataclass(frozen=True)
class Workshop:
    """Where a file is made: an empty folder; `press` makes a picture for paper (from, to, long edge, most bytes) and
    gives its size or None where it cannot; `step` is told how many photos are done. What no picture could be made of
    is noted in `lost`; in `notes` stands what is in the file, but not whole."""

    folder: Path
    press: Callable[[Path, Path, int | None, int | None], Size | None]
    step: Callable[[int], None]
    lost: list[LeftOut] = field(default_factory=list)
    notes: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True)
class Format:
    """One kind of file. `title` and `about` are msgids; `papers`: name -> msgid, the first is the usual one.

    `edge`: which of the sizes it is made of; None for the best file there is. `gather` finds the photos' items and
    says which are left out; `make` writes the file into the workshop's folder and returns it.
    """

    title: str
    about: str
    subjects: tuple[Subject, ...]
    way: Exit
    right: Right
    ending: str
    type: str
    make: Callable[[Order, Sequence[Item], Workshop], Path]
    edge: int | None = None
    papers: Mapping[str, str] = field(default_factory=dict)
    needs_pango: bool = False
    worded: bool = True  # captions stand in it
    every_photo: bool = False  # of an exhibition: all of the project's, not the shortlist alone
    gather: "Callable[[Format, Sequence[Any], Order], tuple[list[Item], list[LeftOut]]] | None" = None


def gather(format_: Format, photos: Sequence[Any], order: Order) -> tuple[list[Item], list[LeftOut]]:
    """The photos that may leave, in their order, and those that may not."""
    find = exits.best(photos, format_.way) if format_.edge is None else exits.small(photos, format_.way, format_.edge)
    items, left_out = [], []
    for photo in photos:
        file = find[photo.id]
        if isinstance(file, Path):
            items.append(item(photo, file))
        else:
            left_out.append(LeftOut(photo.number, file.value if file else why_none(photo)))
    return items, left_out


def item(photo: Any, file: Path, row: Mapping[str, Any] | None = None) -> Item:
    facts = (photo.picture.facts if photo.picture else None) or {}
    return Item(
        photo.id,
        photo.number,
        file,
        facts.get("width") or 1,
        facts.get("height") or 1,
        {code: printable(words) for code, words in photo.words.items() if printable(words)},
        credit_of(photo),
        not photo.whole,
        row=row or {},
        approved=approved_of(photo),
        painted=photo.painted,
    )


def approved_of(photo: Any) -> dict[str, str]:
    """The fingerprints of an organiser's words that stand beside it, because its author agreed to them."""
    return {code: fingerprint(words) for code, words in photo.approved.items()}


def credit_of(photo: Any) -> str:
    """The name that its author chose to stand beside it, as paper takes it."""
    return printable(credited(photo.credit, photo.credit_as))


def hung_as(item: Item) -> str:
    """What a photo that hangs is called: its place in the exhibition, and its own number."""
    return f"{item.place:02d}-{item.number}"


def nobody(languages: Sequence[str]) -> str:
    """What stands beside a photo whose author wants no name there, in the language of the label."""
    code = next((code for code in languages if code in LANGUAGES), "en")
    with force_locale(LANGUAGES[code].locale):
        return str(gettext("No name"))


def why_none(photo: Any) -> str:
    """Why there is no file of a photo that might leave: a msgid."""
    if photo.picture is None or photo.picture.state == PictureState.WAITING:
        return NOT_COME
    return NO_PICTURE if photo.picture.state == PictureState.UNREADABLE else LOST


def columns(order: Order, items: Sequence[Item]) -> list[str]:
    """The languages of the captions: the labels' own first."""
    return list(dict.fromkeys([*order.languages, *sorted({code for item in items for code in item.captions})]))


def direction(code: str) -> str:
    """Which way a language is written; what nobody knows, from left to right."""
    try:
        return str(Locale.parse(code, sep="-").text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"


def labels(item: Item, languages: Sequence[str]) -> list[tuple[str, str]]:
    """(language, words) of a label: the exhibition's languages in their order; if the caption is in none of them,
    whatever there is, because what somebody said is never dropped."""
    chosen = [(code, item.captions[code]) for code in languages if code in item.captions]
    return chosen or list(item.captions.items())[:1]


def shortened(words: str, room: int) -> str:
    """What has no room ends with dots, so that nobody takes a part for the whole."""
    return words if len(words) <= room else f"{words[: room - 2].rstrip()} …"
