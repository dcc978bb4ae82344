from itertools import pairwise

from webapp.demo.scenes.canvas import View
from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, INK, PAPER, TEAL, Rgb, mix
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc, arch, around
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.writing import script

END = 30.0  # metres to the far wall of the hall


def station(s: Sketch) -> None:
    """A station hall under a glass arch."""
    c, m, r = s.c, s.m, s.r
    v = View(c.w * 0.5, 600, 700, 1.7)
    stone = m.on("#e2cfa6")
    c.fade(0, 1000, mix(stone, TEAL, 0.55), stone, mix(stone, m.shadow, 0.3))
    vault(s, v, stone)
    glass_end(s, v)
    floor_tiles(s, v)
    beams = []
    for x in (-8, -3, 2, 7):
        window = v.at(x * 0.8, 12, END), v.at(x * 0.8 + 2.2, 12, END)
        beams.append([*window, v.at(x * 0.7 + 5.4, 0, 9), v.at(x * 0.7 + 1.4, 0, 9)])
    c.veil(beams, m.sun, 84, 10)
    for z in (27, 21.5, 17, 13, 9.6):
        for side in (-1, 1):
            column(s, v, side * 9.5, z, stone)
    board(s, v)
    end = v.at(0, 0, END)[1]
    c.mirror(end, [v.floor(-30, 30, 1.7, END)], stone, 74)
    for i in reversed(range(s.people)):
        traveller(s, v, -2.6 + 2.9 * (i % 3), 11 + i * 4.5)
    for _ in range(3):
        traveller(s, v, r.uniform(-6, 6), r.uniform(20, 28))


def traveller(s: Sketch, v: View, x: float, z: float) -> None:
    """Somebody with a suitcase, against the light."""
    px, py = v.at(x, 0, z)
    h = v.focal * 1.75 / z
    lean = x * 30 / z
    low = py + h * 0.6
    shadow = [(px - h * 0.08, py), (px + h * 0.08, py), (px + h * 0.22 + lean, low), (px - h * 0.22 + lean, low)]
    s.shade(shadow, 90, 3)
    person(s, px, py, h, True)
    case = s.m.on(s.r.choice((BRICK, AMBER)))
    s.c.round(px + h * 0.2, py - h * 0.34, h * 0.2, h * 0.31, h * 0.03, case)
    s.c.line([(px + h * 0.3, py - h * 0.34), (px + h * 0.22, py - h * 0.46)], INK, h * 0.014)


def vault(s: Sketch, v: View, stone: Rgb) -> None:
    """Ribs of the barrel vault, near to far, each smaller and paler."""
    c, m = s.c, s.m
    z, ribs = 5.5, 0
    while z < END:
        middle = v.at(0, 8, z)
        wide, high = v.focal * 11 / z, v.focal * 6.5 / z
        tone = mix(mix(stone, TEAL, 0.45), m.sky[2], min(0.75, z / 60))
        if ribs % 2 == 0:
            tone = mix(tone, m.on(CREAM), 0.55)
        c.poly(arch(*middle, wide, high, v.at(0, 0, z)[1]), tone)
        ribs += 1
        z *= 1.06 if ribs % 2 else 1.2
    for side in (-1, 1):
        wall = mix(m.on(CREAM), m.shadow, 0.1 if side < 0 else 0.28)
        c.poly(v.wall(side * 11, 2, END, 0, 5.2), wall)
        c.poly(v.wall(side * 11, 2, END, 5.2, 5.8), mix(wall, TEAL, 0.5))
        c.poly(v.wall(side * 11, 2, END, 0, 0.9), mix(wall, TEAL, 0.65))
        for i in range(5):
            a = 5 + i * 5
            c.poly(v.wall(side * 10.98, a, a + 2.6, 0.9, 3.6), mix(s.pane(), m.lit, 0.4))
            c.poly(v.wall(side * 10.97, a - 0.2, a + 2.8, 3.6, 4.3), m.on(s.r.choice((TEAL, BRICK, AMBER))))


