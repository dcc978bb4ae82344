"""From the answers to the print shop: results are read, photos grouped, shown, picked, ordered, taken away."""

import io
import json
import re
import shutil
import subprocess
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, Ground, OpenPage, Site
from tests.makers import PASSWORD, make_participant, make_photo, make_response
from tests.makers_photo import CORNERS, TRACES, XMP_TRACE, corners, gps_block, seen_corners, turned
from webapp.consent.rules import Purpose
from webapp.walk.rules import Answer

CAPTIONS = (
    {"cs": "Zvonky beze jmen", "en": "Bells without names"},
    {"vi": "Cửa sổ này còn sáng", "cs": "Okno, které svítí"},
    {"uk": "Світиться лише ця вітрина", "en": "Only this shop window is lit"},
    {"ar": "هذا الشباك", "en": "This window"},
)
PHOTOS = 14
SHY, FACES = 13, 14  # the photo of who does not want it hung; the one with somebody who has not agreed
PICKED = (1, 2, 3, 4, 5, 6)
A3_POINTS = (842, 1191)


@dataclass(frozen=True)
class Chain:
    """An organiser's page on a project with photos and answers."""

    page: Page
    project: uuid.UUID
    walk: uuid.UUID

    def open(self, what: str) -> None:
        self.page.goto(f"/desk/projects/{self.project}/{what}")


def picture(number: int) -> bytes:
    """1,200 x 900 as seen, turned in its own way, with a place and a camera that must not leave."""
    return turned((number - 1) % 8 + 1, corners(1200, 900), gps_block(50.08 + number / 1000), Make="Secretcam")


@pytest.fixture
def chain(site: Site, ground: Ground, open_page: OpenPage) -> Chain:
    with site.app.app_context():
        authors = [make_participant(ground.walk) for _ in range(4)]
        shy = make_participant(ground.walk, frozenset({Purpose.EXHIBITION}))
        for value, author in enumerate(authors, 2):
            make_response(site.app, ground.walk, author, {"b.1": Answer(value, remark="Říkám =1+1")})
        for number in range(1, PHOTOS + 1):
            make_photo(
                site.app,
                ground.walk,
                shy if number == SHY else authors[number % 4],
                picture(number),
                caption=CAPTIONS[number % 4],
                people="unreleased" if number == FACES else "none",
                credit="name" if number == 2 else "anonymous",
                credit_as="Lan Nguyễn" if number == 2 else None,
            )
    page = open_page(size=DESK)
    page.goto("/desk/login")
    page.get_by_label("E-mail").fill(ground.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(re.compile("/desk/projects/"))
    return Chain(page, ground.walk.project_id, ground.walk.walk_id)


def test_from_the_answers_to_the_print_shop(chain: Chain, tmp_path: Path) -> None:
    _read(chain)
    _group(chain)
    _show(chain)
    order = _choose(chain)
    _take(chain, order, tmp_path)


def _read(chain: Chain) -> None:
    page = chain.page
    page.get_by_role("link", name="A short walk").first.click()
    expect(page.locator("main")).to_contain_text("n = 4")
    expect(page.locator("main")).to_contain_text("mean 3.5")
    page.locator("summary", has_text="As a table").first.click()
    expect(page.locator("main table:visible").first).to_be_visible()


def _group(chain: Chain) -> None:
    page = chain.page
    chain.open("meetings/new")
    page.locator("#title-en").fill("Final workshop")
    page.get_by_role("button", name="Make the meeting").click()
    page.wait_for_url(re.compile("/groups"))
    for name in ("Light", "Names"):
        page.get_by_label("Name of the new group").fill(name)
        page.get_by_role("button", name="New group").click()
        page.locator("[data-part=group]", has=page.locator(".groupname", has_text=name)).wait_for()
    for number in range(1, 13):
        page.locator(f".tile[data-number='{number}'] input").focus()
        page.keyboard.press("a" if number <= 7 else "b")
        group = page.locator("[data-part=group]").nth(0 if number <= 7 else 1)
        group.locator(f".tile[data-number='{number}']").wait_for()
    page.locator("[data-module=board][data-unsent='0']").wait_for()
    page.reload()
    expect(page.locator("[data-part=group]").nth(0).locator(".tile")).to_have_count(7)
    expect(page.locator("[data-part=group]").nth(1).locator(".tile")).to_have_count(5)


def _show(chain: Chain) -> None:
    page = chain.page
    page.locator("[data-part=group]").first.get_by_role("link", name="Show").click()
    page.locator("[data-module=show][data-state=started]").wait_for()
    seen = []
    for _ in range(7):
        slide = page.locator("[data-part=slide]:visible")
        expect(slide.locator("img")).to_have_js_property("complete", True)
        seen.append(slide.get_attribute("data-number"))
        page.keyboard.press("PageDown")  # what a clicker sends
    assert seen == [str(number) for number in range(1, 8)]
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("/groups"))


