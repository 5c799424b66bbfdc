"""A session ends while somebody writes: the page says so, keeps the text, and goes on by itself."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import update

from tests.support.browser import reached
from tests.support.factories import make_delivery, make_service, make_subscription
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.operators.authentication.passwords import hashed
from webapp.operators.models import LoginSession, Operator, Role

pytestmark = pytest.mark.browser

PASSWORD = "a long enough horn of brass"
PATIENT = 30_000


@pytest.fixture
def page(page_as: Callable[[Role], Page]) -> Page:
    """The tab of a marketer."""
    return page_as(Role.MARKETER)


@pytest.fixture
def draft(runtime: Runtime) -> Delivery:
    service = make_service(runtime)
    make_subscription(runtime, service)
    return make_delivery(runtime, service)


def can_log_in(runtime: Runtime) -> None:
    stored = hashed(PASSWORD)
    runtime.session.execute(update(Operator).values(password_hash=stored))
    runtime.session.commit()


def ended_on_the_server(page: Page, runtime: Runtime) -> None:
    runtime.session.execute(update(LoginSession).values(ended_at=runtime.now()))
    runtime.session.commit()


def cookies_cleared(page: Page, runtime: Runtime) -> None:
    page.context.clear_cookies()


def composing(page: Page, site: str, delivery: Delivery) -> None:
    page.goto(f"{site}/deliveries/{delivery.id}/compose?step=content")
    reached(page, "window.htmx !== undefined && document.readyState === 'complete'")


def log_in(page: Page) -> None:
    page.get_by_label("Email").fill("marketer@fanfare.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Good ")).to_be_visible()


def text_of(runtime: Runtime, delivery: Delivery) -> str:
    runtime.session.rollback()
    found = editing.get(runtime, delivery.id).content
    runtime.session.commit()
    return found


@pytest.mark.parametrize("lose", [ended_on_the_server, cookies_cleared])
def test_the_composer_says_log_in_and_saves_once_somebody_did(
    page: Page,
    site: str,
    runtime: Runtime,
    draft: Delivery,
    lose: Callable[[Page, Runtime], None],
):
    can_log_in(runtime)
    composing(page, site, draft)
    lose(page, runtime)

    page.get_by_label("Message", exact=True).fill("Typed in the train.")
    note = page.locator("#lost")
    expect(note).to_contain_text("You are logged out.")
    expect(page.locator("#saved")).to_contain_text("you are logged out")
    expect(page.get_by_label("Message", exact=True)).to_have_value("Typed in the train.")
    with page.expect_popup() as opened:
        note.get_by_role("link", name="Log in").click()
    log_in(opened.value)

    expect(note).to_be_hidden(timeout=PATIENT)
    expect(page.locator("#saved")).to_have_text(re.compile("^Saved "), timeout=PATIENT)
    assert text_of(runtime, draft) == "Typed in the train."
    # The buttons of the page carry the token of the new session too.
    page.get_by_role("button", name="Analyse").click()
    expect(page).to_have_url(re.compile("/confirm"))


def test_a_form_is_looked_after_before_it_leaves_the_page(page: Page, site: str, runtime: Runtime):
    can_log_in(runtime)
    page.goto(f"{site}/profile")
    reached(page, "document.readyState === 'complete'")
    cookies_cleared(page, runtime)
    page.evaluate("const now = Date.now; Date.now = () => now() + 100000")

    page.get_by_label("Your name", exact=True).fill("Ines Laurent")
    page.get_by_role("button", name="Save", exact=True).first.click()
    note = page.locator("#lost")
    expect(note).to_be_visible()
    with page.expect_popup() as opened:
        note.get_by_role("link", name="Log in").click()
    log_in(opened.value)
    expect(note).to_be_hidden(timeout=PATIENT)
    expect(page.get_by_label("Your name", exact=True)).to_have_value("Ines Laurent")
    page.get_by_role("button", name="Save", exact=True).first.click()

    expect(page.locator(".ff-flash")).to_be_visible()
    expect(page.get_by_label("Your name", exact=True)).to_have_value("Ines Laurent")


def test_another_operator_in_the_same_browser_saves_nothing_of_it(
    page: Page,
    site: str,
    runtime: Runtime,
    draft: Delivery,
    client_as: Callable[[Role], FlaskClient],
):
    composing(page, site, draft)
    cookies_cleared(page, runtime)
    page.get_by_label("Message", exact=True).fill("Mine.")
    expect(page.locator("#lost")).to_be_visible()

    cookie = client_as(Role.ADMIN).get_cookie("fanfare")
    page.context.add_cookies([{"name": "fanfare", "value": cookie.value, "url": site}])

    expect(page.locator("#lost")).to_contain_text("Somebody else is logged in")
    assert text_of(runtime, draft) != "Mine."


def test_the_text_a_browser_kept_is_shown_with_its_age(
    page: Page, site: str, runtime: Runtime, draft: Delivery
):
    composing(page, site, draft)
    cookies = page.context.cookies()
    cookies_cleared(page, runtime)
    page.get_by_label("Message", exact=True).fill("Never saved.")
    expect(page.locator("#lost")).to_be_visible()
    page.evaluate(
        "const key = Object.keys(localStorage).find(name => name.startsWith('fanfare-draft'));"
        "const kept = JSON.parse(localStorage[key]); kept.at -= 7300000;"
        "localStorage[key] = JSON.stringify(kept)"
    )
    page.context.add_cookies(cookies)

    composing(page, site, draft)

    note = page.locator("[data-draft-note]")
    expect(note).to_contain_text("Never saved.")
    expect(note).to_contain_text("2 hours ago")
    # What is typed meanwhile is kept too, and takes nothing away from what is offered.
    page.get_by_label("Message", exact=True).fill("Typed besides.")
    note.get_by_role("button", name="Use it").click()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Never saved.")
    expect(page.locator(".ff-bubble")).to_have_text("Never saved.")
    assert text_of(runtime, draft) == "Never saved."


def test_my_own_second_tab_is_not_called_somebody_else(page: Page, site: str, draft: Delivery):
    other = page.context.new_page()
    composing(page, site, draft)
    composing(other, site, draft)
    other.get_by_label("Message", exact=True).fill("In the second tab.")
    expect(other.locator("#saved")).to_have_text(re.compile("^Saved "))

    page.get_by_label("Message", exact=True).fill("In the first tab.")

    expect(page.locator("#conflict")).to_contain_text("You changed this delivery in another tab")
    expect(page.locator("#conflict")).not_to_contain_text("Somebody else")
