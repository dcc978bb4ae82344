"""What is drawn on, and the camera that puts metres on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from webapp.demo.scenes.moods import PAPER, Rgb
from webapp.demo.scenes.shapes import Point

LARGE = 5_000_000  # pixels; nobody sees the steps of edges in a picture of more


class Canvas:
    """1,000 units high, as wide as the picture's shape asks for, y pointing down."""

    def __init__(self, width: int, height: int) -> None:
        self.times = 1 if width * height > LARGE else 2  # drawn at twice the size, every edge is smooth
        self.k = self.times * height / 1000
        self.w = 1000 * width / height
        self.image = Image.new("RGB", (width * self.times, height * self.times), PAPER)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def cut(self, width: int, height: int, x: float, y: float) -> None:
        """Keeps so many pixels of the finished picture; x and y, 0 to 1, say which."""
        wide, high = width * self.times, height * self.times
        left, top = round((self.image.width - wide) * x), round((self.image.height - high) * y)
        self.image = self.image.crop((left, top, left + wide, top + high))

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

    def fade(self, y: float, h: float, top: Rgb, middle: Rgb, bottom: Rgb) -> None:
        """A vertical run of three colours, as wide as the picture."""
        strip = ImageOps.colorize(Image.linear_gradient("L").resize((1, 256)), top, bottom, middle)
        size = (self.image.width, max(1, round(h * self.k)))
        self.image.paste(strip.resize(size, Image.Resampling.BILINEAR), (0, round(y * self.k)))

    def glow(self, x: float, y: float, r: float, colour: Rgb, strength: float) -> None:
        """Soft round light."""
        k, size = self.k, 256
        side = max(2.0, 2 * r * k)
        left, top = (x - r) * k, (y - r) * k
        box = max(0, round(left)), max(0, round(top))
        end = min(self.image.width, round(left + side)), min(self.image.height, round(top + side))
        if end[0] <= box[0] or end[1] <= box[1]:
            return
        seen = [
            (edge - start) * size / side for edge, start in zip((*box, *end), (left, top, left, top), strict=True)
        ]
        part = tuple(min(float(size), max(0.0, edge)) for edge in seen)
        fall = [round(255 * strength * max(0.0, 1 - v / 180) ** 2) for v in range(size)]
        mask = Image.radial_gradient("L").point(fall)
        mask = mask.resize(
            (end[0] - box[0], end[1] - box[1]), Image.Resampling.BILINEAR, (part[0], part[1], part[2], part[3])
        )
        self.image.paste(colour, box, mask)

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
        low_box, top = (0, line, *size), line * self.image.height // size[1]
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

    def slope(self, x0: float, x1: float, z0: float, z1: float, y0: float, y1: float) -> list[Point]:
        """A rectangle that runs away from the eye, as a roof does: y0 high at x0, y1 high at x1."""
        return [self.at(x0, y0, z0), self.at(x0, y0, z1), self.at(x1, y1, z1), self.at(x1, y1, z0)]

    def wall(self, x: float, z0: float, z1: float, y0: float, y1: float) -> list[Point]:
        """A slope so steep that it stands."""
        return self.slope(x, x, z0, z1, y0, y1)

    def floor(self, x0: float, x1: float, z0: float, z1: float, y: float = 0.0) -> list[Point]:
        return [self.at(x0, y, z0), self.at(x1, y, z0), self.at(x1, y, z1), self.at(x0, y, z1)]

    def front(self, x0: float, x1: float, y0: float, y1: float, z: float) -> list[Point]:
        """A rectangle that faces the eye."""
        return [self.at(x0, y0, z), self.at(x1, y0, z), self.at(x1, y1, z), self.at(x0, y1, z)]
