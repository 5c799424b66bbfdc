"""The pages of deliveries in a real browser: what moves, what opens in place, what axe says."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from channels import ErrorKind
from tests.support.accessibility import look, violations_by_turns
from tests.support.browser import reached
from tests.support.deliveries import begin, fault, ready, sent
from tests.support.factories import make_delivery, make_subscription, make_visitor
from tests.support.fakes import FakeNetwork, direct_limit, direct_price
from webapp.deliveries import sending
from webapp.deliveries.drafts import templates
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page_as: Callable[[Role], Page]) -> Page:
    """The tab of a marketer."""
    return page_as(Role.MARKETER)


@pytest.fixture
def mixed(runtime: Runtime, service: Service, network: FakeNetwork) -> Delivery:
    """A delivery on its way, with messages that are sent, failed, unknown, waiting, left out."""
    network.limits, network.prices = [direct_limit(4)], [direct_price("0.015")]
    make_subscription(runtime, service, make_visitor(runtime, accepts_messages=False))
    network.before = [None, fault(ErrorKind.PERMANENT, "not_permitted", said="Not permitted.")]
    network.after = [None, fault(ErrorKind.UNKNOWN)]
    return sent(runtime, service, people=6)


def failed(runtime: Runtime, delivery: Delivery) -> int:
    rows = runtime.session.query(Message).filter_by(delivery_id=delivery.id)
    found = rows.filter_by(state=MessageState.FAILED).one().id
    runtime.session.commit()
    return found


def wait_for_script(page: Page) -> None:
    reached(page, "window.htmx !== undefined && document.readyState === 'complete'")


# Each theme and each width once; axe looks at each page in one of them.
@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 375)])
def test_no_page_has_an_accessibility_fault(
    page: Page, site: str, runtime: Runtime, service: Service, mixed, theme: str, width: int
):
    done = sent(runtime, service, people=1, content="Doors open. {opt_out_line}")
    waits = ready(runtime, service, people=1, content="Hi {first_name|there}, spring is here.")
    templates.save_as(runtime, make_delivery(runtime, service), "Letter")
    own = templates.every(runtime)[-1].id
    why = failed(runtime, mixed)
    look(page, theme, width)
    wrong = []

    paths = (
        "/deliveries",
        "/deliveries?q=nothing+like+this",
        f"/deliveries/{waits.id}/confirm",
        f"/deliveries/{mixed.id}?why={why}",
        f"/deliveries/{mixed.id}/exclusions?reason=accepts_none",
        f"/deliveries/{mixed.id}/proofs",
        f"/deliveries/{mixed.id}/audit",
        f"/deliveries/{done.id}",
        "/templates",
        f"/templates/{own}",
    )
    for number, path in enumerate(paths):
        page.goto(f"{site}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        wrong += [f"{path} {fault}" for fault in violations_by_turns(page, number, theme)]

    assert wrong == []


def test_the_page_follows_a_delivery_until_it_is_over(
    page: Page, site: str, runtime: Runtime, service: Service
):
    delivery = begin(runtime, ready(runtime, service))
    page.goto(f"{site}/deliveries/{delivery.id}")
    expect(page.locator("#live")).to_contain_text("0 of 3 sent")
    page.evaluate("window.kept = true")

    sending.send_batch(runtime, delivery.id)

    expect(page.locator("#live")).to_contain_text("3 of 3 sent")
    expect(page.locator("#delivery-state")).to_have_text("Finished")
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    expect(page.locator("#log tbody")).to_contain_text("Sent")
    assert page.evaluate("window.kept")
    expect(page.locator("#live [hx-trigger]")).to_have_count(0)
    assert page.faults == []


def test_why_opens_in_place_and_stays_open_while_the_page_looks_again(
    page: Page, site: str, mixed: Delivery
):
    page.goto(f"{site}/deliveries/{mixed.id}?state=failed")
    page.evaluate("window.kept = true")

    page.get_by_role("link", name="Why?").click()
    expect(page.get_by_role("heading", name="Why was it not sent?")).to_be_visible()
    page.wait_for_event("response", lambda answer: "why=" in answer.url)
    expect(page.get_by_text("Not permitted.")).to_be_visible()
    page.get_by_role("link", name="Close").click()

    expect(page.get_by_role("heading", name="Why was it not sent?")).to_have_count(0)
    assert page.evaluate("window.kept")
    expect(page).to_have_url(re.compile("state=failed"))
    assert page.faults == []


def test_a_recipient_is_found_while_typing(
    page: Page, site: str, runtime: Runtime, service: Service
):
    make_subscription(runtime, service, make_visitor(runtime, name="Bo Wester", handle="bo_wester"))
    delivery = sent(runtime, service)
    page.goto(f"{site}/deliveries/{delivery.id}")
    wait_for_script(page)

    page.get_by_label("Find a recipient").press_sequentially("wester")

    expect(page.locator("#log tbody tr")).to_have_count(1)
    expect(page.locator("#log tbody tr")).to_contain_text("Bo Wester")
    expect(page).to_have_url(re.compile("q=wester"))
    assert page.faults == []


def test_stopping_asks_first_and_names_what_is_lost(
    page: Page, site: str, runtime: Runtime, service: Service
):
    delivery = begin(runtime, ready(runtime, service))
    page.goto(f"{site}/deliveries/{delivery.id}")
    wait_for_script(page)

    page.get_by_role("button", name="Stop").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 messages were not sent yet and will be cancelled for good.")
    dialog.get_by_role("button", name="Stop and cancel 3 messages").click()

    expect(page.locator("#delivery-state")).to_have_text("Stopped")
    expect(page.locator("#live")).to_contain_text("3 cancelled")


def test_accepting_every_warning_sends_with_one_button(
    page: Page, site: str, runtime: Runtime, service: Service
):
    delivery = ready(runtime, service, content="Hi {first_name|there}, spring is here.")
    page.goto(f"{site}/deliveries/{delivery.id}/confirm")
    wait_for_script(page)
    send = page.get_by_role("button", name="Send 3 direct messages")

    expect(send).to_be_disabled()
    for box in page.get_by_label("Accept the warning:").all():
        box.check()
    expect(page.locator("#send-panel")).not_to_contain_text("warnings first, on the left")
    send.click()

    expect(page.locator("#live")).to_contain_text("0 of 3 sent")


def test_everything_works_without_scripts(
    browser, site: str, page: Page, runtime: Runtime, mixed: Delivery
):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()

    plain.goto(f"{site}/deliveries")
    plain.get_by_role("link", name="Spring").click()
    plain.get_by_role("link", name="Failed 1").click()
    plain.get_by_role("link", name="Why?").click()
    expect(plain.get_by_text("Put this person in quarantine")).to_be_visible()
    plain.get_by_role("button", name="Lift the quarantine").click()
    expect(plain.get_by_text("The quarantine is lifted")).to_be_visible()
    plain.get_by_role("link", name="Refresh").click()
    plain.get_by_role("button", name="Pause").click()

    expect(plain.locator("#delivery-state")).to_have_text("Paused")
    context.close()
