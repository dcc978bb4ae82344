"""Who takes part: plain decisions about codes, keys and tokens."""

import hashlib
import hmac
import math
import re
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

# No I, L, O, U, 0, 1: read aloud and typed by tired people. 30 letters: 11 of them are 53 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 11
RECOVERY_LENGTH = 16
RECOVERY_HANDLE = 4
"""Failures of recovery are counted for these first letters: one code can be tried only so often."""
COOKIE_DEVICE = "plain:"
"""How the names of the plain pages' devices begin; no phone may choose such a name."""
KEY_BYTES = 32
PASSWORD_LENGTH = 12
"""The one rule for a new password: so many characters or more."""
EMAIL_LENGTH = 254
BROWSER_LENGTH = 200
REACH_LENGTH = 200
"""So much of an e-mail address, a telephone number or the like may be written."""
INVITATION_VALID = timedelta(days=7)
RESET_VALID = timedelta(hours=24)
LINKS_KEPT = timedelta(days=30)
"""So long after its end a link is remembered, to say what became of it."""
RESET_PAUSE = timedelta(minutes=5)
"""One mail for a new password in so long: nobody's mailbox is filled by a stranger."""
MAIL_TRIES = timedelta(hours=1)
"""So long a mail that the server put off is tried again."""
TOLD_KEPT = timedelta(days=14)
"""So long it is remembered what a phone said that it holds: as long as a call takes what comes late."""
OPEN_INVITATIONS = 50
"""So many of one project may be open at once: an installation is no machine for mailing strangers."""


def new_join_code() -> str:
    """A random join code of more than 50 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def new_key() -> str:
    """A phone's random 256-bit key for joining, hex."""
    return secrets.token_hex(KEY_BYTES)


def derive_token(key: str, participant: uuid.UUID, purpose: str) -> str:
    """The token for a purpose ("plain", a device ...): the same key always gives the same one.

    HMAC-SHA-256 keyed with the phone's key (RFC 2104); the server keeps only its fingerprint.
    """
    return hmac.new(key.encode(), f"{purpose}:{participant}".encode(), "sha256").hexdigest()


def fingerprint(token: str) -> str:
    """What is stored of a token: enough to recognise it, useless to whoever reads the database.

    A plain SHA-256 will do, because tokens are random 256 bits and not words of a person.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def recovery_code(key: str, participant: uuid.UUID) -> str:
    """The code that opens the same participant on another device: 16 letters, 78 bits, always the same for a key."""
    number = int(derive_token(key, participant, "recovery"), 16)
    letters = []
    for _ in range(RECOVERY_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return in_fours("".join(letters))


def new_recovery_code() -> str:
    """A random one, for whoever lost theirs."""
    return in_fours("".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)))


def in_fours(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def tidy_code(text: str) -> str:
    """A code as people type it: spaces, dashes and small letters do not matter."""
    return "".join(filter(str.isalnum, text)).upper()


class Tried(StrEnum):
    """What can fail, and is counted. Its subject is an account, a recovery code's first letters, or a participant."""

    LOGIN = "login"
    RECOVERY = "recovery"
    JOIN = "join"
    RELEASE = "release"


FAILURES = 10
"""So many wrong tries of one subject within `WINDOW` are answered; then it rests until the oldest is past."""
WINDOW = timedelta(minutes=15)


def rest_seconds(failures: Sequence[datetime], moment: datetime) -> int:
    """How long to wait before the next try, in whole seconds; 0 where none is needed. `failures` in any order."""
    recent = sorted(each for each in failures if each > moment - WINDOW)
    if len(recent) < FAILURES:
        return 0
    return math.ceil((recent[-FAILURES] + WINDOW - moment).total_seconds())


def valid_key(key: str) -> bool:
    """Whether it is 256 bits in lower-case hex."""
    return len(key) == 2 * KEY_BYTES and all(letter in "0123456789abcdef" for letter in key)


def tidy_email(address: str) -> str:
    """One spelling per account. NUL goes, because no database takes it."""
    return address.replace("\0", "").strip().casefold()


_EMAIL = re.compile(r"[^\s@<>\x00-\x1f\x7f]+@[^\s@<>\x00-\x1f\x7f]+")


def plausible_email(address: str) -> bool:
    """Whether it looks like one e-mail address; only a mail that arrives can tell whether it is one."""
    return len(address) <= EMAIL_LENGTH and _EMAIL.fullmatch(address) is not None


def link_token(secret: bytes, link: uuid.UUID) -> str:
    """The token of a one-time link, made again from the installation's secret whenever it must be mailed.

    HMAC-SHA-256 (RFC 2104): nothing that is stored, in the queue or elsewhere, gives it away.
    """
    return hmac.new(secret, f"one-time link:{link}".encode(), "sha256").hexdigest()


def tidy_reach(words: str) -> str:
    """How somebody can be reached, as one line without what cannot be seen."""
    return "".join(filter(str.isprintable, " ".join(words.split()))).strip()


_MAILED = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_CALLED = re.compile(r"\+?\d(?:[ -]?\d){8,14}", re.ASCII)


def reach_link(reach: str) -> str | None:
    """Where a tap on it leads; None where it is not plainly an e-mail address or a telephone number."""
    if _MAILED.fullmatch(reach):
        return f"mailto:{reach}"
    if _CALLED.fullmatch(reach):
        return "tel:" + re.sub("[ -]", "", reach)
    return None


def browser_name(header: str) -> str:
    """What a browser says of itself, short enough to show."""
    return "".join(filter(str.isprintable, header)).strip()[:BROWSER_LENGTH]