def glass_end(s: Sketch, v: View) -> None:
    c, m = s.c, s.m
    middle, low = v.at(0, 8, END), v.at(0, 0, END)[1]
    wide, high = v.focal * 10.4 / END, v.focal * 6.2 / END
    c.poly(arch(*middle, wide, high, low), mix(m.sky[2], m.sun, 0.7))
    c.glow(*middle, 330, m.sun, 0.9)
    iron = mix(TEAL, INK, 0.3)
    for i in range(9):
        a = 180 + 180 * i / 8
        c.line([around(*middle, wide * 0.3, high * 0.3, a), around(*middle, wide, high, a)], iron, 2.4)
    for share in (0.3, 0.65, 1.0):
        c.line(arc(*middle, wide * share, high * share, 180, 360), iron, 3)
    for i in range(9):
        x = middle[0] - wide + wide * i / 4
        c.line([(x, middle[1]), (x, low)], iron, 2.4)
    for i in range(4):
        c.line([(middle[0] - wide, middle[1] + i * 30), (middle[0] + wide, middle[1] + i * 30)], iron, 2.2)
    c.rect(middle[0] - wide, low - 34, wide * 2, 34, mix(iron, m.sky[1], 0.2))
    for i in range(4):
        c.rect(middle[0] - 54 + 28 * i, low - 30, 22, 30, m.sun)


def floor_tiles(s: Sketch, v: View) -> None:
    c, m = s.c, s.m
    pale, deep = m.on("#e6d8b8"), m.on("#c9a878")
    c.poly(v.floor(-11, 11, 1.7, END), pale)
    depth = [1.9 * 1.14**i for i in range(25)]
    for i, (a, b) in enumerate(pairwise(depth)):
        if a > END:
            break
        for j in range(-6, 6):
            if (i + j) % 2:
                c.poly(v.floor(j * 1.84, j * 1.84 + 1.84, a, min(b, END)), deep, 120)
    c.poly(v.floor(-0.5, 0.5, 1.7, END), m.on(TEAL), 150)
    for i in range(21):
        a = 1.9 * 1.14**i
        c.oval(*v.at(0, 0, a), 200 / a, 60 / a, m.on(AMBER), 140)


def column(s: Sketch, v: View, x: float, z: float, stone: Rgb) -> None:
    c, m = s.c, s.m
    haze = min(0.5, z / 80)
    tone = mix(mix(m.on(BRICK), stone, 0.35), m.sky[2], haze)
    c.poly(v.front(x - 0.55, x + 0.55, 0, 7.2, z), tone)
    c.poly(v.front(x + 0.15, x + 0.55, 0, 7.2, z), m.shadow, 70)
    c.poly(v.front(x - 0.8, x + 0.8, 0, 0.7, z), mix(tone, TEAL, 0.5))
    c.poly(v.front(x - 0.95, x + 0.95, 6.9, 7.6, z), mix(stone, m.sky[2], haze))
    spot = v.at(x, 4.4, z)
    s.glow(*spot, 1500 / z, 0.55)
    c.oval(*spot, 220 / z, 220 / z, mix(m.lit, PAPER, 0.5))


def board(s: Sketch, v: View) -> None:
    """The departures."""
    c = s.c
    a, b = v.at(-7.4, 7.5, 14), v.at(-1.6, 5.2, 14)
    w, h = b[0] - a[0], b[1] - a[1]
    for dx in (0.2, 0.8):
        c.line([(a[0] + w * dx, a[1]), (a[0] + w * dx, a[1] - 330)], INK, 3)
    c.round(*a, w, h, 8, mix(INK, TEAL, 0.4))
    for row in range(5):
        y = a[1] + h * (0.12 + 0.17 * row)
        for left, wide in ((0.04, 0.12), (0.2, 0.42), (0.68, 0.08), (0.82, 0.14)):
            if s.r.random() < 0.9:
                tone = AMBER if left != 0.68 else CREAM
                script(s, a[0] + w * left, y, w * wide, h * 0.09, "latin", tone)
    x, y = v.at(4.6, 7.2, 14)
    c.line([(x, y), (x, y - 400)], INK, 3)
    c.oval(x, y, 40, 40, INK)
    c.oval(x, y, 34, 34, PAPER)
    c.line([(x, y), (x, y - 25)], INK, 3)
    c.line([(x, y), (x + 17, y + 9)], INK, 4)
