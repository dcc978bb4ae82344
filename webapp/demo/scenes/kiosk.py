import math

from webapp.demo.scenes.houses import row_of_houses, stripes
from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, FRUIT, INK, PAPER, TEAL, mix, rgb
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import blob, points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import crates, lamp, pavement, tree
from webapp.demo.scenes.weather import rain, sky
from webapp.demo.scenes.writing import SCRIPTS, poster, script


def kiosk(s: Sketch) -> None:
    """A kiosk whose signs are written in several scripts."""
    c, m, r = s.c, s.m, s.r
    sky(s, 560, (c.w * 0.16, 330))
    row_of_houses(s, 640, 72)
    c.rect(0, 0, c.w, 1000, mix(m.sky[0], m.shadow, 0.3), 64)
    c.fade(636, 80, m.on("#a49f90"), m.on("#98938a"), m.on("#8b877e"))
    pavement(s, 712, m.on("#c9bfa8"), (c.w / 2, 420))
    tree(s, c.w * 0.08, 745, 520)
    lamp(s, c.w * 0.93, 800, 520)
    x, w = c.w * 0.5 - 330, 660.0
    if c.w < 900:
        x, w = c.w * 0.07, c.w * 0.86
    s.shade([(x, 850), (x + w, 850), (x + w + 110, 915), (x - 30, 915)], 150, 5)
    c.rect(x, 330, w, 522, mix(TEAL, m.tint, 0.12))
    c.rect(x + w * 0.9, 330, w * 0.1, 522, INK, 50)
    inside(s, x + w * 0.2, 440, w * 0.6, 190)
    c.rect(x + w * 0.16, 630, w * 0.68, 20, m.on(CREAM))
    c.rect(x + w * 0.16, 650, w * 0.68, 9, INK, 110)
    for i in range(4):
        front = r.choice((PAPER, CREAM, "#f3cdb5", "#d7e8df"))
        poster(s, x + w * (0.2 + 0.152 * i), 676, w * 0.13, 128, m.on(front, -0.2), SCRIPTS[i])
    signs(s, x, w)
    stripes(s, x + w * 0.19, 404, w * 0.62, 46, AMBER)
    c.poly([(x - 46, 330), (x + w + 46, 330), (x + w + 6, 276), (x - 6, 276)], mix(TEAL, INK, 0.45))
    c.rect(x - 46, 326, w + 92, 14, m.on(AMBER))
    c.round(x + w * 0.1, 176, w * 0.8, 104, 10, m.on(CREAM, -0.3))
    c.round(x + w * 0.115, 186, w * 0.77, 84, 8, m.on(BRICK, -0.3))
    script(s, x + w * 0.15, 202, w * 0.36, 48, "accents", PAPER)
    script(s, x + w * 0.55, 202, w * 0.3, 48, "cyrillic", PAPER)
    bulbs = [(x - 20 + (w + 40) * i / 14, 352 + 16 * math.sin(math.pi * (i % 7) / 7)) for i in range(15)]
    c.line(bulbs, INK, 2)
    for bx, by in bulbs:
        s.glow(bx, by + 8, 60, 0.8)
        c.oval(bx, by + 8, 7, 9, mix(m.lit, PAPER, 0.4))
    if m.lamps:
        c.veil([points(x, 0, "0.2 852, 0.8 852, 1 1000, 0 1000", w, 1)], m.lit, 90, 12)
    crates(s, x + w + 8, 872)
    c.mirror(852, [blob(r, x + w * 0.28, 935, 240, 34), blob(r, x + w * 0.85, 968, 150, 20)], m.sky[0], 190)
    rain(s)
    for i in range(s.people):
        person(s, x + w * (0.34 + 0.2 * i), 905, 340, True)


def inside(s: Sketch, x: float, y: float, w: float, h: float) -> None:
    c, m, r = s.c, s.m, s.r
    warm = mix(m.lit, PAPER, 0.25)
    c.rect(x, y, w, h, warm)
    for row in range(3):
        low = y + 58 + row * 46
        at = x + 8
        while at < x + w - 22:
            bw, bh = r.uniform(10, 22), r.uniform(22, 38)
            c.round(at, low - bh, bw, bh, 3, mix(r.choice((*FRUIT, TEAL, BRICK)), warm, 0.2))
            at += bw + r.uniform(2, 7)
        c.rect(x, low, w, 5, rgb("#8a5a34"))
    c.glow(x + w / 2, y + 20, 180, (255, 246, 214), 0.55)
    c.rect(x, y, 8, h, INK, 120)
    c.rect(x + w / 2 - 4, y, 8, h, mix(TEAL, INK, 0.3))


def signs(s: Sketch, x: float, w: float) -> None:
    """Two columns of boards beside the window."""
    tones = (PAPER, AMBER, rgb("#d7e8df"), BRICK, PAPER, AMBER, PAPER, rgb("#d7e8df"))
    for i in range(8):
        left = x + w * (0.015 if i % 2 == 0 else 0.855)
        y = 384 + (i // 2) * 104
        tone = s.m.on(tones[i], -0.3)
        s.c.rect(left + 3, y + 4, w * 0.13, 88, INK, 110)
        s.c.rect(left, y, w * 0.13, 88, tone)
        ink = PAPER if tone[1] < 120 else INK
        script(s, left + w * 0.014, y + 14, w * 0.105, 22, SCRIPTS[(i * 5 + 1) % 6], ink)
        script(s, left + w * 0.014, y + 50, w * 0.09, 16, SCRIPTS[(i * 5 + 1) % 6], ink)
