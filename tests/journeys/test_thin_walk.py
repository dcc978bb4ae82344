"""One participant answers and photographs on a phone without scripts; an organiser takes it all away."""

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.journeys.conftest import DESK, MAX_BYTES, Ground, OpenPage, Site
from tests.makers import PASSWORD, PURPOSES
from tests.makers_photo import (
    CORNERS,
    MAKE,
    ORIENTATION,
    ORIGINAL,
    corners,
    encoded,
    exif,
    gps_block,
    seen_corners,
    turned,
)
from webapp.consent.tables import Consent
from webapp.database import db
from webapp.photo.rules import EDGES
from webapp.photo.tables import Download, Photo

CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy: „lavičky“ & zeleň"
REMARK = "Večer ne.\nV zimě taky ne."
REAL = (
    "nexus5x_aarhus.jpg",
    "iphone12_street_car.heic",
    "landscape_orient_6.jpg",
    "kodak_south_lat.jpg",
    "denali.webp",
)
TRACES = (
    b"Exif\0\0",
    b"http://ns.adobe.com",
    b"GPSLatitude",
    b"Photoshop 3.0",
    b"ICC_PROFILE",
    b"JFXX\0",
    b"<?xpacket",
    b"MakerCam",
    b"secret-comment",
)
# What exiftool may say of a file without metadata: what it makes up itself, and how the pixels are coded.
PLAIN_GROUPS = {"ExifTool", "File", "JFIF", "Composite", "SourceFile"}


@dataclass(frozen=True)
class Sent:
    """A photo as the participant sends it. `turning`: made by us, so its corners are known."""

    name: str
    type: str
    data: bytes
    caption: str
    up: bool
    down: bool
    people: str
    at_stop: bool = False
    made: bool = True

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


CAPTIONS = (
    'He said "no entry", and left',
    "first line\nsecond, line",
    "<b>=1+1</b>",
    "=1+1",
    "🚲 kolo přede dveřmi",
    "هذا المكان يشبه البيت",
    "@here; 'quoted'",
    CZECH,
    "",
)


def made_photos() -> list[Sent]:
    """Eight JPEGs, one per orientation, and a HEIC, with metadata that must go nowhere."""
    people = ("none", "released", "none", "none", "unreleased", "none", "released", "none", "none")
    photos = []
    for orientation in range(1, 9):
        data = turned(orientation)
        picture = Image.open(io.BytesIO(data))
        block = exif(
            {ORIENTATION: orientation, MAKE: "MakerCam"},
            {ORIGINAL: f"2018:06:18 10:0{orientation}:00"},
            gps_block(50.1 + orientation / 1000, 14.43),
        )
        data = encoded(picture, exif=block, quality=90, comment=b"secret-comment")
        photos.append((f"turned_{orientation}.jpg", "image/jpeg", data))
    block = exif({MAKE: "MakerCam"}, {ORIGINAL: "2018:06:18 10:09:00"}, gps_block())
    photos.append(("phone.heic", "image/heic", encoded(corners(), "HEIF", exif=block.tobytes())))
    return [
        Sent(*photo, CAPTIONS[index], index % 2 == 0, index % 3 == 0, people[index], index == 2)
        for index, photo in enumerate(photos)
    ]


def real_photos(folder: Path) -> list[Sent]:
    types = {".jpg": "image/jpeg", ".heic": "image/heic", ".webp": "image/webp"}
    return [
        Sent(
            name,
            types[Path(name).suffix],
            (folder / name).read_bytes(),
            f"Opravdu: {name}",
            True,
            False,
            "none",
            made=False,
        )
        for name in REAL
    ]


@pytest.fixture
def real_or_nothing(request: pytest.FixtureRequest) -> list[Sent]:
    """Five of the shared photos; none where they are absent, and the journey is made all the same."""
    try:
        return real_photos(request.getfixturevalue("corpus") / "photos")
    except pytest.skip.Exception:
        return []


def test_a_walk_without_scripts(
    site: Site, ground: Ground, open_page: OpenPage, real_or_nothing: list[Sent], tmp_path: Path
) -> None:
    phone = open_page(javascript=False)
    take_part(phone, ground)
    answer_a_stop(phone)
    sent = made_photos() + real_or_nothing
    for photo in sent:
        send_photo(phone, ground, photo)
    wait_until_ready(phone, ground, len(sent))
    sizes_of_own = own_sizes(site, phone, ground, sent)

    desk = open_page(javascript=False, size=DESK)
    log_in(desk, ground)
    read_answers(desk)
    look_at_photos(desk, sent)
    sizes_of_desk = desk_sizes(site, desk, ground, sent)
    take_zip(site, desk, ground, sent, tmp_path / "taken.zip")
    search_for_metadata({**sizes_of_own, **sizes_of_desk}, tmp_path)
    every_file_route_was_searched(site)


