import math

from webapp.demo.scenes.moods import BRICK, INK, PAPER, TEAL, Rgb, mix, rgb
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc, arch, points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import tree
from webapp.demo.scenes.weather import rain, sky


def viewpoint(s: Sketch) -> None:
    """The river, its bridges and the roofs from the edge of a park."""
    c, m, r = s.c, s.m, s.r
    sky(s, 520, (c.w * 0.64, 270))
    for i in range(3):
        ridge = [
            (x, 440 + 34 * i - 34 * math.sin(x * 0.0042 + i * 1.7) - 14 * math.sin(x * 0.013 + i))
            for x in range(0, round(c.w) + 40, 30)
        ]
        c.poly([(0, 600), *ridge, (c.w + 40, 600)], mix(m.on("#3f6f73"), m.sky[2], 0.66 - 0.16 * i))
    skyline(s, 560)
    water = (mix(m.sky[2], m.sky[1], 0.2), mix(m.sky[1], TEAL, 0.35), mix(m.sky[0], TEAL, 0.4))
    c.fade(556, 250, *water)
    c.mirror(556, [points(0, 556, "0 0, 1 0, 1 250, 0 250", c.w, 1)], water[1], 120)
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
    c.rect(0, 955, c.w, 45, m.on("#4a4d44"))
    iron = mix(TEAL, INK, 0.6)
    c.rect(0, 868, c.w, 11, iron)
    for i in range(int(c.w / 34) + 1):
        c.rect(i * 34, 870, 5, 92, iron)
    c.rect(0, 948, c.w, 9, iron)
    for i in range(s.people):
        person(s, c.w * (0.36 + 0.09 * i), 1010, 300, True)
    rain(s)


def skyline(s: Sketch, base: float) -> None:
    c, m, r = s.c, s.m, s.r
    shift = r.randint(0, 2)
    for layer in range(2):
        tone = mix(m.on("#6d5a5c"), m.sky[1], 0.55 - 0.25 * layer)
        x = -20.0
        while x < c.w:
            w, h = r.uniform(26, 70), r.uniform(26, 66) + 22 * (1 - layer)
            c.rect(x, base - h, w, h, tone)
            gable = [(x - 2, base - h), (x + w + 2, base - h), (x + w * 0.5, base - h - w * 0.36)]
            c.poly(gable, mix(m.on(BRICK), tone, 0.35))
            for i in range(int(w / 15)):
                if r.random() < 0.35 + m.lit_share * 0.6:
                    c.rect(x + 5 + i * 14, base - h + 12 + 16 * r.randint(0, 1), 5, 7, mix(m.lit, tone, 0.15))
            x += w
        for i in range(4):
            x = c.w * (0.1 + 0.24 * i + 0.09 * layer)
            tower(s, x, base, r.uniform(110, 200), (2 * i + layer + shift) % 3, tone)


def tower(s: Sketch, x: float, base: float, h: float, style: int, tone: Rgb) -> None:
    c = s.c
    cap = mix(tone, TEAL, 0.5)
    c.rect(x - 11, base - h, 22, h, tone)
    if style == 0:
        c.poly(points(x, base - h, "-13 0, 13 0, 0 -80"), cap)
        for dx in (-11, 11):
            c.poly(points(x + dx, base - h, "-4 0, 4 0, 0 -30"), cap)
    elif style == 1:
        c.poly(arch(x, base - h * 0.6, 34, 44, base, 24), cap)
        c.rect(x - 6, base - h * 0.6 - 66, 12, 26, tone)
        c.poly(points(x, base - h * 0.6, "-8 -64, 8 -64, 0 -94"), cap)
    else:
        c.oval(x, base - h - 6, 15, 17, cap)
        c.poly(points(x, base - h, "-4 -18, 4 -18, 0 -54"), cap)


def bridge(s: Sketch, y: float, u: float, index: int) -> None:
    c, m = s.c, s.m
    stone = mix(m.on("#a88a6a"), m.sky[1], 0.5 - 0.2 * index)
    span = 150 * u
    offset = -span * (0.3 + 0.23 * index)
    c.rect(0, y - 18 * u, c.w, 13 * u, stone)
    for i in range(int(c.w / span) + 2):
        x = offset + i * span
        hole = reversed(arc(x + span / 2, y + 16 * u, span * 0.41, 21 * u, 180, 360))
        c.poly([*points(x, y, "0 -8, 150 -8, 150 16", u), *hole, (x, y + 16 * u)], stone)
        c.oval(x, y + 17 * u, span * 0.11, 5 * u, mix(stone, m.shadow, 0.3))
        c.rect(x - 1.5 * u, y - 34 * u, 2.4 * u, 16 * u, mix(stone, INK, 0.5))
        s.glow(x, y - 35 * u, 20 * u, 0.9)
    c.rect(0, y - 19 * u, c.w, 2.6 * u, mix(stone, PAPER, 0.4))


def roofs(s: Sketch, i: int) -> None:
    """Houses at the foot of the slope, only their upper halves."""
    c, m, r = s.c, s.m, s.r
    w = r.uniform(120, 200)
    x = c.w * i / 15 - 90
    y = 800 + 50 * math.sin(i * 1.9)
    wall = s.wall()
    tile = m.on(r.choice(("#b2543a", "#9a4532", "#c26a48")))
    c.rect(x, y, w, 230, wall)
    c.rect(x + w * 0.68, y, w * 0.32, 230, m.shadow, 44)
    c.poly([(x - 8, y + 4), (x + w + 8, y + 4), (x + w * 0.8, y - 66), (x + w * 0.2, y - 66)], tile)
    c.poly([(x + w * 0.62, y + 4), (x + w + 8, y + 4), (x + w * 0.8, y - 66), (x + w * 0.62, y - 66)], m.shadow, 50)
    for k in range(1, 4):
        c.line([(x + w * 0.05 * k, y + 4 - k * 17), (x + w - w * 0.05 * k, y + 4 - k * 17)], m.shadow, 1.3, 60)
    c.rect(x + w * 0.3, y - 92, 15, 40, m.on("#8a5a48"))
    c.rect(x + w * 0.44, y - 46, 22, 26, s.pane())
    for k in range(3):
        c.rect(x + w * (0.12 + 0.28 * k), y + 24, w * 0.15, 34, s.pane())
