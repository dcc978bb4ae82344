from webapp.demo.scenes.moods import AMBER, BRICK, CLOTHES, CREAM, INK, PAPER, RED, TEAL, WHITE, mix, rgb
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc, points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import bush, pavement
from webapp.demo.scenes.writing import poster, script


def counter(s: Sketch) -> None:
    """An office: counters behind glass, numbers above them, chairs to wait on."""
    c, m, r = s.c, s.m, s.r
    wall = m.on(r.choice(("#e4dcc4", "#c9d6c8", "#dfc9a8", "#cfd3d6")))
    c.fade(0, 760, mix(wall, PAPER, 0.3), wall, mix(wall, m.shadow, 0.15))
    for i in range(3):
        c.poly(points(c.w * (0.12 + 0.34 * i), 0, "0 30, 0.14 30, 0.16 56, -0.02 56", c.w, 1), mix(m.lit, WHITE, 0.6))
        c.glow(c.w * (0.19 + 0.34 * i), 60, 260, mix(m.lit, WHITE, 0.6), 0.35)
    pavement(s, 760, m.on("#a9a08a"), (c.w / 2, 380))
    count = max(2, round(c.w / 400))
    step = c.w / count
    shut = r.randrange(count)
    for i in range(count):
        window(s, step * i + step * 0.1, step * 0.8, i, i == shut)
    display(s, c.w * r.choice((0.06, 0.62)))
    c.rect(0, 560, c.w, 26, m.on("#b98a54"))
    c.rect(0, 586, c.w, 176, mix(m.on(TEAL), wall, 0.25))
    for i in range(int(c.w / 60)):
        c.rect(i * 60, 590, 3, 170, m.shadow, 60)
    c.rect(0, 752, c.w, 14, INK, 120)
    for i in range(max(3, round(c.w / 230))):
        chair(s, 40 + i * 190, 930)
    x = c.w - 120
    c.poly(points(x, 930, "-46 -80, 46 -80, 34 0, -34 0"), m.on(BRICK))
    bush(s, x, 860, 190)
    for i in range(s.people):
        person(s, c.w * (0.56 + 0.13 * i), 900, 420, True)


def window(s: Sketch, x: float, w: float, number: int, shut: bool) -> None:
    c, m, r = s.c, s.m, s.r
    glass = mix(m.sky[1], PAPER, 0.4)
    c.rect(x - 10, 230, w + 20, 340, mix(INK, TEAL, 0.4))
    c.rect(x, 240, w, 320, mix(glass, m.lit, 0.2))
    if shut:
        for i in range(13):
            c.rect(x, 240 + i * 24.6, w, 20, mix(m.on(CREAM), m.shadow, 0.12))
        c.rect(x + w * 0.28, 380, w * 0.44, 70, PAPER)
        script(s, x + w * 0.32, 396, w * 0.36, 36, "accents", RED)
    else:
        coat = m.on(r.choice(CLOTHES))
        c.rect(x + w * 0.1, 300, w * 0.3, 150, mix(glass, TEAL, 0.35))
        for i in range(3):
            c.rect(x + w * 0.12, 316 + 44 * i, w * 0.26, 30, mix(rgb("#8a5a34"), PAPER, 0.2 + 0.2 * (i % 2)))
        c.oval(x + w * 0.58, 400, 34, 42, mix(coat, INK, 0.45))
        c.poly([*arc(x + w * 0.58, 560, 76, 118, 180, 360)], coat)
        c.round(x + w * 0.16, 470, w * 0.2, 90, 6, INK)
    c.poly(points(x, 240, "0.1 320, 0.4 0, 0.5 0, 0.2 320", w, 1), WHITE, 46)
    c.rect(x + w * 0.2, 524, w * 0.6, 14, mix(INK, TEAL, 0.4))
    c.round(x + w * 0.36, 160, w * 0.28, 62, 8, m.on(TEAL))
    script(s, x + w * 0.42, 174, w * 0.16, 34, "latin", AMBER if not shut else mix(AMBER, INK, 0.6))
    poster(s, x + w + 14, 300, 58, 84, m.on("#efe6d2"), ("latin", "cyrillic", "accents")[number % 3])


def display(s: Sketch, x: float) -> None:
    """The board that says whose turn it is."""
    c = s.c
    c.round(x, 70, 380, 84, 8, INK)
    for i in range(2):
        script(s, x + 20 + 190 * i, 88, 80, 46, "square", AMBER if i else RED)
        c.poly(points(x + 112 + 190 * i, 96, "0 0, 26 16, 0 32"), AMBER)
        script(s, x + 150 + 190 * i, 94, 34, 36, "square", PAPER)


def chair(s: Sketch, x: float, base: float) -> None:
    c = s.c
    tone = s.m.on(AMBER if round(x) % 3 else BRICK, 0.1)
    s.shade(points(x, base, "-10 -6, 150 -6, 170 18, -20 18"), 110, 4)
    c.round(x + 8, base - 190, 124, 100, 18, tone)
    c.poly(points(x, base, "0 -78, 140 -78, 152 -56, -12 -56"), mix(tone, PAPER, 0.2))
    for dx in (4, 130):
        c.rect(x + dx, base - 58, 8, 60, INK)
