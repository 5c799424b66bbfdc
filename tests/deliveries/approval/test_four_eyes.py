"""A second pair of eyes: who wrote a delivery neither approves nor sends it alone."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from channels.clock import FileClock
from tests.support.composer import fresh
from tests.support.deliveries import begin, proved, ready
from tests.support.factories import make_operator
from webapp.deliveries import analysis, authors, proofs
from webapp.deliveries.approval.confirm import Unseen
from webapp.deliveries.drafts import editing
from webapp.deliveries.drafts.editing import DeliveryChanges
from webapp.deliveries.models import Delivery, DeliveryState
from webapp.kernel.audit import Actor, AuditEntry, trusted
from webapp.kernel.errors import Conflict
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator
from webapp.services.models import Service


@pytest.fixture(params=["operator", "command line"])
def author(runtime: Runtime, request: pytest.FixtureRequest) -> Runtime:
    return runtime.acting_as(somebody(runtime, "Inès", known=request.param == "operator"))


@pytest.fixture
def other(runtime: Runtime) -> Runtime:
    return runtime.acting_as(somebody(runtime, "Bo", known=True))


def somebody(runtime: Runtime, name: str, *, known: bool) -> Actor:
    operator_id = make_operator(runtime).id if known else None
    return replace(trusted(name), operator_id=operator_id)


def written(author: Runtime, service: Service, proof_account: Service) -> Delivery:
    """A delivery of an author, ready to be sent."""
    return ready(author, service, proof_service_id=proof_account.id)


def rewritten(author: Runtime, delivery: Delivery, label: str) -> Delivery:
    editing.edit(author, delivery.id, DeliveryChanges(label=label), revision=delivery.revision)
    analysis.start(author, delivery.id)
    return analysis.analyse(author, delivery.id)


def demand(service: Service) -> None:
    service.four_eyes = True


def test_an_author_sends_alone_where_nobody_asks_for_more(
    author: Runtime, service: Service, proof_account: Service
):
    delivery = written(author, service, proof_account)

    assert begin(author, delivery).state is DeliveryState.SENDING


def test_an_author_cannot_send_alone_what_nobody_else_saw(
    author: Runtime, service: Service, proof_account: Service
):
    demand(service)
    delivery = written(author, service, proof_account)

    with pytest.raises(Unseen, match="asks for a second pair of eyes"):
        begin(author, delivery)
    assert delivery.confirmed_at is None


def test_somebody_else_may_send_it(
    author: Runtime, other: Runtime, service: Service, proof_account: Service
):
    demand(service)
    delivery = written(author, service, proof_account)

    assert begin(other, delivery).confirmed_by == "Bo"


def test_an_author_cannot_approve_and_somebody_elses_approval_lets_them_send(
    author: Runtime, other: Runtime, service: Service, proof_account: Service
):
    demand(service)
    delivery = written(author, service, proof_account)
    proof = proved(author, delivery)

    with pytest.raises(Conflict, match="somebody else must approve it"):
        proofs.approve(author, proof.id)
    proofs.approve(other, proof.id)

    assert begin(author, delivery).confirmed_by == "Inès"


def test_an_approval_does_not_cover_what_was_changed_after_it_not_even_beside_the_text(
    author: Runtime, other: Runtime, clock: FileClock, service: Service, proof_account: Service
):
    demand(service)
    delivery = written(author, service, proof_account)
    proofs.approve(other, proved(author, delivery).id)
    clock.advance(timedelta(minutes=1))
    delivery = rewritten(author, delivery, "To everybody at once")

    with pytest.raises(Unseen, match="a proof of it as it is now"):
        begin(author, delivery)


def test_a_change_after_an_approval_stays_one_when_the_clock_is_set_back(
    author: Runtime, other: Runtime, clock: FileClock, service: Service, proof_account: Service
):
    demand(service)
    delivery = written(author, service, proof_account)
    proofs.approve(other, proved(author, delivery).id)
    clock.advance(-timedelta(hours=1))
    delivery = rewritten(author, delivery, "To everybody at once")

    with pytest.raises(Unseen, match="a proof of it as it is now"):
        begin(author, delivery)


PAGES = {
    "its own page": "/deliveries/{proof}",
    "the tab of proofs": "/deliveries/{parent}/proofs",
    "the verdict": "/deliveries/{parent}/confirm",
    "the composer": "/deliveries/{parent}/compose?step=proof",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_nobody_approves_what_was_changed_after_they_opened_it(
    author: Runtime, service: Service, proof_account: Service, marketer: FlaskClient, page: str
):
    demand(service)
    delivery = written(author, service, proof_account)
    proof = proved(author, delivery)
    opened = marketer.get(page.format(proof=proof.id, parent=delivery.id)).text
    approve = f"/deliveries/{proof.id}/approve"
    sends = rf'<form[^>]*(?:action="{approve}"|id="compose").*?</form>'
    form = re.search(sends, opened, re.DOTALL)
    seen = form and re.search(r'name="revision"[^>]* value="(\d+)"', form[0])
    assert seen
    assert approve in opened
    rewritten(author, delivery, "To everybody at once")

    answer = marketer.post(approve, data={"revision": seen[1]}, follow_redirects=True)

    assert "Somebody changed this delivery after you opened it." in answer.text
    assert fresh(author, proof).approved_at is None


def test_who_changed_a_delivery_of_somebody_else_is_an_author_too(
    author: Runtime, other: Runtime, service: Service, proof_account: Service
):
    demand(service)
    delivery = rewritten(other, written(author, service, proof_account), "Bo was here")

    assert authors.wrote(author, delivery)
    assert authors.wrote(other, delivery)


def test_who_made_one_that_is_older_than_the_audit_is_known_by_name(
    author: Runtime, other: Runtime, service: Service
):
    delivery = ready(author, service)
    author.session.execute(delete(AuditEntry))

    assert authors.wrote(author, delivery)
    assert not authors.wrote(other, delivery)


def test_the_page_says_who_is_missing_instead_of_offering_the_button(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    demand(service)
    operator = runtime.session.query(Operator).one()
    author = runtime.acting_as(replace(trusted(operator.name), operator_id=operator.id))
    delivery = ready(author, service)

    page = marketer.get(f"/deliveries/{delivery.id}/confirm").text
    accepted = {"accept": [item["code"] for item in analysis.warnings(delivery)]}
    answer = marketer.post(f"/deliveries/{delivery.id}/confirm", data=accepted)

    assert 'id="second-eyes"' in page
    assert 'id="send"' not in page
    assert answer.status_code == 422
    assert "asks for a second pair of eyes" in answer.text
