"""The fixtures of browser tests: a real Chromium, the application served, an operator logged in."""

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright
from werkzeug.serving import make_server

from webapp.operators.models import Role

# What is expected comes at once, but a busy machine may take longer than five seconds.
PATIENCE, POLL = 20_000, 50
CLOSING = 1_000
expect.set_options(timeout=PATIENCE)


def reached(page: Page, expression: str) -> None:
    """Wait until an expression of JavaScript is true.

    Playwright's own `wait_for_function` evaluates it inside the page whenever it is not true at
    once, and there the policy forbids that.
    """
    for _look in range(PATIENCE // POLL):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(POLL)
    raise AssertionError(f"It never came true: {expression}")


@dataclass
class Door:
    """Leads whoever comes to one address to the application that is served just now."""

    address: str = ""
    app: Flask | None = None

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer as the application; what a tab of the test before still asks for is not there."""
        return (self.app or Response("Nothing is served now.", 503))(environ, start)


@dataclass(kw_only=True)
class Window:
    """A window for the tabs of all tests: what never changes is loaded and read once.

    Its first tab stays open, and with it the process that draws the pages of this address; to
    start another one for each test took longer than the tests themselves.
    """

    browser: Browser
    address: str
    context: BrowserContext = field(init=False)
    first: Page = field(init=False)

    def __post_init__(self) -> None:
        """Open it."""
        self.context = self.browser.new_context(viewport={"width": 1280, "height": 900})
        self.first = self.context.new_page()
        self.first.goto(self.address)

    def forget(self) -> None:
        """Leave nothing of a test but the files that are the same for all."""
        try:
            self._close_tabs()
        except Error:
            # Some tabs that are on their way to another page never close. A window always does.
            self.context.close()
            self.__post_init__()
        self.context.clear_cookies()
        self.context.clear_permissions()
        self.context.set_offline(False)
        asked = self.context.new_cdp_session(self.first)
        asked.send("Storage.clearDataForOrigin", {"origin": self.address, "storageTypes": "all"})
        asked.detach()

    def _close_tabs(self) -> None:
        to_browser = self.browser.new_browser_cdp_session()
        for tab in self.context.pages:
            if tab != self.first:
                told = self.context.new_cdp_session(tab).send("Target.getTargetInfo")
                # Playwright's own `close` waits for ever.
                with tab.expect_event("close", timeout=CLOSING):
                    target = {"targetId": told["targetInfo"]["targetId"]}
                    to_browser.send("Target.closeTarget", target)
        to_browser.detach()


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """Serve an application on a free port, and yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    # It looks so many times a second whether it shall end.
    thread = threading.Thread(target=server.serve_forever, args=(1 / 100,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM_PATH") or shutil.which("chromium"),
            args=["--no-sandbox"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def door() -> Iterator[Door]:
    """The one address at which this process serves the application of the test that runs."""
    door = Door()
    with serving(door) as address:
        door.address = address
        yield door


@pytest.fixture(scope="session")
def window(browser: Browser, door: Door) -> Iterator[Window]:
    """The window of all tests of this process."""
    window = Window(browser=browser, address=door.address)
    yield window
    window.context.close()


@pytest.fixture
def page(window: Window) -> Iterator[Page]:
    """A tab that remembers in `faults` what broke the policy or a script."""
    page = window.context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.faults = faults
    yield page
    window.forget()


@pytest.fixture
def served(app: Flask, door: Door) -> Iterator[str]:
    """The address of the application."""
    door.app = app
    yield door.address
    door.app = None


@pytest.fixture
def site(app: Flask, served: str) -> str:
    """The address of the application, served with its protection against forged requests."""
    app.config["WTF_CSRF_ENABLED"] = True
    return served


@pytest.fixture
def page_as(
    page: Page, site: str, client_as: Callable[[Role], FlaskClient]
) -> Callable[[Role], Page]:
    """A function that returns the tab with an operator of a role logged in."""

    def signed_in(role: Role) -> Page:
        cookie = client_as(role).get_cookie("fanfare")
        page.context.add_cookies([{"name": "fanfare", "value": cookie.value, "url": site}])
        return page

    return signed_in
