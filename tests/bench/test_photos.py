"""The measurement of pictures itself, small."""

import io
from pathlib import Path

import pytest
from PIL import Image

from webapp.bench import CannotMeasure
from webapp.bench.drawing import drawn
from webapp.bench.photos import Plan, measure

SMALL = Plan(size=(640, 480), large=(800, 600), pictures=2, few=1, rounds=1)


def test_each_set_is_measured_against_each_way_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.bench.photos.find_spec", lambda _name: None)
    monkeypatch.setattr("webapp.bench.photos._sharp", lambda: None)
    said: list[str] = []
    figures = {(figure.what, figure.peer_is): figure for figure in measure(SMALL, said.append)}
    assert sum("is not installed here" in each for each in said) == 2
    for name in ("12 MP", "48 MP", "Display P3"):
        speed = figures[f"{name}: three sizes", "naive Pillow"]
        assert speed.ours > 0 and speed.peer > 0
        for edge in (2000, 1280, 320):
            # Small pictures are not enlarged by us and are by the naive: what both make at 320 is alike.
            psnr = figures[f"{name}: PSNR at {edge}", "naive Pillow"]
            assert min(psnr.ours, psnr.peer) > 20, "it was compared with another picture, or in other colours"
        assert 10 < figures[f"{name}: peak memory", "the limit"].ours < 400
    assert figures["12 MP: CPU time", "half-size decode and three encodes"].target == 1.7
    assert figures["HEIC: CPU time", "its decoding alone"].target == 1.3


def test_a_folder_without_jpegs_cannot_be_measured(tmp_path: Path) -> None:
    with pytest.raises(CannotMeasure, match="no JPEG"):
        list(measure(Plan(folder=tmp_path), lambda _said: None))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_is_drawn_is_upright_to_whoever_obeys(orientation: int) -> None:
    opened = Image.open(io.BytesIO(drawn((64, 48), 0, orientation=orientation)))
    assert opened.size == ((64, 48) if orientation < 5 else (48, 64))
    assert opened.getexif()[274] == orientation
