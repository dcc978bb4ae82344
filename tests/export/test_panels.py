"""PDFs: the fonts inside, every script readable, no metadata, no words taken for HTML."""

import io
import re
import uuid

import pypdf
import pypdfium2
import pytest
from flask import Flask

from tests.client import Visitor
from tests.export.makers import CAPTIONS, made, make_exhibition, order
from tests.makers import MadeWalk, make_participant, make_photo
from tests.makers_photo import TRACES, XMP_TRACE, corners, encoded, seen_corners, turned
from webapp.database import db, transaction
from webapp.exhibition.tables import Exhibition
from webapp.export.formats.panels import fit
from webapp.export.formats.paper import has_pango

pytestmark = pytest.mark.skipif(not has_pango(), reason="Pango is not installed")
WIDE, TALL = (1600, 1200), (1200, 1600)
EVERY_PDF = [("panels", "a3"), ("panels", "a4"), ("sheets", "a4-6"), ("contact", "a4")]


def taken(app: Flask, owner: Visitor, walk: MadeWalk, show: uuid.UUID, format_: str, paper: str) -> bytes:
    export_id = order(owner, walk.project_id, format_, f"exhibition:{show}", paper)
    row = made(app, export_id)
    assert (row.state, row.reason) == ("ready", "")
    return owner.get(f"/desk/exports/{export_id}/file").data


def fonts_of(pdf: pypdf.PdfReader) -> dict[str, bool]:
    """Each font by its name, and whether it is embedded."""
    found = {}
    for page in pdf.pages:
        for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[union-attr, attr-defined]
            facts = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            found[font["/BaseFont"]] = any(name in facts for name in ("/FontFile2", "/FontFile3"))
    return found


@pytest.mark.parametrize(("format_", "paper"), EVERY_PDF)
def test_its_fonts_are_our_own_and_inside_and_it_tells_nothing_else(
    app: Flask, walk: MadeWalk, owner: Visitor, show: uuid.UUID, format_: str, paper: str
) -> None:
    data = taken(app, owner, walk, show, format_, paper)
    pdf = pypdf.PdfReader(io.BytesIO(data))
    fonts = fonts_of(pdf)
    assert fonts and all(fonts.values())
    assert all(name[7] == "+" and name[8:].startswith("noto-") for name in fonts), fonts
    assert dict(pdf.metadata or {}) == {"/Title": "On the wall"}
    assert pdf.xmp_metadata is None
    for trace in (*TRACES, XMP_TRACE):
        assert trace not in data
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "A face" not in text and "Not for the wall" not in text
    if format_ != "contact":
        page = owner.get(f"/desk/exhibitions/{show}/shortlist").text
        numbered = zip(
            re.findall(r'data-number="(\d+)"', page), re.findall(r'data-part="at">(\d+)', page), strict=True
        )
        places = [f"{int(place):02d}-{number}" for number, place in numbered]
        assert places == ["01-2", "02-1", "03-3", "04-4", "05-5"]
        assert [place in text for place in places] == [True, True, False, False, True], "what may not leave is missed"
        assert "<script>alert(1)</script>" in text, "what somebody wrote stands there as they wrote it"


def test_every_script_of_a_label_can_be_read_again(app: Flask, walk: MadeWalk, owner: Visitor) -> None:
    with app.app_context():
        photo = make_photo(app, walk, make_participant(walk), turned(6), caption=CAPTIONS)
        show = make_exhibition(walk.project_id, [photo], list(CAPTIONS))
    data = taken(app, owner, walk, show, "panels", "a3")
    pdf = pypdf.PdfReader(io.BytesIO(data))
    (page,) = pdf.pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [297, 420]
    text = " ".join(page.extract_text().split())
    for code in ("cs", "vi", "uk"):
        assert CAPTIONS[code] in text
    assert any("؀" <= letter <= "ۿ" for letter in text), "Arabic is there; its order is the reader's matter"


def test_a_photo_stands_upright_and_a_panel_is_one_page(app: Flask, walk: MadeWalk, owner: Visitor) -> None:
    with app.app_context():
        author = make_participant(walk)
        photos = [make_photo(app, walk, author, turned(each), caption={"cs": "Krátce."}) for each in (3, 8)]
        show = make_exhibition(walk.project_id, photos)
    pdf = pypdfium2.PdfDocument(taken(app, owner, walk, show, "panels", "a4"))
    assert len(pdf) == 2
    for place, page in enumerate(pdf, 1):
        assert f"{place:02d}-{place}" in page.get_textpage().get_text_range(), "its place, and its own number"
        seen = page.render(scale=1).to_pil()
        picture = seen.crop((30, 30, seen.width - 30, 30 + round((seen.width - 60) * 0.75)))
        assert seen_corners(picture) == seen_corners(corners())


