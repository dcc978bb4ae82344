"""What a measurement says."""

import json

import pytest
from click.testing import CliRunner

from webapp.bench import servers
from webapp.bench.figures import Figure, percentile
from webapp.cli import pohled


@pytest.mark.parametrize(
    ("ours", "at_least", "reached"), [(70, True, True), (69, True, False), (70, False, True), (71, False, False)]
)
def test_a_ratio_says_whether_its_target_was_reached(ours: float, at_least: bool, reached: bool) -> None:
    figure = Figure("Uploads", "uploads/s", ours, 100, "nginx", 0.7, at_least)
    said = json.loads(figure.as_json())
    assert said["ratio"] == ours / 100
    assert said["target"] == 0.7
    assert said["reached"] is reached
    assert ("MISSED" in figure.in_words()) is not reached


def test_without_a_target_nothing_is_reached_or_missed() -> None:
    figure = Figure("CPU", "ms", 2, 1, "nginx")
    assert "reached" not in json.loads(figure.as_json())
    assert "MISSED" not in figure.in_words()


def test_ninety_five_of_a_hundred_are_not_slower_than_the_percentile() -> None:
    assert percentile(list(range(1, 101)), 95) == 95
    assert percentile([3.0], 95) == 3.0
    assert percentile([1.0, 100.0], 95) == 100.0


def test_without_nginx_it_says_in_one_sentence_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers.shutil, "which", lambda *_, **__: None)
    result = CliRunner().invoke(pohled, ["bench", "sync", "--json"])
    assert result.exit_code == 1
    assert "apt install nginx-light" in result.stderr
    assert result.stdout == ""
