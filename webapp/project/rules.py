"""What a project starts with: plain decisions."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

Label = dict[str, object]  # {"id", "label": {language: text}}


def _label(name: str, cs: str, en: str, uk: str, vi: str, ru: str) -> Label:
    return {"id": name, "label": {"cs": cs, "en": en, "uk": uk, "vi": vi, "ru": ru}}


PERSPECTIVES: Sequence[Label] = (
    _label(
        "third_country",
        "Jsem ze země mimo EU",
        "I came from a country outside the EU",
        "Я з\u00a0країни поза ЄС",
        "Tôi đến từ một nước ngoài EU",
        "Я из страны, которая не входит в\u00a0ЕС",
    ),
    _label(
        "resident",
        "Žiju tu dlouho",
        "I have lived here for a long time",
        "Я давно тут живу",
        "Tôi sống ở đây đã lâu",
        "Я давно здесь живу",
    ),
    _label(
        "ngo",
        "Jsem z\u00a0neziskové organizace",
        "I work or volunteer for an NGO",
        "Працюю або волонтерю в\u00a0громадській організації",
        "Tôi làm việc hoặc tình nguyện cho một tổ chức phi lợi nhuận",
        "Я работаю или помогаю в\u00a0общественной организации",
    ),
    _label(
        "municipality",
        "Pracuju pro město nebo městskou část",
        "I work for the city or the district",
        "Працюю для міста або району",
        "Tôi làm việc cho thành phố hoặc quận",
        "Я работаю в\u00a0администрации города или района",
    ),
    _label(
        "academia",
        "Učím nebo dělám výzkum",
        "I teach or do research",
        "Викладаю або проводжу дослідження",
        "Tôi giảng dạy hoặc nghiên cứu",
        "Я преподаю или занимаюсь исследованиями",
    ),
)
THEMES: Sequence[Label] = (
    _label(
        "housing",
        "Bydlení",
        "Housing",
        "Житло",
        "Nhà ở",
        "Жильё",
    ),
    _label(
        "work",
        "Práce",
        "Work",
        "Робота",
        "Việc làm",
        "Работа",
    ),
    _label(
        "language",
        "Jazyk",
        "Language",
        "Мова",
        "Ngôn ngữ",
        "Язык",
    ),
    _label(
        "school",
        "Škola",
        "School",
        "Школа",
        "Trường học",
        "Школа",
    ),
    _label(
        "health",
        "Zdraví",
        "Health",
        "Здоров’я",
        "Sức khỏe",
        "Здоровье",
    ),
    _label(
        "safety",
        "Bezpečí",
        "Safety",
        "Безпека",
        "An toàn",
        "Безопасность",
    ),
    _label(
        "space",
        "Veřejný prostor",
        "Public space",
        "Громадський простір",
        "Không gian công cộng",
        "Общественные места",
    ),
    _label(
        "meeting",
        "Setkávání",
        "Meeting people",
        "Зустрічі з\u00a0людьми",
        "Gặp gỡ mọi người",
        "Встречи с\u00a0людьми",
    ),
    _label(
        "offices",
        "Úřady",
        "Offices",
        "Офіційні установи",
        "Cơ quan hành chính",
        "Госучреждения",
    ),
)


def renewed(before: Mapping[str, str], old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """The notice after its facts have changed: untouched defaults follow, and what was written by hand stays."""
    return {**before, **{code: text for code, text in new.items() if before.get(code) in (None, old.get(code))}}


@cache
def zones() -> Sequence[str]:
    """The IANA time zones that are named for a place."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix")))


ISO_6709 = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?([+-])(\d\d\d)(\d\d)(\d\d)?")


@cache
def city_of(zone: str) -> tuple[float, float] | None:
    """Where the city lies for which a time zone is named, in degrees; of a zone with an old name nothing is known."""
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        named = not line.startswith("#") and line.split("\t")
        if named and named[2] == zone and (found := ISO_6709.fullmatch(named[1])):
            return _degrees(*found.groups()[:4]), _degrees(*found.groups()[4:])
    return None


def _degrees(sign: str, degrees: str, minutes: str, seconds: str | None) -> float:
    size = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return round(-size if sign == "-" else size, 4)


def in_two_years(today: date) -> date:
    """The default date of deletion."""
    return date(today.year + 2, today.month, min(today.day, 28))
