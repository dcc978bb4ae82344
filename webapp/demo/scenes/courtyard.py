import math

from webapp.demo.scenes.houses import window
from webapp.demo.scenes.moods import AMBER, BRICK, CLOTHES, CREAM, FRUIT, INK, PAPER, TEAL, WALLS, mix
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import points, smooth
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import bush, pavement
from webapp.demo.scenes.weather import sky, weather


def courtyard(s: Sketch) -> None:
    """A yard behind a house: galleries with railings, washing lines, pots and bins."""
    c, m, r = s.c, s.m, s.r
    sky(s, 200, (c.w * 0.3, 60))
    wall = m.on(r.choice(WALLS))
    c.rect(0, 110, c.w, 680, wall)
    c.rect(0, 96, c.w, 18, m.on("#8d4030"))
    s.shade(points(0, 0, "0.55 100, 1.1 100, 1.1 790, 0.8 790", c.w, 1), 40 if m.wet else 80, 10)
    for floor in range(3):
        gallery(s, 160 + floor * 210, mix(wall, PAPER, 0.5))
    pavement(s, 790, m.on("#b9ae98"), (c.w / 2, 560))
    for row in range(2):
        washing(s, 250 + row * 215, r.uniform(20, 44))
    for i in range(3):
        x = c.w * (0.72 + 0.09 * i)
        tone = m.on(("#3f7a5c", "#e7b54a", "#3f6f8a")[i])
        c.round(x, 730, c.w * 0.075, 130, 8, tone)
        c.rect(x - 5, 722, c.w * 0.075 + 10, 16, mix(tone, INK, 0.3))
    for i in range(5):
        x = c.w * (0.05 + 0.09 * i)
        c.poly(points(x, 850, "-30 -46, 30 -46, 22 0, -22 0"), m.on(BRICK))
        bush(s, x, 806, r.uniform(70, 120))
        c.oval(x + 8, 770, 7, 7, m.on(r.choice(FRUIT)))
    for i in range(s.people):
        person(s, c.w * (0.46 + 0.08 * i), 900, 270, True)
    weather(s, 560, 800)


def gallery(s: Sketch, y: float, trim: tuple[int, int, int]) -> None:
    c, m, r = s.c, s.m, s.r
    count = max(3, round(c.w / 230))
    step = c.w / count
    for i in range(count):
        x = step * i + step * 0.2
        if i % 3 == 1:
            c.rect(x, y, step * 0.32, 165, mix(TEAL, m.shadow, 0.3))
            c.rect(x + step * 0.06, y + 16, step * 0.2, 60, s.pane())
        else:
            window(s, x, y + 10, step * 0.38, 96, trim, False)
    c.rect(0, y + 165, c.w, 16, mix(trim, m.shadow, 0.25))
    c.rect(0, y + 181, c.w, 10, m.shadow, 90)
    iron = mix(INK, TEAL, 0.3)
    c.rect(0, y + 84, c.w, 5, iron)
    for i in range(int(c.w / 22) + 1):
        c.rect(i * 22, y + 86, 3, 80, iron)
    for _ in range(4):
        x = r.random() * c.w
        c.round(x, y + 92, 62, 20, 4, m.on(r.choice((BRICK, CREAM))))
        bush(s, x + 31, y + 96, 70)


def washing(s: Sketch, y: float, sag: float) -> None:
    """A line across the yard, and what dries on it."""
    c, m, r = s.c, s.m, s.r
    line = [(c.w * i / 20, y + sag * math.sin(math.pi * i / 20)) for i in range(21)]
    c.line(smooth(line), INK, 2, 190)
    x, drop = c.w * r.uniform(0.06, 0.2), 0.0
    while x < c.w * 0.88:
        drop = y + sag * math.sin(math.pi * x / c.w)
        w, h = r.uniform(44, 96), r.uniform(60, 120)
        tone = m.on(r.choice((*CLOTHES, PAPER, CREAM, AMBER, BRICK)))
        if r.random() < 0.35:
            c.poly(
                points(x, drop, "0 0.1, 0.3 0, 0.7 0, 1 0.1, 0.92 0.4, 0.78 0.34, 0.78 1, 0.22 1, 0.22 0.34", w, h),
                tone,
            )
        else:
            c.poly(points(x, drop, "0 0, 1 0, 1.03 1, 0.5 0.96, -0.03 1", w, h), tone)
            c.poly(points(x, drop, "0.62 0, 1 0, 1.03 1, 0.66 0.97", w, h), m.shadow, 40)
        x += w + r.uniform(8, 40)
