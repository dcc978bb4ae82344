"""Charts as SVG, made here and whole without scripts. Each has its words beside it and a table one tap away.

A perspective has a shape and a tone (`Sign.look`), never a colour alone; `static/css/results.css` paints both. Charts
and maps run one way in every language.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from webapp.results.queries import Places
from webapp.words import pick

STEP = 22
"""Pixels from one mark to the next."""
ROW, MOST = 12, 48
"""So many marks stand in one row, and so many at the most; more answers are a bar and a number."""
BAR = 200

SHAPES = (
    "M4 11a7 7 0 1 0 14 0a7 7 0 1 0-14 0z",
    "M4.5 4.5h13v13h-13z",
    "M11 3.5l8 14H3z",
    "M11 2.5l8.5 8.5-8.5 8.5L2.5 11z",
    "M8 3.5h6V8h4.5v6H14v4.5H8V14H3.5V8H8z",
    "M11 18.5l-8-14h16z",
    "M7 3.5h8l4 7.5-4 7.5H7L3 11z",
    "M3.5 7.5h15v7h-15z",
)
NOBODYS = "M6 6l10 10M16 6L6 16"
TONES = 3


@dataclass(frozen=True)
class Sign:
    """A perspective and how it is drawn: by its place in the project's list, None for who named none."""

    key: str
    name: str
    look: int | None


@dataclass(frozen=True)
class Dot:
    """A photo or a stop on the map; `kind` is "stop", "up", "down", "both" or "photo"."""

    lat: float
    lon: float
    kind: str
    name: str
    number: str = ""


def signs(perspectives: Sequence[Mapping[str, Any]], people: Mapping[str, int]) -> list[tuple[Sign, int]]:
    """The perspectives of so many `people`, in the project's order, each with its shape."""
    known = [(each["id"], pick(each["label"])[0], look) for look, each in enumerate(perspectives)]
    made = [Sign(*each) for each in known]
    lost = [each for each in people if each and each not in {sign.key for sign in made}]
    made += [Sign(each, each, len(known) + place) for place, each in enumerate(sorted(lost))]
    made.append(Sign("", gettext("no perspective named"), None))
    return [(sign, people[sign.key]) for sign in made if people.get(sign.key)]


