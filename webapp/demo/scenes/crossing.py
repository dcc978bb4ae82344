from webapp.demo.scenes.canvas import View
from webapp.demo.scenes.houses import row_of_houses
from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, INK, PAPER, RED, TEAL, Rgb, mix, rgb
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc, points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import lamp, tree
from webapp.demo.scenes.weather import sky, weather


def crossing(s: Sketch) -> None:
    """A wide road to cross: stripes, an island, a light that is red for those on foot, cars that wait."""
    c, m, r = s.c, s.m, s.r
    v = View(c.w * 0.5, 430, 780, 2.6)
    sky(s, 430, (c.w * r.uniform(0.1, 0.9), 140))
    row_of_houses(s, 470, 60)
    for i in range(4):
        tree(s, c.w * (0.06 + 0.3 * i), 480, r.uniform(120, 190))
    road = m.on("#77797a")
    c.fade(466, 534, mix(road, m.sky[2], 0.35), road, mix(road, m.shadow, 0.35))
    c.rect(0, 466, c.w, 16, m.on("#d8cfba"))
    for i in range(-7, 8):
        c.poly(
            [
                v.at(i * 0.95 - 0.28, 0, 22),
                v.at(i * 0.95 + 0.28, 0, 22),
                v.at(i * 0.95 + 0.28, 0, 4.3),
                v.at(i * 0.95 - 0.28, 0, 4.3),
            ],
            m.on(PAPER),
            225,
        ) if abs(i) < 4 else None
    for z in (8.5, 13):
        for side in (-1, 1):
            for j in range(5):
                x0 = side * (4.4 + j * 4)
                c.poly(v.floor(x0, x0 + side * 2, z, z + 0.2), m.on(PAPER), 190)
    c.poly(v.floor(-4, 4, 10.2, 11.6), m.on("#cbbfa4"))
    c.poly(v.floor(-4, 4, 10.05, 10.2), m.on(CREAM))
    for i, side in enumerate((-1, 1, -1)):
        car(
            s,
            v,
            side * (5.6 + 1.7 * i),
            15 - 2.6 * i,
            m.on(r.choice((RED, TEAL, AMBER, "#dcd6c6", "#3f4f63", BRICK))),
            side,
        )
    light(s, c.w * (0.86 if r.random() < 0.6 else 0.1), 930, r.random() < 0.7)
    lamp(s, c.w * 0.2, 490, 260)
    for i in range(s.people):
        person(s, *v.at(-1.2 + 1.6 * i, 0, 6.4 + 2.4 * i), 780 * 1.7 / (6.4 + 2.4 * i), i == 0)
    weather(s, 430, 560)


def car(s: Sketch, v: View, x: float, z: float, tone: Rgb, side: int) -> None:
    """From the side, with its lights towards the stripes."""
    c, m = s.c, s.m
    base = v.at(x, 0, z)
    u = v.focal / z
    w, f = 4.0 * u, -side
    s.shade(points(*base, "-0.52 -4, 0.52 -4, 0.56 12, -0.56 12", w, 1), 130, 3)
    body = points(*base, f"{-0.5 * f} -0.3, {0.5 * f} -0.3, {0.5 * f} -0.75, {0.3 * f} -0.9, {-0.48 * f} -0.95", 1, u)
    c.poly([(base[0] + (px - base[0]) * w, py) for px, py in body], tone)
    top = points(*base, f"{-0.42 * f} -0.9, {-0.3 * f} -1.45, {0.08 * f} -1.45, {0.28 * f} -0.9", 1, u)
    c.poly([(base[0] + (px - base[0]) * w, py) for px, py in top], mix(tone, INK, 0.2))
    glass = points(*base, f"{-0.36 * f} -0.92, {-0.27 * f} -1.36, {0.06 * f} -1.36, {0.22 * f} -0.92", 1, u)
    c.poly([(base[0] + (px - base[0]) * w, py) for px, py in glass], s.pane())
    for dx in (-0.3, 0.3):
        c.oval(base[0] + dx * w, base[1] - 0.3 * u, 0.33 * u, 0.33 * u, INK)
        c.oval(base[0] + dx * w, base[1] - 0.3 * u, 0.15 * u, 0.15 * u, rgb("#8f9494"))
    s.glow(base[0] + 0.5 * f * w, base[1] - 0.6 * u, 1.4 * u, 0.8)
    c.oval(base[0] + 0.49 * f * w, base[1] - 0.62 * u, 0.1 * u, 0.1 * u, mix(m.lit, PAPER, 0.5))


def light(s: Sketch, x: float, base: float, stop: bool) -> None:
    c = s.c
    c.rect(x - 9, base - 560, 18, 560, mix(INK, TEAL, 0.3))
    c.round(x - 46, base - 640, 92, 176, 14, INK)
    tones = (RED if stop else mix(RED, INK, 0.75), mix(rgb("#5fae6a"), INK, 0.75) if stop else rgb("#6fd07c"))
    for i, tone in enumerate(tones):
        y = base - 596 + 84 * i
        if stop == (i == 0):
            c.glow(x, y, 130, tone, 0.55)
        c.oval(x, y - 18, 9, 10, tone)
        c.round(x - 12, y - 8, 24, 40, 8, tone)
    c.round(x - 30, base - 330, 60, 84, 8, s.m.on(AMBER))
    c.oval(x, base - 296, 16, 16, INK)
    c.line(arc(x, base - 296, 22, 22, 200, 340), INK, 3)
