"""What of a picture is to be painted over, as plain values: relative to the upright picture, so that every copy of
it, small or large, can be painted alike."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_REGIONS = 200
MOST_POINTS = 2000  # of all brush strokes together
LEAST = 0.002  # of a side: what is smaller was a slip of the finger
LONGEST = 200_000  # letters of JSON


class Shape(StrEnum):
    ELLIPSE = "ellipse"
    BOX = "box"
    STROKE = "stroke"


class Style(StrEnum):
    """How it is painted: one flat colour, of which nothing can be recovered, or a very coarse mosaic."""

    OPAQUE = "opaque"
    MOSAIC = "mosaic"


@dataclass(frozen=True)
class Region:
    """An ellipse or box by its left, top, width and height, each from 0 to 1 of the picture's own width or height; or
    a brush stroke through points (x and y likewise), `width` of it in parts of the picture's long edge."""

    shape: Shape
    x: float = 0
    y: float = 0
    w: float = 0
    h: float = 0
    points: tuple[tuple[float, float], ...] = ()

    def as_json(self) -> dict[str, Any]:
        if self.shape is Shape.STROKE:
            return {"shape": self.shape.value, "points": [list(point) for point in self.points], "width": self.w}
        return {"shape": self.shape.value, "x": self.x, "y": self.y, "w": self.w, "h": self.h}


def read_regions(said: Any) -> tuple[Region, ...]:
    """The regions that JSON names. Raises ValueError where it is not what `as_json` gives, or is too much."""
    if not isinstance(said, list) or len(said) > MOST_REGIONS:
        raise ValueError("regions")
    found = tuple(map(_region, said))
    if sum(len(region.points) for region in found) > MOST_POINTS:
        raise ValueError("points")
    return found


def written(regions: Sequence[Region]) -> str:
    return json.dumps([region.as_json() for region in regions])


def together(first: Sequence[Region], more: Sequence[Region]) -> tuple[Region, ...]:
    """Both, each once, in their order."""
    return tuple(dict.fromkeys([*first, *more]))


def _region(said: Any) -> Region:
    if not isinstance(said, Mapping):
        raise ValueError("region")
    try:
        shape = Shape(said["shape"])
        if shape is Shape.STROKE:
            points = tuple((_part(x), _part(y)) for x, y in said["points"])
            if not points:
                raise ValueError("points")
            return Region(shape, w=max(LEAST, _part(said["width"])), points=points)
        left, top = _part(said["x"]), _part(said["y"])
        return Region(shape, left, top, max(LEAST, _part(said["w"])), max(LEAST, _part(said["h"])))
    except (KeyError, TypeError) as error:
        raise ValueError("region") from error


def _part(value: Any) -> float:
    """A share of a side; a little outside is brought back to the edge, so that one may draw over it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("number")
    if not -1 <= value <= 2:
        raise ValueError("far outside")
    return round(min(1.0, max(0.0, float(value))), 5)