def test_two_titles_beside_a_tall_photo_stay_on_its_page(app: Flask, walk: MadeWalk, owner: Visitor) -> None:
    titles = {"cs": "Nahoru a dolů: INTEGRA Praha 2018", "en": "Ups and downs: INTEGRA Prague 2018, in the passage"}
    with app.app_context():
        tall = turned(1, corners(480, 640))
        photo = make_photo(app, walk, make_participant(walk), tall, caption={"cs": "Krátce.", "en": "In short."})
        show = make_exhibition(walk.project_id, [photo])
        with transaction():
            found = db.session.get(Exhibition, show)
            assert found is not None
            found.title = titles
    pdf = pypdf.PdfReader(io.BytesIO(taken(app, owner, walk, show, "panels", "a3")))
    (page,) = pdf.pages
    text = " ".join(page.extract_text().split())
    assert all(title in text for title in titles.values())


@pytest.mark.parametrize("paper", ["a3", pytest.param("a4", marks=pytest.mark.soak)])
def test_the_longest_captions_in_three_languages_stay_on_one_sheet(
    app: Flask, walk: MadeWalk, owner: Visitor, paper: str
) -> None:
    def long(word: str) -> str:
        return " ".join(f"{word}{number}" for number in range(200))[:999] + "."

    words = {"cs": long("slovo"), "vi": long("từngữ"), "uk": long("слово")}
    with app.app_context():
        author = make_participant(walk)
        photos = [make_photo(app, walk, author, encoded(corners(*size)), caption=words) for size in (WIDE, TALL)]
        show = make_exhibition(walk.project_id, photos, list(words))
    data = taken(app, owner, walk, show, "panels", paper)
    for page, shape in zip(pypdfium2.PdfDocument(data), (WIDE, TALL), strict=True):
        text = " ".join(page.get_textpage().get_text_range().split())
        for said in words.values():
            assert text.count(said[-8:]) == 1, "the last word is there"
        seen = page.render(scale=1).to_pil()
        edge = seen.crop((0, seen.height - 20, seen.width, seen.height)).convert("L")
        assert edge.getextrema()[0] > 200, "nothing lies on the margin"
        (image,) = page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        _, low, _, high = image.get_bounds()
        assert high - low >= 0.19 * page.get_height(), f"the photo of {shape} can still be seen"


def test_what_has_no_room_on_any_sheet_is_cut_and_said_so(app: Flask, walk: MadeWalk, owner: Visitor) -> None:
    words = {code: "slovo\n" * 150 for code in ("cs", "en", "uk")}
    with app.app_context():
        photo = make_photo(app, walk, make_participant(walk), encoded(corners(*TALL)), caption=words)
        show = make_exhibition(walk.project_id, [photo], list(words))
    pdf = pypdf.PdfReader(io.BytesIO(taken(app, owner, walk, show, "panels", "a3")))
    (page,) = pdf.pages
    assert page.extract_text().count("…") == 3
    page = owner.get(f"/desk/projects/{walk.project_id}/files").text
    assert "1 photo without all its words" in page and "left out" not in page
    assert "Photo 1: its words are too long for the sheet" in page


def test_type_gives_room_down_to_what_one_reads_on_a_wall_and_then_the_photo_does() -> None:
    def of(*heights: float) -> tuple[int, int] | None:
        found = fit(dict(enumerate(heights)), 40, [])
        return (found.type, found.high) if found else None

    assert of(16, 15, 14, 13, 12, 11, 10, 9) == (0, 0)
    assert of(40, 17, 16, 15, 14, 13, 12, 9) == (2, 0)
    assert of(40, 35, 30, 25, 20, 16, 12, 9) == (2, 3)
    assert of(40, 35, 32, 28, 20, 16, 12, 9) == (3, 3)
    assert of(80, 75, 70, 65, 60, 55, 50, 27) == (7, 3)
    assert of(80, 75, 70, 65, 60, 55, 50, 37) is None
