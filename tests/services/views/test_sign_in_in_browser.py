"""Somebody connects an account in a real browser, by way of the page of Sandbox X that asks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.plugins.x.sandbox.running import RunningSandbox, running
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.kernel.web import links
from webapp.operators.models import Role
from webapp.services.models import Service

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[RunningSandbox]:
    with running(tmp_path, "--followers", "5") as sandbox:
        yield sandbox


def test_who_refuses_is_told_and_who_allows_is_connected(
    page_as: Callable[[Role], Page],
    site: str,
    runtime: Runtime,
    sandbox: RunningSandbox,
    monkeypatch: pytest.MonkeyPatch,
):
    # Another site than Fanfare's own, as the network is: cookies have to outlive the way back.
    elsewhere = sandbox.url.replace("127.0.0.1", "localhost")
    runtime.registry._config["x"] = {"sandbox_url": elsewhere}
    monkeypatch.setattr(links, "base", lambda _settings: site)
    page = page_as(Role.ADMIN)

    for decision, said in (
        ("Cancel", "Nobody allowed it on X, so nothing was stored."),
        ("Authorise app", "@ateliernord (sandbox) is connected by a sign-in."),
    ):
        page.goto(f"{site}/services/new/x")
        page.get_by_role("button", name="Sign in to the sandbox").click()
        page.get_by_role("link", name="Go on to X").click()
        expect(page.get_by_role("heading", name="An app asks")).to_be_visible()
        page.get_by_role("button", name=decision).click()
        expect(page.get_by_text(said)).to_be_visible()
        assert "code=" not in page.url

    db.session.rollback()
    (service,) = db.session.scalars(select(Service))
    assert service.internal_name == "ateliernord"
    assert page.faults == []
