from webapp.demo.scenes.canvas import View
from webapp.demo.scenes.houses import house
from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, INK, PAPER, TEAL, mix
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc, around, points, smooth
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import bush, pavement, tree
from webapp.demo.scenes.weather import sky, weather
from webapp.demo.scenes.writing import script

STEPS, RISE, TREAD = 13, 0.19, 0.42
TOP, BACK = RISE * STEPS, 8.6 + TREAD * STEPS  # the last step: its height, its distance from the eye


def stairs(s: Sketch) -> None:
    """Many steps, no ramp, and a pram at the bottom."""
    c, m = s.c, s.m
    v = View(c.w * 0.5, 380, 800, 3.0)
    sky(s, 420, (c.w * 0.76, 120))
    house(s, c.w * 0.5 - 560, 330, 300, 3, 70, False)
    house(s, c.w * 0.5 + 250, 330, 330, 3, 74, False)
    c.rect(0, 300, c.w, 90, mix(m.on(CREAM), m.sky[1], 0.3))
    tree(s, c.w * 0.5 - 200, 350, 250)
    tree(s, c.w * 0.5 + 210, 350, 210)
    entrance(s, c.w * 0.5, 352)
    pavement(s, 352, m.on("#cfc3a6"), (v.x, 300))
    flight(s, v)
    front = v.at(0, 0, 8.6)[1]
    c.fade(front, 1000 - front, m.on("#cfc3a6"), m.on("#c4b898"), m.on("#ab9f84"))
    for i in range(-9, 10):
        c.line([v.at(i * 1.1, 0, 8.6), v.at(i * 1.1, 0, 3)], m.shadow, 1.3, 50)
    for z in (7.6, 6.7, 5.9, 5.2):
        c.line([(0, v.at(0, 0, z)[1]), (c.w, v.at(0, 0, z)[1])], m.shadow, 1.3, 50)
    cheeks(s, v)
    s.shade(points(0, 0, "0.56 340, 1.1 340, 1.1 1010, 0.86 1010", c.w, 1), 30 if m.wet else 90, 4)
    weather(s, 380, front)
    pram(s, c.w * 0.36, 935)
    for i in range(s.people):
        person(s, *v.at(-1.2 + i * 1.6, 1.4, 11.5), 150, True)


def flight(s: Sketch, v: View) -> None:
    c, m = s.c, s.m
    stone = m.on("#e2d4b2")
    for i in reversed(range(STEPS)):
        y, z = RISE * i, 8.6 + TREAD * i
        c.poly(v.floor(-3.1, 3.1, z, z + TREAD, y + RISE), mix(stone, PAPER, 0.35))
        c.poly(v.front(-3.1, 3.1, y, y + RISE, z), mix(stone, m.shadow, 0.34 - 0.008 * i))
        c.line([v.at(-3.1, y + RISE, z), v.at(3.1, y + RISE, z)], mix(stone, PAPER, 0.7), 1.6)
        if i in (0, STEPS - 1):
            c.poly(v.front(-3.1, 3.1, y + RISE * 0.62, y + RISE, z), m.on(AMBER), 190)


def cheeks(s: Sketch, v: View) -> None:
    """The side walls and the rail in the middle."""
    c, m = s.c, s.m
    for side in (-1, 1):
        wall = mix(m.on(BRICK), m.shadow, 0.05 if side < 0 else 0.3)
        x, out = side * 3.1, side * 9.5
        cap = [v.at(out, 1.0, 8.3), v.at(x, 1.0, 8.3), v.at(x, TOP + 0.9, BACK), v.at(out, TOP + 0.9, BACK)]
        c.poly([v.at(out, 0, 8.3), v.at(x, 0, 8.3), *cap[1:], cap[0]], mix(wall, m.shadow, 0.15))
        c.poly([v.at(x, 0, 8.3), cap[1], cap[2], v.at(x, TOP, BACK)], mix(wall, m.shadow, 0.4))
        c.poly(v.front(out, x, 0, 1.0, 8.3), wall)
        for row in range(7):
            y0 = v.at(0, 0.14 * row, 8.3)[1]
            a, b = sorted((v.at(out, 0, 8.3)[0], v.at(x, 0, 8.3)[0]))
            c.line([(a, y0), (b, y0)], m.on(CREAM), 1.2, 90)
            for j in range(14):
                bx = a + (b - a) * (j + 0.5 * (row % 2)) / 14
                c.line([(bx, y0), (bx, y0 - 13)], m.on(CREAM), 1.2, 80)
        c.poly(cap, mix(m.on(PAPER), wall, 0.3))
        bush(s, *v.at(side * 3.75, 1.0, 8.3), 130)
    iron = mix(TEAL, INK, 0.4)
    c.line([v.at(0, 0.95, 8.4), v.at(0, TOP + 0.95, BACK)], iron, 9)
    for i in range(0, STEPS + 1, 4):
        c.line([v.at(0, RISE * i, 8.6 + TREAD * i), v.at(0, RISE * i + 0.95, 8.6 + TREAD * i)], iron, 7)


def entrance(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    c.rect(x - 150, base - 150, 300, 150, m.on("#c4cdbd"))
    c.rect(x - 166, base - 176, 332, 30, m.on(TEAL))
    script(s, x - 90, base - 170, 180, 17, "latin", PAPER)
    for i in range(4):
        c.rect(x - 128 + 66 * i, base - 124, 56, 124, mix(m.pane, m.lit, 0.7 if m.lamps else 0.25))
        c.rect(x - 128 + 66 * i + 26, base - 124, 4, 124, m.on(PAPER))


def pram(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    s.shade(arc(x + 60, base + 4, 150, 22, 0, 360), 120, 5)
    iron, cloth = mix(INK, TEAL, 0.3), m.on("#1d6a66")
    c.line([(x - 62, base - 40), (x + 46, base - 120)], iron, 8)
    c.line([(x + 62, base - 40), (x - 52, base - 120)], iron, 8)
    c.line(smooth(points(x, base, "70 -150, 130 -205, 160 -200")), iron, 9)
    c.poly([(x - 104, base - 150), (x + 86, base - 150), *arc(x - 9, base - 150, 95, 62, 0, 180)], cloth)
    c.poly([(x - 9, base - 150), *arc(x - 9, base - 150, 98, 98, 180, 275)], mix(cloth, INK, 0.2))
    for a in (205, 232, 256):
        c.line([(x - 9, base - 150), around(x - 9, base - 150, 97, 97, a)], mix(cloth, PAPER, 0.25), 2.5)
    c.rect(x - 106, base - 156, 196, 10, m.on(AMBER))
    for dx in (-62, 62):
        c.oval(x + dx, base - 38, 40, 40, INK)
        c.oval(x + dx, base - 38, 31, 31, mix(m.on(CREAM), m.sky[1], 0.3))
        for i in range(6):
            c.line([(x + dx, base - 38), around(x + dx, base - 38, 33, 33, i * 60)], iron, 2)
        c.oval(x + dx, base - 38, 7, 7, INK)
