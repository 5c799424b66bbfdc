"""Connecting an account and changing it, as a person does in a real browser, on a phone too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from channels import ChannelError, ErrorKind
from tests.stories.walking import looked_at
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.channel.context import context_of
from webapp.services.models import Service

pytestmark = pytest.mark.browser

PHONE = {"width": 375, "height": 800}


@pytest.fixture
def page(page_as: Callable[[Role], Page]) -> Page:
    """The tab of an administrator."""
    return page_as(Role.ADMIN)


def fill(page: Page, token: str) -> None:
    page.get_by_label("Label").fill("Atelier Nord")
    page.get_by_label("Handle", exact=True).fill("ateliernord")
    page.get_by_label("Token").fill(token)


def test_settings_are_saved_with_the_keys_left_empty(page: Page, site: str, runtime: Runtime):
    service = make_service(runtime, internal_name="ateliernord", remote_id="1")
    page.goto(f"{site}/services/{service.id}/settings")

    colour = "one => getComputedStyle(one).backgroundColor"
    shut, open_one = page.get_by_label("Handle", exact=True), page.get_by_label("Label")
    assert shut.evaluate(colour) != open_one.evaluate(colour)

    page.get_by_label("Direct messages a day, at most").fill("99")
    page.get_by_role("button", name="Save and check").click()

    expect(page.get_by_text("The settings are saved")).to_be_visible()
    runtime.session.refresh(service)
    assert service.daily_cap == 99
    assert context_of(runtime, service).secret("token") == "good"
    assert page.faults == []


def test_what_was_found_is_said_beside_the_button_on_a_phone(page: Page, site: str):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/services/new/fake")
    guide, form = page.locator("#guide").bounding_box(), page.locator("#label").bounding_box()
    assert guide["y"] < form["y"]
    fill(page, "wrong")

    page.get_by_role("button", name="Check these keys").click()

    answer = page.locator("#tried")
    expect(answer).to_contain_text("Make a new one.")
    expect(answer).to_be_in_viewport()
    expect(page.locator("#guide")).to_contain_text("Make a new one.")
    looked_at(page)

    page.get_by_label("Token").fill("good")
    page.get_by_role("button", name="Check these keys").click()
    expect(answer).to_contain_text("Connect the account now.")
    looked_at(page)


def test_pasted_keys_are_kept_when_the_network_cannot_be_reached(
    page: Page, site: str, runtime: Runtime, network: FakeNetwork
):
    def refuse(_context: object) -> None:
        raise ChannelError("Fake cannot be reached.", kind=ErrorKind.TEMPORARY)

    network.on_ask = refuse
    page.goto(f"{site}/services/new/fake")
    fill(page, "good")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("Fake cannot be reached.")).to_be_visible()
    expect(page.get_by_label("Token")).to_have_value("")
    expect(page.locator("label[for=channel-token]")).to_contain_text("kept")
    page.faults.clear()  # the browser notes the answer 422
    looked_at(page)

    network.on_ask = lambda _context: None
    page.get_by_role("button", name="Connect", exact=True).click()

    expect(page.get_by_text("@ateliernord is connected.")).to_be_visible()
    expect(page.locator("#checks")).to_contain_text("The keys open this account")
    assert runtime.session.query(Service).count() == 1
