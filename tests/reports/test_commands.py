"""Reports at the command line: the figures of the pages, for people, programs and spreadsheets."""

import json

from flask.testing import FlaskClient

from tests.reports.conftest import rows
from tests.support.cli import Cli
from webapp.deliveries.models import Delivery
from webapp.services.models import Service


def test_an_account_is_printed_as_its_page_and_its_sheets_tell(
    cli: Cli, admin: FlaskClient, service: Service, spring: Delivery
):
    words = ("report", "account", service.internal_name, "--days", "7")
    sheet = admin.get(f"/reports/messages.csv?days=7&account={service.id}").text

    printed = cli(*words, "--part", "messages", "--csv")
    told = json.loads(cli(*words, "--json").out)
    text = cli(*words).out

    assert rows(printed.out) == rows(sheet)
    assert told["parts"]["messages"][-1]["Clicked"] == 1
    assert told["beside"] == "before"
    assert "Readers who clicked" in text
    assert "25 %" in text


def test_a_delivery_is_printed_with_its_way(cli: Cli, spring: Delivery):
    told = json.loads(cli("report", "delivery", str(spring.id), "--json").out)

    assert [row["Number"] for row in told["parts"]["way"]] == [4, 4, 4, 1]
