"""What a network tells about people: complaints and bounces end consent, replies are heard."""

from datetime import datetime, timedelta

from sqlalchemy import select

from channels import EventKind, InboundMessage, Person
from tests.support.factories import actions
from tests.support.feedback import event, first, outcomes, told
from webapp.audience import daily
from webapp.audience.growth import growth
from webapp.audience.models import ReceivedMessage, Subscription, Visitor
from webapp.deliveries.models import ChannelEvent, Delivery, EventOutcome
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

    note = runtime.session.scalars(select(ReceivedMessage)).one()
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


def test_nothing_of_a_person_stays_with_an_event_that_is_over(
    runtime: Runtime, service: Service, events
):
    said = reply("Where are you?", runtime.now() - MINUTE)
    anna = Person(remote_id="p9", handle="anna", name="Anna")
    told(
        runtime,
        service,
        events,
        event(runtime, EventKind.REPLIED, message_id="", reply=said, person=anna),
        event(runtime, EventKind.COMPLAINED, message_id="nobody-knows", person=None),
    )

    kept = list(runtime.session.scalars(select(ChannelEvent).order_by(ChannelEvent.id)))
    assert [row.outcome for row in kept] == [EventOutcome.APPLIED, None]
    assert kept[0].details == {}
    assert runtime.session.scalars(select(ReceivedMessage)).one().text == "Where are you?"


def follow(runtime: Runtime, kind: EventKind, number: int, who: str = "p9"):
    person = Person(remote_id=who, handle="anna", name="Anna")
    at = runtime.now() - timedelta(hours=1) + number * MINUTE
    return event(runtime, kind, event_id=f"f{number}", message_id="", person=person, at=at)


def test_who_follows_by_an_event_counts_in_growth_as_one_a_reading_found(
    runtime: Runtime, service: Service, events
):
    daily.read_to_end(runtime, service, 0)
    runtime.session.commit()

    told(runtime, service, events, follow(runtime, EventKind.FOLLOWED, 1))
    told(runtime, service, events, follow(runtime, EventKind.FOLLOWED, 2))
    there = growth(runtime, service)
    told(runtime, service, events, follow(runtime, EventKind.UNFOLLOWED, 3))
    told(runtime, service, events, follow(runtime, EventKind.UNFOLLOWED, 4))
    gone = growth(runtime, service)

    assert (there.now, there.gained, there.lost) == (1, 1, 0)
    assert (gone.now, gone.gained, gone.lost) == (0, 1, 1)


def test_an_account_of_the_house_that_follows_by_an_event_is_no_growth(
    runtime: Runtime, service: Service, events
):
    daily.read_to_end(runtime, service, 0)
    runtime.session.commit()

    own = service.remote_id
    told(runtime, service, events, follow(runtime, EventKind.FOLLOWED, 1, who=own))

    assert (growth(runtime, service).now, growth(runtime, service).gained) == (0, 0)


def test_an_event_dated_ahead_of_every_clock_keeps_no_later_one_from_counting(
    runtime: Runtime, service: Service, events
):
    ahead = 60 * 24 * 365
    told(runtime, service, events, follow(runtime, EventKind.FOLLOWED, ahead))
    told(runtime, service, events, follow(runtime, EventKind.UNFOLLOWED, 60))

    assert outcomes(runtime) == [EventOutcome.APPLIED, EventOutcome.APPLIED]
    tie = runtime.session.scalars(select(Subscription)).one()
    assert tie.followed_at == tie.ended_at == runtime.now()
