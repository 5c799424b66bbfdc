"""The pages of a delivery that goes out: progress, log, proofs, exclusions, audit, CSV."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from channels import ErrorKind, Operation
from channels.clock import FileClock
from tests.support.deliveries import begin, fault, proved, ready, sent
from tests.support.factories import make_delivery, make_subscription, make_visitor, write_elsewhere
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.deliveries import control, kinds, sending
from webapp.deliveries.control import delete
from webapp.deliveries.models import Delivery, Message
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import csv
from webapp.services.models import Service

HOUR = timedelta(hours=1)


def refused(runtime: Runtime, service: Service, network: FakeNetwork) -> Delivery:
    """A delivery of three people, the first of whom allows no messages."""
    network.before = [fault(ErrorKind.PERMANENT, "not_permitted", said="No permission to write.")]
    return sent(runtime, service)


def message_of(runtime: Runtime, delivery: Delivery, state: str) -> Message:
    runtime.session.expire_all()
    rows = runtime.session.query(Message).filter_by(delivery_id=delivery.id).all()
    return next(row for row in rows if row.state.value == state)


@pytest.mark.parametrize("path", ["", "/confirm", "/exclusions", "/proofs", "/audit", "/log.csv"])
def test_a_delivery_that_does_not_exist_is_not_found(marketer: FlaskClient, path: str):
    assert marketer.get(f"/deliveries/99{path}").status_code == 404


def test_a_delivery_that_is_ready_is_opened_where_it_is_confirmed(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = ready(runtime, service)

    answer = marketer.get(f"/deliveries/{delivery.id}")

    assert answer.location == f"/deliveries/{delivery.id}/confirm"


def test_a_removed_draft_leads_to_the_records_of_its_proofs(
    runtime: Runtime, service: Service, proof_account: Service, marketer: FlaskClient
):
    make_subscription(runtime, service)
    draft = make_delivery(runtime, service, proof_service_id=proof_account.id)
    proved(runtime, draft)
    delete.remove(runtime, draft.id)

    answer = marketer.get(f"/deliveries/{draft.id}", follow_redirects=True)

    assert answer.request.path == f"/deliveries/{draft.id}/proofs"
    assert "Proof #1" in answer.text
    assert "Approve" not in answer.text


def test_the_page_tells_which_warnings_were_accepted(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = sent(runtime, service, content="Hi {first_name|there}, spring is here.")

    page = marketer.get(f"/deliveries/{delivery.id}").text

    accepted = page.partition("<dt>Accepted</dt>")[2].partition("</dd>")[0]
    assert "No proof was sent yet" in accepted
    assert "The text does not say how to stop these messages." in accepted


def test_the_log_tells_what_happened_to_each_person(
    runtime: Runtime, service: Service, network: FakeNetwork, marketer: FlaskClient
):
    delivery = refused(runtime, service, network)

    answer = marketer.get(f"/deliveries/{delivery.id}?state=failed")

    assert "2 of 3 sent" in answer.text
    assert answer.text.count('<tr id="message-') == 1
    assert "Refuses messages from you" in answer.text


def test_why_explains_a_failure_and_offers_the_way_back(
    runtime: Runtime, service: Service, network: FakeNetwork, marketer: FlaskClient
):
    delivery = refused(runtime, service, network)
    message = message_of(runtime, delivery, "failed")

    asked = marketer.get(f"/deliveries/{delivery.id}?why={message.id}").text
    lifted = marketer.post(
        f"/deliveries/{delivery.id}/messages/{message.id}/lift", follow_redirects=True
    ).text

    assert "No permission to write." in asked
    assert "Lift the quarantine</button>" in asked
    assert "The quarantine is lifted" in lifted
    assert "Lift the quarantine</button>" not in lifted


def test_a_message_of_another_delivery_is_not_explained_here(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    one, other = sent(runtime, service, people=1), sent(runtime, service, people=1)
    message = message_of(runtime, other, "sent")

    assert marketer.get(f"/deliveries/{one.id}?why={message.id}").status_code == 404


def test_what_went_out_yesterday_evening_is_not_told_as_todays(
    runtime: Runtime, service: Service, marketer: FlaskClient, clock: FileClock
):
    clock.set(runtime.now().replace(hour=22), rate=0)  # 23:00 in Paris
    delivery = sent(runtime, service, people=1)
    address = f"/deliveries/{delivery.id}"
    assert ">23:00</time>" in marketer.get(address).text

    clock.advance(timedelta(hours=9))

    assert ">yesterday 23:00</time>" in marketer.get(address).text


def test_the_log_is_exported_without_formulas(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    make_subscription(runtime, service, make_visitor(runtime, name="=1+1", handle="sum"))
    delivery = sent(runtime, service, people=1)

    answer = marketer.get(f"/deliveries/{delivery.id}/log.csv")

    assert answer.mimetype == "text/csv"
    head = "Recipient,Name,State,Reason,Tries,Sent at (Europe/Paris),Id on the network"
    assert answer.text.splitlines()[0] == f"\ufeff{head}"
    assert "sum,'=1+1,Sent" in answer.text
    assert ",2026-11-23 10:00:00," in answer.text
    assert f"delivery-{delivery.id}-spring-2026-11-23-1000.csv" in str(answer.headers)
    assert len(answer.text.splitlines()) == 3


def test_the_file_keeps_nobody_waiting_who_sends(
    runtime: Runtime, service: Service, marketer: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(csv, "AT_ONCE", 1)
    delivery = begin(runtime, ready(runtime, service))
    answer = marketer.get(f"/deliveries/{delivery.id}/log.csv")
    lines = iter(answer.response)
    assert next(lines).startswith(b"\xef\xbb\xbfRecipient")
    assert next(lines)

    write_elsewhere(runtime)

    assert len(list(lines)) == 2


def test_a_delivery_is_paused_resumed_and_stopped_in_its_page(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = begin(runtime, ready(runtime, service))
    address = f"/deliveries/{delivery.id}"

    paused = marketer.post(f"{address}/pause", follow_redirects=True).text
    resumed = marketer.post(f"{address}/resume", follow_redirects=True).text
    stopped = marketer.post(f"{address}/stop", follow_redirects=True).text

    assert "Paused by Marketer." in paused
    assert "Pause</button>" in resumed
    assert "3 cancelled" in stopped


def test_stopping_names_how_many_will_not_go_out(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = begin(runtime, ready(runtime, service))

    answer = marketer.get(f"/deliveries/{delivery.id}")

    assert "Stop and cancel 3 messages" in answer.text


def test_who_pauses_what_is_over_is_told_so_beside_what_became_of_it(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = sent(runtime, service)

    answer = marketer.post(f"/deliveries/{delivery.id}/pause", follow_redirects=True)

    assert "Only a delivery that is going out can be paused." in answer.text
    assert "3 of 3 sent" in answer.text


def test_an_unknown_outcome_says_when_it_is_asked_about(
    runtime: Runtime, service: Service, network: FakeNetwork, marketer: FlaskClient
):
    network.after = [fault(ErrorKind.UNKNOWN)]
    delivery = sent(runtime, service)

    answer = marketer.get(f"/deliveries/{delivery.id}?state=unknown")
    home = marketer.get("/").text

    assert "did not say what became of 1 message" in answer.text
    # It may well have answered, such as with a 503, and said nothing of the message.
    assert "did not answer" not in answer.text + home
    assert "will not send it twice" in answer.text


def test_a_live_look_answers_with_what_changed(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = begin(runtime, ready(runtime, service))
    before = marketer.get(f"/deliveries/{delivery.id}", headers={"HX-Request": "true"}).text

    sending.send_batch(runtime, delivery.id)
    after = marketer.get(f"/deliveries/{delivery.id}", headers={"HX-Request": "true"}).text

    assert "<html" not in before
    assert 'hx-trigger="every 2s"' in before
    assert "3 of 3 sent" in after
    assert "every 2s" not in after


def test_a_proof_is_approved_where_it_is_listed(
    runtime: Runtime, service: Service, proof_account: Service, marketer: FlaskClient
):
    make_subscription(runtime, service)
    delivery = make_delivery(runtime, service, proof_service_id=proof_account.id)
    proof = proved(runtime, delivery)

    listed = marketer.get(f"/deliveries/{delivery.id}/proofs").text
    marketer.post(f"/deliveries/{proof.id}/approve")
    approved = marketer.get(f"/deliveries/{delivery.id}/proofs").text

    assert "To approve" in listed
    assert "Approved" in approved
    assert "by Marketer" in approved


def test_the_audit_tells_who_did_what(runtime: Runtime, service: Service, marketer: FlaskClient):
    delivery = begin(runtime, ready(runtime, service))
    control.pause(runtime, delivery.id)

    answer = marketer.get(f"/deliveries/{delivery.id}/audit")

    assert "Made the draft" in answer.text
    assert "Paused it" in answer.text


def test_a_delivery_that_missed_its_time_asks_what_to_do(
    runtime: Runtime, service: Service, clock, marketer: FlaskClient
):
    at = runtime.now() + HOUR
    delivery = begin(runtime, ready(runtime, service, scheduled_at=at))
    clock.set(at + 3 * HOUR)
    sending.send_batch(runtime, delivery.id)

    answer = marketer.get(f"/deliveries/{delivery.id}")

    assert "Nothing went out. Send it now, or stop it." in answer.text
    assert "Send now</button>" in answer.text


@pytest.mark.parametrize(("kind", "told"), [("direct", True), ("post", False)])
def test_how_many_an_hour_is_told_of_messages_alone(
    runtime: Runtime, service: Service, marketer: FlaskClient, network: FakeNetwork, kind, told
):
    network.limits = [direct_limit(400), replace(direct_limit(400), operation=Operation.POST)]
    delivery = begin(runtime, ready(runtime, service, kind=kinds.named(kind)))

    page = marketer.get(f"/deliveries/{delivery.id}").text

    assert ("an hour<" in page) is told
