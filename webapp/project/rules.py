"""What a project starts with: plain decisions."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from zoneinfo import available_timezones

Label = dict[str, object]  # {"id", "label": {language: text}}


def _label(name: str, cs: str, en: str) -> Label:
    return {"id": name, "label": {"cs": cs, "en": en}}


PERSPECTIVES: Sequence[Label] = (
    _label("third_country", "Jsem ze země mimo EU", "I came from a country outside the EU"),
    _label("resident", "Žiju tu dlouho", "I have lived here for a long time"),
    _label("ngo", "Jsem z\u00a0neziskové organizace", "I work or volunteer for an NGO"),
    _label("municipality", "Pracuju pro město nebo městskou část", "I work for the city or the district"),
    _label("academia", "Učím nebo dělám výzkum", "I teach or do research"),
)
THEMES: Sequence[Label] = (
    _label("housing", "Bydlení", "Housing"),
    _label("work", "Práce", "Work"),
    _label("language", "Jazyk", "Language"),
    _label("school", "Škola", "School"),
    _label("health", "Zdraví", "Health"),
    _label("safety", "Bezpečí", "Safety"),
    _label("space", "Veřejný prostor", "Public space"),
    _label("meeting", "Setkávání", "Meeting people"),
    _label("offices", "Úřady", "Offices"),
)


def renewed(before: Mapping[str, str], old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """The notice after its facts have changed: untouched defaults follow, and what was written by hand stays."""
    return {**before, **{code: text for code, text in new.items() if before.get(code) in (None, old.get(code))}}


@cache
def zones() -> Sequence[str]:
    """The IANA time zones that are named for a place."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix")))


def in_two_years(today: date) -> date:
    """The default date of deletion."""
    return date(today.year + 2, today.month, min(today.day, 28))
