"""The steps of the composer in a real browser: conditions, proofs, posts, and no scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.composer import expect_saved, fresh, open_step, text_of
from tests.support.factories import make_delivery
from webapp.deliveries import proofs, sending
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page_as: Callable[[Role], Page]) -> Page:
    """The tab of a marketer."""
    return page_as(Role.MARKETER)


def test_a_condition_is_added_from_its_menu(
    page: Page, site: str, runtime: Runtime, draft: Delivery
):
    open_step(page, site, draft, "target")

    page.locator("#filter summary").click()
    page.locator("#filter").get_by_role("link", name="Followers").click()
    form = page.get_by_role("form", name="New condition")
    form.get_by_label("Value").fill("1")
    form.get_by_role("button", name="Add the condition").click()

    expect(page.locator("#filter .ff-chip").first).to_have_text(
        re.compile("followers\\s+more than 1")
    )
    expect(page.locator("#step-target")).to_have_attribute("aria-current", "step")
    assert len(fresh(runtime, draft).filters) == 1
    assert page.faults == []


def test_a_proof_shows_how_it_gets_on(
    page: Page, site: str, runtime: Runtime, proof_account: Service, draft: Delivery
):
    chosen = editing.DeliveryChanges(proof_service_id=proof_account.id)
    editing.edit(runtime, draft.id, chosen)
    open_step(page, site, draft)
    runtime.session.commit()

    text_of(page).fill("Hi {first_name|there}. {opt_out_line}")
    page.get_by_role("button", name="Send proof").first.click()
    expect(page.locator("#proof-state")).to_contain_text("Proof #1 is on its way.")
    proof = proofs.proofs(runtime, draft.id)[0].id
    runtime.session.commit()
    sending.send_batch(runtime, proof)

    expect(page.locator("#proof-state")).to_contain_text("waits for approval")
    expect(page.locator("#side")).to_contain_text("The proof is not approved yet")
    expect(page.locator("#proof-state[hx-trigger]")).to_have_count(0)
    assert page.faults == []


def test_a_post_is_saved_whole(page: Page, site: str, runtime: Runtime, service: Service):
    post = make_delivery(runtime, service, kind=DeliveryKind.POST)
    open_step(page, site, post, "")

    text_of(page).fill("Spring has come to @fanfare.")
    expect(page.locator("#counter")).to_contain_text("252 left")
    page.get_by_label("At", exact=True).check()
    page.get_by_label("Day", exact=True).fill("2026-11-27")
    page.get_by_label("Time").fill("18:00")
    expect(page.locator("#when")).to_contain_text("Friday 27 November 2026, 18:00 CET")
    page.get_by_label("Label").fill("Spring post")

    expect(page.get_by_role("heading", level=1)).to_have_text("Spring post")
    expect_saved(page)
    assert fresh(runtime, post).content == "Spring has come to @fanfare."
    assert page.evaluate("window.kept")
    assert page.faults == []


def test_everything_works_without_scripts(
    browser, site: str, page: Page, runtime: Runtime, service: Service, draft: Delivery
):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()

    plain.goto(f"{site}/deliveries/new?kind=direct")
    plain.get_by_role("button", name="Write it").click()
    text_of(plain).fill("Hello {first_name|you}, spring is here. {opt_out_line}")
    plain.locator("#step-content").get_by_role("button", name="Save").click()
    expect(plain.locator(".ff-bubble")).to_contain_text("Hello Person")
    plain.get_by_role("link", name="Next", exact=True).click()
    expect(plain.locator(".ff-preview-nav")).to_contain_text("2 of 3")
    plain.get_by_role("button", name="Next", exact=True).click()
    plain.get_by_label("At", exact=True).check()
    plain.get_by_label("Day", exact=True).fill("2026-11-27")
    plain.get_by_label("Time").fill("18:00")
    plain.get_by_role("button", name="Next", exact=True).click()
    expect(plain.locator("#sum-schedule")).to_contain_text("Friday 27 November 2026, 18:00 CET")
    plain.get_by_role("button", name="Analyse").click()

    expect(plain).to_have_url(f"{site}/deliveries/{draft.id + 1}/confirm")
    context.close()


def test_whoever_logs_out_leaves_no_text_on_this_computer(page: Page, site: str, draft: Delivery):
    open_step(page, site, draft)
    page.context.set_offline(True)
    text_of(page).fill("Typed on a shared computer.")
    page.context.set_offline(False)
    assert page.evaluate("Object.keys(localStorage).length") > 0

    page.get_by_label("Your menu").click()
    page.get_by_role("button", name="Log out").click()

    page.wait_for_url("**/login")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_check_that_misses_a_proof_sends_one(
    page: Page, site: str, runtime: Runtime, draft: Delivery, proof_account: Service
):
    proved = editing.DeliveryChanges(proof_service_id=proof_account.id)
    editing.edit(runtime, draft.id, proved)
    open_step(page, site, draft)

    page.get_by_role("complementary").or_(page.locator("#side")).get_by_role(
        "button", name="Send proof"
    ).click()

    expect(page.get_by_text("Proof #1 is on its way.")).to_be_visible()
