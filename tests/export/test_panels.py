"""PDFs: the fonts inside, every script readable, no metadata, no words taken for HTML."""

import io
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
from webapp.export.formats.paper import has_pango

pytestmark = pytest.mark.skipif(not has_pango(), reason="Pango is not installed")
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


def test_a_very_long_caption_is_never_cut_off_a_panel(app: Flask, walk: MadeWalk, owner: Visitor) -> None:
    words = " ".join(f"slovo{number}" for number in range(120))
    with app.app_context():
        photo = make_photo(app, walk, make_participant(walk), encoded(corners()), caption={"cs": words, "en": words})
        show = make_exhibition(walk.project_id, [photo])
    pdf = pypdf.PdfReader(io.BytesIO(taken(app, owner, walk, show, "panels", "a3")))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert all(text.count(f"slovo{number} ") == 2 for number in range(100, 119))
