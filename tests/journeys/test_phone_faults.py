"""The phone's own faults: no room, a disk that refuses, a newer app in another tab."""

import random
import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.faults.figures import Reached
from tests.journeys.conftest import Ground, Site
from tests.journeys.phone import Line, Phone
from tests.journeys.test_phone import CZECH, Known, jpeg, sha
from webapp.database import transaction
from webapp.walk import changes as walk_changes
from webapp.walk import queries as walk_queries
from webapp.walk.changes import NewStop, WalkDetails

KILLS, LONGEST = 20, 1.0  # in the middle of an upgrade, that many seconds after its beginning
BEGINNING = struct.pack("<IHB", 0x12345678, 500, 1)  # of a record of LevelDB: checksum, length, "whole"
TINY = 8_000_000  # bytes that the browser gives the site, its pages included
REFUSE = """() => {
  const put = IDBObjectStore.prototype.put;
  window.refusing = true;
  IDBObjectStore.prototype.put = function (...row) {
    if (window.refusing && this.name === 'drafts') throw new DOMException('no', window.refusing);
    return put.apply(this, row);
  };
}"""


@pytest.fixture
def line(site: Site) -> Iterator[Line]:
    with Line(int(site.url.rpartition(":")[2])) as line:
        yield line


@pytest.fixture
def phone(browser: Browser, line: Line, tmp_path: Path) -> Iterator[Phone]:
    with Phone(browser.browser_type, tmp_path / "profile", line) as phone:
        yield phone.start()
        assert not phone.errors


@pytest.fixture
def known(site: Site, ground: Ground) -> Known:
    return Known(site, ground.walk)


def test_words_are_saved_when_photos_no_longer_fit(phone: Phone, known: Known) -> None:
    browser = phone.context.new_cdp_session(phone.page)
    browser.send("Storage.overrideQuotaForOrigin", {"origin": phone.address, "quotaSize": TINY})
    phone.join(known.walk.code)
    phone.lose_signal()
    small, large = jpeg(2), jpeg(1, 2600, 2000)
    phone.add_photo(small, "fits")
    phone.look_at("photos")
    phone.choose_photos([large])
    told = phone.page.get_by_role("alert").filter(has_text="There is no more room for pictures")
    expect(told).to_contain_text("answers are still saved")
    expect(phone.photos).to_have_count(1)
    phone.look_at("stop/1")
    phone.tap("b.1", "4")
    for number in range(20):
        phone.question("b.2").locator("textarea[name='b.2']").fill(f"{CZECH} {number} " * 90)
        phone.is_saved("b.2")
    phone.look_at("photos")
    phone.page.locator("[data-photo] a").click()
    phone.caption.fill("a longer caption")
    phone.finish_photo()
    phone.kill()
    phone.start().open_app()
    phone.send_originals("Always, at once")
    phone.find_signal()
    phone.everything_received()
    [answer] = known.answers()
    assert (answer["b.1"], answer["b.2"]) == (4, (f"{CZECH} 19 " * 90).strip())
    assert [each.caption for each in known.photos()] == [{"en": "a longer caption"}]
    assert known.has(small["buffer"]) and not known.has(large["buffer"])
    assert sha(large["buffer"]) not in phone.stored("data")


@pytest.mark.parametrize(
    ("why", "says"),
    [("QuotaExceededError", "There is no room left on this phone"), ("UnknownError", "storage does not answer")],
)
def test_a_disk_that_refuses_an_answer(phone: Phone, known: Known, why: str, says: str) -> None:
    phone.join(known.walk.code)
    phone.look_at("ask/1/b.2")
    phone.page.evaluate(REFUSE)
    phone.page.evaluate("why => { window.refusing = why }", why)
    field = phone.question("b.2").locator("textarea[name='b.2']")
    field.fill(CZECH)
    told = phone.page.locator("[data-part=says]")
    expect(told).to_contain_text(says)
    # Whoever goes on all the same is kept at the question, and told again.
    phone.go_on()
    expect(told).to_be_visible()
    phone.page.evaluate("location.hash = '#home'")
    expect(told).to_contain_text(says)
    expect(phone.page).to_have_url(re.compile(r"#ask/1/b\.2$"))
    expect(field).to_have_value(CZECH)
    expect(phone.page.locator('form[data-question="b.2"][data-saved=yes]')).not_to_be_attached()
    # It tries again by itself, and takes back what it said.
    phone.page.evaluate("window.refusing = ''")
    phone.is_saved("b.2")
    expect(told).to_be_hidden()
    phone.go_on()
    phone.everything_received()
    assert [each["b.2"] for each in known.answers()] == [CZECH]


