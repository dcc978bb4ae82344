"""Street scenes for the demo, drawn with polygons and never passed off as photographs.

`draw(scene)` returns the bytes of a JPEG (or HEIC) file with the EXIF data a camera would write, so that the
demo goes down the same road as real pictures. The same scene always gives the same picture. Painters work on
a canvas that is 1,000 units high, whatever its pixels, and at twice the size, which smooths every edge.
"""

import io
import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Literal

import pillow_heif
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Rgb = tuple[int, int, int]
Point = tuple[float, float]
Light = Literal["day", "evening", "rain"]
FileKind = Literal["jpeg", "heic"]

MAKE = "Pohled"
MODEL = "drawn"
DESCRIPTION = "Drawn for the demo of Pohled"
SOFTWARE = "Pohled demo scenes"
OFFSET = "+02:00"

OVERSAMPLING = 2
JPEG_QUALITY = 88
HEIC_QUALITY = 64
HEIC_ENCODER = {"preset": "ultrafast"}  # a tenth of the time, a tenth more bytes


@dataclass(frozen=True)
class Scene:
    """One picture: what is on it, how it is lit, and what the file says about itself."""

    painter: str
    taken: datetime  # local time, without a zone: the file says +02:00
    light: Light = "day"
    seed: int = 1
    width: int = 1800  # as a person sees it, whatever the orientation
    height: int = 1200
    orientation: int = 1
    position: Point | None = None  # latitude, longitude
    people: int = 0
    file: FileKind = "jpeg"

    @property
    def filename(self) -> str:
        ending = "heic" if self.file == "heic" else "jpg"
        return f"{self.painter}-{self.light}-{self.seed}.{ending}"

    @property
    def media_type(self) -> str:
        return f"image/{self.file}"


# --- colours ---------------------------------------------------------------------------------------------


