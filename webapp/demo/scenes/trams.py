"""Trams and their wires."""

from webapp.demo.scenes.canvas import View
from webapp.demo.scenes.moods import AMBER, CREAM, INK, RED, TEAL, WHITE, mix, rgb
from webapp.demo.scenes.shapes import arc, points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.writing import script


def tram_front(s: Sketch, v: View, x: float, z: float) -> None:
    """A tram that comes towards us: red below, cream above."""
    c, m = s.c, s.m
    u = v.focal / z
    left, base = v.at(x - 1.25, 0, z)
    red, cream = m.on(RED), m.on(CREAM)
    s.shade(v.floor(x - 1.3, x + 2.4, z - 1.5, z + 14), 120, 3)
    c.poly(v.wall(x + 1.25, z, z + 15, 0.35, 1.5), mix(red, m.shadow, 0.3))
    c.poly(v.wall(x + 1.25, z, z + 15, 1.5, 3.3), mix(cream, m.shadow, 0.3))
    for i in range(5):
        c.poly(v.wall(x + 1.25, z + 0.8 + 2.9 * i, z + 3.1 + 2.9 * i, 1.7, 2.7), s.pane())
    w, h = 2.5 * u, 3.2 * u
    c.round(left, base - h - 0.25 * u, w, h, 0.4 * u, cream)
    c.round(left, base - 1.6 * u, w, 1.35 * u, 0.22 * u, red)
    c.rect(left, base - 1.62 * u, w, 0.5 * u, red)
    glass = mix(m.pane, m.lit, 0.55 if m.lamps else 0.2)
    c.round(left + 0.16 * u, base - 2.75 * u, w - 0.32 * u, 1.12 * u, 0.2 * u, glass)
    c.poly(points(left, base, "0.5 -1.65, 1.1 -2.74, 1.6 -2.74, 1 -1.65", u), WHITE, 40)
    c.round(left + 0.45 * u, base - 3.22 * u, w - 0.9 * u, 0.36 * u, 0.06 * u, INK)
    script(s, left + 0.7 * u, base - 3.16 * u, w - 1.4 * u, 0.24 * u, "latin", AMBER)
    for dx in (0.42, 2.08):
        s.glow(left + dx * u, base - 0.85 * u, 1.5 * u, 0.8)
        c.oval(left + dx * u, base - 0.85 * u, 0.17 * u, 0.17 * u, mix(CREAM, m.lit, 0.6))
    c.rect(left + 0.1 * u, base - 0.3 * u, w - 0.2 * u, 0.2 * u, mix(INK, red, 0.2))
    c.line(points(left, base, "1.25 -3.4, 0.7 -4.4, 1.25 -5.3", u), INK, 1.6)


def wires(s: Sketch, v: View) -> None:
    c = s.c
    iron = mix(TEAL, INK, 0.6)
    for x in (-1.78, 1.78):
        c.line([v.at(x, 5.6, 2.5), v.at(x, 5.6, 120)], iron, 1.3, 200)
    for z in (9, 15, 24, 38, 60):
        c.line([v.at(-9, 8.4, z), v.at(0, 6.2, z), v.at(9, 8.4, z)], iron, 1.2, 190)


def tram_side(s: Sketch, x: float, base: float, w: float) -> None:
    c, m = s.c, s.m
    h = 205
    red, cream = m.on(RED), m.on(CREAM)
    for dy in (0, 20):
        c.rect(0, base + 6 + dy, c.w, 4, mix(m.on("#5c6064"), m.sky[2], 0.35))
    s.shade([(x - 10, base - 6), (x + w, base - 6), (x + w - 60, base + 30), (x - 80, base + 30)], 130, 4)
    for i in (0.12, 0.2, 0.5, 0.8, 0.88):
        c.oval(x + w * i, base - 10, 24, 24, INK)
        c.oval(x + w * i, base - 10, 10, 10, rgb("#6b7274"))
    c.round(x, base - h, w, h - 14, 34, cream)
    c.round(x, base - 96, w, 76, 18, red)
    c.rect(x, base - 100, w, 30, red)
    c.rect(x, base - 108, w, 5, mix(red, INK, 0.25))
    c.round(x + 30, base - h - 20, w - 60, 26, 8, mix(cream, m.shadow, 0.35))
    step = w / 10
    for i in range(10):
        wx = x + step * i
        if i in (1, 4, 7):
            c.round(wx + step * 0.08, base - h + 22, step * 0.84, h - 44, 8, mix(red, INK, 0.15))
            for half in (0.14, 0.54):
                c.round(wx + step * half, base - h + 32, step * 0.32, h - 76, 6, s.pane())
            continue
        glass = s.pane()
        c.round(wx + step * 0.08, base - h + 28, step * 0.84, 66, 9, glass)
        c.poly(points(wx, base - h, "0.2 94, 0.5 28, 0.68 28, 0.38 94", step, 1), WHITE, 36)
        if s.r.random() < 0.6:
            px = wx + step * s.r.uniform(0.3, 0.6)
            c.oval(px, base - h + 62, 13, 16, mix(m.pane, INK, 0.4), 190)
            c.poly(arc(px, base - h + 94, 26, 22, 180, 360), mix(m.pane, INK, 0.4), 190)
    c.round(x + step * 2.4, base - h + 6, step * 1.6, 18, 4, INK)
    script(s, x + step * 2.5, base - h + 9, step * 1.4, 11, "latin", AMBER)
    c.line(points(x, base - h, "0.5 -20, 0.46 -62, 0.52 -104", w, 1), INK, 4)
    c.line([(0, base - h - 104), (c.w, base - h - 112)], INK, 2, 200)
    c.oval(x + 18, base - 62, 8, 10, mix(CREAM, m.lit, 0.5))
