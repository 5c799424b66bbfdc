"""A report reads as much of the database however long the log is."""

import re

from flask.testing import FlaskClient

from tests.meta.test_cheap_pages import statements
from tests.reports.conftest import TEXT, clicked
from tests.support.deliveries import sent
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def test_more_deliveries_ask_no_more_and_neither_log_nor_clicks_are_read(
    runtime: Runtime, admin: FlaskClient, service: Service, spring: Delivery
):
    address = f"/reports?account={service.id}"
    runtime.session.rollback()
    admin.get(address)
    with statements() as few:
        admin.get(address)
    for _number in range(2):
        clicked(runtime, sent(runtime, service, people=1, content=TEXT), readers=1, clicks=1)
    with statements() as more:
        admin.get(address)

    assert len(more) == len(few)
    logs = re.compile(r"\b(FROM|JOIN) (attempt|click|click_count|conversion)\s")
    assert [item for item in more if logs.search(item)] == []
