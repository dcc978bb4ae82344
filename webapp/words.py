"""Languages: which there are, which one a request gets, and the strings for TypeScript."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale
from flask import Flask, current_app, has_request_context, request, url_for
from flask_babel import Babel, format_date, format_decimal, format_time, get_locale
from markupsafe import Markup

COOKIE = "pohled_language"
UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
TRANSLATIONS = Path(__file__).parent / "translations"


@dataclass(frozen=True)
class Language:
    """`code` is what the address, the cookie and `<html lang>` say; `name` is what its speakers call it.

    `read`: whether somebody who speaks it has read the translation.
    """

    code: str
    name: str
    locale: Locale
    read: bool = True

    @property
    def direction(self) -> str:
        return str(self.locale.text_direction)


# The last two are CLDR's pseudo-languages, made from English for tests: 40 % longer, and right to left.
# gettext wants their modifiers in small letters.
LANGUAGES = {
    language.code: language
    for language in (
        Language("cs", "Čeština", Locale("cs")),
        Language("en", "English", Locale("en", "GB")),
        Language("uk", "Українська", Locale("uk"), read=False),
        Language("vi", "Tiếng Việt", Locale("vi"), read=False),
        Language("ru", "Русский", Locale("ru"), read=False),
        Language("en-XA", "Ḗƞɠŀīşħ", Locale("en", modifier="xa")),
        Language("ar-XB", "Hsilgne", Locale("ar", modifier="xb")),
    )
}


def init_words(app: Flask, languages: tuple[str, ...]) -> None:
    """Wires the languages that this installation offers; the first is the default."""
    app.extensions["languages"] = {code: LANGUAGES[code] for code in languages}
    Babel(
        app,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=lambda: chosen_language().locale,
    )
    app.jinja_env.globals.update(
        languages=offered_languages,
        language=current_language,
        language_name=language_name,
        say=say,
        main_language=main_language,
        words_of=pick,
        words_address=words_address,
    )
    app.jinja_env.filters.update(date=date_in_words, day=day, clock=clock, daynumber=day_number, monthname=month_name)
    app.jinja_env.filters["decimal"] = decimal
    app.jinja_env.filters["seconds"] = clock_seconds


def offered_languages() -> list[Language]:
    return list(current_app.extensions["languages"].values())


def chosen_language() -> Language:
    """The person's own choice, else what the browser asks for, else the installation's first."""
    offered: dict[str, Language] = current_app.extensions["languages"]
    if has_request_context():
        wanted = request.args.get("language") or request.cookies.get(COOKIE) or ""
        if wanted in offered:
            return offered[wanted]
        best = request.accept_languages.best_match(list(offered))
        if best:
            return offered[best]
    return next(iter(offered.values()))


def current_language() -> Language:
    """The language that this page speaks, whoever chose it."""
    locale = get_locale()
    return next((each for each in LANGUAGES.values() if each.locale == locale), LANGUAGES["en"])


def language_name(code: str) -> str:
    """What its speakers call a language."""
    return LANGUAGES[code].name if code in LANGUAGES else code


def pick(texts: dict[str, str]) -> tuple[str, str]:
    """The text in the page's language, else English, else any; with the code of its language."""
    wanted = current_language().code
    code = language_of(texts, wanted)
    return texts.get(code, ""), code


def language_of(texts: dict[str, str], wanted: str | None) -> str:
    """The language in which a page in the wanted one shows these texts: that, else English, else any."""
    for code in (wanted or "", (wanted or "").split("-")[0], "en", *texts):
        if texts.get(code):
            return code
    return wanted or "en"


def main_language(texts: dict[str, str], codes: Sequence[str]) -> str:
    """Of a form's languages the one to show first: one in which it says something already."""
    code = pick(texts)[1] if texts else current_language().code
    return code if code in codes else codes[0]


def say(texts: dict[str, str]) -> Markup:
    """A project's own text for a page, marked with its language where that is another than the page's."""
    text, code = pick(texts)
    if code == current_language().code:
        return Markup("<bdi>{}</bdi>").format(text)
    return Markup('<bdi lang="{}">{}</bdi>').format(code, text)


def day(moment: datetime, zone: str) -> str:
    """The date of an instant where the project is, written out in the page's language."""
    return str(format_date(moment.astimezone(ZoneInfo(zone)), "full"))


def day_number(moment: datetime, zone: str) -> str:
    return str(format_date(moment.astimezone(ZoneInfo(zone)), "d"))


def month_name(moment: datetime, zone: str) -> str:
    return str(format_date(moment.astimezone(ZoneInfo(zone)), "MMMM y"))


def date_in_words(when: date) -> str:
    return str(format_date(when, "long"))


def clock(moment: datetime, zone: str) -> str:
    """The time of an instant where the project is."""
    return str(format_time(moment.astimezone(ZoneInfo(zone)), "short", rebase=False))


def clock_seconds(moment: datetime, zone: str) -> str:
    """The same to the second."""
    return str(format_time(moment.astimezone(ZoneInfo(zone)), "medium", rebase=False))


def decimal(number: float, places: int = 15) -> str:
    """A number as the page's language writes it, with at most so many decimal places."""
    return str(format_decimal(number, "#,##0." + "#" * places))


def words_for(code: str, desk: bool = False) -> dict[str, Any]:
    """The strings that TypeScript asks for, in one language, made by the build from the one catalogue; those of
    organisers' pages with `desk` only, because phones pay for what they fetch."""
    language = LANGUAGES[code]
    path = TRANSLATIONS / str(language.locale) / "words.json"
    if not path.is_file():
        path = TRANSLATIONS / language.locale.language / "words.json"
    if not path.is_file():
        return {"language": code, "strings": {}, "plural": {}}
    loaded: dict[str, Any] = json.loads(path.read_text())
    more = loaded.pop("desk")
    return loaded | {"language": code, "strings": loaded["strings"] | (more if desk else {})}


def words_json(code: str, desk: bool = False) -> str:
    """The same as one line of JSON, as browsers fetch it."""
    return json.dumps(words_for(code, desk), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@cache
def _words_version(code: str, desk: bool) -> str:
    return hashlib.sha256(words_json(code, desk).encode()).hexdigest()[:10]


def words_address(code: str | None = None, desk: bool = False) -> str:
    """Where TypeScript finds its strings; another address once they have changed."""
    code = code or current_language().code
    return url_for("shell.words", code=code, v=_words_version(code, desk), desk=1 if desk else None)


def printable(words: str) -> str:
    """Words for paper and documents: letters and their marks in one, and no sign that XML does not take."""
    composed = unicodedata.normalize("NFC", words)
    return "".join(
        each
        for each in composed
        if each in "\n\t" or (unicodedata.category(each) not in ("Cc", "Cs") and each not in "\ufffe\uffff")
    ).strip()


def safe_path(address: str | None) -> str:
    """An address of our own to go back to; anything that could lead elsewhere becomes the front page."""
    if not address or not address.startswith("/") or address.startswith("//") or UNSAFE.search(address):
        return "/"
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else address
