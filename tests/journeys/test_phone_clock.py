"""A phone whose clock is wrong, or is set in the middle of a walk."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from tests.faults.figures import Reached
from tests.journeys.conftest import Ground, Site
from tests.journeys.phone import Line, Phone, wait_for
from tests.journeys.test_phone import CZECH, Known, jpeg
from webapp.database import db
from webapp.walk.tables import Response, ResponseRevision

SLACK = timedelta(seconds=1)
YEARS, HOUR = 10 * 365 * 24 * 3600, 3600
SET = """
  const Real = Date;
  const off = () => 1000 * Number(localStorage.getItem('clock') ?? 0);
  Date = class extends Real {
    constructor(...given) {
      super(...(given.length ? given : [Real.now() + off()]));
    }
    static now() {
      return Real.now() + off();
    }
  };
"""
"""The page's clock: so many seconds off as the origin's own storage says, in every tab and after a kill."""


@pytest.fixture
def phone(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Phone]:
    with (
        Line(int(site.url.rpartition(":")[2])) as line,
        Phone(browser.browser_type, tmp_path / "profile", line) as phone,
    ):
        yield phone.start()
        assert not phone.errors


@pytest.fixture
def known(site: Site, ground: Ground) -> Known:
    return Known(site, ground.walk)


def set_clock(phone: Phone, seconds: int) -> None:
    phone.page.evaluate("seconds => localStorage.setItem('clock', seconds)", seconds)
    seen = datetime.fromtimestamp(phone.page.evaluate("Date.now()") / 1000, UTC)
    assert abs(seen - datetime.now(UTC) - timedelta(seconds=seconds)) < timedelta(minutes=1)


def test_a_clock_that_is_set_on_the_way(phone: Phone, known: Known, soak: bool, reached: Reached) -> None:
    """Nobody taps "Send now", and the browser does not tell when there is a line again: nothing may wait for that."""
    began = datetime.now(UTC)
    line = phone.line
    assert line
    phone.context.add_init_script(SET)
    phone.open(f"/j/{known.walk.code}")
    set_clock(phone, YEARS)
    phone.join(known.walk.code)
    phone.send_originals("Always, at once")
    clocks = [0, -HOUR, -YEARS, YEARS, YEARS - HOUR, 0] if soak else [-HOUR]
    pictures, texts = [], list[str]()
    for number, clock in enumerate(clocks):
        line.cut()
        pictures.append(jpeg(number))
        phone.add_photo(pictures[-1], f"before {number}")
        id = max(
            phone.draft_of("photo").items(), key=lambda row: row[1]["body"]["caption"] == {"en": f"before {number}"}
        )[0]
        phone.look_at("ask/2/b.1")
        phone.tap("b.1", str(number % 5 + 1))
        for when in ("before", "after"):
            texts.append(f"{CZECH} {when} {number}")
            phone.look_at("ask/1/b.2")
            phone.write("b.2", texts[-1])
            phone.look_at("home")
            if when == "before":
                wait_for(phone.page, lambda: rests(phone), "everything was tried in vain")
                set_clock(phone, clock)
        phone.look_at("photos")
        phone.open_photo(id)
        phone.caption.fill(f"after {number}")
        phone.finish_photo()
        line.mend()
        phone.everything_received()
        there = {each["stop"]: each.get("b.1") or each.get("b.2") for each in known.answers()}
        assert there == {1: texts[-1], 2: number % 5 + 1}
    assert sorted(str(each.caption) for each in known.photos()) == sorted(
        str({"en": f"after {number}"}) for number in range(len(clocks))
    )
    lost = [picture["name"] for picture in pictures if not known.has(picture["buffer"])]
    assert not lost
    with known.site.app.app_context():
        rows = db.session.scalars(
            select(ResponseRevision)
            .join(Response, Response.id == ResponseRevision.record_id)
            .where(Response.walk_id == known.walk.walk_id)
            .order_by(ResponseRevision.order)
        ).all()
    assert all(row.counted and began - SLACK < row.received < datetime.now(UTC) + SLACK for row in rows)
    come = [said["b.2"]["value"] for row in rows if "b.2" in (said := json.loads(row.body)["answers"])]
    assert come == sorted(come, key=texts.index), "the order is not that of writing"
    for record in {row.record_id for row in rows}:
        made = [(row.revision, row.sequence) for row in rows if row.record_id == record]
        assert made == sorted(set(made))
    reached(
        "clock",
        f"set {len(clocks) + 1} times: {len(rows)} revisions in order, {len(pictures)} photos, {len(lost)} lost",
    )


def rests(phone: Phone) -> bool:
    """Whether all answers that are here wait for a later try."""
    waiting = [
        row for row in phone.stored("items").values() if row["state"] != "received" and row["kind"] == "response"
    ]
    return bool(waiting) and all(row["after"] > 0 and row["state"] == "saved" for row in waiting)