def rgb(text: str) -> Rgb:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mix(a: Rgb, b: Rgb, share: float) -> Rgb:
    """`share` of b in a."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


TEAL = rgb("#0a4b49")
INK = rgb("#0f1f1d")
AMBER = rgb("#f2a62b")
PAPER = rgb("#f7f2e4")
BRICK = rgb("#b5553c")
CREAM = rgb("#f0e2bf")
RED = rgb("#a8362b")
WALLS = tuple(
    rgb(c) for c in ("#ead7ab", "#d99f5f", "#c8704f", "#f0e6d0", "#a3bba6", "#e2b588", "#c4cdbd", "#e8c77f")
)
LEAF = rgb("#3f7a5c")
CLOTHES = tuple(rgb(c) for c in ("#0a4b49", "#7a2f2a", "#22383f", "#a8642c", "#3f4f63", "#4d3a46"))
FRUIT = tuple(rgb(c) for c in ("#c8402f", "#f2a62b", "#7d9b3c", "#e7c54a", "#8d3a5a", "#d9772f"))


@dataclass(frozen=True)
class Mood:
    """What the weather and the hour do to every colour."""

    sky: tuple[Rgb, Rgb, Rgb]
    tint: Rgb
    tint_share: float
    shadow: Rgb
    shadow_alpha: int
    pane: Rgb
    lit: Rgb
    lit_share: float
    sun: Rgb
    grade: Rgb
    wet: bool

    def on(self, colour: Rgb, more: float = 0.0) -> Rgb:
        return mix(colour, self.tint, min(1.0, self.tint_share + more))


MOODS: dict[Light, Mood] = {
    "day": Mood(
        sky=(rgb("#7fb6b4"), rgb("#c4ddd3"), rgb("#f8ecd0")),
        tint=rgb("#fff1cf"),
        tint_share=0.05,
        shadow=rgb("#17403f"),
        shadow_alpha=86,
        pane=rgb("#33595b"),
        lit=rgb("#f4d58a"),
        lit_share=0.05,
        sun=rgb("#fff4cf"),
        grade=rgb("#f6dfae"),
        wet=False,
    ),
    "evening": Mood(
        sky=(rgb("#1c4858"), rgb("#c97f5c"), rgb("#fbcf7f")),
        tint=rgb("#2c2f4c"),
        tint_share=0.42,
        shadow=rgb("#141c33"),
        shadow_alpha=100,
        pane=rgb("#1d3342"),
        lit=rgb("#fdc75a"),
        lit_share=0.5,
        sun=rgb("#ffd98a"),
        grade=rgb("#e08a4a"),
        wet=False,
    ),
    "rain": Mood(
        sky=(rgb("#6f8a90"), rgb("#a3b6b6"), rgb("#d6d9cc")),
        tint=rgb("#5f767b"),
        tint_share=0.32,
        shadow=rgb("#1b3238"),
        shadow_alpha=60,
        pane=rgb("#2b464d"),
        lit=rgb("#f7cb6c"),
        lit_share=0.3,
        sun=rgb("#e8eadf"),
        grade=rgb("#7d979a"),
        wet=True,
    ),
}


# --- the canvas ------------------------------------------------------------------------------------------


class Canvas:
    """1,000 units high, as wide as the picture's shape asks for, y pointing down."""

    def __init__(self, width: int, height: int) -> None:
        self.k = OVERSAMPLING * height / 1000
        self.w = 1000 * width / height
        self.image = Image.new("RGB", (width * OVERSAMPLING, height * OVERSAMPLING), PAPER)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def _points(self, points: Iterable[Point]) -> list[Point]:
        return [(x * self.k, y * self.k) for x, y in points]

    def poly(self, points: Iterable[Point], fill: Rgb, alpha: int = 255) -> None:
        self.pen.polygon(self._points(points), fill=(*fill, alpha))

    def rect(self, x: float, y: float, w: float, h: float, fill: Rgb, alpha: int = 255) -> None:
        if w > 0 and h > 0:
            self.poly([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], fill, alpha)

    def round(self, x: float, y: float, w: float, h: float, radius: float, fill: Rgb, alpha: int = 255) -> None:
        k = self.k
        box = (x * k, y * k, (x + w) * k, (y + h) * k)
        self.pen.rounded_rectangle(box, radius * k, fill=(*fill, alpha))

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Rgb, alpha: int = 255) -> None:
        k = self.k
        self.pen.ellipse(((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k), fill=(*fill, alpha))

    def line(self, points: Iterable[Point], fill: Rgb, width: float, alpha: int = 255) -> None:
        thick = max(1, round(width * self.k))
        self.pen.line(self._points(points), fill=(*fill, alpha), width=thick, joint="curve")

    def ring(self, x: float, y: float, r: float, fill: Rgb, width: float) -> None:
        self.line(arc(x, y, r, r, 0, 360, 40), fill, width)

    def fade(self, x: float, y: float, w: float, h: float, colours: tuple[Rgb, Rgb, Rgb]) -> None:
        """A vertical run of three colours."""
        k = self.k
        strip = ImageOps.colorize(Image.linear_gradient("L").resize((1, 256)), colours[0], colours[2], colours[1])
        size = (max(1, round(w * k)), max(1, round(h * k)))
        self.image.paste(strip.resize(size, Image.Resampling.BILINEAR), (round(x * k), round(y * k)))

    def glow(self, x: float, y: float, r: float, colour: Rgb, strength: float) -> None:
        """Soft round light."""
        k = self.k
        fall = [round(255 * strength * max(0.0, 1 - v / 180) ** 2) for v in range(256)]
        side = max(2, round(2 * r * k))
        mask = Image.radial_gradient("L").point(fall).resize((side, side), Image.Resampling.BILINEAR)
        self.image.paste(colour, (round((x - r) * k), round((y - r) * k)), mask)

    def veil(self, shapes: Sequence[Sequence[Point]], colour: Rgb, alpha: int, blur: float = 6) -> None:
        """Shapes with a soft edge: shadows on the ground, beams of light."""
        small, k = 8, self.k
        margin = 3 * blur
        xs, ys = [x for shape in shapes for x, _ in shape], [y for shape in shapes for _, y in shape]
        left, top = int(max(0, min(xs) - margin) * k), int(max(0, min(ys) - margin) * k)
        right = min(self.image.width, int((max(xs) + margin) * k))
        bottom = min(self.image.height, int((max(ys) + margin) * k))
        if right - left < small or bottom - top < small:
            return
        mask = Image.new("L", ((right - left) // small, (bottom - top) // small), 0)
        pen = ImageDraw.Draw(mask)
        for shape in shapes:
            pen.polygon([((x * k - left) / small, (y * k - top) / small) for x, y in shape], fill=alpha)
        mask = mask.filter(ImageFilter.GaussianBlur(blur * k / small))
        size = (right - left, bottom - top)
        self.image.paste(colour, (left, top), mask.resize(size, Image.Resampling.BILINEAR))

    def mirror(self, y: float, shapes: Sequence[Sequence[Point]], tint: Rgb, alpha: int) -> None:
        """What stands above the line y, seen again in the shapes below it (puddles, a polished floor)."""
        small, k = 4, self.k
        size = (self.image.width // small, self.image.height // small)
        line = round(y * k / small)
        low = self.image.resize(size, Image.Resampling.BOX)
        depth = size[1] - line
        above = low.crop((0, max(0, line - depth), size[0], line))
        flipped = ImageOps.flip(above).filter(ImageFilter.GaussianBlur(1.2))
        flipped = Image.blend(flipped, Image.new("RGB", flipped.size, tint), 0.22)
        sheet = Image.new("RGB", size, tint)
        sheet.paste(flipped, (0, line))
        mask = Image.new("L", size, 0)
        pen = ImageDraw.Draw(mask)
        for shape in shapes:
            pen.polygon([(px * k / small, py * k / small) for px, py in shape], fill=alpha)
        low_box, top = (0, line, size[0], size[1]), line * self.image.height // size[1]
        full = (self.image.width, self.image.height - top)
        grown = sheet.crop(low_box).resize(full, Image.Resampling.BILINEAR)
        self.image.paste(grown, (0, top), mask.crop(low_box).resize(full, Image.Resampling.BILINEAR))


@dataclass(frozen=True)
class View:
    """A pinhole camera: metres to canvas units. x to the right, y up, z away from the eye."""

    x: float
    y: float
    focal: float
    eye: float = 1.6

    def at(self, x: float, y: float, z: float) -> Point:
        return self.x + self.focal * x / z, self.y - self.focal * (y - self.eye) / z

    def wall(self, x: float, z0: float, z1: float, y0: float, y1: float) -> list[Point]:
        """A rectangle on a wall that runs away from the eye."""
        return [self.at(x, y0, z0), self.at(x, y0, z1), self.at(x, y1, z1), self.at(x, y1, z0)]

    def floor(self, x0: float, x1: float, z0: float, z1: float, y: float = 0.0) -> list[Point]:
        return [self.at(x0, y, z0), self.at(x1, y, z0), self.at(x1, y, z1), self.at(x0, y, z1)]

    def front(self, x0: float, x1: float, y0: float, y1: float, z: float) -> list[Point]:
        """A rectangle that faces the eye."""
        return [self.at(x0, y0, z), self.at(x1, y0, z), self.at(x1, y1, z), self.at(x0, y1, z)]


@dataclass
class Sketch:
    """What every painter gets."""

    c: Canvas
    m: Mood
    r: random.Random
    people: int
    light: Light
    walls: list[Rgb] = field(default_factory=list)

    def wall(self) -> Rgb:
        """A wall colour that is not the neighbour's."""
        if not self.walls:
            self.walls = self.r.sample(WALLS, len(WALLS))
        return self.m.on(self.walls.pop())

    def pane(self) -> Rgb:
        if self.r.random() < self.m.lit_share:
            return mix(self.m.lit, AMBER, self.r.random() * 0.5)
        return mix(self.m.pane, self.m.sky[1], self.r.random() * 0.22)


def arc(x: float, y: float, rx: float, ry: float, start: float, stop: float, steps: int = 24) -> list[Point]:
    """Points on an ellipse, degrees clockwise from the right."""
    turn = [math.radians(start + (stop - start) * i / steps) for i in range(steps + 1)]
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in turn]


def blob(r: random.Random, x: float, y: float, rx: float, ry: float, rough: float = 0.12) -> list[Point]:
    """An uneven oval."""
    phase, bumps = r.random() * 6.28, r.choice((3, 4, 5))
    shape = []
    for i in range(72):
        a = i * math.tau / 72
        size = 1 + rough * math.sin(bumps * a + phase) + rough * 0.5 * math.sin((bumps + 3) * a)
        shape.append((x + rx * size * math.cos(a), y + ry * size * math.sin(a)))
    return shape


# --- things that stand in more than one scene --------------------------------------------------------------


def sky(s: Sketch, bottom: float, sun: Point | None = None) -> None:
    c, m = s.c, s.m
    c.fade(0, 0, c.w, bottom, m.sky)
    if sun and s.light != "rain":
        c.glow(sun[0], sun[1], 420, m.sun, 0.75)
        c.oval(sun[0], sun[1], 34, 34, mix(m.sun, (255, 255, 255), 0.35), 235)
    count = 7 if s.light == "rain" else 4
    for _ in range(count):
        x, y = s.r.random() * c.w, s.r.uniform(0.08, 0.55) * bottom
        length = s.r.uniform(110, 270)
        tone = mix(m.sky[2], (255, 255, 255), 0.35) if s.light != "rain" else mix(m.sky[0], INK, 0.12)
        for dx, dy, scale in ((0, 0, 1.0), (length * 0.3, -12, 0.6), (-length * 0.35, 9, 0.55)):
            c.round(x + dx - length * scale / 2, y + dy - 9, length * scale, 18, 9, tone, 85)


def tree(s: Sketch, x: float, base: float, height: float, tone: Rgb = LEAF) -> None:
    c, m, r = s.c, s.m, s.r
    trunk = m.on(rgb("#5a4234"))
    c.poly(
        [
            (x - height * 0.03, base),
            (x + height * 0.03, base),
            (x + height * 0.015, base - height * 0.6),
            (x - height * 0.015, base - height * 0.6),
        ],
        trunk,
    )
    for dx in (-0.13, 0.14):
        c.line([(x, base - height * 0.38), (x + dx * height, base - height * 0.6)], trunk, height * 0.018)
    dark, mid = m.on(mix(tone, TEAL, 0.55)), m.on(tone)
    lighter = m.on(mix(tone, rgb("#e6d98a"), 0.32))
    spots = [(r.uniform(-0.24, 0.24), r.uniform(-0.86, -0.5), r.uniform(0.13, 0.2)) for _ in range(9)]
    for colour, dx, dy, grow in ((dark, 0.02, 0.025, 1.1), (mid, 0, 0, 1.0), (lighter, -0.04, -0.045, 0.52)):
        for sx, sy, size in spots:
            shape = blob(
                r,
                x + (sx + dx) * height,
                base + (sy + dy) * height,
                size * grow * height,
                size * grow * height * 0.86,
            )
            c.poly(shape, colour)


def bush(s: Sketch, x: float, base: float, width: float, tone: Rgb = LEAF) -> None:
    for colour, lift in ((mix(tone, TEAL, 0.5), 0.0), (tone, 0.14)):
        for i in range(5):
            px = x + (i - 2) * width * 0.2
            size = width * s.r.uniform(0.13, 0.19) * (1 - lift)
            s.c.oval(px, base - size * 0.7 - lift * width * 0.4, size, size * 0.9, s.m.on(colour))


def person(s: Sketch, x: float, base: float, height: float, dark: bool = False) -> None:
    """Seen from behind or far away: no face, nobody."""
    c, r = s.c, s.r
    coat = s.m.on(r.choice(CLOTHES), 0.1)
    if dark:
        coat = mix(coat, INK, 0.6)
    legs, skin = mix(coat, INK, 0.5), mix(coat, INK, 0.35)
    u = height / 100
    stride = r.uniform(4, 9) * r.choice((-1, 1))
    c.poly(
        [
            (x - 7 * u, base - 48 * u),
            (x + 1 * u, base - 48 * u),
            (x - stride * u + 2 * u, base),
            (x - stride * u - 4 * u, base),
        ],
        legs,
    )
    c.poly(
        [
            (x - 1 * u, base - 48 * u),
            (x + 7 * u, base - 48 * u),
            (x + stride * u + 4 * u, base),
            (x + stride * u - 2 * u, base),
        ],
        legs,
    )
    hem = r.choice((38, 44, 28))
    c.poly(
        [
            (x - 8 * u, base - 84 * u),
            (x + 8 * u, base - 84 * u),
            (x + 12 * u, base - 76 * u),
            (x + 11 * u, base - hem * u),
            (x - 11 * u, base - hem * u),
            (x - 12 * u, base - 76 * u),
        ],
        coat,
    )
    c.line([(x - 11 * u, base - 77 * u), (x - 14 * u, base - 46 * u)], mix(coat, INK, 0.2), 5 * u)
    c.line([(x + 11 * u, base - 77 * u), (x + 14 * u, base - 47 * u)], mix(coat, INK, 0.2), 5 * u)
    c.oval(x, base - 92 * u, 6.2 * u, 8 * u, skin)
    if r.random() < 0.5:
        c.round(x + 10 * u, base - 50 * u, 11 * u, 14 * u, 2 * u, mix(AMBER, coat, 0.4))
    if s.m.wet:
        top = s.m.on(r.choice((AMBER, BRICK, TEAL, CREAM)), -0.2)
        c.line([(x + 4 * u, base - 60 * u), (x + 4 * u, base - 118 * u)], INK, 1.2 * u)
        c.poly(arc(x + 4 * u, base - 100 * u, 29 * u, 24 * u, 180, 360), top)
        c.poly([*arc(x + 4 * u, base - 100 * u, 29 * u, 24 * u, 180, 255), (x - 3 * u, base - 100 * u)], INK, 30)


def lamp(s: Sketch, x: float, base: float, height: float) -> None:
    c = s.c
    iron = mix(TEAL, INK, 0.55)
    c.rect(x - height * 0.012, base - height, height * 0.024, height, iron)
    c.rect(x - height * 0.03, base - height * 0.12, height * 0.06, height * 0.12, iron)
    c.line([*arc(x + height * 0.09, base - height, height * 0.09, height * 0.07, 180, 340)], iron, height * 0.014)
    if s.light != "day":
        c.glow(x + height * 0.17, base - height * 0.95, height * 0.6, s.m.lit, 0.55)
    c.poly(arc(x + height * 0.17, base - height * 0.96, height * 0.055, height * 0.05, 180, 360), iron)
    bulb = s.m.lit if s.light != "day" else CREAM
    c.poly(arc(x + height * 0.17, base - height * 0.955, height * 0.042, height * 0.04, 0, 180), bulb)


def window(s: Sketch, x: float, y: float, w: float, h: float, trim: Rgb, arched: bool = False) -> None:
    """A window of a front that faces us."""
    c = s.c
    pane = s.pane()
    c.rect(x - w * 0.16, y - h * 0.1, w * 1.32, h * 1.14, trim)
    c.rect(x - w * 0.24, y + h * 1.02, w * 1.48, h * 0.07, mix(trim, s.m.shadow, 0.25))
    if arched:
        c.poly(arc(x + w / 2, y - h * 0.06, w * 0.66, h * 0.22, 180, 360), trim)
    else:
        c.rect(x - w * 0.22, y - h * 0.15, w * 1.44, h * 0.07, mix(trim, (255, 255, 255), 0.25))
    c.rect(x, y, w, h, pane)
    c.rect(x, y, w, h * 0.12, s.m.shadow, 90)
    if pane[0] < 150:
        c.poly(
            [(x, y + h), (x, y + h * 0.5), (x + w * 0.8, y), (x + w, y), (x + w, y + h * 0.12)],
            (255, 255, 255),
            22,
        )
    elif s.r.random() < 0.5:
        c.poly([(x, y), (x + w * 0.36, y), (x + w * 0.1, y + h), (x, y + h)], PAPER, 150)
        c.poly([(x + w, y), (x + w * 0.64, y), (x + w * 0.9, y + h), (x + w, y + h)], PAPER, 150)
    frame = mix(trim, (255, 255, 255), 0.3)
    c.rect(x + w * 0.46, y, w * 0.08, h, frame)
    c.rect(x, y + h * 0.32, w, h * 0.05, frame)
    if s.r.random() < 0.16:
        c.rect(x - w * 0.08, y + h * 0.93, w * 1.16, h * 0.12, s.m.on(BRICK))
        for i in range(5):
            c.oval(x + w * (0.08 + 0.21 * i), y + h * 0.9, w * 0.13, h * 0.07, s.m.on(rgb("#4b8a63")))
            c.oval(x + w * (0.08 + 0.21 * i), y + h * 0.87, w * 0.05, h * 0.03, s.m.on(FRUIT[i % 3]))


def shop(s: Sketch, x: float, base: float, w: float, h: float) -> None:
    c, r = s.c, s.r
    dress = s.m.on(r.choice((TEAL, BRICK, rgb("#3f4f63"), rgb("#7a2f2a"))))
    c.rect(x, base - h, w, h, dress)
    glass = mix(s.m.pane, s.m.lit, 0.75 if s.light != "day" else 0.25)
    door = w * 0.24
    c.rect(x + w * 0.05, base - h * 0.72, w * 0.62, h * 0.6, glass)
    c.poly(
        [
            (x + w * 0.1, base - h * 0.12),
            (x + w * 0.36, base - h * 0.72),
            (x + w * 0.5, base - h * 0.72),
            (x + w * 0.24, base - h * 0.12),
        ],
        (255, 255, 255),
        34,
    )
    for i in range(4):
        size = h * r.uniform(0.12, 0.3)
        c.rect(x + w * (0.09 + i * 0.145), base - h * 0.12 - size, w * 0.1, size, s.m.on(r.choice(FRUIT)), 150)
    c.rect(x + w * 0.72, base - h * 0.74, door, h * 0.74, mix(dress, INK, 0.35))
    c.rect(x + w * 0.72 + door * 0.18, base - h * 0.66, door * 0.64, h * 0.4, glass)
    script(s, x + w * 0.08, base - h * 0.96, w * 0.5, h * 0.14, r.choice(SCRIPTS), CREAM)
    if r.random() < 0.65:
        stripes(s, x - w * 0.02, base - h * 0.8, w * 0.74, h * 0.2, r.choice((AMBER, BRICK, TEAL)))


def stripes(s: Sketch, x: float, y: float, w: float, drop: float, colour: Rgb) -> None:
    """An awning seen from the front."""
    count = max(5, int(w / 16) | 1)
    for i in range(count):
        tone = s.m.on(colour if i % 2 == 0 else CREAM)
        x0, x1 = x + w * i / count, x + w * (i + 1) / count
        spread = drop * 0.3
        y1 = y + drop
        b0, b1 = x - spread + (w + 2 * spread) * i / count, x - spread + (w + 2 * spread) * (i + 1) / count
        s.c.poly([(x0, y), (x1, y), (b1, y1), (b0, y1)], tone)
        s.c.poly(arc((b0 + b1) / 2, y1, (b1 - b0) / 2, drop * 0.24, 0, 180, 8), mix(tone, s.m.shadow, 0.15))
    s.c.rect(x - drop * 0.3, y + drop * 1.2, w + drop * 0.6, drop * 0.35, s.m.shadow, 60)


def roof(s: Sketch, x: float, top: float, w: float, style: int) -> None:
    c, r = s.c, s.r
    tile = s.m.on(r.choice((rgb("#a94f38"), rgb("#8d4030"), rgb("#4d5a5c"))))
    h = w * 0.22 + 24
    for _ in range(r.randint(1, 2)):
        cx = x + w * r.uniform(0.15, 0.8)
        c.rect(cx, top - h - 26, 22, 60, s.m.on(rgb("#8a5a48")))
        c.rect(cx - 3, top - h - 30, 28, 7, s.m.on(rgb("#6d463a")))
    c.poly([(x, top), (x + w, top), (x + w * 0.9, top - h), (x + w * 0.1, top - h)], tile)
    c.poly([(x + w * 0.62, top), (x + w, top), (x + w * 0.9, top - h), (x + w * 0.62, top - h)], s.m.shadow, 40)
    for i in range(1, 5):
        y = top - h * i / 5
        c.line([(x + w * 0.02 * i, y), (x + w - w * 0.02 * i, y)], s.m.shadow, 1.4, 60)
    if style == 0:
        for i in range(2):
            dx = x + w * (0.25 + 0.36 * i)
            c.poly(
                [
                    (dx - 8, top - h * 0.2),
                    (dx + 42, top - h * 0.2),
                    (dx + 42, top - h * 0.65),
                    (dx + 17, top - h * 0.95),
                    (dx - 8, top - h * 0.65),
                ],
                s.m.on(CREAM),
            )
            c.rect(dx + 6, top - h * 0.6, 22, h * 0.34, s.pane())
    elif style == 1:
        g = x + w / 2
        wall = mix(s.m.on(CREAM), tile, 0.15)
        c.poly(
            [
                (g - w * 0.24, top),
                (g - w * 0.24, top - h * 0.4),
                *arc(g, top - h * 0.8, w * 0.13, h * 0.55, 180, 360),
                (g + w * 0.24, top - h * 0.4),
                (g + w * 0.24, top),
            ],
            wall,
        )
        c.oval(g, top - h * 0.62, w * 0.05, w * 0.05, s.pane())


def house(s: Sketch, x: float, base: float, w: float, floors: int, storey: float = 88, ground: bool = True) -> float:
    """The front of a house that faces us; returns the height of its cornice."""
    c, r = s.c, s.r
    wall = s.wall()
    trim = mix(wall, s.m.on(PAPER), 0.6)
    height = storey * (floors + 1.1)
    top = base - height
    style = r.randint(0, 2)
    roof(s, x, top, w, style)
    c.rect(x, top, w, height, wall)
    c.rect(x + w * 0.86, top, w * 0.14, height, s.m.shadow, 16)
    c.rect(x - 5, top - 6, w + 10, 13, trim)
    c.rect(x, top + 7, w, 7, s.m.shadow, 50)
    count = max(2, round(w / 72))
    step = w / count
    arched = r.random() < 0.4
    for floor in range(floors):
        y = top + 24 + floor * storey
        for i in range(count):
            window(s, x + step * i + step * 0.28, y + 8, step * 0.44, storey * 0.6, trim, arched)
        if floor in (0, floors - 1):
            c.rect(x, y + storey - 12, w, 6, trim)
    if ground:
        c.rect(x, base - storey * 1.08, w, storey * 1.08, mix(wall, s.m.shadow, 0.2))
        shop(s, x + w * 0.06, base, w * 0.88, storey)
    c.rect(x, base - 8, w, 8, s.m.shadow, 90)
    return top


def row_of_houses(s: Sketch, base: float, storey: float = 84) -> None:
    x = -s.r.uniform(10, 90)
    while x < s.c.w:
        w = s.r.uniform(190, 300)
        house(s, x, base, w, s.r.randint(3, 5), storey)
        x += w


SCRIPTS = ("latin", "cyrillic", "accents", "joined", "square", "blocks")


def script(s: Sketch, x: float, y: float, w: float, h: float, kind: str, ink: Rgb) -> None:
    """Writing, as one sees it in a language one cannot read: strokes, not letters."""
    c, r = s.c, s.r
    thick = max(1.2, h * 0.13)
    if kind == "joined":
        base = y + h * 0.62
        points = [(x + w * i / 16, base - (h * r.choice((0, 0, 0.18, 0.5)) if i % 2 else 0)) for i in range(17)]
        c.line(points, ink, thick)
        for i in range(2, 16, 4):
            c.oval(x + w * i / 16, base + h * r.choice((0.26, -0.72)), thick * 0.6, thick * 0.6, ink)
        return
    pitch = h * (1.05 if kind == "blocks" else 0.72)
    at = x
    while at + pitch * 0.8 <= x + w:
        if kind != "blocks" and r.random() < 0.14 and at > x:
            at += pitch * 0.6
            continue
        glyph(s, at, y, pitch * 0.7, h, kind, ink, thick)
        at += pitch


def glyph(s: Sketch, x: float, y: float, w: float, h: float, kind: str, ink: Rgb, thick: float) -> None:
    c, r = s.c, s.r
    if kind == "blocks":
        for i in range(3):
            c.line([(x, y + h * (0.1 + 0.4 * i)), (x + w, y + h * (0.1 + 0.4 * i))], ink, thick * 0.8)
        c.line([(x + w * r.choice((0.3, 0.5, 0.7)), y), (x + w * 0.5, y + h)], ink, thick * 0.8)
        c.line([(x + w * 0.5, y + h * 0.5), (x + w * r.choice((0.0, 1.0)), y + h)], ink, thick * 0.8)
        return
    top = y + h * 0.28 if kind == "accents" else y
    left, right, low = (x, top), (x + w, top), y + h
    shapes: list[list[Point]] = [
        [(x, low), left, right],
        [left, (x, low), (x + w, low)],
        [left, (x + w, low)],
        [(x, low), (x + w / 2, top), (x + w, low)],
        arc(x + w / 2, (top + low) / 2, w / 2, (low - top) / 2, 0, 360, 12),
        [right, left, (x, low), (x + w, low)],
    ]
    if kind in ("cyrillic", "square"):
        shapes += [[(x, low), left, right, (x + w, low)], [left, (x, low), right, (x + w, low)]]
    c.line(r.choice(shapes), ink, thick)
    if kind != "latin" or r.random() < 0.5:
        c.line([r.choice((left, (x, (top + low) / 2))), (x + w * 0.8, (top + low) / 2)], ink, thick * 0.8)
    if kind == "accents" and r.random() < 0.7:
        c.line([(x + w * 0.2, y + h * 0.16), (x + w * 0.5, y), (x + w * 0.8, y + h * 0.12)], ink, thick * 0.7)


def poster(s: Sketch, x: float, y: float, w: float, h: float, paper: Rgb, kind: str) -> None:
    """A sheet with a headline, lines and a corner of colour."""
    c = s.c
    c.rect(x + w * 0.05, y + w * 0.05, w, h, s.m.shadow, 70)
    c.rect(x, y, w, h, paper)
    ink = INK if sum(paper) > 380 else CREAM
    script(s, x + w * 0.1, y + h * 0.08, w * 0.8, h * 0.15, kind, ink)
    for i in range(4):
        c.rect(x + w * 0.1, y + h * (0.36 + 0.11 * i), w * s.r.uniform(0.5, 0.8), h * 0.035, ink, 120)
    c.oval(x + w * 0.78, y + h * 0.84, w * 0.1, w * 0.1, s.r.choice((AMBER, BRICK, TEAL)))


def pavement(s: Sketch, top: float, colour: Rgb, vanish: Point) -> None:
    """Slabs that run to the vanishing point."""
    c = s.c
    c.fade(0, top, c.w, 1000 - top, (mix(colour, s.m.sky[2], 0.25), colour, mix(colour, s.m.shadow, 0.22)))
    for i in range(-24, 25):
        x = c.w / 2 + i * c.w / 12
        share = (top - vanish[1]) / (1000 - vanish[1])
        c.line([(vanish[0] + (x - vanish[0]) * share, top), (x, 1000)], s.m.shadow, 1.3, 42)
    depth, i = 1000 - top, 1
    while (y := top + depth / i) > top + 6:
        c.line([(0, y), (c.w, y)], s.m.shadow, 1.3, 42)
        i += 1 if i < 8 else 3


def puddles(s: Sketch, horizon: float, top: float, count: int = 6) -> None:
    shapes = []
    for i in range(count):
        y = top + (985 - top) * ((i + 0.7) / count) ** 1.2
        reach = (y - horizon) / (1000 - horizon)
        shapes.append(blob(s.r, s.r.uniform(0.06, 0.94) * s.c.w, y, 210 * reach + 40, 34 * reach + 5, 0.16))
    s.c.mirror(top, shapes, s.m.sky[1], 205)
    for shape in shapes:
        s.c.line(shape[4:32], s.m.sky[2], 1.5, 120)


def rainfall(s: Sketch) -> None:
    for _ in range(170):
        x, y, length = s.r.random() * s.c.w, s.r.random() * 1000, s.r.uniform(14, 40)
        s.c.line([(x, y), (x - length * 0.16, y + length)], s.m.sky[2], 1, s.r.randint(35, 95))


def weather(s: Sketch, horizon: float, top: float) -> None:
    if s.m.wet:
        puddles(s, horizon, top)
        rainfall(s)


# --- the painters ------------------------------------------------------------------------------------------


def street(s: Sketch) -> None:
    """A street with tram tracks that runs to its vanishing point."""
    c, m, r = s.c, s.m, s.r
    v = View(c.w * r.uniform(0.42, 0.5), 560, 760, 1.65)
    sky(s, 600, (v.x + 40, 440))
    for i in range(5):
        h = r.uniform(20, 70)
        c.rect(v.x - 160 + 64 * i, 560 - h, 70, h + 5, mix(m.sky[1], m.shadow, 0.35))
    c.fade(
        0,
        560,
        c.w,
        440,
        (mix(m.sky[2], m.on(rgb("#8f8d80")), 0.5), m.on(rgb("#9b978a")), m.on(rgb("#7f7d74"))),
    )
    for side in (-1, 1):
        c.poly(v.floor(side * 9, side * 5, 2.2, 200), m.on(rgb("#d2c8b0")))
        c.poly(v.floor(side * 5.15, side * 4.95, 2.2, 200), m.on(rgb("#efe6d2")))
        for joint in range(3, 60, 2):
            c.line([v.at(side * 9, 0, joint), v.at(side * 5.1, 0, joint)], m.shadow, 1, 45)
    z = 2.4
    while z < 60:
        c.line([v.at(-4.9, 0, z), v.at(4.9, 0, z)], m.shadow, 1.2, 26)
        z *= 1.09
    c.veil([v.floor(0.6, 9, 2, 90)], m.shadow, 70 if s.light != "rain" else 20, 4)
    street_side(s, v, -1)
    street_side(s, v, 1)
    for x in (-2.5, -1.05, 1.05, 2.5):
        c.poly(v.floor(x - 0.05, x + 0.05, 2, 160), mix(m.on(rgb("#5c6064")), m.sky[2], 0.3))
        c.poly(v.floor(x + 0.05, x + 0.09, 2, 160), m.shadow, 110)
    for i in range(9):
        c.poly(v.floor(-4.6 + 1.06 * i, -4.05 + 1.06 * i, 4.3, 6.6), m.on(PAPER), 215)
    wires(s, v)
    tram_front(s, v, -1.78, 19)
    weather(s, 560, 640)
    for i in range(s.people):
        spot = v.at(r.choice((-7.2, 6.4, 7.6)), 0, 9 + i * 5)
        person(s, spot[0], spot[1], 760 * 1.75 / (9 + i * 5))


def street_side(s: Sketch, v: View, side: int) -> None:
    """Houses, then trees and lamps, from the far end to the eye."""
    c, m, r = s.c, s.m, s.r
    cuts = [4.2]
    while cuts[-1] < 150:
        cuts.append(cuts[-1] + r.uniform(9, 15))
    for z0, z1 in reversed(list(pairwise(cuts))):
        h = r.uniform(12.5, 18.5)
        wall = s.wall()
        if side > 0:
            wall = mix(wall, m.shadow, 0.26)
        wall = mix(wall, m.sky[1], min(0.6, z0 / 130))
        c.poly(
            [
                v.at(side * 9, h, z0),
                v.at(side * 9, h, z1),
                v.at(side * 12, h + 3.6, z1),
                v.at(side * 12, h + 3.6, z0),
            ],
            mix(m.on(rgb("#9a4a36")), m.sky[1], min(0.6, z0 / 130)),
        )
        c.poly(v.wall(side * 9, z0, z1, 0, h), wall)
        wall_windows(s, v, side * 9, (z0, z1), h, wall)
    for z in (58, 42, 30, 21.5, 15.5):
        spot = v.at(side * 6.1, 0, z)
        if z % 1 == 0:
            c.veil([arc(spot[0] + 300 / z, spot[1], 1500 / z, 130 / z, 0, 360)], m.shadow, 70, 3)
            tree(s, spot[0], spot[1], 760 * r.uniform(5.6, 7) / z, mix(rgb("#3f7a5c"), m.sky[1], z / 160))
        elif side > 0:
            lamp(s, spot[0], spot[1], 760 * 5 / z)


def wall_windows(s: Sketch, v: View, x: float, z: tuple[float, float], h: float, wall: Rgb) -> None:
    c, m = s.c, s.m
    z0, z1 = z
    trim = mix(wall, PAPER, 0.45)
    c.poly(v.wall(x, z0, z1, h - 0.7, h), trim)
    c.poly(v.wall(x, z0, z1, 4.0, 4.25), trim)
    c.poly(v.wall(x, z0, z1, 0, 0.6), mix(wall, m.shadow, 0.35))
    count = max(2, int((z1 - z0) / 2.9))
    step = (z1 - z0) / count
    floors = int((h - 5) / 3.2)
    for i in range(count):
        a = z0 + step * (i + 0.3)
        b = a + step * 0.42
        for floor in range(floors):
            y = 5.1 + 3.2 * floor
            c.poly(v.wall(x, a - 0.16, b + 0.16, y - 0.2, y + 2.1), trim)
            c.poly(v.wall(x, a, b, y, y + 1.9), s.pane())
            c.poly(v.wall(x, (a + b) / 2 - 0.04, (a + b) / 2 + 0.04, y, y + 1.9), trim)
        lit = mix(m.pane, m.lit, 0.85 if s.light != "day" else 0.12)
        c.poly(v.wall(x, a - step * 0.18, b + step * 0.18, 0.6, 3.2), lit)
        c.poly(
            [v.at(x, 0.6, a), v.at(x, 3.2, a + step * 0.25), v.at(x, 3.2, b), v.at(x, 0.6, b - step * 0.25)],
            PAPER,
            34,
        )
        c.poly(
            v.wall(x, a - step * 0.2, b + step * 0.2, 3.0, 3.5),
            m.on(s.r.choice((TEAL, BRICK, rgb("#3f4f63")))),
        )
        if s.r.random() < 0.35:
            out = x - math.copysign(1.3, x)
            c.poly(
                [
                    v.at(x, 3.4, a - 0.3),
                    v.at(x, 3.4, b + 0.5),
                    v.at(out, 2.6, b + 0.5),
                    v.at(out, 2.6, a - 0.3),
                ],
                m.on(s.r.choice((AMBER, BRICK, CREAM))),
            )


def wires(s: Sketch, v: View) -> None:
    c = s.c
    iron = mix(TEAL, INK, 0.6)
    for x in (-1.78, 1.78):
        c.line([v.at(x, 5.6, 2.5), v.at(x, 5.6, 120)], iron, 1.3, 200)
    for z in (9, 15, 24, 38, 60):
        left, right = v.at(-9, 8.4, z), v.at(9, 8.4, z)
        middle = v.at(0, 6.2, z)
        c.line([left, middle, right], iron, 1.2, 190)


def tram_front(s: Sketch, v: View, x: float, z: float) -> None:
    """A tram that comes towards us: red below, cream above."""
    c, m = s.c, s.m
    u = v.focal / z
    left, base = v.at(x - 1.25, 0, z)
    red, cream = m.on(RED), m.on(CREAM)
    c.veil([v.floor(x - 1.3, x + 2.4, z - 1.5, z + 14)], m.shadow, 120, 3)
    c.poly(v.wall(x + 1.25, z, z + 15, 0.35, 1.5), mix(red, m.shadow, 0.3))
    c.poly(v.wall(x + 1.25, z, z + 15, 1.5, 3.3), mix(cream, m.shadow, 0.3))
    for i in range(5):
        c.poly(v.wall(x + 1.25, z + 0.8 + 2.9 * i, z + 3.1 + 2.9 * i, 1.7, 2.7), s.pane())
    w, h = 2.5 * u, 3.2 * u
    c.round(left, base - h - 0.25 * u, w, h, 0.4 * u, cream)
    c.round(left, base - 1.6 * u, w, 1.35 * u, 0.22 * u, red)
    c.rect(left, base - 1.62 * u, w, 0.5 * u, red)
    glass = mix(m.pane, m.lit, 0.2 if s.light == "day" else 0.55)
    c.round(left + 0.16 * u, base - 2.75 * u, w - 0.32 * u, 1.12 * u, 0.2 * u, glass)
    c.poly(
        [
            (left + 0.5 * u, base - 1.65 * u),
            (left + 1.1 * u, base - 2.74 * u),
            (left + 1.6 * u, base - 2.74 * u),
            (left + 1.0 * u, base - 1.65 * u),
        ],
        (255, 255, 255),
        40,
    )
    c.round(left + 0.45 * u, base - 3.22 * u, w - 0.9 * u, 0.36 * u, 0.06 * u, INK)
    script(s, left + 0.7 * u, base - 3.16 * u, w - 1.4 * u, 0.24 * u, "latin", AMBER)
    for dx in (0.42, 2.08):
        if s.light != "day":
            c.glow(left + dx * u, base - 0.85 * u, 1.5 * u, m.lit, 0.8)
        c.oval(left + dx * u, base - 0.85 * u, 0.17 * u, 0.17 * u, mix(CREAM, m.lit, 0.6))
    c.rect(left + 0.1 * u, base - 0.3 * u, w - 0.2 * u, 0.2 * u, mix(INK, red, 0.2))
    c.line(
        [(left + w / 2, base - 3.4 * u), (left + 0.7 * u, base - 4.4 * u), (left + w / 2, base - 5.3 * u)],
        INK,
        1.6,
    )


def tram_stop(s: Sketch) -> None:
    """A tram waits at its stop, seen from the pavement across."""
    c, m, r = s.c, s.m, s.r
    sky(s, 520, (c.w * 0.8, 130))
    row_of_houses(s, 640, 80)
    for x in (0.1, 0.62, 0.93):
        tree(s, c.w * x, 650, r.uniform(250, 310))
    c.fade(0, 636, c.w, 120, (m.on(rgb("#b9b2a0")), m.on(rgb("#a49f90")), m.on(rgb("#8f8b7f"))))
    tram_side(s, c.w * r.uniform(0.02, 0.1), 742, min(c.w * 0.78, 1080))
    pavement(s, 780, m.on(rgb("#d0c6ae")), (c.w / 2, 300))
    c.rect(0, 772, c.w, 14, m.on(rgb("#efe6d2")))
    c.rect(0, 786, c.w, 5, m.shadow, 90)
    shelter(s, c.w * 0.66, 850)
    weather(s, 640, 800)
    for i in range(s.people):
        x = c.w * (0.72 + 0.07 * i)
        c.veil([[(x - 12, 872), (x + 12, 872), (x - 120, 948), (x - 150, 944)]], m.shadow, 80, 3)
        person(s, x, 880 + 12 * (i % 2), 265, True)


def tram_side(s: Sketch, x: float, base: float, w: float) -> None:
    c, m = s.c, s.m
    h = 205
    red, cream = m.on(RED), m.on(CREAM)
    for dy in (0, 20):
        c.rect(0, base + 6 + dy, c.w, 4, mix(m.on(rgb("#5c6064")), m.sky[2], 0.35))
    c.veil(
        [[(x - 10, base - 6), (x + w, base - 6), (x + w - 60, base + 30), (x - 80, base + 30)]],
        m.shadow,
        130,
        4,
    )
    for i in (0.12, 0.2, 0.5, 0.8, 0.88):
        c.oval(x + w * i, base - 10, 24, 24, INK)
        c.oval(x + w * i, base - 10, 10, 10, rgb("#6b7274"))
    c.round(x, base - h, w, h - 14, 34, cream)
    c.round(x, base - 96, w, 76, 18, red)
    c.rect(x, base - 100, w, 30, red)
    c.rect(x, base - 108, w, 5, mix(red, INK, 0.25))
    c.round(x + 30, base - h - 20, w - 60, 26, 8, mix(cream, m.shadow, 0.35))
    step = w / 10
    for i in range(10):
        wx = x + step * i
        if i in (1, 4, 7):
            c.round(wx + step * 0.08, base - h + 22, step * 0.84, h - 44, 8, mix(red, INK, 0.15))
            for half in (0.14, 0.54):
                c.round(wx + step * half, base - h + 32, step * 0.32, h - 76, 6, s.pane())
            continue
        glass = s.pane()
        c.round(wx + step * 0.08, base - h + 28, step * 0.84, 66, 9, glass)
        c.poly(
            [
                (wx + step * 0.2, base - h + 94),
                (wx + step * 0.5, base - h + 28),
                (wx + step * 0.68, base - h + 28),
                (wx + step * 0.38, base - h + 94),
            ],
            (255, 255, 255),
            36,
        )
        if s.r.random() < 0.6:
            px = wx + step * s.r.uniform(0.3, 0.6)
            c.oval(px, base - h + 62, 13, 16, mix(m.pane, INK, 0.4), 190)
            c.poly(arc(px, base - h + 94, 26, 22, 180, 360), mix(m.pane, INK, 0.4), 190)
    c.round(x + step * 2.4, base - h + 6, step * 1.6, 18, 4, INK)
    script(s, x + step * 2.5, base - h + 9, step * 1.4, 11, "latin", AMBER)
    c.line([(x + w * 0.5, base - h - 20), (x + w * 0.46, base - h - 62), (x + w * 0.52, base - h - 104)], INK, 4)
    c.line([(0, base - h - 104), (c.w, base - h - 112)], INK, 2, 200)
    c.oval(x + 18, base - 62, 8, 10, mix(CREAM, m.lit, 0.5))


def shelter(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    iron = mix(TEAL, INK, 0.35)
    w, h = 400, 330
    c.veil([[(x, base), (x + w, base), (x + w - 170, base + 90), (x - 190, base + 90)]], m.shadow, 80, 5)
    c.rect(x + 20, base - h, w - 40, h - 40, mix(m.sky[1], TEAL, 0.3), 76)
    for i in range(3):
        gx = x + 40 + i * 115
        c.poly(
            [(gx, base - 40), (gx + 70, base - h), (gx + 100, base - h), (gx + 30, base - 40)],
            (255, 255, 255),
            30,
        )
    for dx in (20, 140, 260, w - 28):
        c.rect(x + dx, base - h, 8, h, iron)
    c.poly(
        [(x - 26, base - h), (x + w + 26, base - h), (x + w + 10, base - h - 26), (x - 10, base - h - 26)],
        iron,
    )
    c.rect(x - 26, base - h, w + 52, 8, m.on(AMBER))
    c.rect(x + 40, base - 86, 210, 12, m.on(rgb("#a8642c")))
    for dx in (60, 220):
        c.rect(x + dx, base - 74, 9, 74, iron)
    poster(s, x + 280, base - 280, 80, 170, PAPER, "latin")
    sx = x - 92
    c.rect(sx, base - 410, 10, 410, iron)
    c.round(sx - 34, base - 440, 78, 92, 8, m.on(RED))
    c.round(sx - 26, base - 432, 62, 40, 4, PAPER)
    c.round(sx - 18, base - 424, 46, 22, 8, RED)
    script(s, sx - 24, base - 384, 58, 22, "latin", PAPER)
    c.rect(sx - 22, base - 330, 54, 110, PAPER)
    for i in range(8):
        c.rect(sx - 16, base - 318 + 12 * i, 42, 4, INK, 120)


def market(s: Sketch) -> None:
    """An aisle between stalls with striped awnings."""
    c, m, r = s.c, s.m, s.r
    v = View(c.w * 0.5, 500, 930, 1.75)
    sky(s, 520, (c.w * 0.55, 250))
    for i in range(6):
        w = c.w / 5
        h = r.uniform(90, 190)
        c.rect(i * w - 60, 510 - h, w, h, mix(m.on(r.choice(WALLS)), m.sky[1], 0.55))
        for j in range(4):
            c.rect(i * w - 40 + j * w / 4.6, 530 - h, w / 10, 26, mix(m.pane, m.sky[1], 0.5))
    pavement(s, 506, m.on(rgb("#d8c9a6")), (v.x, 500))
    c.veil([v.floor(-5, -0.9, 1.6, 40), v.floor(1.3, 5, 1.6, 40)], m.shadow, 95, 5)
    for i in range(4):
        z = 26 - i * 5.2
        string = [v.at(-3.2 + 0.4 * j, 4.4 - 1.0 * math.sin(math.pi * j / 16), z) for j in range(17)]
        c.line(string, INK, 1.2, 170)
        for j, spot in enumerate(string[1:-1]):
            if s.light != "day":
                c.glow(spot[0], spot[1] + 3, 300 / z, m.lit, 0.7)
            size = 46 / z
            tone = m.lit if s.light != "day" else m.on((AMBER, BRICK, TEAL, CREAM)[j % 4])
            c.poly([(spot[0] - size, spot[1]), (spot[0] + size, spot[1]), (spot[0], spot[1] + size * 2.4)], tone)
    for z in (30, 25, 20, 15.5, 11.5, 8, 4.9):
        for side in (-1, 1):
            stall(s, v, side, z)
        if z in (20, 11.5):
            for i in range(min(2, s.people)):
                spot = v.at(-0.7 + 1.2 * i, 0, z - 1)
                person(s, spot[0], spot[1], 930 * 1.7 / (z - 1), True)
    crates(s, v.x - 560, 950)
    crates(s, v.x + 400, 968)
    weather(s, 500, 640)


def stall(s: Sketch, v: View, side: int, z: float) -> None:
    c, m, r = s.c, s.m, s.r
    deep, x0, x1 = 3.1, side * 1.9, side * 4.4
    colour = m.on(r.choice((TEAL, AMBER, BRICK, rgb("#3f7a5c"))))
    haze = min(0.5, z / 60)
    back = z + deep
    c.poly(v.wall(x1, z, back, 0, 2.9), mix(mix(colour, INK, 0.5), m.sky[1], haze))
    c.poly(v.front(x1, x0 + side * 0.4, 0.9, 2.6, back), mix(mix(colour, INK, 0.3), m.sky[1], haze))
    for i in range(5):
        spot = v.at(x0 + side * (0.6 + 0.42 * i), 2.0, back - 0.1)
        c.rect(
            spot[0] - 90 / z,
            spot[1],
            180 / z,
            r.uniform(300, 560) / z,
            mix(m.on(r.choice(FRUIT)), m.sky[1], haze),
        )
    if s.light != "day":
        lamp_at = v.at((x0 + x1) / 2, 2.2, z + 1)
        c.glow(lamp_at[0], lamp_at[1], 1500 / z, m.lit, 0.65)
    wood = mix(m.on(rgb("#b98a54")), m.sky[1], haze)
    c.poly(v.wall(x0, z, back, 0, 0.85), mix(wood, m.shadow, 0.35))
    c.poly(v.front(x0, x1, 0, 0.85, z), mix(wood, m.shadow, 0.15))
    for i in range(1, 4):
        c.line([v.at(x0, 0.21 * i, z), v.at(x1, 0.21 * i, z)], m.shadow, 1.3, 70)
        c.line([v.at(x0, 0.21 * i, z), v.at(x0, 0.21 * i, back)], m.shadow, 1.3, 70)
    top = [v.at(x0, 0.85, z), v.at(x1, 0.85, z), v.at(x1, 1.05, back), v.at(x0, 1.05, back)]
    c.poly(top, wood)
    for row in range(5):
        zz = back - 0.35 - row * (deep - 0.5) / 5
        fruit(s, v, (x0, x1), zz, haze)
    for px in (x0, x1):
        c.line([v.at(px, 0, z), v.at(px, 2.7, z)], mix(TEAL, INK, 0.5), 34 / z)
    awning(s, v, (x0, x1), (z, back), colour)
    tag = v.at(x0 + side * 1.2, 1.75, z)
    size = 330 / z
    c.rect(tag[0] - size / 2, tag[1], size, size * 0.62, PAPER)
    script(s, tag[0] - size * 0.4, tag[1] + size * 0.14, size * 0.8, size * 0.32, r.choice(SCRIPTS), INK)


def fruit(s: Sketch, v: View, x: tuple[float, float], z: float, haze: float) -> None:
    kinds = s.r.sample(FRUIT, 4)
    for i in range(12):
        spot = v.at(x[0] + (x[1] - x[0]) * (i + 0.5) / 12, 0.98, z)
        tone = mix(s.m.on(kinds[i // 3]), s.m.sky[1], haze)
        u = 76 / z
        s.c.oval(spot[0], spot[1], u, u * 0.9, mix(tone, s.m.shadow, 0.25))
        s.c.oval(spot[0] - u * 0.12, spot[1] - u * 0.14, u * 0.82, u * 0.72, tone)
        if z < 9:
            s.c.oval(spot[0] - u * 0.3, spot[1] - u * 0.35, u * 0.22, u * 0.18, (255, 255, 255), 110)


def awning(s: Sketch, v: View, x: tuple[float, float], z: tuple[float, float], colour: Rgb) -> None:
    c, m = s.c, s.m
    x0, x1 = x[0] - math.copysign(0.5, x[0]), x[1]
    for i in range(8):
        a, b = z[0] - 0.2 + (z[1] - z[0] + 0.2) * i / 8, z[0] - 0.2 + (z[1] - z[0] + 0.2) * (i + 1) / 8
        tone = colour if i % 2 == 0 else m.on(CREAM)
        c.poly(
            [v.at(x0, 2.45, a), v.at(x0, 2.45, b), v.at(x1, 3.2, b), v.at(x1, 3.2, a)],
            mix(tone, m.shadow, 0.12),
        )
        c.poly(v.wall(x0, a, b, 2.1, 2.46), tone)
    for i in range(9):
        a, b = x0 + (x1 - x0) * i / 9, x0 + (x1 - x0) * (i + 1) / 9
        ya, yb = 2.45 + 0.75 * i / 9, 2.45 + 0.75 * (i + 1) / 9
        tone = mix(colour if i % 2 == 0 else m.on(CREAM), m.shadow, 0.2)
        front = z[0] - 0.2
        c.poly(
            [v.at(a, ya - 0.34, front), v.at(b, yb - 0.34, front), v.at(b, yb, front), v.at(a, ya, front)],
            tone,
        )


END = 30.0  # metres to the far wall of the hall


def station(s: Sketch) -> None:
    """A station hall under a glass arch."""
    c, m, r = s.c, s.m, s.r
    v = View(c.w * 0.5, 600, 700, 1.7)
    stone = m.on(rgb("#e2cfa6"))
    c.fade(0, 0, c.w, 1000, (mix(stone, TEAL, 0.55), stone, mix(stone, m.shadow, 0.3)))
    vault(s, v, stone)
    glass_end(s, v)
    floor_tiles(s, v)
    beams = []
    for i in range(4):
        x = -8 + 5 * i
        beams.append(
            [
                v.at(x * 0.8, 12, END),
                v.at(x * 0.8 + 2.2, 12, END),
                v.at(x * 0.7 + 5.4, 0, 9),
                v.at(x * 0.7 + 1.4, 0, 9),
            ]
        )
    c.veil(beams, m.sun, 84, 10)
    for z in (27, 21.5, 17, 13, 9.6):
        for side in (-1, 1):
            column(s, v, side * 9.5, z, stone)
    board(s, v)
    end = v.at(0, 0, END)[1]
    c.mirror(end, [v.floor(-30, 30, 1.7, END)], stone, 74)
    for i in reversed(range(s.people)):
        traveller(s, v, -2.6 + 2.9 * (i % 3), 11 + i * 4.5)
    for _ in range(3):
        traveller(s, v, r.uniform(-6, 6), r.uniform(20, 28))


def traveller(s: Sketch, v: View, x: float, z: float) -> None:
    """Somebody with a suitcase, against the light."""
    px, py = v.at(x, 0, z)
    h = v.focal * 1.75 / z
    lean = x * 30 / z
    low = py + h * 0.6
    shadow = [
        (px - h * 0.08, py),
        (px + h * 0.08, py),
        (px + h * 0.22 + lean, low),
        (px - h * 0.22 + lean, low),
    ]
    s.c.veil([shadow], s.m.shadow, 90, 3)
    person(s, px, py, h, True)
    case = s.m.on(s.r.choice((BRICK, AMBER)))
    s.c.round(px + h * 0.2, py - h * 0.34, h * 0.2, h * 0.31, h * 0.03, case)
    s.c.line([(px + h * 0.3, py - h * 0.34), (px + h * 0.22, py - h * 0.46)], INK, h * 0.014)


def vault(s: Sketch, v: View, stone: Rgb) -> None:
    """Ribs of the barrel vault, near to far, each smaller and paler."""
    c, m = s.c, s.m
    z = 5.5
    ribs = 0
    while z < END:
        middle = v.at(0, 8, z)
        wide = v.focal * 11 / z
        high = v.focal * 6.5 / z
        tone = mix(mix(stone, TEAL, 0.45), m.sky[2], min(0.75, z / 60))
        if ribs % 2 == 0:
            tone = mix(tone, m.on(CREAM), 0.55)
        low = v.at(0, 0, z)[1]
        edge = [
            (middle[0] - wide, low),
            *arc(middle[0], middle[1], wide, high, 180, 360, 40),
            (middle[0] + wide, low),
        ]
        c.poly(edge, tone)
        ribs += 1
        z *= 1.06 if ribs % 2 else 1.2
    for side in (-1, 1):
        wall = mix(m.on(CREAM), m.shadow, 0.1 if side < 0 else 0.28)
        c.poly(v.wall(side * 11, 2, END, 0, 5.2), wall)
        c.poly(v.wall(side * 11, 2, END, 5.2, 5.8), mix(wall, TEAL, 0.5))
        c.poly(v.wall(side * 11, 2, END, 0, 0.9), mix(wall, TEAL, 0.65))
        for i in range(5):
            a = 5 + i * 5
            c.poly(v.wall(side * 10.98, a, a + 2.6, 0.9, 3.6), mix(s.pane(), m.lit, 0.4))
            c.poly(v.wall(side * 10.97, a - 0.2, a + 2.8, 3.6, 4.3), m.on(s.r.choice((TEAL, BRICK, AMBER))))


def glass_end(s: Sketch, v: View) -> None:
    c, m = s.c, s.m
    middle = v.at(0, 8, END)
    low = v.at(0, 0, END)[1]
    wide, high = v.focal * 10.4 / END, v.focal * 6.2 / END
    shape = [
        (middle[0] - wide, low),
        *arc(middle[0], middle[1], wide, high, 180, 360, 40),
        (middle[0] + wide, low),
    ]
    c.poly(shape, mix(m.sky[2], m.sun, 0.7))
    c.glow(middle[0], middle[1], 330, m.sun, 0.9)
    iron = mix(TEAL, INK, 0.3)
    for i in range(9):
        a = math.pi + math.pi * i / 8
        c.line(
            [
                (middle[0] + wide * 0.3 * math.cos(a), middle[1] + high * 0.3 * math.sin(a)),
                (middle[0] + wide * math.cos(a), middle[1] + high * math.sin(a)),
            ],
            iron,
            2.4,
        )
    for share in (0.3, 0.65, 1.0):
        c.line(arc(middle[0], middle[1], wide * share, high * share, 180, 360), iron, 3)
    for i in range(9):
        x = middle[0] - wide + wide * i / 4
        c.line([(x, middle[1]), (x, low)], iron, 2.4)
    for i in range(4):
        c.line([(middle[0] - wide, middle[1] + i * 30), (middle[0] + wide, middle[1] + i * 30)], iron, 2.2)
    c.rect(middle[0] - wide, low - 34, wide * 2, 34, mix(iron, m.sky[1], 0.2))
    for i in range(4):
        c.rect(middle[0] - 54 + 28 * i, low - 30, 22, 30, m.sun)


def floor_tiles(s: Sketch, v: View) -> None:
    c, m = s.c, s.m
    pale, deep = m.on(rgb("#e6d8b8")), m.on(rgb("#c9a878"))
    c.poly(v.floor(-11, 11, 1.7, END), pale)
    depth = [1.9 * 1.14**i for i in range(25)]
    for i, (a, b) in enumerate(pairwise(depth)):
        if a > END:
            break
        for j in range(-6, 6):
            if (i + j) % 2:
                c.poly(v.floor(j * 1.84, j * 1.84 + 1.84, a, min(b, END)), deep, 120)
    c.poly(v.floor(-0.5, 0.5, 1.7, END), m.on(TEAL), 150)
    for i in range(21):
        a = 1.9 * 1.14**i
        c.oval(*v.at(0, 0, a), 200 / a, 60 / a, m.on(AMBER), 140)


def column(s: Sketch, v: View, x: float, z: float, stone: Rgb) -> None:
    c, m = s.c, s.m
    haze = min(0.5, z / 80)
    tone = mix(mix(m.on(BRICK), stone, 0.35), m.sky[2], haze)
    c.poly(v.front(x - 0.55, x + 0.55, 0, 7.2, z), tone)
    c.poly(v.front(x + 0.15, x + 0.55, 0, 7.2, z), m.shadow, 70)
    c.poly(v.front(x - 0.8, x + 0.8, 0, 0.7, z), mix(tone, TEAL, 0.5))
    c.poly(v.front(x - 0.95, x + 0.95, 6.9, 7.6, z), mix(stone, m.sky[2], haze))
    spot = v.at(x, 4.4, z)
    if s.light != "day":
        c.glow(*spot, 1500 / z, m.lit, 0.55)
    c.oval(*spot, 220 / z, 220 / z, mix(m.lit, PAPER, 0.5))


def board(s: Sketch, v: View) -> None:
    """The departures."""
    c = s.c
    a, b = v.at(-7.4, 7.5, 14), v.at(-1.6, 5.2, 14)
    w, h = b[0] - a[0], b[1] - a[1]
    for dx in (0.2, 0.8):
        c.line([(a[0] + w * dx, a[1]), (a[0] + w * dx, a[1] - 330)], INK, 3)
    c.round(a[0], a[1], w, h, 8, mix(INK, TEAL, 0.4))
    for row in range(5):
        y = a[1] + h * (0.12 + 0.17 * row)
        for left, wide in ((0.04, 0.12), (0.2, 0.42), (0.68, 0.08), (0.82, 0.14)):
            if s.r.random() < 0.9:
                tone = AMBER if left != 0.68 else CREAM
                script(s, a[0] + w * left, y, w * wide, h * 0.09, "latin", tone)
    x, y = v.at(4.6, 7.2, 14)
    c.line([(x, y), (x, y - 400)], INK, 3)
    c.oval(x, y, 40, 40, INK)
    c.oval(x, y, 34, 34, PAPER)
    c.line([(x, y), (x, y - 25)], INK, 3)
    c.line([(x, y), (x + 17, y + 9)], INK, 4)


def bench(s: Sketch) -> None:
    """A bench under a tree, and a path."""
    c, m, r = s.c, s.m, s.r
    sky(s, 560, (c.w * 0.26, 230))
    church(s, c.w * 0.42, 480)
    for i, (base, high) in enumerate(((500, 90), (540, 120), (580, 140))):
        tone = mix(m.on(rgb("#4b8a63")), m.sky[1], 0.66 - i * 0.2)
        points: list[Point] = [(0, 640)]
        for step in range(0, round(c.w) + 60, 22):
            rise = 0.3 + 0.35 * abs(math.sin(step * 0.011 + i * 2)) + 0.2 * r.random()
            points.append((step, base - high * rise))
        c.poly([*points, (c.w + 60, 640)], tone)
    lawn = m.on(rgb("#8aab62"))
    c.fade(0, 575, c.w, 425, (mix(lawn, m.sky[2], 0.4), lawn, m.on(rgb("#4f8055"))))
    path = m.on(rgb("#e6d3a6"))
    left = [(c.w * 0.36, 577), (c.w * 0.3, 630), (c.w * 0.42, 700), (c.w * 0.3, 800), (c.w * 0.02, 1000)]
    right = [(c.w * 0.64, 1000), (c.w * 0.56, 800), (c.w * 0.53, 700), (c.w * 0.35, 630), (c.w * 0.372, 577)]
    c.poly(smooth(left) + smooth(right), path)
    for _ in range(240):
        y = r.uniform(600, 995)
        u = (y - 560) / 40
        x = r.random() * c.w
        c.line(
            [(x, y), (x + u * 0.3, y - u)],
            m.on(r.choice((rgb("#6f9a55"), rgb("#a9c27a"), rgb("#4b7a4c")))),
            1.6,
            150,
        )
    for _ in range(60):
        y, x = r.uniform(640, 990), r.uniform(0.66, 1) * c.w
        c.oval(x, y, 4, 3, m.on(r.choice((AMBER, PAPER, BRICK))))
    big_tree(s, c.w * 0.83)
    seat(s, c.w * 0.54, 800)
    lamp(s, c.w * 0.14, 790, 380)
    weather(s, 575, 640)


def smooth(points: Sequence[Point]) -> list[Point]:
    """A curve through the points."""
    out: list[Point] = []
    padded = [points[0], *points, points[-1]]
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for i in range(8):
            t = i / 8
            out.append((spline(p0[0], p1[0], p2[0], p3[0], t), spline(p0[1], p1[1], p2[1], p3[1], t)))
    return [*out, points[-1]]


def spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def church(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    tone = mix(m.on(rgb("#7d8f8d")), m.sky[1], 0.45)
    for dx in (-34, 34):
        c.rect(x + dx - 14, base - 130, 28, 130, tone)
        c.poly(
            [(x + dx - 17, base - 130), (x + dx + 17, base - 130), (x + dx, base - 215)],
            mix(tone, TEAL, 0.35),
        )
    c.poly([(x - 48, base), (x - 48, base - 70), (x, base - 120), (x + 48, base - 70), (x + 48, base)], tone)


def big_tree(s: Sketch, x: float) -> None:
    c, m, r = s.c, s.m, s.r
    shade = [blob(r, x - 330 + r.uniform(-250, 250), 830 + r.uniform(-34, 60), 130, 30) for _ in range(9)]
    c.veil(shade, m.shadow, 105 if s.light != "rain" else 50, 5)
    bark = m.on(rgb("#5a4234"))
    c.poly(
        smooth([(x - 70, 850), (x - 34, 760), (x - 30, 560), (x - 60, 300)])
        + smooth([(x + 60, 300), (x + 34, 560), (x + 38, 760), (x + 84, 850)]),
        bark,
    )
    shaded = smooth([(x + 8, 850), (x + 12, 700), (x + 12, 300)])
    c.poly(shaded + smooth([(x + 60, 300), (x + 34, 560), (x + 38, 760), (x + 84, 850)]), m.shadow, 70)
    c.line(smooth([(x - 20, 560), (x - 110, 440), (x - 220, 330)]), bark, 30)
    for layer, (grow, lift) in enumerate(((1.12, 0), (1.0, -22), (0.62, -64))):
        tone = (mix(TEAL, rgb("#2f6b57"), 0.45), rgb("#3f7f5b"), rgb("#7fa85f"))[layer]
        for i in range(13):
            a = i * 2.399
            reach = math.sqrt(i / 13)
            cx, cy = x - 60 + 330 * reach * math.cos(a), 190 + 190 * reach * math.sin(a)
            c.poly(blob(r, cx - layer * 18, cy + lift, 118 * grow, 88 * grow, 0.1), m.on(tone))
    for _ in range(90):
        a, d = r.random() * 6.28, math.sqrt(r.random())
        c.oval(x - 80 + 370 * d * math.cos(a), 150 + 230 * d * math.sin(a), 7, 5, m.on(rgb("#b9c978")), 150)


def seat(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    wood, iron = m.on(rgb("#b9743c")), mix(TEAL, INK, 0.5)
    w = 330
    c.veil([[(x, base + 4), (x + w, base + 4), (x + w - 70, base + 44), (x - 90, base + 44)]], m.shadow, 130, 4)
    for i in range(s.people):
        px = x + w * (0.3 + 0.32 * i)
        coat = m.on(CLOTHES[(i * 3 + 1) % len(CLOTHES)], 0.05)
        c.oval(px, base - 206, 23, 28, mix(coat, INK, 0.45))
        c.poly([*arc(px, base - 130, 47, 62, 180, 360), (px + 47, base - 66), (px - 47, base - 66)], coat)
    for i in range(4):
        c.round(x, base - 150 + i * 21, w, 14, 4, mix(wood, m.shadow, 0.05 * i))
        c.rect(x, base - 139 + i * 21, w, 3, m.shadow, 80)
    for dx in (26, w - 40):
        c.rect(x + dx, base - 158, 13, 100, iron)
        c.poly([(x + dx - 6, base), (x + dx + 4, base - 62), (x + dx + 16, base - 62), (x + dx + 20, base)], iron)
    for i in range(3):
        c.poly(
            [
                (x - 8 - i * 5, base - 62 + i * 10),
                (x + w + 8 + i * 5, base - 62 + i * 10),
                (x + w + 11 + i * 5, base - 54 + i * 10),
                (x - 11 - i * 5, base - 54 + i * 10),
            ],
            mix(wood, CREAM, 0.2),
        )
    for side in (-14, w + 4):
        c.line(arc(x + side + 5, base - 70, 22, 34, 190, 350), iron, 8)
    for dx, dy in ((-190, 70), (-140, 92), (-250, 110)):
        c.oval(x + dx, base + dy, 15, 9, m.on(rgb("#6d7c82")))
        c.oval(x + dx + 13, base + dy - 10, 6, 6, m.on(rgb("#4f6167")))
        c.line([(x + dx - 13, base + dy), (x + dx - 26, base + dy + 4)], m.on(rgb("#6d7c82")), 6)


def ticket(s: Sketch) -> None:
    """A ticket machine on the tiles of a metro station."""
    c, m, r = s.c, s.m, s.r
    tile = m.on(rgb("#d8c69a"))
    c.fade(0, 0, c.w, 850, (mix(tile, TEAL, 0.32), tile, mix(tile, m.shadow, 0.16)))
    size = 62.0
    for row in range(14):
        for col in range(int(c.w / size) + 1):
            tone = r.choice((tile, mix(tile, TEAL, 0.16), mix(tile, PAPER, 0.3), mix(tile, AMBER, 0.14)))
            x, y = col * size, row * size - 12
            c.round(x + 2, y + 2, size - 4, size - 4, 7, tone, 200)
            c.oval(x + size / 2, y + size / 2, 17, 17, mix(tone, m.shadow, 0.22))
            c.oval(x + size / 2 - 2.5, y + size / 2 - 3, 13, 13, mix(tone, PAPER, 0.4))
    c.rect(0, 232, c.w, 62, m.on(RED))
    c.rect(0, 292, c.w, 5, m.shadow, 80)
    script(s, c.w * 0.5 - 250, 246, 500, 34, "latin", PAPER)
    pavement(s, 850, m.on(rgb("#a9a394")), (c.w / 2, 300))
    c.rect(0, 842, c.w, 12, m.on(TEAL))
    x = c.w * 0.5 - 235 if c.w < 900 else c.w * 0.36
    if c.w >= 900:
        metro_map(s, x + 530, 350)
        bin_and_light(s, x - 230)
    c.veil([[(x + 20, 330), (x + 530, 330), (x + 540, 880), (x + 20, 880)]], m.shadow, 120, 9)
    machine(s, x)
    c.glow(c.w * 0.55, -60, 640, m.sun, 0.42)


def machine(s: Sketch, x: float) -> None:
    c, m, r = s.c, s.m, s.r
    yellow = m.on(AMBER)
    c.round(x, 316, 470, 580, 18, mix(yellow, m.shadow, 0.35))
    c.round(x, 310, 452, 576, 18, yellow)
    c.rect(x, 858, 452, 40, mix(TEAL, INK, 0.5))
    c.round(x + 22, 330, 408, 66, 8, TEAL)
    script(s, x + 44, 346, 250, 32, "latin", PAPER)
    c.oval(x + 388, 363, 22, 22, PAPER)
    c.line([(x + 388, 350), (x + 388, 376)], TEAL, 7)
    c.round(x + 28, 414, 250, 186, 10, mix(INK, TEAL, 0.3))
    c.round(x + 40, 426, 226, 162, 5, rgb("#bfe0d2"))
    for i in range(4):
        c.round(x + 52, 438 + i * 36, 150, 25, 4, (TEAL, BRICK, TEAL, TEAL)[i])
        script(s, x + 60, 444 + i * 36, 120, 13, "latin", PAPER)
        c.round(x + 212, 438 + i * 36, 42, 25, 4, PAPER)
    c.poly([(x + 40, 588), (x + 150, 426), (x + 200, 426), (x + 90, 588)], (255, 255, 255), 46)
    for row in range(5):
        for col in range(2):
            bx, by = x + 300 + col * 66, 414 + row * 38
            c.round(bx, by + 3, 56, 29, 6, m.shadow, 110)
            c.round(bx, by, 56, 29, 6, m.on(r.choice((CREAM, PAPER, rgb("#d7e4da")))))
            script(s, bx + 9, by + 8, 38, 12, "latin", INK)
    c.round(x + 28, 622, 250, 112, 8, mix(yellow, PAPER, 0.35))
    for i in range(6):
        c.rect(x + 44, 636 + i * 16, r.uniform(110, 215), 5, INK, 130)
    c.round(x + 306, 622, 112, 112, 10, rgb("#5c6a6a"))
    c.rect(x + 352, 642, 20, 70, INK)
    c.oval(x + 395, 650, 10, 10, RED)
    c.round(x + 60, 762, 330, 78, 12, mix(INK, TEAL, 0.3))
    c.round(x + 74, 774, 302, 50, 8, INK)
    c.poly([(x + 180, 800), (x + 260, 792), (x + 266, 834), (x + 186, 842)], PAPER)
    script(s, x + 194, 806, 56, 14, "latin", TEAL)
    c.poly([(x + 250, 560), (x + 368, 572), (x + 356, 668), (x + 240, 656)], m.shadow, 70)
    c.poly([(x + 246, 552), (x + 364, 564), (x + 352, 660), (x + 236, 648)], rgb("#f6ef9c"))
    script(s, x + 262, 576, 78, 22, "cyrillic", INK)
    script(s, x + 258, 612, 70, 22, "accents", RED)


def metro_map(s: Sketch, x: float, y: float) -> None:
    c, m, r = s.c, s.m, s.r
    w, h = 270.0, 380.0
    c.round(x + 8, y + 10, w, h, 8, m.shadow, 90)
    c.round(x, y, w, h, 8, TEAL)
    c.rect(x + 14, y + 14, w - 28, h - 28, PAPER)
    for tone, shape in (
        (rgb("#3f8a5c"), [(0.1, 0.2), (0.3, 0.42), (0.55, 0.5), (0.9, 0.82)]),
        (AMBER, [(0.1, 0.85), (0.36, 0.62), (0.6, 0.44), (0.9, 0.32)]),
        (RED, [(0.45, 0.1), (0.62, 0.3), (0.56, 0.56), (0.5, 0.9)]),
    ):
        points = smooth([(x + 14 + (w - 28) * px, y + 14 + (h - 28) * py) for px, py in shape])
        c.line(points, tone, 9)
        for spot in points[::3]:
            c.oval(*spot, 6, 6, PAPER)
            c.oval(*spot, 3.4, 3.4, tone)
    for _ in range(14):
        c.rect(x + 30 + r.random() * (w - 90), y + 30 + r.random() * (h - 60), r.uniform(18, 36), 3.4, INK, 110)


def bin_and_light(s: Sketch, x: float) -> None:
    c, m = s.c, s.m
    c.round(x + 12, 640, 110, 236, 12, m.shadow, 90)
    c.round(x, 630, 110, 246, 12, mix(TEAL, INK, 0.25))
    c.oval(x + 55, 664, 38, 14, INK)
    c.round(x + 30, 720, 50, 62, 6, PAPER)
    c.line([(x + 42, 762), (x + 55, 738), (x + 68, 762), (x + 42, 762)], TEAL, 5)
    poster(s, x - 20, 350, 160, 220, m.on(rgb("#efe6d2")), "latin")


def stairs(s: Sketch) -> None:
    """Many steps, no ramp, and a pram at the bottom."""
    c, m = s.c, s.m
    v = View(c.w * 0.5, 380, 800, 3.0)
    sky(s, 420, (c.w * 0.76, 120))
    house(s, c.w * 0.5 - 560, 330, 300, 3, 70, False)
    house(s, c.w * 0.5 + 250, 330, 330, 3, 74, False)
    c.rect(0, 300, c.w, 90, mix(m.on(CREAM), m.sky[1], 0.3))
    tree(s, c.w * 0.5 - 200, 350, 250)
    tree(s, c.w * 0.5 + 210, 350, 210)
    entrance(s, c.w * 0.5, 352)
    pavement(s, 352, m.on(rgb("#cfc3a6")), (v.x, 300))
    top = flight(s, v)
    pavement_front = v.at(0, 0, 8.6)[1]
    c.fade(
        0,
        pavement_front,
        c.w,
        1000 - pavement_front,
        (m.on(rgb("#cfc3a6")), m.on(rgb("#c4b898")), m.on(rgb("#ab9f84"))),
    )
    for i in range(-9, 10):
        c.line([v.at(i * 1.1, 0, 8.6), v.at(i * 1.1, 0, 3)], m.shadow, 1.3, 50)
    for z in (7.6, 6.7, 5.9, 5.2):
        c.line([(0, v.at(0, 0, z)[1]), (c.w, v.at(0, 0, z)[1])], m.shadow, 1.3, 50)
    cheeks(s, v, top)
    c.veil(
        [[(c.w * 0.56, 340), (c.w * 1.1, 340), (c.w * 1.1, 1010), (c.w * 0.86, 1010)]],
        m.shadow,
        90 if s.light != "rain" else 30,
        4,
    )
    weather(s, 380, pavement_front)
    pram(s, c.w * 0.36, 935)
    for i in range(s.people):
        spot = v.at(-1.2 + i * 1.6, 1.4, 11.5)
        person(s, spot[0], spot[1], 150, True)


STEPS, RISE, TREAD = 13, 0.19, 0.42


def flight(s: Sketch, v: View) -> tuple[float, float]:
    c, m = s.c, s.m
    stone = m.on(rgb("#e2d4b2"))
    for i in reversed(range(STEPS)):
        y, z = RISE * i, 8.6 + TREAD * i
        c.poly(v.floor(-3.1, 3.1, z, z + TREAD, y + RISE), mix(stone, PAPER, 0.35))
        riser = mix(stone, m.shadow, 0.34 - 0.008 * i)
        c.poly(v.front(-3.1, 3.1, y, y + RISE, z), riser)
        edge = v.at(-3.1, y + RISE, z), v.at(3.1, y + RISE, z)
        c.line(edge, mix(stone, PAPER, 0.7), 1.6)
        if i in (0, STEPS - 1):
            c.poly(v.front(-3.1, 3.1, y + RISE * 0.62, y + RISE, z), m.on(AMBER), 190)
    return RISE * STEPS, 8.6 + TREAD * STEPS


def cheeks(s: Sketch, v: View, top: tuple[float, float]) -> None:
    """The side walls and the rail in the middle."""
    c, m = s.c, s.m
    for side in (-1, 1):
        wall = mix(m.on(BRICK), m.shadow, 0.05 if side < 0 else 0.3)
        x, out = side * 3.1, side * 9.5
        c.poly(
            [
                v.at(out, 0, 8.3),
                v.at(x, 0, 8.3),
                v.at(x, 1.0, 8.3),
                v.at(x, top[0] + 0.9, top[1]),
                v.at(out, top[0] + 0.9, top[1]),
                v.at(out, 1.0, 8.3),
            ],
            mix(wall, m.shadow, 0.15),
        )
        inner = [v.at(x, 0, 8.3), v.at(x, 1.0, 8.3), v.at(x, top[0] + 0.9, top[1]), v.at(x, top[0], top[1])]
        c.poly(inner, mix(wall, m.shadow, 0.4))
        c.poly(v.front(out, x, 0, 1.0, 8.3), wall)
        for row in range(7):
            y0 = v.at(0, 0.14 * row, 8.3)[1]
            a, b = sorted((v.at(out, 0, 8.3)[0], v.at(x, 0, 8.3)[0]))
            c.line([(a, y0), (b, y0)], m.on(CREAM), 1.2, 90)
            for j in range(14):
                bx = a + (b - a) * (j + 0.5 * (row % 2)) / 14
                c.line([(bx, y0), (bx, y0 - 13)], m.on(CREAM), 1.2, 80)
        cap = [
            v.at(out, 1.0, 8.3),
            v.at(x, 1.0, 8.3),
            v.at(x, top[0] + 0.9, top[1]),
            v.at(out, top[0] + 0.9, top[1]),
        ]
        c.poly(cap, mix(m.on(PAPER), wall, 0.3))
        bush(s, (v.at(side * 3.75, 0, 8.3)[0]), v.at(0, 1.0, 8.3)[1], 130)
    iron = mix(TEAL, INK, 0.4)
    c.line([v.at(0, 0.95, 8.4), v.at(0, top[0] + 0.95, top[1])], iron, 9)
    for i in range(0, STEPS + 1, 4):
        c.line([v.at(0, RISE * i, 8.6 + TREAD * i), v.at(0, RISE * i + 0.95, 8.6 + TREAD * i)], iron, 7)


def entrance(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    c.rect(x - 150, base - 150, 300, 150, m.on(rgb("#c4cdbd")))
    c.rect(x - 166, base - 176, 332, 30, m.on(TEAL))
    script(s, x - 90, base - 170, 180, 17, "latin", PAPER)
    for i in range(4):
        c.rect(x - 128 + 66 * i, base - 124, 56, 124, mix(m.pane, m.lit, 0.25 if s.light == "day" else 0.7))
        c.rect(x - 128 + 66 * i + 26, base - 124, 4, 124, m.on(PAPER))


def pram(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    c.veil([arc(x + 60, base + 4, 150, 22, 0, 360)], m.shadow, 120, 5)
    iron, cloth = mix(INK, TEAL, 0.3), m.on(rgb("#1d6a66"))
    c.line([(x - 62, base - 40), (x + 46, base - 120)], iron, 8)
    c.line([(x + 62, base - 40), (x - 52, base - 120)], iron, 8)
    c.line(smooth([(x + 70, base - 150), (x + 130, base - 205), (x + 160, base - 200)]), iron, 9)
    c.poly([(x - 104, base - 150), (x + 86, base - 150), *arc(x - 9, base - 150, 95, 62, 0, 180)], cloth)
    c.poly([(x - 9, base - 150), *arc(x - 9, base - 150, 98, 98, 180, 275)], mix(cloth, INK, 0.2))
    for a in (205, 232, 256):
        c.line([(x - 9, base - 150), arc(x - 9, base - 150, 97, 97, a, a, 1)[0]], mix(cloth, PAPER, 0.25), 2.5)
    c.rect(x - 106, base - 156, 196, 10, m.on(AMBER))
    for dx in (-62, 62):
        c.oval(x + dx, base - 38, 40, 40, INK)
        c.oval(x + dx, base - 38, 31, 31, mix(m.on(CREAM), m.sky[1], 0.3))
        for i in range(6):
            c.line([(x + dx, base - 38), arc(x + dx, base - 38, 33, 33, i * 60, i * 60, 1)[0]], iron, 2)
        c.oval(x + dx, base - 38, 7, 7, INK)


def library(s: Sketch) -> None:
    """An open library door in a brick wall."""
    c, m, r = s.c, s.m, s.r
    brick = m.on(BRICK)
    c.rect(0, 0, c.w, 850, brick)
    bricks(s, brick)
    c.rect(0, 92, c.w, 20, m.on(CREAM))
    c.rect(0, 112, c.w, 8, m.shadow, 70)
    pavement(s, 850, m.on(rgb("#d0c6ae")), (c.w / 2, 420))
    door = c.w * 0.5
    for x in [door - 480, door + 250] if c.w > 1100 else [door - 350, door + 190]:
        shelves_window(s, x, 330, 230 if c.w > 1100 else 150, 330)
    open_door(s, door, mix(m.lit, AMBER, 0.35))
    emblem(s, door, 170)
    library_sheets(s, door)
    if s.light != "day":
        for dx in (-250, 250):
            c.glow(door + dx, 262, 200, m.lit, 0.6)
    for dx in (-247, 241):
        c.round(door + dx - 14, 236, 34, 46, 8, mix(m.lit, PAPER, 0.4))
        c.rect(door + dx - 18, 228, 42, 9, INK)
    bicycle(s, door - 330 if c.w > 1100 else door - 270, 905)
    for dx in (496, 570):
        c.poly(
            [(door + dx, 830), (door + dx + 90, 830), (door + dx + 78, 912), (door + dx + 12, 912)],
            m.on(rgb("#7a4030")),
        )
        bush(s, door + dx + 45, 835, 130)
    if m.wet:
        rainfall(s)
    for i in range(s.people):
        person(s, door - 60 + 100 * i, 905, 330 - 20 * r.random(), True)


def open_door(s: Sketch, door: float, warm: Rgb) -> None:
    c, m = s.c, s.m
    arch = [(door - 160, 850), *arc(door, 380, 160, 170, 180, 360), (door + 160, 850)]
    c.poly([(door - 205, 850), *arc(door, 380, 205, 218, 180, 360), (door + 205, 850)], m.on(CREAM))
    for i in range(13):
        a = 180 + 180 * i / 12
        c.line([arc(door, 380, 165, 174, a, a, 1)[0], arc(door, 380, 205, 218, a, a, 1)[0]], m.shadow, 2, 80)
    c.poly(arch, warm)
    c.glow(door, 520, 230, PAPER, 0.7)
    for side in (-1, 1):
        shelf = [
            (door + side * 150, 850),
            (door + side * 150, 330),
            (door + side * 62, 420),
            (door + side * 62, 740),
        ]
        c.poly(shelf, mix(rgb("#8a5a34"), warm, 0.2))
        for row in range(5):
            spines(s, (door + side * 144, door + side * 66), 400 + row * 88, row)
    c.poly([(door - 62, 740), (door + 62, 740), (door + 150, 850), (door - 150, 850)], mix(warm, BRICK, 0.35))
    c.rect(door - 62, 560, 124, 180, mix(warm, PAPER, 0.5))
    c.rect(door - 40, 670, 80, 70, m.on(rgb("#8a5a34")))
    c.rect(door - 160, 372, 320, 12, TEAL)
    for i in range(5):
        c.line([(door, 378), arc(door, 380, 158, 168, 205 + 32 * i, 205 + 32 * i, 1)[0]], TEAL, 6)
    leaf = [(door + 160, 384), (door + 268, 420), (door + 268, 900), (door + 160, 850)]
    c.poly(leaf, TEAL)
    c.poly([(door + 176, 430), (door + 252, 452), (door + 252, 640), (door + 176, 626)], mix(warm, m.pane, 0.4))
    c.poly([(door + 176, 660), (door + 252, 678), (door + 252, 862), (door + 176, 828)], mix(TEAL, INK, 0.35))
    c.oval(door + 258, 660, 6, 14, AMBER)
    c.veil([[(door - 150, 852), (door + 150, 852), (door + 300, 1000), (door - 300, 1000)]], m.sun, 130, 8)


def bricks(s: Sketch, brick: Rgb) -> None:
    c, m, r = s.c, s.m, s.r
    for row in range(30):
        y = row * 28
        c.line([(0, y), (c.w, y)], m.on(CREAM), 2, 46)
        for i in range(int(c.w / 66) + 2):
            x = i * 66 - (33 if row % 2 else 0)
            if r.random() < 0.34:
                tone = mix(brick, r.choice((INK, CREAM, AMBER)), r.uniform(0.05, 0.15))
                c.rect(x + 2, y + 2, 62, 24, tone)
            c.line([(x, y), (x, y + 28)], m.on(CREAM), 2, 40)


def spines(s: Sketch, x: tuple[float, float], y: float, row: int) -> None:
    """Books on a shelf seen at an angle: the far end is x[1]."""
    c, r = s.c, s.r
    for i in range(9):
        a, b = i / 9, (i + 0.86) / 9
        xa, xb = x[0] + (x[1] - x[0]) * a, x[0] + (x[1] - x[0]) * b
        low_a, low_b = y + (560 - y) * 0.34 * a, y + (560 - y) * 0.34 * b
        h = r.uniform(46, 66)
        c.poly(
            [(xa, low_a), (xb, low_b), (xb, low_b - h * (1 - 0.34 * b)), (xa, low_a - h * (1 - 0.34 * a))],
            r.choice((*CLOTHES, *FRUIT, PAPER)),
        )
    end = y + (560 - y) * 0.34
    c.line([(x[0], y + 3), (x[1], end + 2)], rgb("#5b3a22"), 6 - row * 0.4)


def shelves_window(s: Sketch, x: float, y: float, w: float, h: float) -> None:
    c, m, r = s.c, s.m, s.r
    c.rect(x - 18, y - 18, w + 36, h + 36, m.on(CREAM))
    c.rect(x - 30, y + h + 14, w + 60, 18, m.on(CREAM))
    c.rect(x - 30, y + h + 32, w + 60, 8, m.shadow, 90)
    c.rect(x, y, w, h, mix(m.lit, AMBER, 0.3) if s.light != "day" else mix(m.lit, m.pane, 0.35))
    for row in range(3):
        low = y + h * (row + 1) / 3 - 6
        at = x + 6
        while at < x + w - 18:
            bw, bh = r.uniform(8, 20), r.uniform(0.5, 0.82) * h / 3
            if r.random() < 0.9:
                c.rect(at, low - bh, bw, bh, m.on(r.choice((*CLOTHES, *FRUIT, PAPER)), -0.1))
            at += bw + 1.5
        c.rect(x, low, w, 7, rgb("#6b4428"))
    c.poly(
        [(x + w * 0.1, y + h), (x + w * 0.5, y), (x + w * 0.75, y), (x + w * 0.35, y + h)],
        (255, 255, 255),
        34,
    )
    c.rect(x + w / 2 - 5, y, 10, h, m.on(PAPER))
    c.rect(x, y + h * 0.3, w, 8, m.on(PAPER))
    c.rect(x, y, w, 16, m.shadow, 80)


def emblem(s: Sketch, x: float, y: float) -> None:
    """The sign: an open book, a few strokes."""
    c = s.c
    c.round(x - 240, y - 98, 480, 78, 10, s.m.shadow, 110)
    c.round(x - 240, y - 106, 480, 78, 10, TEAL)
    c.round(x - 233, y - 99, 466, 64, 7, mix(TEAL, PAPER, 0.12))
    script(s, x - 130, y - 84, 330, 34, "latin", PAPER)
    for side in (-1, 1):
        c.poly(
            [
                (x - 182, y - 44),
                (x - 182 + side * 36, y - 52),
                (x - 182 + side * 36, y - 86),
                (x - 182, y - 78),
            ],
            AMBER if side > 0 else mix(AMBER, PAPER, 0.4),
        )


def library_sheets(s: Sketch, door: float) -> None:
    kinds = ("latin", "cyrillic", "accents", "joined", "blocks")
    x = door + 296
    if s.c.w <= 1100:
        x = door + 196
    s.c.round(x - 14, 712, 210, 112, 5, rgb("#6b4428"))
    for i, kind in enumerate(kinds):
        sheet = s.m.on((PAPER, rgb("#f6e3a4"), rgb("#d7e8df"), PAPER, rgb("#f3cdb5"))[i], -0.1)
        poster(s, x + (i % 5) * 37, 722 + 6 * (i % 2), 33, 84, sheet, kind)


def bicycle(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    c.veil([arc(x, base, 150, 12, 0, 360)], m.shadow, 120, 4)
    frame = m.on(AMBER)
    for dx in (-84, 84):
        c.ring(x + dx, base - 62, 58, INK, 7)
        for i in range(8):
            c.line([(x + dx, base - 62), arc(x + dx, base - 62, 56, 56, i * 45, i * 45, 1)[0]], INK, 1, 120)
    joints = {
        "rear": (x - 84, base - 62),
        "pedal": (x - 8, base - 58),
        "seat": (x - 38, base - 142),
        "head": (x + 56, base - 146),
        "front": (x + 84, base - 62),
    }
    for a, b in (
        ("rear", "pedal"),
        ("rear", "seat"),
        ("pedal", "seat"),
        ("seat", "head"),
        ("pedal", "head"),
        ("head", "front"),
    ):
        c.line([joints[a], joints[b]], frame, 8)
    c.line([(x - 38, base - 142), (x - 44, base - 164)], INK, 6)
    c.round(x - 70, base - 174, 54, 12, 6, INK)
    c.line([(x + 56, base - 146), (x + 50, base - 176), (x + 78, base - 184)], INK, 6)
    c.poly(
        [(x + 62, base - 172), (x + 126, base - 172), (x + 116, base - 124), (x + 72, base - 124)],
        m.on(rgb("#a8794a")),
    )


def playground(s: Sketch) -> None:
    """A playground between blocks of flats."""
    c, m, r = s.c, s.m, s.r
    sky(s, 600, (c.w * 0.2, 170))
    x = -60.0
    while x < c.w:
        w = r.uniform(300, 420)
        block_of_flats(s, x, 610, w, r.randint(6, 9))
        x += w + r.uniform(40, 130)
    for share in (0.06, 0.3, 0.47, 0.76, 0.97):
        tree(s, c.w * share, 640, r.uniform(170, 300))
    lawn = m.on(rgb("#8aab62"))
    c.fade(0, 604, c.w, 396, (mix(lawn, m.sky[2], 0.35), lawn, m.on(rgb("#5b8a55"))))
    c.poly(blob(r, c.w * 0.5, 850, c.w * 0.5, 175, 0.05), m.on(rgb("#1d6a66")))
    c.poly(blob(r, c.w * 0.5, 845, c.w * 0.47, 158, 0.05), m.on(rgb("#d98e4a")))
    for i in range(5):
        c.oval(c.w * (0.18 + 0.16 * i), 862 + 44 * (i % 2), 62, 20, m.on((AMBER, CREAM, BRICK)[i % 3]), 190)
    slide(s, c.w * 0.2, 860)
    swings(s, c.w * 0.58, 850)
    dome(s, c.w * 0.84, 880)
    weather(s, 600, 700)
    for i in range(s.people):
        person(s, c.w * (0.44 + 0.07 * i), 910 + 14 * i, 130)


def block_of_flats(s: Sketch, x: float, base: float, w: float, floors: int) -> None:
    c, m = s.c, s.m
    wall = mix(s.wall(), m.sky[2], 0.3)
    panel = mix(m.on(s.r.choice((TEAL, BRICK, AMBER))), wall, 0.35)
    h = floors * 52 + 20
    c.rect(x, base - h, w, h, wall)
    c.rect(x + w * 0.84, base - h, w * 0.16, h, m.shadow, 34)
    c.rect(x - 4, base - h - 8, w + 8, 10, mix(wall, m.shadow, 0.3))
    count = round(w / 52)
    step = w / count
    for floor in range(floors):
        y = base - h + 18 + floor * 52
        for i in range(count):
            c.rect(x + step * i + 5, y, step - 10, 30, s.pane())
            c.rect(x + step * i + step / 2 - 1.5, y, 3, 30, mix(wall, PAPER, 0.5))
            if i % 3 == 1:
                c.rect(x + step * i + 1, y + 16, step - 2, 24, panel)
                c.rect(x + step * i + 1, y + 38, step - 2, 5, m.shadow, 60)
        c.line([(x, y + 42), (x + w, y + 42)], m.shadow, 1.3, 50)


def slide(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    c.veil([[(x - 90, base), (x + 280, base + 10), (x + 190, base + 56), (x - 200, base + 50)]], m.shadow, 100, 5)
    wood, steel = m.on(rgb("#a8642c")), m.on(rgb("#cfd8d2"))
    c.poly(
        smooth([(x + 44, base - 230), (x + 120, base - 150), (x + 200, base - 50), (x + 300, base - 22)])
        + smooth([(x + 300, base - 2), (x + 190, base - 24), (x + 104, base - 126), (x + 30, base - 206)]),
        steel,
    )
    c.line(
        smooth([(x + 44, base - 238), (x + 120, base - 160), (x + 204, base - 62), (x + 304, base - 34)]),
        m.on(RED),
        12,
    )
    for dx in (-80, 40):
        c.rect(x + dx, base - 340, 15, 340, wood)
    c.rect(x - 88, base - 226, 152, 16, wood)
    for i in range(6):
        c.rect(x - 82, base - 40 - i * 34, 24, 8, m.on(AMBER))
    c.line([(x - 92, base), (x - 70, base - 220)], m.on(AMBER), 9)
    for i in range(6):
        c.rect(x - 64 + i * 18, base - 290, 6, 66, m.on(CREAM))
    c.rect(x - 78, base - 296, 130, 9, wood)
    c.poly([(x - 112, base - 336), (x + 84, base - 336), (x - 14, base - 430)], m.on(TEAL))
    c.poly([(x - 14, base - 430), (x + 84, base - 336), (x + 20, base - 336)], m.shadow, 70)
    c.rect(x - 112, base - 338, 196, 8, m.on(AMBER))


def swings(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    c.veil([[(x - 190, base), (x + 190, base), (x + 110, base + 26), (x - 270, base + 26)]], m.shadow, 66, 5)
    steel = m.on(RED)
    for side in (-1, 1):
        c.line([(x + side * 150, base - 300), (x + side * 205, base + 10)], steel, 13)
        c.line([(x + side * 150, base - 300), (x + side * 122, base - 20)], mix(steel, INK, 0.3), 13)
    c.line([(x - 158, base - 300), (x + 158, base - 300)], steel, 15)
    for sx, lean in ((x - 66, 0.0), (x + 62, 46.0)):
        low = base - 74 - abs(lean) * 0.3
        for dx in (-19, 19):
            c.line([(sx + dx, base - 296), (sx + dx + lean, low)], INK, 2.6)
        c.round(sx - 28 + lean, low, 56, 11, 4, TEAL)


def dome(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    c.veil([arc(x - 40, base + 12, 150, 22, 0, 360)], m.shadow, 80, 5)
    tone = m.on(AMBER)
    for reach in (1.0, 0.55, 0.0):
        c.line(arc(x, base, 126 * reach + 1, 170, 180, 360), mix(tone, INK, 0.25 * (1 - reach)), 8)
    for share in (0.32, 0.62, 0.88):
        width = 126 * math.sqrt(1 - share**2)
        c.line(arc(x, base - 170 * share, width, 10, 0, 180), tone, 7)


def kiosk(s: Sketch) -> None:
    """A kiosk whose signs are written in several scripts."""
    c, m, r = s.c, s.m, s.r
    sky(s, 560, (c.w * 0.16, 330))
    row_of_houses(s, 640, 72)
    c.rect(0, 0, c.w, 1000, mix(m.sky[0], m.shadow, 0.3), 64)
    c.fade(0, 636, c.w, 80, (m.on(rgb("#a49f90")), m.on(rgb("#98938a")), m.on(rgb("#8b877e"))))
    pavement(s, 712, m.on(rgb("#c9bfa8")), (c.w / 2, 420))
    tree(s, c.w * 0.08, 745, 520)
    lamp(s, c.w * 0.93, 800, 520)
    x, w = c.w * 0.5 - 330, 660.0
    if c.w < 900:
        x, w = c.w * 0.07, c.w * 0.86
    c.veil([[(x, 850), (x + w, 850), (x + w + 110, 915), (x - 30, 915)]], m.shadow, 150, 5)
    body = mix(TEAL, m.tint, 0.12)
    c.rect(x, 330, w, 522, body)
    c.rect(x + w * 0.9, 330, w * 0.1, 522, INK, 50)
    inside(s, x + w * 0.2, 440, w * 0.6, 190)
    c.rect(x + w * 0.16, 630, w * 0.68, 20, m.on(CREAM))
    c.rect(x + w * 0.16, 650, w * 0.68, 9, INK, 110)
    for i in range(4):
        front = s.r.choice((PAPER, CREAM, rgb("#f3cdb5"), rgb("#d7e8df")))
        poster(s, x + w * (0.2 + 0.152 * i), 676, w * 0.13, 128, m.on(front, -0.2), SCRIPTS[i])
    signs(s, x, w)
    stripes(s, x + w * 0.19, 404, w * 0.62, 46, AMBER)
    c.poly([(x - 46, 330), (x + w + 46, 330), (x + w + 6, 276), (x - 6, 276)], mix(TEAL, INK, 0.45))
    c.rect(x - 46, 326, w + 92, 14, m.on(AMBER))
    c.round(x + w * 0.1, 176, w * 0.8, 104, 10, m.on(CREAM, -0.3))
    c.round(x + w * 0.115, 186, w * 0.77, 84, 8, m.on(BRICK, -0.3))
    script(s, x + w * 0.15, 202, w * 0.36, 48, "accents", PAPER)
    script(s, x + w * 0.55, 202, w * 0.3, 48, "cyrillic", PAPER)
    bulbs = [(x - 20 + (w + 40) * i / 14, 352 + 16 * math.sin(math.pi * (i % 7) / 7)) for i in range(15)]
    c.line(bulbs, INK, 2)
    for spot in bulbs:
        if s.light != "day":
            c.glow(spot[0], spot[1] + 8, 60, m.lit, 0.8)
        c.oval(spot[0], spot[1] + 8, 7, 9, mix(m.lit, PAPER, 0.4))
    if s.light != "day":
        c.veil([[(x + w * 0.2, 852), (x + w * 0.8, 852), (x + w, 1000), (x, 1000)]], m.lit, 90, 12)
    crates(s, x + w + 8, 872)
    c.mirror(852, [blob(r, x + w * 0.28, 935, 240, 34), blob(r, x + w * 0.85, 968, 150, 20)], m.sky[0], 190)
    if m.wet:
        rainfall(s)
    for i in range(s.people):
        person(s, x + w * (0.34 + 0.2 * i), 905, 340, True)


def inside(s: Sketch, x: float, y: float, w: float, h: float) -> None:
    c, m, r = s.c, s.m, s.r
    warm = mix(m.lit, PAPER, 0.25)
    c.rect(x, y, w, h, warm)
    for row in range(3):
        low = y + 58 + row * 46
        at = x + 8
        while at < x + w - 22:
            bw, bh = r.uniform(10, 22), r.uniform(22, 38)
            c.round(at, low - bh, bw, bh, 3, mix(r.choice((*FRUIT, TEAL, BRICK)), warm, 0.2))
            at += bw + r.uniform(2, 7)
        c.rect(x, low, w, 5, rgb("#8a5a34"))
    c.glow(x + w / 2, y + 20, 180, (255, 246, 214), 0.55)
    c.rect(x, y, 8, h, INK, 120)
    c.rect(x + w / 2 - 4, y, 8, h, mix(TEAL, INK, 0.3))


def signs(s: Sketch, x: float, w: float) -> None:
    """Two columns of boards beside the window."""
    tones = (PAPER, AMBER, rgb("#d7e8df"), BRICK, PAPER, AMBER, PAPER, rgb("#d7e8df"))
    for i in range(8):
        left = x + w * (0.015 if i % 2 == 0 else 0.855)
        y = 384 + (i // 2) * 104
        tone = s.m.on(tones[i], -0.3)
        s.c.rect(left + 3, y + 4, w * 0.13, 88, INK, 110)
        s.c.rect(left, y, w * 0.13, 88, tone)
        ink = PAPER if tone[1] < 120 else INK
        script(s, left + w * 0.014, y + 14, w * 0.105, 22, SCRIPTS[(i * 5 + 1) % 6], ink)
        script(s, left + w * 0.014, y + 50, w * 0.09, 16, SCRIPTS[(i * 5 + 1) % 6], ink)


def crates(s: Sketch, x: float, base: float) -> None:
    c, m, r = s.c, s.m, s.r
    for dx, dy in ((0, 0), (104, 0), (50, -76)):
        c.rect(x + dx, base - 70 + dy, 98, 70, m.on(rgb("#a8794a")))
        for i in range(3):
            c.rect(x + dx, base - 70 + dy + 22 * i, 98, 4, INK, 90)
        tone = r.choice(FRUIT)
        for i in range(7):
            c.oval(
                x + dx + 10 + i * 13,
                base - 72 + dy - 5 * (i % 2),
                11,
                11,
                mix(m.on(tone), PAPER, 0.1 * (i % 2)),
            )


def underpass(s: Sketch) -> None:
    """An underpass: one lamp is dead, the stairs at the end are bright."""
    c, r = s.c, s.r
    v = View(c.w * 0.54, 470, 760, 1.6)
    dark = rgb("#16302f")
    c.rect(0, 0, c.w, 1000, dark)
    end = 34.0
    cuts = [1.6 * 1.17**i for i in range(21)]
    for z0, z1 in reversed(list(pairwise(cuts))):
        z1 = min(z1, end)
        near = math.exp(-(((z0 - 10.5) / 3.5) ** 2)) * 0.22 + 0.82 * (z0 / end) ** 1.8
        tile = mix(mix(TEAL, INK, 0.25), rgb("#e8d7a8"), min(0.92, 0.26 + near * 0.7))
        c.poly(v.wall(-3.2, z0, z1, 0, 3), tile)
        c.poly(v.wall(3.2, z0, z1, 0, 3), mix(tile, INK, 0.22))
        c.poly(v.wall(-3.2, z0, z1, 0.95, 1.2), mix(AMBER, dark, 0.72 - near * 0.6))
        c.poly(v.wall(3.2, z0, z1, 0.95, 1.2), mix(AMBER, dark, 0.78 - near * 0.6))
        c.poly(v.floor(-3.2, 3.2, z0, z1), mix(rgb("#2f3b39"), rgb("#d9c79a"), min(0.9, 0.16 + near * 0.85)))
        c.poly(v.floor(-3.2, 3.2, z0, z1, 3.0), mix(rgb("#1a2c2b"), rgb("#bfae86"), min(0.8, near * 0.7)))
    for i in range(46):
        z = 1.9 + i * 0.7
        for x in (-3.2, 3.2):
            c.line([v.at(x, 0, z), v.at(x, 3, z)], INK, 1.3, 70)
    for i in range(1, 10):
        for x in (-3.2, 3.2):
            c.line([v.at(x, 0.32 * i, 1.6), v.at(x, 0.32 * i, end)], INK, 1.2, 60)
    daylight(s, v, end)
    for z in (3.2, 6.2, 9.6, 13.5, 18.5, 24.0):
        alive = z not in (6.2, 13.5)
        c.poly(v.floor(-0.9, 0.9, z, z * 1.13, 2.96), rgb("#fff1c4") if alive else rgb("#2b4341"))
        c.line([*v.floor(-0.9, 0.9, z, z * 1.13, 2.96), v.at(-0.9, 2.96, z)], INK, 2)
        if alive:
            spot = v.at(0, 2.9, z)
            c.glow(spot[0], spot[1], 300 + 900 / z, rgb("#ffe3a0"), 0.34)
            c.glow(*v.at(0, 0, z * 1.05), 900 / z, rgb("#ffe3a0"), 0.2)
    scrawl(s, v)
    low = v.at(0, 0, end)[1]
    shapes = [
        blob(r, v.x - 40, 720, 250, 24, 0.16),
        blob(r, v.x + 150, 860, 330, 46, 0.14),
        blob(r, v.x - 330, 930, 220, 30),
    ]
    c.mirror(low, shapes, TEAL, 215)
    for i in range(s.people + 1):
        z = 19 + 4 * i
        spot = v.at(0.9 - 1.9 * i, 0, z)
        h = 760 * 1.72 / z
        c.veil(
            [
                [
                    (spot[0] - 5, spot[1]),
                    (spot[0] + 5, spot[1]),
                    (spot[0] + 22, spot[1] + h),
                    (spot[0] - 22, spot[1] + h),
                ]
            ],
            INK,
            120,
            3,
        )
        person(s, spot[0], spot[1], h, True)
    c.veil([[(0, 0), (c.w, 0), (c.w, 60), (0, 30)], [(0, 0), (50, 0), (30, 1000), (0, 1000)]], INK, 120, 30)


def daylight(s: Sketch, v: View, end: float) -> None:
    c = s.c
    c.poly(v.front(-3.2, 3.2, 0, 3, end), rgb("#f6e7b8"))
    c.glow(*v.at(0, 1.7, end), 330, rgb("#fff3cc"), 0.85)
    for i in range(9):
        y0 = i * 0.22
        c.poly(v.front(-2.4, 2.4, y0, y0 + 0.1, end), mix(rgb("#b79f6c"), rgb("#f6e7b8"), i / 9))
    for x in (-2.4, 0.0, 2.4):
        c.line([v.at(x, 0.5, end), v.at(x, 2.6, end)], TEAL, 2)


def scrawl(s: Sketch, v: View) -> None:
    """Loops of spray paint that say nothing, and torn posters."""
    c, r = s.c, s.r
    for z0, z1, tone in ((4.2, 6.4, AMBER), (8.5, 11.8, BRICK)):
        loop = []
        for i in range(70):
            t = i / 69
            z = z0 + (z1 - z0) * t
            loop.append(
                v.at(3.18, 1.95 + 0.42 * math.sin(t * 26) + 0.12 * math.cos(t * 9), z + 0.16 * math.cos(t * 26))
            )
        c.line(loop, mix(tone, INK, 0.25), 9 if z0 < 5 else 5)
    for i in range(4):
        z = 3.4 + i * 1.25
        sheet = v.wall(-3.18, z, z + 0.85, 1.35, 2.4 - 0.1 * r.random())
        c.poly(sheet, mix(r.choice((PAPER, AMBER, rgb("#d7e8df"), BRICK)), rgb("#16302f"), 0.42))
        for row in range(4):
            y = 1.5 + 0.2 * row
            c.line([v.at(-3.17, y, z + 0.12), v.at(-3.17, y, z + r.uniform(0.4, 0.7))], INK, 3, 150)


def viewpoint(s: Sketch) -> None:
    """The river, its bridges and the roofs from the edge of a park."""
    c, m, r = s.c, s.m, s.r
    sky(s, 520, (c.w * 0.64, 270))
    for i in range(3):
        points: list[Point] = [(0, 600)]
        for x in range(0, round(c.w) + 40, 30):
            points.append((x, 440 + 34 * i - 34 * math.sin(x * 0.0042 + i * 1.7) - 14 * math.sin(x * 0.013 + i)))
        c.poly([*points, (c.w + 40, 600)], mix(m.on(rgb("#3f6f73")), m.sky[2], 0.66 - 0.16 * i))
    skyline(s, 560)
    water = (mix(m.sky[2], m.sky[1], 0.2), mix(m.sky[1], TEAL, 0.35), mix(m.sky[0], TEAL, 0.4))
    c.fade(0, 556, c.w, 250, water)
    c.mirror(556, [[(0, 556), (c.w, 556), (c.w, 806), (0, 806)]], water[1], 120)
    for _ in range(70):
        y = 562 + 240 * r.random() ** 1.5
        x = c.w * 0.64 + r.gauss(0, 1) * (30 + (y - 556) * 0.7)
        c.line([(x, y), (x + 14 + (y - 556) * 0.16, y)], m.sun, 2.4, 130)
    for i, (y, u) in enumerate(((592, 0.5), (652, 0.9), (745, 1.6))):
        bridge(s, y, u, i)
    for i in range(16):
        roofs(s, i)
    for share in (-0.01, 0.1, 0.93, 1.02):
        tree(s, c.w * share, 985, r.uniform(330, 470), rgb("#2f6b57"))
    c.rect(0, 955, c.w, 45, m.on(rgb("#4a4d44")))
    iron = mix(TEAL, INK, 0.6)
    c.rect(0, 868, c.w, 11, iron)
    for i in range(int(c.w / 34) + 1):
        c.rect(i * 34, 870, 5, 92, iron)
    c.rect(0, 948, c.w, 9, iron)
    for i in range(s.people):
        person(s, c.w * (0.36 + 0.09 * i), 1010, 300, True)
    if m.wet:
        rainfall(s)


def skyline(s: Sketch, base: float) -> None:
    c, m, r = s.c, s.m, s.r
    shift = r.randint(0, 2)
    for layer in range(2):
        tone = mix(m.on(rgb("#6d5a5c")), m.sky[1], 0.55 - 0.25 * layer)
        x = -20.0
        while x < c.w:
            w, h = r.uniform(26, 70), r.uniform(26, 66) + 22 * (1 - layer)
            c.rect(x, base - h, w, h, tone)
            c.poly(
                [(x - 2, base - h), (x + w + 2, base - h), (x + w * 0.5, base - h - w * 0.36)],
                mix(m.on(BRICK), tone, 0.35),
            )
            for i in range(int(w / 15)):
                if r.random() < 0.35 + m.lit_share * 0.6:
                    c.rect(x + 5 + i * 14, base - h + 12 + 16 * r.randint(0, 1), 5, 7, mix(m.lit, tone, 0.15))
            x += w
        for i in range(4):
            tower(
                s,
                c.w * (0.1 + 0.24 * i + 0.09 * layer),
                base,
                r.uniform(110, 200),
                (2 * i + layer + shift) % 3,
                tone,
            )


def tower(s: Sketch, x: float, base: float, h: float, style: int, tone: Rgb) -> None:
    c = s.c
    cap = mix(tone, TEAL, 0.5)
    c.rect(x - 11, base - h, 22, h, tone)
    if style == 0:
        c.poly([(x - 13, base - h), (x + 13, base - h), (x, base - h - 80)], cap)
        for dx in (-11, 11):
            c.poly([(x + dx - 4, base - h), (x + dx + 4, base - h), (x + dx, base - h - 30)], cap)
    elif style == 1:
        c.poly(
            [
                (x - 34, base),
                (x - 34, base - h * 0.6),
                *arc(x, base - h * 0.6, 34, 44, 180, 360),
                (x + 34, base),
            ],
            cap,
        )
        c.rect(x - 6, base - h * 0.6 - 66, 12, 26, tone)
        c.poly([(x - 8, base - h * 0.6 - 64), (x + 8, base - h * 0.6 - 64), (x, base - h * 0.6 - 94)], cap)
    else:
        c.oval(x, base - h - 6, 15, 17, cap)
        c.poly([(x - 4, base - h - 18), (x + 4, base - h - 18), (x, base - h - 54)], cap)


def bridge(s: Sketch, y: float, u: float, index: int) -> None:
    c, m = s.c, s.m
    stone = mix(m.on(rgb("#a88a6a")), m.sky[1], 0.5 - 0.2 * index)
    span = 150 * u
    count = int(c.w / span) + 2
    offset = -span * (0.3 + 0.23 * index)
    c.rect(0, y - 18 * u, c.w, 13 * u, stone)
    for i in range(count):
        x = offset + i * span
        c.poly(
            [
                (x, y - 8 * u),
                (x + span, y - 8 * u),
                (x + span, y + 16 * u),
                *reversed(arc(x + span / 2, y + 16 * u, span * 0.41, 21 * u, 180, 360)),
                (x, y + 16 * u),
            ],
            stone,
        )
        c.oval(x, y + 17 * u, span * 0.11, 5 * u, mix(stone, m.shadow, 0.3))
        c.rect(x - 1.5 * u, y - 34 * u, 2.4 * u, 16 * u, mix(stone, INK, 0.5))
        if s.light != "day":
            c.glow(x, y - 35 * u, 20 * u, m.lit, 0.9)
    c.rect(0, y - 19 * u, c.w, 2.6 * u, mix(stone, PAPER, 0.4))


def roofs(s: Sketch, i: int) -> None:
    """Houses at the foot of the slope, only their upper halves."""
    c, m, r = s.c, s.m, s.r
    w = r.uniform(120, 200)
    x = c.w * i / 15 - 90
    y = 800 + 50 * math.sin(i * 1.9)
    wall = s.wall()
    tile = m.on(r.choice((rgb("#b2543a"), rgb("#9a4532"), rgb("#c26a48"))))
    c.rect(x, y, w, 230, wall)
    c.rect(x + w * 0.68, y, w * 0.32, 230, m.shadow, 44)
    c.poly([(x - 8, y + 4), (x + w + 8, y + 4), (x + w * 0.8, y - 66), (x + w * 0.2, y - 66)], tile)
    c.poly(
        [(x + w * 0.62, y + 4), (x + w + 8, y + 4), (x + w * 0.8, y - 66), (x + w * 0.62, y - 66)],
        m.shadow,
        50,
    )
    for k in range(1, 4):
        c.line([(x + w * 0.05 * k, y + 4 - k * 17), (x + w - w * 0.05 * k, y + 4 - k * 17)], m.shadow, 1.3, 60)
    c.rect(x + w * 0.3, y - 92, 15, 40, m.on(rgb("#8a5a48")))
    c.rect(x + w * 0.44, y - 46, 22, 26, s.pane())
    for k in range(3):
        c.rect(x + w * (0.12 + 0.28 * k), y + 24, w * 0.15, 34, s.pane())


def windows(s: Sketch) -> None:
    """One front in the evening, a different life behind every window."""
    c, m, r = s.c, s.m, s.r
    wall = m.on(r.choice(WALLS[:3]), -0.2)
    c.rect(0, 0, c.w, 1000, wall)
    c.veil([[(c.w * 0.5, -20), (c.w * 1.1, -20), (c.w * 1.1, 760)]], m.shadow, 60, 14)
    trim = mix(wall, m.on(PAPER), 0.62)
    cols = max(2, round(c.w / 370))
    step = c.w / cols
    things = ["plants", "lamp", "cat", "books", "laundry", "globe", "figure"]
    r.shuffle(things)
    for row in range(3):
        y = 70 + row * 318
        c.rect(0, y + 262, c.w, 12, trim)
        c.rect(0, y + 274, c.w, 6, m.shadow, 60)
        for col in range(cols):
            x = step * col + step * 0.5 - 88
            thing = things[(row * (cols | 1) + col) % len(things)]
            dark = s.light == "day" or r.random() < 0.22
            big_window(s, x, y, thing, dark, trim)
    pipe = step * r.randint(1, cols - 1)
    c.rect(pipe - 9, 0, 18, 1000, m.on(rgb("#5f7f78")))
    c.rect(pipe + 3, 0, 6, 1000, m.shadow, 90)
    for y in (180, 500, 820):
        c.rect(pipe - 14, y, 28, 13, m.on(rgb("#47655f")))
    if m.wet:
        rainfall(s)


def big_window(s: Sketch, x: float, y: float, thing: str, dark: bool, trim: Rgb) -> None:
    c, m, r = s.c, s.m, s.r
    w, h = 176.0, 218.0
    c.rect(x - 26, y - 22, w + 52, h + 36, trim)
    c.poly([(x - 36, y - 22), (x + w / 2, y - 58), (x + w + 36, y - 22)], mix(trim, m.shadow, 0.1))
    c.rect(x - 36, y - 24, w + 72, 9, mix(trim, PAPER, 0.35))
    glass = mix(m.pane, m.sky[1], 0.1) if dark else mix(m.lit, r.choice((AMBER, PAPER, BRICK)), r.uniform(0.05, 0.4))
    if not dark:
        c.glow(x + w / 2, y + h / 2, 230, m.lit, 0.3)
    c.rect(x, y, w, h, glass)
    if not dark:
        c.glow(x + w * 0.5, y + 40, 110, (255, 244, 210), 0.5)
    ink = mix(glass, INK, 0.72)
    belongings(s, x, y, thing, ink, glass)
    c.rect(x, y, w, 14, m.shadow, 90)
    if dark:
        c.poly(
            [(x, y + h), (x, y + h * 0.55), (x + w * 0.75, y), (x + w, y), (x + w, y + 24), (x + 30, y + h)],
            PAPER,
            26,
        )
    c.rect(x + w / 2 - 6, y, 12, h, mix(trim, PAPER, 0.3))
    c.rect(x, y + 66, w, 9, mix(trim, PAPER, 0.3))
    c.rect(x - 38, y + h + 12, w + 76, 15, trim)
    c.rect(x - 38, y + h + 27, w + 76, 7, m.shadow, 90)


def belongings(s: Sketch, x: float, y: float, thing: str, ink: Rgb, glass: Rgb) -> None:
    c, m, r = s.c, s.m, s.r
    low = y + 218
    brick, teal = mix(BRICK, ink, 0.2), mix(TEAL, ink, 0.1)
    if thing == "plants":
        potted_plants(s, x, low, ink)
    elif thing == "cat":
        c.poly(arc(x + 58, low, 35, 66, 180, 360), ink)
        c.oval(x + 58, low - 76, 22, 20, ink)
        for dx in (-13, 13):
            c.poly(
                [(x + 58 + dx - 8, low - 88), (x + 58 + dx + 8, low - 88), (x + 58 + dx * 1.25, low - 108)],
                ink,
            )
        c.line(smooth([(x + 88, low - 6), (x + 122, low - 16), (x + 126, low - 46)]), ink, 9)
    elif thing == "lamp":
        c.rect(x + 126, low - 96, 6, 96, ink)
        c.poly([(x + 106, low - 134), (x + 152, low - 134), (x + 166, low - 92), (x + 92, low - 92)], brick)
        c.rect(x + 16, low - 52, 66, 52, teal)
        c.rect(x + 22, low - 92, 54, 44, mix(teal, PAPER, 0.2))
    elif thing == "books":
        for row in range(2):
            at = x + 6
            while at < x + 160:
                bw, bh = r.uniform(9, 19), r.uniform(38, 62)
                c.rect(at, low - 8 - row * 76 - bh, bw, bh, mix(r.choice((*CLOTHES, *FRUIT)), ink, 0.25))
                at += bw + 2
            c.rect(x, low - 8 - row * 76, 176, 7, ink)
    else:
        more_belongings(s, x, low, thing, ink, glass)
    if thing in ("curtain", "lamp", "figure"):
        cloth = mix(m.on(r.choice((PAPER, AMBER, BRICK)), -0.2), glass, 0.3)
        for a, b, q in ((0, 62, 26), (176, 114, 150)):
            c.poly([(x + a, y), (x + b, y), (x + q, low - 70), (x + q + (b - a) * 0.1, low), (x + a, low)], cloth)


def potted_plants(s: Sketch, x: float, low: float, ink: Rgb) -> None:
    c, r = s.c, s.r
    green, brick = mix(rgb("#2f6b57"), ink, 0.25), mix(BRICK, ink, 0.2)
    for dx in (30, 92, 142):
        c.poly([(x + dx - 17, low - 34), (x + dx + 17, low - 34), (x + dx + 12, low), (x + dx - 12, low)], brick)
        for lean in (-30, -16, 0, 15, 29):
            tip = (x + dx + lean, low - 78 - 26 * r.random())
            c.line(smooth([(x + dx, low - 34), (x + dx + lean * 0.3, low - 62), tip]), green, 6)


def more_belongings(s: Sketch, x: float, low: float, thing: str, ink: Rgb, glass: Rgb) -> None:
    c, r = s.c, s.r
    if thing == "laundry":
        c.line([(x, low - 118), (x + 176, low - 110)], ink, 3)
        for i in range(4):
            tone = mix(r.choice((*FRUIT, TEAL, PAPER)), glass, 0.15)
            left, top = x + 10 + i * 41, low - 116
            c.poly(
                [
                    (left, top),
                    (left + 34, top + 2),
                    (left + 32, top + 58 + 14 * (i % 2)),
                    (left + 2, top + 56 + 14 * (i % 2)),
                ],
                tone,
            )
            c.rect(left + 4, top - 5, 4, 10, ink)
    elif thing == "globe":
        c.oval(x + 112, low - 66, 40, 40, mix(TEAL, glass, 0.2))
        c.poly(blob(r, x + 104, low - 74, 17, 13, 0.3), mix(AMBER, glass, 0.2))
        c.poly(blob(r, x + 126, low - 52, 12, 14, 0.3), mix(AMBER, glass, 0.2))
        c.line(arc(x + 112, low - 66, 48, 48, -60, 120), ink, 4)
        c.rect(x + 84, low - 10, 56, 10, ink)
        c.rect(x + 18, low - 24, 52, 24, mix(BRICK, ink, 0.3))
        c.rect(x + 24, low - 40, 42, 16, mix(TEAL, ink, 0.3))
    else:
        c.oval(x + 88, low - 112, 24, 29, ink)
        c.poly([*arc(x + 88, low - 18, 58, 62, 180, 360), (x + 146, low), (x + 30, low)], ink)


PAINTERS: dict[str, Callable[[Sketch], None]] = {
    "street": street,
    "tram_stop": tram_stop,
    "market": market,
    "station": station,
    "bench": bench,
    "ticket": ticket,
    "stairs": stairs,
    "library": library,
    "playground": playground,
    "kiosk": kiosk,
    "underpass": underpass,
    "viewpoint": viewpoint,
    "windows": windows,
}


# --- from a scene to a file ---------------------------------------------------------------------------------

# What must be done to upright pixels so that the tag, once applied, turns them upright again.
STORED: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def paint(scene: Scene) -> Image.Image:
    """The upright picture, without a file around it."""
    mood = MOODS[scene.light]
    chance = random.Random(f"{scene.painter}:{scene.seed}")  # noqa: S311 (a drawing keeps no secret)
    canvas = Canvas(scene.width, scene.height)
    PAINTERS[scene.painter](Sketch(canvas, mood, chance, scene.people, scene.light))
    return finish(canvas.image.reduce(OVERSAMPLING), mood, chance)


def finish(image: Image.Image, mood: Mood, chance: random.Random) -> Image.Image:
    """One tone over everything, darker corners, and the grain of printed paper."""
    image = Image.blend(image, Image.new("RGB", image.size, mood.grade), 0.07)
    corner = Image.radial_gradient("L").point([round(max(0, v - 120) * 0.42) for v in range(256)])
    image.paste(mood.shadow, (0, 0), corner.resize(image.size, Image.Resampling.BILINEAR))
    side = 256
    grain = Image.frombytes("L", (side, side), chance.randbytes(side * side)).filter(ImageFilter.GaussianBlur(0.8))
    grain = grain.point([round(128 + (v - 128) * 0.11) for v in range(256)])
    sheet = Image.new("L", image.size)
    for x in range(0, image.width, side):
        for y in range(0, image.height, side):
            sheet.paste(grain, (x, y))
    return ImageChops.overlay(image, Image.merge("RGB", (sheet, sheet, sheet)))


def exif_of(scene: Scene) -> Image.Exif:
    exif = Image.Exif()
    moment = scene.taken.strftime("%Y:%m:%d %H:%M:%S")
    exif[0x010E] = DESCRIPTION
    exif[0x010F] = MAKE
    exif[0x0110] = MODEL
    exif[0x0112] = scene.orientation
    exif[0x0131] = SOFTWARE
    exif[0x8769] = {0x9003: moment, 0x9011: OFFSET}
    if scene.position is not None:
        exif[0x8825] = gps_of(*scene.position)
    return exif


def gps_of(latitude: float, longitude: float) -> dict[int, object]:
    return {
        0: b"\x02\x03\x00\x00",
        1: "N" if latitude >= 0 else "S",
        2: sexagesimal(latitude),
        3: "E" if longitude >= 0 else "W",
        4: sexagesimal(longitude),
        18: "WGS-84",
    }


def sexagesimal(angle: float) -> tuple[float, float, float]:
    """Degrees, minutes, seconds; the hundredth of a second is about 30 cm."""
    hundredths = round(abs(angle) * 360_000)
    minutes, rest = divmod(hundredths, 6_000)
    return float(minutes // 60), float(minutes % 60), rest / 100


def draw(scene: Scene) -> bytes:
    """The file: the same bytes for the same scene and the same libraries."""
    image = paint(scene)
    if scene.orientation in STORED:
        image = image.transpose(STORED[scene.orientation])
    exif = exif_of(scene)
    out = io.BytesIO()
    if scene.file == "heic":
        heic = pillow_heif.from_pillow(image)
        heic.save(out, quality=HEIC_QUALITY, exif=exif.tobytes(), enc_params=HEIC_ENCODER)
    else:
        image.save(out, "JPEG", quality=JPEG_QUALITY, exif=exif.tobytes())
    return out.getvalue()