def stay_plain(page: Page, code: str) -> None:
    """With scripts the cover leads into the app; the pages without them must go on working in such a browser, too."""
    page.wait_for_url(re.compile("/plain/join/|/w/"))
    if "/w/" in page.url:
        page.goto(f"/plain/join/{code}?perspective=ngo")


def take_part(page: Page, ground: Ground) -> None:
    page.goto("/")
    page.get_by_label("The code of your walk").fill(f" {ground.walk.code[:4].lower()} {ground.walk.code[4:]}")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A short walk")
    page.get_by_label("I work for an NGO").check()
    page.get_by_role("button", name="Continue").click()
    stay_plain(page, ground.walk.code)
    assert page.locator("input[type=radio]").count() == 2 * len(PURPOSES)
    assert page.locator(":checked").count() == 0, "a choice is made beforehand"
    for purpose in PURPOSES:
        page.locator(f"input[name={purpose}][value=yes]").check()
    page.get_by_role("button", name="Save my choices").click()
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_role("heading", name="Stops")).to_be_visible()


def answer_a_stop(page: Page) -> None:
    page.get_by_role("link", name="The square").click()
    page.locator("input[name='b.1'][value='4']").check()
    page.locator("textarea[name='b.2']").fill(CZECH)
    page.locator("summary").first.click()
    page.locator("textarea[name='b.1.remark']").fill(REMARK)
    page.get_by_role("button", name="Save").click()
    page.locator("input[name='s.1'][value='0']").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Answered; you can change it")).to_be_visible()
    page.get_by_role("link", name="The office").click()
    page.locator("input[name='b.1'][value='?']").check()
    page.get_by_role("button", name="Save").click()
    page.locator("input[name='s.1'][value='3']").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Answered; you can change it")).to_have_count(2)


def send_photo(page: Page, ground: Ground, photo: Sent) -> None:
    page.goto(ground.walk.photo_address + (f"?stop={ground.walk.stops[0]}" if photo.at_stop else ""))
    assert page.locator(":checked").count() == 0
    page.locator("input[type=file]").set_input_files(
        {"name": photo.name, "mimeType": photo.type, "buffer": photo.data}
    )
    page.get_by_label("Your caption").fill(photo.caption)
    page.locator("input[name=up]").set_checked(photo.up)
    page.locator("input[name=down]").set_checked(photo.down)
    page.locator(f"input[name=people][value={photo.people}]").check()
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_title(re.compile("My photos"))


def wait_until_ready(page: Page, ground: Ground, count: int) -> None:
    """The page without scripts does not change by itself: it is loaded again until nothing is being made."""

    def ready() -> bool:
        page.goto(f"/plain/walks/{ground.walk.walk_id}/photos")
        return page.locator("figure img").count() == count

    wait_for(page, ready)
    expect(page.get_by_text(f"{count} received")).to_be_visible()
    assert page.get_by_text("Unreadable").count() == 0


def wait_for(page: Page, condition: Callable[[], bool], rounds: int = 240) -> None:
    """Asks again, four times a second at most."""
    for _ in range(rounds):
        if condition():
            return
        page.wait_for_timeout(250)
    raise AssertionError("It did not become true within a minute.")


def photo_rows(site: Site, ground: Ground) -> dict[str, Photo]:
    """SHA-256 -> the stored photo."""
    with site.app.app_context():
        rows = db.session.scalars(select(Photo).where(Photo.walk_id == ground.walk.walk_id)).all()
        return {row.sha256: row for row in rows}


def own_sizes(site: Site, page: Page, ground: Ground, sent: list[Sent]) -> dict[str, bytes]:
    found = fetch_sizes(site, page, ground, "/plain/photos", sent)
    shown = page.locator("figure img").evaluate_all("all => all.map(each => each.getAttribute('src'))")
    assert {address for address in found if address.endswith("/320")} == set(shown)
    return found


def desk_sizes(site: Site, page: Page, ground: Ground, sent: list[Sent]) -> dict[str, bytes]:
    return fetch_sizes(site, page, ground, "/desk/photos", sent)


def fetch_sizes(site: Site, page: Page, ground: Ground, under: str, sent: list[Sent]) -> dict[str, bytes]:
    """Every size of every photo, by its address; the pictures of ours stand upright."""
    rows, found = photo_rows(site, ground), {}
    assert set(rows) == {photo.sha256 for photo in sent}
    for photo in sent:
        for edge in EDGES:
            address = f"{under}/{rows[photo.sha256].id}/{edge}"
            answer = page.request.get(address)
            assert answer.status == 200, address
            assert answer.headers["content-type"] == "image/jpeg"
            found[address] = answer.body()
            if photo.made:
                upright(found[address], photo.name)
    return found


