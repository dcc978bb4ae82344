"""Signs and posters."""

from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, INK, TEAL, Rgb
from webapp.demo.scenes.shapes import Point, arc, points
from webapp.demo.scenes.sketch import Sketch

SCRIPTS = ("latin", "cyrillic", "accents", "joined", "square", "blocks")


def script(s: Sketch, x: float, y: float, w: float, h: float, kind: str, ink: Rgb) -> None:
    """Writing, as one sees it in a language one cannot read: strokes, not letters."""
    c, r = s.c, s.r
    thick = max(1.2, h * 0.13)
    if kind == "joined":
        base = y + h * 0.62
        wave = [(x + w * i / 16, base - (h * r.choice((0, 0, 0.18, 0.5)) if i % 2 else 0)) for i in range(17)]
        c.line(wave, ink, thick)
        for i in range(2, 16, 4):
            c.oval(x + w * i / 16, base + h * r.choice((0.26, -0.72)), thick * 0.6, thick * 0.6, ink)
        return
    pitch = h * (1.05 if kind == "blocks" else 0.72)
    at = x
    while at + pitch * 0.8 <= x + w:
        if kind != "blocks" and r.random() < 0.14 and at > x:
            at += pitch * 0.6
            continue
        glyph(s, at, y, pitch * 0.7, h, kind, ink, thick)
        at += pitch


def glyph(s: Sketch, x: float, y: float, w: float, h: float, kind: str, ink: Rgb, thick: float) -> None:
    c, r = s.c, s.r
    if kind == "blocks":
        for i in range(3):
            c.line([(x, y + h * (0.1 + 0.4 * i)), (x + w, y + h * (0.1 + 0.4 * i))], ink, thick * 0.8)
        c.line([(x + w * r.choice((0.3, 0.5, 0.7)), y), (x + w * 0.5, y + h)], ink, thick * 0.8)
        c.line([(x + w * 0.5, y + h * 0.5), (x + w * r.choice((0.0, 1.0)), y + h)], ink, thick * 0.8)
        return
    top = y + h * 0.28 if kind == "accents" else y
    left, right, low = (x, top), (x + w, top), y + h
    shapes: list[list[Point]] = [
        [(x, low), left, right],
        [left, (x, low), (x + w, low)],
        [left, (x + w, low)],
        [(x, low), (x + w / 2, top), (x + w, low)],
        arc(x + w / 2, (top + low) / 2, w / 2, (low - top) / 2, 0, 360, 12),
        [right, left, (x, low), (x + w, low)],
    ]
    if kind in ("cyrillic", "square"):
        shapes += [[(x, low), left, right, (x + w, low)], [left, (x, low), right, (x + w, low)]]
    c.line(r.choice(shapes), ink, thick)
    if kind != "latin" or r.random() < 0.5:
        c.line([r.choice((left, (x, (top + low) / 2))), (x + w * 0.8, (top + low) / 2)], ink, thick * 0.8)
    if kind == "accents" and r.random() < 0.7:
        c.line(points(x, y, "0.2 0.16, 0.5 0, 0.8 0.12", w, h), ink, thick * 0.7)


def poster(s: Sketch, x: float, y: float, w: float, h: float, paper: Rgb, kind: str) -> None:
    """A sheet with a headline, lines and a corner of colour."""
    c = s.c
    c.rect(x + w * 0.05, y + w * 0.05, w, h, s.m.shadow, 70)
    c.rect(x, y, w, h, paper)
    ink = INK if sum(paper) > 380 else CREAM
    script(s, x + w * 0.1, y + h * 0.08, w * 0.8, h * 0.15, kind, ink)
    for i in range(4):
        c.rect(x + w * 0.1, y + h * (0.36 + 0.11 * i), w * s.r.uniform(0.5, 0.8), h * 0.035, ink, 120)
    c.oval(x + w * 0.78, y + h * 0.84, w * 0.1, w * 0.1, s.r.choice((AMBER, BRICK, TEAL)))
