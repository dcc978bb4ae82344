"""The sky, the rain and its puddles."""

from webapp.demo.scenes.moods import INK, WHITE, mix
from webapp.demo.scenes.shapes import Point, blob
from webapp.demo.scenes.sketch import Sketch


def sky(s: Sketch, bottom: float, sun: Point) -> None:
    """From the top of the picture to `bottom`: colours, the sun unless it rains, clouds."""
    c, m, r = s.c, s.m, s.r
    c.fade(0, bottom, *m.sky)
    if not m.wet:
        c.glow(*sun, 420, m.sun, 0.75)
        c.oval(*sun, 34, 34, mix(m.sun, WHITE, 0.35), 235)
    tone = mix(m.sky[0], INK, 0.12) if m.wet else mix(m.sky[2], WHITE, 0.35)
    for _ in range(7 if m.wet else 4):
        x, y, length = r.random() * c.w, r.uniform(0.08, 0.55) * bottom, r.uniform(110, 270)
        for dx, dy, scale in ((0, 0, 1.0), (length * 0.3, -12, 0.6), (-length * 0.35, 9, 0.55)):
            c.round(x + dx - length * scale / 2, y + dy - 9, length * scale, 18, 9, tone, 85)


def puddles(s: Sketch, horizon: float, top: float) -> None:
    shapes = []
    for i in range(6):
        y = top + (985 - top) * ((i + 0.7) / 6) ** 1.2
        reach = (y - horizon) / (1000 - horizon)
        shapes.append(blob(s.r, s.r.uniform(0.06, 0.94) * s.c.w, y, 210 * reach + 40, 34 * reach + 5, 0.16))
    s.c.mirror(top, shapes, s.m.sky[1], 205)
    for shape in shapes:
        s.c.line(shape[4:32], s.m.sky[2], 1.5, 120)


def rain(s: Sketch) -> None:
    """Drops, if it rains at all."""
    for _ in range(170 if s.m.wet else 0):
        x, y, length = s.r.random() * s.c.w, s.r.random() * 1000, s.r.uniform(14, 40)
        s.c.line([(x, y), (x - length * 0.16, y + length)], s.m.sky[2], 1, s.r.randint(35, 95))


def weather(s: Sketch, horizon: float, top: float) -> None:
    """Puddles on the ground below `top`, and rain, if it rains."""
    if s.m.wet:
        puddles(s, horizon, top)
    rain(s)
