"""The captions for Word."""

import io
import uuid
import zipfile

from docx import Document
from flask import Flask

from tests.client import Visitor
from tests.export.makers import CAPTIONS, made, order
from tests.makers import MadeWalk
from tests.makers_photo import is_bare


def test_a_row_a_photo_with_a_small_picture_and_nobody_s_name(
    app: Flask, walk: MadeWalk, owner: Visitor, show: uuid.UUID
) -> None:
    export_id = order(owner, walk.project_id, "captions_docx", f"exhibition:{show}")
    assert made(app, export_id).state == "ready"
    data = owner.get(f"/desk/exports/{export_id}/file").data
    document = Document(io.BytesIO(data))
    (grid,) = document.tables
    heads = [cell.text for cell in grid.rows[0].cells]
    assert (heads[:2], heads[-2:]) == (["Number", "Photo"], ["Credit", "Remarks"])
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
