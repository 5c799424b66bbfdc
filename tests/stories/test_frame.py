"""The frame round every page, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from webapp.operators.models import Role

pytestmark = pytest.mark.browser


def test_the_keyboard_goes_from_page_to_page(page_as: Callable[[Role], Page], site: str):
    page = page_as(Role.MARKETER)
    page.goto(site)

    page.keyboard.press("g")
    page.keyboard.press("w")

    expect(page.get_by_role("heading", level=1)).to_have_text("Workflows")
    assert page.faults == []
