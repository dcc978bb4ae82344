import math
from itertools import pairwise

from webapp.demo.scenes.canvas import View
from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, LEAF, PAPER, TEAL, Rgb, mix
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import lamp, tree
from webapp.demo.scenes.trams import tram_front, wires
from webapp.demo.scenes.weather import sky, weather


def street(s: Sketch) -> None:
    """A street with tram tracks that runs to its vanishing point."""
    c, m, r = s.c, s.m, s.r
    v = View(c.w * r.uniform(0.42, 0.5), 560, 760, 1.65)
    sky(s, 600, (v.x + 40, 440))
    for i in range(5):
        h = r.uniform(20, 70)
        c.rect(v.x - 160 + 64 * i, 560 - h, 70, h + 5, mix(m.sky[1], m.shadow, 0.35))
    c.fade(560, 440, mix(m.sky[2], m.on("#8f8d80"), 0.5), m.on("#9b978a"), m.on("#7f7d74"))
    for side in (-1, 1):
        c.poly(v.floor(side * 9, side * 5, 2.2, 200), m.on("#d2c8b0"))
        c.poly(v.floor(side * 5.15, side * 4.95, 2.2, 200), m.on("#efe6d2"))
        for joint in range(3, 60, 2):
            c.line([v.at(side * 9, 0, joint), v.at(side * 5.1, 0, joint)], m.shadow, 1, 45)
    z = 2.4
    while z < 60:
        c.line([v.at(-4.9, 0, z), v.at(4.9, 0, z)], m.shadow, 1.2, 26)
        z *= 1.09
    s.shade(v.floor(0.6, 9, 2, 90), 20 if m.wet else 70, 4)
    street_side(s, v, -1)
    street_side(s, v, 1)
    for x in (-2.5, -1.05, 1.05, 2.5):
        c.poly(v.floor(x - 0.05, x + 0.05, 2, 160), mix(m.on("#5c6064"), m.sky[2], 0.3))
        c.poly(v.floor(x + 0.05, x + 0.09, 2, 160), m.shadow, 110)
    for i in range(9):
        c.poly(v.floor(-4.6 + 1.06 * i, -4.05 + 1.06 * i, 4.3, 6.6), m.on(PAPER), 215)
    wires(s, v)
    tram_front(s, v, -1.78, 19)
    weather(s, 560, 640)
    for i in range(s.people):
        z = 9 + i * 5
        person(s, *v.at(r.choice((-7.2, 6.4, 7.6)), 0, z), 760 * 1.75 / z)


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
        tiles = mix(m.on("#9a4a36"), m.sky[1], min(0.6, z0 / 130))
        c.poly(v.slope(side * 9, side * 12, z0, z1, h, h + 3.6), tiles)
        c.poly(v.wall(side * 9, z0, z1, 0, h), wall)
        wall_windows(s, v, side * 9, (z0, z1), h, wall)
    for z in (58, 42, 30, 21.5, 15.5):
        spot = v.at(side * 6.1, 0, z)
        if z % 1 == 0:
            s.shade(arc(spot[0] + 300 / z, spot[1], 1500 / z, 130 / z, 0, 360), 70, 3)
            tree(s, *spot, 760 * r.uniform(5.6, 7) / z, mix(LEAF, m.sky[1], z / 160))
        elif side > 0:
            lamp(s, *spot, 760 * 5 / z)


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
        lit = mix(m.pane, m.lit, 0.85 if m.lamps else 0.12)
        c.poly(v.wall(x, a - step * 0.18, b + step * 0.18, 0.6, 3.2), lit)
        shine = v.at(x, 0.6, a), v.at(x, 3.2, a + step * 0.25), v.at(x, 3.2, b), v.at(x, 0.6, b - step * 0.25)
        c.poly(shine, PAPER, 34)
        c.poly(v.wall(x, a - step * 0.2, b + step * 0.2, 3.0, 3.5), m.on(s.r.choice((TEAL, BRICK, "#3f4f63"))))
        if s.r.random() < 0.35:
            out = x - math.copysign(1.3, x)
            blind = m.on(s.r.choice((AMBER, BRICK, CREAM)))
            c.poly(v.slope(x, out, a - 0.3, b + 0.5, 3.4, 2.6), blind)
