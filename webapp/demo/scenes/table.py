import math

from webapp.demo.scenes.houses import row_of_houses
from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, INK, LEAF, PAPER, RED, TEAL, WALLS, WHITE, Rgb, mix, rgb
from webapp.demo.scenes.shapes import arc, around, blob, points, smooth
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import bush
from webapp.demo.scenes.weather import rain, sky


def soup(s: Sketch) -> None:
    """A table seen from above: bowls of noodle soup, herbs, sticks, tea."""
    c, m, r = s.c, s.m, s.r
    top = m.on(r.choice(("#b98a54", "#2f6b57", "#a8483a", "#d8c9a6", "#3f6f8a")))
    c.rect(0, 0, c.w, 1000, top)
    for i in range(int(c.w / 120) + 2):
        c.rect(i * 120 + 40, 0, 3, 1000, m.shadow, 50)
    if r.random() < 0.5:
        for i in range(0, int(c.w / 50) + 1, 2):
            c.rect(i * 50, 0, 50, 1000, mix(top, PAPER, 0.4), 120)
        for i in range(0, 21, 2):
            c.rect(0, i * 50, c.w, 50, mix(top, PAPER, 0.4), 120)
    bowls = 2 if c.w > 1100 else 1
    for i in range(bowls):
        bowl(s, c.w * (0.5 if bowls == 1 else 0.3 + 0.42 * i), 520 + r.uniform(-60, 60), r.uniform(250, 290))
    for share, y in ((0.08, 170), (0.92, 850)):
        small_dish(s, c.w * share, y, r.uniform(90, 120))
    glass(s, c.w * 0.9, 190)
    c.veil([points(0, 0, "0.7 -20, 1.1 -20, 1.1 520", c.w, 1)], m.shadow if not m.lamps else m.lit, 70, 20)


def bowl(s: Sketch, x: float, y: float, size: float) -> None:
    c, m, r = s.c, s.m, s.r
    s.shade(arc(x + 30, y + 36, size * 1.06, size * 1.06, 0, 360), 150, 8)
    rim = m.on(r.choice((CREAM, PAPER, "#8fb3c4")))
    c.oval(x, y, size, size, rim)
    c.oval(x, y, size * 0.94, size * 0.94, mix(rim, m.shadow, 0.15))
    c.oval(x, y, size * 0.88, size * 0.88, m.on(r.choice(("#c78a3a", "#b5553c", "#d9a85a"))))
    for _ in range(16):
        a, d = r.random() * 360, r.uniform(0.2, 0.68) * size
        px, py = around(x, y, d, d, a)
        strand = smooth(
            [(px - 60, py), (px - 16, py + r.uniform(-36, 36)), (px + 20, py + r.uniform(-36, 36)), (px + 66, py)]
        )
        c.line(strand, m.on("#f3e3b8"), 9)
        c.line(strand, m.shadow, 1.5, 40)
    for _ in range(6):
        px, py = around(x, y, r.uniform(0.1, 0.55) * size, r.uniform(0.1, 0.55) * size, r.random() * 360)
        c.poly(blob(r, px, py, 46, 30, 0.16), m.on(r.choice(("#8a4a38", "#a8642c"))))
    for _ in range(22):
        px, py = around(x, y, r.uniform(0.0, 0.72) * size, r.uniform(0.0, 0.72) * size, r.random() * 360)
        if r.random() < 0.6:
            c.oval(px, py, r.uniform(8, 20), r.uniform(6, 12), m.on(r.choice((LEAF, "#7fa85f"))))
        else:
            c.line(arc(px, py, 12, 12, 0, 360, 10), m.on("#a9c27a"), 5)
    for _ in range(4):
        px, py = around(x, y, 0.5 * size, 0.5 * size, r.random() * 360)
        c.line(arc(px, py, 16, 13, 20, 330, 10), m.on(RED), 7)
    for i in range(5):
        c.glow(x + r.uniform(-120, 120), y - 60 - 40 * i, 130, WHITE, 0.1)
    for i in (0, 1):
        c.line(
            [(x + size * 0.5 + 26 * i, y - size * 1.2), (x + size * 0.98 + 20 * i, y + size * 1.1)],
            mix(m.on("#5b3a22"), INK, 0.2),
            11,
        )


def small_dish(s: Sketch, x: float, y: float, size: float) -> None:
    c, m, r = s.c, s.m, s.r
    s.shade(arc(x + 12, y + 14, size, size, 0, 360), 130, 5)
    c.oval(x, y, size, size, m.on(PAPER))
    c.oval(x, y, size * 0.82, size * 0.82, mix(m.on(PAPER), m.shadow, 0.12))
    for _ in range(12):
        px, py = around(x, y, r.uniform(0, 0.6) * size, r.uniform(0, 0.6) * size, r.random() * 360)
        c.oval(px, py, r.uniform(14, 26), r.uniform(8, 16), m.on(r.choice((LEAF, "#7fa85f", "#c8d66a", RED))))


