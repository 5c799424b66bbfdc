"""An administrator's first day: the team, an account of X with its four keys, its workflow."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from plugins.x.sandbox.seed import credentials
from tests.plugins.x.sandbox.running import RunningSandbox, running
from tests.stories.walking import PASSWORD, found_first, looked_at
from tests.support.factories import first_token_of
from webapp.app import runtime_of
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import Settings
from webapp.system.setup import defaults

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LABELS = {
    "consumer_key": "Consumer key",
    "consumer_secret": "Consumer secret",
    "access_token": "Access token",
    "access_token_secret": "Access token secret",
}
SYNC = "Synchronisation of X accounts"


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[RunningSandbox]:
    """An X whose brand has a few followers."""
    with running(tmp_path, "--followers", "20") as sandbox:
        yield sandbox


@pytest.fixture
def settings(settings: Settings, sandbox: RunningSandbox) -> Settings:
    """An instance that takes the sandbox for X, on its clock."""
    options = {"FANFARE_X_API_URL": sandbox.url}
    return replace(settings, clock=str(sandbox.clock.path), plugin_options=options)


@pytest.fixture
def ready(app, site: str) -> str:
    """The address of an instance that `./run` has prepared."""
    with app.app_context():
        defaults.ensure(runtime_of(app, trusted("start")))
    return site


def invite(page: Page, site: str) -> str:
    """Invite a colleague and return the link that is shown once."""
    page.goto(f"{site}/settings/operators")
    page.get_by_label("Email").fill("paul@fanfare.example")
    page.locator("#invite").get_by_role("button").click()
    looked_at(page)
    # Without a public address the link names the port that `./run` would listen on.
    return site + urlsplit(page.locator(".ff-flash code").inner_text()).path


def join(browser: Browser, link: str, site: str) -> None:
    """Accept an invitation in another browser, leave, and log in again."""
    with browser.new_context() as context:
        page = context.new_page()
        page.faults = []
        page.goto(link)
        page.get_by_label("Your name").fill("Paul Petit")
        page.get_by_label("Password").fill(PASSWORD)
        looked_at(page)
        page.get_by_role("button", name="Begin").click()
        expect(page).to_have_url(f"{site}/")
        context.clear_cookies()
        page.goto(f"{site}/login")
        page.get_by_label("Email").fill("paul@fanfare.example")
        page.get_by_label("Password").fill(PASSWORD)
        looked_at(page)
        page.get_by_role("button", name="Log in").click()
        expect(page).to_have_url(f"{site}/")


def change_role(page: Page, site: str) -> None:
    """Make the colleague a reviewer."""
    page.goto(f"{site}/settings/operators")
    page.get_by_label("Role of Paul Petit", exact=True).select_option("Reviewer")
    asked = page.get_by_role("dialog", name="Change the role of Paul Petit?")
    with page.expect_response(re.compile(r"/role$")):
        asked.get_by_role("button", name="Change the role").click()
    page.goto(f"{site}/settings/operators")
    expect(page.get_by_label("Role of Paul Petit", exact=True)).to_have_value("reviewer")
    looked_at(page)


def enter(page: Page, keys: dict[str, str]) -> None:
    """Type the four keys; after an error each says that it is kept."""
    for name, label in LABELS.items():
        page.get_by_label(re.compile(rf"^{label}( *kept)?$")).fill(keys[name])


def connect(page: Page, site: str) -> None:
    """Connect an account by the guide, with a wrong key at first."""
    keys = credentials("ateliernord")
    page.goto(f"{site}/services/new/x")
    page.get_by_label("Label").fill("Atelier Nord")
    page.get_by_label("Handle", exact=True).fill("@ateliernord")
    enter(page, {**keys, "access_token_secret": "wrong"})
    page.get_by_role("button", name="Check these keys").click()
    expect(page.locator("#guide")).to_contain_text("X does not accept the access token.")
    looked_at(page)

    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.locator("form .ff-note")).to_contain_text("Make new ones and enter all four.")
    expect(page.get_by_label("Label")).to_have_value("Atelier Nord")
    page.faults.clear()  # the browser notes the answer 422
    looked_at(page)

    enter(page, keys)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("@ateliernord is connected.")).to_be_visible()
    looked_at(page)


def check(page: Page) -> None:
    """Check the connection and see each check as it ends."""
    page.get_by_role("button", name="Check connection").click()
    expect(page.locator("#checks > li").nth(5)).to_be_visible()
    expect(page.get_by_role("button", name="Check connection")).to_be_enabled()
    expect(page.locator(".ff-title")).to_contain_text("Connected")
    looked_at(page)


def schedule(page: Page, site: str) -> None:
    """Start the synchronisation and let it run on Mondays."""
    page.goto(f"{site}/workflows")
    row = page.get_by_role("row").filter(has_text=SYNC)
    row.get_by_role("button", name="Start", exact=True).click()
    page.goto(f"{site}/workflows")
    expect(row).to_contain_text("next:")
    row.get_by_role("link", name=SYNC).click()
    page.get_by_text("More: cron expression").click()
    page.get_by_label("Cron expression").fill("never")
    page.get_by_role("button", name="Use this expression").click()
    expect(page.locator(".form-err")).to_be_visible()
    page.faults.clear()  # the browser notes the answer 422
    page.get_by_label("Cron expression").fill("15 6 * * 1")
    page.get_by_role("button", name="Use this expression").click()
    expect(page.get_by_label("Mon", exact=True)).to_be_checked()
    expect(page.get_by_label("Thu", exact=True)).not_to_be_checked()
    expect(page.get_by_label("Time", exact=True)).to_have_value("06:15")
    looked_at(page)


def look_around(page: Page, site: str) -> None:
    """See plugins, health, and who did all of this."""
    page.goto(f"{site}/settings/plugins")
    expect(page.get_by_text("bundled")).to_be_visible()
    looked_at(page)
    page.goto(f"{site}/settings/health")
    looked_at(page)
    page.goto(f"{site}/settings/audit")
    for who in ("Inès Laurent", "Paul Petit"):
        expect(page.locator("tbody").get_by_text(who).first).to_be_visible()
    looked_at(page)


def test_an_administrator_sets_up_team_account_and_workflow(
    page: Page, browser: Browser, ready: str, app: Flask
):
    found_first(page, ready, first_token_of(app))
    join(browser, invite(page, ready), ready)
    change_role(page, ready)
    connect(page, ready)
    check(page)
    schedule(page, ready)
    look_around(page, ready)
