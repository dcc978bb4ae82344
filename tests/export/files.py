"""A walk with answers, captions and remarks that a file may spoil, and its files as a spreadsheet reads them."""

import csv
import io
import json
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from tests.client import Visitor
from tests.makers import MadeWalk, log_in, make_participant, make_photo, make_response
from tests.makers_photo import encoded, exif, gps_block, grain, turned
from webapp.consent.rules import Purpose
from webapp.walk.rules import Answer

WORDS = (
    "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "Đường phố này rất ấm áp với người mới đến",
    "هذا المكان جميل، أشعر فيه بالأمان",
    '=HYPERLINK("https://example.org","click")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+420 123 456 789",
    "https://example.org is not a link here\nsecond line; =1+1",
)
SILENT = "Words of somebody who has not agreed"


@dataclass(frozen=True)
class Filled:
    """The walk, its people in the order of joining, and an organiser's browser."""

    walk: MadeWalk
    people: list[uuid.UUID]
    silent: uuid.UUID
    organiser: Visitor

    def bytes_of(self, name: str) -> bytes:
        return self.organiser.get(f"/desk/walks/{self.walk.walk_id}/{name}").data

    def sheets(self, data: bytes) -> dict[str, list[dict[str, Any]]]:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = {}
        for name in book.sheet_names:
            columns, *rows = book.get_sheet_by_name(name).to_python()
            found[name] = [dict(zip(map(str, columns), row, strict=True)) for row in rows]
        return found

    def xlsx(self) -> dict[str, list[dict[str, Any]]]:
        return self.sheets(self.bytes_of("results.xlsx"))

    def csv(self, name: str) -> list[dict[str, str]]:
        data = self.bytes_of(name)
        assert data.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))

    def geojson(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.bytes_of("places.geojson"))
        return found


@pytest.fixture
def filled(app: Flask, walk: MadeWalk) -> Filled:
    organiser = Visitor(app)
    log_in(organiser)
    with app.app_context():
        people = [make_participant(walk) for _ in WORDS]
        silent = make_participant(walk, frozenset({Purpose.KEEP}))
        for number, (person, words) in enumerate(zip(people, WORDS, strict=True)):
            answers = {"b.1": Answer(1 + number % 5, remark=words), "b.2": Answer(words)}
            make_response(
                app, walk, person, answers if number else {**answers, "b.1": Answer(cant_tell=True, remark=words)}
            )
            make_photo(app, walk, person, turned(1 + number % 8), caption={"cs": words})
        gps = encoded(grain(64, 48), exif=exif({}, {36867: "2018:06:18 10:05:00"}, gps_block()))
        make_photo(app, walk, people[0], gps, people="unreleased")
        make_response(app, walk, silent, {"b.1": Answer(5, remark=SILENT), "b.2": Answer(SILENT)})
        make_photo(app, walk, silent, turned(2), caption={"en": SILENT})
    return Filled(walk, people, silent, organiser)
