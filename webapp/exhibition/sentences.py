"""What the light table says in words: of a decision, of a conflict, of the balance."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_time, gettext, ngettext
from flask_babel import lazy_gettext as _

from webapp.consent.rules import Refusal
from webapp.exhibition.rules import UNDECIDED, Balance, Change, State, Tip
from webapp.mark import N_

STATES: Mapping[State, str] = {
    State.NONE: _("undecided"),
    State.PICK: _("picked"),
    State.OUT: _("out"),
    State.WANTED: _("wanted: ask"),
}
REASONS: Mapping[str, str] = {
    Refusal.NOT_AGREED.name.lower(): _("Its author has not agreed to the exhibition."),
    Refusal.NO_RELEASE.name.lower(): _("Somebody can be recognised and has not agreed."),
    Refusal.NOT_LOOKED.name.lower(): _("Nobody has looked yet whether somebody can be recognised."),
    Refusal.WITHDRAWN.name.lower(): _("It has been taken back."),
}
FACETS: Mapping[str, str] = {
    "state": _("Decision"),
    "stars": _("Stars, at least"),
    "theme": _("Theme"),
    "place": _("Walk or call"),
    "district": _("District"),
    "stop": _("Stop"),
    "light": _("Up or down"),
    "author": _("Author"),
    "perspective": _("Perspective"),
    "caption": _("Language of the caption"),
    "leave": _("May it be shown"),
}
LIGHTS: Mapping[str, str] = {"up": _("up"), "down": _("down")}
LEAVING: Mapping[str, str] = {
    "free": _("may be shown"),
    "blocked": _("cannot leave"),
    "not_agreed": _("cannot leave: not agreed to"),
    "no_release": _("cannot leave: somebody can be recognised"),
}
VALUES: Mapping[str, Mapping[str, str]] = {
    "state": {state.value or UNDECIDED: said for state, said in STATES.items()},
    "light": LIGHTS,
    "leave": LEAVING,
}
NOTHING: Mapping[str, str] = {
    "perspective": _("unknown"),
    "theme": _("without a theme"),
    "district": _("without a district"),
    "light": _("neither"),
    "caption": _("without a caption"),
}
TOO_MUCH = {
    "author": N_("%(some)s of %(all)s are by one author: %(what)s."),
    "perspective": N_("%(some)s of %(all)s come from one perspective: %(what)s."),
    "theme": N_("%(some)s of %(all)s are about one theme: %(what)s."),
    "district": N_("%(some)s of %(all)s are from one district: %(what)s."),
    "light": N_("%(some)s of %(all)s have the same mark: %(what)s."),
}
MISSING = {
    "perspective": N_("Nobody yet of a perspective: %(what)s."),
    "theme": N_("Nothing yet about: %(what)s."),
    "district": N_("Nothing yet from: %(what)s."),
    "light": N_("Nothing yet with this mark: %(what)s."),
    "caption": N_("No caption yet in: %(what)s."),
}


def of_decision(number: int, wish: State, became: State, refusal: str) -> str:
    """What a decision did."""
    if wish is State.PICK and became is State.WANTED:
        why = REASONS[refusal]
        return str(
            gettext(
                "No. %(number)s cannot be picked: %(why)s It is now wanted, on the list to ask.",
                number=number,
                why=why,
            )
        )
    if became is State.WANTED and not refusal:
        return str(
            gettext("No. %(number)s is wanted, and nobody needs to be asked: it can be picked.", number=number)
        )
    return str(gettext("No. %(number)s: %(state)s.", number=number, state=STATES[became]))


def of_stars(number: int, stars: int) -> str:
    if not stars:
        return str(gettext("No. %(number)s: no stars of yours.", number=number))
    return str(ngettext("No. %(number)s: %(num)s star.", "No. %(number)s: %(num)s stars.", stars, number=number))


def of_undoing(number: int, stands: State | int) -> str:
    """What stands on the photo again: a state, or stars."""
    if isinstance(stands, State):
        return str(gettext("Undone. No. %(number)s: %(state)s.", number=number, state=STATES[stands]))
    if not stands:
        return str(gettext("Undone. No. %(number)s: no stars of yours.", number=number))
    return str(
        ngettext(
            "Undone. No. %(number)s: %(num)s star.", "Undone. No. %(number)s: %(num)s stars.", stands, number=number
        )
    )


def of_conflict(number: int, stands: State, who: str | None, when: str, wish: State) -> str:
    """Both decisions, so that somebody can say which holds."""
    return str(
        gettext(
            "No. %(number)s: %(who)s has decided meanwhile, %(when)s: %(stands)s. You said: %(wish)s. Which holds?",
            number=number,
            who=who or somebody(),
            when=when,
            stands=STATES[stands],
            wish=STATES[wish],
        )
    )


def of_decided_since(number: int, since: Change, who: str | None) -> str:
    """Why nothing was taken back."""
    told = gettext(
        "No. %(number)s stays: %(who)s has decided on it since (%(state)s). Undo again takes back the one before.",
        number=number,
        who=who or somebody(),
        state=STATES[since.after],
    )
    return str(told)


def somebody() -> str:
    return str(gettext("somebody"))


def of_moment(moment: datetime, zone: str) -> str:
    """The day and the time of an instant where the project is."""
    local = moment.astimezone(ZoneInfo(zone))
    day, time = format_date(local, "medium", rebase=False), format_time(local, "short", rebase=False)
    return str(gettext("%(day)s, %(time)s", day=day, time=time))


def of_balance(found: Balance, tips: Sequence[Tip], named: Callable[[str, str], str]) -> list[str]:
    """Where the balance tips, in words; what is missing, in one sentence for each side."""
    missing: dict[str, list[str]] = {}
    for tip in tips:
        if not tip.some:
            missing.setdefault(tip.facet, []).append(named(tip.facet, tip.value))
    told, said = [], set()
    for tip in tips:
        if tip.some:
            what = named(tip.facet, tip.value)
            told.append(str(gettext(TOO_MUCH[tip.facet], some=tip.some, all=found.chosen, what=what)))
        elif tip.facet not in said:
            told.append(str(gettext(MISSING[tip.facet], what=", ".join(missing[tip.facet]))))
            said.add(tip.facet)
    return told


def author(number: str) -> str:
    return str(gettext("no. %(number)s", number=number))


def nothing_to_undo() -> str:
    return str(gettext("You have nothing left to take back."))


def not_taken() -> str:
    return str(gettext("This was not saved: the page was open for too long. Load it anew, and decide once more."))


def of_place(number: int, place: int, of: int) -> str:
    return str(gettext("No. %(number)s hangs at place %(place)s of %(of)s.", number=number, place=place, of=of))


def of_gone(number: int) -> str:
    """Something that is moved, or the one before which it should hang, was taken off meanwhile."""
    return str(
        gettext(
            "No. %(number)s was not moved: the shortlist has changed meanwhile. It is shown as it is now.",
            number=number,
        )
    )
