"""A small site that shows the kit's own pages."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import Form, StringField

from webapp.kernel.errors import Conflict
from webapp.operators.access import Permission, needs

TEMPLATES = Path(__file__).parent / "templates"


class Fields(Form):
    cap = StringField("Daily cap", default="1,000", description="Direct messages per day.")
    budget = StringField("Budget per month", default="sixty")
    account = StringField("Account", default="@ateliernord")


@pytest.fixture
def kit(app: Flask, served: str) -> str:
    """The address of a site with the pages of tests/meta/templates."""
    app.jinja_loader = ChoiceLoader([FileSystemLoader(TEMPLATES), app.jinja_loader])
    app.add_url_rule("/kit/<name>", "kit", show, methods=["GET", "POST"])
    return f"{served}/kit"


@needs(Permission.PUBLIC)
def show(name: str) -> str | tuple[str, int]:
    if name == "echo":
        return f"<p>received {request.method}</p>"
    if name == "broken":
        raise Conflict("Somebody else changed this.")
    form = Fields()
    form.budget.errors = ["Write an amount in dollars, for example 60.00."]
    return render_template(
        f"{name}.html",
        form=form,
        current_operator=SimpleNamespace(
            name="Inès Laurent",
            email="ines@fanfare.example",
            theme=request.args.get("theme", "light"),
        ),
        allowed=lambda _permission: True,
        system={"ok": True, "sentence": "System running", "banners": []},
        waiting={"deliveries.index": 3, "services.index": 1},
    )
