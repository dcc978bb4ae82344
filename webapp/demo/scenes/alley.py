import math
from itertools import pairwise

from webapp.demo.scenes.canvas import View
from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, INK, TEAL, mix
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc, arch, points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.weather import sky, weather
from webapp.demo.scenes.writing import SCRIPTS, script


def alley(s: Sketch) -> None:
    """A narrow street of cobbles between old houses, lanterns on their walls."""
    c, m, r = s.c, s.m, s.r
    v = View(c.w * r.uniform(0.4, 0.6), 600, 780, 1.6)
    sky(s, 640, (v.x, 250))
    c.poly(
        [(v.x - 60, 604), (v.x - 60, 470), (v.x, 410), (v.x + 60, 470), (v.x + 60, 604)], mix(m.sky[1], m.shadow, 0.4)
    )
    c.fade(604, 396, mix(m.on("#8f8672"), m.sky[2], 0.3), m.on("#857c6a"), m.on("#6d6557"))
    for side in (-1, 1):
        cuts = [1.7]
        while cuts[-1] < 46:
            cuts.append(cuts[-1] + r.uniform(4.5, 8))
        for z0, z1 in reversed(list(pairwise(cuts))):
            front(s, v, side, (z0, z1))
    cobbles(s, v)
    lanterns = [(z, side) for side, zs in ((-1, (30, 15, 7.6)), (1, (21, 10.5))) for z in zs]
    for z, side in sorted(lanterns, reverse=True):
        spot = v.at(side * 2.1, 3.5, z)
        u = 780 / z
        c.line([v.at(side * 2.8, 3.9, z), (spot[0], spot[1] - 0.36 * u)], INK, 0.05 * u)
        s.glow(*spot, 2.6 * u, 0.7)
        s.glow(*v.at(side * 1.5, 0, z), 1.6 * u, 0.3)
        c.poly(points(*spot, "-0.18 -0.3, 0.18 -0.3, 0.12 0.26, -0.12 0.26", u), m.lit if m.lamps else m.on(CREAM))
        c.poly(points(*spot, "-0.24 -0.3, 0.24 -0.3, 0 -0.52", u), INK)
    for i in range(s.people):
        z = 11 + 5 * i
        person(s, *v.at(-0.7 + 1.3 * i, 0, z), 780 * 1.72 / z, True)
    weather(s, 600, 680)


def front(s: Sketch, v: View, side: int, z: tuple[float, float]) -> None:
    c, m, r = s.c, s.m, s.r
    z0, z1 = z
    x, h = side * 2.8, r.uniform(8.5, 12.5)
    haze = min(0.5, z0 / 70)
    wall = mix(mix(s.wall(), m.shadow, 0.1 if side < 0 else 0.3), m.sky[1], haze)
    c.poly(v.slope(x, side * 4.2, z0, z1, h, h + 1.8), mix(m.on("#8d4030"), m.sky[1], haze))
    c.poly(v.wall(x, z0, z1, 0, h), wall)
    c.poly(v.wall(x, z0, z1, 0, 0.7), mix(wall, m.shadow, 0.3))
    trim = mix(wall, CREAM, 0.4)
    count = max(1, int((z1 - z0) / 2.4))
    step = (z1 - z0) / count
    for i in range(count):
        a = z0 + step * (i + 0.3)
        for floor in range(int((h - 3.6) / 2.7)):
            y = 4.0 + 2.7 * floor
            c.poly(v.wall(x, a - 0.12, a + step * 0.42 + 0.12, y - 0.12, y + 1.72), trim)
            c.poly(v.wall(x, a, a + step * 0.42, y, y + 1.6), s.pane())
        if i % 2 == 0:
            c.poly(
                v.wall(x, a - 0.1, a + step * 0.46, 0, 2.3), mix(m.on(r.choice((TEAL, BRICK, "#5b3a22"))), INK, 0.2)
            )
        else:
            c.poly(v.wall(x, a - 0.2, a + step * 0.55, 0.8, 2.4), mix(m.pane, m.lit, 0.85 if m.lamps else 0.15))
    if r.random() < 0.6:
        near = v.at(side * 1.9, 3.0, z0 + 1.2)
        u = 780 / (z0 + 1.2)
        c.rect(near[0] - 0.36 * u, near[1] - 0.36 * u, 0.72 * u, 0.62 * u, m.on(r.choice((AMBER, BRICK, TEAL)), -0.2))
        script(s, near[0] - 0.28 * u, near[1] - 0.2 * u, 0.56 * u, 0.26 * u, r.choice(SCRIPTS), CREAM)


