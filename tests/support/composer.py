"""Reads a draft as the composer left it, knows the addresses of its pages and their parts."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect

from tests.support.browser import reached
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime


def fresh(runtime: Runtime, delivery: Delivery) -> Delivery:
    """Read a delivery anew, and leave the database to the next request."""
    runtime.session.rollback()
    found = editing.get(runtime, delivery.id)
    runtime.session.commit()
    return found


def address(delivery: Delivery, more: str = "compose") -> str:
    return f"/deliveries/{delivery.id}/{more}"


def open_step(page: Page, site: str, delivery: Delivery, step: str = "content") -> None:
    """Open the composer and mark the document, to tell whether it is the same one later."""
    page.goto(f"{site}{address(delivery)}?step={step}")
    reached(page, "window.htmx !== undefined && document.readyState === 'complete'")
    page.evaluate("window.kept = true")


def text_of(page: Page) -> Locator:
    return page.get_by_label("Message", exact=True)


def saved(page: Page) -> Locator:
    return page.locator("#saved")


def expect_saved(page: Page) -> None:
    """Expect that all is saved; how long ago that was changes while anybody looks."""
    expect(saved(page)).to_have_text(re.compile("^Saved "))


def hold(held: list[Route]) -> Callable[[Route], None]:
    """Return a handler that keeps requests back until the test lets them through."""

    def handle(route: Route) -> None:
        held.append(route)

    return handle
