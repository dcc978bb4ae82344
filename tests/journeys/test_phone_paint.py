"""A photo painted over on the phone before anything of it has left: burnt into every size, and nothing is left of
what was there. Faces found in the browser are those that the server finds."""

import base64
import io
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageChops, ImageDraw
from playwright.sync_api import Browser, FilePayload, expect

from tests.journeys.conftest import PHONE, Ground, Site
from tests.journeys.phone import Line, Phone, wait_for
from tests.journeys.test_phone import Known, sha
from tests.makers_photo import encoded, exif, gps_block, grain
from webapp.photo import faces, queries
from webapp.photo.rules import EDGES, PlaceSource

SECRET = (250, 20, 230)
INK = (38, 44, 43)
WIDE, HIGH = 1600, 1200
HIDDEN = (0.62, 0.25)  # the middle of what is to be hidden by pointer
MIDDLE = (0.5, 0.5)  # ... and by keys
HAS_PAINTER = """async () => {
  const painter = async (name) =>
    (await (await caches.open(name)).keys()).some(({ url }) => new URL(url).pathname.endsWith('/paint'));
  return (await Promise.all((await caches.keys()).map(painter))).some(Boolean);
}"""
READ = """async (key) => {
  const opening = indexedDB.open('pohled');
  await new Promise((done) => { opening.onsuccess = done; });
  const found = await new Promise((done) => {
    const asked = opening.result.transaction('SHELF').objectStore('SHELF').get(key);
    asked.onsuccess = () => done(asked.result);
  });
  opening.result.close();
  const data = found?.thumb ?? found;
  const reader = new FileReader();
  await new Promise((done) => { reader.onload = done; reader.readAsDataURL(new Blob([data])); });
  return reader.result.slice(reader.result.indexOf(',') + 1);
}"""
DATA, THUMB = (READ.replace("SHELF", shelf) for shelf in ("data", "drafts"))


@pytest.fixture
def phone(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Phone]:
    port = int(site.url.rpartition(":")[2])
    with Line(port) as line, Phone(browser.browser_type, tmp_path / "profile", line) as phone:
        yield phone.start()
        assert not phone.errors


@pytest.fixture
def known(site: Site, ground: Ground) -> Known:
    return Known(site, ground.walk)


def two_secrets() -> bytes:
    """A picture of one's album, stored on its side, that says when and where it was taken."""
    image = grain(WIDE, HIGH)
    draw = ImageDraw.Draw(image)
    for x, y in (HIDDEN, MIDDLE):
        draw.ellipse((x * WIDE - 30, y * HIGH - 36, x * WIDE + 30, y * HIGH + 36), fill=SECRET)
    lying = image.transpose(Image.Transpose.ROTATE_90)
    when = {36867: "2026:05:16 10:11:12", 36881: "+02:00"}
    return encoded(lying, quality=90, exif=exif({274: 6}, when, gps_block(50.0755, 14.4378)))


