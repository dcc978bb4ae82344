import math

from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, INK, PAPER, RED, TEAL, mix
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc, blob, points, smooth
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import tree
from webapp.demo.scenes.weather import sky, weather


def playground(s: Sketch) -> None:
    """A playground between blocks of flats."""
    c, m, r = s.c, s.m, s.r
    sky(s, 600, (c.w * 0.2, 170))
    x = -60.0
    while x < c.w:
        w = r.uniform(300, 420)
        block_of_flats(s, x, 610, w, r.randint(6, 9))
        x += w + r.uniform(40, 130)
    for share in (0.06, 0.3, 0.47, 0.76, 0.97):
        tree(s, c.w * share, 640, r.uniform(170, 300))
    lawn = m.on("#8aab62")
    c.fade(604, 396, mix(lawn, m.sky[2], 0.35), lawn, m.on("#5b8a55"))
    c.poly(blob(r, c.w * 0.5, 850, c.w * 0.5, 175, 0.05), m.on("#1d6a66"))
    c.poly(blob(r, c.w * 0.5, 845, c.w * 0.47, 158, 0.05), m.on("#d98e4a"))
    for i in range(5):
        c.oval(c.w * (0.18 + 0.16 * i), 862 + 44 * (i % 2), 62, 20, m.on((AMBER, CREAM, BRICK)[i % 3]), 190)
    slide(s, c.w * 0.2, 860)
    swings(s, c.w * 0.58, 850)
    dome(s, c.w * 0.84, 880)
    weather(s, 600, 700)
    for i in range(s.people):
        person(s, c.w * (0.44 + 0.07 * i), 910 + 14 * i, 130)


def block_of_flats(s: Sketch, x: float, base: float, w: float, floors: int) -> None:
    c, m = s.c, s.m
    wall = mix(s.wall(), m.sky[2], 0.3)
    panel = mix(m.on(s.r.choice((TEAL, BRICK, AMBER))), wall, 0.35)
    h = floors * 52 + 20
    c.rect(x, base - h, w, h, wall)
    c.rect(x + w * 0.84, base - h, w * 0.16, h, m.shadow, 34)
    c.rect(x - 4, base - h - 8, w + 8, 10, mix(wall, m.shadow, 0.3))
    count = round(w / 52)
    step = w / count
    for floor in range(floors):
        y = base - h + 18 + floor * 52
        for i in range(count):
            c.rect(x + step * i + 5, y, step - 10, 30, s.pane())
            c.rect(x + step * i + step / 2 - 1.5, y, 3, 30, mix(wall, PAPER, 0.5))
            if i % 3 == 1:
                c.rect(x + step * i + 1, y + 16, step - 2, 24, panel)
                c.rect(x + step * i + 1, y + 38, step - 2, 5, m.shadow, 60)
        c.line([(x, y + 42), (x + w, y + 42)], m.shadow, 1.3, 50)


def slide(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    s.shade(points(x, base, "-90 0, 280 10, 190 56, -200 50"), 100, 5)
    wood, steel = m.on("#a8642c"), m.on("#cfd8d2")
    upper = smooth(points(x, base, "44 -230, 120 -150, 200 -50, 300 -22"))
    c.poly(upper + smooth(points(x, base, "300 -2, 190 -24, 104 -126, 30 -206")), steel)
    c.line(smooth(points(x, base, "44 -238, 120 -160, 204 -62, 304 -34")), m.on(RED), 12)
    for dx in (-80, 40):
        c.rect(x + dx, base - 340, 15, 340, wood)
    c.rect(x - 88, base - 226, 152, 16, wood)
    for i in range(6):
        c.rect(x - 82, base - 40 - i * 34, 24, 8, m.on(AMBER))
    c.line([(x - 92, base), (x - 70, base - 220)], m.on(AMBER), 9)
    for i in range(6):
        c.rect(x - 64 + i * 18, base - 290, 6, 66, m.on(CREAM))
    c.rect(x - 78, base - 296, 130, 9, wood)
    c.poly(points(x, base, "-112 -336, 84 -336, -14 -430"), m.on(TEAL))
    c.poly(points(x, base, "-14 -430, 84 -336, 20 -336"), m.shadow, 70)
    c.rect(x - 112, base - 338, 196, 8, m.on(AMBER))


def swings(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    s.shade(points(x, base, "-190 0, 190 0, 110 26, -270 26"), 66, 5)
    steel = m.on(RED)
    for side in (-1, 1):
        c.line([(x + side * 150, base - 300), (x + side * 205, base + 10)], steel, 13)
        c.line([(x + side * 150, base - 300), (x + side * 122, base - 20)], mix(steel, INK, 0.3), 13)
    c.line([(x - 158, base - 300), (x + 158, base - 300)], steel, 15)
    for sx, lean in ((x - 66, 0.0), (x + 62, 46.0)):
        low = base - 74 - abs(lean) * 0.3
        for dx in (-19, 19):
            c.line([(sx + dx, base - 296), (sx + dx + lean, low)], INK, 2.6)
        c.round(sx - 28 + lean, low, 56, 11, 4, TEAL)


def dome(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    s.shade(arc(x - 40, base + 12, 150, 22, 0, 360), 80, 5)
    tone = m.on(AMBER)
    for reach in (1.0, 0.55, 0.0):
        c.line(arc(x, base, 126 * reach + 1, 170, 180, 360), mix(tone, INK, 0.25 * (1 - reach)), 8)
    for share in (0.32, 0.62, 0.88):
        width = 126 * math.sqrt(1 - share**2)
        c.line(arc(x, base - 170 * share, width, 10, 0, 180), tone, 7)
