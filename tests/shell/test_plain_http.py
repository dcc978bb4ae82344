"""What the first page says over plain HTTP: there, browsers keep nothing for offline use."""

import pytest
from flask import Flask

from tests.makers import MadeWalk

HERE = "Here it works only online"
OPEN = "not encrypted"


@pytest.mark.parametrize(
    "address",
    [
        "http://192.168.1.20:8000",
        "http://pohled.example.org",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://[2001:db8::1]:8000",
        "http://notlocalhost",
    ],
)
def test_over_plain_http_from_elsewhere_the_first_page_warns(app: Flask, walk: MadeWalk, address: str) -> None:
    page = app.test_client().get(f"/j/{walk.code}", base_url=address).text
    assert HERE in page
    assert OPEN in page


@pytest.mark.parametrize(
    "address",
    [
        "https://pohled.example.org",
        "https://192.168.1.20:8000",
        "http://localhost:8000",
        "http://LOCALHOST",
        "http://pohled.localhost",
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
    ],
)
def test_where_browsers_trust_the_address_there_is_no_warning(app: Flask, walk: MadeWalk, address: str) -> None:
    page = app.test_client().get(f"/j/{walk.code}", base_url=address).text
    assert HERE not in page
    assert OPEN not in page


@pytest.mark.parametrize("host", ["", "[::1", "a b", "::::", "host:port", "127.0.0.1:8000:8000"])
def test_a_host_that_is_none_is_no_failure(app: Flask, walk: MadeWalk, host: str) -> None:
    assert app.test_client().get(f"/j/{walk.code}", headers={"Host": host}).status_code in (200, 400)
