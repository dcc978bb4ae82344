"""A caption that is spoken: kept on the phone, received, heard by the organisers, and gone with its photo."""

from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Ground, Site
from tests.journeys.phone import Phone
from tests.makers_photo import turned
from webapp.photo import queries
from webapp.photo.rules import PartName

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def test_a_caption_may_be_spoken(browser: Browser, site: Site, ground: Ground, tmp_path: Path) -> None:
    address = f"http://localhost:{urlsplit(site.url).port}"
    phone = Phone(browser.browser_type, tmp_path / "profile", None, address)
    phone.options = MICROPHONE
    with phone.start():
        phone.join(ground.walk.code)
        phone.look_at("photos")
        phone.choose_photos([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": turned(1)}])
        phone.sees("photo")
        speak = phone.page.locator("[data-do=speak]")
        speak.click()
        expect(speak).to_contain_text("Stop: 2 s")
        speak.click()
        expect(phone.page.locator("[data-part=voice-says]")).to_have_text("Saved on this phone")
        expect(phone.page.locator("[data-part=voice] audio")).to_be_visible()
        assert phone.page.evaluate(
            "() => new Promise((done) => { const a = document.querySelector('[data-part=voice] audio');"
            " a.onloadedmetadata = () => done(true); a.onerror = () => done(false); a.load(); })"
        ), "what was recorded cannot be played"
        phone.finish_photo()
        phone.send_originals("Always, at once")
        phone.everything_received()
        (photo_id,) = phone.draft_of("photo")
        (spoken,) = (row for row in phone.stored("bytes").values() if row["part"] == "sound")
        assert not spoken["here"]
    with site.app.app_context():
        photo = queries.photo(UUID(photo_id))
        assert photo
        assert {part.name: part.sha256 for part in photo.parts}[PartName.SOUND.value] == spoken["sha256"]
