"""Confirming: nobody sends more, later or from elsewhere than they saw."""

from dataclasses import replace
from datetime import timedelta

import pytest

from channels.clock import FileClock
from tests.support.deliveries import begin, ready, states
from tests.support.factories import make_delivery, make_service, make_subscription
from tests.support.fakes import FakeNetwork
from webapp.deliveries import analysis, sending
from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.approval import confirm
from webapp.deliveries.control import delete
from webapp.deliveries.drafts import copying, editing
from webapp.deliveries.models import Audience, Delivery, DeliveryState, Message
from webapp.kernel.audit import Actor, trusted
from webapp.kernel.errors import Conflict
from webapp.kernel.permissions import EVERYTHING
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.services.connection import accounts, doctor
from webapp.services.models import Service


def test_a_target_that_grew_since_the_analysis_is_not_sent_to(runtime: Runtime, service: Service):
    delivery = ready(runtime, service, people=2)
    make_subscription(runtime, service)

    with pytest.raises(confirm.Unseen, match="from 2 to 3"):
        begin(runtime, delivery)

    runtime.session.rollback()
    assert runtime.session.query(Message).count() == 0
    assert editing.get(runtime, delivery.id).state is DeliveryState.READY


def test_a_target_that_shrank_is_sent_to(runtime: Runtime, service: Service):
    delivery = ready(runtime, service, people=2)
    gone = make_subscription(runtime, service)
    gone.opted_out_at = runtime.now()
    runtime.session.commit()

    assert begin(runtime, delivery).state is DeliveryState.SENDING


@pytest.mark.parametrize("how", ["removed", "needs_fixing"])
def test_an_account_that_cannot_send_any_more_is_named(runtime: Runtime, service: Service, how):
    delivery = ready(runtime, service)
    if how == "removed":
        accounts.remove(runtime, service.id)
    else:
        doctor.needs_fixing(runtime, service, notices.of("its token is read-only."))
        runtime.session.commit()

    with pytest.raises(confirm.Unseen, match=f"@{service.internal_name} cannot send: it"):
        begin(runtime, delivery)


def test_an_analysis_names_what_the_token_may_not_do(runtime: Runtime, service: Service):
    _take_away_messages(runtime, service)

    delivery = ready(runtime, service)

    assert delivery.state is DeliveryState.REJECTED
    faults = [item for item in stored_findings.findings(delivery) if item["level"] == "error"]
    assert [item["code"] for item in faults] == ["not_connected"]
    assert "Make a token for messages." in faults[0]["text"]


def test_a_token_that_lost_a_permission_since_the_analysis_is_named(
    runtime: Runtime, service: Service
):
    delivery = ready(runtime, service)
    _take_away_messages(runtime, service)

    with pytest.raises(confirm.Unseen, match="Make a token for messages"):
        begin(runtime, delivery)


def _take_away_messages(runtime: Runtime, service: Service) -> None:
    service.account = {**service.account, "lacks": {"direct": "Make a token for messages."}}
    runtime.session.commit()


def test_a_delivery_whose_account_was_disconnected_is_held(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    delivery = begin(runtime, ready(runtime, service))
    accounts.remove(runtime, service.id)

    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["pending"] * 3
    assert delivery.state is DeliveryState.PAUSED
    assert "disconnected" in delivery.wait_reason
    assert network.directs == []


def test_a_time_that_passed_before_anybody_confirmed_is_refused(
    runtime: Runtime, service: Service, clock: FileClock
):
    delivery = ready(runtime, service, scheduled_at=runtime.now() + timedelta(hours=2))
    clock.advance(timedelta(days=3))

    with pytest.raises(confirm.Unseen, match="is over"):
        begin(runtime, delivery)


@pytest.fixture
def accepted(runtime: Runtime, service: Service) -> Delivery:
    """A delivery to all subscribers that an administrator named *test* accepted."""
    make_subscription(runtime, service)
    return editing.accept_everyone(runtime, make_delivery(runtime, service).id)


def edited(runtime: Runtime, delivery: Delivery, **changes) -> Delivery:
    return editing.edit(runtime, delivery.id, editing.DeliveryChanges(**changes))


def test_who_accepted_everybody_may_go_on_writing(runtime: Runtime, accepted: Delivery):
    assert edited(runtime, accepted, content="Another text").everyone_accepted_at


def test_another_ones_text_has_to_be_accepted_anew(runtime: Runtime, accepted: Delivery):
    another = replace(runtime, actor=trusted("somebody else"))

    assert edited(another, accepted, content="Another text").everyone_accepted_at is None
    assert accepted.audience is Audience.EVERYONE


def test_who_goes_by_the_same_name_is_not_who_accepted(runtime: Runtime, accepted: Delivery):
    namesake = Actor(name=runtime.actor.name, operator_id=4711, permissions=EVERYTHING)

    found = edited(replace(runtime, actor=namesake), accepted, content="Another text")

    assert (found.everyone_accepted_by, found.everyone_accepted_at) == (namesake.name, None)


@pytest.mark.parametrize("what", ["filters", "service_ids"])
def test_other_people_or_another_account_have_to_be_accepted_anew(
    runtime: Runtime, accepted: Delivery, what
):
    other = make_service(runtime)
    changes = {
        "filters": [{"field": "friends", "op": "more", "value": "5"}],
        "service_ids": [other.id],
    }

    found = edited(runtime, accepted, **{what: changes[what]})

    assert found.everyone_accepted_at is None


def test_a_copy_is_for_the_same_people_and_asks_anew_who_answers_for_them(
    runtime: Runtime, accepted: Delivery
):
    copy = copying.duplicate(runtime, accepted.id)

    assert copy.audience is Audience.EVERYONE
    assert (copy.everyone_accepted_by, copy.everyone_accepted_at) == ("", None)


def test_an_analysis_that_nobody_does_can_be_cancelled(runtime: Runtime, service: Service):
    draft = make_delivery(runtime, service)
    analysis.start(runtime, draft.id)
    with pytest.raises(Conflict, match="cancel it"):
        delete.remove(runtime, draft.id)
    runtime.session.rollback()

    analysis.cancel(runtime, draft.id)

    assert edited(runtime, draft, content="Another text").content == "Another text"


def test_a_cancelled_analysis_leaves_no_verdict(runtime: Runtime, service: Service, monkeypatch):
    draft = make_delivery(runtime, service)
    analysis.start(runtime, draft.id)
    looked_at = analysis.outcome

    def cancelled_meanwhile(*given):
        found = looked_at(*given)
        runtime.session.rollback()
        analysis.cancel(runtime, draft.id)
        return found

    monkeypatch.setattr(analysis, "outcome", cancelled_meanwhile)

    assert analysis.analyse(runtime, draft.id).state is DeliveryState.DRAFT
