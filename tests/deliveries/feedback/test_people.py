"""What a network tells about people: complaints and bounces end consent, replies are heard."""

from datetime import datetime, timedelta

from sqlalchemy import select

from channels import EventKind, InboundMessage, Person
from tests.support.factories import actions
from tests.support.feedback import event, first, outcomes, told
from webapp.audience.models import InboundNote, Subscription, Visitor
from webapp.deliveries.models import Delivery, EventOutcome
from webapp.kernel.runtime import Runtime
from webapp.services.models import Charge, Service

MINUTE = timedelta(minutes=1)


def test_a_complaint_ends_what_the_person_agreed_to(
    runtime: Runtime, service: Service, events, taken_over: Delivery
):
    told(runtime, service, events, event(runtime, EventKind.COMPLAINED))

    _message, subscription = first(runtime, taken_over)
    assert subscription.opted_out_at == runtime.now()
    assert "subscription.end" in actions(runtime)


def test_a_bounce_that_lasts_ends_consent_and_one_that_passes_does_not(
    runtime: Runtime, service: Service, events, taken_over: Delivery
):
    told(runtime, service, events, event(runtime, EventKind.BOUNCED))
    _message, subscription = first(runtime, taken_over)
    assert (subscription.opted_out_at, subscription.quarantined_at) == (None, None)

    told(runtime, service, events, event(runtime, EventKind.BOUNCED, event_id="b2", lasting=True))

    _message, subscription = first(runtime, taken_over)
    assert subscription.opted_out_at == subscription.quarantined_at == runtime.now()
    assert subscription.quarantine_reason == "bounced"


def reply(text: str, at: datetime) -> InboundMessage:
    person = Person(remote_id="p9", handle="anna", name="Anna")
    return InboundMessage(remote_id="i1", person=person, text=text, received_at=at)


def test_a_stop_that_is_told_is_heard_and_costs_nothing(runtime: Runtime, service: Service, events):
    news = event(
        runtime, EventKind.REPLIED, message_id="", reply=reply("STOP", runtime.now() - MINUTE)
    )
    told(runtime, service, events, news)

    note = runtime.session.scalars(select(InboundNote)).one()
    subscription = runtime.session.scalars(
        select(Subscription).where(Subscription.visitor_id == note.visitor_id)
    ).one()
    assert (note.text, note.wish) == ("STOP", "stop")
    assert subscription.opted_out_at == runtime.now() - MINUTE
    assert runtime.session.scalars(select(Charge)).all() == []


def test_who_follows_and_stops_to_is_known_by_the_latest_word(
    runtime: Runtime, service: Service, events
):
    anna = Person(remote_id="p9", handle="anna", name="Anna")
    now = runtime.now()

    def tie() -> Subscription:
        query = select(Subscription).join(Visitor).where(Visitor.remote_id == "p9")
        return runtime.session.scalars(query).one()

    for name, kind, at in [
        ("1", EventKind.FOLLOWED, now - 3 * MINUTE),
        ("2", EventKind.UNFOLLOWED, now - MINUTE),
        ("3", EventKind.FOLLOWED, now - 2 * MINUTE),
    ]:
        more = {"event_id": name, "message_id": "", "person": anna, "at": at}
        told(runtime, service, events, event(runtime, kind, **more))

    assert (tie().followed_at, tie().ended_at) == (now - 3 * MINUTE, now - MINUTE)
    assert outcomes(runtime)[-1] is EventOutcome.OLDER
