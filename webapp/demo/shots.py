"""How the demo's photos are written down in a few lines: they differ by what lists say, not by chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.demo.content import People, Photo, PhotoLight, Place, Rung, StopId
from webapp.demo.scenes import FileKind, Light, Scene

# Upright pixels. At A3 these and those below are 58 to 300 pixels per inch, so that a curator sees which can hang in
# which size; most are small, for each is drawn before the demo can start.
SHAPES = (
    (1440, 1080),
    (1620, 1080),
    (1080, 1440),
    (1280, 960),
    (1600, 900),
    (1600, 1200),
    (1200, 1600),
    (1200, 1200),
    (1800, 1200),
    (1080, 1350),
    (1280, 960),
)
FULL = (2400, 1600)
LARGE = (4000, 3000)
PRINT = (4960, 3508)  # 300 pixels per inch at A3
LITTLE = (960, 720)
ORIENTATIONS = (1, 6, 1, 3, 1, 8, 1, 2, 6, 1, 5, 1, 7, 1, 4, 8, 1)
SOURCES: tuple[Rung, ...] = ("camera", "phone", "stop", "camera", "pin", "camera", "stop", "phone", "camera")
METRES = ((12, 30), (-45, 8), (60, -22), (-18, -55), (35, 48), (-70, 20), (5, -12), (48, 5), (-30, 62), (22, -40))
ACCURACY = (5, 8, 12, 20, 9, 35, 6)


def shot(
    id_: str,
    author: str,
    at: tuple[float, float] | None,
    taken: str,
    painter: str,
    caption: str,
    light: PhotoLight,
    themes: str = "",
    *,
    stop: StopId | None = None,
    hour: Light = "day",
    seed: int | None = None,
    shape: tuple[int, int] | None = None,
    figures: int = 0,
    mirrored: bool | None = None,
    near: float = 1,
    look: tuple[float, float] = (0.5, 0.5),
    file: FileKind = "jpeg",
    source: Rung | None = None,
    people: People = "none",
    star: bool = False,
    also: Mapping[str, str] | None = None,
    story: Mapping[str, str] | None = None,
) -> Photo:
    """A photo taken some metres from `at`. Its number chooses what is not said."""
    number = int(id_[1:])
    width, height = shape or SHAPES[number % len(SHAPES)]
    source = source or SOURCES[number % len(SOURCES)]
    if at is None:
        source = "none"
    place = _beside(at, number) if at and source not in ("stop", "none") else None
    more: dict[str, Any] = {"position": (place.lat, place.lon)} if place and source == "camera" else {}
    scene = Scene(
        painter,
        datetime.fromisoformat(taken),
        hour,
        seed=number if seed is None else seed,
        width=width,
        height=height,
        orientation=1 if file == "heic" else ORIENTATIONS[number % len(ORIENTATIONS)],
        people=figures,
        mirrored=number % 5 in (1, 3) if mirrored is None else mirrored,
        near=near,
        look=look,
        file=file,
        **more,
    )
    return Photo(
        id=id_,
        author=author,
        stop=stop,
        scene=scene,
        caption=caption,
        light=light,
        people=people,
        source=source,
        place=place,
        themes=tuple(themes.split()),
        story=story or {},
        also=also or {},
        star=star,
    )


@dataclass(frozen=True)
class Walked:
    """Photos of one walk's day (ISO 8601), each taken near the stop that it names."""

    day: str
    places: Mapping[StopId, tuple[float, float]]

    def __call__(
        self,
        id_: str,
        author: str,
        stop: StopId,
        clock: str,
        painter: str,
        caption: str,
        light: PhotoLight,
        themes: str = "",
        **more: Any,
    ) -> Photo:
        taken = f"{self.day}T{clock}"
        return shot(id_, author, self.places[stop], taken, painter, caption, light, themes, stop=stop, **more)


def _beside(at: tuple[float, float], number: int) -> Place:
    east, north = METRES[number % len(METRES)]
    lat, lon = at[0] + north / 111_200, at[1] + east / 71_500
    return Place(round(lat, 5), round(lon, 5), ACCURACY[number % len(ACCURACY)])
