"""Setting a schedule in a real browser, as a person would."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.factories import make_workflow
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.workflows.models import Workflow

pytestmark = pytest.mark.browser


def kept(runtime: Runtime, workflow: Workflow) -> str:
    found = runtime.session.get_one(Workflow, workflow.id, populate_existing=True)
    runtime.session.commit()
    return found.schedule


@pytest.mark.parametrize("width", [1280, 375])
def test_days_are_ticked_and_a_time_is_typed(
    page_as: Callable[[Role], Page], site: str, runtime: Runtime, width: int
):
    workflow = make_workflow(runtime)
    page = page_as(Role.ADMIN)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}/workflows/{workflow.id}")
    assert page.get_by_label("Thu").is_checked()

    page.get_by_label("Thu").uncheck()
    page.get_by_label("Mon").check()
    page.get_by_label("Fri").check()
    page.get_by_label("Time").fill("18:15")
    page.get_by_role("button", name="Change the schedule").click()

    expect(page.get_by_text("The schedule is changed.")).to_be_visible()
    expect(page.get_by_text("Every Monday and Friday at 18:15")).to_be_visible()
    assert kept(runtime, workflow) == "15 18 * * 1,5"
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.faults == []


def test_a_wrong_expression_is_explained_and_can_be_mended(
    page_as: Callable[[Role], Page], site: str, runtime: Runtime
):
    workflow = make_workflow(runtime)
    page = page_as(Role.ADMIN)
    page.goto(f"{site}/workflows/{workflow.id}")

    page.get_by_text("More: cron expression").click()
    page.get_by_label("Cron expression").fill("*/90 * * * *")
    page.get_by_role("button", name="Use this expression").click()

    expect(page.get_by_text("does not run every 90 minutes")).to_be_visible()
    assert page.get_by_label("Cron expression").input_value() == "*/90 * * * *"
    assert kept(runtime, workflow) == "30 7 * * 4"

    page.get_by_label("Cron expression").fill("*/30 * * * *")
    page.get_by_role("button", name="Use this expression").click()

    expect(page.get_by_text("Every 30 minutes").first).to_be_visible()
    assert kept(runtime, workflow) == "*/30 * * * *"
