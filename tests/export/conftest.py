"""A walk with a photo of each kind, and an owner's browser."""

import uuid

import pytest
from flask import Flask

from tests.client import Visitor
from tests.export.makers import CAPTIONS, make_exhibition
from tests.makers import MadeWalk, log_in, make_participant, make_photo
from tests.makers_photo import MAKE, ORIENTATION, corners, encoded, exif, gps_block, grain
from webapp.consent.rules import Purpose


@pytest.fixture
def owner(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


def telling(orientation: int = 1, seed: int = 0) -> bytes:
    """A JPEG that says where and with what it was taken."""
    block = exif({MAKE: "Secretcam", ORIENTATION: orientation}, {}, gps_block(50.0875 + seed, 14.4213))
    return encoded(corners(800, 600), exif=block, quality=90, comment=b"a secret comment")


@pytest.fixture
def show(app: Flask, walk: MadeWalk) -> uuid.UUID:
    """Photos 1 to 5: one that is upright, one turned and grainy, one of somebody without release, one whose author
    does not want it hung, one without a caption. They hang as 2, 1, 3, 4, 5."""
    with app.app_context():
        author = make_participant(walk)
        refuser = make_participant(walk, frozenset({Purpose.EXHIBITION}))
        named = {"credit": "name", "credit_as": "Lan <b>Nguyễn</b>"}
        first = make_photo(app, walk, author, telling(), caption=CAPTIONS, **named)
        block = exif({MAKE: "Secretcam", ORIENTATION: 6}, {}, gps_block())
        tall = encoded(grain(600, 900).transpose(2), exif=block, quality=90)
        second = make_photo(app, walk, author, tall, caption={"cs": "=1+1 <script>alert(1)</script>"})
        third = make_photo(app, walk, author, telling(3), people="unreleased", caption={"en": "A face"})
        fourth = make_photo(app, walk, refuser, telling(8), caption={"en": "Not for the wall"})
        fifth = make_photo(app, walk, author, encoded(corners(300, 200), "PNG"), caption={})
        return make_exhibition(walk.project_id, [second, first, third, fourth, fifth])
