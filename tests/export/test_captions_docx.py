"""The captions for Word."""

import io
import uuid
import zipfile

from docx import Document
from flask import Flask

from tests.client import Visitor
from tests.export.makers import CAPTIONS, made, order
from tests.makers import MadeWalk, make_participant, make_photo
from tests.makers_photo import is_bare, turned
from webapp.database import transaction
from webapp.exhibition import changes
from webapp.exhibition.rules import State


def test_a_row_a_photo_with_a_small_picture_and_nobody_s_name(
    app: Flask, walk: MadeWalk, owner: Visitor, show: uuid.UUID
) -> None:
    export_id = order(owner, walk.project_id, "captions_docx", f"exhibition:{show}")
    assert made(app, export_id).state == "ready"
    data = owner.get(f"/desk/exports/{export_id}/file").data
    document = Document(io.BytesIO(data))
    (grid,) = document.tables
    heads = [cell.text for cell in grid.rows[0].cells]
    assert (heads[:3], heads[-2:]) == (["Place", "Number", "Photo"], ["Credit", "Remarks"])
    assert [[cell.text for cell in row.cells[:2]] for row in grid.rows[1:]] == [["1", "2"], ["2", "1"], ["5", "5"]]
    first = dict(zip(heads, (cell.text for cell in grid.rows[2].cells), strict=True))
    assert (first["Number"], first["Credit"]) == ("1", "Lan <b>Nguyễn</b>")
    assert (first["Tiếng Việt"], first["ar"]) == (CAPTIONS["vi"], CAPTIONS["ar"])
    assert "<w:bidi/>" in document.element.xml
    assert "3: somebody can be recognised and has not agreed" in [each.text for each in document.paragraphs]
    assert (document.core_properties.author, document.core_properties.comments) == ("", "")
    pack = zipfile.ZipFile(io.BytesIO(data))
    pictures = [pack.read(name) for name in pack.namelist() if name.startswith("word/media/")]
    assert len(pictures) == 3
    assert all(map(is_bare, pictures))


def test_signs_that_no_document_can_hold_are_left_out(app: Flask, walk: MadeWalk, owner: Visitor) -> None:
    with app.app_context():
        photo = make_photo(app, walk, make_participant(walk), turned(3), caption={"en": "A \uffffli\x0bne\ufffe"})
        with transaction():
            show = changes.add_exhibition(walk.project_id, {"en": "Up\x0bs"}, ["en"]).id
            changes.decide(show, photo, State.PICK, None)
    export_id = order(owner, walk.project_id, "captions_docx", f"exhibition:{show}")
    assert made(app, export_id).state == "ready"
    document = Document(io.BytesIO(owner.get(f"/desk/exports/{export_id}/file").data))
    assert document.paragraphs[0].text == "Ups"
    assert "A line" in [cell.text for row in document.tables[0].rows for cell in row.cells]
