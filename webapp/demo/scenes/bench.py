import math

from webapp.demo.scenes.moods import AMBER, BRICK, CLOTHES, CREAM, INK, PAPER, TEAL, mix, rgb
from webapp.demo.scenes.shapes import arc, blob, points, smooth
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import lamp
from webapp.demo.scenes.weather import sky, weather


def bench(s: Sketch) -> None:
    """A bench under a tree, and a path."""
    c, m, r = s.c, s.m, s.r
    sky(s, 560, (c.w * 0.26, 230))
    church(s, c.w * 0.42, 480)
    for i, (base, high) in enumerate(((500, 90), (540, 120), (580, 140))):
        tone = mix(m.on("#4b8a63"), m.sky[1], 0.66 - i * 0.2)
        ridge = [
            (step, base - high * (0.3 + 0.35 * abs(math.sin(step * 0.011 + i * 2)) + 0.2 * r.random()))
            for step in range(0, round(c.w) + 60, 22)
        ]
        c.poly([(0, 640), *ridge, (c.w + 60, 640)], tone)
    lawn = m.on("#8aab62")
    c.fade(575, 425, mix(lawn, m.sky[2], 0.4), lawn, m.on("#4f8055"))
    path = m.on("#e6d3a6")
    left = points(0, 0, "0.36 577, 0.3 630, 0.42 700, 0.3 800, 0.02 1000", c.w, 1)
    right = points(0, 0, "0.64 1000, 0.56 800, 0.53 700, 0.35 630, 0.372 577", c.w, 1)
    c.poly(smooth(left) + smooth(right), path)
    for _ in range(240):
        y, x = r.uniform(600, 995), r.random() * c.w
        u = (y - 560) / 40
        c.line([(x, y), (x + u * 0.3, y - u)], m.on(r.choice(("#6f9a55", "#a9c27a", "#4b7a4c"))), 1.6, 150)
    for _ in range(60):
        y, x = r.uniform(640, 990), r.uniform(0.66, 1) * c.w
        c.oval(x, y, 4, 3, m.on(r.choice((AMBER, PAPER, BRICK))))
    big_tree(s, c.w * 0.83)
    seat(s, c.w * 0.54, 800)
    lamp(s, c.w * 0.14, 790, 380)
    weather(s, 575, 640)


def church(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    tone = mix(m.on("#7d8f8d"), m.sky[1], 0.45)
    for dx in (-34, 34):
        c.rect(x + dx - 14, base - 130, 28, 130, tone)
        c.poly(points(x + dx, base, "-17 -130, 17 -130, 0 -215"), mix(tone, TEAL, 0.35))
    c.poly(points(x, base, "-48 0, -48 -70, 0 -120, 48 -70, 48 0"), tone)


def big_tree(s: Sketch, x: float) -> None:
    c, m, r = s.c, s.m, s.r
    shade = [blob(r, x - 330 + r.uniform(-250, 250), 830 + r.uniform(-34, 60), 130, 30) for _ in range(9)]
    c.veil(shade, m.shadow, 50 if m.wet else 105, 5)
    bark = m.on("#5a4234")
    right = smooth(points(x, 0, "60 300, 34 560, 38 760, 84 850"))
    c.poly(smooth(points(x, 0, "-70 850, -34 760, -30 560, -60 300")) + right, bark)
    c.poly(smooth(points(x, 0, "8 850, 12 700, 12 300")) + right, m.shadow, 70)
    c.line(smooth(points(x, 0, "-20 560, -110 440, -220 330")), bark, 30)
    dark = mix(TEAL, rgb("#2f6b57"), 0.45)
    layers = ((1.12, 0, dark), (1.0, -22, rgb("#3f7f5b")), (0.62, -64, rgb("#7fa85f")))
    for layer, (grow, lift, tone) in enumerate(layers):
        for i in range(13):
            a = i * 2.399
            reach = math.sqrt(i / 13)
            cx, cy = x - 60 + 330 * reach * math.cos(a), 190 + 190 * reach * math.sin(a)
            c.poly(blob(r, cx - layer * 18, cy + lift, 118 * grow, 88 * grow, 0.1), m.on(tone))
    for _ in range(90):
        a, d = r.random() * 6.28, math.sqrt(r.random())
        c.oval(x - 80 + 370 * d * math.cos(a), 150 + 230 * d * math.sin(a), 7, 5, m.on("#b9c978"), 150)


def seat(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    wood, iron = m.on("#b9743c"), mix(TEAL, INK, 0.5)
    w = 330
    s.shade([(x, base + 4), (x + w, base + 4), (x + w - 70, base + 44), (x - 90, base + 44)], 130, 4)
    for i in range(s.people):
        px = x + w * (0.3 + 0.32 * i)
        coat = m.on(CLOTHES[(i * 3 + 1) % len(CLOTHES)], 0.05)
        c.oval(px, base - 206, 23, 28, mix(coat, INK, 0.45))
        c.poly([*arc(px, base - 130, 47, 62, 180, 360), (px + 47, base - 66), (px - 47, base - 66)], coat)
    for i in range(4):
        c.round(x, base - 150 + i * 21, w, 14, 4, mix(wood, m.shadow, 0.05 * i))
        c.rect(x, base - 139 + i * 21, w, 3, m.shadow, 80)
    for dx in (26, w - 40):
        c.rect(x + dx, base - 158, 13, 100, iron)
        c.poly(points(x + dx, base, "-6 0, 4 -62, 16 -62, 20 0"), iron)
    for i in range(3):
        wide, y = 8 + i * 5, base - 62 + i * 10
        plank = [(x - wide, y), (x + w + wide, y), (x + w + wide + 3, y + 8), (x - wide - 3, y + 8)]
        c.poly(plank, mix(wood, CREAM, 0.2))
    for side in (-14, w + 4):
        c.line(arc(x + side + 5, base - 70, 22, 34, 190, 350), iron, 8)
    for dx, dy in ((-190, 70), (-140, 92), (-250, 110)):
        c.oval(x + dx, base + dy, 15, 9, m.on("#6d7c82"))
        c.oval(x + dx + 13, base + dy - 10, 6, 6, m.on("#4f6167"))
        c.line([(x + dx - 13, base + dy), (x + dx - 26, base + dy + 4)], m.on("#6d7c82"), 6)
