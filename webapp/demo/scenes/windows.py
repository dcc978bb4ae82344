from webapp.demo.scenes.moods import AMBER, BRICK, CLOTHES, FRUIT, INK, PAPER, TEAL, WALLS, Rgb, mix, rgb
from webapp.demo.scenes.shapes import arc, blob, points, smooth
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.weather import rain


def windows(s: Sketch) -> None:
    """One front in the evening, a different life behind every window."""
    c, m, r = s.c, s.m, s.r
    wall = m.on(r.choice(WALLS[:3]), -0.2)
    c.rect(0, 0, c.w, 1000, wall)
    s.shade([(c.w * 0.5, -20), (c.w * 1.1, -20), (c.w * 1.1, 760)], 60, 14)
    trim = mix(wall, m.on(PAPER), 0.62)
    cols = max(2, round(c.w / 370))
    step = c.w / cols
    things = ["plants", "lamp", "cat", "books", "laundry", "globe", "figure"]
    r.shuffle(things)
    for row in range(3):
        y = 70 + row * 318
        c.rect(0, y + 262, c.w, 12, trim)
        c.rect(0, y + 274, c.w, 6, m.shadow, 60)
        for col in range(cols):
            x = step * col + step * 0.5 - 88
            thing = things[(row * (cols | 1) + col) % len(things)]
            dark = not m.lamps or r.random() < 0.22
            big_window(s, x, y, thing, dark, trim)
    pipe = step * r.randint(1, cols - 1)
    c.rect(pipe - 9, 0, 18, 1000, m.on("#5f7f78"))
    c.rect(pipe + 3, 0, 6, 1000, m.shadow, 90)
    for y in (180, 500, 820):
        c.rect(pipe - 14, y, 28, 13, m.on("#47655f"))
    rain(s)


def big_window(s: Sketch, x: float, y: float, thing: str, dark: bool, trim: Rgb) -> None:
    c, m, r = s.c, s.m, s.r
    w, h = 176.0, 218.0
    c.rect(x - 26, y - 22, w + 52, h + 36, trim)
    c.poly([(x - 36, y - 22), (x + w / 2, y - 58), (x + w + 36, y - 22)], mix(trim, m.shadow, 0.1))
    c.rect(x - 36, y - 24, w + 72, 9, mix(trim, PAPER, 0.35))
    glass = mix(m.pane, m.sky[1], 0.1) if dark else mix(m.lit, r.choice((AMBER, PAPER, BRICK)), r.uniform(0.05, 0.4))
    if dark:
        c.rect(x, y, w, h, glass)
    else:
        c.glow(x + w / 2, y + h / 2, 230, m.lit, 0.3)
        c.rect(x, y, w, h, glass)
        c.glow(x + w * 0.5, y + 40, 110, (255, 244, 210), 0.5)
    ink = mix(glass, INK, 0.72)
    belongings(s, x, y, thing, ink, glass)
    c.rect(x, y, w, 14, m.shadow, 90)
    if dark:
        c.poly(points(x, y, "0 218, 0 119.9, 132 0, 176 0, 176 24, 30 218"), PAPER, 26)
    c.rect(x + w / 2 - 6, y, 12, h, mix(trim, PAPER, 0.3))
    c.rect(x, y + 66, w, 9, mix(trim, PAPER, 0.3))
    c.rect(x - 38, y + h + 12, w + 76, 15, trim)
    c.rect(x - 38, y + h + 27, w + 76, 7, m.shadow, 90)


def belongings(s: Sketch, x: float, y: float, thing: str, ink: Rgb, glass: Rgb) -> None:
    c, m, r = s.c, s.m, s.r
    low = y + 218
    brick, teal = mix(BRICK, ink, 0.2), mix(TEAL, ink, 0.1)
    if thing == "plants":
        potted_plants(s, x, low, ink)
    elif thing == "cat":
        c.poly(arc(x + 58, low, 35, 66, 180, 360), ink)
        c.oval(x + 58, low - 76, 22, 20, ink)
        for dx in (-13, 13):
            c.poly(points(x + 58 + dx, low, f"-8 -88, 8 -88, {dx / 4} -108"), ink)
        c.line(smooth(points(x, low, "88 -6, 122 -16, 126 -46")), ink, 9)
    elif thing == "lamp":
        c.rect(x + 126, low - 96, 6, 96, ink)
        c.poly(points(x, low, "106 -134, 152 -134, 166 -92, 92 -92"), brick)
        c.rect(x + 16, low - 52, 66, 52, teal)
        c.rect(x + 22, low - 92, 54, 44, mix(teal, PAPER, 0.2))
    elif thing == "books":
        for row in range(2):
            at = x + 6
            while at < x + 160:
                bw, bh = r.uniform(9, 19), r.uniform(38, 62)
                c.rect(at, low - 8 - row * 76 - bh, bw, bh, mix(r.choice((*CLOTHES, *FRUIT)), ink, 0.25))
                at += bw + 2
            c.rect(x, low - 8 - row * 76, 176, 7, ink)
    else:
        more_belongings(s, x, low, thing, ink, glass)
    if thing in ("lamp", "figure"):
        cloth = mix(m.on(r.choice((PAPER, AMBER, BRICK)), -0.2), glass, 0.3)
        for a, b, q in ((0, 62, 26), (176, 114, 150)):
            c.poly([(x + a, y), (x + b, y), (x + q, low - 70), (x + q + (b - a) * 0.1, low), (x + a, low)], cloth)


def potted_plants(s: Sketch, x: float, low: float, ink: Rgb) -> None:
    c, r = s.c, s.r
    green, brick = mix(rgb("#2f6b57"), ink, 0.25), mix(BRICK, ink, 0.2)
    for dx in (30, 92, 142):
        c.poly(points(x + dx, low, "-17 -34, 17 -34, 12 0, -12 0"), brick)
        for lean in (-30, -16, 0, 15, 29):
            tip = (x + dx + lean, low - 78 - 26 * r.random())
            c.line(smooth([(x + dx, low - 34), (x + dx + lean * 0.3, low - 62), tip]), green, 6)


def more_belongings(s: Sketch, x: float, low: float, thing: str, ink: Rgb, glass: Rgb) -> None:
    c, r = s.c, s.r
    if thing == "laundry":
        c.line([(x, low - 118), (x + 176, low - 110)], ink, 3)
        for i in range(4):
            tone = mix(r.choice((*FRUIT, TEAL, PAPER)), glass, 0.15)
            left, top = x + 10 + i * 41, low - 116
            long = 56 + 14 * (i % 2)
            c.poly(points(left, top, f"0 0, 34 2, 32 {long + 2}, 2 {long}"), tone)
            c.rect(left + 4, top - 5, 4, 10, ink)
    elif thing == "globe":
        c.oval(x + 112, low - 66, 40, 40, mix(TEAL, glass, 0.2))
        c.poly(blob(r, x + 104, low - 74, 17, 13, 0.3), mix(AMBER, glass, 0.2))
        c.poly(blob(r, x + 126, low - 52, 12, 14, 0.3), mix(AMBER, glass, 0.2))
        c.line(arc(x + 112, low - 66, 48, 48, -60, 120), ink, 4)
        c.rect(x + 84, low - 10, 56, 10, ink)
        c.rect(x + 18, low - 24, 52, 24, mix(BRICK, ink, 0.3))
        c.rect(x + 24, low - 40, 42, 16, mix(TEAL, ink, 0.3))
    else:
        c.oval(x + 88, low - 112, 24, 29, ink)
        c.poly([*arc(x + 88, low - 18, 58, 62, 180, 360), (x + 146, low), (x + 30, low)], ink)
