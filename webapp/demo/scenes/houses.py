"""Fronts of houses that face us."""

from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, FRUIT, INK, PAPER, TEAL, WHITE, Rgb, mix
from webapp.demo.scenes.shapes import arc, points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.writing import SCRIPTS, script


def house(s: Sketch, x: float, base: float, w: float, floors: int, storey: float, shops: bool = True) -> None:
    """The front of a house that faces us."""
    c, r = s.c, s.r
    wall = s.wall()
    trim = mix(wall, s.m.on(PAPER), 0.6)
    height = storey * (floors + 1.1)
    top = base - height
    roof(s, x, top, w, r.randint(0, 2))
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
    if shops:
        c.rect(x, base - storey * 1.08, w, storey * 1.08, mix(wall, s.m.shadow, 0.2))
        shop(s, x + w * 0.06, base, w * 0.88, storey)
    c.rect(x, base - 8, w, 8, s.m.shadow, 90)


def row_of_houses(s: Sketch, base: float, storey: float) -> None:
    x = -s.r.uniform(10, 90)
    while x < s.c.w:
        w = s.r.uniform(190, 300)
        house(s, x, base, w, s.r.randint(3, 5), storey)
        x += w


def roof(s: Sketch, x: float, top: float, w: float, style: int) -> None:
    c, r = s.c, s.r
    tile = s.m.on(r.choice(("#a94f38", "#8d4030", "#4d5a5c")))
    h = w * 0.22 + 24
    for _ in range(r.randint(1, 2)):
        cx = x + w * r.uniform(0.15, 0.8)
        c.rect(cx, top - h - 26, 22, 60, s.m.on("#8a5a48"))
        c.rect(cx - 3, top - h - 30, 28, 7, s.m.on("#6d463a"))
    c.poly(points(x, top, "0 0, 1 0, 0.9 -1, 0.1 -1", w, h), tile)
    c.poly(points(x, top, "0.62 0, 1 0, 0.9 -1, 0.62 -1", w, h), s.m.shadow, 40)
    for i in range(1, 5):
        y = top - h * i / 5
        c.line([(x + w * 0.02 * i, y), (x + w - w * 0.02 * i, y)], s.m.shadow, 1.4, 60)
    if style == 0:
        for i in range(2):
            dx = x + w * (0.25 + 0.36 * i)
            c.poly(points(dx, top, "-8 -0.2, 42 -0.2, 42 -0.65, 17 -0.95, -8 -0.65", 1, h), s.m.on(CREAM))
            c.rect(dx + 6, top - h * 0.6, 22, h * 0.34, s.pane())
    elif style == 1:
        g = x + w / 2
        wall = mix(s.m.on(CREAM), tile, 0.15)
        gable = arc(g, top - h * 0.8, w * 0.13, h * 0.55, 180, 360)
        left, right = points(g, top, "-0.24 0, -0.24 -0.4", w, h), points(g, top, "0.24 -0.4, 0.24 0", w, h)
        c.poly([*left, *gable, *right], wall)
        c.oval(g, top - h * 0.62, w * 0.05, w * 0.05, s.pane())


def window(s: Sketch, x: float, y: float, w: float, h: float, trim: Rgb, arched: bool) -> None:
    """A window of a front that faces us."""
    c = s.c
    pane = s.pane()
    c.rect(x - w * 0.16, y - h * 0.1, w * 1.32, h * 1.14, trim)
    c.rect(x - w * 0.24, y + h * 1.02, w * 1.48, h * 0.07, mix(trim, s.m.shadow, 0.25))
    if arched:
        c.poly(arc(x + w / 2, y - h * 0.06, w * 0.66, h * 0.22, 180, 360), trim)
    else:
        c.rect(x - w * 0.22, y - h * 0.15, w * 1.44, h * 0.07, mix(trim, WHITE, 0.25))
    c.rect(x, y, w, h, pane)
    c.rect(x, y, w, h * 0.12, s.m.shadow, 90)
    if pane[0] < 150:
        c.poly(points(x, y, "0 1, 0 0.5, 0.8 0, 1 0, 1 0.12", w, h), WHITE, 22)
    elif s.r.random() < 0.5:
        c.poly(points(x, y, "0 0, 0.36 0, 0.1 1, 0 1", w, h), PAPER, 150)
        c.poly(points(x, y, "1 0, 0.64 0, 0.9 1, 1 1", w, h), PAPER, 150)
    frame = mix(trim, WHITE, 0.3)
    c.rect(x + w * 0.46, y, w * 0.08, h, frame)
    c.rect(x, y + h * 0.32, w, h * 0.05, frame)
    if s.r.random() < 0.16:
        c.rect(x - w * 0.08, y + h * 0.93, w * 1.16, h * 0.12, s.m.on(BRICK))
        for i in range(5):
            c.oval(x + w * (0.08 + 0.21 * i), y + h * 0.9, w * 0.13, h * 0.07, s.m.on("#4b8a63"))
            c.oval(x + w * (0.08 + 0.21 * i), y + h * 0.87, w * 0.05, h * 0.03, s.m.on(FRUIT[i % 3]))


def shop(s: Sketch, x: float, base: float, w: float, h: float) -> None:
    c, r = s.c, s.r
    dress = s.m.on(r.choice((TEAL, BRICK, "#3f4f63", "#7a2f2a")))
    c.rect(x, base - h, w, h, dress)
    glass = mix(s.m.pane, s.m.lit, 0.75 if s.m.lamps else 0.25)
    door = w * 0.24
    c.rect(x + w * 0.05, base - h * 0.72, w * 0.62, h * 0.6, glass)
    c.poly(points(x, base, "0.1 -0.12, 0.36 -0.72, 0.5 -0.72, 0.24 -0.12", w, h), WHITE, 34)
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
    spread, y1 = drop * 0.3, y + drop
    for i in range(count):
        tone = s.m.on(colour if i % 2 == 0 else CREAM)
        x0, x1 = x + w * i / count, x + w * (i + 1) / count
        b0, b1 = x - spread + (w + 2 * spread) * i / count, x - spread + (w + 2 * spread) * (i + 1) / count
        s.c.poly([(x0, y), (x1, y), (b1, y1), (b0, y1)], tone)
        s.c.poly(arc((b0 + b1) / 2, y1, (b1 - b0) / 2, drop * 0.24, 0, 180, 8), mix(tone, s.m.shadow, 0.15))
    s.c.rect(x - drop * 0.3, y + drop * 1.2, w + drop * 0.6, drop * 0.35, s.m.shadow, 60)