def upright(data: bytes, name: str) -> None:
    picture = Image.open(io.BytesIO(data))
    assert picture.width > picture.height, name
    assert seen_corners(picture) == CORNERS, name


def log_in(page: Page, ground: Ground) -> None:
    page.goto("/")
    page.get_by_role("link", name="For organisers").click()
    page.get_by_label("E-mail").fill(ground.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Our city")).to_be_visible()


def read_answers(page: Page) -> None:
    page.get_by_role("heading", name="A short walk").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1, name="A short walk")).to_be_visible()
    voices = page.locator(".voice").all_inner_texts()
    assert CZECH in voices
    assert REMARK in page.locator(".voice").evaluate_all("all => all.map(each => each.textContent)")
    expect(page.get_by_text("1 person joined, 4 checklists filled in.")).to_be_visible()
    asked = page.locator(".result", has_text="A stranger would help.")
    expect(asked.first).to_contain_text("n = 1")
    expect(asked.nth(1)).to_contain_text("can’t tell: 1")


def look_at_photos(page: Page, sent: list[Sent]) -> None:
    page.get_by_role("link", name="Photos").click()
    expect(page.locator("figure.card")).to_have_count(len(sent))
    said = page.locator("figcaption .voice").evaluate_all("all => all.map(each => each.textContent)")
    assert sorted(said) == sorted(photo.caption for photo in sent if photo.caption)
    loaded = "all => all.map(each => { each.loading = 'eager'; return each.getAttribute('src') })"
    assert len(page.locator("figure img").evaluate_all(loaded)) == len(sent)
    assert page.get_by_text("stays inside").count() == 1


def take_zip(site: Site, page: Page, ground: Ground, sent: list[Sent], path: Path) -> None:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Originals with captions").click()
    waiting.value.save_as(path)
    rows = photo_rows(site, ground)
    leaving = [photo for photo in sent if photo.people != "unreleased"]
    staying = [photo for photo in sent if photo.people == "unreleased"]
    with zipfile.ZipFile(path) as taken:
        assert taken.testzip() is None
        table = read_table(taken, "captions.csv")
        hashes = {
            name.removeprefix("originals/"): hashlib.sha256(taken.read(name)).hexdigest()
            for name in taken.namelist()
            if name.startswith("originals/")
        }
        left_out = read_table(taken, "left-out.csv")
        assert len(taken.namelist()) == len(leaving) + 3  # two tables, and a word on whom they are not for
    assert sorted(hashes.values()) == sorted(photo.sha256 for photo in leaving), "byte for byte"
    by_hash = {row["sha256"]: row for row in table}
    assert len(table) == len(by_hash) == len(leaving)
    for photo in leaving:
        check_row(by_hash[photo.sha256], photo, hashes)
    assert [row["photo"] for row in left_out] == [str(rows[photo.sha256].id) for photo in staying]
    assert all("recognised" in row["reason"] for row in left_out)
    with site.app.app_context():
        logged = select(Download.photos).where(Download.walk_id == ground.walk.walk_id)
        assert db.session.scalars(logged).all() == [len(leaving)]
        agreed = db.session.scalars(
            select(Consent).where(Consent.participant_id == rows[sent[0].sha256].participant_id)
        )
        assert [consent.yes for consent in agreed] == [True] * len(PURPOSES)


def check_row(row: dict[str, str], photo: Sent, hashes: dict[str, str]) -> None:
    # A caption that spreadsheets would run gets an apostrophe; every other is as typed.
    apostrophe = "'" if photo.caption.startswith(("=", "+", "-", "@")) else ""
    assert row["caption"] == apostrophe + photo.caption
    assert row["language"] == ("en" if photo.caption else "")
    assert row["light"].split() == [word for word, lit in (("up", photo.up), ("down", photo.down)) if lit]
    assert row["people"] == photo.people
    assert hashes[row["file"]] == photo.sha256
    assert Path(row["file"]).suffix == Path(photo.name).suffix
    assert row["stop"] == ("1" if photo.at_stop else "")
    assert row["unreadable_reason"] == ""
    if photo.made:
        assert row["place_source"] == "camera"
        assert row["taken_local"].startswith("2018-06-18T10:0")


