"""A template slot of a channel that fails: the core's own stands in, and the fault is shown."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemLoader

from tests.support.factories import make_service, make_subscription
from webapp.kernel.plugins.registry import Registry
from webapp.kernel.runtime import Runtime


@pytest.fixture
def broken(app: Flask, tmp_path: Path) -> None:
    """The fake channel brings a card that cannot be drawn."""
    folder = tmp_path / "templates" / "channels" / "fake"
    folder.mkdir(parents=True)
    (folder / "card.html").write_text("<dt>{{ visitor.nothing.at_all }}</dt>")
    known = app.jinja_loader
    app.jinja_env.loader.app.jinja_loader = FileSystemLoader(  # type: ignore[union-attr]
        [tmp_path / "templates", *known.searchpath]  # type: ignore[union-attr]
    )


@pytest.mark.usefixtures("broken")
def test_the_page_is_shown_without_it_and_the_plugins_page_names_it(
    runtime: Runtime, registry: Registry, admin: FlaskClient
):
    subscription = make_subscription(runtime, make_service(runtime))
    visitor_id = subscription.visitor_id
    runtime.session.commit()

    card = admin.get(f"/audience/visitors/{visitor_id}")

    assert card.status_code == 200
    assert "Full name" in card.text
    assert "card.html: " in admin.get("/settings/plugins").text
