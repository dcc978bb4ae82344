"""The rest of the demo's first walk: what the others answered and photographed between Vltavská and Letná.

Every answer and caption here is invented for the demo, as is everybody who is said to have given it.
"""

from webapp.demo.content import LETNA, VLTAVSKA, Answer, Response, StopId
from webapp.demo.shots import FULL, LARGE, Walked

AT = {stop.id: (stop.place.lat, stop.place.lon) for stop in (VLTAVSKA, LETNA)}


def _said(who: str, stop: StopId, values: str, text: str = "", **remarks: str) -> tuple[Response, Response]:
    """Four values in the order in which they are asked, "-" for "can't tell"; remarks by a word of the question."""
    names = ("belonging.05", "belonging.12", "safety.02", "safety.11")
    words = ("help", "home", "view", "upkeep")
    answers = [
        Answer(name, None if value == "-" else int(value), remarks.get(word, ""))
        for name, word, value in zip(names, words, values, strict=True)
    ]
    written = (Answer("belonging.x1", text),) if text else ()
    belonging = Response(who, stop, "demo_belonging", (*answers[:2], *written))
    return belonging, Response(who, stop, "demo_safety", tuple(answers[2:]))


RESPONSES = (
    *_said("F", "vltavska", "2211", help="Tôi hỏi ba người, người thứ ba mới dừng lại."),
    *_said(
        "F",
        "letna",
        "4432",
        "Cửa hàng nào cũng có người biết vài câu tiếng Việt. Nghe «xin chào» là tôi thấy gần nhà hơn.",
    ),
    *_said("H", "vltavska", "3210", "Тут усе поруч: метро, трамвай, потяг.", view="Біля сходів нічого не видно."),
    *_said("H", "letna", "4533", "Дитячий майданчик і люди, які вітаються.", home="Тут я б хотіла мати вікно."),
    *_said("K", "vltavska", "4411", upkeep="Od té doby, co tu jsem, tu opravili hodiny. Jdou."),
    *_said("K", "letna", "5523", "Hospoda, kde se neptají, odkud jsi, ale co si dáš."),
    *_said("M", "vltavska", "3300", view="S pejskem tu chodím rychle. On taky."),
    *_said("M", "letna", "5533", "Lavičky. Na lavičce se člověk nemusí nikomu představovat, a stejně se seznámí."),
    *_said("N", "vltavska", "3-11", help="Se mnou tu byli tři lidi, co se ztratili. Pomohli si navzájem."),
    *_said("N", "letna", "4432", "Nástěnka u\u00a0knihovny ve čtyřech jazycích."),
    *_said("P", "vltavska", "3211", upkeep="Podchod není náš. Zjistím čí."),
    *_said("P", "letna", "443-", "Trh. Ten jsme nevymysleli my, ale aspoň jsme ho nezakázali."),
    *_said("R", "vltavska", "4220", home="I counted eleven minutes in which nobody sat down. There is nowhere to."),
    *_said("R", "letna", "5433", "People here look up when somebody comes in. That is half of integration."),
)


_shot = Walked("2018-06-18", AT)


