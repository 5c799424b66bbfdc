"""Submits the forms of Fanfare as a person does: open what holds it, fill it in, press its button.

The browser's own checks are on, so a field that it minds keeps the form from being sent. `walks`
collects one walk for each address that takes a form; `test_every_form.py` finds those without.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import Flask, Response, request
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update

from tests.support.browser import reached
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from webapp.kernel.runtime import Runtime
from webapp.operators.authentication.passwords import hashed
from webapp.operators.models import Operator
from webapp.services.models import Service

PASSWORD = "a long enough horn of brass"
PATIENCE = 20_000
STEP = 50
FAULTY = 400


# A button of the type `button` does something in the page and sends no form.
SENDS = "button:not([type=button]):visible"


@dataclass(kw_only=True)
class Scene:
    """A tab, the instance behind it, and what it was sent of forms: endpoint and status."""

    page: Page
    site: str
    app: Flask
    runtime: Runtime
    network: FakeNetwork
    sent: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Note what arrives."""

        @self.app.after_request
        def note(response: Response) -> Response:
            if request.method == "POST":
                self.sent.append((request.endpoint or "", response.status_code))
            return response

    @cached_property
    def service(self) -> Service:
        """The account that the keys of the fake network open."""
        return make_service(self.runtime, internal_name="ateliernord", remote_id="1")

    def give_passwords(self) -> None:
        """Let every operator log in with `PASSWORD`."""
        self.runtime.session.execute(update(Operator).values(password_hash=hashed(PASSWORD)))
        self.runtime.session.commit()

    def open(self, path: str) -> None:
        """Open a page; the test holds no lock meanwhile."""
        self.runtime.session.commit()
        self.runtime.session.rollback()
        self.page.goto(f"{self.site}{path}")
        reached(self.page, "window.htmx !== undefined && document.readyState === 'complete'")

    def submit(self, form: str, button: str = SENDS, **values: str | bool) -> None:
        """Fill a form in by the names of its fields and press its button; say yes if asked."""
        found = self.page.locator(form).first
        self._unfold(found)
        for name, value in values.items():
            plain = name.replace("__", "-")
            fill(found.locator(f'[name="{plain}"], [name$="-{plain}"]'), value)
        told = found.locator("#strength")
        if told.count():
            # What is asked while the answer logs somebody in is refused as of an older session.
            expect(told).not_to_be_empty()
        found.locator(button).first.click()
        self.agree()

    def press(self, name: str) -> None:
        """Press a button of the page by its words, in a menu too; say yes if asked."""
        button = self.page.get_by_role("button", name=name, include_hidden=True).first
        self._unfold(button)
        button.click()
        self.agree()

    def agree(self) -> None:
        """Answer yes where a dialog asks."""
        dialog = self.page.locator("dialog#confirm[open]")
        if dialog.count():
            dialog.locator("[value=yes]").click()

    def _unfold(self, inner: Locator) -> None:
        for fold in inner.locator("xpath=ancestor::details[not(@open)]").all():
            fold.locator("summary").first.click()

    def arrived(self, endpoint: str) -> list[int]:
        """Wait until forms arrived at `endpoint`, and return how they were answered."""
        for _moment in range(PATIENCE // STEP):
            found = [status for name, status in self.sent if name == endpoint]
            if found:
                return found
            self.page.wait_for_timeout(STEP)
        return []


def fill(box: Locator, value: str | bool) -> None:  # noqa: FBT001 - what a box is given
    """Fill one field in, whatever kind it is."""
    kind = box.first.evaluate("field => field.type")
    if kind in ("checkbox", "radio") and isinstance(value, str):
        box.and_(box.page.locator(f'[value="{value}"]')).check()
    elif isinstance(value, bool):
        box.first.set_checked(value)
    elif kind.startswith("select"):
        box.first.select_option(value)
    else:
        box.first.fill(value)


Walk = Callable[[Scene], Any]
WALKS: dict[str, list[Walk]] = {}


def walks(endpoint: str) -> Callable[[Walk], Walk]:
    """Register a walk that sends the form of an endpoint, or the searching form of a template."""

    def register(walk: Walk) -> Walk:
        WALKS.setdefault(endpoint, []).append(walk)
        return walk

    return register


def each_walk() -> Iterator[tuple[str, Walk]]:
    """Yield every walk with the endpoint it leads to."""
    for endpoint, found in WALKS.items():
        for walk in found:
            yield endpoint, walk
