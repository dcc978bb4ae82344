import math

from webapp.demo.scenes.houses import row_of_houses
from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, FRUIT, INK, PAPER, RED, TEAL, WALLS, mix, rgb
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import Point
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import bush, pavement
from webapp.demo.scenes.weather import rain, sky
from webapp.demo.scenes.writing import SCRIPTS, script

PAPERS = (PAPER, CREAM, rgb("#f3cdb5"), rgb("#d7e8df"), AMBER, rgb("#e9e2f0"), BRICK, rgb("#f6ef9c"))


def board(s: Sketch) -> None:
    """A notice board: everybody has pinned something over somebody else's."""
    c, m, r = s.c, s.m, s.r
    if r.random() < 0.5:
        sky(s, 560, (c.w * 0.8, 180))
        row_of_houses(s, 700, 76)
        c.rect(0, 0, c.w, 1000, mix(m.sky[1], m.shadow, 0.2), 90)
    else:
        c.rect(0, 0, c.w, 860, m.on(r.choice(WALLS), 0.1))
    pavement(s, 850, m.on("#c4b898"), (c.w / 2, 500))
    x, w = c.w * 0.1, c.w * 0.8
    wood = m.on("#8a5a34")
    for px in (x + 20, x + w - 48):
        c.rect(px, 100, 28, 800, mix(wood, INK, 0.25))
    s.shade([(x, 880), (x + w, 880), (x + w + 90, 940), (x + 60, 940)], 110, 6)
    c.rect(x - 16, 130, w + 32, 560, wood)
    c.rect(x, 146, w, 528, m.on("#c59a62"))
    c.poly([(x - 60, 132), (x + w + 60, 132), (x + w, 70), (x, 70)], mix(m.on(TEAL), INK, 0.25))
    s.glow(x + w / 2, 150, w * 0.5, 0.35)
    rows = 3
    cols = max(3, round(w / 190))
    for turn in range(2):
        for i in range(rows * cols):
            if turn and r.random() < 0.55:
                continue
            px = x + w * ((i % cols) + 0.5) / cols + r.uniform(-26, 26)
            py = 146 + 528 * ((i // cols) + 0.5) / rows + r.uniform(-20, 20)
            sheet(s, px, py, r.uniform(110, 170), r.uniform(120, 180), r.uniform(-7, 7))
    for i in range(4):
        bush(s, x + w * i / 3, 905, r.uniform(90, 170))
    rain(s)
    for i in range(s.people):
        person(s, c.w * (0.4 + 0.2 * i), 985, 560, True)


def sheet(s: Sketch, x: float, y: float, w: float, h: float, angle: float) -> None:
    """One paper, turned a little, with a pin; some have strips to tear off."""
    c, m, r = s.c, s.m, s.r
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))

    def turned(px: float, py: float) -> Point:
        return x + px * cos - py * sin, y + px * sin + py * cos

    def box(x0: float, y0: float, bw: float, bh: float) -> list[Point]:
        return [turned(x0, y0), turned(x0 + bw, y0), turned(x0 + bw, y0 + bh), turned(x0, y0 + bh)]

    tone = m.on(r.choice(PAPERS))
    ink = INK if sum(tone) > 380 else CREAM
    c.poly([(px + 6, py + 8) for px, py in box(-w / 2, -h / 2, w, h)], INK, 80)
    c.poly(box(-w / 2, -h / 2, w, h), tone)
    at = turned(-w * 0.4, -h * 0.4)
    script(s, at[0], at[1] + h * 0.02, w * 0.78, h * 0.15, r.choice(SCRIPTS), ink if r.random() < 0.6 else RED)
    if r.random() < 0.4:
        c.poly(box(-w * 0.38, -h * 0.14, w * 0.76, h * 0.34), m.on(r.choice((*FRUIT, TEAL))))
        c.oval(*turned(0, h * 0.03), w * 0.13, w * 0.13, tone)
    else:
        for i in range(5):
            c.poly(box(-w * 0.38, -h * (0.14 - 0.09 * i), w * r.uniform(0.4, 0.76), h * 0.035), ink, 130)
    if r.random() < 0.4:
        for i in range(6):
            if r.random() < 0.75:
                c.line([turned(-w / 2 + w * i / 6, h * 0.3), turned(-w / 2 + w * i / 6, h / 2)], ink, 1.5, 150)
            else:
                c.poly(box(-w / 2 + w * i / 6, h * 0.32, w / 6, h * 0.2), m.on("#c59a62"))
    c.oval(*turned(0, -h * 0.46), 7, 7, m.on(r.choice((RED, AMBER, TEAL)), -0.2))
