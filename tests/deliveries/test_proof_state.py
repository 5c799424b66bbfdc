"""What the composer and the page to confirm on say of the proofs of a text."""

import pytest
from flask.testing import FlaskClient

from channels import ErrorKind
from tests.support.composer import address
from tests.support.deliveries import fault, proved
from tests.support.factories import make_delivery, make_subscription
from tests.support.fakes import FakeNetwork
from webapp.deliveries import analysis, proofs
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

HTMX = {"HX-Request": "true"}


@pytest.fixture
def draft(runtime: Runtime, service: Service, proof_account: Service) -> Delivery:
    make_subscription(runtime, service)
    return make_delivery(runtime, service, proof_service_id=proof_account.id)


def edited(runtime: Runtime, draft: Delivery, text: str) -> None:
    editing.edit(runtime, draft.id, editing.DeliveryChanges(content=text))


def test_an_approval_is_shown_over_a_later_proof_of_the_same_text(
    runtime: Runtime, draft: Delivery, marketer: FlaskClient
):
    proofs.approve(runtime, proved(runtime, draft).id)
    proved(runtime, draft)

    page = marketer.get(address(draft)).text

    assert "Proof #1 is approved by test. That holds" in page
    assert "Proof #2 arrived too; the text is approved already." in page
    assert "waits for approval" not in page


def test_an_approval_of_a_text_that_came_back_is_shown_again(
    runtime: Runtime, draft: Delivery, marketer: FlaskClient
):
    first = draft.content
    proofs.approve(runtime, proved(runtime, draft).id)
    edited(runtime, draft, "Another text.")
    proved(runtime, draft)
    edited(runtime, draft, first)

    page = marketer.get(address(draft)).text

    assert "Proof #1 is approved by test." in page
    assert "Proof #2 is void" in page


def test_a_proof_that_waits_for_approval_is_shown_before_one_that_failed(
    runtime: Runtime, draft: Delivery, network: FakeNetwork, marketer: FlaskClient
):
    proved(runtime, draft)
    network.before = [fault(ErrorKind.SENDER, "bad_token")]
    proved(runtime, draft)

    page = marketer.get(address(draft)).text

    assert page.index("Proof #1 arrived and waits") < page.index("Proof #2 failed")


def test_the_page_to_confirm_on_names_the_proof_that_is_approved(
    runtime: Runtime, draft: Delivery, marketer: FlaskClient
):
    proofs.approve(runtime, proved(runtime, draft).id)
    proved(runtime, draft)
    analysis.start(runtime, draft.id)
    analysis.analyse(runtime, draft.id)

    page = marketer.get(f"/deliveries/{draft.id}/confirm").text

    assert "#1" in page.partition("<dt>Proof</dt>")[2].partition("</dd>")[0]
    assert "Approve proof" not in page


def test_a_proof_that_waits_for_another_try_is_looked_at_less_often(
    runtime: Runtime, draft: Delivery, network: FakeNetwork, marketer: FlaskClient
):
    network.before = [fault(ErrorKind.TEMPORARY, "stumbled")]
    proved(runtime, draft)

    part = marketer.get(address(draft, "proof"), headers=HTMX).text

    assert 'hx-trigger="every 15s"' in part
    assert "It goes on by itself today 11:00." in part


def test_a_draft_that_cannot_be_removed_yet_stays_open_with_the_reason(
    runtime: Runtime, draft: Delivery, marketer: FlaskClient
):
    proofs.send_proof(runtime, draft.id)

    answer = marketer.post(f"/deliveries/{draft.id}/remove")

    assert answer.status_code == 422
    assert "Proof #1 of this delivery is still on its way." in answer.text
    assert "Send proof" in answer.text
