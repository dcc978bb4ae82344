"""Painting over, in the pixels. What is made of them then knows nothing of what was there."""

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

from webapp.photo.regions import Region, Shape, Style

COLOUR = (38, 44, 43)
MARGIN = 1 / 500  # of the long edge, around each region: a decoder smears colours over the edge of a block
CELLS = 4
"""A mosaic has at most so many cells along a region's longer side.

Networks recognise people in mosaics of 8 x 8 cells and more (McPherson, Shokri, Shmatikov: Defeating Image
Obfuscation with Deep Learning, arXiv:1609.00408, 2016), so these are four times fewer.
"""
LEAST_CELL = 12  # pixels


def paint(image: Image.Image, regions: Sequence[Region], style: Style) -> Image.Image:
    """An RGB picture, painted over in place, and returned."""
    before = image.copy() if style is Style.MOSAIC else image
    for region in regions:
        mask, box = _mask(image.size, region)
        if style is Style.OPAQUE:
            image.paste(COLOUR, box, mask)
        else:
            image.paste(_mosaic(before.crop(box)), box, mask)
    return image


def _mosaic(piece: Image.Image) -> Image.Image:
    """Averages of very large cells, rounded to 32 steps of brightness."""
    width, height = piece.size
    cell = max(LEAST_CELL, math.ceil(max(piece.size) / CELLS))
    cells = max(1, width // cell), max(1, height // cell)
    small = piece.resize(cells, Image.Resampling.BOX).point(lambda value: value & 0xF8 | 4)
    return small.resize(piece.size, Image.Resampling.NEAREST)


def _mask(size: tuple[int, int], region: Region) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """All or nothing for each pixel, and where it lies in the picture: left, top, right, bottom."""
    width, height = size
    margin = max(2.0, max(size) * MARGIN)
    if region.shape is Shape.STROKE:
        points = [(x * width, y * height) for x, y in region.points]
        reach = region.w * max(size) / 2 + margin
        xs, ys = [x for x, _ in points], [y for _, y in points]
        outline = (min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach)
    else:
        right, bottom = (region.x + region.w) * width, (region.y + region.h) * height
        outline = (region.x * width - margin, region.y * height - margin, right + margin, bottom + margin)
    left, top = max(0, math.floor(outline[0])), max(0, math.floor(outline[1]))
    box = (left, top, min(width, math.ceil(outline[2])), min(height, math.ceil(outline[3])))
    mask = Image.new("1", (max(1, box[2] - left), max(1, box[3] - top)))
    draw = ImageDraw.Draw(mask)
    if region.shape is Shape.STROKE:
        moved = [(x - left, y - top) for x, y in points]
        draw.line(moved, fill=1, width=round(2 * reach))
        for x, y in moved:  # round ends and corners
            draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=1)
    else:
        around = (outline[0] - left, outline[1] - top, outline[2] - left, outline[3] - top)
        (draw.ellipse if region.shape is Shape.ELLIPSE else draw.rectangle)(around, fill=1)
    return mask, (left, top, left + mask.width, top + mask.height)
