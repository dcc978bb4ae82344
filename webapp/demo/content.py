"""What the demo project says: INTEGRA Praha 2018, its people, its first walk and twelve of the photos taken there.

Every person, answer and caption here is invented for the demo. The places exist and the walk of 18 June 2018
was of this kind; what is said to have been seen on it is not an observation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from webapp.demo.scenes import Scene

Language = Literal["cs", "en", "uk", "vi"]
CreditKind = Literal["name", "pseudonym", "anonymous"]
PerspectiveId = Literal["third_country", "resident", "ngo", "municipality", "academia"]
StopId = Literal[
    "vltavska",
    "letna",
    "bus_stop",
    "gate",
    "market",
    "hall",
    "temple",
    "restaurants",
    "libus",
    "station",
    "wenceslas",
    "mustek",
    "powder_tower",
    "clock",
    "hus",
    "bridge",
    "theatre",
]
PhotoLight = Literal["up", "down", "both"]
People = Literal["none", "released", "unreleased"]  # nobody recognisable; all agreed; somebody did not (yet)
Rung = Literal["pin", "phone", "camera", "stop", "none"]


@dataclass(frozen=True)
class Words:
    """One text in the two languages of the project."""

    cs: str
    en: str


@dataclass(frozen=True)
class Perspective:
    id: PerspectiveId
    label: Words


@dataclass(frozen=True)
class Project:
    title: Words
    zone: str
    languages: tuple[Language, ...]
    perspectives: tuple[Perspective, ...]
    controller: str
    contact: str


@dataclass(frozen=True)
class Place:
    lat: float
    lon: float
    accuracy_m: float


@dataclass(frozen=True)
class Stop:
    id: StopId
    name: Words
    place: Place
    at: datetime  # local time
    photos_allowed: bool


@dataclass(frozen=True)
class Walk:
    title: Words
    starts: datetime  # local time
    district: str
    meeting_point: Words
    code: str
    checklists: tuple[str, ...]  # files of webapp/walk/library
    stops: tuple[Stop, ...]
    minutes: int = 120
    walkers: str = "ABCDEFHKMNPR"  # letters of participants


@dataclass(frozen=True)
class Participant:
    id: str  # a letter
    language: Language
    perspective: PerspectiveId
    credit: CreditKind = "anonymous"
    credit_as: str | None = None  # first names at most, and these invented


@dataclass(frozen=True)
class Answer:
    """A value, or an honest "can't tell"; a text question may stay empty by having no answer at all."""

    question: str
    value: int | str | tuple[str, ...] | None  # bool is an int, too
    remark: str = ""

    @property
    def cant_tell(self) -> bool:
        return self.value is None


@dataclass(frozen=True)
class Response:
    participant: str
    stop: StopId | None  # none for what is asked once
    checklist: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Photo:
    id: str
    author: str
    stop: StopId | None  # none in a call
    scene: Scene
    caption: str  # in the author's language
    light: PhotoLight
    people: People
    source: Rung
    place: Place | None  # none where only the stop is known; what a camera knew also stands in the file
    alt: str = ""  # what is on it, in the author's language
    themes: tuple[str, ...] = ()  # ids of project.rules.THEMES
    story: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)  # the caption in other languages
    star: bool = False  # one of the author's best


# --- the project and the walk ---------------------------------------------------------------------------

PROJECT = Project(
    title=Words(cs="INTEGRA Praha 2018", en="INTEGRA Prague 2018"),
    zone="Europe/Prague",
    languages=("cs", "en"),
    perspectives=(
        Perspective("third_country", Words(cs="Jsem ze země mimo EU", en="I came from a country outside the EU")),
        Perspective("resident", Words(cs="Žiju v\u00a0Praze dlouho", en="I have lived in Prague for a long time")),
        Perspective("ngo", Words(cs="Jsem z\u00a0neziskové organizace", en="I work or volunteer for an NGO")),
        Perspective(
            "municipality",
            Words(cs="Pracuju pro město nebo městskou část", en="I work for the city or the district"),
        ),
        Perspective("academia", Words(cs="Učím nebo dělám výzkum", en="I teach or do research")),
    ),
    controller="Demo: INTEGRA Praha",
    contact="demo@example.org",
)


def _at(clock: str) -> datetime:
    """A time on the day of the walk, as the clocks in Prague showed it."""
    return datetime.fromisoformat(f"2018-06-18T{clock}")


VLTAVSKA = Stop(
    id="vltavska",
    name=Words(cs="Vltavská (metro C)", en="Vltavská (metro C)"),
    place=Place(50.0998, 14.4383, 60),
    at=_at("10:00"),
    photos_allowed=True,
)
LETNA = Stop(
    id="letna",
    name=Words(cs="Letenské náměstí", en="Letenské náměstí (Letná Square)"),
    place=Place(50.1003, 14.4240, 80),
    at=_at("11:35"),
    photos_allowed=True,
)
WALK = Walk(
    title=Words(cs="Praha\u00a07: Vltavská – Letná", en="Prague\u00a07: Vltavská to Letná"),
    starts=_at("10:00"),
    district="Praha 7",
    meeting_point=Words(
        cs="U\u00a0východu z\u00a0metra Vltavská, na straně tramvají. Poznáte nás podle zelené tašky.",
        en="By the exit of Vltavská metro station, on the tram side. Look for the green bag.",
    ),
    code="DEMO",
    checklists=("demo_belonging", "demo_safety"),
    stops=(VLTAVSKA, LETNA),
)

PARTICIPANTS = (
    Participant("A", "en", "third_country"),
    Participant("B", "cs", "third_country", "name", "Naďa"),
    Participant("C", "cs", "resident", "name", "Libuše"),
    Participant("D", "en", "ngo", "pseudonym", "By bicycle"),
    Participant("E", "cs", "municipality"),
    Participant("F", "vi", "third_country", "name", "Hạnh"),
    Participant("G", "vi", "third_country", "pseudonym", "Gió mùa"),
    Participant("H", "uk", "third_country", "name", "Оксана"),
    Participant("I", "uk", "third_country", "pseudonym", "Ластівка"),
    Participant("J", "en", "third_country", "pseudonym", "The late bus"),
    Participant("K", "cs", "resident", "name", "Bohouš"),
    Participant("L", "cs", "resident"),
    Participant("M", "cs", "resident", "pseudonym", "Paní s\u00a0pejskem"),
    Participant("N", "cs", "ngo", "name", "Terka"),
    Participant("O", "en", "ngo"),
    Participant("P", "cs", "municipality", "pseudonym", "Okénko č.\u00a04"),
    Participant("Q", "cs", "municipality"),
    Participant("R", "en", "academia", "name", "Inês"),
    Participant("S", "cs", "academia", "pseudonym", "Poznámky na okraj"),
    Participant("T", "vi", "academia", "name", "Minh"),
)


# --- what they answered ---------------------------------------------------------------------------------


def _belonging(who: str, stop: StopId, help_: Answer, home: Answer, text: str = "") -> Response:
    answers = (help_, home, Answer("belonging.x1", text)) if text else (help_, home)
    return Response(who, stop, "demo_belonging", answers)


def _safety(who: str, stop: StopId, view: Answer, upkeep: Answer) -> Response:
    return Response(who, stop, "demo_safety", (view, upkeep))


def _help(value: int | None, remark: str = "") -> Answer:
    return Answer("belonging.05", value, remark)


def _home(value: int | None, remark: str = "") -> Answer:
    return Answer("belonging.12", value, remark)


def _view(value: int | None, remark: str = "") -> Answer:
    return Answer("safety.02", value, remark)


def _upkeep(value: int | None, remark: str = "") -> Answer:
    return Answer("safety.11", value, remark)


RESPONSES = (
    _belonging(
        "A",
        "vltavska",
        _help(3, "I asked for the tram to the library. One person walked on, the next one drew me a map."),
        _home(2),
        "The numbers of the trams. They are the same in every language.",
    ),
    _safety(
        "A",
        "vltavska",
        _view(1, "In the underpass you only see who is coming when they are already beside you."),
        _upkeep(1),
    ),
    _belonging(
        "A",
        "letna",
        _help(4),
        _home(4, "The woman at the bakery knows what I buy. That is a small home."),
        "Benches where nobody asks why you are sitting there.",
    ),
    _safety("A", "letna", _view(3), _upkeep(3)),
    _belonging(
        "B",
        "vltavska",
        _help(2, "Všichni tu jen přestupují, nikdo se nezastaví."),
        _home(None),
        "Že se tu dá přesednout na všechno. Kdo tu bydlí krátce, nemusí znát město nazpaměť.",
    ),
    _safety("B", "vltavska", _view(0, "Dvě zářivky ze šesti nesvítí."), _upkeep(1)),
    _belonging("B", "letna", _help(4), _home(5), "Hřiště. Děti se domluví dřív než my."),
    _safety("B", "letna", _view(3), _upkeep(2, "Koš u lavičky přetékal, jinak čisto.")),
    _belonging("C", "vltavska", _help(4, "Já bych pomohla. Jen se mě nikdo neptá."), _home(3)),
    _safety("C", "vltavska", _view(1), _upkeep(0, "Ty schody se rozpadají, co tu bydlím.")),
    _belonging(
        "C",
        "letna",
        _help(4),
        _home(5, "Jsem tu doma třicet let."),
        "Trh. V pátek tam potkám sousedku z Hanoje i pána, co tu prodává jablka odjakživa.",
    ),
    _safety("C", "letna", _view(2, "Za kioskem není vidět na cestu do parku."), _upkeep(3)),
    _belonging(
        "D",
        "vltavska",
        _help(None),
        _home(2),
        "An information board in more than one language would do it. There is room for one next to the map.",
    ),
    _safety("D", "vltavska", _view(1), _upkeep(1, "The lift had a note on it. The note was in Czech only.")),
    _belonging("D", "letna", _help(5), _home(4), "The library: a card costs little and needs no Czech to use."),
    _safety("D", "letna", _view(3), _upkeep(3)),
    _belonging(
        "E",
        "vltavska",
        _help(3),
        _home(2, "Spíš místo na průchod než na pobyt."),
        "Dobré spojení. Ale aby se tu lidé potkali, musel by tu být důvod se zastavit.",
    ),
    _safety("E", "vltavska", _view(1), _upkeep(1, "Beru si s sebou: osvětlení podchodu, kdo ho má na starosti.")),
    _belonging("E", "letna", _help(4), _home(4), "Lidé se tu potkávají sami od sebe, stačí jim to nekazit."),
    _safety("E", "letna", _view(2), _upkeep(None, "Nevím, jak to tu vypadá po víkendu.")),
)


# --- what they photographed -----------------------------------------------------------------------------
# A shower at ten and another at eleven, sun in between and after.

PHOTOS = (
    Photo(
        id="p01",
        author="B",
        stop="vltavska",
        scene=Scene("tram_stop", _at("10:04:12"), "rain", seed=1, width=2000, height=1333, people=2),
        caption="Déšť, jedna stříška a dva deštníky. Chvíli jsme všichni jen lidé, co čekají na tramvaj.",
        alt="Dva lidé zezadu pod deštníky u přístřešku, za nimi stojí tramvaj a v kalužích se odráží.",
        light="both",
        people="unreleased",
        source="phone",
        place=Place(50.09957, 14.43879, 12),
    ),
    Photo(
        id="p02",
        author="A",
        stop="vltavska",
        scene=Scene("underpass", _at("10:07:40"), seed=2, width=1350, height=1800, orientation=6),
        caption="I hold my keys in my hand here. There is light at the end; I would like some in the middle.",
        alt="A long tiled underpass, half of its lamps dark, one small figure against the bright end.",
        light="down",
        people="none",
        source="stop",
        place=None,
    ),
    Photo(
        id="p03",
        author="A",
        stop="vltavska",
        scene=Scene("ticket", _at("10:11:05"), seed=1, width=1350, height=1800, orientation=8),
        caption="Somebody stuck a note on it to explain. A neighbour I never met taught me to buy a ticket.",
        alt="A yellow ticket machine on a tiled wall, with a handwritten paper note stuck beside its screen.",
        light="both",
        people="none",
        source="stop",
        place=None,
    ),
    Photo(
        id="p04",
        author="E",
        stop="vltavska",
        scene=Scene(
            "station",
            _at("10:15:30"),
            seed=4,
            width=2000,
            height=1333,
            orientation=3,
            people=3,
            position=(50.09992, 14.43815),
        ),
        caption="Ráno tudy projdou tisíce lidí a hala patří všem stejně. Jen si v ní není kam sednout.",
        alt="Velká hala s klenbou a prosklenou stěnou, drobné postavy se zavazadly, tabule odjezdů a hodiny.",
        light="both",
        people="none",
        source="camera",
        place=Place(50.09992, 14.43815, 20),
    ),
    Photo(
        id="p05",
        author="C",
        stop="vltavska",
        scene=Scene(
            "stairs",
            _at("10:21:48"),
            seed=3,
            width=1350,
            height=1800,
            orientation=5,
            position=(50.09941, 14.43752),
        ),
        caption="Třináct schodů a žádná rampa. S kočárkem tu člověk vždycky čeká, kdo se nabídne.",
        alt="Kočárek stojí dole pod širokým schodištěm bez rampy, nahoře je vchod mezi stromy.",
        light="down",
        people="none",
        source="camera",
        place=Place(50.09941, 14.43752, 15),
    ),
    Photo(
        id="p06",
        author="D",
        stop="vltavska",
        scene=Scene(
            "street",
            _at("10:29:02"),
            seed=1,
            width=2100,
            height=1400,
            orientation=2,
            position=(50.09968, 14.43507),
        ),
        caption="My first flat was at the end of this tram line. I still listen for it before I sleep.",
        alt="A street of coloured houses with tram tracks, a red tram coming nearer, a crossing in front.",
        light="up",
        people="none",
        source="camera",
        place=Place(50.09968, 14.43507, 10),
    ),
    Photo(
        id="p07",
        author="A",
        stop="letna",
        scene=Scene("kiosk", _at("11:03:27"), "rain", seed=2, width=1800, height=1200, orientation=7),
        caption="I count six alphabets on one kiosk. I can read two and smell the coffee in all.",
        alt="A lit kiosk in the rain, covered with signs in several scripts, mirrored in the wet pavement.",
        light="up",
        people="none",
        source="phone",
        place=Place(50.10051, 14.42655, 9),
    ),
    Photo(
        id="p08",
        author="D",
        stop="letna",
        scene=Scene(
            "library",
            _at("11:11:19"),
            seed=1,
            width=1600,
            height=1200,
            file="heic",
            position=(50.10118, 14.42561),
        ),
        caption="The door was open, nobody asked for a paper. We came in to get dry and left with a card.",
        alt="An open green door in a brick wall, books and warm light inside, a bicycle beside it.",
        light="up",
        people="none",
        source="camera",
        place=Place(50.10118, 14.42561, 18),
    ),
    Photo(
        id="p09",
        author="C",
        stop="letna",
        scene=Scene("market", _at("11:17:44"), seed=5, width=1800, height=1350, orientation=4, people=2),
        caption="Tady se mě poprvé někdo zeptal, jak vařím knedlíky. A já se ptala na koriandr.",
        alt="Ulička mezi stánky s pruhovanými markýzami a ovocem, v dálce dvě postavy, nahoře praporky.",
        light="up",
        people="none",
        source="phone",
        place=Place(50.10012, 14.42498, 7),
    ),
    Photo(
        id="p10",
        author="B",
        stop="letna",
        scene=Scene("playground", _at("11:23:56"), seed=2, width=2400, height=1600),
        caption="Syn tu má kamarády ze čtyř zemí. Já zatím znám jen jejich houpačku.",
        alt="Hřiště se skluzavkou, houpačkami a prolézačkou mezi stromy, za ním barevné paneláky.",
        light="both",
        people="none",
        source="pin",
        place=Place(50.09986, 14.42571, 5),
    ),
    Photo(
        id="p11",
        author="E",
        stop="letna",
        scene=Scene(
            "viewpoint",
            _at("11:29:10"),
            seed=1,
            width=2400,
            height=1350,
            orientation=1,
            position=(50.09702, 14.42448),
        ),
        caption="Odsud město vypadá jako jeden celek. Dole pak záleží na tom, jestli má člověk kam jít domů.",
        alt="Výhled přes zábradlí na střechy, řeku s mosty a věže na druhém břehu.",
        light="both",
        people="none",
        source="camera",
        place=Place(50.09702, 14.42448, 25),
    ),
    Photo(
        id="p12",
        author="B",
        stop="letna",
        scene=Scene("bench", _at("11:33:31"), seed=1, width=1800, height=1350, orientation=6, people=2),
        caption="Sedíme tu každé pondělí. Ona mě učí česky, já ji učím mlčet a dívat se na stromy.",
        alt="Dva lidé zezadu sedí na lavičce pod velkým stromem, vedle se vine cesta parkem.",
        light="up",
        people="released",
        source="stop",
        place=None,
    ),
)