PHOTOS = (
    _shot(
        "p13",
        "F",
        "vltavska",
        "10:05:20",
        "crossing",
        "Đèn xanh ở đây ngắn lắm. Bà cụ bên cạnh nắm tay tôi, thế là hai người cùng chạy.",
        "both",
        "space safety",
        hour="rain",
        figures=2,
        also={"cs": "Zelená je tu krátká. Stará paní vedle mě mě vzala za ruku, a\u00a0tak jsme běžely obě."},
        star=True,
    ),
    _shot(
        "p14",
        "K",
        "vltavska",
        "10:09:02",
        "board",
        "Pod touhle nástěnkou čekám roky. Teprve dnes mi někdo přeložil, co na ní "
        "visí: „Hledám kamarádku na procházky.“",
        "up",
        "language meeting",
        hour="rain",
        also={
            "en": "I have waited under this board for years. Only today somebody translated what hangs on it: "
            "“Looking for a friend to go for walks with.”"
        },
    ),
    _shot(
        "p15",
        "H",
        "vltavska",
        "10:13:44",
        "gateway",
        "Темний прохід, а в\u00a0кінці двір із квітами. Так я шукала тут роботу.",
        "both",
        "work",
        also={"en": "A dark passage, and at its end a yard with flowers. That is how I looked for work here."},
        star=True,
    ),
    _shot(
        "p16",
        "N",
        "vltavska",
        "10:17:31",
        "bells",
        "Na zvoncích je pět písem a jeden prázdný štítek. Ten svůj nosím už měsíc v\u00a0kapse.",
        "both",
        "housing",
    ),
    _shot(
        "p17",
        "P",
        "vltavska",
        "10:19:10",
        "crossing",
        "Lidé přecházejí, kde potřebují, a\u00a0ne kde jsme jim to nakreslili.",
        "down",
        "space",
        seed=41,
        figures=1,
        near=1.35,
        look=(0.2, 0.6),
    ),
    _shot(
        "p18",
        "R",
        "vltavska",
        "10:23:55",
        "stairs",
        "I asked for the lift. Three people pointed in three directions, all of them kindly.",
        "both",
        "space",
        figures=2,
        shape=FULL,
    ),
    _shot(
        "p19",
        "M",
        "vltavska",
        "10:27:16",
        "bench",
        "Pes si přisedne ke každému. Učím se to od něj.",
        "up",
        "meeting",
        figures=1,
        seed=7,
    ),
    _shot(
        "p20",
        "F",
        "vltavska",
        "10:31:08",
        "bus",
        "Ghế bên cạnh tôi luôn là ghế trống cuối cùng. Hôm nay có một em bé ngồi xuống đầu tiên.",
        "both",
        "meeting",
        figures=2,
        also={"en": "The seat beside mine is always the last one left. Today a child sat down there first."},
        story={
            "see": "Một chiếc xe buýt gần đầy và một ghế trống.",
            "happening": "Người ta đứng, dù bên cạnh tôi còn chỗ.",
            "lives": "Mỗi sáng tôi tự hỏi mình có làm gì sai không.",
            "why": "Có lẽ không ai cố ý. Nhưng ngày nào cũng vậy.",
            "empower": "Cô bé đã kể cho tôi nghe về con chuột của mình.",
        },
    ),
    _shot(
        "p21",
        "C",
        "vltavska",
        "10:33:40",
        "street",
        "Tady bývala pekárna. Teď je tu bistro a\u00a0pečou líp, jen se musím naučit ta jména.",
        "up",
        "meeting",
        near=1.5,
        look=(0.9, 0.6),
        seed=5,
    ),
    _shot(
        "p22",
        "K",
        "letna",
        "11:04:50",
        "courtyard",
        "Náš dvůr. Z\u00a0prádla se pozná, komu se narodilo dítě a\u00a0kdo odjel na brigádu.",
        "up",
        "housing",
        hour="rain",
        shape=LARGE,
    ),
    _shot(
        "p23",
        "H",
        "letna",
        "11:08:12",
        "school",
        "Син забув моє «будь обережний», але пам’ятає «dobrý den». Стою біля воріт і\u00a0вчуся разом із ним.",
        "up",
        "school language",
        hour="rain",
        figures=2,
        people="released",
        also={
            "cs": "Syn zapomněl na moje „buď opatrný“, ale „dobrý den“ si pamatuje. Stojím "
            "u\u00a0vrat a\u00a0učím se s\u00a0ním."
        },
    ),
    _shot(
        "p24",
        "M",
        "letna",
        "11:13:25",
        "garden",
        "Dýně sází paní z\u00a0Charkova, radí pán z\u00a0Hanoje a\u00a0zalévá, kdo jde zrovna kolem.",
        "up",
        "meeting space",
        figures=1,
        star=True,
        also={
            "en": "A lady from Kharkiv plants the pumpkins, a gentleman from Hanoi "
            "advises, and whoever comes by waters them."
        },
    ),
    _shot(
        "p25",
        "N",
        "letna",
        "11:16:00",
        "board",
        "Tři lístky „hledám byt“, jeden „nabízím“. Z\u00a0toho jednoho už nezbyl ani proužek.",
        "down",
        "housing",
        near=1.6,
        look=(0.6, 0.45),
        seed=9,
    ),
    _shot(
        "p26",
        "P",
        "letna",
        "11:20:33",
        "playground",
        "O\u00a0tohle hřiště jsme se na úřadě hádali dva roky. Dneska vím proč.",
        "up",
        "space offices",
        figures=3,
        seed=6,
    ),
    _shot(
        "p27",
        "R",
        "letna",
        "11:26:41",
        "viewpoint",
        "Everyone at the wall looks the same way. The only meeting I know where nobody interrupts.",
        "up",
        "meeting",
        figures=2,
        seed=4,
        star=True,
    ),
    _shot(
        "p28",
        "F",
        "letna",
        "11:29:58",
        "signs",
        "Chữ thì tôi đọc được, cà phê thì tôi mua được, chỉ có tiền nhà là chưa.",
        "both",
        "housing language",
        also={"cs": "Písmo přečtu, na kávu mám, jen na nájem ještě ne."},
    ),
    _shot(
        "p29",
        "H",
        "letna",
        "11:31:15",
        "windows",
        "Чужі вікна. Вгадую, за котрим із них кажуть «доброго ранку» моєю мовою.",
        "both",
        "housing language",
        also={
            "en": "Other people’s windows. I guess behind which of them somebody says good morning in my language."
        },
    ),
    _shot(
        "p30",
        "K",
        "letna",
        "11:34:20",
        "pitch",
        "Šest kluků, čtyři jazyky, jedno pravidlo: kdo to překopne přes plot, jde pro to.",
        "up",
        "meeting",
        figures=3,
        people="unreleased",
    ),
)
