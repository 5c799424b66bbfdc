"""The fixtures of browser tests: a real Chromium, the application served, an operator logged in."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from webapp.operators.models import Role

# What is expected comes at once, but a busy machine may take longer than five seconds.
PATIENCE, POLL = 20_000, 50
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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab that remembers in `faults` what broke the policy or a script."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.faults = faults
    yield page
    context.close()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the application, served with its protection against forged requests."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    # It looks so many times a second whether it shall end, which each test waits for.
    thread = threading.Thread(target=server.serve_forever, args=(1 / 100,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


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
