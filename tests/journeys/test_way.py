"""One's way recorded by the phone: a photo that does not know its place gets it from there, until it is deleted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Ground, Site
from tests.journeys.phone import PATIENCE, Line, Phone
from tests.makers_photo import turned
from tests.server import wait_until
from webapp.photo import queries as photo_queries
from webapp.photo.rules import Place, PlaceSource

WAIT = 30  # seconds
FIRST = {"latitude": 50.1, "longitude": 14.43, "accuracy": 8}
NEXT = {"latitude": 50.1012, "longitude": 14.4321, "accuracy": 9}


@pytest.fixture
def phone(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Phone]:
    port = int(site.url.rpartition(":")[2])
    with Line(port) as line, Phone(browser.browser_type, tmp_path / "profile", line) as phone:
        start(phone, FIRST)
        yield phone
        assert not phone.errors


def start(phone: Phone, where: dict[str, float]) -> None:
    phone.start()
    phone.context.grant_permissions(["geolocation"], origin=phone.address)
    phone.context.set_geolocation(where)  # type: ignore[arg-type]


def points(phone: Phone, number: int) -> None:
    words = f"Your way is being recorded: {number} point" + ("s" if number > 1 else "")
    expect(phone.page.locator("[data-part=recording]")).to_have_text(words, timeout=PATIENCE)


def test_a_photo_gets_its_place_from_ones_own_way(phone: Phone, site: Site, ground: Ground) -> None:
    phone.join(ground.walk.code)
    expect(phone.page.locator("[data-part=recording]")).to_be_hidden()
    phone.page.get_by_label("Record my way").check()
    points(phone, 1)
    phone.look_at("ask/1/b.1")
    points(phone, 1)
    began = datetime.now(UTC)
    # Killed, and without a signal: it goes on by itself, from where it was.
    phone.kill()
    phone.online = False
    start(phone, NEXT)
    assert phone.line
    phone.line.cut()
    phone.open_app(f"/w/{ground.walk.code}/en")
    phone.sees("ask")
    points(phone, 2)
    phone.find_signal()
    taken = datetime.now(UTC)
    assert (taken - began).total_seconds() < 50, "too slow for what is tested"
    stamp = f"{taken.astimezone(ZoneInfo('Europe/Prague')):%Y:%m:%d %H:%M:%S}"
    shot = turned(1, DateTimeOriginal=stamp, Make="Nikon", Model="P6000")
    phone.add_photo({"name": "far.jpg", "mimeType": "image/jpeg", "buffer": shot}, "A bench")
    phone.look_at("tray")
    phone.page.locator("[data-part=send]").click()  # its time is in the original
    phone.look_at("home")
    phone.page.get_by_label("Record my way").uncheck()
    expect(phone.page.locator("[data-part=recording]")).to_be_hidden()
    wait_until(lambda: place(site, ground) is not None, WAIT, "the photo has its place")
    found = place(site, ground)
    assert found is not None
    assert found.gap is not None
    assert found.gap < 60
    assert 50.1 <= found.lat <= 50.1012
    phone.page.get_by_text("Delete my way").click()
    phone.page.get_by_role("button", name="Delete it here and at the project").click()
    expect(phone.page.locator("[data-part=waysays]")).to_contain_text("deleted")
    wait_until(lambda: place(site, ground) is None, WAIT, "the photo has lost it")
    with site.app.app_context():
        assert not photo_queries.tracks_of(ground.walk.walk_id)
    expect(phone.page.get_by_text("Delete my way")).to_be_hidden()


def place(site: Site, ground: Ground) -> Place | None:
    """Where a track puts the photo."""
    with site.app.app_context():
        found = [
            photo_queries.place_of(photo) for photo in photo_queries.photos_by_number(ground.walk.project_id, [1])
        ]
        return next((each for each in found if each and each.source is PlaceSource.TRACK), None)
