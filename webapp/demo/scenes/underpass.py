import math
from itertools import pairwise

from webapp.demo.scenes.canvas import View
from webapp.demo.scenes.moods import AMBER, BRICK, INK, PAPER, TEAL, mix, rgb
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import blob, points
from webapp.demo.scenes.sketch import Sketch

DARK = rgb("#16302f")
END = 34.0  # metres to the stairs


def underpass(s: Sketch) -> None:
    """An underpass: one lamp is dead, the stairs at the end are bright."""
    c, r = s.c, s.r
    v = View(c.w * 0.54, 470, 760, 1.6)
    c.rect(0, 0, c.w, 1000, DARK)
    cuts = [1.6 * 1.17**i for i in range(21)]
    for z0, z1 in reversed(list(pairwise(cuts))):
        z1 = min(z1, END)
        near = math.exp(-(((z0 - 10.5) / 3.5) ** 2)) * 0.22 + 0.82 * (z0 / END) ** 1.8
        tile = mix(mix(TEAL, INK, 0.25), rgb("#e8d7a8"), min(0.92, 0.26 + near * 0.7))
        for x, shade, stripe in ((-3.2, 0.0, 0.72), (3.2, 0.22, 0.78)):
            c.poly(v.wall(x, z0, z1, 0, 3), mix(tile, INK, shade))
            c.poly(v.wall(x, z0, z1, 0.95, 1.2), mix(AMBER, DARK, stripe - near * 0.6))
        c.poly(v.floor(-3.2, 3.2, z0, z1), mix(rgb("#2f3b39"), rgb("#d9c79a"), min(0.9, 0.16 + near * 0.85)))
        c.poly(v.floor(-3.2, 3.2, z0, z1, 3.0), mix(rgb("#1a2c2b"), rgb("#bfae86"), min(0.8, near * 0.7)))
    for x in (-3.2, 3.2):
        for i in range(46):
            z = 1.9 + i * 0.7
            c.line([v.at(x, 0, z), v.at(x, 3, z)], INK, 1.3, 70)
        for i in range(1, 10):
            c.line([v.at(x, 0.32 * i, 1.6), v.at(x, 0.32 * i, END)], INK, 1.2, 60)
    daylight(s, v)
    for z in (3.2, 6.2, 9.6, 13.5, 18.5, 24.0):
        alive = z not in (6.2, 13.5)
        c.poly(v.floor(-0.9, 0.9, z, z * 1.13, 2.96), rgb("#fff1c4") if alive else rgb("#2b4341"))
        c.line([*v.floor(-0.9, 0.9, z, z * 1.13, 2.96), v.at(-0.9, 2.96, z)], INK, 2)
        if alive:
            c.glow(*v.at(0, 2.9, z), 300 + 900 / z, rgb("#ffe3a0"), 0.34)
            c.glow(*v.at(0, 0, z * 1.05), 900 / z, rgb("#ffe3a0"), 0.2)
    scrawl(s, v)
    far, middle = blob(r, v.x - 40, 720, 250, 24, 0.16), blob(r, v.x + 150, 860, 330, 46, 0.14)
    c.mirror(v.at(0, 0, END)[1], [far, middle, blob(r, v.x - 330, 930, 220, 30)], TEAL, 215)
    for i in range(s.people + 1):
        z = 19 + 4 * i
        spot = v.at(0.9 - 1.9 * i, 0, z)
        h = 760 * 1.72 / z
        c.veil([points(*spot, "-5 0, 5 0, 22 1, -22 1", 1, h)], INK, 120, 3)
        person(s, *spot, h, True)
    c.veil([[(0, 0), (c.w, 0), (c.w, 60), (0, 30)], [(0, 0), (50, 0), (30, 1000), (0, 1000)]], INK, 120, 30)


def daylight(s: Sketch, v: View) -> None:
    c = s.c
    c.poly(v.front(-3.2, 3.2, 0, 3, END), rgb("#f6e7b8"))
    c.glow(*v.at(0, 1.7, END), 330, rgb("#fff3cc"), 0.85)
    for i in range(9):
        y0 = i * 0.22
        c.poly(v.front(-2.4, 2.4, y0, y0 + 0.1, END), mix(rgb("#b79f6c"), rgb("#f6e7b8"), i / 9))
    for x in (-2.4, 0.0, 2.4):
        c.line([v.at(x, 0.5, END), v.at(x, 2.6, END)], TEAL, 2)


def scrawl(s: Sketch, v: View) -> None:
    """Loops of spray paint that say nothing, and torn posters."""
    c, r = s.c, s.r
    for z0, z1, tone in ((4.2, 6.4, AMBER), (8.5, 11.8, BRICK)):
        loop = []
        for i in range(70):
            t = i / 69
            z = z0 + (z1 - z0) * t
            y = 1.95 + 0.42 * math.sin(t * 26) + 0.12 * math.cos(t * 9)
            loop.append(v.at(3.18, y, z + 0.16 * math.cos(t * 26)))
        c.line(loop, mix(tone, INK, 0.25), 9 if z0 < 5 else 5)
    for i in range(4):
        z = 3.4 + i * 1.25
        sheet = v.wall(-3.18, z, z + 0.85, 1.35, 2.4 - 0.1 * r.random())
        c.poly(sheet, mix(r.choice((PAPER, AMBER, rgb("#d7e8df"), BRICK)), DARK, 0.42))
        for row in range(4):
            y = 1.5 + 0.2 * row
            c.line([v.at(-3.17, y, z + 0.12), v.at(-3.17, y, z + r.uniform(0.4, 0.7))], INK, 3, 150)
