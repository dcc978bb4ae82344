from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, INK, PAPER, RED, TEAL, WHITE, mix, rgb
from webapp.demo.scenes.shapes import points, smooth
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import pavement
from webapp.demo.scenes.writing import poster, script


def ticket(s: Sketch) -> None:
    """A ticket machine on the tiles of a metro station."""
    c, m, r = s.c, s.m, s.r
    tile = m.on("#d8c69a")
    c.fade(0, 850, mix(tile, TEAL, 0.32), tile, mix(tile, m.shadow, 0.16))
    size = 62.0
    for row in range(14):
        for col in range(int(c.w / size) + 1):
            tone = r.choice((tile, mix(tile, TEAL, 0.16), mix(tile, PAPER, 0.3), mix(tile, AMBER, 0.14)))
            x, y = col * size, row * size - 12
            c.round(x + 2, y + 2, size - 4, size - 4, 7, tone, 200)
            c.oval(x + size / 2, y + size / 2, 17, 17, mix(tone, m.shadow, 0.22))
            c.oval(x + size / 2 - 2.5, y + size / 2 - 3, 13, 13, mix(tone, PAPER, 0.4))
    c.rect(0, 232, c.w, 62, m.on(RED))
    c.rect(0, 292, c.w, 5, m.shadow, 80)
    script(s, c.w * 0.5 - 250, 246, 500, 34, "latin", PAPER)
    pavement(s, 850, m.on("#a9a394"), (c.w / 2, 300))
    c.rect(0, 842, c.w, 12, m.on(TEAL))
    x = c.w * 0.5 - 235 if c.w < 900 else c.w * 0.36
    if c.w >= 900:
        metro_map(s, x + 530, 350)
        bin_and_poster(s, x - 230)
    s.shade(points(x, 0, "20 330, 530 330, 540 880, 20 880"), 120, 9)
    machine(s, x)
    c.glow(c.w * 0.55, -60, 640, m.sun, 0.42)


def machine(s: Sketch, x: float) -> None:
    c, m, r = s.c, s.m, s.r
    yellow = m.on(AMBER)
    c.round(x, 316, 470, 580, 18, mix(yellow, m.shadow, 0.35))
    c.round(x, 310, 452, 576, 18, yellow)
    c.rect(x, 858, 452, 40, mix(TEAL, INK, 0.5))
    c.round(x + 22, 330, 408, 66, 8, TEAL)
    script(s, x + 44, 346, 250, 32, "latin", PAPER)
    c.oval(x + 388, 363, 22, 22, PAPER)
    c.line([(x + 388, 350), (x + 388, 376)], TEAL, 7)
    c.round(x + 28, 414, 250, 186, 10, mix(INK, TEAL, 0.3))
    c.round(x + 40, 426, 226, 162, 5, rgb("#bfe0d2"))
    for i in range(4):
        c.round(x + 52, 438 + i * 36, 150, 25, 4, (TEAL, BRICK, TEAL, TEAL)[i])
        script(s, x + 60, 444 + i * 36, 120, 13, "latin", PAPER)
        c.round(x + 212, 438 + i * 36, 42, 25, 4, PAPER)
    c.poly(points(x, 0, "40 588, 150 426, 200 426, 90 588"), WHITE, 46)
    for row in range(5):
        for col in range(2):
            bx, by = x + 300 + col * 66, 414 + row * 38
            c.round(bx, by + 3, 56, 29, 6, m.shadow, 110)
            c.round(bx, by, 56, 29, 6, m.on(r.choice((CREAM, PAPER, "#d7e4da"))))
            script(s, bx + 9, by + 8, 38, 12, "latin", INK)
    c.round(x + 28, 622, 250, 112, 8, mix(yellow, PAPER, 0.35))
    for i in range(6):
        c.rect(x + 44, 636 + i * 16, r.uniform(110, 215), 5, INK, 130)
    c.round(x + 306, 622, 112, 112, 10, rgb("#5c6a6a"))
    c.rect(x + 352, 642, 20, 70, INK)
    c.oval(x + 395, 650, 10, 10, RED)
    c.round(x + 60, 762, 330, 78, 12, mix(INK, TEAL, 0.3))
    c.round(x + 74, 774, 302, 50, 8, INK)
    c.poly(points(x, 0, "180 800, 260 792, 266 834, 186 842"), PAPER)
    script(s, x + 194, 806, 56, 14, "latin", TEAL)
    c.poly(points(x, 0, "250 560, 368 572, 356 668, 240 656"), m.shadow, 70)
    c.poly(points(x, 0, "246 552, 364 564, 352 660, 236 648"), rgb("#f6ef9c"))
    script(s, x + 262, 576, 78, 22, "cyrillic", INK)
    script(s, x + 258, 612, 70, 22, "accents", RED)


def metro_map(s: Sketch, x: float, y: float) -> None:
    c, m, r = s.c, s.m, s.r
    w, h = 270.0, 380.0
    c.round(x + 8, y + 10, w, h, 8, m.shadow, 90)
    c.round(x, y, w, h, 8, TEAL)
    c.rect(x + 14, y + 14, w - 28, h - 28, PAPER)
    for tone, shape in (
        (rgb("#3f8a5c"), "0.1 0.2, 0.3 0.42, 0.55 0.5, 0.9 0.82"),
        (AMBER, "0.1 0.85, 0.36 0.62, 0.6 0.44, 0.9 0.32"),
        (RED, "0.45 0.1, 0.62 0.3, 0.56 0.56, 0.5 0.9"),
    ):
        line = smooth(points(x + 14, y + 14, shape, w - 28, h - 28))
        c.line(line, tone, 9)
        for spot in line[::3]:
            c.oval(*spot, 6, 6, PAPER)
            c.oval(*spot, 3.4, 3.4, tone)
    for _ in range(14):
        c.rect(x + 30 + r.random() * (w - 90), y + 30 + r.random() * (h - 60), r.uniform(18, 36), 3.4, INK, 110)


def bin_and_poster(s: Sketch, x: float) -> None:
    c, m = s.c, s.m
    c.round(x + 12, 640, 110, 236, 12, m.shadow, 90)
    c.round(x, 630, 110, 246, 12, mix(TEAL, INK, 0.25))
    c.oval(x + 55, 664, 38, 14, INK)
    c.round(x + 30, 720, 50, 62, 6, PAPER)
    c.line(points(x, 0, "42 762, 55 738, 68 762, 42 762"), TEAL, 5)
    poster(s, x - 20, 350, 160, 220, m.on("#efe6d2"), "latin")
