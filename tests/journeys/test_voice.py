"""What is spoken, a caption or a note to an answer: kept on the phone, received, heard by the organisers."""

from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from playwright.sync_api import Browser, Locator, expect

from tests.journeys.conftest import DESK, Ground, OpenPage, Site
from tests.journeys.phone import Line, Phone
from tests.makers import PASSWORD
from tests.makers_photo import turned
from webapp.photo import queries
from webapp.photo.rules import PartName

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


LOADS = (
    "(a) => new Promise((done) => {"
    " a.onloadedmetadata = () => done(true); a.onerror = () => done(false); a.load(); })"
)
"""Whether an audio element can play what it is given."""


def saved(phone: Phone, view: str) -> None:
    """The page says that it is saved, and plays it."""
    voice = phone.page.locator(f"[data-view={view}] [data-part=voice]")
    expect(voice.locator("[data-part=voice-says]")).to_have_text("Saved on this phone")
    plays(voice)


def speak(phone: Phone) -> None:
    phone.page.get_by_role("button", name="Speak", exact=True).click()
    stop = phone.page.locator("[data-view=ask] [data-do=speak]")
    expect(stop).to_contain_text("Stop: 2 s")
    stop.click()


def plays(voice: Locator) -> None:
    expect(voice.locator("audio")).to_be_visible()
    assert voice.locator("audio").evaluate(LOADS), "what was recorded cannot be played"


def test_a_caption_may_be_spoken(browser: Browser, site: Site, ground: Ground, tmp_path: Path) -> None:
    address = f"http://localhost:{urlsplit(site.url).port}"
    phone = Phone(browser.browser_type, tmp_path / "profile", None, address)
    phone.options = MICROPHONE
    with phone.start():
        phone.join(ground.walk.code)
        phone.look_at("photos")
        phone.choose_photos([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": turned(1)}])
        phone.sees("photo")
        speak = phone.page.locator("[data-view=photo] [data-do=speak]")
        speak.click()
        expect(speak).to_contain_text("Stop: 2 s")
        speak.click()
        saved(phone, "photo")
        phone.finish_photo()
        phone.send_originals("Always, at once")
        phone.everything_received()
        (photo_id,) = phone.draft_of("photo")
        (spoken,) = (row for row in phone.stored("bytes").values() if row["part"] == "sound")
        assert (spoken["here"], spoken["state"]) == (True, "received"), "its author may hear it again"
    with site.app.app_context():
        photo = queries.photo(UUID(photo_id))
        assert photo
        assert {part.name: part.sha256 for part in photo.parts}[PartName.SOUND.value] == spoken["sha256"]


def test_a_note_to_an_answer_may_be_spoken(
    browser: Browser, site: Site, ground: Ground, open_page: OpenPage, tmp_path: Path
) -> None:
    """Offline, through a kill, to the organiser's ear; then spoken anew, and taken away."""
    with Line(urlsplit(site.url).port or 0) as line:
        phone = Phone(browser.browser_type, tmp_path / "profile", line, f"http://localhost:{line.port}")
        phone.options = MICROPHONE
        with phone.start():
            phone.join(ground.walk.code)
            phone.lose_signal()
            phone.look_at("ask/1/b.1")
            speak(phone)
            saved(phone, "ask")
            expect(phone.question("b.1").locator("input:checked")).to_have_count(0)
            phone.is_kept("#ask/1/b.1")
            phone.kill()
            phone.start()
            phone.open_app()
            phone.sees("ask")
            plays(phone.page.locator("[data-view=ask] [data-part=voice]"))
            phone.waits(1)
            phone.tap("b.1", "4")  # what was spoken stays beside what is chosen
            phone.find_signal()
            phone.everything_received()
            (row,) = phone.stored("bytes").values()
            assert (row["part"], row["here"], row["state"]) == ("sound", True, "received")

            desk = open_page(size=DESK)
            desk.goto("/desk/login")
            desk.get_by_label("E-mail").fill(ground.email)
            desk.get_by_label("Password").fill(PASSWORD)
            desk.get_by_role("button", name="Log in").click()
            desk.goto(f"/desk/walks/{ground.walk.walk_id}")
            heard = desk.get_by_label("Spoken note 1 to “A stranger would help.”, Stop 1: The square")
            assert heard.evaluate(LOADS), "the organiser cannot hear it"

            phone.look_at("ask/1/b.1")
            speak(phone)
            saved(phone, "ask")
            phone.everything_received()
            (anew,) = phone.stored("bytes").values()
            assert (anew["id"], anew["state"]) == (row["id"], "received")
            assert anew["sha256"] != row["sha256"]

            phone.look_at("ask/1/b.1")
            phone.page.get_by_role("button", name="Delete what I said").click()
            says = phone.page.locator("[data-view=ask] [data-part=voice-says]")
            expect(says).to_have_text("What you said is deleted.")
            assert phone.stored("bytes") == {}
            phone.everything_received()
            desk.reload()
            expect(desk.locator("audio")).to_have_count(0)
            expect(desk.get_by_text("n = 1").first).to_be_visible()
            assert not phone.errors
