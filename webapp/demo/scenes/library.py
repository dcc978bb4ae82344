from webapp.demo.scenes.moods import AMBER, BRICK, CLOTHES, CREAM, FRUIT, INK, PAPER, TEAL, WHITE, Rgb, mix, rgb
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc, arch, around, points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import bush, pavement
from webapp.demo.scenes.weather import rain
from webapp.demo.scenes.writing import poster, script


def library(s: Sketch) -> None:
    """An open library door in a brick wall."""
    c, m, r = s.c, s.m, s.r
    brick = m.on(BRICK)
    c.rect(0, 0, c.w, 850, brick)
    bricks(s, brick)
    c.rect(0, 92, c.w, 20, m.on(CREAM))
    c.rect(0, 112, c.w, 8, m.shadow, 70)
    pavement(s, 850, m.on("#d0c6ae"), (c.w / 2, 420))
    door = c.w * 0.5
    wide = c.w > 1100
    for dx in (-480, 250) if wide else (-350, 190):
        shelves_window(s, door + dx, 330, 230 if wide else 150, 330)
    open_door(s, door, mix(m.lit, AMBER, 0.35))
    emblem(s, door, 170)
    library_sheets(s, door + (296 if wide else 196))
    for dx in (-250, 250):
        s.glow(door + dx, 262, 200, 0.6)
    for dx in (-247, 241):
        c.round(door + dx - 14, 236, 34, 46, 8, mix(m.lit, PAPER, 0.4))
        c.rect(door + dx - 18, 228, 42, 9, INK)
    bicycle(s, door - (330 if wide else 270), 905)
    for dx in (496, 570):
        c.poly(points(door + dx, 0, "0 830, 90 830, 78 912, 12 912"), m.on("#7a4030"))
        bush(s, door + dx + 45, 835, 130)
    rain(s)
    for i in range(s.people):
        person(s, door - 60 + 100 * i, 905, 330 - 20 * r.random(), True)


def open_door(s: Sketch, door: float, warm: Rgb) -> None:
    c, m = s.c, s.m
    c.poly(arch(door, 380, 205, 218, 850, 24), m.on(CREAM))
    for i in range(13):
        a = 180 + 180 * i / 12
        c.line([around(door, 380, 165, 174, a), around(door, 380, 205, 218, a)], m.shadow, 2, 80)
    c.poly(arch(door, 380, 160, 170, 850, 24), warm)
    c.glow(door, 520, 230, PAPER, 0.7)
    for side in (-1, 1):
        c.poly(points(door, 0, "150 850, 150 330, 62 420, 62 740", side, 1), mix(rgb("#8a5a34"), warm, 0.2))
        for row in range(5):
            spines(s, (door + side * 144, door + side * 66), 400 + row * 88, row)
    c.poly(points(door, 0, "-62 740, 62 740, 150 850, -150 850"), mix(warm, BRICK, 0.35))
    c.rect(door - 62, 560, 124, 180, mix(warm, PAPER, 0.5))
    c.rect(door - 40, 670, 80, 70, m.on("#8a5a34"))
    c.rect(door - 160, 372, 320, 12, TEAL)
    for i in range(5):
        c.line([(door, 378), around(door, 380, 158, 168, 205 + 32 * i)], TEAL, 6)
    c.poly(points(door, 0, "160 384, 268 420, 268 900, 160 850"), TEAL)
    c.poly(points(door, 0, "176 430, 252 452, 252 640, 176 626"), mix(warm, m.pane, 0.4))
    c.poly(points(door, 0, "176 660, 252 678, 252 862, 176 828"), mix(TEAL, INK, 0.35))
    c.oval(door + 258, 660, 6, 14, AMBER)
    c.veil([points(door, 0, "-150 852, 150 852, 300 1000, -300 1000")], m.sun, 130, 8)


def bricks(s: Sketch, brick: Rgb) -> None:
    c, m, r = s.c, s.m, s.r
    for row in range(30):
        y = row * 28
        c.line([(0, y), (c.w, y)], m.on(CREAM), 2, 46)
        for i in range(int(c.w / 66) + 2):
            x = i * 66 - (33 if row % 2 else 0)
            if r.random() < 0.34:
                tone = mix(brick, r.choice((INK, CREAM, AMBER)), r.uniform(0.05, 0.15))
                c.rect(x + 2, y + 2, 62, 24, tone)
            c.line([(x, y), (x, y + 28)], m.on(CREAM), 2, 40)


