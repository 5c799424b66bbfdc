"""A plugin author sees the own channel at work in the browser, beside a plugin that is broken."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from importlib.metadata import EntryPoint

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from channels import ENTRY_POINT_GROUP
from tests.example_channel import noticeboard
from tests.stories.walking import PATIENCE, found_first, looked_at, send, write
from tests.support.factories import first_token_of
from tests.support.queues import InlineQueue
from webapp.kernel.config.settings import Settings
from webapp.kernel.plugins import registry as registries
from webapp.kernel.plugins.registry import Registry
from webapp.kernel.processes.shutdown import Stop
from webapp.system.processes import scheduler
from webapp.system.setup import defaults

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLUGINS = {
    "notice": "tests.example_channel.fanfare_notice",
    "broken": "tests.example_channel.broken.fanfare_broken",
}


@pytest.fixture
def board() -> Iterator[noticeboard.Noticeboard]:
    """The network, on which one person has written first."""
    with noticeboard.running() as board:
        board.write("Hello", noticeboard.PEOPLE[0])
        yield board


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The plugins as they are found when their wheels are installed."""
    found = [EntryPoint(name, value, ENTRY_POINT_GROUP) for name, value in PLUGINS.items()]
    monkeypatch.setattr(registries, "entry_points", lambda group: found)
    registry = Registry()
    registry.load()
    return registry


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An instance on the machine's own clock, as its network is."""
    return replace(settings, clock="")


@pytest.fixture
def queue() -> InlineQueue:
    """A queue that does at once what a worker would do."""

    def work(job: str, *arguments: int | str) -> None:
        module, _, name = job.rpartition(".")
        getattr(import_module(module), name)(*arguments)

    return InlineQueue(work)


@pytest.fixture
def working(app: Flask, site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the instance, with a scheduler that ticks."""
    monkeypatch.setattr(scheduler, "TICK", 0.1)
    stop = Stop()
    thread = threading.Thread(target=scheduler.run_scheduler, args=(app, stop))
    thread.start()
    yield site
    stop.ask()
    thread.join()


def connect(page: Page, site: str, board: noticeboard.Noticeboard) -> None:
    """Fill in what the channel's form asks for, with a wrong token at first."""
    page.goto(f"{site}/services/new/notice")
    looked_at(page)
    page.get_by_label("Label").fill("Board")
    page.get_by_label("Handle", exact=True).fill("ateliernord")
    page.get_by_label("Address").fill(board.address)
    page.get_by_label("Token").fill("tok-wrong")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.locator("form .ff-note")).to_contain_text("Noticeboard does not accept the keys")
    page.faults.clear()  # the browser notes the answer 422
    expect(page.get_by_label("Address")).to_have_value(board.address)
    page.get_by_label("Token").fill(noticeboard.TOKEN)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("ateliernord is connected.")).to_be_visible()
    looked_at(page)


def see_people(page: Page, site: str) -> None:
    """Run what the account is offered to need, and find its people among the visitors."""
    needed = page.locator("#needed")
    expect(needed).to_contain_text("Synchronisation of Noticeboard accounts")
    needed.get_by_role("button", name="Run now").click()
    expect(page.get_by_text("Synchronisation of Noticeboard accounts runs now.")).to_be_visible()
    expect(page.locator(".ff-title")).to_contain_text("ateliernord")
    page.goto(f"{site}/workflows")
    row = page.get_by_role("row").filter(has_text="Synchronisation of Noticeboard accounts")
    expect(row.get_by_text("Done")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{site}/audience/visitors")
    expect(page.locator("tbody tr")).to_have_count(len(noticeboard.PEOPLE))
    expect(page.get_by_text("Reader 3")).to_be_visible()
    looked_at(page)


def deliver(page: Page, site: str, kind: str, text: str) -> None:
    """Write a delivery, send it, and read in its log that it was sent."""
    write(page, site, kind, text)
    send(page, "Publish now|Send .* direct message")
    expect(page.locator("#delivery-state")).to_have_text("Finished", timeout=PATIENCE)
    page.get_by_role("link", name="Log").click()
    expect(page.locator("tbody").get_by_text("Sent", exact=True).first).to_be_visible()
    looked_at(page)


def see_plugins(page: Page, site: str) -> None:
    """See the channel among the plugins, and why the broken one is left out."""
    page.goto(f"{site}/settings/plugins")
    expect(page.get_by_role("listitem").filter(has_text="Noticeboard")).to_contain_text("Active")
    broken = page.get_by_role("listitem").filter(has_text="broken")
    expect(broken).to_contain_text("register_chanels is not a hook of Fanfare.")
    expect(broken).to_contain_text("Failed")
    looked_at(page)


def test_an_author_walks_a_channel_of_their_own(
    page: Page, app: Flask, runtime, working: str, board: noticeboard.Noticeboard
):
    defaults.ensure(runtime)

    found_first(page, working, first_token_of(app))
    connect(page, working, board)
    see_people(page, working)
    deliver(page, working, "post", "Spring is here.")
    deliver(page, working, "direct", "Hi, spring is here. {opt_out_line}")
    see_plugins(page, working)

    assert [row["text"] for row in board.notices] == ["Spring is here."]
    assert [row["to"] for row in board.letters] == [noticeboard.PEOPLE[0]["id"]]