def cobbles(s: Sketch, v: View) -> None:
    c, m = s.c, s.m
    z = 2.2
    while z < 26:
        a, b = v.at(-2.8, 0, z), v.at(2.8, 0, z)
        ring = [(a[0] + (b[0] - a[0]) * i / 16, a[1] + 130 / z * math.sin(math.pi * i / 16)) for i in range(17)]
        c.line(ring, m.shadow, 1.4, 80)
        z *= 1.07
    for i in range(13):
        x = -2.6 + i * 0.43
        c.line([v.at(x, 0, 2.0), v.at(x, 0, 30)], m.shadow, 1.2, 45)
    c.poly(v.floor(-0.2, 0.2, 2.0, 40), m.shadow, 40)


def gateway(s: Sketch) -> None:
    """A dark passage through a house, a bright yard at its end."""
    c, m, r = s.c, s.m, s.r
    wall = mix(m.on(r.choice(("#8a7f6a", "#7d6a58", "#6f7a72"))), INK, 0.35)
    c.rect(0, 0, c.w, 1000, wall)
    x, w = c.w * 0.5, min(c.w * 0.27, 330)
    for i in range(4):
        grow = 1 + 0.22 * (3 - i)
        c.poly(
            arch(x, 430, w * grow, w * grow * 0.9, 790 + 55 * (3 - i)), mix(wall, m.shadow if i % 2 else m.lit, 0.2)
        )
    c.poly(arch(x, 430, w, w * 0.9, 790), m.sky[1])
    c.rect(x - w + 6, 480, w * 2 - 12, 230, s.wall())
    for i in range(4):
        for row in range(2):
            c.rect(x - w * 0.8 + i * w * 0.44, 500 + row * 104, w * 0.24, 70, s.pane())
    c.rect(x - w + 2, 700, w * 2 - 4, 90, m.on("#8aab62"))
    for i in range(5):
        c.oval(x - w * 0.8 + i * w * 0.4, 700, w * 0.16, 38, m.on(mix(TEAL, AMBER, 0.25 + 0.08 * i)))
    c.glow(x, 560, w * 1.5, m.sun, 0.35)
    floor = [(x - w, 790), (x + w, 790), (x + w * 2.2, 1000), (x - w * 2.2, 1000)]
    c.poly(floor, mix(wall, m.lit, 0.3))
    c.veil([[(x - w * 0.9, 790), (x + w * 0.9, 790), (x + w * 1.5, 1000), (x - w * 1.5, 1000)]], m.sun, 110, 10)
    for i in range(9):
        y = 800 + 200 * (i / 9) ** 1.5
        c.line([(x - w * (1 + (y - 790) / 175), y), (x + w * (1 + (y - 790) / 175), y)], INK, 2, 90)
    for i in range(6):
        bx, by = x - w * 1.9 - 110 + 58 * (i % 2), 420 + 86 * (i // 2)
        c.round(bx, by, 52, 76, 4, mix(m.on(CREAM), INK, 0.45))
        c.rect(bx + 8, by + 14, 36, 6, INK)
        script(s, bx + 6, by + 40, 40, 12, SCRIPTS[i], mix(CREAM, INK, 0.2))
    for i in range(s.people):
        person(s, x - w * 0.3 + 120 * i, 850, 330, True)
    c.line(arc(x, 60, 30, 20, 0, 360), INK, 6)
    s.glow(x, 80, 160, 0.6)
