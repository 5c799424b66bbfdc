"""What reading the inbox for STOP costs is told before a delivery is sent, and in its budget."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from channels import Operation
from tests.deliveries.composing import address
from tests.deliveries.driving import begin, ready
from tests.factories import make_delivery, make_service
from tests.fakes import FakeNetwork, direct_price
from webapp.deliveries import rules
from webapp.deliveries.models import DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.fixture
def service(runtime: Runtime, network: FakeNetwork) -> Service:
    direct = direct_price("0.015")
    inbox = replace(direct, operation=Operation.INBOX, amount=Decimal("0.010"))
    network.prices = [direct, inbox]
    return make_service(runtime, monthly_budget=Decimal("0.06"))


def test_the_composer_and_the_confirm_page_tell_it(
    runtime: Runtime, marketer: FlaskClient, service: Service
):
    delivery = ready(runtime, service)

    pages = [marketer.get(address(delivery, path)).text for path in ("compose", "confirm")]

    assert ["and at least about $0.03 to listen for STOP" in page for page in pages] == [True, True]


def test_home_and_the_list_tell_it_too(runtime: Runtime, marketer: FlaskClient, service: Service):
    begin(runtime, ready(runtime, service))

    home, listed = (" ".join(marketer.get(path).text.split()) for path in ("/", "/deliveries"))

    assert "$0.00 of $0.05, and at least about $0.03 to listen for STOP" in home
    assert "listening: $0.03 or more" in listed


def test_the_budget_is_held_against_both(runtime: Runtime, service: Service):
    found = ready(runtime, service).analysis["findings"]

    assert [item["text"] for item in found if item["code"] == "over_budget"] == [
        f"It costs $0.075 and @{service.internal_name} has $0.06 left this month; it would pause."
    ]


def test_a_post_listens_to_nobody(runtime: Runtime, service: Service):
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST)

    assert rules.gather(runtime, draft).listens is None


def test_where_reading_is_free_nothing_is_told(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.prices = network.prices[:1]

    assert rules.gather(runtime, make_delivery(runtime, service)).listens is None
