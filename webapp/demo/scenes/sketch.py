"""What every painter gets."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageChops, ImageFilter

from webapp.demo.scenes.canvas import Canvas
from webapp.demo.scenes.moods import AMBER, WALLS, Mood, Rgb, mix
from webapp.demo.scenes.shapes import Point


@dataclass
class Sketch:
    """What every painter gets."""

    c: Canvas
    m: Mood
    r: random.Random
    people: int
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

    def shade(self, shape: Sequence[Point], alpha: int, blur: float) -> None:
        """A shadow on the ground."""
        self.c.veil([shape], self.m.shadow, alpha, blur)

    def glow(self, x: float, y: float, r: float, strength: float) -> None:
        """The light of a lamp, at the hours when lamps are on."""
        if self.m.lamps:
            self.c.glow(x, y, r, self.m.lit, strength)

    def finished(self) -> Image.Image:
        """One tone over everything, darker corners, and the grain of printed paper."""
        image = self.c.image.reduce(self.c.times)
        image = Image.blend(image, Image.new("RGB", image.size, self.m.grade), 0.07)
        corner = Image.radial_gradient("L").point([round(max(0, v - 120) * 0.42) for v in range(256)])
        image.paste(self.m.shadow, (0, 0), corner.resize(image.size, Image.Resampling.BILINEAR))
        side = 256
        grain = Image.frombytes("L", (side, side), self.r.randbytes(side * side))
        grain = grain.filter(ImageFilter.GaussianBlur(0.8)).point([round(128 + (v - 128) * 0.11) for v in range(256)])
        sheet = Image.new("L", image.size)
        for x in range(0, image.width, side):
            for y in range(0, image.height, side):
                sheet.paste(grain, (x, y))
        return ImageChops.overlay(image, Image.merge("RGB", (sheet, sheet, sheet)))
