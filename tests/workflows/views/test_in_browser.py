"""Workflows in a real browser: what is confirmed is what was asked about, whatever runs by then."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from tests.support.browser import reached
from tests.support.factories import make_workflow
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import NOTHING
from webapp.operators.models import Role
from webapp.workflows import control, runs
from webapp.workflows.models import Run, RunState, Workflow, WorkflowState

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page_as: Callable[[Role], Page]) -> Page:
    """The tab of an administrator."""
    return page_as(Role.ADMIN)


def under_way(runtime: Runtime) -> tuple[Workflow, Run]:
    workflow = make_workflow(runtime)
    control.start(runtime, workflow.id)
    run = control.run_now(runtime, workflow.id)
    run.state, run.started_at = RunState.RUNNING, runtime.now()
    runtime.session.commit()
    return workflow, run


def ended(runtime: Runtime, run: Run) -> None:
    runs.end(runtime, run, RunState.DONE, NOTHING)
    runtime.session.commit()


def asked_to_stop(page: Page, address: str) -> None:
    page.goto(address)
    reached(page, "window.htmx !== undefined && document.readyState === 'complete'")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def counted(runtime: Runtime) -> int:
    runtime.session.expire_all()
    return runtime.session.scalar(select(func.count(Run.id))) or 0


def test_stop_confirmed_after_the_run_ended_starts_and_stops_nothing(
    page: Page, site: str, runtime: Runtime
):
    workflow, run = under_way(runtime)
    asked_to_stop(page, f"{site}/workflows")

    # The page has not looked again yet, so the dialog cannot know.
    ended(runtime, run)
    page.get_by_role("dialog").get_by_role("button", name="Stop").click()

    expect(page.locator("main")).to_contain_text("That run ended by itself meanwhile")
    assert counted(runtime) == 1
    assert workflow.state is WorkflowState.STARTED
    assert page.faults == []


def test_the_dialog_says_when_what_it_asks_about_is_over(page: Page, site: str, runtime: Runtime):
    workflow, run = under_way(runtime)
    asked_to_stop(page, f"{site}/workflows")

    ended(runtime, run)

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_contain_text("has changed meanwhile")
    expect(dialog.get_by_role("button", name="Stop")).to_have_count(0)
    dialog.get_by_role("button", name="Go back").click()
    # The page below is alive, and shows what stands there now.
    page.get_by_role("button", name="Run now").click()
    expect(page.locator("main")).to_contain_text("runs now")
    assert counted(runtime) == 2
    assert workflow.state is WorkflowState.STARTED
    assert page.faults == []


def test_a_new_run_is_not_stopped_for_an_old_one(page: Page, site: str, runtime: Runtime):
    workflow, run = under_way(runtime)
    asked_to_stop(page, f"{site}/workflows")

    ended(runtime, run)
    following = control.run_now(runtime, workflow.id)
    page.get_by_role("dialog").get_by_role("button").last.click()

    page.wait_for_timeout(500)
    runtime.session.refresh(following)
    assert not following.stop_asked


def test_an_open_menu_stays_open_and_the_focus_stays_while_the_list_looks_again(
    page: Page, site: str, runtime: Runtime
):
    under_way(runtime)
    page.goto(f"{site}/workflows")
    reached(page, "window.htmx !== undefined && document.readyState === 'complete'")
    menu = page.locator("#workflows details").first
    menu.locator("summary").click()
    page.keyboard.press("Tab")

    page.wait_for_event("requestfinished", lambda asked: asked.url.endswith("/workflows"))
    page.wait_for_event("requestfinished", lambda asked: asked.url.endswith("/workflows"))

    expect(menu).to_have_attribute("open", "")
    expect(page.get_by_role("link", name="Runs and journal")).to_be_focused()


@pytest.mark.parametrize("place", ["/workflows", "/workflows/{}"])
def test_the_whole_page_tells_one_state_of_a_run_that_ends(
    page: Page, site: str, runtime: Runtime, place: str
):
    workflow, run = under_way(runtime)
    page.goto(f"{site}{place.format(workflow.id)}")
    runtime.session.commit()
    reached(page, "window.htmx !== undefined && document.readyState === 'complete'")
    expect(page.locator("#runs")).to_contain_text("Running")

    ended(runtime, run)

    expect(page.get_by_text("Running")).to_have_count(0)
    expect(page.locator("#runs")).to_contain_text("Done")
    expect(page.get_by_role("button", name="Run now")).to_be_visible()
    assert page.faults == []
