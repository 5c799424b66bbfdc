"""The whole path of a page that asks people, in a browser, against Sandbox X's own sign-in.

A post leads somebody to the page. They sign in, accept part and refuse part, become a profile, get
a message, click, read why they got it, stop it, and are erased; an operator sees each step.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, Page, expect
from sqlalchemy import select

from plugins.x.sandbox.seed import credentials
from tests.plugins.x.sandbox.running import RunningSandbox, running
from tests.stories.walking import looked_at
from tests.support.browser import Door
from tests.support.deliveries import begin
from tests.support.factories import make_delivery
from webapp.audience.models import Visitor
from webapp.deliveries import analysis, sending
from webapp.deliveries.models import Attempt, Delivery
from webapp.kernel.config.settings import Settings
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.connection import accounts
from webapp.services.connection.drafts import ServiceDraft
from webapp.services.models import Service
from webapp.tracking import choices, collector

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.one_database]

# Chromium says of itself that nobody sits before it, and would be counted as a machine.
BROWSER = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
PHONE = {"width": 375, "height": 800}
DOMAIN = "https://go.ateliernord.example.com"
SHOP = "https://ateliernord.example.com/new"
LINK = re.compile(r"https?://\S+")


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[RunningSandbox]:
    with running(tmp_path, "--followers", "5") as sandbox:
        yield sandbox


@pytest.fixture
def settings(settings: Settings, sandbox: RunningSandbox, door: Door) -> Settings:
    """An instance on the sandbox's clock, which knows how people reach it."""
    return replace(
        settings,
        clock=str(sandbox.clock.path),
        public_url=door.address,
        plugin_options={"FANFARE_X_SANDBOX_URL": sandbox.url},
    )


@pytest.fixture
def brand(runtime: Runtime, sandbox: RunningSandbox) -> Service:
    draft = ServiceDraft(
        label="Atelier Nord",
        internal_name="ateliernord",
        settings={"sandbox": True},
        secrets=credentials("ateliernord"),
    )
    made = accounts.connect(runtime, "x", draft, in_sandbox=True)
    # X draws no link of an address without a name, so it would go out as it is.
    choices.choose_domain(runtime, made.id, DOMAIN)
    return made


@pytest.fixture
def person(browser: Browser) -> Iterator[Page]:
    """Somebody in a browser of their own, on a phone."""
    with browser.new_context(user_agent=BROWSER, viewport=PHONE) as context:
        tab = context.new_page()
        tab.faults = []
        yield tab


def click(person: Page, link: str, site: str) -> None:
    """Follow a short link of the brand, whose name leads here, to a shop that is none."""
    with pytest.raises(Error, match="NAME_NOT_RESOLVED"):
        person.goto(site + urlsplit(link).path)
    person.faults.clear()


def make_page(operator: Page, site: str) -> None:
    """Write a page, and put it online."""
    operator.goto(f"{site}/acquisition")
    operator.get_by_role("link", name="Share your profile").click()
    operator.get_by_label("Name of the page").fill("Winter list")
    looked_at(operator)
    operator.get_by_role("button", name="Make a draft").click()
    operator.get_by_label("Text", exact=True).fill("We write when a new piece is ready.")
    operator.get_by_label("Privacy notice, required").fill(
        "https://ateliernord.example.com/privacy"
    )
    operator.get_by_role("button", name="Save").click()
    looked_at(operator)
    operator.get_by_role("button", name="Put version 1 online").click()
    expect(operator.get_by_text("Version 1 is online.")).to_be_visible()


def spread(operator: Page) -> None:
    """Begin a post that leads to the page."""
    operator.get_by_role("link", name="Spread it").click()
    looked_at(operator)
    operator.get_by_role("button", name="Write a post with it").click()
    operator.wait_for_url("**/compose")


def send_last(runtime: Runtime) -> str:
    """Send the delivery that was begun last, and return what went out."""
    runtime.session.rollback()
    number = runtime.session.scalar(select(Delivery.id).order_by(Delivery.id.desc()))
    analysis.start(runtime, number)
    begin(runtime, analysis.analyse(runtime, number))
    sending.send_batch(runtime, number)
    text = runtime.session.scalar(select(Attempt.text).order_by(Attempt.id.desc()))
    runtime.session.rollback()
    return text