def mark(sign: Sign, at: tuple[float, float] = (0, 0)) -> Markup:
    """One answer: the shape of whoever gave it."""
    shape = NOBODYS if sign.look is None else SHAPES[sign.look % len(SHAPES)]
    tone = "none" if sign.look is None else str((sign.look + sign.look // len(SHAPES)) % TONES)
    moved = Markup(' transform="translate({} {})"').format(_number(at[0]), _number(at[1])) if any(at) else ""
    return Markup('<g class="sign tone-{}"{}><title>{}</title><path d="{}"/></g>').format(
        tone, moved, sign.name, shape
    )


def key(sign: Sign) -> Markup:
    """The shape alone, beside its name in words."""
    return Markup('<svg class="key" viewBox="0 0 22 22" width="22" height="22" aria-hidden="true">{}</svg>').format(
        mark(sign)
    )


def marks(by: Mapping[str, int], signs: Sequence[Sign]) -> Markup:
    """A mark for every answer, perspective after perspective; of very many a bar for each."""
    given = [(sign, by[sign.key]) for sign in signs if by.get(sign.key)]
    if not given:
        return Markup("")
    words = "; ".join(f"{sign.name}: {count}" for sign, count in given)
    if sum(count for _, count in given) > MOST:
        return _bars(given, words)
    all_ = [sign for sign, count in given for _ in range(count)]
    drawn = [mark(sign, (number % ROW * STEP, number // ROW * STEP)) for number, sign in enumerate(all_)]
    return _svg("allmarks", min(len(all_), ROW) * STEP, math.ceil(len(all_) / ROW) * STEP, words, drawn)


def _bars(given: Sequence[tuple[Sign, int]], words: str) -> Markup:
    most = max(count for _, count in given)
    drawn = []
    for row, (sign, count) in enumerate(given):
        width = BAR * count / most
        drawn.append(mark(sign, (0, row * STEP)))
        drawn.append(
            Markup('<path class="bar" d="M28 {}h{}v10h-{}z"/><text x="{}" y="{}">{}</text>').format(
                row * STEP + 6, _number(width), _number(width), _number(34 + width), row * STEP + 17, count
            )
        )
    return _svg("allmarks", BAR + 84, len(given) * STEP, words, drawn)


def means(by: Mapping[str, tuple[float, int]], scale: tuple[int, int], signs: Sequence[Sign], words: str) -> Markup:
    """Where the mean of each perspective lies on a scale, one row each; `words` say the same."""
    given = [(sign, *by[sign.key]) for sign in signs if sign.key in by]
    low, high = scale
    left, right, top = 14, 266, 20
    end = top + len(given) * STEP

    def at(value: float) -> float:
        return left + (right - left) * (value - low) / (high - low)

    drawn = [
        Markup('<path class="tick" d="M{0} {1}V{2}"/><text class="step" x="{0}" y="13">{3}</text>').format(
            _number(at(step)), top - 2, end, step
        )
        for step in range(low, high + 1)
    ]
    drawn += [mark(sign, (at(mean) - STEP / 2, top + row * STEP)) for row, (sign, mean, _) in enumerate(given)]
    return _svg("means", right + left, end, words, drawn)


WIDE, HIGH, EDGE = 440, 330, 36
METRES = 111_320
"""Of one degree of latitude."""
SMALLEST = 120
"""Metres that the map shows at least, so that two stops in one square are not a continent apart."""
LENGTHS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 1_000_000)
PHOTO = {"up": "M0 -7l7 12H-7z", "down": "M0 7l7 -12H-7z", "both": "M0 -8l8 8-8 8-8-8z", "photo": "M-5 -5h10v10h-10z"}


def map(places: Places, tracks: Sequence[Sequence[tuple[float, float]]] = ()) -> Markup:
    """Where a walk's stops lie, and where its photos were taken; `tracks` as latitudes and longitudes."""
    stops = [
        Dot(spot.stop.lat, spot.stop.lon, "stop", pick(spot.stop.name)[0], str(spot.stop.position))
        for spot in places.spots
        if spot.stop.lat is not None and spot.stop.lon is not None
    ]
    photos = [
        Dot(place.lat, place.lon, _light(photo), gettext("Photo %(number)s", number=photo.number))
        for photo, place in places.photos
    ]
    words = gettext(
        "Map: %(stops)s stops and %(photos)s photos. The list beside it names the stops.",
        stops=len(stops),
        photos=len(photos),
    )
    return sketch(stops, photos, words, tracks)


def _light(photo: Any) -> str:
    if photo.up and photo.down:
        return "both"
    return "up" if photo.up else "down" if photo.down else "photo"


def shot(kind: str) -> Markup:
    """A photo's mark on the map, beside the words for it."""
    drawn = Markup('<svg class="key" viewBox="-11 -11 22 22" width="22" height="22" aria-hidden="true">{}</svg>')
    return drawn.format(Markup('<path class="shot {}" d="{}"/>').format(kind, PHOTO[kind]))


def sketch(
    stops: Sequence[Dot],
    photos: Sequence[Dot],
    words: str,
    tracks: Sequence[Sequence[tuple[float, float]]] = (),
) -> Markup:
    """A map without tiles: the way from stop to stop, tracks, photos where they were taken, north and a scale."""
    dots = [*photos, *stops]
    spread = [*((dot.lat, dot.lon) for dot in dots), *(place for way in tracks for place in way)]
    if not spread:
        return Markup("")
    middle = (min(lat for lat, _ in spread) + max(lat for lat, _ in spread)) / 2
    shrink = max(math.cos(math.radians(middle)), 0.01)
    places = [(lon * shrink * METRES, -lat * METRES) for lat, lon in spread]
    (west, east), (north, south) = ((min(axis), max(axis)) for axis in zip(*places, strict=True))
    per_metre = min((WIDE - 2 * EDGE) / max(east - west, SMALLEST), (HIGH - 2 * EDGE) / max(south - north, SMALLEST))
    left = WIDE / 2 - (west + east) / 2 * per_metre
    top = HIGH / 2 - (north + south) / 2 * per_metre
    spots = [(left + x * per_metre, top + y * per_metre) for x, y in places]
    way = _line(spots[len(photos) : len(dots)])
    walked = iter(spots[len(dots) :])
    drawn = [Markup('<rect class="ground" width="{}" height="{}"/>').format(WIDE, HIGH)]
    if len(stops) > 1:
        drawn.append(Markup('<path class="way" d="M{}"/>').format(way))
    drawn += [Markup('<path class="walked" d="M{}"/>').format(_line([next(walked) for _ in each])) for each in tracks]
    drawn += [_dot(dot, *spot) for dot, spot in zip(dots, spots[: len(dots)], strict=True)]
    return _svg("ofplaces", WIDE, HIGH, words, [*drawn, _scale(per_metre), _north()])


def _line(spots: Sequence[tuple[float, float]]) -> str:
    said = " ".join(f"{_number(x)} {_number(y)}" for x, y in spots)
    return said if len(spots) > 1 else f"{said}h0"


def _dot(dot: Dot, x: float, y: float) -> Markup:
    place = Markup('transform="translate({} {})"').format(_number(x), _number(y))
    if dot.kind == "stop":
        return Markup(
            '<g class="place" {}><title>{}</title><path d="M-16 -13h32v26h-32z"/><text y="6">{}</text></g>'
        ).format(place, dot.name, dot.number)
    return Markup('<path class="shot {}" {} d="{}"><title>{}</title></path>').format(
        dot.kind, place, PHOTO[dot.kind], dot.name
    )


def _scale(per_metre: float) -> Markup:
    metres = max((each for each in LENGTHS if each * per_metre <= WIDE / 4), default=LENGTHS[0])
    if metres < 1000:
        said = gettext("%(number)s m", number=metres)
    else:
        said = gettext("%(number)s km", number=metres // 1000)
    drawn = Markup('<path class="rule" d="M14 {0}v5h{1}v-5"/><text x="14" y="{2}">{3}</text>')
    return drawn.format(HIGH - 17, _number(metres * per_metre), HIGH - 21, said)


def _north() -> Markup:
    drawn = Markup('<path class="needle" d="M{0} 14l7 18h-14z"/><text class="mid" x="{0}" y="48">{1}</text>')
    return drawn.format(WIDE - 30, gettext("North"))


def _svg(name: str, width: float, height: float, words: str, drawn: Sequence[Markup]) -> Markup:
    frame = Markup(
        '<svg class="chart {0}" viewBox="0 0 {1} {2}" width="{1}" height="{2}" role="img" aria-label="{3}">{4}</svg>'
    )
    return frame.format(name, width, height, words, Markup("").join(drawn))


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
