"""The poster: every language of the project, and a code that phones can read."""

import html

import pytest
from flask import Flask

from tests.client import Visitor
from tests.makers import MadeWalk, log_in
from webapp.join.poster import join_address, parts, qr, tell
from webapp.join.queries import place_by_code
from webapp.project import queries as project_queries


@pytest.fixture
def poster(app: Flask, walk: MadeWalk) -> str:
    visitor = Visitor(app)
    log_in(visitor)
    return html.unescape(visitor.get(f"/desk/walks/{walk.walk_id}/poster").text)


def test_it_speaks_every_language_of_the_project(poster: str) -> None:
    for words in ("A short walk", "Krátká procházka", "No account, and no name needed.", "Bez účtu"):
        assert words in poster
    assert "18 June 2018, 10:00–12:00" in poster
    assert "18. června 2018 10:00–12:00" in poster.replace("\u00a0", " ").replace("2018,", "2018")
    assert '<li lang="cs" dir="ltr">' in poster


def test_it_shows_the_way_in(poster: str) -> None:
    assert "TEST-CODE" in poster
    assert "localhost/j/TESTCODE" in poster
    assert "Responsible</span>: Test, <bdi>test@example.org</bdi>" in poster
    assert "By the fountain" in poster


def test_the_qr_code_is_plain_svg(poster: str) -> None:
    svg = poster[poster.index('<div role="img"') :]
    svg = svg[svg.index("<svg") : svg.index("</svg>")]
    assert "style" not in svg
    assert 'fill="#fff"' in svg and 'stroke="#000"' in svg
    assert svg.count("<path") == 2


def test_the_code_leads_to_the_public_address(app: Flask, walk: MadeWalk) -> None:
    with app.test_request_context(base_url="https://pohled.example"):
        assert join_address(walk.code) == "https://pohled.example/j/TESTCODE"
        assert qr("a") != qr("b")


@pytest.mark.parametrize(
    ("host", "size"),
    [
        ("pohled.example", ""),
        ("pohled.centrum-pro-integraci-cizincu-praha.example", "long"),
        ("mesto-ocima-vsech.pohled.centrum-pro-integraci-cizincu-praha.example", "longer"),
    ],
)
def test_a_long_address_is_set_smaller_so_that_it_stays_whole(
    app: Flask, walk: MadeWalk, host: str, size: str
) -> None:
    with app.test_request_context(base_url=f"https://{host}"):
        place = place_by_code(walk.code)
        assert place is not None
        shown = parts(place, project_queries.project(walk.project_id))
    assert (shown["typed"], shown["typed_size"]) == (f"{host}/j/TESTCODE", size)


def test_a_text_that_is_missing_in_a_language_is_shown_in_another(app: Flask, walk: MadeWalk) -> None:
    with app.test_request_context():
        place = place_by_code(walk.code)
        assert place is not None
        told = tell(place, project_queries.project(walk.project_id), "cs")
    assert (told.project, told.title) == ("Naše město", "Krátká procházka")
    assert told.where == "By the fountain"
    assert "2 místa" in told.about.replace("\u00a0", " ")
