from webapp.demo.scenes.canvas import View
from webapp.demo.scenes.houses import row_of_houses
from webapp.demo.scenes.moods import AMBER, BRICK, CREAM, INK, PAPER, RED, TEAL, Rgb, mix
from webapp.demo.scenes.people import person
from webapp.demo.scenes.shapes import arc, arch, around, blob, points
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.things import lamp, pavement, tree
from webapp.demo.scenes.weather import rain, sky, weather
from webapp.demo.scenes.writing import script


def bridge(s: Sketch) -> None:
    """A stone bridge with statues that leads to a tower."""
    c, m, r = s.c, s.m, s.r
    v = View(c.w * 0.5, 520, 700, 1.7)
    sky(s, 540, (c.w * r.uniform(0.25, 0.75), 320))
    for i in range(3):
        x = c.w * (0.04 + 0.4 * i) + r.uniform(-60, 60)
        c.poly(blob(r, x, 525, c.w * 0.26, 70 - 12 * i, 0.1), mix(m.on("#3f6f73"), m.sky[2], 0.55 - 0.12 * i))
    c.fade(520, 480, mix(m.sky[2], m.sky[1], 0.4), mix(m.sky[1], TEAL, 0.35), mix(m.sky[0], TEAL, 0.5))
    for _ in range(60):
        x, y = r.random() * c.w, r.uniform(530, 900)
        c.line([(x, y), (x + 20 + (y - 520) * 0.1, y)], m.sun, 2, 90)
    stone = m.on("#b9ab8c")
    c.poly(v.floor(-4.6, 4.6, 1.9, 60), mix(stone, m.sky[2], 0.2))
    z = 2.0
    while z < 40:
        c.line([v.at(-4.6, 0, z), v.at(4.6, 0, z)], m.shadow, 1.4, 50)
        z *= 1.08
    tower(s, v.x, 528)
    for side in (-1, 1):
        c.poly(v.wall(side * 4.6, 1.9, 60, 0, 1.05), mix(stone, m.shadow, 0.2 if side < 0 else 0.36))
        c.poly(v.floor(side * 4.6, side * 5.2, 1.9, 60, 1.05), mix(stone, PAPER, 0.3))
        for z in (34, 22, 14.5, 9.4, 6.2):
            statue(s, *v.at(side * 4.9, 1.05, z), 700 / z)
        for z in (27, 17.5, 11.5):
            lamp(s, *v.at(side * 4.3, 0.9, z), 700 * 2.6 / z)
    for i in range(6 + s.people):
        z = 30 - i * 2.6
        person(s, *v.at(r.uniform(-3.4, 3.4), 0, z), 700 * 1.72 / z, i >= 6)
    weather(s, 520, 640)


