"""Who takes part: plain decisions about codes, keys and tokens."""

import hashlib
import hmac
import secrets
import uuid

# No I, L, O, U, 0, 1: read aloud and typed by tired people. 30 letters: 11 of them are 53 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 11
KEY_BYTES = 32


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
    return hmac.new(bytes.fromhex(key), f"{purpose}:{participant}".encode(), "sha256").hexdigest()


def fingerprint(token: str) -> str:
    """What is stored of a token: enough to recognise it, useless to whoever reads the database.

    A plain SHA-256 will do, because tokens are random 256 bits and not words of a person.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def valid_key(key: str) -> bool:
    """Whether it is 256 bits in lower-case hex."""
    return len(key) == 2 * KEY_BYTES and all(letter in "0123456789abcdef" for letter in key)


def tidy_email(address: str) -> str:
    """One spelling per account."""
    return address.strip().casefold()
