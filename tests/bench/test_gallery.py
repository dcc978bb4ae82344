"""The measurement of pages of photos itself, small, against two real servers."""

import json

import pytest

from webapp.bench.gallery import KINDS, Plan, measure
from webapp.gallery.rules import PAGE


@pytest.mark.soak
def test_pages_of_both_stores_are_measured() -> None:
    said = list[str]()
    figures = [json.loads(figure.as_json()) for figure in measure(Plan(small=800, large=1600, rounds=2), said.append)]
    assert [figure["target"] for figure in figures] == [1.5] * len(KINDS) + [1.0]
    assert all(figure["pohled"] > 0 and figure["peer"] > 0 and figure["must_be"] == "<=" for figure in figures)
    assert f"{PAGE} photos" in figures[0]["about"]