def _choose(chain: Chain) -> list[int]:
    """Picks six, asks for one, and finds that one may not leave; puts the last one first. The order that hangs."""
    page = chain.page
    chain.open("exhibitions")
    page.locator("#title-en").fill("On the wall")
    page.get_by_role("button", name=re.compile("Make the exhibition|New exhibition")).click()
    page.get_by_role("link", name="Light table").first.click()
    page.locator("[data-module=light-table][data-state=started]").wait_for()
    page.locator(".cell[data-number='1'] a").focus()
    for number in PICKED:
        page.keyboard.press("p")
        expect(page.locator(f".cell[data-number='{number}']")).to_have_attribute("data-state", "pick")
    for number in (SHY, FACES):
        page.locator(f".cell[data-number='{number}'] a").focus()
        page.keyboard.press("w" if number == SHY else "p")
        expect(page.locator(f".cell[data-number='{number}']")).to_have_attribute("data-state", "wanted")
    page.get_by_role("link", name="To ask").click()
    expect(page.locator("main")).to_contain_text(f"No. {SHY}")
    expect(page.locator("main")).to_contain_text(f"No. {FACES}")
    page.get_by_role("link", name="Shortlist").click()
    page.locator("[data-module=shortlist][data-state=started]").wait_for()
    last = page.locator(f"[data-part=photo][data-number='{PICKED[-1]}']")
    last.get_by_role("button", name=re.compile("^Up")).focus()
    for place in range(5, 0, -1):
        page.keyboard.press("Alt+ArrowUp")
        expect(last.locator("[data-part=at]")).to_have_text(str(place))
    page.locator("[data-module=shortlist][data-unsent='0']").wait_for()
    page.reload()
    return [int(each.get_attribute("data-number") or 0) for each in page.locator("[data-part=photo]").all()]


def _take(chain: Chain, order: list[int], folder: Path) -> None:
    assert order == [6, 1, 2, 3, 4, 5]
    _check_zip(zipfile.ZipFile(_made(chain, "Photos for the print shop", folder)), order, folder)
    _check_panels(_made(chain, "Panels", folder), order)


def _made(chain: Chain, title: str, folder: Path) -> Path:
    """Asks for a file, waits until the worker has made it, and downloads it."""
    page = chain.page
    chain.open("files")
    offered = page.locator(".offered li", has=page.get_by_role("heading", name=title))
    offered.get_by_role("button", name=re.compile("^Make")).click()
    ready = page.locator("li.ready", has_text=title)
    ready.wait_for(timeout=90_000)
    expect(ready).not_to_contain_text("Secretcam")
    with page.expect_download() as download:
        ready.get_by_role("link", name=re.compile("^Download")).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def _check_zip(pack: zipfile.ZipFile, order: list[int], folder: Path) -> None:
    names = [f"{place:02}-{number}.jpg" for place, number in enumerate(order, 1)]
    assert [name for name in pack.namelist() if name.endswith(".jpg")] == names
    for name in names:
        data = pack.read(name)
        assert not [trace for trace in TRACES if trace in data]
        image = Image.open(io.BytesIO(data))
        assert image.size == (1200, 900)
        assert seen_corners(image) == CORNERS, f"{name} is not upright"
    pack.extractall(folder)
    if shutil.which("exiftool"):
        told = subprocess.run(
            ["exiftool", "-json", "-G1", *(str(folder / name) for name in names)], capture_output=True, check=True
        )
        said = {Path(each["SourceFile"]).name: each for each in json.loads(told.stdout)}
        second = said["03-2.jpg"]
        assert second["IPTC:By-line"] == second["XMP-photoshop:Credit"] == "Lan Nguyễn"
        assert second["IPTC:Caption-Abstract"] in CAPTIONS[2].values()
        assert not [key for each in said.values() for key in each if "GPS" in key]


def _check_panels(path: Path, order: list[int]) -> None:
    data = path.read_bytes()
    assert not [trace for trace in (*TRACES, XMP_TRACE) if trace in data]
    book = pypdf.PdfReader(io.BytesIO(data))
    assert len(book.pages) == len(order)
    for page in book.pages:
        assert sorted(round(float(side)) for side in page.mediabox[2:]) == sorted(A3_POINTS)
        for font in page["/Resources"]["/Font"].values():
            described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described), "a font is not embedded"
    words = "".join(page.extract_text() for page in book.pages)
    for caption in ("Zvonky beze jmen", "Okno, které svítí", "Only this shop window is lit"):
        assert caption in words
    with pypdfium2.PdfDocument(data) as drawn:
        seen = drawn[0].render(scale=0.5).to_pil().convert("RGB")
    ink = sum(seen.convert("L").point(lambda grey: 255 if grey < 200 else 0).histogram()[255:])
    assert ink > seen.width * seen.height // 8, "the first panel is nearly empty"
