import math

from webapp.demo.scenes.houses import stripes
from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, FRUIT, INK, PAPER, RED, TEAL, WALLS, WHITE, mix
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc, points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import bush, pavement
from webapp.demo.scenes.weather import rain
from webapp.demo.scenes.writing import SCRIPTS, poster, script


def signs(s: Sketch) -> None:
    """The front of a shop, and the signs over it in more than one script."""
    c, m, r = s.c, s.m, s.r
    c.rect(0, 0, c.w, 1000, m.on(r.choice(WALLS)))
    dress = m.on(r.choice((TEAL, BRICK, "#3f4f63", "#7a2f2a", "#2f6b57")))
    c.rect(c.w * 0.05, 300, c.w * 0.9, 560, dress)
    kinds = r.sample(SCRIPTS, 3)
    c.rect(c.w * 0.05 + 6, 158, c.w * 0.9, 148, m.shadow, 90)
    c.rect(c.w * 0.05, 148, c.w * 0.9, 148, m.on(r.choice((RED, TEAL, AMBER, CREAM)), -0.25))
    ink = INK if sum(c.image.getpixel((c.image.width // 2, round(220 * c.k)))) > 430 else CREAM  # type: ignore[arg-type]
    script(s, c.w * 0.09, 176, c.w * 0.5, 92, kinds[0], ink)
    script(s, c.w * 0.66, 196, c.w * 0.25, 56, kinds[1], ink)
    for i in range(5):
        x = c.w * (0.12 + 0.19 * i)
        c.line([(x, 120), (x + 24, 142)], INK, 5)
        s.glow(x + 24, 160, 150, 0.5)
    left = r.random() < 0.5
    door, pane = (c.w * 0.1, c.w * 0.36) if left else (c.w * 0.68, c.w * 0.1)
    goods(s, pane, 380, c.w * 0.54, 390)
    entrance(s, door, 350, c.w * 0.21, 510, kinds[2])
    stripes(s, pane - 10, 316, c.w * 0.54 + 20, 74, r.choice((AMBER, BRICK, TEAL)))
    hanging(s, c.w * (0.03 if left else 0.84), 330, r.choice(SCRIPTS))
    pavement(s, 860, m.on("#c9bfa8"), (c.w / 2, 420))
    for i in range(3):
        x = pane + c.w * (0.06 + 0.2 * i)
        c.poly(points(x, 912, "-54 -70, 54 -70, 44 0, -44 0"), m.on(r.choice((BRICK, CREAM, "#8a5a34"))))
        bush(s, x, 850, 150)
    rain(s)
    for i in range(s.people):
        person(s, c.w * (0.45 + 0.12 * i), 960, 480, True)


def goods(s: Sketch, x: float, y: float, w: float, h: float) -> None:
    c, m, r = s.c, s.m, s.r
    glass = mix(m.pane, m.lit, 0.8 if m.lamps else 0.3)
    c.rect(x - 12, y - 12, w + 24, h + 24, mix(INK, TEAL, 0.3))
    c.rect(x, y, w, h, glass)
    s.glow(x + w / 2, y + 60, w * 0.5, 0.5)
    for row in range(3):
        low, at = y + h * (row + 1) / 3 - 8, x + 12
        while at < x + w - 50:
            bw, bh = r.uniform(22, 60), r.uniform(44, 96)
            tone = mix(m.on(r.choice((*FRUIT, TEAL, CREAM, BRICK))), glass, 0.15)
            if r.random() < 0.4:
                c.oval(at + bw / 2, low - bw / 2, bw / 2, bw / 2, tone)
            else:
                c.round(at, low - bh, bw, bh, 7, tone)
                c.rect(at, low - bh * 0.6, bw, bh * 0.22, PAPER, 150)
            at += bw + r.uniform(5, 16)
        c.rect(x, low, w, 7, mix(INK, BRICK, 0.3))
    c.poly(points(x, y, "0.06 1, 0.4 0, 0.56 0, 0.22 1", w, h), WHITE, 32)
    for i in range(2):
        poster(
            s, x + w * (0.05 + 0.72 * i), y + h * 0.56, w * 0.17, h * 0.36, m.on((PAPER, AMBER)[i]), SCRIPTS[i * 2]
        )


def entrance(s: Sketch, x: float, y: float, w: float, h: float, kind: str) -> None:
    c, m = s.c, s.m
    c.rect(x, y, w, h, mix(INK, TEAL, 0.35))
    c.rect(x + w * 0.12, y + 30, w * 0.76, h * 0.6, mix(m.pane, m.lit, 0.75 if m.lamps else 0.25))
    c.poly(points(x, y, "0.16 360, 0.5 30, 0.7 30, 0.36 360", w, 1), WHITE, 34)
    c.rect(x + w * 0.14, y + h * 0.72, w * 0.72, h * 0.2, m.shadow, 120)
    c.round(x + w * 0.22, y + 110, w * 0.56, 80, 6, PAPER)
    script(s, x + w * 0.27, y + 126, w * 0.46, 30, kind, RED)
    script(s, x + w * 0.27, y + 166, w * 0.4, 14, "latin", INK)
    c.rect(x + w * 0.82, y + h * 0.4, w * 0.05, 90, AMBER)


def hanging(s: Sketch, x: float, y: float, kind: str) -> None:
    """A round sign on an arm, or a lamp with writing on it."""
    c, m = s.c, s.m
    c.rect(x - 20, y - 12, 150, 9, INK)
    s.glow(x + 66, y + 90, 180, 0.7)
    tone = mix(RED, m.lit, 0.25 if m.lamps else 0.0)
    c.oval(x + 66, y + 90, 66, 82, tone)
    for i in range(-2, 3):
        ring = [
            (x + 66 + i * 26 * math.cos(math.radians(a)), y + 90 + 80 * math.sin(math.radians(a)))
            for a in range(-90, 91, 15)
        ]
        c.line(ring, mix(tone, INK, 0.25), 2)
    c.poly(arc(x + 66, y + 10, 30, 12, 180, 360), AMBER)
    script(s, x + 34, y + 74, 66, 34, kind, CREAM)
    c.line([(x + 66, y + 172), (x + 66, y + 214)], AMBER, 8)