def test_newer_databases_come_while_two_tabs_are_open(
    phone: Phone, known: Known, soak: bool, reached: Reached
) -> None:
    """Across three versions: nothing that was not sent yet is lost, and no tab stops the other."""
    phone.join(known.walk.code)
    older, newer = phone, phone.tab()
    phone.lose_signal()
    pictures = [jpeg(1)]
    older.add_photo(pictures[0], "version 1")
    older.look_at("ask/1/b.2")
    for version in (2, 3):
        newer.open_app(f"/w/{known.walk.code}/en#ask/1/b.1")
        words = f"{CZECH} {version}"
        field = older.question("b.2").locator("textarea[name='b.2']")
        renumber(newer, version)
        field.fill(words)
        newer.page.reload()
        newer.is_ready()
        assert newer.page.evaluate(NUMBER) == version
        # The older page is told, has kept what was being written, and goes on.
        expect(older.page.locator("[data-part=newer]")).to_be_visible()
        older.is_saved("b.2")
        assert words in str(older.stored("drafts"))
        newer.look_at("ask/1/b.1")
        newer.tap("b.1", str(version))
        newer.look_at("home")
        older.look_at("ask/1/b.1")
        expect(older.card.locator(f"input[value='{version}']")).to_be_checked()
        older.look_at("photos")
        if version == 2:
            pictures.append(jpeg(2))
            older.add_photo(pictures[1], "version 2, from the older page")
        assert {sha(each["buffer"]) for each in pictures} <= phone.stored("data").keys()
        older.look_at("ask/1/b.2")
        older, newer = newer, older
        older.look_at("ask/1/b.2")
    version, unsent = 3, unsent_on(phone)
    kills = KILLS if soak else 0
    chance = random.Random(2018)
    for version in range(4, 4 + kills):
        renumber(newer, version)
        doom = phone.doom(chance.uniform(0, LONGEST))
        doom.start()
        phone.until_dead(partial(come_again, older, newer), doom)
        phone.start().open_app()
        older, newer = phone, phone.tab()
        newer.open_app(f"/w/{known.walk.code}/en#home")
        assert unsent_on(phone) == unsent
    assert len(unsent) == 3
    phone.send_originals("Always, at once")
    phone.find_signal()
    phone.everything_received()
    assert [(each["b.1"], each["b.2"]) for each in known.answers()] == [(3, f"{CZECH} 3")]
    there = [each for each in pictures if known.has(each["buffer"])]
    assert len(there) == len(known.photos()) == 2
    lost = len(unsent) - len(known.answers()) - len(there)
    assert not lost
    reached("upgrade", f"{version} versions, {kills} kills in between, {len(unsent)} unsent items: {lost} lost")


def unsent_on(phone: Phone) -> dict[str, tuple[Any, bool]]:
    """By record: what it says, and whether its picture is here."""
    held = phone.stored("data")
    return {
        id: (row["body"], row["body"].get("sha256", "") in held or row["kind"] != "photo")
        for id, row in phone.stored("drafts").items()
    }


def come_again(older: Phone, newer: Phone) -> None:
    """The newer page comes while the older one stands open, again and again."""
    older.look_at("ask/1/b.2")
    while True:
        newer.page.reload()
        newer.is_ready()


