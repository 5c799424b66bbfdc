"""From an empty instance to messages sent, in a browser, with real workers in other processes."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from webapp.app import create_app
from webapp.system.demo.stage import Stage, stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 60_000
FOLLOWERS = 300
LONGEST_SENDING = 30


@pytest.fixture
def on() -> Iterator[Stage]:
    """A running instance that nobody has used yet."""
    with stage(create_app) as lent:
        lent.ask("audience", {"account": "ateliernord", "followers": FOLLOWERS})
        yield lent


def looked_at(page: Page) -> None:
    """Expect a page without a fault of scripts, policy or accessibility."""
    assert page.faults == []
    found = Axe().run(page).response["violations"]
    page.faults.clear()  # axe itself sets styles, which the policy minds
    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found] == []


def begin(page: Page, on: Stage) -> None:
    """Set the instance up as its first administrator, and try the sandbox."""
    page.goto(on.instance.url)
    page.get_by_label("Your name").fill("Inès Laurent")
    page.get_by_label("Email").fill("ines@fanfare.example")
    page.get_by_label("Password").fill("a long enough horn of brass")
    looked_at(page)
    page.get_by_role("button", name="Create the administrator").click()
    looked_at(page)
    page.get_by_role("button", name="Fill the sandbox").click()
    expect(page.get_by_text("Its followers arrive while you look around.")).to_be_visible()


def see_followers(page: Page, on: Stage) -> None:
    """Wait until the workers brought the followers."""
    page.goto(f"{on.instance.url}/workflows")
    sync = page.get_by_role("row").filter(has_text="Synchronisation of X accounts")
    expect(sync.get_by_text("Done")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{on.instance.url}/audience/visitors")
    expect(page.locator("tbody tr").nth(10)).to_be_visible()
    looked_at(page)


def write(page: Page, on: Stage, kind: str, text: str) -> None:
    """Begin a delivery and write its text, which is saved by itself."""
    page.goto(f"{on.instance.url}/deliveries/new?kind={kind}")
    page.get_by_role("button", name="Write it").click()
    page.get_by_label("Message", exact=True).fill(text)
    expect(page.locator("#saved")).to_have_text(re.compile("^Saved"), timeout=PATIENCE)
    looked_at(page)


def narrow(page: Page) -> None:
    """Leave the message to those whose username begins with an A."""
    page.get_by_role("link", name="Edit Target").click()
    page.get_by_text("Condition", exact=True).click()
    page.get_by_role("link", name="username", exact=True).click()
    page.get_by_label("Username", exact=True).select_option("begins")
    page.get_by_label("Value", exact=True).fill("a")
    page.get_by_role("button", name="Add the condition").click()
    expect(page.get_by_role("list", name="Conditions")).to_contain_text("begins with a")
    looked_at(page)


def prove(page: Page) -> None:
    """Send a proof, and approve it once the workers brought it."""
    page.get_by_role("button", name="Send proof").click()
    expect(page.locator("#proof-state")).to_contain_text("arrived", timeout=PATIENCE)
    page.locator("#proof-state").get_by_role("button", name="Approve").click()
    expect(page.get_by_text("is approved").first).to_be_visible()


def send(page: Page, button: str) -> None:
    """Have the delivery analysed, accept what is warned of, and press the one button."""
    page.get_by_role("button", name="Analyse").click()
    sending = page.get_by_role("button", name=re.compile(button))
    expect(sending).to_be_visible(timeout=PATIENCE)
    for box in page.locator('input[name="accept"]').all():
        box.check()
    looked_at(page)
    sending.click()


def see_the_end(page: Page, on: Stage) -> None:
    """Move the clock past each limit until the page says that all is over."""
    for _quarter in range(LONGEST_SENDING):
        if page.locator("#delivery-state").inner_text().strip() == "Finished":
            return
        page.wait_for_timeout(1500)
        on.clock.advance(timedelta(minutes=16))
    raise AssertionError("The delivery did not end.")


def test_a_team_goes_from_nothing_to_messages_sent(page: Page, on: Stage):
    begin(page, on)
    see_followers(page, on)

    write(page, on, "post", "The workshop is open on Saturday, ten to six.")
    prove(page)
    send(page, "Publish now as @ateliernord")
    see_the_end(page, on)
    looked_at(page)

    write(page, on, "direct", "Hi {first name|there}, the list is ready.\n\n{opt-out line}")
    narrow(page)
    prove(page)
    send(page, "Send .* direct messages from @ateliernord")
    see_the_end(page, on)
    expect(page.get_by_text("Sent", exact=True).first).to_be_visible()
    looked_at(page)

    stats = on.ask("stats")
    assert stats["accepted_posts"] == 2
    assert stats["accepted_directs"] > 5
    assert stats["limited"] == 0