def share(person: Page, address: str) -> None:
    """Follow a link, sign in, accept the e-mail address and messages, and leave the name out."""
    person.goto(address)
    looked_at(person)
    person.get_by_role("button", name="Sign in with X").click()
    person.get_by_label("Who signs in").fill("atelier_proof")
    person.get_by_role("button", name="Authorise app").click()
    expect(person.get_by_text("Signed in on X as @atelier_proof")).to_be_visible()
    assert person.locator("input:checked").count() == 0
    looked_at(person)
    person.get_by_label("E-mail", exact=True).check()
    person.get_by_label("Direct messages from @ateliernord (sandbox)").check()
    person.get_by_role("button", name="Accept and share").click()
    expect(person.get_by_role("heading", name="Thank you")).to_be_visible()
    looked_at(person)


def see_them(runtime: Runtime, operator: Page, site: str) -> int:
    """See as an operator who answered, and what became of it; return the number of the person."""
    runtime.session.rollback()
    number = runtime.session.scalar(select(Visitor.id).where(Visitor.handle == "atelier_proof"))
    runtime.session.rollback()
    operator.goto(f"{site}/acquisition/1/results")
    expect(operator.get_by_role("row", name="post").first).to_contain_text("1")
    looked_at(operator)
    operator.get_by_role("link", name="@atelier_proof").click()
    expect(operator.get_by_text("atelier_proof@mail.example").first).to_be_visible()
    expect(operator.get_by_text("Opted in").first).to_be_visible()
    return number


def read_why(person: Page, why: str) -> None:
    """Read why the message came, and by which words it was agreed to; stop it."""
    person.goto(why)
    expect(person.get_by_text("Winter list").first).to_be_visible()
    expect(person.get_by_text("Direct messages from @ateliernord (sandbox)")).to_be_visible()
    person.get_by_role("button", name="Stop messages").click()


def be_erased(person: Page, why: str) -> None:
    person.goto(why)
    person.get_by_role("link", name="Erase what you know of me").click()
    person.get_by_role("button", name="Erase it for good").click()
    expect(person.get_by_role("heading", name="It is erased")).to_be_visible()


@dataclass(frozen=True)
class Cast:
    """Who plays: an operator and somebody on a phone, each in a browser of their own."""

    operator: Page
    person: Page
    site: str


@pytest.fixture
def cast(page_as: Callable[[Role], Page], person: Page, site: str) -> Cast:
    return Cast(operator=page_as(Role.ADMIN), person=person, site=site)


def test_a_page_wins_somebody_who_stays_the_owner_of_their_data(
    app: Flask, runtime: Runtime, brand: Service, sandbox: RunningSandbox, cast: Cast
):
    operator, person, site = cast.operator, cast.person, cast.site
    runtime.session.rollback()
    make_page(operator, site)
    spread(operator)
    share(person, LINK.findall(send_last(runtime))[-1])
    number = see_them(runtime, operator, site)

    text = f"It is ready: {SHOP} Why you got this: {{why_link}} {{stop_link}}"
    make_delivery(runtime, brand, content=text)
    shop, why, _stop = LINK.findall(send_last(runtime))
    sandbox.advance(minutes=5)
    click(person, shop, site)
    collector.collect(app)
    runtime.session.rollback()
    card = f"{site}/audience/visitors/{number}"
    operator.goto(card)
    expect(operator.get_by_text("1 click").first).to_be_visible()

    read_why(person, why)
    operator.reload()
    expect(operator.get_by_text("Opted out").first).to_be_visible()

    be_erased(person, why)
    assert operator.goto(card).status == 404
    operator.goto(f"{site}/acquisition/1/results")
    expect(operator.get_by_text("Nobody has accepted yet.")).to_be_visible()
    expect(operator.get_by_role("row", name="post").first).to_contain_text("1")