def spines(s: Sketch, x: tuple[float, float], y: float, row: int) -> None:
    """Books on a shelf seen at an angle: the far end is x[1]."""
    c, r = s.c, s.r
    for i in range(9):
        a, b = i / 9, (i + 0.86) / 9
        xa, xb = x[0] + (x[1] - x[0]) * a, x[0] + (x[1] - x[0]) * b
        low_a, low_b = y + (560 - y) * 0.34 * a, y + (560 - y) * 0.34 * b
        h = r.uniform(46, 66)
        spine = [(xa, low_a), (xb, low_b), (xb, low_b - h * (1 - 0.34 * b)), (xa, low_a - h * (1 - 0.34 * a))]
        c.poly(spine, r.choice((*CLOTHES, *FRUIT, PAPER)))
    end = y + (560 - y) * 0.34
    c.line([(x[0], y + 3), (x[1], end + 2)], rgb("#5b3a22"), 6 - row * 0.4)


def shelves_window(s: Sketch, x: float, y: float, w: float, h: float) -> None:
    c, m, r = s.c, s.m, s.r
    c.rect(x - 18, y - 18, w + 36, h + 36, m.on(CREAM))
    c.rect(x - 30, y + h + 14, w + 60, 18, m.on(CREAM))
    c.rect(x - 30, y + h + 32, w + 60, 8, m.shadow, 90)
    c.rect(x, y, w, h, mix(m.lit, AMBER, 0.3) if m.lamps else mix(m.lit, m.pane, 0.35))
    for row in range(3):
        low = y + h * (row + 1) / 3 - 6
        at = x + 6
        while at < x + w - 18:
            bw, bh = r.uniform(8, 20), r.uniform(0.5, 0.82) * h / 3
            if r.random() < 0.9:
                c.rect(at, low - bh, bw, bh, m.on(r.choice((*CLOTHES, *FRUIT, PAPER)), -0.1))
            at += bw + 1.5
        c.rect(x, low, w, 7, rgb("#6b4428"))
    c.poly(points(x, y, "0.1 1, 0.5 0, 0.75 0, 0.35 1", w, h), WHITE, 34)
    c.rect(x + w / 2 - 5, y, 10, h, m.on(PAPER))
    c.rect(x, y + h * 0.3, w, 8, m.on(PAPER))
    c.rect(x, y, w, 16, m.shadow, 80)


def emblem(s: Sketch, x: float, y: float) -> None:
    """The sign: an open book, a few strokes."""
    c = s.c
    c.round(x - 240, y - 98, 480, 78, 10, s.m.shadow, 110)
    c.round(x - 240, y - 106, 480, 78, 10, TEAL)
    c.round(x - 233, y - 99, 466, 64, 7, mix(TEAL, PAPER, 0.12))
    script(s, x - 130, y - 84, 330, 34, "latin", PAPER)
    for side in (-1, 1):
        page = AMBER if side > 0 else mix(AMBER, PAPER, 0.4)
        c.poly(points(x - 182, y, "0 -44, 36 -52, 36 -86, 0 -78", side, 1), page)


def library_sheets(s: Sketch, x: float) -> None:
    """Notices in several scripts on one board."""
    s.c.round(x - 14, 712, 210, 112, 5, rgb("#6b4428"))
    tones = PAPER, rgb("#f6e3a4"), rgb("#d7e8df"), PAPER, rgb("#f3cdb5")
    for i, (kind, tone) in enumerate(zip(("latin", "cyrillic", "accents", "joined", "blocks"), tones, strict=True)):
        poster(s, x + i * 37, 722 + 6 * (i % 2), 33, 84, s.m.on(tone, -0.1), kind)


def bicycle(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    s.shade(arc(x, base, 150, 12, 0, 360), 120, 4)
    frame = m.on(AMBER)
    for dx in (-84, 84):
        c.line(arc(x + dx, base - 62, 58, 58, 0, 360, 40), INK, 7)
        for i in range(8):
            c.line([(x + dx, base - 62), around(x + dx, base - 62, 56, 56, i * 45)], INK, 1, 120)
    rear, pedal, saddle, head, front = points(x, base, "-84 -62, -8 -58, -38 -142, 56 -146, 84 -62")
    for tube in ((rear, pedal), (rear, saddle), (pedal, saddle), (saddle, head), (pedal, head), (head, front)):
        c.line(tube, frame, 8)
    c.line([(x - 38, base - 142), (x - 44, base - 164)], INK, 6)
    c.round(x - 70, base - 174, 54, 12, 6, INK)
    c.line(points(x, base, "56 -146, 50 -176, 78 -184"), INK, 6)
    c.poly(points(x, base, "62 -172, 126 -172, 116 -124, 72 -124"), m.on("#a8794a"))
