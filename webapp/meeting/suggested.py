"""Photos put together beforehand for the workshop: suggestions, which may become groups of its own."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from webapp.meeting.queries import Shown
from webapp.meeting.rules import AT_METRES, LONGEST_NAME, NEAR_METRES, By, Position, clusters, metres, middle
from webapp.photo import queries as photo_queries
from webapp.walk import queries as walk_queries
from webapp.words import pick

FAR_METRES = 3000.0


@dataclass(frozen=True)
class Suggestion:
    """Photos that may belong together. `key` names them in a form; `author`: whose they are, if they are one's."""

    key: str
    name: str
    photos: Sequence[Shown]
    author: int | None = None


def suggestions(project: Any, photos: Iterable[Shown], by: By) -> list[Suggestion]:
    """All photos of the meeting, put together in this way; none of the groups is empty."""
    found = SUGGESTS[by](project, list(photos))
    return [each for each in found if each.photos]


def _by_theme(project: Any, photos: Sequence[Shown]) -> list[Suggestion]:
    """A photo of several themes is shown in each."""
    known = {theme["id"]: pick(theme["label"])[0] for theme in project.themes}
    found = [
        Suggestion(f"theme-{key}", name, [each for each in photos if key in each.photo.themes])
        for key, name in known.items()
    ]
    rest = [each for each in photos if not known.keys() & set(each.photo.themes)]
    return [*found, Suggestion("none", gettext("No theme"), rest)]


def _by_light(project: Any, photos: Sequence[Shown]) -> list[Suggestion]:
    names = {
        (True, False): gettext("Up"),
        (False, True): gettext("Down"),
        (True, True): gettext("Up and down at once"),
        (False, False): gettext("Neither up nor down"),
    }
    return [
        Suggestion(
            f"{up:d}{down:d}", name, [each for each in photos if (each.photo.up, each.photo.down) == (up, down)]
        )
        for (up, down), name in names.items()
    ]


def _by_author(project: Any, photos: Sequence[Shown]) -> list[Suggestion]:
    numbers = sorted({each.author for each in photos})
    return [
        Suggestion(str(number), author_name(number, mine), mine, number)
        for number in numbers
        if (mine := [each for each in photos if each.author == number])
    ]


def author_name(number: int, photos: Sequence[Shown]) -> str:
    """An author as the desk calls them; with a name only if every one of the photos carries it."""
    credits_ = {each.credit for each in photos}
    name = next(iter(credits_)) if len(credits_) == 1 else ""
    if name:
        return str(gettext("Author %(number)s: %(name)s", number=number, name=name))
    return str(gettext("Author %(number)s", number=number))


def _by_stop(project: Any, photos: Sequence[Shown]) -> list[Suggestion]:
    found = []
    for walk in walk_queries.walks_of(project.id):
        here = [each for each in photos if each.photo.walk_id == walk.id]
        for stop in walk.stops:
            name = f"{pick(walk.title)[0]}, {stop.position}: {pick(stop.name)[0]}"
            found.append(Suggestion(str(stop.id), name, [each for each in here if each.photo.stop_id == stop.id]))
        between = gettext("%(walk)s, between the stops", walk=pick(walk.title)[0])
        found.append(Suggestion(str(walk.id), between, [each for each in here if each.photo.stop_id is None]))
    for call in photo_queries.calls_of(project.id):
        mine = [each for each in photos if each.photo.call_id == call.id]
        found.append(Suggestion(str(call.id), gettext("Call: %(title)s", title=pick(call.title)[0]), mine))
    return found


def _by_place(project: Any, photos: Sequence[Shown]) -> list[Suggestion]:
    """Photos that lie near one another; those that lie near no other are together at the end, and so are those whose
    place nobody knows."""
    known = photo_queries.places_of([each.photo for each in photos])
    places = {each.number: known[each.photo.id] for each in photos}
    placed = [(each, Position(place.lat, place.lon)) for each in photos if (place := places[each.number])]
    stops = _stops(walk_queries.walks_of(project.id))
    found, alone, used = list[Suggestion](), list[Shown](), dict[str, int]()
    for cluster in clusters([position for _, position in placed]):
        if len(cluster) == 1:
            alone.append(placed[cluster[0]][0])
            continue
        name = _place_name(middle([placed[index][1] for index in cluster]), stops)
        used[name] = used.get(name, 0) + 1
        told = f"{name} ({used[name]})" if used[name] > 1 else name
        mine = [placed[index][0] for index in cluster]
        found.append(Suggestion(f"near-{mine[0].number}", told, mine))
    unknown = [each for each in photos if places[each.number] is None]
    apart = gettext("Alone: no other photo within %(metres)s m", metres=round(NEAR_METRES))
    alone.sort(key=lambda each: each.number)
    return [*found, Suggestion("alone", apart, alone), Suggestion("none", gettext("Place unknown"), unknown)]


def _stops(walks: Iterable[Any]) -> list[tuple[Position, Any]]:
    return [
        (Position(stop.lat, stop.lon), stop)
        for walk in walks
        for stop in walk.stops
        if stop.lat is not None and stop.lon is not None
    ]


def _place_name(position: Position, stops: Sequence[tuple[Position, Any]]) -> str:
    """The stop that is there, or the nearest one, or degrees to about a kilometre: as the name of a group it goes
    into the minutes, which leave the house."""
    if stops:
        far, stop = min(((metres(position, each), stop) for each, stop in stops), key=lambda found: found[0])
        name = pick(stop.name)[0]
        if far <= AT_METRES:
            return name
        if far <= FAR_METRES:
            return str(gettext("Near %(stop)s", stop=name))
    return f"{position.lat:.2f}, {position.lon:.2f}"


def _by_likeness(project: Any, photos: Sequence[Shown]) -> list[Suggestion]:
    """Photos that look alike, and at the end those that look like no other."""
    known = {each.number: each for each in photos}
    alike = [[known[number] for number in group if number in known] for group in photo_queries.alike(project.id)]
    found = [Suggestion(f"alike-{group[0].number}", _alike_name(group), group) for group in alike if len(group) > 1]
    used = {each.number for suggestion in found for each in suggestion.photos}
    rest = [each for each in photos if each.number not in used]
    return [*found, Suggestion("none", gettext("Like no other"), rest)]


def _alike_name(group: Sequence[Shown]) -> str:
    return str(gettext("Alike: %(numbers)s", numbers=", ".join(str(each.number) for each in group)))


def short(name: str) -> str:
    """A suggestion's name as a group can bear it."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


SUGGESTS: Mapping[By, Callable[[Any, Sequence[Shown]], list[Suggestion]]] = {
    By.THEME: _by_theme,
    By.PLACE: _by_place,
    By.STOP: _by_stop,
    By.LIGHT: _by_light,
    By.AUTHOR: _by_author,
    By.LIKENESS: _by_likeness,
}


def taken_up(chosen: Sequence[Suggestion], loose: Iterable[int]) -> list[tuple[str, list[uuid.UUID]]]:
    """Names and photos of the groups that suggestions become: each photo in the first that holds it, and only those
    that lie in no group yet. A suggestion of which nothing is left makes no group."""
    free, made = set(loose), list[tuple[str, list[uuid.UUID]]]()
    for each in chosen:
        mine = [shown for shown in each.photos if shown.number in free]
        free -= {shown.number for shown in mine}
        if mine:
            made.append((short(each.name), [shown.photo.id for shown in mine]))
    return made
