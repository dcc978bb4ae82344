from webapp.demo.scenes.houses import row_of_houses
from webapp.demo.scenes.moods import AMBER, INK, PAPER, RED, TEAL, WHITE, mix
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import pavement, tree
from webapp.demo.scenes.trams import tram_side
from webapp.demo.scenes.weather import sky, weather
from webapp.demo.scenes.writing import poster, script


def tram_stop(s: Sketch) -> None:
    """A tram waits at its stop, seen from the pavement across."""
    c, m, r = s.c, s.m, s.r
    sky(s, 520, (c.w * 0.8, 130))
    row_of_houses(s, 640, 80)
    for x in (0.1, 0.62, 0.93):
        tree(s, c.w * x, 650, r.uniform(250, 310))
    c.fade(636, 120, m.on("#b9b2a0"), m.on("#a49f90"), m.on("#8f8b7f"))
    tram_side(s, c.w * r.uniform(0.02, 0.1), 742, min(c.w * 0.78, 1080))
    pavement(s, 780, m.on("#d0c6ae"), (c.w / 2, 300))
    c.rect(0, 772, c.w, 14, m.on("#efe6d2"))
    c.rect(0, 786, c.w, 5, m.shadow, 90)
    shelter(s, c.w * 0.66, 850)
    weather(s, 640, 800)
    for i in range(s.people):
        x = c.w * (0.72 + 0.07 * i)
        s.shade(points(x, 0, "-12 872, 12 872, -120 948, -150 944"), 80, 3)
        person(s, x, 880 + 12 * (i % 2), 265, True)


def shelter(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    iron = mix(TEAL, INK, 0.35)
    w, h = 400, 330
    s.shade([(x, base), (x + w, base), (x + w - 170, base + 90), (x - 190, base + 90)], 80, 5)
    c.rect(x + 20, base - h, w - 40, h - 40, mix(m.sky[1], TEAL, 0.3), 76)
    for i in range(3):
        gx = x + 40 + i * 115
        c.poly([(gx, base - 40), (gx + 70, base - h), (gx + 100, base - h), (gx + 30, base - 40)], WHITE, 30)
    for dx in (20, 140, 260, w - 28):
        c.rect(x + dx, base - h, 8, h, iron)
    c.poly([(x - 26, base - h), (x + w + 26, base - h), (x + w + 10, base - h - 26), (x - 10, base - h - 26)], iron)
    c.rect(x - 26, base - h, w + 52, 8, m.on(AMBER))
    c.rect(x + 40, base - 86, 210, 12, m.on("#a8642c"))
    for dx in (60, 220):
        c.rect(x + dx, base - 74, 9, 74, iron)
    poster(s, x + 280, base - 280, 80, 170, PAPER, "latin")
    sx = x - 92
    c.rect(sx, base - 410, 10, 410, iron)
    c.round(sx - 34, base - 440, 78, 92, 8, m.on(RED))
    c.round(sx - 26, base - 432, 62, 40, 4, PAPER)
    c.round(sx - 18, base - 424, 46, 22, 8, RED)
    script(s, sx - 24, base - 384, 58, 22, "latin", PAPER)
    c.rect(sx - 22, base - 330, 54, 110, PAPER)
    for i in range(8):
        c.rect(sx - 16, base - 318 + 12 * i, 42, 4, INK, 120)
