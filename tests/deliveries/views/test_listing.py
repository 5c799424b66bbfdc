"""The list of deliveries: views, filters, pages by key."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from channels import ErrorKind
from tests.support.deliveries import begin, fault, proved, ready, saying, sent
from tests.support.factories import make_delivery, make_subscription
from tests.support.fakes import direct_price
from webapp.deliveries import control
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


def test_a_delivery_is_found_by_what_any_part_of_any_variant_says(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    draft = make_delivery(runtime, service, label="Doors", kind=DeliveryKind.POST)
    saying(runtime, draft, ["One.", "Tulips."], ["Two.", "Daffodils."])

    found = [
        "Doors" in marketer.get(f"/deliveries?q={words}").text for words in ("tulip", "daff", "oak")
    ]

    assert found == [True, True, False]


def test_what_else_an_address_says_changes_nothing(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = begin(runtime, ready(runtime, service))
    told = "endpoint=x&delivery_id=9&_external=1&_scheme=ftp&_anchor=x"

    for address in ("/deliveries", f"/deliveries/{delivery.id}"):
        answer = marketer.get(f"{address}?{told}")
        assert answer.status_code == 200
        assert "ftp:" not in answer.text


def test_what_needs_somebody_is_counted_alike_everywhere(
    runtime: Runtime, service: Service, proof_account: Service, marketer: FlaskClient
):
    make_delivery(runtime, service)
    waits = make_delivery(runtime, service, label="Doors", proof_service_id=proof_account.id)
    make_subscription(runtime, service)
    proved(runtime, waits)
    paused = begin(runtime, ready(runtime, service))
    control.pause(runtime, paused.id)

    answer = marketer.get("/deliveries?view=needs").text

    assert answer.count("<tr") == 3
    assert "proof #1 to approve" in answer
    assert "Paused by test." in answer
    assert "needs you:</span> 2</span>" in answer


def test_a_proof_that_did_not_arrive_is_not_to_be_approved(
    runtime: Runtime, service: Service, proof_account: Service, network, marketer: FlaskClient
):
    delivery = make_delivery(runtime, service, proof_service_id=proof_account.id)
    make_subscription(runtime, service)
    network.before = [fault(ErrorKind.PERMANENT, "not_permitted", said="No.")]
    proofs_page = f"/deliveries/{delivery.id}/proofs"
    proved(runtime, delivery)

    assert "Nothing waits for you." in marketer.get("/").text
    assert "No delivery matches" in marketer.get("/deliveries?view=needs").text
    assert "Did not arrive" in marketer.get(proofs_page).text


def test_what_will_not_begin_yet_shows_what_it_will_cost(
    runtime: Runtime, service: Service, network, marketer: FlaskClient
):
    network.prices = [direct_price("0.015")]
    at = runtime.now() + timedelta(hours=2)
    begin(runtime, ready(runtime, service, people=2, scheduled_at=at))

    answer = marketer.get("/deliveries?view=scheduled").text

    assert "$0.03" in answer
    assert "0 of 2" in answer


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
