"""Back where one was: from a photo to its stop, and a field that is written in stands clear of the bars."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.conftest import PHONE, Ground, Site
from tests.journeys.phone import Line, Phone
from tests.journeys.test_phone import jpeg

KEYBOARD = {"width": 360, "height": 400}
SEEN = """(field) => {
  const box = field.getBoundingClientRect();
  const bars = [...document.querySelectorAll('header.top, footer.foot')].filter((each) => each.offsetHeight);
  const [{ bottom: top }, { top: foot }] = bars.map((each) => each.getBoundingClientRect());
  return { top: Math.round(top), from: Math.round(box.top), to: Math.round(box.bottom), foot: Math.round(foot) };
}"""


@pytest.fixture
def phone(browser: Browser, site: Site, ground: Ground, tmp_path: Path) -> Iterator[Phone]:
    port = int(site.url.rpartition(":")[2])
    with Line(port) as line, Phone(browser.browser_type, tmp_path / "profile", line) as phone:
        phone.start()
        phone.join(ground.walk.code)
        yield phone
        assert not phone.errors


def test_a_photo_leads_back_to_where_it_was_taken(phone: Phone) -> None:
    phone.look_at("ask/1/b.2")
    take(phone)
    strip = phone.card.page.locator("[data-view=ask] .strip")
    finish(phone)
    phone.question("b.2")
    expect(strip.locator("a")).to_have_count(1)
    expect(strip).to_be_in_viewport(ratio=1)
    # After the stop's questions, where no question is shown. A camera may cost the page its life: it comes back.
    phone.look_at("done/1")
    take(phone)
    id = phone.page.evaluate("location.hash")
    phone.is_kept(id)
    phone.kill()
    phone.start().open_app()
    phone.sees("photo")
    expect(phone.page.locator("[data-part=back]")).to_have_attribute("href", "#done/1")
    finish(phone)
    phone.sees("done")
    expect(phone.page.locator("[data-view=done] .strip a")).to_have_count(2)
    phone.look_at("photos")
    phone.page.locator("[data-photo] a").first.click()
    phone.sees("photo")
    finish(phone)
    phone.sees("photos")


def take(phone: Phone) -> None:
    with phone.page.expect_file_chooser() as asked:
        phone.page.locator("[data-do=take]:visible").click()
    asked.value.set_files([jpeg(len(phone.draft_of("photo")) + 1)])
    phone.sees("photo")


def finish(phone: Phone) -> None:
    phone.page.locator("[data-view=photo] [data-do=next]").click()
    phone.page.locator("[name=photo-people][value=none]").check()
    phone.page.locator("[data-view=photo] [data-do=done]").click()


@pytest.mark.parametrize("question", ["b.1", "b.2"])
def test_a_field_that_is_written_in_is_seen_whole(phone: Phone, question: str) -> None:
    page = phone.page
    phone.look_at(f"ask/1/{question}")
    card = phone.question(question)
    page.locator("[data-do=remark]").click()
    remark = card.locator("textarea[name=remark]")
    expect(remark).to_be_focused()
    is_seen(remark)
    page.set_viewport_size(KEYBOARD)  # type: ignore[arg-type]
    is_seen(remark)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    phone.look_at("home")
    phone.look_at("ask/1/b.2")
    answer = phone.question("b.2").locator("textarea[name='b.2']")
    answer.focus()
    page.set_viewport_size(KEYBOARD)  # type: ignore[arg-type]
    is_seen(answer)


def is_seen(field: Locator) -> None:
    field.page.wait_for_timeout(400)
    where = field.evaluate(SEEN)
    assert where["top"] <= where["from"] and where["to"] <= where["foot"], json.dumps(where)
