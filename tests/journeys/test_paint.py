"""Three faces painted over, in a real browser: at the desk from suggestions, on a phone by taps, and by keys."""

import io
import json
import sys
import time
import uuid

from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, PHONE, Ground, OpenPage, Site
from tests.makers import PASSWORD, make_participant, make_photo
from tests.makers_photo import encoded, grain
from webapp.photo import queries
from webapp.photo.rules import EDGES

FACES = ((0.2, 0.4), (0.5, 0.35), (0.8, 0.45))  # their middles
SECRET = (250, 20, 230)


def three_people(site: Site, ground: Ground) -> uuid.UUID:
    """A photo on which three can be recognised who were not asked."""
    image = grain(1600, 1200)
    draw = ImageDraw.Draw(image)
    for x, y in FACES:
        draw.ellipse((x * 1600 - 30, y * 1200 - 36, x * 1600 + 30, y * 1200 + 36), fill=SECRET)
    with site.app.app_context():
        author = make_participant(ground.walk)
        return make_photo(site.app, ground.walk, author, encoded(image, quality=92), people="unreleased")


def come_to(page: Page, ground: Ground, photo_id: uuid.UUID) -> None:
    page.goto("/desk/login")
    page.locator("#email").fill(ground.email)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button").click()
    page.goto(f"/desk/photos/{photo_id}")
    expect(page.locator(".exits .bad").first).to_be_visible()


def shown(page: Page, photo_id: uuid.UUID) -> list[int]:
    """How many pixels of the secret's colour are in each size."""
    found = []
    for edge in EDGES:
        answer = page.request.get(f"/desk/photos/{photo_id}/{edge}")
        image = Image.open(io.BytesIO(answer.body())).convert("RGB")
        near = [
            band.point([255 * (abs(value - wanted) < 60) for value in range(256)])
            for band, wanted in zip(image.split(), SECRET, strict=True)
        ]
        found.append(sum(all(pixel) for pixel in zip(*(band.tobytes() for band in near), strict=True)))
    return found


def test_three_suggested_faces_are_four_acts(site: Site, ground: Ground, open_page: OpenPage) -> None:
    photo_id = three_people(site, ground)
    page = open_page(size=DESK)
    said = [{"x": x - 0.03, "y": y - 0.04, "w": 0.06, "h": 0.08, "likely": 0.9} for x, y in FACES]
    page.route("**/faces.json", lambda route: route.fulfill(json={"faces": said}))
    come_to(page, ground, photo_id)
    assert min(shown(page, photo_id)) > 20
    begun = time.monotonic()
    page.get_by_role("link", name="Paint over").click()
    expect(page.locator("[data-suggestion]")).to_have_count(3)
    page.get_by_role("button", name="Take all").click()
    page.get_by_label("Nobody can be recognised in it any more").check()
    page.get_by_role("button", name="Paint over and save").click()
    expect(page.get_by_text("Painted over, in every size.")).to_be_visible()
    sys.stdout.write(f"three suggested faces: 4 acts, {time.monotonic() - begun:.1f} s\n")
    assert shown(page, photo_id) == [0, 0, 0]
    expect(page.locator(".exits .bad")).to_have_count(0)


def test_three_faces_are_tapped_on_a_phone(site: Site, ground: Ground, open_page: OpenPage) -> None:
    photo_id = three_people(site, ground)
    page = open_page(size=PHONE)
    page.route("**/faces.json", lambda route: route.fulfill(json={"faces": None}))
    come_to(page, ground, photo_id)
    begun = time.monotonic()
    page.get_by_role("link", name="Paint over").click()
    marks = page.locator("[data-part=marks]")
    expect(marks).to_be_visible()
    expect(page.get_by_text("Faces could not be looked for.")).to_be_attached()
    box = marks.bounding_box()
    assert box is not None
    for x, y in FACES:
        page.touchscreen.tap(box["x"] + x * box["width"], box["y"] + y * box["height"])
    expect(page.locator("[data-index]")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_label("Nobody can be recognised in it any more").check()
    page.get_by_role("button", name="Paint over and save").click()
    expect(page.get_by_text("Painted over, in every size.")).to_be_visible()
    sys.stdout.write(f"three tapped faces: 6 acts, {time.monotonic() - begun:.1f} s\n")
    assert shown(page, photo_id) == [0, 0, 0]


def test_all_of_it_goes_by_keys_and_axe_finds_nothing(site: Site, ground: Ground, open_page: OpenPage) -> None:
    photo_id = three_people(site, ground)
    page = open_page(size=DESK)
    page.route("**/faces.json", lambda route: route.fulfill(json={"faces": []}))
    come_to(page, ground, photo_id)
    page.goto(f"/desk/photos/{photo_id}/paint")
    expect(page.get_by_text("No face was found.")).to_be_visible()
    page.get_by_role("button", name="Box", exact=True).press("Enter")
    mark = page.locator("[data-index='0']")
    expect(mark).to_be_focused()
    before = mark.bounding_box() or {}
    for key in ["ArrowLeft"] * 5 + ["Shift+ArrowUp"] * 10:
        page.keyboard.press(key)
    after = mark.bounding_box() or {}
    assert after["x"] < before["x"]
    assert after["height"] > before["height"]
    report = Axe().run(page)
    assert not report.response["violations"], json.dumps(report.response["violations"])[:1500]
    page.get_by_role("button", name="Ellipse", exact=True).press("Enter")
    expect(page.locator("[data-index]")).to_have_count(2)
    page.keyboard.press("Delete")
    expect(page.locator("[data-index]")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(page.locator("[data-index]")).to_have_count(2)
    page.get_by_role("button", name="Brush", exact=True).click()
    box = page.locator("[data-part=marks]").bounding_box() or {}
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 90, steps=5)
    page.mouse.up()
    expect(page.locator("[data-index]")).to_have_count(3)
    page.get_by_role("button", name="Paint over and save").press("Enter")
    expect(page.get_by_text("Painted over, in every size.")).to_be_visible()
    with site.app.app_context():
        (row,) = queries.redactions_of(photo_id)
        assert [region["shape"] for region in row.regions] == ["box", "ellipse", "stroke"]
    page.goto(f"/desk/photos/{photo_id}/paint")
    expect(page.locator("[data-index]")).to_have_count(3)
    assert "/sealed/" in (page.locator(".paintsheet img").get_attribute("src") or "")
