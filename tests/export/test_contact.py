"""The contact sheet."""

import io
import uuid

import pypdf
import pytest
from flask import Flask

from tests.client import Visitor
from tests.export.makers import made, order
from tests.makers import MadeWalk
from webapp.export.formats.paper import has_pango

pytestmark = pytest.mark.skipif(not has_pango(), reason="Pango is not installed")


def test_all_photos_with_number_and_state_and_who_is_missing(
    app: Flask, walk: MadeWalk, owner: Visitor, show: uuid.UUID
) -> None:
    for subject in (f"exhibition:{show}", f"walk:{walk.walk_id}"):
        export_id = order(owner, walk.project_id, "contact", subject)
        assert made(app, export_id).state == "ready"
        pdf = pypdf.PdfReader(io.BytesIO(owner.get(f"/desk/exports/{export_id}/file").data))
        text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
        assert ("2 · on the shortlist" in text) == subject.startswith("exhibition")
        assert "3 somebody can be recognised and has not agreed" in text and "4 not agreed" in text
