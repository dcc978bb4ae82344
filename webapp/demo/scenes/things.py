"""Paving, trees, lamps and crates."""

from webapp.demo.scenes.moods import CREAM, FRUIT, INK, LEAF, PAPER, TEAL, Rgb, mix, rgb
from webapp.demo.scenes.shapes import Point, arc, blob, points
from webapp.demo.scenes.sketch import Sketch


def tree(s: Sketch, x: float, base: float, height: float, tone: Rgb = LEAF) -> None:
    c, m, r = s.c, s.m, s.r
    trunk = m.on("#5a4234")
    c.poly(points(x, base, "-0.03 0, 0.03 0, 0.015 -0.6, -0.015 -0.6", height), trunk)
    for dx in (-0.13, 0.14):
        c.line([(x, base - height * 0.38), (x + dx * height, base - height * 0.6)], trunk, height * 0.018)
    dark, mid = m.on(mix(tone, TEAL, 0.55)), m.on(tone)
    lighter = m.on(mix(tone, rgb("#e6d98a"), 0.32))
    spots = [(r.uniform(-0.24, 0.24), r.uniform(-0.86, -0.5), r.uniform(0.13, 0.2)) for _ in range(9)]
    for colour, dx, dy, grow in ((dark, 0.02, 0.025, 1.1), (mid, 0, 0, 1.0), (lighter, -0.04, -0.045, 0.52)):
        for sx, sy, size in spots:
            wide = size * grow * height
            c.poly(blob(r, x + (sx + dx) * height, base + (sy + dy) * height, wide, wide * 0.86), colour)


def bush(s: Sketch, x: float, base: float, width: float) -> None:
    for colour, lift in ((mix(LEAF, TEAL, 0.5), 0.0), (LEAF, 0.14)):
        for i in range(5):
            px = x + (i - 2) * width * 0.2
            size = width * s.r.uniform(0.13, 0.19) * (1 - lift)
            s.c.oval(px, base - size * 0.7 - lift * width * 0.4, size, size * 0.9, s.m.on(colour))


def lamp(s: Sketch, x: float, base: float, height: float) -> None:
    c = s.c
    iron = mix(TEAL, INK, 0.55)
    c.rect(x - height * 0.012, base - height, height * 0.024, height, iron)
    c.rect(x - height * 0.03, base - height * 0.12, height * 0.06, height * 0.12, iron)
    c.line(arc(x + height * 0.09, base - height, height * 0.09, height * 0.07, 180, 340), iron, height * 0.014)
    s.glow(x + height * 0.17, base - height * 0.95, height * 0.6, 0.55)
    c.poly(arc(x + height * 0.17, base - height * 0.96, height * 0.055, height * 0.05, 180, 360), iron)
    bulb = s.m.lit if s.m.lamps else CREAM
    c.poly(arc(x + height * 0.17, base - height * 0.955, height * 0.042, height * 0.04, 0, 180), bulb)


def crates(s: Sketch, x: float, base: float) -> None:
    c, m, r = s.c, s.m, s.r
    for dx, dy in ((0, 0), (104, 0), (50, -76)):
        c.rect(x + dx, base - 70 + dy, 98, 70, m.on("#a8794a"))
        for i in range(3):
            c.rect(x + dx, base - 70 + dy + 22 * i, 98, 4, INK, 90)
        tone = r.choice(FRUIT)
        for i in range(7):
            odd = i % 2
            c.oval(x + dx + 10 + i * 13, base - 72 + dy - 5 * odd, 11, 11, mix(m.on(tone), PAPER, 0.1 * odd))


def pavement(s: Sketch, top: float, colour: Rgb, vanish: Point) -> None:
    """Slabs that run to the vanishing point."""
    c = s.c
    c.fade(top, 1000 - top, mix(colour, s.m.sky[2], 0.25), colour, mix(colour, s.m.shadow, 0.22))
    for i in range(-24, 25):
        x = c.w / 2 + i * c.w / 12
        share = (top - vanish[1]) / (1000 - vanish[1])
        c.line([(vanish[0] + (x - vanish[0]) * share, top), (x, 1000)], s.m.shadow, 1.3, 42)
    depth, i = 1000 - top, 1
    while (y := top + depth / i) > top + 6:
        c.line([(0, y), (c.w, y)], s.m.shadow, 1.3, 42)
        i += 1 if i < 8 else 3
