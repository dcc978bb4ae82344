"""The measurement of uploads itself, small, against both real servers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from webapp.bench import CannotMeasure, sync
from webapp.bench.load import Photos
from webapp.bench.servers import NO_NGINX, nginx
from webapp.bench.sync import Contender, Plan, measure

SMALL = Plan(rounds=1, clients=3, each=2, photo=100_000, slow=3, pace=50_000, idle=0.3)


@pytest.fixture(autouse=True)
def need_nginx(tmp_path: Path) -> None:
    try:
        nginx(tmp_path / "probe")
    except CannotMeasure as error:
        assert str(error) == NO_NGINX
        pytest.skip(NO_NGINX)


@pytest.mark.soak
def test_both_servers_are_measured_and_every_photo_is_found() -> None:
    said = list[str]()
    figures = [json.loads(figure.as_json()) for figure in measure(SMALL, said.append)]
    assert [figure.get("target") for figure in figures] == [0.7, None, 3.0]
    assert all(figure["pohled"] > 0 and figure["peer"] > 0 for figure in figures)
    assert any("without its worker" in line for line in said)


def test_an_acknowledged_photo_that_is_not_there_is_no_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sync.burst

    def forgetful(*args: object) -> tuple[float, list[str]]:
        take: Callable[..., tuple[float, list[str]]] = real
        seconds, acknowledged = take(*args)
        return seconds, [*acknowledged, "0" * 64]

    monkeypatch.setattr(sync, "burst", forgetful)
    with nginx(tmp_path / "nginx") as server:
        contender = Contender(server, sync.Dav(), lambda sha256: tmp_path / "nginx" / "files" / sha256)
        with pytest.raises(CannotMeasure, match="does not have it"):
            sync._round(SMALL, contender, Photos(SMALL.photo), 1)
