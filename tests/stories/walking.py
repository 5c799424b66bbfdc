"""The steps that stories share, each as a person takes it in a browser."""

import re

from playwright.sync_api import Page, expect

from tests.support.accessibility import violations

PATIENCE = 60_000
PASSWORD = "a long enough horn of brass"


def looked_at(page: Page) -> None:
    """Expect a page without a fault of scripts, policy or accessibility."""
    assert page.faults == []
    broken = violations(page)
    page.faults.clear()  # axe itself sets styles, which the policy minds
    assert broken == []
    # A label reaches the first element of an id, which axe does not mind.
    ids = page.locator("[id]").evaluate_all("found => found.map(item => item.id)")
    assert [name for name in set(ids) if ids.count(name) > 1] == []


def found_first(page: Page, site: str, token: str) -> None:
    """Set the instance up as its first administrator, by the link that the console shows."""
    page.goto(f"{site}/setup#{token}")
    page.get_by_label("Your name").fill("Inès Laurent")
    page.get_by_label("Email").fill("ines@fanfare.example")
    page.get_by_label("Password").fill(PASSWORD)
    looked_at(page)
    page.get_by_role("button", name="Create the administrator").click()
    looked_at(page)


def write(page: Page, site: str, kind: str, text: str) -> None:
    """Begin a delivery and write its text, which is saved by itself."""
    page.goto(f"{site}/deliveries/new?kind={kind}")
    page.get_by_role("button", name="Write it").click()
    page.get_by_label("Message", exact=True).fill(text)
    expect(page.locator("#saved")).to_have_text(re.compile("^Saved"), timeout=PATIENCE)
    looked_at(page)


def prove(page: Page) -> None:
    """Send a proof, and approve it once the workers brought it."""
    page.get_by_role("button", name="Send proof").first.click()
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
