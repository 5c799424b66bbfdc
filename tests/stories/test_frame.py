"""The frame round every page, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from webapp.operators.models import Role

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("key", "title"),
    [("h", "Home"), ("d", "Deliveries"), ("a", "Visitors"), ("s", "Services"), ("w", "Workflows")],
)
def test_the_keyboard_goes_from_page_to_page(
    page_as: Callable[[Role], Page], site: str, key: str, title: str
):
    page = page_as(Role.MARKETER)
    page.goto(f"{site}/profile")

    page.keyboard.press("g")
    page.keyboard.press(key)

    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.faults == []
