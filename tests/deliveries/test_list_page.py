"""The list of deliveries: views, filters, pages by key."""

import pytest
from flask.testing import FlaskClient

from tests.deliveries.driving import sent
from tests.factories import make_delivery
from webapp.deliveries.models import DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def test_an_empty_list_says_what_a_delivery_is(marketer: FlaskClient):
    answer = marketer.get("/deliveries")

    assert "No delivery yet" in answer.text


def test_each_view_lists_its_own_deliveries(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    draft, done = make_delivery(runtime, service), sent(runtime, service, people=1)

    drafts = marketer.get("/deliveries?view=drafts").text
    finished = marketer.get("/deliveries?view=done").text

    assert f'href="/deliveries/{draft.id}"' in drafts
    assert f'href="/deliveries/{done.id}"' not in drafts
    assert f'href="/deliveries/{done.id}"' in finished


def test_the_list_is_filtered_by_its_address(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    make_delivery(runtime, service, label="Spring letter")
    make_delivery(runtime, service, label="Doors", kind=DeliveryKind.POST)

    found = marketer.get("/deliveries?kind=post&q=door").text

    assert "Doors" in found
    assert "Spring letter" not in found


@pytest.mark.parametrize("query", ["view=none", "kind=letter"])
def test_a_filter_that_does_not_exist_is_explained(marketer: FlaskClient, query: str):
    answer = marketer.get(f"/deliveries?{query}")

    assert answer.status_code == 422
    assert "There is no" in answer.text


def test_the_list_walks_by_key_through_every_delivery(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    made = [make_delivery(runtime, service, label=f"Letter {n}") for n in range(23)]

    first = marketer.get("/deliveries").text
    second = marketer.get(f"/deliveries?after={made[3].id}").text
    back = marketer.get(f"/deliveries?before={made[2].id}").text

    assert "Letter 22<" in first
    assert "Letter 2<" not in first
    assert "Letter 2<" in second
    assert "Letter 22<" in back
