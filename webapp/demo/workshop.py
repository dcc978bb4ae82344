"""The demo's final workshop: five groups of photos, and what was said of them. All of it is invented."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from webapp.demo.content import Words

TITLE = Words(cs="Závěrečná dílna", en="Final workshop")
STARTS = datetime.fromisoformat("2018-08-16T17:00")  # local time
WHERE = "Klubovna demo, Praha 7"
ATTENDANCE: Mapping[str, int] = {"third_country": 6, "resident": 4, "ngo": 3, "municipality": 2, "academia": 2}
NOTE = (
    "Sedmnáct lidí, pět stolů, dvě hodiny. Mluvilo se česky, anglicky, vietnamsky a\u00a0ukrajinsky. "
    "/ Seventeen people, five tables, two hours, in Czech, English, Vietnamese and Ukrainian."
)


@dataclass(frozen=True)
class Group:
    name: str
    note: str
    photos: str  # their ids


GROUPS = (
    Group(
        "Dveře, zvonky, okna / Doors, bells, windows",
        "Bydlení začíná štítkem na zvonku. Kdo tam nemá jméno, pro toho dům neexistuje, a\u00a0naopak.\n"
        "Shodli jsme se: vzor nájemní smlouvy ve více jazycích, vyvěšený tam, kam lidé opravdu chodí.\n"
        "/ A home begins with a name on a bell. We agree on one thing to ask "
        "for: a model lease in several languages.",
        "p16 p22 p25 p28 p29 s02 s12 s19 s33 n13 n26 c05 c33",
    ),
    Group(
        "Kdo na koho čeká / Who waits for whom",
        "Úřady a\u00a0práce. Stejná přepážka z\u00a0obou stran: z\u00a0jedné je vysoko, z\u00a0druhé nízko.\n"
        "Co s\u00a0tím: objednávání po internetu, a\u00a0jedna hodina týdně s\u00a0tlumočnicí.\n"
        "Nedohodli jsme se, jestli děti smějí překládat u\u00a0lékaře. Vrátit se k\u00a0tomu.\n"
        "/ Offices and work. Still open: may children translate at the doctor’s?",
        "p15 s05 s11 s18 n03 n12 c04 c07 c18 c19 c22 c37",
    ),
    Group(
        "U\u00a0jednoho stolu / At one table",
        "Nejvíc smíchu. Potkáváme se u\u00a0jídla, u\u00a0míče a\u00a0u\u00a0záhonu, "
        "málokdy na akci, která se jmenuje setkání.\n"
        "/ The most laughter. We meet over food, a ball and a bed of pumpkins, seldom at what is called a meeting.",
        "p12 p24 p30 s10 s15 s22 s23 s26 n08 n23 c12 c14 c21 c30",
    ),
    Group(
        "Slova, která už umím / Words I know by now",
        "Jazyk není jen čeština. Kdo umí vyslovit cizí jméno, otevřel dveře.\n"
        "Nápad: štítky se jmény a\u00a0s\u00a0tím, jak se čtou, ve všech školách v\u00a0okolí.\n"
        "/ Whoever can say a foreign name has opened a door. An idea for "
        "schools: name cards that say how to say them.",
        "p07 p14 p23 s17 s21 s28 s29 n18 n30 c06 c31 c34",
    ),
    Group(
        "Cesta domů / The way home",
        "Podchod, přechod, zkratka. Všechny perspektivy se shodly na stejném místě: podchod na Vltavské.\n"
        "Zástupkyně města bere s\u00a0sebou seznam světel. Termín: konec září.\n"
        "/ All perspectives agree on one place, the underpass. The lamps go on the "
        "city’s list, by the end of September.",
        "p02 p05 p13 p17 s04 s14 s25 n04 n07 c08 c20 c40",
    ),
)
