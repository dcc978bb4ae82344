import math

from webapp.demo.scenes.canvas import View
from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, FRUIT, INK, LEAF, PAPER, TEAL, WALLS, WHITE, Rgb, mix
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import crates, pavement
from webapp.demo.scenes.weather import sky, weather
from webapp.demo.scenes.writing import SCRIPTS, script


def market(s: Sketch) -> None:
    """An aisle between stalls with striped awnings."""
    c, m, r = s.c, s.m, s.r
    v = View(c.w * 0.5, 500, 930, 1.75)
    sky(s, 520, (c.w * 0.55, 250))
    for i in range(6):
        w = c.w / 5
        h = r.uniform(90, 190)
        c.rect(i * w - 60, 510 - h, w, h, mix(m.on(r.choice(WALLS)), m.sky[1], 0.55))
        for j in range(4):
            c.rect(i * w - 40 + j * w / 4.6, 530 - h, w / 10, 26, mix(m.pane, m.sky[1], 0.5))
    pavement(s, 506, m.on("#d8c9a6"), (v.x, 500))
    c.veil([v.floor(-5, -0.9, 1.6, 40), v.floor(1.3, 5, 1.6, 40)], m.shadow, 95, 5)
    for i in range(4):
        z = 26 - i * 5.2
        string = [v.at(-3.2 + 0.4 * j, 4.4 - 1.0 * math.sin(math.pi * j / 16), z) for j in range(17)]
        c.line(string, INK, 1.2, 170)
        for j, spot in enumerate(string[1:-1]):
            s.glow(spot[0], spot[1] + 3, 300 / z, 0.7)
            size = 46 / z
            tone = m.lit if m.lamps else m.on((AMBER, BRICK, TEAL, CREAM)[j % 4])
            c.poly(points(*spot, "-1 0, 1 0, 0 2.4", size), tone)
    for z in (30, 25, 20, 15.5, 11.5, 8, 4.9):
        for side in (-1, 1):
            stall(s, v, side, z)
        if z in (20, 11.5):
            for i in range(min(2, s.people)):
                person(s, *v.at(-0.7 + 1.2 * i, 0, z - 1), 930 * 1.7 / (z - 1), True)
    crates(s, v.x - 560, 950)
    crates(s, v.x + 400, 968)
    weather(s, 500, 640)


def stall(s: Sketch, v: View, side: int, z: float) -> None:
    c, m, r = s.c, s.m, s.r
    deep, x0, x1 = 3.1, side * 1.9, side * 4.4
    colour = m.on(r.choice((TEAL, AMBER, BRICK, LEAF)))
    haze = min(0.5, z / 60)
    back = z + deep
    c.poly(v.wall(x1, z, back, 0, 2.9), mix(mix(colour, INK, 0.5), m.sky[1], haze))
    c.poly(v.front(x1, x0 + side * 0.4, 0.9, 2.6, back), mix(mix(colour, INK, 0.3), m.sky[1], haze))
    for i in range(5):
        spot = v.at(x0 + side * (0.6 + 0.42 * i), 2.0, back - 0.1)
        high, tone = r.uniform(300, 560) / z, m.on(r.choice(FRUIT))
        c.rect(spot[0] - 90 / z, spot[1], 180 / z, high, mix(tone, m.sky[1], haze))
    s.glow(*v.at((x0 + x1) / 2, 2.2, z + 1), 1500 / z, 0.65)
    wood = mix(m.on("#b98a54"), m.sky[1], haze)
    c.poly(v.wall(x0, z, back, 0, 0.85), mix(wood, m.shadow, 0.35))
    c.poly(v.front(x0, x1, 0, 0.85, z), mix(wood, m.shadow, 0.15))
    for i in range(1, 4):
        c.line([v.at(x0, 0.21 * i, z), v.at(x1, 0.21 * i, z)], m.shadow, 1.3, 70)
        c.line([v.at(x0, 0.21 * i, z), v.at(x0, 0.21 * i, back)], m.shadow, 1.3, 70)
    c.poly([v.at(x0, 0.85, z), v.at(x1, 0.85, z), v.at(x1, 1.05, back), v.at(x0, 1.05, back)], wood)
    for row in range(5):
        fruit(s, v, (x0, x1), back - 0.35 - row * (deep - 0.5) / 5, haze)
    for px in (x0, x1):
        c.line([v.at(px, 0, z), v.at(px, 2.7, z)], mix(TEAL, INK, 0.5), 34 / z)
    awning(s, v, (x0, x1), (z, back), colour)
    tag = v.at(x0 + side * 1.2, 1.75, z)
    size = 330 / z
    c.rect(tag[0] - size / 2, tag[1], size, size * 0.62, PAPER)
    script(s, tag[0] - size * 0.4, tag[1] + size * 0.14, size * 0.8, size * 0.32, r.choice(SCRIPTS), INK)


def fruit(s: Sketch, v: View, x: tuple[float, float], z: float, haze: float) -> None:
    kinds = s.r.sample(FRUIT, 4)
    for i in range(12):
        spot = v.at(x[0] + (x[1] - x[0]) * (i + 0.5) / 12, 0.98, z)
        tone = mix(s.m.on(kinds[i // 3]), s.m.sky[1], haze)
        u = 76 / z
        s.c.oval(*spot, u, u * 0.9, mix(tone, s.m.shadow, 0.25))
        s.c.oval(spot[0] - u * 0.12, spot[1] - u * 0.14, u * 0.82, u * 0.72, tone)
        if z < 9:
            s.c.oval(spot[0] - u * 0.3, spot[1] - u * 0.35, u * 0.22, u * 0.18, WHITE, 110)


def awning(s: Sketch, v: View, x: tuple[float, float], z: tuple[float, float], colour: Rgb) -> None:
    """Stripes of the slope and its hem, then the side that faces us."""
    c, m = s.c, s.m
    x0, x1 = x[0] - math.copysign(0.5, x[0]), x[1]
    front, deep = z[0] - 0.2, z[1] - z[0] + 0.2
    tones = colour, m.on(CREAM)
    for i in range(8):
        a, b = front + deep * i / 8, front + deep * (i + 1) / 8
        c.poly(v.slope(x0, x1, a, b, 2.45, 3.2), mix(tones[i % 2], m.shadow, 0.12))
        c.poly(v.wall(x0, a, b, 2.1, 2.46), tones[i % 2])
    for i in range(9):
        a, b = x0 + (x1 - x0) * i / 9, x0 + (x1 - x0) * (i + 1) / 9
        ya, yb = 2.45 + 0.75 * i / 9, 2.45 + 0.75 * (i + 1) / 9
        side = [v.at(a, ya - 0.34, front), v.at(b, yb - 0.34, front), v.at(b, yb, front), v.at(a, ya, front)]
        c.poly(side, mix(tones[i % 2], m.shadow, 0.2))
