"""Who may enter a route. Every view carries a door; an app with a view that has none does not start."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar, cast

from flask import Flask, Response, abort, g, redirect, request, url_for

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """An organiser's part in one project."""

    OWNER = "owner"
    FACILITATOR = "facilitator"
    CURATOR = "curator"
    AUTHOR = "author"
    OFFICER = "officer"
    VIEWER = "viewer"


class Right(StrEnum):
    """What a role may do; one line of the table of roles."""

    SETTINGS = "project settings, roles, retention, archive"
    WALKS = "walks, calls, checklists, meetings, paper entry, new recovery codes"
    ANSWERS = "answers, photos with captions, exact places"
    ORIGINALS = "originals"
    BOARD = "theme groups, notes, votes"
    SHORTLIST = "shortlist, panels, print runs"
    WORDS = "words for the labels"
    CONSENTS = "consent register, one person's data out, erasure"
    RESULTS = "aggregated results, photos agreed for the report, coarse places"


RIGHTS: Mapping[Right, frozenset[Role]] = {
    Right.SETTINGS: frozenset({Role.OWNER}),
    Right.WALKS: frozenset({Role.OWNER, Role.FACILITATOR}),
    Right.ANSWERS: frozenset(Role) - {Role.VIEWER},
    Right.ORIGINALS: frozenset({Role.OWNER, Role.CURATOR}),
    Right.BOARD: frozenset({Role.OWNER, Role.FACILITATOR}),
    Right.SHORTLIST: frozenset({Role.OWNER, Role.CURATOR}),
    Right.WORDS: frozenset({Role.OWNER, Role.FACILITATOR, Role.CURATOR}),
    Right.CONSENTS: frozenset({Role.OWNER, Role.OFFICER}),
    Right.RESULTS: frozenset(Role),
}


@dataclass(frozen=True)
class Door:
    """`who` is "anybody", "participant", "phone" or "organiser"; an organiser may need a right in the project."""

    who: str
    right: Right | None = None


def anybody(view: View) -> View:
    """No login. The page must show nothing private."""
    return _hang(view, Door("anybody"))


def participant(view: View) -> View:
    """Whoever joined; with a walk or a photo in the address, who joined that walk or made that photo."""
    return _hang(view, Door("participant"))


def phone(view: View) -> View:
    """Whoever joined, by the token of their device: the API. What is whose, each view asks by itself."""
    return _hang(view, Door("phone"))


def organiser(right: Right | None = None) -> Callable[[View], View]:
    """A logged-in organiser; with a right, one whose role in the address's project has it."""
    return lambda view: _hang(view, Door("organiser", right))


def _hang(view: View, door: Door) -> View:
    cast(Any, view).door = door
    return view


class Doorkeeper(Protocol):
    """What the doors must ask of the features above them."""

    def participant(self) -> Any | None: ...
    def phone(self) -> Any | None: ...
    def organiser(self) -> Any | None: ...
    def may_touch(self, participant: uuid.UUID, args: Mapping[str, Any]) -> bool: ...
    def role(self, organiser: uuid.UUID, args: Mapping[str, Any]) -> Role | None: ...


def door_of(app: Flask, endpoint: str) -> Door | None:
    """The door of an endpoint, or None where it was forgotten."""
    door: Door | None = getattr(app.view_functions[endpoint], "door", None)
    return door


def guard(app: Flask, keeper: Doorkeeper) -> None:
    """Puts the keeper before every request, and refuses to start with an unguarded route."""
    missing = sorted(endpoint for endpoint in app.view_functions if door_of(app, endpoint) is None)
    if missing:
        raise RuntimeError(f"These routes have no door (webapp/doors.py): {', '.join(missing)}")
    for rule in app.url_map.iter_rules():
        door = door_of(app, rule.endpoint)
        if door and door.who == "organiser" and door.right is None and rule.arguments:
            raise RuntimeError(f"{rule.endpoint} names a thing in its address, so its door must ask for a right.")

    @app.before_request
    def enter() -> Response | None:
        door = door_of(app, request.endpoint) if request.endpoint else None
        if door is None or door.who == "anybody":
            return None
        args = request.view_args or {}
        if door.who == "organiser":
            return _enter_desk(keeper, door, args)
        if door.who == "phone":
            g.participant = keeper.phone() or abort(401)
            return None
        _enter_participant(keeper, args)
        return None


def _enter_participant(keeper: Doorkeeper, args: Mapping[str, Any]) -> None:
    g.participant = keeper.participant()
    if g.participant is None:
        abort(401)
    if not keeper.may_touch(g.participant.id, args):
        abort(404)


def _enter_desk(keeper: Doorkeeper, door: Door, args: Mapping[str, Any]) -> Response | None:
    g.organiser = keeper.organiser()
    if g.organiser is None:
        if request.method not in ("GET", "HEAD"):
            abort(401)
        return cast(Response, redirect(url_for("people.login", next=request.path)))
    if door.right is None:
        return None
    g.role = keeper.role(g.organiser.id, args)
    if g.role is None:
        abort(404)  # whether it exists is nobody's business
    if g.role not in RIGHTS[door.right]:
        abort(403)
    return None
