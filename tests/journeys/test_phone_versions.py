"""One person writes on two phones without a signal: both are kept, and the author chooses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Ground, Site
from tests.journeys.phone import Line, Phone
from tests.journeys.test_phone import Known, jpeg


@pytest.fixture
def lines(site: Site) -> Iterator[tuple[Line, Line]]:
    to = int(site.url.rpartition(":")[2])
    with Line(to) as first, Line(to) as second:
        yield first, second


def test_the_author_chooses(
    browser: Browser, site: Site, ground: Ground, lines: tuple[Line, Line], tmp_path: Path
) -> None:
    known = Known(site, ground.walk)
    first = Phone(browser.browser_type, tmp_path / "first", lines[0])
    second = Phone(browser.browser_type, tmp_path / "second", lines[1])
    with first.start(), second.start():
        code = first.join(ground.walk.code)
        first.add_photo(jpeg(1), "before")
        first.look_at("ask/1/b.1")
        first.tap("b.1", "1")
        first.look_at("home")
        first.everything_received_but_originals()
        second.recover(ground.walk.code, code)
        for phone, words, value in ((first, "on the first", "2"), (second, "on the second", "3")):
            phone.lose_signal()
            phone.look_at("ask/1/b.1")
            phone.tap("b.1", value)
            phone.look_at("photos")
            phone.page.locator("[data-photo] a").click()
            phone.caption.fill(words)
            phone.finish_photo()
        second.find_signal()
        second.everything_received_but_originals()
        first.find_signal()
        first.look_at("tray")
        expect(first.page.locator("[data-part=here]")).to_contain_text("2 need you", timeout=30_000)
        first.page.get_by_role("link", name="Written on two phones").click()

        pairs = first.page.locator("[data-part=pairs] section")
        expect(pairs).to_have_count(2)
        answers, photo = pairs.filter(has_text="The square"), pairs.filter(has_text="on the first")
        expect(answers.locator("[data-part=mine]")).to_contain_text("2 Disagree")
        expect(answers.locator("[data-part=theirs]")).to_contain_text("A stranger would help.3")
        expect(photo.locator("[data-part=theirs]")).to_contain_text("on the second")
        photo.locator("[data-choose=theirs]").click()
        expect(pairs).to_have_count(1)
        answers.locator("[data-choose=mine]").click()
        first.is_ready()
        first.everything_received_but_originals()
        expect(first.page.get_by_role("link", name="Written on two phones")).to_be_hidden()
        assert [each["b.1"] for each in known.answers()] == [2]
        assert [each.caption for each in known.photos()] == [{"en": "on the second"}]

        # What this phone writes from now on counts.
        first.look_at("ask/1/b.1")
        expect(first.card.locator("input[value='2']")).to_be_checked()
        first.tap("b.1", "4")
        first.look_at("home")
        first.everything_received_but_originals()
        assert [each["b.1"] for each in known.answers()] == [4]
        assert not first.errors + second.errors
