"""The captions as a table."""

import csv
import io
import uuid

from flask import Flask

from tests.client import Visitor
from tests.export.makers import CAPTIONS, made, order
from tests.makers import MadeWalk


def test_one_row_a_photo_in_hanging_order(app: Flask, walk: MadeWalk, owner: Visitor, show: uuid.UUID) -> None:
    export_id = order(owner, walk.project_id, "captions", f"exhibition:{show}")
    assert made(app, export_id).state == "ready"
    data = owner.get(f"/desk/exports/{export_id}/file").data
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [(row["place"], row["number"]) for row in rows] == [("1", "2"), ("2", "1"), ("5", "5")]
    assert {code: rows[1][f"caption_{code}"] for code in CAPTIONS} == CAPTIONS
    assert rows[0]["caption_cs"].startswith("'=")
    assert b"A face" not in data
