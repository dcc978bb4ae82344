"""The colours, and what the weather and the hour do to them."""

from dataclasses import dataclass
from typing import Literal

Rgb = tuple[int, int, int]
Light = Literal["day", "evening", "rain", "morning", "night"]


def rgb(text: str) -> Rgb:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def palette(text: str) -> tuple[Rgb, ...]:
    return tuple(rgb(colour) for colour in text.split())


def mix(a: Rgb, b: Rgb, share: float) -> Rgb:
    """`share` of b in a."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


TEAL = rgb("#0a4b49")
INK = rgb("#0f1f1d")
AMBER = rgb("#f2a62b")
PAPER = rgb("#f7f2e4")
BRICK = rgb("#b5553c")
CREAM = rgb("#f0e2bf")
RED = rgb("#a8362b")
WHITE = (255, 255, 255)
WALLS = palette("#ead7ab #d99f5f #c8704f #f0e6d0 #a3bba6 #e2b588 #c4cdbd #e8c77f")
LEAF = rgb("#3f7a5c")
CLOTHES = palette("#0a4b49 #7a2f2a #22383f #a8642c #3f4f63 #4d3a46")
FRUIT = palette("#c8402f #f2a62b #7d9b3c #e7c54a #8d3a5a #d9772f")


@dataclass(frozen=True)
class Mood:
    """What the weather and the hour do to every colour."""

    sky: tuple[Rgb, Rgb, Rgb]
    tint: Rgb
    tint_share: float
    shadow: Rgb
    pane: Rgb
    lit: Rgb
    lit_share: float
    sun: Rgb
    grade: Rgb
    wet: bool
    lamps: bool  # are they on?

    def on(self, colour: Rgb | str, more: float = 0.0) -> Rgb:
        """The colour in this light."""
        return mix(rgb(colour) if isinstance(colour, str) else colour, self.tint, min(1.0, self.tint_share + more))


MOODS: dict[Light, Mood] = {
    "day": Mood(
        sky=(rgb("#7fb6b4"), rgb("#c4ddd3"), rgb("#f8ecd0")),
        tint=rgb("#fff1cf"),
        tint_share=0.05,
        shadow=rgb("#17403f"),
        pane=rgb("#33595b"),
        lit=rgb("#f4d58a"),
        lit_share=0.05,
        sun=rgb("#fff4cf"),
        grade=rgb("#f6dfae"),
        wet=False,
        lamps=False,
    ),
    "evening": Mood(
        sky=(rgb("#1c4858"), rgb("#c97f5c"), rgb("#fbcf7f")),
        tint=rgb("#2c2f4c"),
        tint_share=0.42,
        shadow=rgb("#141c33"),
        pane=rgb("#1d3342"),
        lit=rgb("#fdc75a"),
        lit_share=0.5,
        sun=rgb("#ffd98a"),
        grade=rgb("#e08a4a"),
        wet=False,
        lamps=True,
    ),
    "rain": Mood(
        sky=(rgb("#6f8a90"), rgb("#a3b6b6"), rgb("#d6d9cc")),
        tint=rgb("#5f767b"),
        tint_share=0.32,
        shadow=rgb("#1b3238"),
        pane=rgb("#2b464d"),
        lit=rgb("#f7cb6c"),
        lit_share=0.3,
        sun=rgb("#e8eadf"),
        grade=rgb("#7d979a"),
        wet=True,
        lamps=True,
    ),
    "morning": Mood(
        sky=(rgb("#a9bcc8"), rgb("#e3cfc4"), rgb("#f9dcae")),
        tint=rgb("#f6d9c0"),
        tint_share=0.2,
        shadow=rgb("#3a4a5c"),
        pane=rgb("#50697a"),
        lit=rgb("#f9d58c"),
        lit_share=0.16,
        sun=rgb("#fff0d0"),
        grade=rgb("#f0c8b0"),
        wet=False,
        lamps=False,
    ),
    "night": Mood(
        sky=(rgb("#0c1a2c"), rgb("#1b2f48"), rgb("#3c4a60")),
        tint=rgb("#101c34"),
        tint_share=0.6,
        shadow=rgb("#070d1a"),
        pane=rgb("#13233a"),
        lit=rgb("#ffcf6b"),
        lit_share=0.42,
        sun=rgb("#dfe6e8"),
        grade=rgb("#33507a"),
        wet=False,
        lamps=True,
    ),
}
