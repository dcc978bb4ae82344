"""The phone's own faults: no room, a disk that refuses, a newer app in another tab."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Ground, Site
from tests.journeys.phone import Line, Phone
from tests.journeys.test_phone import CZECH, Known, jpeg, sha

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
    phone.page.wait_for_function("location.hash === '#ask/1/b.2'")
    expect(field).to_have_value(CZECH)
    expect(phone.page.locator('form[data-question="b.2"][data-saved=yes]')).not_to_be_attached()
    # It tries again by itself, and takes back what it said.
    phone.page.evaluate("window.refusing = ''")
    phone.is_saved("b.2")
    expect(told).to_be_hidden()
    phone.go_on()
    phone.everything_received()
    assert [each["b.2"] for each in known.answers()] == [CZECH]
