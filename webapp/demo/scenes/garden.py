import math

from webapp.demo.scenes.houses import row_of_houses
from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, FRUIT, INK, LEAF, TEAL, mix, rgb
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc, around, points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import bush, tree
from webapp.demo.scenes.weather import sky, weather


def garden(s: Sketch) -> None:
    """A garden shared by neighbours: beds in boxes, bean poles, sunflowers, a shed."""
    c, m, r = s.c, s.m, s.r
    sky(s, 480, (c.w * r.uniform(0.2, 0.8), 170))
    row_of_houses(s, 470, 46)
    c.rect(0, 0, c.w, 470, mix(m.sky[1], m.sky[2], 0.4), 70)
    c.fade(466, 534, mix(m.on("#8aab62"), m.sky[2], 0.3), m.on("#84a55e"), m.on("#4f8055"))
    for i in range(6):
        tree(s, c.w * (i / 5) + r.uniform(-40, 40), 500, r.uniform(130, 220))
    shed(s, c.w * r.choice((0.08, 0.7)), 560)
    for i in range(int(c.w / 26) + 1):
        c.poly(points(i * 26, 540, "0 0, 0 -62, 6 -72, 12 -62, 12 0"), m.on(CREAM))
    c.rect(0, 496, c.w, 8, m.on("#d8c9a6"))
    for row, (y, u) in enumerate(((620, 0.55), (740, 0.8), (900, 1.15))):
        for i in range(max(2, round(c.w / (330 * u)))):
            bed(s, i * 340 * u - 60 * row + 20, y, u, row)
    for i in range(3):
        x = c.w * (0.86 + 0.05 * i)
        sunflower(s, x, 980, r.uniform(330, 480))
    can(s, c.w * r.uniform(0.3, 0.5), 975)
    for i in range(s.people):
        person(s, c.w * (0.42 + 0.16 * i), 800, 290)
    weather(s, 480, 700)


def bed(s: Sketch, x: float, y: float, u: float, row: int) -> None:
    c, m, r = s.c, s.m, s.r
    w, d, h = 290 * u, 70 * u, 56 * u
    s.shade([(x, y + d), (x + w, y + d), (x + w + 30 * u, y + d + 26 * u), (x + 10, y + d + 26 * u)], 110, 4)
    c.poly([(x + 22 * u, y - h), (x + w - 22 * u, y - h), (x + w, y), (x, y)], m.on("#5b4634"))
    kind = r.randrange(4)
    for _ in range(14 if kind < 2 else 8):
        px, py = x + w * (0.08 + 0.84 * r.random()), y - h * 0.9 * r.random()
        if kind == 0:
            bush(s, px, py + 6, 62 * u)
        elif kind == 1:
            c.line([(px, py), (px, py - 60 * u)], m.on(LEAF), 4 * u)
            c.oval(px, py - 60 * u, 9 * u, 9 * u, m.on(r.choice(FRUIT)))
        elif kind == 2:
            for a in range(210, 340, 26):
                c.line([(px, py), around(px, py, 34 * u, 44 * u, a)], m.on(r.choice((LEAF, rgb("#7fa85f")))), 6 * u)
        else:
            c.oval(px, py - 12 * u, 26 * u, 19 * u, m.on(mix(LEAF, rgb("#a9c27a"), r.random())))
    if kind == 3 and row:
        for i in range(5):
            px = x + w * (0.14 + 0.18 * i)
            c.line([(px - 16 * u, y), (px + 10 * u, y - 170 * u)], m.on("#a8794a"), 5 * u)
            for j in range(6):
                c.oval(px - 14 * u + 4 * u * j, y - 24 * u * j - 14, 13 * u, 11 * u, m.on(LEAF))
    wood = m.on("#b98a54")
    c.rect(x, y, w, d, wood)
    c.rect(x, y + d * 0.48, w, 3 * u, m.shadow, 90)
    c.rect(x + w * 0.92, y, w * 0.08, d, m.shadow, 40)


def shed(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    c.rect(x, base - 190, 230, 190, m.on(BRICK))
    for i in range(9):
        c.rect(x + i * 26, base - 190, 3, 190, m.shadow, 60)
    c.poly(points(x, base, "-20 -186, 250 -186, 215 -250, 15 -250"), mix(m.on(TEAL), INK, 0.3))
    c.rect(x + 30, base - 140, 70, 140, m.on("#5b3a22"))
    c.rect(x + 130, base - 140, 74, 60, s.pane())


def sunflower(s: Sketch, x: float, base: float, h: float) -> None:
    c, m = s.c, s.m
    c.line([(x, base), (x + 12, base - h)], m.on(LEAF), 9)
    for i in range(4):
        y = base - h * (0.2 + 0.18 * i)
        c.oval(x + (34 if i % 2 else -26), y, 34, 14, m.on(LEAF))
    for i in range(14):
        c.oval(*around(x + 12, base - h, 46, 46, i * 360 / 14), 17, 17, m.on(AMBER))
    c.oval(x + 12, base - h, 32, 32, m.on("#5b3a22"))


def can(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    tone = m.on("#3f6f8a")
    s.shade(arc(x + 50, base, 110, 16, 0, 360), 110, 4)
    c.poly(points(x, base, "0 -96, 100 -96, 110 0, -10 0"), tone)
    c.line([(x + 100, base - 30), (x + 180, base - 110)], tone, 16)
    c.oval(x + 184, base - 116, 22, 14, mix(tone, INK, 0.3))
    loop = [(x - 8 + 52 * math.cos(t / 6) * -1, base - 70 - 44 * math.sin(t / 6)) for t in range(19)]
    c.line(loop, mix(tone, INK, 0.2), 9)