def read_table(taken: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    data = taken.read(name)
    assert data.startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark"
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def search_for_metadata(files: dict[str, bytes], folder: Path) -> None:
    assert files
    for address, data in files.items():
        for trace in TRACES:
            assert trace not in data, f"{trace!r} in {address}"
    tool = shutil.which("exiftool")
    if tool is None:
        return  # the search above stands; this one only looks deeper
    shown = folder / "shown"
    shown.mkdir()
    for number, data in enumerate(files.values()):
        (shown / f"{number}.jpg").write_bytes(data)
    told = subprocess.run([tool, "-json", "-G", "-a", "-u", str(shown)], capture_output=True, check=True).stdout
    facts: list[dict[str, Any]] = json.loads(told)
    assert len(facts) == len(files)
    for fact in facts:
        assert {name.split(":")[0] for name in fact} <= PLAIN_GROUPS, fact
        assert "File:Comment" not in fact


def every_file_route_was_searched(site: Site) -> None:
    """Whoever adds a route that sends a size must add it here. The same files leave by all of them."""
    with_size = {rule.rule for rule in site.app.url_map.iter_rules() if "edge" in rule.arguments}
    assert with_size == {
        "/plain/photos/<uuid:photo_id>/<int:edge>",
        "/desk/photos/<uuid:photo_id>/<int:edge>",
        "/desk/photos/<uuid:photo_id>/sealed/<int:edge>",
        "/desk/projects/<uuid:project_id>/report/<int:number>/<int:edge>",
        "/desk/meetings/<uuid:meeting_id>/photos/<uuid:photo_id>/<int:edge>.jpg",
        "/api/v1/photos/<uuid:photo_id>/<int:edge>",
    }


@pytest.fixture
def photo_page(ground: Ground, open_page: OpenPage) -> Page:
    """Somebody with scripts, about to photograph."""
    page = open_page()
    take_part(page, ground)
    page.goto(ground.walk.photo_address)
    expect(page.locator("[data-module=photo-preview]")).to_have_attribute("data-state", "started")
    return page


def test_the_preview_shows_the_picture_its_size_and_pixels(photo_page: Page) -> None:
    data = turned(6)
    photo_page.locator("input[type=file]").set_input_files(
        {"name": "turned.jpg", "mimeType": "image/jpeg", "buffer": data}
    )
    picture = photo_page.locator(".shot img")
    expect(picture).to_be_visible()
    expect(picture).to_have_attribute("alt", "The picture you have chosen")
    expect(photo_page.locator(".says")).to_contain_text("640 × 480 pixels")
    expect(photo_page.locator(".says")).to_contain_text(re.compile(r"\d[\d.,]*\s?(kB|KB|bytes?|B)\b"))
    assert picture.evaluate("each => each.naturalWidth") == 640
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] > box["height"], "upright"


def test_a_heic_gets_a_drawing_and_words_and_is_sent(photo_page: Page) -> None:
    field = photo_page.locator("input[type=file]")
    field.set_input_files({"name": "phone.heic", "mimeType": "image/heic", "buffer": encoded(corners(), "HEIF")})
    expect(photo_page.locator(".shot svg")).to_be_visible()
    expect(photo_page.locator(".says")).to_contain_text("This browser cannot show this kind of picture")
    photo_page.locator("input[name=people][value=none]").check()
    photo_page.get_by_role("button", name="Send").click()
    expect(photo_page.get_by_text("1 received")).to_be_visible()


def test_too_large_is_said_before_sending(photo_page: Page, tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    path.write_bytes(turned(1).ljust(MAX_BYTES + 1, b"\0"))
    field = photo_page.locator("input[type=file]")
    field.set_input_files(path)
    expect(photo_page.locator(".says")).to_contain_text("Please choose a smaller one.")
    expect(field).to_have_attribute("aria-invalid", "true")
    photo_page.locator("input[name=people][value=none]").check()
    asked: list[str] = []
    photo_page.on("request", lambda request: asked.append(request.method))
    photo_page.get_by_role("button", name="Send").click()
    expect(photo_page).to_have_title(re.compile("New photo"))
    assert "POST" not in asked
    field.set_input_files({"name": "small.jpg", "mimeType": "image/jpeg", "buffer": turned(1)})
    expect(photo_page.locator(".says")).to_contain_text("640 × 480 pixels")
    photo_page.get_by_role("button", name="Send").click()
    expect(photo_page.get_by_text("1 received")).to_be_visible()


def test_the_policy_stops_nothing_of_ours(photo_page: Page) -> None:
    errors: list[str] = []
    photo_page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    photo_page.on("pageerror", lambda error: errors.append(str(error)))
    photo_page.reload()
    expect(photo_page.locator("[data-module=photo-preview]")).to_have_attribute("data-state", "started")
    photo_page.locator("input[type=file]").set_input_files(
        {"name": "turned.jpg", "mimeType": "image/jpeg", "buffer": turned(1)}
    )
    expect(photo_page.locator(".shot img")).to_be_visible()
    assert not errors
