"""What an operator does with one thumb."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_workflow
from tests.stories.fingers import missed_by_fingers
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role

pytestmark = pytest.mark.browser


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