def secrets(data: bytes) -> int:
    """How many pixels of the secret's colour there are."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    red, green, blue = (
        band.point([255 * (abs(value - wanted) < 60) for value in range(256)])
        for band, wanted in zip(image.split(), SECRET, strict=True)
    )
    return ImageChops.darker(red, ImageChops.darker(green, blue)).histogram()[255]


def is_ink(data: bytes, at: tuple[float, float]) -> bool:
    image = Image.open(io.BytesIO(data)).convert("RGB")
    pixel = image.getpixel((round(at[0] * image.width), round(at[1] * image.height)))
    assert isinstance(pixel, tuple)
    return all(abs(level - wanted) <= 6 for level, wanted in zip(pixel, INK, strict=True))


def held(phone: Phone) -> dict[str, bytes]:
    """All bytes that lie on the phone, by their SHA-256."""
    return {name: base64.b64decode(phone.page.evaluate(DATA, name)) for name in phone.stored("data")}


def open_painter(phone: Phone) -> None:
    phone.page.get_by_role("button", name="Paint over").click()
    expect(phone.page.locator("[data-part=marks]")).to_be_visible()


def test_painted_without_a_signal_nothing_else_ever_leaves(phone: Phone, known: Known) -> None:
    original = two_secrets()
    assert secrets(original) > 3000
    phone.join(known.walk.code)
    wait_for(phone.page, lambda: phone.page.evaluate(HAS_PAINTER), "the painter is kept")
    phone.send_originals("Always")
    phone.lose_signal()
    phone.look_at("photos")
    phone.choose_photos([FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=original)])
    phone.sees("photo")
    phone.caption.fill("by the square")
    open_painter(phone)

    # By keys: a box comes into the middle of what is seen, and is made large enough.
    page = phone.page
    page.get_by_role("button", name="Box", exact=True).press("Enter")
    expect(page.locator("[data-index='0']")).to_be_focused()
    for key in ["Shift+ArrowRight"] * 4 + ["Shift+ArrowUp"] * 4:
        page.keyboard.press(key)
    # By pointer: a tap makes an ellipse, as for a face.
    page.get_by_role("button", name="Ellipse", exact=True).click()
    box = page.locator("[data-part=marks]").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + HIDDEN[0] * box["width"], box["y"] + HIDDEN[1] * box["height"])
    expect(page.locator("[data-index]")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    report = Axe().run(page)
    assert not report.response["violations"], json.dumps(report.response["violations"])[:1500]
    page.get_by_role("button", name="Paint over and save").click()
    phone.is_ready()
    phone.sees("photo")
    expect(phone.caption).to_have_value("by the square")

    phone.kill()
    phone.start().open_app()
    bytes_here = held(phone)
    assert sha(original) not in bytes_here
    assert len(bytes_here) == 2  # the picture and its preview; the small one lies with the draft
    for data in bytes_here.values():
        assert secrets(data) == 0
        assert is_ink(data, HIDDEN)
        assert is_ink(data, MIDDLE)
    (draft,) = phone.draft_of("photo").values()
    assert draft["body"]["painted"]
    assert draft["body"]["taken"] == "2026-05-16T08:11:12.000Z"
    assert draft["body"]["fix"]["lat"] == pytest.approx(50.0755, abs=1e-5)
    assert b"Exif" not in bytes_here[draft["body"]["sha256"]]
    small = base64.b64decode(phone.page.evaluate(THUMB, draft["id"]))
    assert secrets(small) == 0
    assert is_ink(small, HIDDEN)

    phone.look_at(f"photo/{draft['id']}")
    phone.finish_photo()
    phone.find_signal()
    phone.everything_received()
    (photo,) = known.photos()
    wait_for(phone.page, lambda: photo_is_whole(known), "its sizes are made")
    with known.site.app.app_context():
        found = queries.photo(photo.id)
        assert found is not None
        place = queries.place_of(found)
        assert place is not None
        assert place.source is PlaceSource.PHONE
        assert queries.instant(found.taken) == datetime(2026, 5, 16, 8, 11, 12, tzinfo=UTC)
        shown = found.sha256 or ""
    sizes = [known.store.original(photo.original), *(known.store.derived(shown, f"{edge}.jpg") for edge in EDGES)]
    for path in sizes:
        data = path.read_bytes()
        assert secrets(data) == 0, path
        assert is_ink(data, HIDDEN), path
        assert is_ink(data, MIDDLE), path
    assert nowhere(known, original)


def test_what_was_begun_of_the_unpainted_picture_is_given_up(phone: Phone, known: Known) -> None:
    """The line breaks while the preview is on its way; then its author paints it over."""
    original = two_secrets()
    phone.join(known.walk.code)
    wait_for(phone.page, lambda: phone.page.evaluate(HAS_PAINTER), "the painter is kept")
    phone.page.route("**/api/v1/uploads/*", lambda route: route.abort())  # what is begun goes no further
    phone.page.route("**/api/v1/uploads", begun_alone)
    phone.add_photo(FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=original), "by the square")

    def begun() -> bool:
        return any(row.get("address") for row in phone.stored("bytes").values())

    wait_for(phone.page, begun, "the upload is begun")
    (id_,) = phone.draft_of("photo")
    phone.open_photo(id_)
    phone.page.get_by_role("button", name="Paint over").click()
    for name, (x, y) in (("Ellipse", HIDDEN), ("Box", MIDDLE)):
        phone.page.get_by_role("button", name=name, exact=True).click()
        box = phone.page.locator("[data-part=marks]").bounding_box() or {}
        phone.page.touchscreen.tap(box["x"] + x * box["width"], box["y"] + y * box["height"])
    phone.page.unroute("**/api/v1/uploads/*")
    phone.page.unroute("**/api/v1/uploads")
    phone.page.get_by_role("button", name="Paint over and save").click()
    phone.is_ready()
    phone.finish_photo()
    phone.send_originals("Always")
    phone.everything_received()
    (photo,) = known.photos()
    wait_for(phone.page, lambda: photo_is_whole(known), "its sizes are made")
    assert nowhere(known, original)
    for path in known.site.app.extensions["settings"].home.rglob("*"):
        if path.is_file() and path.suffix in ("", ".jpg", ".part"):
            assert not path.read_bytes().startswith(original[:4096]), path
    # All of it has been sent: to paint more is the organisers' now.
    phone.look_at(f"photo/{photo.id}")
    phone.page.get_by_role("button", name="Paint over").click()
    expect(phone.page.get_by_text("This picture has been sent already")).to_be_visible()
    phone.page.get_by_role("link", name="Back to the photo").click()
    phone.sees("photo")


@pytest.mark.skipif(not faces.installed(), reason="the extra `faces` is not installed")
def test_faces_are_found_on_the_phone_as_on_the_server(phone: Phone, known: Known) -> None:
    folder = Path(os.environ.get("POHLED_FACES", ""))
    if not os.environ.get("POHLED_FACES") or not (folder / "sample1.jpg").is_file():
        pytest.skip("POHLED_FACES names no folder with the pictures of tests/photo/faces.json")
    picture = (folder / "sample1.jpg").read_bytes()
    wanted = faces.find(Image.open(io.BytesIO(picture)).convert("RGB"))
    phone.join(known.walk.code)
    wait_for(phone.page, lambda: phone.page.evaluate(HAS_PAINTER), "the painter is kept")
    phone.look_at("photos")
    phone.choose_photos([FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=picture)])
    phone.sees("photo")
    open_painter(phone)
    offer = phone.page.locator("[data-part=offer]")
    expect(offer).to_contain_text("The picture does not leave it.")
    expect(offer).to_contain_text("MB")
    asked: list[str] = []
    phone.context.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    look(phone, len(wanted))
    found = offered(phone)
    assert len(found) == len(wanted)
    for face in wanted:
        assert max(shared(face, other) for other in found) > 0.7
    assert not [each for each in asked if not each.startswith("GET ")]
    # Once it is here, no signal is needed.
    phone.lose_signal()
    phone.page.reload()
    expect(offer).not_to_contain_text("MB")
    look(phone, len(wanted))
    phone.page.get_by_role("button", name="Take all").click()
    expect(phone.page.locator("[data-index]")).to_have_count(len(wanted))


def look(phone: Phone, number: int) -> None:
    phone.page.get_by_role("button", name="Find faces").click()
    expect(phone.page.locator("[data-suggestion]")).to_have_count(number, timeout=180_000)


def offered(phone: Phone) -> list[faces.Face]:
    found: list[dict[str, float]] = phone.page.locator("[data-suggestion] ellipse").evaluate_all(
        """all => all.map((each) => {
          const { width, height } = each.ownerSVGElement.viewBox.baseVal;
          const [cx, cy, rx, ry] = ['cx', 'cy', 'rx', 'ry'].map((name) => Number(each.getAttribute(name)));
          return { x: (cx - rx) / width, y: (cy - ry) / height, w: (2 * rx) / width, h: (2 * ry) / height };
        })"""
    )
    return [faces.Face(**each, likely=1) for each in found]


def shared(one: faces.Face, other: faces.Face) -> float:
    """What two faces have in common, as a part of both together."""
    wide = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    tall = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    common = max(0.0, wide) * max(0.0, tall)
    return common / (one.w * one.h + other.w * other.h - common)


def begun_alone(route: Any) -> None:
    """An upload is begun with none of its bytes, and the line breaks before anything is heard of more."""
    headers = {name: value for name, value in route.request.headers.items() if name != "content-type"}
    answer = route.fetch(headers=headers, post_data=b"")
    route.fulfill(response=answer)


def photo_is_whole(known: Known) -> bool:
    with known.site.app.app_context():
        photos = known.photos()
        found = queries.photo(photos[0].id) if photos else None
        return bool(found and found.picture and found.picture.sizes and found.sha256 == found.original)


def nowhere(known: Known, data: bytes) -> bool:
    """Whether these bytes lie nowhere in the server's home."""
    home = known.site.app.extensions["settings"].home
    files = [path for path in Path(home).rglob("*") if path.is_file() and path.stat().st_size == len(data)]
    return not known.has_whole(sha(data)) and all(path.read_bytes() != data for path in files)