def tower(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    wall = mix(m.on("#7d6a4c"), m.sky[1], 0.2)
    roof = mix(m.on("#3f4f4c"), m.sky[1], 0.15)
    c.poly(points(x, base, "-56 -230, 56 -230, 30 -330, 8 -352, -8 -352, -30 -330"), roof)
    for dx in (-58, 58):
        c.poly(points(x + dx, base, "-13 -225, 13 -225, 0 -310"), roof)
    c.rect(x - 62, base - 240, 124, 244, wall)
    c.rect(x - 66, base - 240, 132, 12, mix(wall, PAPER, 0.3))
    c.rect(x - 66, base - 140, 132, 8, mix(wall, PAPER, 0.3))
    for dx in (-30, 16):
        c.poly(arch(x + dx + 8, base - 190, 9, 16, base - 160), s.pane())
    c.poly(arch(x, base - 62, 32, 40, base + 3), mix(m.lit, m.sky[2], 0.4))


def statue(s: Sketch, x: float, base: float, u: float) -> None:
    c, r = s.c, s.r
    stone = mix(s.m.on("#4d4a42"), s.m.sky[1], min(0.5, 12 / u))
    c.poly(points(x, base, "-0.55 0, 0.55 0, 0.42 -0.9, -0.42 -0.9", u), mix(stone, PAPER, 0.15))
    for dx in (-0.2, 0.24) if r.random() < 0.5 else (0.0,):
        lean = r.uniform(-0.12, 0.12)
        c.poly(points(x + dx * u, base, f"-0.3 -0.9, 0.3 -0.9, {0.2 + lean} -2.2, {-0.2 + lean} -2.2", u), stone)
        c.oval(x + (dx + lean) * u, base - 2.4 * u, 0.15 * u, 0.2 * u, stone)
        c.line(
            points(x + dx * u, base, f"{lean} -2.0, {r.choice((-0.55, 0.55))} {r.uniform(-2.6, -1.7)}", u),
            stone,
            0.13 * u,
        )


def square(s: Sketch) -> None:
    """A square of cobbles: coloured fronts, a church with two towers, a monument."""
    c, m, r = s.c, s.m, s.r
    sky(s, 600, (c.w * r.uniform(0.1, 0.9), 170))
    church(s, c.w * r.uniform(0.26, 0.42), 560)
    row_of_houses(s, 640, 62)
    clock_tower(s, c.w * r.uniform(0.74, 0.86), 650)
    pavement(s, 636, m.on("#c9bfa8"), (c.w / 2, 480))
    for i in range(9):
        y = 660 + 320 * (i / 9) ** 1.4
        c.line(arc(c.w / 2, y - 200, c.w * 0.8, 220, 20, 160), m.shadow, 1.4, 50)
    monument(s, c.w * 0.52, 740)
    for i in range(12 + s.people):
        y = 690 + 15 * i
        person(s, r.random() * c.w, y, 50 + (y - 640) * 0.62, i > 8)
    for _ in range(14):
        x, y = r.uniform(0.1, 0.9) * c.w, r.uniform(840, 985)
        c.oval(x, y, 13, 8, m.on("#6d7c82"))
        c.oval(x + 11, y - 9, 5, 5, m.on("#4f6167"))
    weather(s, 480, 690)


def church(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    wall, roof = mix(m.on("#a89878"), m.sky[1], 0.25), mix(m.on("#3f4f4c"), m.sky[1], 0.2)
    c.poly(points(x, base, "-90 0, -90 -190, 0 -300, 90 -190, 90 0"), mix(wall, PAPER, 0.1))
    for dx in (-100, 100):
        c.rect(x + dx - 36, base - 330, 72, 330, wall)
        c.poly(points(x + dx, base, "-38 -326, 38 -326, 0 -500"), roof)
        for side in (-32, 32):
            c.poly(points(x + dx + side, base, "-10 -320, 10 -320, 0 -410"), roof)
        c.oval(x + dx, base - 506, 5, 8, AMBER)
        c.poly(arch(x + dx, base - 260, 12, 18, base - 210), s.pane())
    c.poly(arch(x, base - 130, 30, 46, base - 40), s.pane())


def clock_tower(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    wall = m.on("#b09a74")
    c.rect(x - 66, base - 470, 132, 470, wall)
    c.rect(x + 40, base - 470, 26, 470, m.shadow, 40)
    c.poly(points(x, base, "-72 -466, 72 -466, 44 -560, 0 -640, -44 -560"), mix(m.on("#3f4f4c"), INK, 0.1))
    c.rect(x - 72, base - 476, 144, 14, mix(wall, PAPER, 0.4))
    for y, size in ((300, 52), (190, 40)):
        c.oval(x, base - y, size, size, m.on(TEAL))
        c.oval(x, base - y, size * 0.84, size * 0.84, m.on(AMBER if y < 200 else CREAM))
        for i in range(12):
            c.oval(*around(x, base - y, size * 0.7, size * 0.7, i * 30), 2.6, 2.6, INK)
        c.line(
            [
                around(x, base - y, size * 0.6, size * 0.6, 40),
                (x, base - y),
                around(x, base - y, size * 0.4, size * 0.4, 250),
            ],
            INK,
            4,
        )
    c.poly(arch(x, base - 70, 30, 40, base), mix(INK, m.pane, 0.4))


def monument(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    bronze: Rgb = m.on("#3f5a50")
    s.shade(arc(x, base + 6, 190, 26, 0, 360), 120, 5)
    c.oval(x, base, 170, 26, m.on("#a89f8a"))
    c.poly(points(x, base, "-120 0, 120 0, 84 -46, -90 -46"), m.on("#8f8672"))
    c.poly(points(x, base, "-70 -46, 66 -46, 30 -84, -44 -84"), bronze)
    c.poly(points(x, base, "-22 -84, 22 -84, 14 -180, -12 -180"), bronze)
    c.oval(x + 2, base - 194, 13, 17, bronze)


def gate(s: Sketch) -> None:
    """The gate of a market: a roof with turned-up corners, vans that go in, banners."""
    c, m, r = s.c, s.m, s.r
    sky(s, 600, (c.w * r.uniform(0.1, 0.9), 160))
    for i in range(7):
        x, h = i * c.w / 6 - 60, r.uniform(90, 200)
        c.rect(x, 620 - h, c.w / 6.4, h + 20, mix(m.on(r.choice(("#a3b0a6", "#b9a58a", "#c4cdbd"))), m.sky[1], 0.4))
    pavement(s, 630, m.on("#b0a894"), (c.w / 2, 500))
    c.poly(points(0, 0, "0.38 632, 0.62 632, 0.9 1000, 0.1 1000", c.w, 1), m.on("#7f8080"))
    x, w = c.w * 0.5, min(c.w * 0.36, 480)
    van(s, x - w * 0.62, 800, 0.8)
    if r.random() < 0.6:
        van(s, x + w * 0.2, 730, 0.55)
    red = m.on(RED)
    for dx in (-w, w - 46):
        c.rect(x + dx, 330, 46, 480, red)
        c.rect(x + dx + 34, 330, 12, 480, m.shadow, 70)
        c.rect(x + dx - 12, 790, 70, 40, m.on("#8f8672"))
    for y, grow, h in ((250, 1.18, 76), (150, 0.8, 60)):
        half = w * grow
        eaves = points(
            x,
            y + h,
            f"{-half} -26, {-half * 0.9} 0, {half * 0.9} 0, {half} -26, {half * 0.7} {-h}, {-half * 0.7} {-h}",
        )
        c.poly(eaves, m.on("#2f6b57"))
        for i in range(15):
            share = -0.86 + 1.72 * i / 14
            c.line([(x + half * share, y + h), (x + half * share * 0.8, y)], m.shadow, 2, 80)
        c.rect(x - half * 0.9, y + h, half * 1.8, 10, m.on(AMBER))
    c.rect(x - w * 0.86, 336, w * 1.72, 84, red)
    c.rect(x - w * 0.6, 346, w * 1.2, 64, m.on(AMBER, -0.2))
    lettering(s, x - w * 0.5, 358, w)
    for dx in (-0.74, 0.74):
        s.glow(x + dx * w, 470, 150, 0.7)
        c.oval(x + dx * w, 460, 30, 36, mix(RED, m.lit, 0.4))
    for i in range(s.people):
        person(s, x + w * (1.1 + 0.2 * i) * (-1 if i % 2 else 1), 880, 270, True)
    for px in (0.04, 0.95):
        tree(s, c.w * px, 720, r.uniform(240, 330))
    weather(s, 500, 690)


def lettering(s: Sketch, x: float, y: float, w: float) -> None:
    script(s, x, y, w * 0.56, 40, "accents", INK)
    script(s, x + w * 0.62, y, w * 0.38, 40, "blocks", INK)


def van(s: Sketch, x: float, base: float, u: float) -> None:
    c, m, r = s.c, s.m, s.r
    tone = m.on(r.choice((PAPER, "#d8d2c0", AMBER, TEAL, BRICK)), -0.1)
    w, h = 330 * u, 260 * u
    s.shade([(x, base - 6), (x + w, base - 6), (x + w + 40, base + 24), (x - 20, base + 24)], 130, 4)
    c.round(x, base - h, w, h - 24 * u, 26 * u, tone)
    c.rect(x + w / 2 - 2, base - h + 20 * u, 4, h - 60 * u, m.shadow, 110)
    for dx in (0.09, 0.55):
        c.round(x + w * dx, base - h + 36 * u, w * 0.36, 84 * u, 8 * u, s.pane())
        c.round(x + w * (dx + 0.04), base - 66 * u, w * 0.1, 26 * u, 4, m.on(RED))
    c.rect(x + w * 0.34, base - 62 * u, w * 0.32, 26 * u, PAPER)
    c.rect(x, base - 30 * u, w, 12 * u, INK)
    for dx in (0.1, 0.76):
        c.rect(x + w * dx, base - 26 * u, w * 0.14, 28 * u, INK)


def river(s: Sketch) -> None:
    """An embankment: steps down to the water, boats, swans, bridges."""
    c, m, r = s.c, s.m, s.r
    sky(s, 460, (c.w * r.uniform(0.2, 0.8), 200))
    row_of_houses(s, 470, 48)
    c.rect(0, 120, c.w, 350, mix(m.sky[1], m.sky[2], 0.5), 90)
    c.rect(0, 466, c.w, 34, m.on("#a89878"))
    water = (mix(m.sky[2], m.sky[1], 0.3), mix(m.sky[1], TEAL, 0.4), mix(m.sky[0], TEAL, 0.55))
    c.fade(496, 400, *water)
    c.mirror(496, [points(0, 496, "0 0, 1 0, 1 300, 0 300", c.w, 1)], water[1], 90)
    for _ in range(90):
        y = 505 + 380 * r.random() ** 1.4
        x = r.random() * c.w
        c.line([(x, y), (x + 16 + (y - 496) * 0.16, y)], m.sky[2], 2, 90)
    for i in range(5):
        ax = c.w * (0.1 + 0.2 * i)
        c.poly(
            [
                (ax - c.w * 0.1, 510),
                (ax - c.w * 0.1, 452),
                (ax + c.w * 0.1, 452),
                (ax + c.w * 0.1, 510),
                *arc(ax, 512, c.w * 0.078, 46, 360, 180),
            ],
            m.on("#8f7f62"),
        )
    boat(s, c.w * r.uniform(0.12, 0.5), 650)
    for i in range(r.randint(2, 5)):
        swan(s, c.w * r.uniform(0.3, 0.95), 700 + 30 * i, r.choice((-1, 1)), 0.6 + 0.12 * i)
    c.poly(points(0, 0, "0 850, 0.5 900, 1 930, 1 1000, 0 1000", c.w, 1), m.on("#b9ab8c"))
    for i in range(3):
        c.line(points(0, 30 * i, "0 850, 0.5 900, 1 930", c.w, 1), m.shadow, 3, 90)
    for i in range(s.people):
        person(s, c.w * (0.2 + 0.1 * i), 940, 330, True)
    tree(s, c.w * 0.02, 940, 620)
    rain(s)


def boat(s: Sketch, x: float, base: float) -> None:
    c, m = s.c, s.m
    c.poly(points(x, base, "0 -40, 360 -40, 320 10, 40 10"), m.on(TEAL))
    c.rect(x, base - 48, 360, 10, m.on(AMBER))
    c.rect(x + 60, base - 116, 220, 68, m.on(CREAM))
    for i in range(5):
        c.rect(x + 72 + i * 42, base - 104, 30, 36, s.pane())
    c.rect(x + 50, base - 126, 240, 12, m.on(RED))


def swan(s: Sketch, x: float, y: float, way: int, u: float) -> None:
    c = s.c
    white = s.m.on(PAPER)
    c.oval(x, y, 52 * u, 24 * u, white)
    c.poly(points(x, y, f"{-50 * way} -4, {-74 * way} -30, {-20 * way} -20", u), white)
    c.line(points(x, y, f"{40 * way} -6, {56 * way} -40, {48 * way} -70", u), white, 12 * u)
    c.oval(x + 54 * way * u, y - 74 * u, 13 * u, 10 * u, white)
    c.poly(points(x, y, f"{64 * way} -78, {84 * way} -70, {64 * way} -68", u), s.m.on(AMBER))
    c.line([(x - 60 * u, y + 20 * u), (x + 60 * u, y + 20 * u)], s.m.sky[2], 3, 150)
