"""A budget that is passed already is told where it is set, and where it is read."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from channels import Operation
from tests.support.cli import Cli
from tests.support.factories import service_draft
from tests.support.fakes import FakeNetwork, direct_price
from webapp.kernel.runtime import Runtime
from webapp.services import budget_warning, costs
from webapp.services.connection import accounts
from webapp.services.connection.drafts import ServiceOptions
from webapp.services.models import Service


@pytest.fixture
def service(runtime: Runtime, network: FakeNetwork) -> Service:
    network.prices = [direct_price("1.00")]
    made = accounts.connect(runtime, "fake", service_draft(options=ServiceOptions(daily_cap=9)))
    costs.charge(runtime, made, Operation.DIRECT, count=8)
    runtime.session.commit()
    return made


@pytest.mark.parametrize(("budget", "warns"), [("5", True), ("8", True), ("8.01", False)])
def test_the_command_that_sets_a_passed_budget_warns(
    cli: Cli, service: Service, budget: str, *, warns: bool
):
    said = cli("service", "change", service.internal_name, "--budget", budget)

    assert said.code == 0
    assert ("is used up: $8.00 is spent" in said.err) is warns


def test_the_lines_of_the_dashboard_add_up_to_their_sum(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient, service: Service
):
    network.prices = [
        direct_price("0.015"),
        replace(direct_price("0.005"), operation=Operation.INBOX, label="Message listed"),
    ]
    costs.charge(runtime, service, Operation.DIRECT)
    costs.charge(runtime, service, Operation.INBOX)
    costs.charge(runtime, service, Operation.ACCOUNT)
    page = f"/services/{service.id}"
    runtime.session.commit()

    shown = admin.get(page).text
    table = shown[shown.index('<th scope="col">Operation') :].split("</table>")[0]
    cells = [item.split("</td>")[0] for item in table.split('<td class="ff-num">')[1:]]
    amounts = [Decimal(item[1:]) for item in cells if item.startswith("$")]

    assert Decimal("8.015") in amounts
    assert sum(amounts[:-1]) == amounts[-1] == Decimal("8.020")


def test_no_budget_is_never_passed(runtime: Runtime, service: Service):
    assert budget_warning.warning(runtime, service) == ""


def test_the_dashboard_says_how_far_it_is_passed(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    service.monthly_budget = Decimal(5)
    page = f"/services/{service.id}"
    runtime.session.commit()

    shown = admin.get(page).text

    assert "The budget is passed by $3.00." in shown
    assert "Deliveries pause before" not in shown


def test_the_form_that_saves_a_passed_budget_warns(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    typed = {
        "label": service.label,
        "internal_name": service.internal_name,
        "daily_cap": "9",
        "monthly_budget": "5",
        "folder": service.folder.name,
        "visitor_folder": service.visitor_folder.name,
        "time_zone": "Europe/Paris",
        "region": "north",
    }
    page = f"/services/{service.id}/settings"
    runtime.session.commit()

    saved = admin.post(page, data=typed, follow_redirects=True).text.replace("&#39;", "'")

    assert "This month’s budget of $5.00 is used up: $8.00 is spent." in saved
