"""The frame round every page, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from webapp.operators.models import Role

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("h", re.compile("^Good ")),
        ("d", "Deliveries"),
        ("a", "Visitors"),
        ("s", "Services"),
        ("w", "Workflows"),
    ],
)
def test_the_keyboard_goes_from_page_to_page(
    page_as: Callable[[Role], Page], site: str, key: str, title: str | re.Pattern[str]
):
    page = page_as(Role.MARKETER)
    page.goto(f"{site}/profile")

    page.keyboard.press("g")
    page.keyboard.press(key)

    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.faults == []


def test_single_letters_are_turned_off_and_on_again(page_as: Callable[[Role], Page], site: str):
    page = page_as(Role.MARKETER)
    page.goto(f"{site}/profile")

    def switch() -> None:
        page.get_by_label("Your menu").click()
        page.get_by_role("button", name="Keyboard").click()
        page.get_by_role("switch", name="Single letters act").click()
        page.get_by_role("dialog").get_by_role("button", name="Close").click()

    switch()
    for key in ("g", "d", "n", "/", "?"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#search")).not_to_be_focused()
    expect(page).to_have_url(f"{site}/profile")
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)

    switch()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    assert page.faults == []
