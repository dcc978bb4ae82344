from webapp.demo.scenes.canvas import View
from webapp.demo.scenes.houses import row_of_houses
from webapp.demo.scenes.moods import (
    AMBER,
    BRICK,
    CLOTHES,
    CREAM,
    FRUIT,
    INK,
    LEAF,
    PAPER,
    RED,
    TEAL,
    WALLS,
    WHITE,
    Rgb,
    mix,
    rgb,
)
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc, points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import bush
from webapp.demo.scenes.weather import rain, sky, weather
from webapp.demo.scenes.writing import SCRIPTS, script


def blocks(s: Sketch) -> None:
    """The front of a block of flats, a different balcony on every floor."""
    c, m, r = s.c, s.m, s.r
    wall = m.on(r.choice(("#d8cfb8", "#c4cdbd", "#cfc0b0", "#b9c4c8")))
    c.rect(0, 0, c.w, 1000, wall)
    cols = max(2, round(c.w / 330))
    step = c.w / cols
    tones = [m.on(r.choice((AMBER, BRICK, "#8fb3a8", "#e7c54a", "#a3bba6"))) for _ in range(2)]
    for row in range(4):
        for col in range(cols):
            x, y = step * col, row * 250
            c.rect(x + 2, y + 2, step - 4, 246, mix(wall, PAPER, 0.12 * ((row + col) % 2)))
            c.line([(x, y), (x + step, y), (x + step, y + 250)], m.shadow, 3, 80)
            if col % 2 == 0:
                balcony(s, x + step * 0.1, y + 30, step * 0.8, tones[row % 2])
            else:
                for i in range(2):
                    flat_window(s, x + step * (0.12 + 0.42 * i), y + 60, step * 0.34, 110)
    s.shade(points(0, 0, "0.62 -10, 1.1 -10, 1.1 1010, 0.94 1010", c.w, 1), 30 if m.wet else 60, 20)
    rain(s)


def flat_window(s: Sketch, x: float, y: float, w: float, h: float) -> None:
    c, m, r = s.c, s.m, s.r
    c.rect(x - 6, y - 6, w + 12, h + 14, mix(m.on(PAPER), m.shadow, 0.1))
    pane = s.pane()
    c.rect(x, y, w, h, pane)
    if r.random() < 0.5:
        c.poly(points(x, y, "0 0, 0.42 0, 0.14 1, 0 1", w, h), m.on(r.choice((PAPER, AMBER, "#d7e8df"))), 170)
    if r.random() < 0.4:
        c.oval(x + w * 0.7, y + h - 16, 18, 20, mix(LEAF, pane, 0.3))
    c.rect(x + w * 0.48, y, 6, h, m.on(PAPER))


def balcony(s: Sketch, x: float, y: float, w: float, tone: Rgb) -> None:
    c, m, r = s.c, s.m, s.r
    c.rect(x, y, w, 200, mix(m.on("#8f8a7c"), m.shadow, 0.35))
    c.rect(x + w * 0.08, y + 24, w * 0.3, 176, mix(m.pane, m.sky[1], 0.1) if r.random() > m.lit_share else m.lit)
    flat_window(s, x + w * 0.5, y + 36, w * 0.38, 80)
    kind = r.randrange(6)
    if kind == 0:
        for i in range(5):
            c.rect(
                x + w * (0.08 + 0.17 * i),
                y + 52,
                w * 0.13,
                r.uniform(60, 110),
                m.on(r.choice((*CLOTHES, PAPER, AMBER))),
            )
        c.line([(x, y + 52), (x + w, y + 50)], INK, 2)
    elif kind == 1:
        c.poly(arc(x + w * 0.76, y + 84, 46, 46, 120, 300), m.on(PAPER))
        c.line([(x + w * 0.76, y + 84), (x + w * 0.9, y + 60)], INK, 5)
    elif kind == 2:
        for i in range(5):
            bush(s, x + w * (0.1 + 0.2 * i), y + 132, w * 0.26)
            c.oval(x + w * (0.12 + 0.2 * i), y + 96, 8, 8, m.on(r.choice(FRUIT)))
    elif kind == 3:
        for dx in (0.28, 0.62):
            c.line(arc(x + w * dx, y + 120, 36, 36, 0, 360), INK, 6)
        c.line(
            points(x, y + 120, f"{w * 0.28} 0, {w * 0.42} -46, {w * 0.62} 0, {w * 0.45} 0, {w * 0.4} -50"),
            m.on(BRICK),
            6,
        )
    elif kind == 4:
        person(s, x + w * 0.56, y + 220, 165, True)
    c.rect(x - 6, y + 124, w + 12, 88, tone)
    for i in range(int(w / 28) + 1):
        c.rect(x - 6 + i * 28, y + 124, 2, 88, m.shadow, 60)
    c.rect(x - 10, y + 118, w + 20, 9, mix(tone, INK, 0.4))
    c.rect(x - 6, y + 212, w + 12, 14, m.shadow, 90)


