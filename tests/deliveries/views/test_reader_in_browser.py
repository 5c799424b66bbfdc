"""The preview is read as whoever is looked for, while the draft stays as it is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import reached
from tests.support.factories import make_delivery, make_subscription, make_visitor
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service

pytestmark = pytest.mark.browser


def test_a_name_typed_over_the_preview_shows_that_person_at_once(
    page_as: Callable[[Role], Page], site: str, runtime: Runtime, service: Service
):
    for name in ("Ana Ruiz", "Bo Lind", "Noè Greco"):
        make_subscription(runtime, service, make_visitor(runtime, name=name))
    draft = make_delivery(runtime, service)
    page = page_as(Role.MARKETER)
    page.goto(f"{site}/deliveries/{draft.id}/compose?step=content")
    reached(page, "window.htmx !== undefined && document.readyState === 'complete'")

    page.get_by_label("Read it as a person of the target: name or username").fill("gre")

    expect(page.locator(".ff-bubble")).to_contain_text("Hi Noè")
    expect(page.locator(".ff-preview-nav")).to_contain_text("3 of 3")
    expect(page.locator("#whom")).to_have_value("gre")
