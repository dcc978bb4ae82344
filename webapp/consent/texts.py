"""What is asked for each purpose: title and explanation, in the languages written so far.

A project copies them as its own first version and may change them: the record names the version it showed.
"""

from webapp.consent.rules import Purpose

Said = dict[str, tuple[str, str]]  # language -> (title, explanation)

TEXTS: dict[Purpose, Said] = {
    Purpose.KEEP: {
        "en": (
            "Keep my answers and photos",
            "So that they are there for the workshop. Without this you can still walk with us, and nothing is kept.",
        ),
        "cs": (
            "Uchovat mé odpovědi a fotky",
            "Aby se s nimi dalo pracovat na workshopu. I bez toho můžete jít s námi, jen nic neuložíme.",
        ),
    },
    Purpose.MEETING: {
        "en": (
            "Show them at the workshop",
            "To the people who walked, and to the city’s officials in the room.",
        ),
        "cs": (
            "Ukázat mé odpovědi a fotky na workshopu",
            "Lidem, kteří šli s námi, a zástupcům města, kteří přijdou.",
        ),
    },
    Purpose.REPORT: {
        "en": ("Quote me in the report", "What you wrote or said, and your photos, without your name."),
        "cs": ("Citovat mě ve zprávě", "Použít to, co napíšete nebo řeknete, a vaše fotky, bez vašeho jména."),
    },
    Purpose.EXHIBITION: {
        "en": (
            "Hang my photos in the exhibition",
            "Printed, with your caption, where anybody can come and look.",
        ),
        "cs": ("Vystavit mé fotky", "Vytištěné, s vaším popiskem, na místě, kam může přijít kdokoli."),
    },
    Purpose.WEB: {
        "en": ("Put my photos on the project’s website", "Anyone can see them there and copy them."),
        "cs": ("Dát mé fotky na web projektu", "Kdokoli je tam uvidí a může si je zkopírovat."),
    },
    Purpose.PRINT: {
        "en": ("Use them in print and promotion", "Posters, leaflets and newspapers about this project."),
        "cs": (
            "Použít mé fotky v tisku a propagaci",
            "Na plakátech, v letácích a v novinách, jen o tomto projektu.",
        ),
    },
    Purpose.SOCIAL: {
        "en": ("Post them on social media", "Once posted, they are hard to call back."),
        "cs": ("Dát mé fotky na sociální sítě", "Co tam jednou je, těžko se bere zpátky."),
    },
    Purpose.PARTNERS: {
        "en": ("Share them with partner cities", "The other cities that take part in this project."),
        "cs": (
            "Sdílet mé odpovědi a fotky s partnerskými městy",
            "S dalšími městy, která jsou do projektu zapojená.",
        ),
    },
    Purpose.CONTACT: {
        "en": ("Contact me later", "About your photos and about what became of them."),
        "cs": ("Ozvat se mi později", "Kvůli vašim fotkám a tomu, co se s nimi stalo."),
    },
}
