"""No template, and nothing that a template may call, asks the database.

The watch is on in every test that has an application (`tests/support/rendering.py`). Here it is
shown to bite, and that what templates call is nothing of a domain.
"""

import inspect
import re
from pathlib import Path

import pytest
from flask import Flask, g, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.support.rendering import StatementInTemplate
from webapp.kernel.audit import AuditEntry
from webapp.kernel.runtime import Runtime
from webapp.operators.access import Permission, needs

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "template", ["{{ ask() }}", "{% if request is asked %}{% endif %}", "{{ request|asking }}"]
)
def test_a_statement_in_a_global_a_test_or_a_filter_is_found(
    app: Flask, runtime: Runtime, template: str
):
    def ask(_given: object = None) -> list[AuditEntry]:
        return list(runtime.session.scalars(select(AuditEntry)))

    app.jinja_env.globals["ask"] = ask
    app.jinja_env.tests["asked"] = app.jinja_env.filters["asking"] = ask

    with (
        app.test_request_context(),
        pytest.raises(StatementInTemplate, match="a template without a name runs"),
    ):
        render_template_string(template)


def test_what_the_view_loaded_before_is_no_statement_of_the_template(
    app: Flask, admin: FlaskClient
):
    def view() -> str:
        found = g.runtime.session.scalars(select(AuditEntry)).all()
        return render_template_string("{{ found|length }}", found=found)

    app.add_url_rule("/loaded", "loaded", needs(Permission.PUBLIC)(view))

    assert int(admin.get("/loaded").text) > 0


def test_globals_filters_and_tests_of_templates_are_of_the_kernel_or_of_the_frame(app: Flask):
    environment = app.jinja_env
    named = environment.globals | environment.filters | environment.tests
    homes = {
        name: module
        for name, value in named.items()
        if (module := getattr(inspect.unwrap(value), "__module__", "") or "").startswith("webapp.")
    }

    assert {
        name: module
        for name, module in homes.items()
        if not module.startswith(("webapp.kernel.", "webapp.system.web."))
    } == {}


def test_no_template_puts_the_data_of_a_chart_together():
    """A picture is drawn from a `Chart` or a `Plot`, whose table is of the same figures."""
    drawing = re.compile(r"<polyline|<polygon|namespace\(points")
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if drawing.search(path.read_text())
    }

    assert found == {"templates/_macros/charts.html", "templates/_macros/plots.html"}
