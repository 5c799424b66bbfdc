"""An opt-in that is refused stays open, in sight, with the keyboard at what is wrong."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.factories import make_service, make_subscription, make_visitor
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role


@pytest.mark.browser
def test_a_day_to_come_is_shown_where_it_was_typed(
    page_as: Callable[[Role], Page], site: str, runtime: Runtime
):
    ada = make_visitor(runtime)
    make_subscription(runtime, make_service(runtime), ada)
    page = page_as(Role.MARKETER)
    page.set_viewport_size({"width": 375, "height": 500})
    page.goto(f"{site}/audience/visitors/{ada.id}")
    page.locator("summary", has_text="Record an opt-in").click()
    form = page.get_by_role("form", name="Opt-in for")
    form.locator("[name$=day]").fill("2039-01-01")
    form.locator("[name$=purpose]").fill("News")
    form.locator("[name$=proof]").fill("A letter")

    form.get_by_role("button", name="Record the opt-in").click()

    wrong = page.locator("[aria-invalid=true]").first
    expect(wrong).to_be_focused()
    expect(wrong).to_be_in_viewport()
    expect(wrong).to_have_value("2039-01-01")
