"""Copies: for the same target again, or for exactly those whom a delivery did not reach."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from channels import ErrorKind
from channels.clock import FileClock
from tests.support.deliveries import begin, fault, ready, sent, states
from tests.support.factories import actions, make_service
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.audience.consents import recording
from webapp.audience.models import Visitor
from webapp.deliveries import analysis, control, reasons, sending
from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.drafts import copying, editing, validation
from webapp.deliveries.models import Delivery, DeliveryKind, LatePolicy, Message, MessageState
from webapp.deliveries.targeting import target
from webapp.kernel.errors import Conflict
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

HOUR = timedelta(hours=1)


def recipients(runtime: Runtime, delivery: Delivery, *chosen: str) -> set[str]:
    rows = select(Message.recipient).where(
        Message.delivery_id == delivery.id,
        Message.state.in_([MessageState(item) for item in chosen]),
    )
    return set(runtime.session.scalars(rows))


def send(runtime: Runtime, draft: Delivery) -> Delivery:
    analysis.start(runtime, draft.id)
    begin(runtime, analysis.analyse(runtime, draft.id))
    sending.send_batch(runtime, draft.id)
    return draft


@pytest.fixture
def stopped(runtime: Runtime, service: Service, network: FakeNetwork) -> Delivery:
    """Six people: two got it, one may have, one failed for the text, two were cancelled."""
    delivery = begin(runtime, ready(runtime, service, people=6))
    network.after = [None, None, fault(ErrorKind.UNKNOWN, "no_answer")]
    network.before = [
        None,
        None,
        None,
        fault(ErrorKind.PERMANENT, "too_long"),
        fault(ErrorKind.LIMITED, "limited", retry_at=runtime.now() + HOUR),
    ]
    sending.send_batch(runtime, delivery.id)
    assert states(runtime, delivery) == ["sent", "sent", "unknown", "failed", "pending", "pending"]
    control.stop(runtime, delivery.id)
    return delivery


def test_the_rest_are_exactly_those_who_certainly_got_nothing(
    runtime: Runtime, stopped: Delivery, marketer: FlaskClient, clock: FileClock
):
    left = recipients(runtime, stopped, "failed", "cancelled")
    page = marketer.get(f"/deliveries/{stopped.id}").text
    clock.advance(2 * HOUR)

    copy = copying.send_to_the_rest(runtime, stopped.id)
    send(runtime, copy)

    assert "Send to the 3 left" in page
    assert "Those whose outcome is unknown are not among them" in page
    assert len(left) == 3
    assert recipients(runtime, copy, "sent") == left
    assert recipients(runtime, copy, *MessageState) == left


def test_who_is_left_is_asked_of_the_consent_gate_again(runtime: Runtime, stopped: Delivery):
    line = runtime.session.scalars(
        select(Message).where(
            Message.delivery_id == stopped.id, Message.state == MessageState.CANCELLED
        )
    ).first()
    assert line
    assert line.subscription_id
    copy = copying.send_to_the_rest(runtime, stopped.id)

    recording.record_stop(runtime, line.subscription_id)

    assert target.count(runtime, copy).eligible == 2
    assert copying.number_left(runtime, stopped) == 2


def test_who_got_it_from_another_copy_is_left_out(
    runtime: Runtime, stopped: Delivery, clock: FileClock
):
    clock.advance(2 * HOUR)
    one, other = (copying.send_to_the_rest(runtime, stopped.id) for _number in range(2))
    editing.edit(runtime, other.id, editing.DeliveryChanges(content="Now in other words. STOP"))

    send(runtime, one)

    assert target.count(runtime, other).matched == 0
    with pytest.raises(Conflict, match="Nobody is left"):
        copying.send_to_the_rest(runtime, stopped.id)


def test_two_copies_confirmed_before_either_goes_out_reach_nobody_twice(
    runtime: Runtime, stopped: Delivery, clock: FileClock
):
    clock.advance(2 * HOUR)
    later = runtime.now() + HOUR
    both = [copying.send_to_the_rest(runtime, stopped.id) for _number in range(2)]
    for copy in both:
        editing.edit(runtime, copy.id, editing.DeliveryChanges(scheduled_at=later))
        analysis.start(runtime, copy.id)
        analysis.analyse(runtime, copy.id)
    begin(runtime, both[0])
    # As if the second had been confirmed in the same moment, unseen by the first.
    runtime.session.query(Message).filter_by(delivery_id=both[0].id).update({"state": "cancelled"})
    begin(runtime, both[1])
    runtime.session.query(Message).filter_by(delivery_id=both[0].id).update({"state": "pending"})
    runtime.session.commit()
    clock.advance(2 * HOUR)

    for copy in reversed(both):
        control.pause(runtime, copy.id)
        control.resume(runtime, copy.id)
        sending.send_batch(runtime, copy.id)

    assert states(runtime, both[0]) == ["sent"] * 3
    assert states(runtime, both[1]) == ["ignored"] * 3


def test_a_post_goes_to_the_accounts_that_did_not_publish_it(
    runtime: Runtime, network: FakeNetwork
):
    good, bad = make_service(runtime), make_service(runtime)
    network.before = [None, fault(ErrorKind.PERMANENT, "refused")]
    delivery = ready(runtime, good, people=0, kind=DeliveryKind.POST)
    changes = editing.DeliveryChanges(service_ids=[good.id, bad.id])
    send(runtime, editing.edit(runtime, delivery.id, changes))
    published = recipients(runtime, delivery, "sent")

    copy = copying.send_to_the_rest(runtime, delivery.id)
    again = copying.send_to_the_rest(runtime, delivery.id)

    (account,) = copy.services
    assert {f"service:{account.id}"} | published == {f"service:{good.id}", f"service:{bad.id}"}
    editing.edit(runtime, copy.id, editing.DeliveryChanges(content="With another text."))
    send(runtime, copy)
    assert states(runtime, copy) == ["sent"]
    analysis.start(runtime, again.id)
    found = stored_findings.findings(analysis.analyse(runtime, again.id))[0]
    assert "gets “Rest of Spring” already" in found["text"]


def test_of_very_many_who_are_left_the_page_tells_that_there_are_more(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    marketer: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(copying, "MOST_LEFT", 2)
    network.before = [fault(ErrorKind.PERMANENT, "refused")] * 3
    delivery = sent(runtime, service)

    page = marketer.get(f"/deliveries/{delivery.id}").text

    assert "More than 2 people got nothing." in page
    assert "Send to all who are left" in page
    assert len(recipients_of_copy(runtime, delivery)) == 3


def recipients_of_copy(runtime: Runtime, delivery: Delivery) -> list[Visitor]:
    """Whom a copy for the rest of a delivery would write to."""
    copy = copying.send_to_the_rest(runtime, delivery.id)
    return [visitor for visitor, _reason in target.sample(runtime, copy)]


def test_nothing_is_left_of_what_still_goes_out(runtime: Runtime, service: Service):
    delivery = begin(runtime, ready(runtime, service))

    assert copying.number_left(runtime, delivery) == 0
    with pytest.raises(Conflict, match="Stop this delivery first"):
        copying.send_to_the_rest(runtime, delivery.id)


def test_a_copy_has_the_same_options_and_no_edit_that_nobody_made(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    at = runtime.now() + HOUR
    delivery = begin(runtime, ready(runtime, service, scheduled_at=at))
    control.pause(runtime, delivery.id)
    control.resume(runtime, delivery.id)
    before = actions(runtime)

    copy = copying.duplicate(runtime, delivery.id)

    assert copy.late_policy is LatePolicy.ASK
    assert copy.scheduled_at is None
    assert actions(runtime)[len(before) :] == ["delivery.duplicate"]
    audit = marketer.get(f"/deliveries/{copy.id}/audit").text
    assert "Made the draft as a copy of “Spring”" in audit


def test_who_duplicates_what_went_out_is_told_who_gets_it_again(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = sent(runtime, service, people=2)

    answer = marketer.post(f"/deliveries/{delivery.id}/duplicate", follow_redirects=True)

    assert "2 of them got “Spring” or may have got it, and get this one too." in answer.text
    assert "2 people got this very text already" in answer.text


def test_who_only_waits_for_a_text_did_not_get_it(
    runtime: Runtime, network: FakeNetwork, service: Service, marketer: FlaskClient
):
    network.limits = [direct_limit(1)]
    delivery = sent(runtime, service, people=3)
    assert sorted(states(runtime, delivery)) == ["pending", "pending", "sent"]
    page = f"/deliveries/{delivery.id}/duplicate"
    runtime.session.commit()

    answer = marketer.post(page, follow_redirects=True).text

    assert "2 people wait for this very text from another delivery" in answer
    assert "1 person got it already." in answer
    assert "3 people got" not in answer


def test_no_advice_leads_to_writing_twice():
    for code in reasons.REASONS:
        advice = reasons.of(code).can_do.lower()
        assert "duplicate" not in advice
        assert "send it again" not in advice


def test_no_two_copies_have_one_name(runtime: Runtime, stopped: Delivery):
    rests = [copying.send_to_the_rest(runtime, stopped.id).label for _number in range(3)]
    stopped.label = "long " * 40
    runtime.session.commit()
    copies = [copying.duplicate(runtime, stopped.id).label for _number in range(3)]

    assert rests == ["Rest of Spring", "Rest of Spring (2)", "Rest of Spring (3)"]
    assert len(set(copies)) == 3
    assert max(map(len, copies)) <= validation.LONGEST_LABEL