def glass(s: Sketch, x: float, y: float) -> None:
    c, m = s.c, s.m
    s.shade(arc(x + 20, y + 26, 84, 84, 0, 360), 130, 5)
    c.oval(x, y, 84, 84, mix(m.on(PAPER), m.sky[1], 0.4))
    c.oval(x, y, 72, 72, m.on("#b5722c"))
    c.line(arc(x, y, 58, 58, 190, 280), WHITE, 7, 150)


def kitchen(s: Sketch) -> None:
    """A table at a window: cups, bread, a plant, and the houses over the way."""
    c, m, r = s.c, s.m, s.r
    sky(s, 480, (c.w * 0.7, 200))
    row_of_houses(s, 640, 74)
    rain(s)
    wall = m.on(r.choice(WALLS), 0.1)
    x0, x1 = c.w * 0.16, c.w * 0.84
    c.rect(0, 0, c.w, 90, wall)
    c.rect(0, 0, x0, 1000, wall)
    c.rect(x1, 0, c.w - x1, 1000, wall)
    c.rect(0, 640, c.w, 360, wall)
    frame = mix(m.on(CREAM), PAPER, 0.4)
    for x, y, w, h in (
        (x0, 84, x1 - x0, 22),
        (x0, 84, 22, 560),
        (x1 - 22, 84, 22, 560),
        (c.w * 0.5 - 11, 84, 22, 560),
    ):
        c.rect(x, y, w, h, frame)
    c.rect(x0 - 30, 630, x1 - x0 + 60, 34, mix(frame, m.shadow, 0.1))
    cloth = m.on(r.choice((AMBER, BRICK, TEAL, "#d7e8df")))
    for side, x in ((1, x0 - 20), (-1, x1 + 20)):
        c.poly([*smooth(points(x, 40, "0 0, 120 20, 130 200, 60 420, 20 590", side, 1)), (x, 630)], cloth)
        for i in range(3):
            c.line(points(x, 40, f"{30 + 30 * i} 20, {24 + 26 * i} 200, {10 + 12 * i} 420", side, 1), m.shadow, 3, 70)
    plant = c.w * r.uniform(0.26, 0.36)
    c.poly(points(plant, 634, "-44 -80, 44 -80, 32 0, -32 0"), m.on(BRICK))
    bush(s, plant, 560, 190)
    wood = m.on("#b98a54")
    c.poly([(c.w * 0.06, 800), (c.w * 0.94, 800), (c.w * 1.1, 1000), (-c.w * 0.1, 1000)], wood)
    c.rect(c.w * 0.06, 790, c.w * 0.88, 14, mix(wood, PAPER, 0.3))
    c.veil([points(0, 0, "0.3 800, 0.7 800, 0.86 1000, 0.2 1000", c.w, 1)], m.sun, 90, 10)
    cup(s, c.w * 0.36, 890, m.on(r.choice((TEAL, BRICK))))
    cup(s, c.w * 0.64, 910, m.on(r.choice((AMBER, CREAM, "#3f6f8a"))))
    c.oval(c.w * 0.5, 905, 120, 34, m.on(PAPER))
    for i in range(5):
        c.oval(c.w * 0.5 - 70 + 34 * i, 892 - 9 * (i % 2), 34, 22, m.on("#c98a4a"))
        c.line(arc(c.w * 0.5 - 70 + 34 * i, 892 - 9 * (i % 2), 20, 12, 200, 320), m.on("#8a5a34"), 3)
    c.line([(c.w * 0.5, 0), (c.w * 0.5, 90)], INK, 5)
    s.glow(c.w * 0.5, 150, 380, 0.6)
    shade = [*arc(c.w * 0.5, 150, 110, 80, 180, 360)]
    c.poly(shade, m.on(r.choice((TEAL, BRICK, AMBER)), -0.1))


def cup(s: Sketch, x: float, base: float, tone: Rgb) -> None:
    c = s.c
    s.shade(arc(x + 20, base + 6, 100, 18, 0, 360), 120, 5)
    c.oval(x, base, 96, 18, mix(tone, PAPER, 0.5))
    c.line(arc(x + 62, base - 50, 30, 30, -100, 100), tone, 11)
    c.poly([(x - 62, base - 94), (x + 62, base - 94), *arc(x, base - 40, 56, 42, 0, 180)], tone)
    c.oval(x, base - 94, 62, 12, rgb("#4a2f1f"))
    steam = [(x + 10 * math.sin(i * 0.9), base - 110 - i * 12) for i in range(8)]
    c.line(smooth(steam), WHITE, 6, 60)