NUMBER = "async () => (await indexedDB.databases()).find((each) => each.name === 'pohled').version"


def renumber(phone: Phone, version: int) -> None:
    """The pages that this phone holds become those of an app with a newer database."""
    changed = phone.page.evaluate(
        r"""async (version) => {
          const live = await caches.open('pohled');
          let changed = 0;
          for (const request of await live.keys()) {
            if (!request.url.endsWith('.js')) continue;
            const held = await live.match(request);
            const text = await held.text();
            const name = /\(this\.name,(\w+),/.exec(text)?.[1];
            if (!name) continue;
            const other = text.replace(new RegExp(`(\\b${name}=)\\d+`), `$1${version}`);
            if (other !== text) changed += 1;
            await live.put(request, new Response(other, { headers: held.headers }));
          }
          return changed;
        }""",
        version,
    )
    assert changed == 1, "no built file opens the database in the way that this test knows"


def test_at_the_end_the_phone_asks_for_the_large_pictures(phone: Phone, known: Known) -> None:
    with known.site.app.app_context(), transaction():
        walk = walk_queries.walk(known.walk.walk_id)
        soon = datetime.now(UTC) + timedelta(hours=1)
        walk_changes.edit_walk(
            walk,
            WalkDetails(walk.title, walk.district, walk.meeting_point, soon, walk.minutes),
            [(each.id, NewStop(each.name, each.lat, each.lon, None, each.photos)) for each in walk.stops],
        )
    phone.join(known.walk.code)
    asks = phone.page.locator("[data-part=owed]")
    picture = jpeg(1)
    phone.add_photo(picture, "large")
    phone.look_at("home")
    phone.everything_received_but_originals()
    phone.look_at("home")
    expect(asks).to_be_hidden()
    for place, value in (("ask/1/b.1", "4"), ("ask/2/b.1", "?"), ("ask/1/s.1", "0"), ("ask/2/s.1", "1")):
        phone.look_at(place)
        phone.tap(place.rpartition("/")[2], value)
    for place in ("ask/1/b.2", "ask/2/b.2", "ask/0/b.3"):
        phone.look_at(place)
        phone.write(place.rpartition("/")[2], CZECH)
    phone.go_on()
    phone.sees("done")
    expect(asks).to_contain_text(re.compile(r"Send 1 large picture now \([\d.]+\s[kM]B\)"))
    asks.get_by_role("button").click()
    expect(asks).to_be_hidden()
    assert known.has(picture["buffer"])


def test_a_kill_between_two_writes_of_the_browser_itself(phone: Phone, known: Known) -> None:
    """Chromium writes a record's beginning, then the rest. It reads over a beginning without a rest, writes on after
    it, and the next time takes the whole database for damaged and deletes it."""
    phone.join(known.walk.code)
    phone.lose_signal()
    phone.look_at("ask/1/b.2")
    phone.write("b.2", CZECH)
    phone.kill()
    log = max((phone.profile / "Default" / "IndexedDB").glob("*/*.log"))
    with log.open("ab") as end:
        end.write(BEGINNING)
    for number in range(2):
        phone.start().open_app()
        phone.look_at("ask/1/b.2")
        expect(phone.question("b.2").locator("textarea[name='b.2']")).to_have_value(
            f"{CZECH} {number}" if number else CZECH
        )
        phone.write("b.2", f"{CZECH} {number + 1}")
        phone.kill()
    phone.start().open_app()
    phone.find_signal()
    phone.everything_received()
    assert [each["b.2"] for each in known.answers()] == [f"{CZECH} 2"]


def test_a_private_window_is_told_that_it_forgets(phone: Phone, known: Known) -> None:
    """Firefox and Safari answer so in theirs; Chromium's cannot be told from others."""
    phone.context.add_init_script("navigator.storage.getDirectory = () => Promise.reject(new Error('private'))")
    phone.join(known.walk.code)
    expect(phone.page.locator("[data-part=install]")).to_contain_text("it forgets everything when it is closed")
