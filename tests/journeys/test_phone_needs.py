"""When a phone needs its owner, each case is drawn, looked at by axe in light and dark and on narrow screens, reached
by the keyboard, and read in the tree that a screen reader gets."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Site
from tests.journeys.needs import Needs, open_page, serving
from tests.journeys.test_access import tab_to
from tests.journeys.test_phone_access import Look, heading
from tests.makers import MadeWalk


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[tuple[Site, MadeWalk]]:
    with serving(tmp_path) as found:
        yield found


def test_each_need_is_drawn_said_and_reached_by_the_keyboard(browser: Browser, ground: tuple[Site, MadeWalk]) -> None:
    page = open_page(browser)
    needs, look = Needs(page, *ground, "en"), Look(page)

    def reads(*said: str) -> None:
        tree = page.locator("body").aria_snapshot()
        for each in said:
            assert re.search(each, tree), f"a screen reader does not hear “{each}”:\n{tree}"

    needs.waiting()
    look("tray, waiting")
    reads(r'status:\n\s+- link ".*2 on this phone.*received', r'heading "2 things wait on this phone" \[level=1\]')
    reads(r'paragraph:\s+- link "A bench"', "paragraph: Answers to a checklist", 'button "Send everything now')
    tab_to(page, "[data-part=send]")

    needs.refused()
    look("tray, refused")
    reads("1 needs you", r'paragraph:\s+- link "A bench"', 'paragraph: "No photos at this stop', 'button "Try again"')
    tab_to(page, "[data-part=items] button, [data-part=items] a")

    needs.full()
    look("no room")
    reads(r"alert:\s+- paragraph: There is no more room for pictures")
    page.keyboard.press("Escape")

    needs.older()
    look("an older app")
    reads("There is a newer version of these pages", 'button "Use it now"')
    tab_to(page, "[data-do=renew]")

    needs.lent()
    look("lent")
    reads(
        'heading "Who is using this phone\\?"',
        'button "Who joined on',
        'button "Now: who joined on',
        "Lend this phone to somebody else",
    )
    tab_to(page, "[data-part=whom] button:not([aria-current])")
    page.keyboard.press("Enter")
    heading(page, "home")

    needs.shut_out()
    look("shut out")
    reads("This phone has been shut out", 'link "I have a recovery code"')
    tab_to(page, "[data-part=shut] a")

    needs.recover()
    look("a recovery code")
    reads('textbox "Recovery code"', 'button "Continue"')
    tab_to(page, "#recovery")
    assert needs.code
    page.keyboard.type(needs.code)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    needs.app.until("() => document.body.dataset.ready === 'yes'")
    needs.app.show("tray")
    expect(page.locator("[data-part=shut]")).to_be_hidden()
    page.context.close()
    assert not look.wrong, "\n".join(dict.fromkeys(look.wrong))
