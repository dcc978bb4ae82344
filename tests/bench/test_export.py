"""The measurement of files itself, small."""

import json

import pytest

from webapp.bench.export import Plan, grown, measure
from webapp.export.formats.paper import has_pango

SMALL = Plan(panels=2, originals=3, size=(800, 600))


@pytest.mark.soak
@pytest.mark.skipif(not has_pango(), reason="Pango is not installed")
def test_size_traces_and_memory_are_measured() -> None:
    figures = [json.loads(figure.as_json()) for figure in measure(SMALL, lambda _said: None)]
    assert [figure["what"] for figure in figures] == [
        "Panels of A3",
        "Panels of A3",
        "The making of them",
        "Traces of metadata",
        "Memory of a ZIP of originals",
        "Memory of a ZIP of originals",
    ]
    assert figures[3]["pohled"] == 0 and figures[3]["peer"] > 0, "the search itself finds what is there"


def test_growth_is_what_the_process_had_at_most() -> None:
    assert grown(lambda: bytearray(50_000_000)) > 40
