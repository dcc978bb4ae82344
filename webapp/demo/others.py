"""What the demo project says besides its first walk: two more walks, and a call for photos.

Every answer and caption here is invented for the demo, as are the people. The places exist, and walks of this
kind took place on 19 June and 30 July 2018; what is said to have been seen on them is not an observation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from webapp.demo.content import (
    PHOTOS,
    Answer,
    Photo,
    PhotoLight,
    Place,
    Response,
    Stop,
    StopId,
    Walk,
    Words,
)


@dataclass(frozen=True)
class Call:
    title: Words
    prompt: Words
    code: str
    days: int  # from the making of the demo, until the evening
    photos_each: int
    callers: str  # letters of participants


CHOSEN: Mapping[str, frozenset[str]] = {
    "trade": frozenset({"trade.02", "trade.04", "trade.06", "trade.x1"}),
    "compass": frozenset({"compass.03", "compass.05", "compass.06", "compass.x2"}),
    "services": frozenset({"services.03", "services.x1"}),
}
"""What the demo asks of the library's long checklists; the demo's own are asked whole."""


# --- SAPA market ----------------------------------------------------------------------------------------


def _stop(id_: StopId, cs: str, en: str, place: Place, at: str, photos_allowed: bool = True) -> Stop:
    return Stop(id_, Words(cs=cs, en=en), place, datetime.fromisoformat(at), photos_allowed)


SAPA = Walk(
    title=Words(cs="Libuš: tržnice SAPA", en="Libuš: SAPA market"),
    starts=datetime.fromisoformat("2018-06-19T09:30"),
    district="Praha-Libuš",
    meeting_point=Words(
        cs="Na autobusové zastávce Sídliště Písnice, pod přístřeškem. Poznáte nás podle zelené tašky.",
        en="At the bus stop Sídliště Písnice, under the shelter. Look for the green bag.",
    ),
    code="4EHT7J4NW89",
    checklists=("trade", "demo_market"),
    stops=(
        _stop(
            "bus_stop",
            "Zastávka Sídliště Písnice (ulice Libušská)",
            "Sídliště Písnice bus stop (Libušská street)",
            Place(49.999, 14.468, 400),
            "2018-06-19T09:30",
        ),
        _stop(
            "gate",
            "SAPA, u\u00a0hlavní brány (Libušská 319/126)",
            "SAPA, by the main gate (Libušská 319/126)",
            Place(50.003, 14.468, 150),
            "2018-06-19T09:45",
        ),
        _stop(
            "market",
            "SAPA, střed tržnice",
            "SAPA, centre of the market",
            Place(50.0033, 14.4703, 60),
            "2018-06-19T10:05",
        ),
        _stop(
            "hall",
            "SAPA, hala Tamda Foods",
            "SAPA, Tamda Foods hall",
            Place(50.0043, 14.4721, 60),
            "2018-06-19T10:25",
        ),
        _stop(
            "temple",
            "SAPA, buddhistický chrám (pagoda)",
            "SAPA, Buddhist temple (pagoda)",
            Place(50.004, 14.4695, 200),
            "2018-06-19T10:50",
            photos_allowed=False,
        ),
        _stop(
            "restaurants",
            "SAPA, ulička restaurací",
            "SAPA, restaurant row",
            Place(50.0027, 14.4712, 200),
            "2018-06-19T11:20",
        ),
        _stop(
            "libus",
            "Libuš, Libušská severně od tržnice",
            "Libuš, Libušská street north of the market",
            Place(50.0075, 14.4618, 250),
            "2018-06-19T12:05",
        ),
    ),
    minutes=180,
    walkers="ABCDFGILORT",
)


def _trade(who: str, stop: StopId, welcome: int, mixed: int | None, common: int | None, remark: str = "") -> Response:
    answers = (Answer("trade.02", welcome, remark), Answer("trade.04", mixed), Answer("trade.06", common))
    return Response(who, stop, "trade", answers)


def _market(who: str, stop: StopId, seat: bool | None, languages: int, remark: str = "") -> Response:
    return Response(who, stop, "demo_market", (Answer("market.01", seat, remark), Answer("market.02", languages)))


def _after_market(who: str, came: str, lost: str, remark: str = "") -> tuple[Response, Response]:
    return (
        Response(who, None, "trade", (Answer("trade.x1", lost),)),
        Response(who, None, "demo_market", (Answer("market.x1", came, remark),)),
    )


SAPA_RESPONSES = (
    _trade("A", "gate", 3, 4, 3, "I did not know whether I may simply walk in. Nobody stopped me, so I did."),
    _trade("A", "market", 5, 5, 4),
    _market("A", "market", False, 4, "Only with a coffee in front of you."),
    _trade("A", "restaurants", 5, 5, 4),
    _market("A", "restaurants", True, 5),
    *_after_market("A", "bus", "The one place where I ask for a herb by the name that my mother uses."),
    _trade("B", "market", 5, 4, 5, "Tady se nikdo nediví, že mluvím s přízvukem."),
    _market("B", "market", False, 3),
    _trade("B", "hall", 4, 5, None),
    _market("B", "hall", False, 3),
    *_after_market("B", "bus", "Místo, kde se za jedno dopoledne najde účetní, tlumočnice i koriandr."),
    _trade("C", "gate", 3, 3, 2, "Bydlím v Praze třicet let a jsem tu poprvé."),
    _trade("C", "market", 4, 4, 3),
    _market("C", "market", False, 2, "Sedí se jen u stolků občerstvení."),
    _trade("C", "restaurants", 5, 4, 3, "Ukazujeme si na obrázky. Směje se paní za pultem a já taky."),
    _market("C", "restaurants", True, 2, "Plastová židle u zdi. Nikdo nás nevyháněl."),
    _trade("C", "libus", 3, 2, None),
    *_after_market("C", "bus", "Polévku, kvůli které bych jela přes celé město."),
    _trade("D", "market", 4, 5, 4),
    _market("D", "market", None, 4),
    _trade("D", "restaurants", 5, 5, 4),
    _market("D", "restaurants", True, 4),
    _trade("D", "hall", 4, 5, 4, "The labels are in three languages. A customer helped me with a fourth."),
    _trade("D", "temple", 4, None, 4),
    *_after_market("D", "other", "Advice in one's own language, next door to the vegetables.", "By bicycle."),
)


# --- the centre -----------------------------------------------------------------------------------------

CENTRE = Walk(
    title=Words(
        cs="Centrum: z\u00a0hlavního nádraží k\u00a0Národnímu divadlu",
        en="Centre: main station to the National Theatre",
    ),
    starts=datetime.fromisoformat("2018-07-30T14:00"),
    district="Praha 1",
    meeting_point=Words(
        cs="Na hlavním nádraží, nahoře ve Fantově budově pod kupolí. Poznáte nás podle zelené tašky.",
        en="At the main station, upstairs in the Fanta building under the dome. Look for the green bag.",
    ),
    code="R8D8JHAKQ8G",
    checklists=("compass", "services"),
    stops=(
        _stop(
            "station",
            "Hlavní nádraží, Fantova budova",
            "Prague main station, Fanta building",
            Place(50.083, 14.4353, 60),
            "2018-07-30T14:00",
        ),
        _stop(
            "wenceslas",
            "Socha svatého Václava, horní konec Václavského náměstí",
            "Wenceslas statue, top of Wenceslas Square",
            Place(50.0797, 14.4294, 50),
            "2018-07-30T14:18",
        ),
        _stop(
            "mustek",
            "Můstek, dolní konec Václavského náměstí",
            "Můstek, bottom of Wenceslas Square",
            Place(50.0838, 14.424, 60),
            "2018-07-30T14:32",
        ),
        _stop(
            "powder_tower",
            "Prašná brána",
            "Prašná brána (Powder Tower)",
            Place(50.0872, 14.4278, 40),
            "2018-07-30T14:50",
        ),
        _stop(
            "clock",
            "Staroměstská radnice, orloj",
            "Old Town Hall, astronomical clock",
            Place(50.087, 14.4207, 30),
            "2018-07-30T15:10",
        ),
        _stop(
            "hus",
            "Pomník Jana Husa, Staroměstské náměstí",
            "Jan Hus memorial, Old Town Square",
            Place(50.0877, 14.4211, 40),
            "2018-07-30T15:18",
        ),
        _stop(
            "bridge",
            "Karlův most, Staroměstská mostecká věž",
            "Charles Bridge, Old Town Bridge Tower",
            Place(50.0862, 14.4136, 40),
            "2018-07-30T15:40",
        ),
        _stop(
            "theatre",
            "Národní divadlo",
            "National Theatre",
            Place(50.081, 14.4136, 50),
            "2018-07-30T16:00",
        ),
    ),
    minutes=150,
    walkers="BCDEHIJKMNPQS",
)


def _compass(
    who: str, stop: StopId, way: int, meeting: int | None, welcome: int | None, remark: str = ""
) -> Response:
    answers = (Answer("compass.03", way, remark), Answer("compass.05", meeting), Answer("compass.06", welcome))
    return Response(who, stop, "compass", answers)


def _leaflets(who: str, value: int | None, remark: str = "") -> Response:
    return Response(who, "station", "services", (Answer("services.03", value, remark),))


def _after_centre(
    who: str, first: str, languages: tuple[str, ...] | None, remark: str = ""
) -> tuple[Response, Response]:
    return (
        Response(who, None, "compass", (Answer("compass.x2", first),)),
        Response(who, None, "services", (Answer("services.x1", languages, remark),)),
    )


CENTRE_RESPONSES = (
    _compass("B", "station", 3, 2, 3, "Šipek je tu dost, jen každá ukazuje jinam."),
    _leaflets("B", 2),
    _compass("B", "bridge", 6, 3, 4),
    _compass("B", "theatre", 5, 3, None),
    *_after_centre("B", "Lavičky, na kterých se dá sedět i bez kávy za stovku.", ("local", "en", "vi")),
    _compass("C", "wenceslas", 6, 3, 4),
    _leaflets("C", 4),
    _compass("C", "theatre", 7, 4, 5),
    _compass("C", "hus", 6, 5, 5, "Tady si dáváme sraz od školy. Jen je nás rok od roku míň."),
    *_after_centre("C", "Aby se v centru zase dalo koupit obyčejné pečivo.", ("local", "en", "zh")),
    _compass("D", "station", 4, 3, 4),
    _leaflets("D", 2, "There is a leaflet for tourists. For somebody who has come to stay there is none."),
    _compass("D", "bridge", 6, 2, 3, "Everybody is a stranger on the bridge. That makes us equal for ten minutes."),
    *_after_centre(
        "D",
        "One counter at the station for people who arrive and mean to stay.",
        ("local", "en", "other"),
        "German and Korean.",
    ),
    _compass("E", "station", 4, 2, 3),
    _leaflets("E", None),
    _compass("E", "mustek", 5, 3, 4),
    _compass("E", "bridge", 6, 2, 4, "Na mostě se nikdo neptá, odkud jste. Jen odkud se to nejlíp fotí."),
    _compass("E", "theatre", 6, 4, 5),
    *_after_centre("E", "Orientační tabule. Začít se dá na nádraží.", None),
)


# --- the call -------------------------------------------------------------------------------------------

CALL = Call(
    title=Words(cs="Nahoru a\u00a0dolů", en="Ups and downs"),
    prompt=Words(
        cs="Vyfoťte, co vám v\u00a0Praze pomáhá cítit se jako doma, a\u00a0co vám v\u00a0tom brání. "
        "Ke každé fotce připište jednu nebo dvě věty.",
        en="Take photos of what helps you to feel at home in Prague, and of what gets in the way. "
        "Write a sentence or two with each of them.",
    ),
    code="FSH772EQJ7W",
    days=60,
    photos_each=10,
    callers="ABCDEFGHIJKLMNOPQRST",
)


def _again(of: str, id_: str, caption: str, light: PhotoLight, themes: tuple[str, ...], **story: str) -> Photo:
    """A picture of the first walk, which its author sends to the call with other words."""
    photo = next(each for each in PHOTOS if each.id == of)
    return replace(photo, id=id_, stop=None, caption=caption, light=light, themes=themes, story=story)


CALL_PHOTOS = (
    _again(
        "p06",
        "c01",
        "I learned the city one tram line after the other. At this stop I stopped counting.",
        "up",
        ("space", "language"),
    ),
    _again(
        "p02",
        "c02",
        "The short way home. After dark I take the long one.",
        "down",
        ("safety", "space"),
        see="An underpass with more lamps than light.",
        happening="Somebody repairs it, and a week later it is dark again.",
        lives="A way that takes me five minutes takes me fifteen in the evening.",
        why="It is not clear who looks after it.",
        empower="A number on the wall to call when a lamp is out.",
    ),
    _again(
        "p10",
        "c03",
        "Seznámily nás tu děti. Bez nich bychom se míjeli dál.",
        "up",
        ("meeting",),
    ),
)
