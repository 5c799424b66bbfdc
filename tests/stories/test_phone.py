"""What an operator does with one thumb."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stories.fingers import missed_by_fingers
from tests.support.deliveries import sent
from tests.support.factories import (
    make_delivery,
    make_service,
    make_subscription,
    make_visitor,
    make_workflow,
)
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role

pytestmark = pytest.mark.browser

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture
def phone(page_as: Callable[[Role], Page]) -> Page:
    """The tab of an administrator, as wide as a phone."""
    page = page_as(Role.ADMIN)
    page.set_viewport_size({"width": 375, "height": 812})
    return page


@pytest.mark.parametrize("path", ["/settings/operators", "/workflows", "/audience/visitors"])
def test_all_that_is_pressed_is_large_enough_and_opens_on_the_screen(
    phone: Page, site: str, runtime: Runtime, path: str
):
    make_workflow(runtime)
    runtime.session.commit()

    phone.goto(site + path)

    assert missed_by_fingers(phone) == []


def test_a_card_opens_wherever_it_is_pressed(phone: Page, site: str, runtime: Runtime):
    workflow = make_workflow(runtime)
    runtime.session.commit()
    phone.goto(f"{site}/workflows")

    phone.locator("tbody tr").first.click(position={"x": 170, "y": 50})

    expect(phone).to_have_url(f"{site}/workflows/{workflow.id}")


def test_the_theme_is_changed_in_the_operators_own_menu(phone: Page, site: str):
    phone.goto(f"{site}/workflows")
    phone.get_by_label("Your menu").click()

    phone.get_by_role("button", name="Theme: as the system. Change to light").click()

    expect(phone.get_by_role("button", name="Theme: light. Change to dark")).to_be_visible()
    expect(phone.locator("html")).to_have_attribute("data-bs-theme", "light")


@pytest.mark.parametrize("width", [375, 1280])
def test_a_word_longer_than_its_place_moves_no_page_sideways(
    phone: Page, site: str, runtime: Runtime, width: int
):
    service = make_service(runtime, label=LONG)
    visitor = make_visitor(runtime, name=LONG)
    make_subscription(runtime, service, visitor)
    delivery = make_delivery(runtime, service, label=LONG)
    runtime.session.commit()
    paths = ["/services", "/deliveries", "/audience/visitors", f"/search?q={LONG[:5]}"]
    paths += [f"/audience/visitors/{visitor.id}", f"/deliveries/{delivery.id}/audit"]
    phone.set_viewport_size({"width": width, "height": 812})

    wide = {path: wide_as(phone, site + path) for path in paths}

    assert wide == dict.fromkeys(paths, width)


def wide_as(page: Page, address: str) -> int:
    """How wide a page is that may not be wider than its screen."""
    page.goto(address)
    return int(page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize(
    "path", ["/settings/health", "/services/{service}/quota", "/deliveries?view=done"]
)
def test_the_tab_that_is_open_is_in_sight(phone: Page, site: str, runtime: Runtime, path: str):
    service = make_service(runtime)
    make_delivery(runtime, service)
    runtime.session.commit()

    phone.goto(site + path.format(service=service.id))

    current = phone.locator("main nav:is(.ff-tabs, .ff-subnav) [aria-current]").first
    box = current.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 375


def test_a_trail_stays_on_one_line_and_its_end_is_cut(phone: Page, site: str, runtime: Runtime):
    over = sent(runtime, make_service(runtime, internal_name="a_name_as_long_as_names_may_be"))

    phone.goto(f"{site}/deliveries/{over.id}")

    tops = phone.locator(".ff-crumbs li").evaluate_all(
        "items => new Set(items.map(item => Math.round(item.getBoundingClientRect().top))).size"
    )
    assert tops == 1


def test_a_number_of_a_card_says_what_it_counts(phone: Page, site: str, runtime: Runtime):
    sent(runtime, make_service(runtime), label="Spring letter")

    phone.goto(f"{site}/deliveries")

    labels = phone.locator("#deliveries td[data-label]").evaluate_all(
        "cells => cells.map(cell => getComputedStyle(cell, '::before').content)"
    )
    assert '"Sent"' in labels
    assert '"Cost"' in labels
