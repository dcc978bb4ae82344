"""Every string is in the one catalogue, and in every language."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from tests.client import Visitor
from tests.conftest import ROOT
from webapp.consent.texts import TEXTS
from webapp.words import LANGUAGES, words_for

TRANSLATIONS = ROOT / "webapp" / "translations"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


# Where participants read; what only organisers read is Czech and English.
PARTICIPANTS = (
    *(f"templates/{name}" for name in ("base", "join", "mine", "parts", "phone", "photo", "shell", "walk")),
    *(f"webapp/{name}" for name in ("consent", "join", "mine", "phone", "photo", "shell", "sync", "walk/questions")),
    *(f"static/src/{name}" for name in ("outbox", "phone", "photo", "words")),
)


def is_for_participants(message: Message) -> bool:
    return any(name.startswith(PARTICIPANTS) for name, _ in message.locations)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def test_the_catalogue_is_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    fresh = tmp_path / "messages.pot"
    command = ["pybabel", "-q", "extract", "-F", "pyproject.toml", "-k", "N_", "-k", "lazy_gettext", "-o", str(fresh)]
    CommandLineInterface().run([*command, "."])
    wanted, present = read(fresh), read(TRANSLATIONS / "messages.pot")
    difference = {message.id for message in wanted} ^ {message.id for message in present}
    assert not difference, f"run ./pohled words: {difference}"


def test_nothing_said_by_scripts_is_missed() -> None:
    """What stands inside a template literal is not found when the strings are collected."""
    known = set()
    for message in read(TRANSLATIONS / "messages.pot"):
        known |= {message.id} if isinstance(message.id, str) else set(message.id)
    for path in (ROOT / "static" / "src").rglob("*.ts"):
        code = re.sub("//.*", "", path.read_text())
        for said in re.findall(r"\b_\(\s*'((?:[^'\\]|\\.)+)'", code):
            assert said.replace("\\'", "'") in known, f"{path.name}: take this out of the template literal: {said}"


@pytest.mark.parametrize("language", sorted(path.parent.parent.name for path in TRANSLATIONS.glob("*/*/*.po")))
def test_every_string_is_translated(language: str) -> None:
    catalogue = read(TRANSLATIONS / language / "LC_MESSAGES" / "messages.po")
    template = read(TRANSLATIONS / "messages.pot")
    assert {message.id for message in catalogue} == {message.id for message in template}
    for message in catalogue:
        if message.id and (LANGUAGES[language].read or is_for_participants(message)):
            forms = [message.string] if isinstance(message.string, str) else list(message.string)
            assert all(forms), f"{language}: “{message.id}” is not translated"
            assert not message.fuzzy, f"{language}: “{message.id}” is only guessed"
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            wanted = {name for msgid in ids for name in PLACEHOLDER.findall(msgid)}
            for form in forms:
                assert set(PLACEHOLDER.findall(form)) <= wanted, f"{language}: “{form}” fills in what is not there"


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_what_is_written_in_cyrillic_is(language: str) -> None:
    """A translation that slipped into another language's file has the wrong letters."""
    for message in read(TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"):
        forms = [message.string] if isinstance(message.string, str) else list(message.string)
        for form in forms if message.id else []:
            words = re.sub(r"%\(\w+\)s|<[^>]+>", "", form)
            assert not re.search("[ěščřžýáíéůťďňĚŠČŘŽ]", words), f"Czech in {language}: {form}"


ALONE = re.compile(r"(?<![\w)])[ksvzouKSVZOU] \w")


def test_czech_prepositions_are_glued_in_consents_and_checklists() -> None:
    said = [line for texts in TEXTS.values() for line in texts["cs"]]
    for path in sorted((ROOT / "webapp" / "walk" / "library").glob("*.json")):
        said += re.findall(r'"cs": "([^"]*)"', path.read_text())
    for text in said:
        assert not ALONE.search(text), f"a preposition stands alone: {text}"


def test_czech_prepositions_are_glued() -> None:
    for message in read(TRANSLATIONS / "cs" / "LC_MESSAGES" / "messages.po"):
        forms = [message.string] if isinstance(message.string, str) else message.string
        for form in forms if message.id else []:
            assert not ALONE.search(form), f"a preposition stands alone: {form}"


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_typescript_gets_its_strings_in_every_language(code: str) -> None:
    words = words_for(code, desk=True)
    assert words["language"] == code
    if code != "en":
        assert words["strings"], f"no strings for TypeScript in {code}"


@pytest.mark.parametrize("code", sorted(set(LANGUAGES) - {"en"}))
def test_pages_speak_every_language(visitor: Visitor, code: str) -> None:
    text = visitor.get(f"/?language={code}").text
    assert f'lang="{code}"' in text
    assert f'dir="{LANGUAGES[code].direction}"' in text
    heading = re.search(r"<h1>(.*?)</h1>", text)
    assert heading and heading[1] != "Look at your city together, and be heard", "the page fell back to English"


def test_the_pseudo_languages_show_what_does_not_fit() -> None:
    from hatch_build import longer, turned

    plain = "Say yes to %(num)s of them."
    assert len(longer(plain)) >= 1.4 * len(plain)
    assert "%(num)s" in longer(plain)
    assert "%(num)s" in turned(plain)
    assert turned(plain).startswith("\u202e")


def test_every_module_that_speaks_fetches_its_words() -> None:
    """A page's module that uses words, by itself or by what it takes in, waits for the catalogue of the language."""
    sources = ROOT / "static" / "src"
    speaking = set()
    for start in sources.rglob("*.ts"):
        if "export function start(" not in start.read_text():
            continue
        seen, todo = set[Path](), [start]
        while todo:
            path = todo.pop()
            if path in seen or path.name == "words.ts":
                continue
            seen.add(path)
            for name in re.findall(r"from '(\.[^']+)'", path.read_text()):
                todo += [found for found in [(path.parent / f"{name}.ts").resolve()] if found.is_file()]
        text = "".join(path.read_text() for path in seen)
        if re.search(r"\b(_|ngettext)\('", text):
            speaking.add(start.name)
            assert "loadWords()" in text, f"{start.name} speaks English in every language"
    assert {"paint.ts", "map.ts", "table.ts"} <= speaking
