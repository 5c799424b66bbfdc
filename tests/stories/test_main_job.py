"""From an empty instance to messages sent, in a browser, with real workers in other processes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.stories.walking import PATIENCE, found_first, looked_at, prove, send, write
from webapp.app import create_app
from webapp.operators.accounts import setup_token
from webapp.system.demo.stage import Stage, stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOLLOWERS = 300
LONGEST_SENDING = 100


@pytest.fixture
def on() -> Iterator[Stage]:
    """A running instance that nobody has used yet."""
    with stage(create_app, print) as lent:
        lent.ask("audience", {"account": "ateliernord", "followers": FOLLOWERS})
        yield lent


def begin(page: Page, on: Stage) -> None:
    """Set the instance up, and try the sandbox."""
    found_first(page, on.instance.url, setup_token.token(on.instance.settings))
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

    write(page, on.instance.url, "post", "The workshop is open on Saturday, ten to six.")
    prove(page)
    send(page, "Publish now as @ateliernord")
    see_the_end(page, on)
    looked_at(page)

    write(
        page,
        on.instance.url,
        "direct",
        "Hi {first_name|there}, the list is ready.\n\n{opt_out_line}",
    )
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
