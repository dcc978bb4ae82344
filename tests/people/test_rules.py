import uuid

import pytest

from webapp.people.rules import (
    CODE_LENGTH,
    derive_token,
    fingerprint,
    new_join_code,
    new_key,
    reach_link,
    tidy_email,
    tidy_reach,
    valid_key,
)


def test_join_codes_are_random_and_can_be_read_aloud() -> None:
    codes = {new_join_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == CODE_LENGTH and code.isalnum() and code == code.upper() for code in codes)


def test_the_same_key_gives_the_same_token_and_nothing_else_does() -> None:
    key, person = new_key(), uuid.uuid4()
    token = derive_token(key, person, "plain")
    assert token == derive_token(key, person, "plain")
    others = {derive_token(new_key(), person, "plain"), derive_token(key, uuid.uuid4(), "plain")}
    assert token not in others | {derive_token(key, person, "recovery")}
    assert token not in fingerprint(token)


def test_only_256_bits_in_hex_are_a_key() -> None:
    assert valid_key(new_key())
    for wrong in ("", "a", "g" * 64, "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n"):
        assert not valid_key(wrong)


def test_one_account_per_address_however_it_is_typed() -> None:
    assert tidy_email("  Jana@Example.ORG ") == "jana@example.org"


@pytest.mark.parametrize(
    ("reach", "link"),
    [
        ("jana.nova+walk@example.org", "mailto:jana.nova+walk@example.org"),
        ("+420 602 123-456", "tel:+420602123456"),
        ("602123456", "tel:602123456"),
        ("602 123 456 or jana@example.org", None),
        ("jana@example.org?cc=all@example.org", None),
        ("jana%0a@example.org", None),
        ("12. 5. 2018", None),
        ("12345", None),
        ("Ask at the library", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_only_what_plainly_is_an_address_or_a_number_can_be_tapped(reach: str, link: str | None) -> None:
    assert reach_link(reach) == link


def test_where_somebody_can_be_reached_is_one_line_of_what_can_be_seen() -> None:
    assert tidy_reach(" jana@example.org,\n\t602\u00a0123\0 \u202e") == "jana@example.org, 602 123"
