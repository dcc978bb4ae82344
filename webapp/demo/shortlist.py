"""What two curators have decided so far for the demo's exhibition: half of it. All of it is invented."""

from collections.abc import Mapping

from webapp.demo.content import Words

TITLE = Words(cs="Nahoru a\u00a0dolů: INTEGRA Praha 2018", en="Ups and downs: INTEGRA Prague 2018")
LANGUAGES = ("cs", "en")
# Ids of photos; the picked in their order on the wall.
PICKED = "n01 s05 p24 c06 s09 n27 c31 s23 p12 s15 c22 n29 p27 c39"
OUT = "p04 p17 p19 p21 p25 s03 s07 s13 s25 s30 s34 s36 n02 n05 n07 n10 n14 n15 n24 n32 n34 n36 c11 c25 c41"
WANTED = "s33 c14 n09"  # of people who have not agreed to the exhibition
STARS: Mapping[str, tuple[int, int]] = {  # the owner's and the curator's; 0 is none
    "n01": (5, 5),
    "s05": (5, 4),
    "p24": (4, 5),
    "c06": (5, 5),
    "s09": (4, 0),
    "n27": (4, 4),
    "c31": (5, 4),
    "s23": (5, 5),
    "p12": (4, 4),
    "s15": (0, 4),
    "c22": (4, 5),
    "n29": (3, 5),
    "p27": (4, 0),
    "c39": (3, 4),
    "s33": (5, 5),
    "c14": (4, 4),
    "n09": (5, 3),
    "p02": (4, 2),
    "p07": (3, 3),
    "p13": (4, 4),
    "p15": (0, 3),
    "s02": (3, 4),
    "s22": (4, 3),
    "n08": (4, 0),
    "n19": (3, 2),
    "n23": (3, 0),
    "c04": (4, 4),
    "c08": (0, 4),
    "c19": (4, 0),
    "c30": (4, 4),
    "c34": (5, 3),
    "c37": (5, 4),
    "p17": (1, 2),
    "s07": (2, 0),
    "n14": (1, 0),
    "c41": (2, 1),
}
