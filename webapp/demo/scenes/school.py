from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, FRUIT, INK, PAPER, TEAL, WALLS, mix
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc, points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import pavement, tree
from webapp.demo.scenes.weather import sky, weather
from webapp.demo.scenes.writing import script


def school(s: Sketch) -> None:
    """The gate of a school, drawings in its windows and a chalk game in front."""
    c, m, r = s.c, s.m, s.r
    sky(s, 420, (c.w * r.uniform(0.15, 0.85), 130))
    wall = m.on(r.choice(WALLS))
    trim = mix(wall, PAPER, 0.6)
    left, w = c.w * 0.06, c.w * 0.88
    c.rect(left, 210, w, 460, wall)
    c.poly([(left - 20, 214), (left + w + 20, 214), (left + w - 40, 120), (left + 40, 120)], m.on("#8d4030"))
    c.rect(left - 12, 206, w + 24, 16, trim)
    count = max(3, round(w / 190)) | 1
    step = w / count
    for row in range(2):
        for i in range(count):
            x, y = left + step * i + step * 0.18, 260 + row * 190
            if row == 1 and i == count // 2:
                continue
            pane(s, x, y, step * 0.64, 120, trim)
    door(s, left + w / 2, step)
    for x in (0.02, 0.97):
        tree(s, c.w * x, 690, r.uniform(330, 430))
    fence(s, 700)
    pavement(s, 712, m.on("#c4b898"), (c.w / 2, 360))
    hopscotch(s)
    weather(s, 500, 760)
    for i in range(s.people):
        x = c.w * (0.24 + 0.1 * i)
        person(s, x, 900, 330 if i % 2 == 0 else 190, True)
        c.round(x - 22, 900 - (258 if i % 2 == 0 else 150), 44, 62, 12, m.on(FRUIT[i % 6]))


def pane(s: Sketch, x: float, y: float, w: float, h: float, trim: tuple[int, int, int]) -> None:
    c, m, r = s.c, s.m, s.r
    c.rect(x - 10, y - 10, w + 20, h + 22, trim)
    c.rect(x, y, w, h, s.pane())
    for i in range(int(w / 34)):
        if r.random() < 0.7:
            at, tone = x + 6 + i * 34, m.on(r.choice((PAPER, CREAM, "#f3cdb5", "#d7e8df")))
            c.rect(at, y + h * 0.36, 26, 34, tone)
            c.oval(at + 13, y + h * 0.36 + 14, 8, 8, m.on(r.choice(FRUIT)))
            c.line([(at + 5, y + h * 0.36 + 28), (at + 21, y + h * 0.36 + 26)], TEAL, 3)
    c.rect(x + w / 2 - 4, y, 8, h, trim)
    c.rect(x, y + h * 0.26, w, 6, trim)


def door(s: Sketch, x: float, step: float) -> None:
    c, m = s.c, s.m
    w = min(step * 0.7, 190)
    c.poly([*arc(x, 470, w * 0.66, w * 0.6, 180, 360), (x + w * 0.66, 670), (x - w * 0.66, 670)], m.on(CREAM))
    glass = mix(m.pane, m.lit, 0.7 if m.lamps else 0.2)
    c.poly([*arc(x, 470, w * 0.5, w * 0.46, 180, 360), (x + w * 0.5, 470), (x - w * 0.5, 470)], glass)
    for side in (0, 1):
        c.rect(x - w * 0.5 + side * w * 0.51, 478, w * 0.49, 192, m.on(TEAL))
        c.rect(x - w * 0.42 + side * w * 0.51, 496, w * 0.33, 70, glass)
    c.round(x - w * 1.5, 226, w * 3, 34, 4, m.on(TEAL))
    script(s, x - w * 1.3, 232, w * 2.6, 22, "accents", PAPER)


def fence(s: Sketch, base: float) -> None:
    c, m = s.c, s.m
    tones = [m.on(tone) for tone in (AMBER, BRICK, TEAL, "#7d9b3c", CREAM)]
    gap = (c.w * 0.4, c.w * 0.6)
    for i in range(int(c.w / 30) + 1):
        x = i * 30.0
        if gap[0] < x < gap[1]:
            continue
        c.poly(points(x, base, "0 12, 0 -118, 10 -136, 20 -118, 20 12"), tones[i % 5])
    for y in (base - 92, base - 22):
        c.rect(0, y, gap[0], 9, INK, 120)
        c.rect(gap[1] + 20, y, c.w, 9, INK, 120)
    for x in gap:
        c.rect(x - 4, base - 170, 26, 184, mix(TEAL, INK, 0.4))
        c.oval(x + 9, base - 178, 16, 16, m.on(AMBER))


def hopscotch(s: Sketch) -> None:
    c, r = s.c, s.r
    x, tone = c.w * r.uniform(0.52, 0.64), mix(PAPER, s.m.sky[1], 0.15)
    for i in range(5):
        y0, y1 = 985 - i * 48, 985 - (i + 1) * 48 + 4
        lean0, lean1 = 1 - i * 0.09, 1 - (i + 1) * 0.09
        for half in (-1, 0) if i % 2 else (-0.5,):
            a, b = 120 * half, 120 * (half + 1)
            box = [(x + a * lean0, y0), (x + b * lean0, y0), (x + b * lean1, y1), (x + a * lean1, y1)]
            c.line([*box, box[0]], tone, 5, 220)
            script(s, x + (a + 42) * lean1, y1 + 10, 30, 24, "latin", tone)
    for _ in range(3):
        fx, fy = r.uniform(0.1, 0.45) * c.w, r.uniform(900, 980)
        c.line([*arc(fx, fy, 40, 16, 0, 360)], s.m.on(r.choice(FRUIT)), 5, 200)
