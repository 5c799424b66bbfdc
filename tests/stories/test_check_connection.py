"""*Check connection*, live in a browser and without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from channels import Check, CheckState
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role

pytestmark = pytest.mark.browser


def test_each_check_is_shown_and_the_page_follows(
    runtime: Runtime, network: FakeNetwork, page_as: Callable[[Role], Page], site: str
):
    service = make_service(runtime)
    network.checks = [
        Check(
            code="clock",
            label="Clock agrees",
            state=CheckState.ERROR,
            detail="It is 400 s off.",
            fix="Set the clock.",
        )
    ]
    page = page_as(Role.ADMIN)
    page.goto(f"{site}/services/{service.id}")

    page.get_by_role("button", name="Check connection").click()

    expect(page.locator("#checks > li")).to_have_count(2)
    expect(page.locator("#checks")).to_contain_text("It is 400 s off. Set the clock.")
    expect(page.locator(".ff-title")).to_contain_text("Needs fixing")
    expect(page.get_by_role("button", name="Check connection")).to_be_enabled()
    assert page.faults == []
