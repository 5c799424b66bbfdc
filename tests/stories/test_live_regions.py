"""Parts of a page that change by themselves leave alone what somebody is doing there."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from channels import ErrorKind
from channels.clock import FileClock
from tests.support.browser import reached
from tests.support.deliveries import begin, fault, ready
from tests.support.factories import make_delivery, make_service, make_subscription
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.deliveries import sending
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role

pytestmark = pytest.mark.browser

REGION = """
<div id="region"><p>{word}</p>
  <details><summary>More</summary>Open.</details>
  <input name="words" value="as served" aria-label="Words">
  <input type="checkbox" name="tick" aria-label="Tick">
  <select name="one" aria-label="One"><option>first</option><option>second</option></select>
  <textarea name="text" aria-label="Text"></textarea>
  <dialog id="question" aria-label="Question"><p>{word}</p>
    <form method="dialog"><button>Close</button></form></dialog>
</div>"""


@pytest.fixture
def page(page_as: Callable[[Role], Page], site: str) -> Page:
    """The tab of an administrator, on a page with a region that can change."""
    page = page_as(Role.ADMIN)
    page.goto(f"{site}/profile")
    reached(page, "window.htmx !== undefined && document.readyState === 'complete'")
    page.evaluate(
        "html => document.querySelector('main').insertAdjacentHTML('beforeend', html)",
        REGION.format(word="before"),
    )
    return page


def changes(page: Page) -> None:
    """Let the region change as an answer of the server changes it."""
    page.evaluate(
        "html => htmx.swap('#region', html, {swapStyle: 'morph:outerHTML'},"
        " {contextElement: document.body})",
        REGION.format(word="after"),
    )
    expect(page.locator("#region > p")).to_have_text("after")


def test_typed_text_ticks_choices_and_open_parts_stay(page: Page):
    page.get_by_label("Words").fill("typed")
    page.get_by_label("Text").fill("typed too")
    page.get_by_label("Tick").check()
    page.get_by_label("One", exact=True).select_option("second")
    page.locator("#region summary").click()

    changes(page)

    expect(page.get_by_label("Words")).to_have_value("typed")
    expect(page.get_by_label("Text")).to_have_value("typed too")
    expect(page.get_by_label("Tick")).to_be_checked()
    expect(page.get_by_label("One", exact=True)).to_have_value("second")
    expect(page.locator("#region details")).to_have_attribute("open", "")


def test_an_open_dialog_is_reached_by_no_change_and_the_page_lives_after_it(page: Page):
    page.evaluate("document.getElementById('question').showModal()")

    changes(page)

    dialog = page.get_by_role("dialog", name="Question")
    expect(dialog).to_be_visible()
    expect(dialog.locator("p")).to_have_text("before")
    dialog.get_by_role("button", name="Close").click()
    page.get_by_label("Words").fill("alive")
    expect(page.get_by_label("Words")).to_have_value("alive")


def test_a_dialog_whose_part_of_the_page_leaves_is_closed_first(page: Page):
    page.evaluate("document.getElementById('question').showModal()")

    page.evaluate(
        "htmx.swap('#region', '<p id=\"region\">gone</p>', {swapStyle: 'morph:outerHTML'},"
        " {contextElement: document.body})"
    )

    expect(page.get_by_text("gone")).to_be_visible()
    page.get_by_role("link", name="Deliveries").first.click()
    expect(page).to_have_url(re.compile("/deliveries"))


def test_an_error_is_said_inside_the_dialog_that_is_open(page: Page, site: str):
    page.evaluate("document.getElementById('keys').showModal()")
    page.route("**/deliveries*", lambda route: route.abort())

    page.evaluate("void htmx.ajax('GET', '/deliveries', {target: '#region'}).catch(() => 0)")

    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("does not answer")


def test_looking_at_why_never_puts_the_live_part_into_itself(
    page: Page, site: str, runtime: Runtime, network: FakeNetwork, clock: FileClock
):
    """What was pressed leaves the page with the answer; the answer must be morphed all the same."""
    network.limits = [direct_limit(4)]
    network.before = [None, fault(ErrorKind.PERMANENT, "not_permitted", said="Not permitted.")]
    delivery = begin(runtime, ready(runtime, make_service(runtime), people=6))
    sending.send_batch(runtime, delivery.id)
    clock.advance(timedelta(seconds=5))
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.goto(f"{site}/deliveries/{delivery.id}?state=failed")
    reached(page, "window.htmx !== undefined && document.readyState === 'complete'")

    page.get_by_role("link", name="Why?").click()
    expect(page.get_by_role("heading", name="Why was it not sent?")).to_be_visible()
    page.get_by_role("link", name="Close").click()
    expect(page.get_by_role("heading", name="Why was it not sent?")).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Sent")).click()
    page.wait_for_event("requestfinished", lambda asked: "state=sent" in asked.url)
    page.wait_for_timeout(200)

    assert page.locator("#live").count() == 1
    assert said == []


def test_what_is_open_beside_the_composer_stays_open_when_it_saves(
    page: Page, site: str, runtime: Runtime
):
    service = make_service(runtime)
    make_subscription(runtime, service)
    make_subscription(runtime, service, opted_out_at=runtime.now())
    delivery = make_delivery(runtime, service)
    page.goto(f"{site}/deliveries/{delivery.id}/compose?step=target")
    reached(page, "window.htmx !== undefined && document.readyState === 'complete'")
    page.locator("#count summary").click()

    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("All subscribers").check()
    expect(page.locator("#saved")).to_contain_text("Saved")

    expect(page.locator("#count details")).to_have_attribute("open", "")
