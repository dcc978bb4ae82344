"""Settings: read once, frozen, and plain about what is wrong."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from threading import Barrier

import pytest

from webapp.config import Settings, SettingsError, secret, setting_names

THREADS = 16


def test_a_home_is_enough(tmp_path: Path) -> None:
    settings = Settings.read({"POHLED_HOME": str(tmp_path)})
    assert settings.home == tmp_path
    assert settings.database == f"sqlite:///{tmp_path}/pohled.sqlite"
    assert settings.storage == tmp_path / "uploads"
    assert settings.queue == ""
    assert settings.languages == ("cs", "en", "uk", "vi", "ru")


def test_what_is_set_counts(tmp_path: Path) -> None:
    settings = Settings.read(
        {
            "POHLED_HOME": str(tmp_path),
            "POHLED_STORAGE": "file:///a%20disk/photos",
            "POHLED_QUEUE": "redis://localhost:6379/0",
            "POHLED_URL": "https://walks.example.org/",
            "POHLED_LANGUAGES": "en, cs",
            "POHLED_MAX_BYTES": "1000",
        }
    )
    assert settings.storage == Path("/a disk/photos")
    assert settings.queue == "redis://localhost:6379/0"
    assert settings.url == "https://walks.example.org"
    assert settings.languages == ("en", "cs")
    assert settings.max_bytes == 1000


def test_what_is_set_to_nothing_is_not_set(tmp_path: Path) -> None:
    nothing = dict.fromkeys(set(setting_names()) - {"POHLED_HOME"}, "")
    home = {"POHLED_HOME": str(tmp_path)}
    assert Settings.read({**nothing, **home}) == Settings.read(home)


def test_settings_are_frozen(tmp_path: Path) -> None:
    settings = Settings.read({"POHLED_HOME": str(tmp_path)})
    for field in fields(settings):
        with pytest.raises(FrozenInstanceError):
            setattr(settings, field.name, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POHLED_MAX_BYTES", "0"),
        ("POHLED_MAX_BYTES", "-5"),
        ("POHLED_MAX_BYTES", "60 MB"),
        ("POHLED_MAX_PIXELS", "1e6"),
        ("POHLED_STORAGE", "/just/a/path"),
        ("POHLED_STORAGE", "s3://bucket"),
        ("POHLED_STORAGE", "file://host/path"),
        ("POHLED_STORAGE", "file:relative"),
        ("POHLED_STORAGE", "file://"),
        ("POHLED_QUEUE", "amqp://localhost"),
        ("POHLED_QUEUE", "localhost:6379"),
    ],
)
def test_a_bad_value_is_refused_in_a_sentence_that_names_the_setting(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.read({"POHLED_HOME": str(tmp_path), name: value})
    sentence = str(refused.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert len(sentence.split()) >= 4


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    first = secret(home)
    assert len(first) >= 64
    assert secret(home) == first
    assert [path.name for path in home.iterdir()] == ["secret"]
    assert stat.S_IMODE((home / "secret").stat().st_mode) == 0o600


def test_two_homes_have_two_secrets(tmp_path: Path) -> None:
    assert secret(tmp_path / "one") != secret(tmp_path / "two")


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    for number in range(20):
        home, together = tmp_path / str(number), Barrier(THREADS)

        def start(_: int, home: Path = home, together: Barrier = together) -> bytes:
            together.wait()
            return secret(home)

        with ThreadPoolExecutor(THREADS) as pool:
            found = set(pool.map(start, range(THREADS)))
        assert len(found) == 1
        assert len(found.pop()) >= 64
        assert [path.name for path in home.iterdir()] == ["secret"]
