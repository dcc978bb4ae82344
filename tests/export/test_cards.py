"""Photo cards of a meeting: made for everybody who sees answers, of what the meeting may see."""

import io
import uuid

import pypdf
import pytest
from flask import Flask
from PIL import Image

from tests.client import Visitor
from tests.export.makers import made, order
from tests.makers import MadeWalk, log_in, make_meeting, make_organiser, make_participant, make_photo
from tests.makers_photo import encoded
from webapp.consent.rules import Purpose
from webapp.doors import Role
from webapp.export.formats.paper import has_pango

pytestmark = pytest.mark.skipif(not has_pango(), reason="Pango is not installed")
LONG = "Neobhospodařovávatelnější místo, kde jsem poprvé potkala někoho, kdo mi pomohl. " * 6


@pytest.fixture
def meeting(app: Flask, walk: MadeWalk) -> uuid.UUID:
    """Of four photos: one with two captions, one with a name, one that is upright and has much to say, and one whose
    author does not want it shown there."""
    flat, upright = (encoded(Image.new("RGB", size, (40, 90, 90))) for size in ((640, 480), (480, 640)))
    with app.app_context():
        author, refuser = make_participant(walk), make_participant(walk, frozenset({Purpose.MEETING}))
        make_photo(app, walk, author, flat, caption={"en": "The gate", "cs": "Brána"})
        make_photo(app, walk, author, flat + b" ", caption={}, credit="pseudonym", credit_as="Bảo")
        make_photo(app, walk, author, upright, caption={"cs": LONG, "en": LONG, "vi": LONG})
        make_photo(app, walk, refuser, flat + b"  ", caption={"en": "Not at the table"})
        return make_meeting(walk.project_id)[0]


@pytest.fixture
def facilitator(app: Flask, walk: MadeWalk) -> Visitor:
    with app.app_context():
        make_organiser(walk.project_id, Role.FACILITATOR, "facilitator@example.org")
    visitor = Visitor(app)
    log_in(visitor, "facilitator@example.org")
    return visitor


@pytest.mark.parametrize(("paper", "pages", "width"), [("a6", 3, 298), ("a4", 1, 595)])
def test_a_card_holds_number_picture_words_and_credit(
    app: Flask, walk: MadeWalk, facilitator: Visitor, meeting: uuid.UUID, paper: str, pages: int, width: int
) -> None:
    export_id = order(facilitator, walk.project_id, "cards", f"meeting:{meeting}", paper)
    assert made(app, export_id).state == "ready"
    pdf = pypdf.PdfReader(io.BytesIO(facilitator.get(f"/desk/exports/{export_id}/file").data))
    assert len(pdf.pages) == pages, "the longest words stay on their card"
    assert float(pdf.pages[0].mediabox.width) == pytest.approx(width, abs=1)
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    for words in ("The gate", "Brána", "Bảo", "…"):
        assert words in text, words
    assert text.count("No name") == 2, "however long the caption is, the credit is there"
    assert "Not at the table" not in text
    page = facilitator.get(f"/desk/projects/{walk.project_id}/files").text
    assert "Photo 4: not agreed" in page, "who is missing is said"


def test_who_makes_cards_makes_nothing_else(
    app: Flask, walk: MadeWalk, facilitator: Visitor, owner: Visitor, meeting: uuid.UUID
) -> None:
    address = f"/desk/projects/{walk.project_id}/files"
    facilitator.send(address, {"format": "originals", "subject": f"walk:{walk.walk_id}"}, 403)
    export_id = order(owner, walk.project_id, "originals", f"walk:{walk.walk_id}")
    made(app, export_id)
    assert str(export_id) not in facilitator.get(address).text
    facilitator.get(f"/desk/exports/{export_id}/file", 403)