def bells(s: Sketch) -> None:
    """A panel of door bells: names in several scripts, typed, written by hand, one empty."""
    c, m, r = s.c, s.m, s.r
    wall = m.on(r.choice(WALLS))
    c.rect(0, 0, c.w, 1000, wall)
    for _ in range(70):
        x, y = r.random() * c.w, r.random() * 1000
        c.oval(x, y, r.uniform(3, 40), r.uniform(2, 12), mix(wall, r.choice((PAPER, INK)), 0.12), 120)
    door = r.random() < 0.5
    if c.w > 900:
        x = c.w * (0.68 if door else -0.02)
        c.rect(x, 0, c.w * 0.34, 1000, mix(m.on(TEAL), INK, 0.2))
        for i in range(3):
            c.rect(x + c.w * 0.05, 60 + 320 * i, c.w * 0.24, 260, mix(m.pane, m.lit, 0.5 if m.lamps else 0.1))
        c.rect(x + (14 if door else c.w * 0.3), 470, 18, 150, AMBER)
    w = 520.0 if c.w > 900 else c.w * 0.76
    left = (c.w - w) / 2 + (c.w * 0.14 if not door and c.w > 900 else -c.w * 0.12 if c.w > 900 else 0)
    c.round(left + 14, 104, w, 830, 16, m.shadow, 110)
    c.round(left, 90, w, 830, 16, mix(m.on("#a9aca6"), PAPER, 0.15))
    for side in (left + 22, left + w - 22):
        for y in (116, 894):
            c.oval(side, y, 8, 8, m.on("#6d716c"))
    c.round(left + w * 0.24, 130, w * 0.52, 120, 10, INK)
    for i in range(7):
        c.rect(left + w * 0.28, 146 + i * 14, w * 0.44, 5, mix(INK, PAPER, 0.3))
    empty = r.randrange(12)
    for i in range(12):
        x, y = left + w * (0.07 + 0.46 * (i % 2)), 290 + 102 * (i // 2)
        plate(s, x, y, w * 0.4, i == empty)
    s.glow(left + w / 2, 60, w * 0.8, 0.4)
    c.poly(points(left, 90, f"{w * 0.08} 830, {w * 0.5} 0, {w * 0.66} 0, {w * 0.24} 830"), WHITE, 24)
    for _ in range(s.people):
        c.oval(left + w * 0.9, 980, 60, 90, mix(m.on(r.choice(CLOTHES)), INK, 0.4))


def plate(s: Sketch, x: float, y: float, w: float, empty: bool) -> None:
    c, m, r = s.c, s.m, s.r
    c.oval(x + 26, y + 36, 26, 26, m.on("#5c605c"))
    c.oval(x + 26, y + 34, 20, 20, m.on(CREAM))
    paper = m.on(r.choice((PAPER, PAPER, CREAM, "#f6ef9c", "#d7e8df")))
    c.round(x + 62, y + 6, w - 62, 60, 5, m.on("#4f534f") if empty else paper)
    if empty:
        return
    ink = r.choice((INK, INK, TEAL, BRICK))
    script(s, x + 74, y + 20, (w - 90) * r.uniform(0.6, 1), 30, r.choice(SCRIPTS), ink)
    if r.random() < 0.25:
        c.poly(points(x + 62, y + 6, f"{w - 110} -6, {w - 50} -10, {w - 54} 12, {w - 108} 14"), m.on(AMBER), 190)


def pitch(s: Sketch) -> None:
    """A pitch behind a high fence, one goal, one ball."""
    c, m, r = s.c, s.m, s.r
    v = View(c.w * 0.5, 470, 760, 1.7)
    sky(s, 500, (c.w * r.uniform(0.1, 0.9), 160))
    row_of_houses(s, 520, 66)
    ground = m.on(r.choice(("#a8593f", "#4f8a6a", "#7f9a5a")))
    c.fade(500, 500, mix(ground, m.sky[2], 0.3), ground, mix(ground, m.shadow, 0.25))
    for z in (4.2, 9, 17):
        c.poly(v.floor(-9, 9, z, z + 0.12), m.on(PAPER), 210)
    for x in (-5, 5):
        c.poly(v.floor(x, x + 0.12, 4.2, 17), m.on(PAPER), 210)
    iron = mix(TEAL, INK, 0.5)
    for i in range(int(c.w / 26) + 2):
        c.line([(i * 26, 250), (i * 26 - 26, 290), (i * 26, 330)], iron, 1.2, 110)
        c.line([(i * 26, 250), (i * 26, 520)], iron, 1.4, 120)
    for row in range(9):
        c.line([(0, 256 + row * 32), (c.w, 256 + row * 32)], iron, 1.2, 120)
    for i in range(6):
        c.rect(c.w * i / 5 - 6, 236, 12, 300, iron)
    white = m.on(PAPER)
    frame = [v.at(-2.6, 0, 16), v.at(-2.6, 2.4, 16), v.at(2.6, 2.4, 16), v.at(2.6, 0, 16)]
    c.line(frame, white, 9)
    for i in range(9):
        c.line([v.at(-2.6 + 0.65 * i, 2.4, 16), v.at(-2.6 + 0.65 * i, 0, 17.4)], white, 1.5, 150)
    for i in range(s.people + 1):
        z = 12.5 - 2.2 * i
        s.shade(arc(v.at(-2 + 2.3 * i, 0, z)[0] + 20, v.at(0, 0, z)[1], 60, 9, 0, 360), 110, 3)
        person(s, *v.at(-2 + 2.3 * i, 0, z), 760 * 1.5 / z)
    ball = c.w * r.uniform(0.24, 0.7)
    s.shade(arc(ball + 26, 906, 74, 15, 0, 360), 130, 4)
    c.oval(ball, 866, 46, 46, white)
    for dx, dy in ((0, 0), (-34, -14), (32, -16), (-18, 34), (22, 32)):
        c.oval(ball + dx * 0.9, 866 + dy * 0.9, 12, 12, INK)
    weather(s, 470, 600)


def shelves(s: Sketch) -> None:
    """The aisle of a food hall: jars, sacks, tins, labels in many languages."""
    c, m, r = s.c, s.m, s.r
    v = View(c.w * r.uniform(0.42, 0.58), 440, 820, 1.6)
    c.rect(0, 0, c.w, 1000, mix(m.on("#c9cfc4"), m.lit, 0.2))
    c.poly(v.floor(-2.2, 2.2, 2, 40, 4.4), mix(m.on("#dfe0d4"), PAPER, 0.3))
    c.poly(v.floor(-1.6, 1.6, 1.8, 40), m.on("#b5b0a2"))
    for z in (3, 4.4, 6.4, 9.4, 14, 20):
        c.line([v.at(-1.6, 0, z), v.at(1.6, 0, z)], m.shadow, 1.6, 60)
        c.poly(v.floor(-0.5, 0.5, z, z * 1.14, 4.2), mix(m.lit, WHITE, 0.6))
    c.glow(*v.at(0, 1.5, 26), 240, WHITE, 0.6)
    for side in (-1, 1):
        c.poly(v.wall(side * 1.7, 2, 30, 0, 2.7), mix(m.on("#5b6a66"), INK, 0.25))
        z = 24.0
        while z > 2.2:
            deep = max(0.28, z * 0.06)
            for row in range(5):
                y, tone = 0.16 + 0.52 * row, m.on(r.choice((*FRUIT, TEAL, BRICK, CREAM, AMBER, rgb("#3f6f8a"))))
                tone = mix(tone, m.sky[1], min(0.4, z / 60))
                h = r.uniform(0.26, 0.42)
                c.poly(v.wall(side * 1.62, z - deep * 0.92, z, y, y + h), tone)
                c.poly(v.wall(side * 1.61, z - deep * 0.8, z - deep * 0.15, y + h * 0.3, y + h * 0.62), PAPER, 190)
            z -= deep
        for row in range(6):
            c.poly(v.wall(side * 1.6, 2, 28, 0.08 + 0.52 * row, 0.15 + 0.52 * row), mix(m.on(PAPER), m.shadow, 0.2))
        for z in (12, 7, 4.2):
            a = v.at(side * 1.0, 3.1, z)
            u = 820 / z
            c.rect(a[0] - 0.42 * u, a[1] - 0.16 * u, 0.84 * u, 0.4 * u, m.on(r.choice((TEAL, RED, AMBER)), -0.2))
            script(s, a[0] - 0.34 * u, a[1] - 0.1 * u, 0.68 * u, 0.12 * u, r.choice(SCRIPTS), PAPER)
            script(s, a[0] - 0.34 * u, a[1] + 0.07 * u, 0.5 * u, 0.1 * u, r.choice(SCRIPTS), PAPER)
    for i in range(3):
        x = c.w * r.choice((0.06, 0.8)) + 70 * i
        c.round(x, 850 - 20 * i, 120, 150, 30, m.on(r.choice(("#d8c9a6", "#c59a62"))))
        script(s, x + 20, 910 - 20 * i, 80, 26, r.choice(SCRIPTS), RED)
    for i in range(s.people):
        z = 7 + 3 * i
        person(s, *v.at(-0.4 + 0.8 * i, 0, z), 820 * 1.7 / z, True)
