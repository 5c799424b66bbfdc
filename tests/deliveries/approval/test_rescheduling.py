"""What waits for its time can be edited or moved, without a new proof; what has begun cannot."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from channels.clock import FileClock
from tests.support.cli import Cli
from tests.support.deliveries import begin, proved, ready
from tests.support.factories import actions, make_delivery, make_service
from webapp.deliveries import analysis, control, proofs, sending
from webapp.deliveries.approval import confirm, rescheduling
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryKind, DeliveryState, LatePolicy, Message
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.runtime import Runtime

HOUR = timedelta(hours=1)


def scheduled(runtime: Runtime, **changes: object) -> Delivery:
    at = runtime.now() + 5 * HOUR
    return begin(runtime, ready(runtime, make_service(runtime), scheduled_at=at, **changes))


def test_an_edit_makes_it_a_draft_that_keeps_its_time_and_sends_nothing(
    runtime: Runtime, clock: FileClock
):
    delivery = scheduled(runtime)
    at = delivery.scheduled_at

    rescheduling.unschedule(runtime, delivery.id)

    assert delivery.state is DeliveryState.DRAFT
    assert (delivery.scheduled_at, delivery.confirmed_at, delivery.resume_at) == (at, None, None)
    clock.advance(6 * HOUR)
    assert sending.due(runtime) == []
    assert runtime.session.query(Message).filter_by(delivery_id=delivery.id).count() == 0
    assert "delivery.unschedule" in actions(runtime)


def test_after_an_edit_it_is_confirmed_again_with_the_proof_it_had(runtime: Runtime):
    make_service(runtime, is_test=True)
    service = make_service(runtime)
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST)
    proofs.approve(runtime, proved(runtime, draft).id)
    edit = {"scheduled_at": runtime.now() + 5 * HOUR}
    delivery = begin(runtime, _analysed(runtime, draft, **edit))

    rescheduling.unschedule(runtime, delivery.id)
    assert proofs.standing(runtime, delivery) == "approved"
    confirmed = begin(runtime, _analysed(runtime, delivery))

    assert confirmed.state is DeliveryState.SCHEDULED
    assert "no_proof" not in confirmed.accepted_warnings


def _analysed(runtime: Runtime, delivery: Delivery, **changes: object) -> Delivery:
    editing.edit(runtime, delivery.id, editing.DeliveryChanges(**changes))
    analysis.start(runtime, delivery.id)
    return analysis.analyse(runtime, delivery.id)


def test_another_time_keeps_all_else_that_was_confirmed(runtime: Runtime, clock: FileClock):
    delivery = scheduled(runtime)
    accepted, people = delivery.accepted_warnings, _number(runtime, delivery)
    later = runtime.now() + 30 * HOUR

    rescheduling.reschedule(runtime, delivery.id, later)

    assert delivery.state is DeliveryState.SCHEDULED
    assert delivery.expires_at == later + timedelta(seconds=delivery.valid_for)
    assert (delivery.accepted_warnings, _number(runtime, delivery)) == (accepted, people)
    clock.advance(6 * HOUR)
    assert sending.due(runtime) == []
    clock.set(later + timedelta(seconds=1), rate=0)
    assert sending.due(runtime) == [delivery.id]


def _number(runtime: Runtime, delivery: Delivery) -> int:
    return runtime.session.query(Message).filter_by(delivery_id=delivery.id).count()


def test_one_that_missed_its_time_waits_for_the_new_one(runtime: Runtime, clock: FileClock):
    delivery = scheduled(runtime, late_policy=LatePolicy.ASK)
    clock.advance(8 * HOUR)
    sending.send_batch(runtime, delivery.id)
    assert delivery.state is DeliveryState.PAUSED

    rescheduling.reschedule(runtime, delivery.id, runtime.now() + HOUR)

    assert (delivery.state, delivery.wait_reason) == (DeliveryState.SCHEDULED, "")


def test_what_an_operator_paused_stays_paused_at_its_new_time(runtime: Runtime):
    delivery = scheduled(runtime)
    control.pause(runtime, delivery.id)

    rescheduling.reschedule(runtime, delivery.id, runtime.now() + 9 * HOUR)

    assert delivery.state is DeliveryState.PAUSED


def test_a_time_that_is_over_is_refused_beside_its_field(runtime: Runtime, admin: FlaskClient):
    delivery = scheduled(runtime)
    at = delivery.scheduled_at

    answer = admin.post(
        f"/deliveries/{delivery.id}/time", data={"day": "2020-01-01", "clock": "09:00"}
    )

    assert answer.status_code == 422
    assert "This time is over. Choose another." in answer.text
    assert runtime.session.get(Delivery, delivery.id, populate_existing=True).scheduled_at == at


def test_a_post_is_not_moved_beside_one_of_the_same_text(runtime: Runtime):
    service = make_service(runtime)
    far = runtime.now() + timedelta(days=60)
    first = begin(
        runtime,
        ready(runtime, service, people=0, kind=DeliveryKind.POST, scheduled_at=far),
    )
    second = begin(
        runtime,
        ready(
            runtime,
            service,
            people=0,
            kind=DeliveryKind.POST,
            scheduled_at=runtime.now() + HOUR,
        ),
    )

    with pytest.raises(Invalid, match="publishes the same text"):
        rescheduling.reschedule(runtime, first.id, second.scheduled_at + HOUR)

    assert runtime.session.get(Delivery, first.id, populate_existing=True).scheduled_at == far


def test_what_has_begun_can_neither_be_edited_nor_moved(
    runtime: Runtime, admin: FlaskClient, clock: FileClock
):
    delivery = scheduled(runtime, wave_size=1)
    clock.advance(5 * HOUR + timedelta(minutes=1))
    sending.send_batch(runtime, delivery.id)
    control.pause(runtime, delivery.id)

    with pytest.raises(Conflict, match="this has begun"):
        rescheduling.unschedule(runtime, delivery.id)
    with pytest.raises(Conflict, match="this has begun"):
        rescheduling.reschedule(runtime, delivery.id, runtime.now() + HOUR)

    assert "Change the time" not in admin.get(f"/deliveries/{delivery.id}").text


def test_its_page_offers_both_and_the_form_moves_it_in_the_operators_zone(
    runtime: Runtime, admin: FlaskClient
):
    delivery = scheduled(runtime)

    page = admin.get(f"/deliveries/{delivery.id}").text
    assert "Change the time" in page
    assert f'action="/deliveries/{delivery.id}/unschedule"' in page
    form = admin.get(f"/deliveries/{delivery.id}/time").text
    assert 'value="2026-11-23"' in form
    assert 'value="15:00"' in form

    answer = admin.post(
        f"/deliveries/{delivery.id}/time",
        data={"day": "2026-11-24", "clock": "09:15"},
        follow_redirects=True,
    )

    assert "begins Tuesday 24 November 2026, 09:15 CET." in answer.text
    audit = admin.get(f"/deliveries/{delivery.id}/audit").text
    assert "Changed its time" in audit
    assert "Tuesday 24 November 2026, 09:15 CET" in audit


def test_edit_opens_the_composer(runtime: Runtime, admin: FlaskClient):
    delivery = scheduled(runtime)

    answer = admin.post(f"/deliveries/{delivery.id}/unschedule")

    assert answer.location == f"/deliveries/{delivery.id}/compose"
    assert "is a draft again and is not sent." in admin.get(answer.location).text


def test_the_command_line_moves_and_edits_too(cli: Cli, runtime: Runtime):
    delivery = scheduled(runtime)

    moved = cli("delivery", "reschedule", str(delivery.id), "--at", "2026-12-01 09:00 Europe/Paris")
    edited = cli("delivery", "unschedule", str(delivery.id))

    assert "begins Tuesday 1 December 2026, 09:00 CET." in moved.out
    assert edited.out == "Spring: draft.\n"


def test_who_confirms_meanwhile_is_not_overwritten(runtime: Runtime):
    delivery = scheduled(runtime)
    rescheduling.unschedule(runtime, delivery.id)

    with pytest.raises(Conflict):
        rescheduling.unschedule(runtime, delivery.id)
    with pytest.raises(Conflict):
        confirm.confirm(runtime, delivery.id)


def test_a_time_that_is_years_away_is_refused_wherever_it_is_typed(
    runtime: Runtime, marketer: FlaskClient
):
    delivery = scheduled(runtime)
    draft = make_delivery(runtime, scheduled_at=runtime.now() + timedelta(days=400))
    before = delivery.scheduled_at

    answer = marketer.post(
        f"/deliveries/{delivery.id}/time", data={"day": "2039-01-01", "clock": "09:00"}
    )

    assert answer.status_code == 422
    assert "This is more than a year away. Choose an earlier day." in answer.text
    assert delivery.scheduled_at == before
    assert "is more than a year away." in marketer.get(f"/deliveries/{draft.id}/compose").text


def test_no_end_is_promised_of_a_time_that_is_over(runtime: Runtime, marketer: FlaskClient):
    service = make_service(runtime)
    past = {"kind": DeliveryKind.POST, "scheduled_at": runtime.now() - HOUR}
    draft = make_delivery(runtime, service, **past)

    page = marketer.get(f"/deliveries/{draft.id}/compose").text

    assert "unknown until another time is chosen" in page
