"""Planning a delivery in a real browser: moments that are a click away, and no error meanwhile."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Response, expect

from tests.support.composer import expect_saved, fresh, open_step
from tests.support.factories import make_delivery
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service

pytestmark = pytest.mark.browser

# The test clock stands on Monday 23 November 2026, 10:00 in Paris.
TOMORROW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
THIS_EVENING = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


@pytest.fixture
def page(page_as: Callable[[Role], Page]) -> Page:
    return page_as(Role.MARKETER)


@pytest.fixture
def post(runtime: Runtime, service: Service) -> Delivery:
    return make_delivery(runtime, service, kind=DeliveryKind.POST)


def refusals(page: Page) -> list[int]:
    """Return a list that each refused request adds to."""
    found: list[int] = []

    def note(response: Response) -> None:
        found.extend([response.status] if response.status >= 400 else [])

    page.on("response", note)
    return found


def test_choosing_at_is_saved_at_once_with_tomorrow_morning(
    page: Page, site: str, runtime: Runtime, post: Delivery
):
    refused = refusals(page)
    open_step(page, site, post, "post")

    page.get_by_label("At", exact=True).check()

    expect_saved(page)
    assert fresh(runtime, post).scheduled_at == TOMORROW
    expect(page.locator("#begin-zone")).to_have_text("CET")
    expect(page.locator("#when")).to_contain_text("Tuesday 24 November 2026, 09:00 CET")
    assert (refused, page.faults) == ([], [])


@pytest.mark.parametrize("width", [1280, 375])
def test_a_moment_that_is_offered_is_one_click_away(
    page: Page, site: str, runtime: Runtime, post: Delivery, width: int
):
    refused = refusals(page)
    page.set_viewport_size({"width": width, "height": 900})
    open_step(page, site, post, "post")

    page.get_by_role("button", name="Today 18:00").click()

    expect_saved(page)
    assert page.get_by_label("At", exact=True).is_checked()
    assert fresh(runtime, post).scheduled_at == THIS_EVENING
    expect(page.locator("#side")).to_contain_text("today 18:00 CET")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert (refused, page.faults) == ([], [])


def test_the_zone_follows_the_day_that_is_typed(
    page: Page, site: str, runtime: Runtime, post: Delivery
):
    open_step(page, site, post, "post")
    page.get_by_label("At", exact=True).check()

    page.get_by_label("Day", exact=True).fill("2027-07-01")

    expect(page.locator("#begin-zone")).to_have_text("CEST")
    expect(page.locator("#side")).to_contain_text("09:00 CEST")
    expect(page.locator("main")).not_to_contain_text("CET")


def test_return_in_another_field_schedules_nothing(
    page: Page, site: str, runtime: Runtime, post: Delivery
):
    open_step(page, site, post, "post")

    page.get_by_label("Label", exact=True).fill("Autumn")
    page.get_by_label("Label", exact=True).press("Enter")

    expect(page.get_by_role("heading", name="Autumn")).to_be_visible()
    assert fresh(runtime, post).scheduled_at is None
