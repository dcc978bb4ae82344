"""Passers-by."""

from webapp.demo.scenes.moods import AMBER, BRICK, CLOTHES, CREAM, INK, TEAL, mix
from webapp.demo.scenes.shapes import arc, points
from webapp.demo.scenes.sketch import Sketch


def person(s: Sketch, x: float, base: float, height: float, dark: bool = False) -> None:
    """Seen from behind or far away: no face, nobody."""
    c, r = s.c, s.r
    coat = s.m.on(r.choice(CLOTHES), 0.1)
    if dark:
        coat = mix(coat, INK, 0.6)
    legs, skin = mix(coat, INK, 0.5), mix(coat, INK, 0.35)
    u = height / 100
    stride = r.uniform(4, 9) * r.choice((-1, 1))
    for hip, foot in ((-7, -stride - 4), (-1, stride - 2)):
        c.poly(points(x, base, f"{hip} -48, {hip + 8} -48, {foot + 6} 0, {foot} 0", u), legs)
    hem = r.choice((38, 44, 28))
    c.poly(points(x, base, f"-8 -84, 8 -84, 12 -76, 11 {-hem}, -11 {-hem}, -12 -76", u), coat)
    c.line(points(x, base, "-11 -77, -14 -46", u), mix(coat, INK, 0.2), 5 * u)
    c.line(points(x, base, "11 -77, 14 -47", u), mix(coat, INK, 0.2), 5 * u)
    c.oval(x, base - 92 * u, 6.2 * u, 8 * u, skin)
    if r.random() < 0.5:
        c.round(x + 10 * u, base - 50 * u, 11 * u, 14 * u, 2 * u, mix(AMBER, coat, 0.4))
    if s.m.wet:
        top = s.m.on(r.choice((AMBER, BRICK, TEAL, CREAM)), -0.2)
        c.line([(x + 4 * u, base - 60 * u), (x + 4 * u, base - 118 * u)], INK, 1.2 * u)
        c.poly(arc(x + 4 * u, base - 100 * u, 29 * u, 24 * u, 180, 360), top)
        c.poly([*arc(x + 4 * u, base - 100 * u, 29 * u, 24 * u, 180, 255), (x - 3 * u, base - 100 * u)], INK, 30)
