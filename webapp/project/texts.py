"""The default privacy notice, in the languages written so far: one file a language."""

from collections.abc import Iterable
from pathlib import Path

NOTICES = Path(__file__).parent / "notices"
WRITTEN = ("cs", "en", "uk", "vi", "ru")


def notice_text(code: str, controller: str, contact: str, day: str, purposes: Iterable[str]) -> str:
    """The default notice in one of the languages `WRITTEN`. `day` is written out in that language."""
    text = (NOTICES / f"{code}.txt").read_text(encoding="utf-8").strip()
    # One by one, what people wrote last: a name may hold braces.
    for name, value in (("purposes", "; ".join(purposes)), ("day", day)):
        text = text.replace(f"{{{name}}}", value)
    return text.replace("{contact}", contact).replace("{controller}", controller)
