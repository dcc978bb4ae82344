from webapp.demo.scenes.houses import row_of_houses
from webapp.demo.scenes.moods import AMBER, BRICK, CLOTHES, INK, PAPER, RED, TEAL, WHITE, mix
from webapp.demo.scenes.shapes import points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import tree
from webapp.demo.scenes.weather import rain, sky


def bus(s: Sketch) -> None:
    """The town through the window of a bus, over the seats in front."""
    c, m, r = s.c, s.m, s.r
    sky(s, 520, (c.w * r.uniform(0.2, 0.8), 260))
    row_of_houses(s, 600, r.uniform(70, 92))
    c.fade(596, 200, m.on("#b9b2a0"), m.on("#9b978a"), m.on("#7f7d74"))
    for i in range(4):
        tree(s, c.w * (0.12 + 0.27 * i + r.uniform(-0.06, 0.06)), 640, r.uniform(180, 300))
    for i in range(2):
        x = c.w * (0.2 + 0.45 * i)
        tone = m.on(r.choice((RED, TEAL, AMBER, PAPER)))
        c.round(x, 606, 240, 62, 22, tone)
        c.round(x + 44, 566, 150, 60, 24, mix(tone, INK, 0.15))
        c.round(x + 56, 574, 128, 36, 14, s.pane())
        for dx in (54, 186):
            c.oval(x + dx, 668, 25, 25, INK)
    rain(s)
    drops(s)
    inside = mix(m.on("#45505a"), INK, 0.35 if m.lamps else 0.1)
    c.rect(0, 0, c.w, 96, inside)
    c.rect(0, 96, c.w, 10, mix(inside, INK, 0.5))
    c.rect(0, 716, c.w, 284, mix(inside, PAPER, 0.12))
    c.rect(0, 706, c.w, 16, mix(inside, INK, 0.5))
    post = c.w * r.uniform(0.54, 0.66)
    c.rect(post, 90, 46, 640, inside)
    c.rect(post + 40, 90, 8, 640, INK, 110)
    c.poly(points(0, 0, "0.02 706, 0.2 100, 0.26 100, 0.08 706", c.w, 1), WHITE, 26)
    for i in range(3):
        lamp = c.w * (0.08 + 0.34 * i)
        c.round(lamp, 30, c.w * 0.2, 22, 8, mix(m.lit, PAPER, 0.4) if m.lamps else mix(inside, PAPER, 0.5))
        s.glow(lamp + c.w * 0.1, 44, 230, 0.35)
    rail(s)
    seats = max(2, round(c.w / 420))
    for i in range(seats):
        seat(s, c.w * (i + 0.5) / seats - 130, i < s.people)


def rail(s: Sketch) -> None:
    c = s.c
    c.rect(0, 148, c.w, 13, s.m.on(AMBER))
    for i in range(int(c.w / 210)):
        x = 110 + i * 210 + s.r.uniform(-20, 20)
        c.line([(x, 154), (x + 4, 226)], INK, 9)
        c.line(points(x + 4, 226, "0 0, -26 46, 26 46, 0 0"), mix(AMBER, PAPER, 0.5), 9)


def seat(s: Sketch, x: float, taken: bool) -> None:
    c, m, r = s.c, s.m, s.r
    if taken:
        coat = mix(m.on(r.choice(CLOTHES)), INK, 0.4)
        c.oval(x + 130, 706, 54, 66, mix(coat, INK, 0.4))
        c.round(x + 36, 762, 188, 200, 70, coat)
    cloth = m.on(r.choice((TEAL, "#3f4f63", BRICK)))
    c.round(x, 800, 260, 260, 44, mix(cloth, INK, 0.25))
    c.round(x + 16, 814, 228, 240, 36, cloth)
    for i in range(18):
        c.oval(x + 40 + (i % 6) * 36, 860 + (i // 6) * 44, 6, 6, mix(cloth, AMBER, 0.5))
    c.round(x + 60, 782, 140, 26, 13, s.m.on(AMBER))


def drops(s: Sketch) -> None:
    """What runs down the pane."""
    for _ in range(120 if s.m.wet else 0):
        x, y, size = s.r.random() * s.c.w, s.r.uniform(100, 700), s.r.uniform(2, 6)
        s.c.oval(x, y, size, size * 1.3, s.m.sky[2], 150)
        if s.r.random() < 0.2:
            s.c.line([(x, y), (x + 5, y + s.r.uniform(30, 130))], s.m.sky[2], 2.4, 110)
