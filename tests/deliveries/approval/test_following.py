"""The one message after a yes: written with the answer, once, by the gate of every message."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from channels.clock import FileClock
from tests.support.deliveries import begin, states
from tests.support.factories import make_subscription
from tests.support.fakes import FakeNetwork
from webapp.audience.consents import ledger, recording
from webapp.audience.consents.recording import Agreement
from webapp.audience.models import Answer, Consent, ConsentSource, Subscription
from webapp.deliveries import analysis, control, counters, retention, sending
from webapp.deliveries.approval import confirm, following
from webapp.deliveries.counts import figures_of
from webapp.deliveries.drafts import editing, follow_ups, templates
from webapp.deliveries.models import (
    Audience,
    Delivery,
    DeliveryKind,
    DeliveryState,
    FollowUp,
    Message,
)
from webapp.kernel.db import db
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

SAID = "Thank you, {first_name|you}. We write once a month.\n{opt_out_line}"
OLD = dict.fromkeys(("wrote_first_at", "opted_in_at"))


def draft(runtime: Runtime, service: Service, *, imports: bool = False) -> Delivery:
    templates.ensure_built_in(runtime)
    kept = templates.built_in(runtime, service.kind, DeliveryKind.DIRECT)
    assert kept
    made = follow_ups.begin(runtime, service, kept.id, imports=imports)
    editing.edit(runtime, made.id, editing.DeliveryChanges(content=SAID))
    return made


def switched_on(
    runtime: Runtime, service: Service, *, imports: bool = False, at: datetime | None = None
) -> Delivery:
    made = draft(runtime, service, imports=imports)
    if at:
        editing.edit(runtime, made.id, editing.DeliveryChanges(scheduled_at=at))
    analysis.start(runtime, made.id)
    return begin(runtime, analysis.analyse(runtime, made.id))


def says_yes(runtime: Runtime, tie: Subscription) -> None:
    told = Agreement(proof="At the fair.", purpose="News")
    recording.record_opt_in(runtime, tie.id, told)


def is_told(runtime: Runtime, tie: Subscription, source: ConsentSource, at: datetime) -> None:
    said = ledger.Said(answer=Answer.OPT_IN, source=source, at=at)
    ledger.append_all(runtime, [(tie, said)])
    runtime.session.commit()


@pytest.fixture
def tie(runtime: Runtime, service: Service) -> Subscription:
    return make_subscription(runtime, service, **OLD)


def test_who_agrees_gets_one_message_and_the_delivery_rests_for_the_next(
    runtime: Runtime, service: Service, tie: Subscription, network: FakeNetwork
):
    make_subscription(runtime, service)
    delivery = switched_on(runtime, service)
    assert states(runtime, delivery) == []

    says_yes(runtime, tie)
    assert delivery.id in sending.due(runtime)
    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"]
    assert len(network.directs) == 1
    assert editing.get(runtime, delivery.id).state is DeliveryState.SENDING
    assert delivery.id not in sending.due(runtime)
    assert figures_of(runtime, [delivery.id])[delivery.id].sent == 1

    other = make_subscription(runtime, service, **OLD)
    says_yes(runtime, other)
    sending.send_batch(runtime, delivery.id)
    assert states(runtime, delivery) == ["sent", "sent"]


def test_a_yes_and_its_message_are_written_together_or_not_at_all(
    runtime: Runtime, service: Service, tie: Subscription, monkeypatch: pytest.MonkeyPatch
):
    delivery = switched_on(runtime, service)
    said = runtime.session.scalar(select(func.count(Consent.id)))

    with monkeypatch.context() as broken:
        broken.setattr(counters, "add", _dies)
        with pytest.raises(ConnectionResetError):
            says_yes(runtime, tie)
    runtime.session.rollback()

    assert runtime.session.scalar(select(func.count(Consent.id))) == said
    assert states(runtime, delivery) == []
    assert runtime.session.scalar(select(FollowUp.id)) is None
    says_yes(runtime, tie)
    assert states(runtime, delivery) == ["pending"]


def _dies(*_given: object) -> None:
    raise ConnectionResetError


def test_whoever_takes_it_back_and_agrees_again_is_not_followed_up_twice_within_a_year(
    runtime: Runtime, service: Service, tie: Subscription, clock: FileClock
):
    first = switched_on(runtime, service)
    says_yes(runtime, tie)
    sending.send_batch(runtime, first.id)
    control.stop(runtime, first.id)
    second = switched_on(runtime, service)
    clock.advance(timedelta(days=1))
    recording.record_stop(runtime, tie.id)
    clock.advance(timedelta(days=1))
    says_yes(runtime, tie)
    says_yes(runtime, tie)
    assert states(runtime, second) == []

    clock.advance(following.AGAIN)
    recording.record_stop(runtime, tie.id)
    clock.advance(timedelta(seconds=5))
    says_yes(runtime, tie)

    assert states(runtime, second) == ["pending"]


def test_a_no_between_the_yes_and_its_message_keeps_it_from_going_out(
    runtime: Runtime, service: Service, tie: Subscription, network: FakeNetwork, clock: FileClock
):
    delivery = switched_on(runtime, service)
    says_yes(runtime, tie)
    clock.advance(timedelta(seconds=2))
    recording.record_stop(runtime, tie.id)

    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["ignored"]
    assert network.directs == []


def test_what_was_paused_for_longer_than_it_is_valid_comes_out_of_no_blue_sky(
    runtime: Runtime, service: Service, tie: Subscription, clock: FileClock, network: FakeNetwork
):
    delivery = switched_on(runtime, service)
    control.pause(runtime, delivery.id)
    says_yes(runtime, tie)
    assert states(runtime, delivery) == ["pending"]

    clock.advance(timedelta(days=6))
    fresh = make_subscription(runtime, service, **OLD)
    says_yes(runtime, fresh)
    control.resume(runtime, delivery.id)
    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["ignored", "sent"]
    assert len(network.directs) == 1


def test_who_agrees_before_it_begins_waits_for_its_time(
    runtime: Runtime, service: Service, tie: Subscription, clock: FileClock
):
    delivery = switched_on(runtime, service, at=runtime.now() + timedelta(days=10))
    says_yes(runtime, tie)

    clock.advance(timedelta(days=10, seconds=1))
    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"]


def test_a_yes_that_is_heard_late_is_as_old_as_it_is(
    runtime: Runtime, service: Service, tie: Subscription, clock: FileClock
):
    clock.advance(timedelta(days=100))
    delivery = switched_on(runtime, service)
    is_told(runtime, tie, ConsentSource.MESSAGE, runtime.now() - timedelta(days=60))
    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["ignored"]


def test_an_answer_of_a_file_counts_only_where_that_was_chosen(
    runtime: Runtime, service: Service, tie: Subscription
):
    without = switched_on(runtime, service)
    is_told(runtime, tie, ConsentSource.IMPORT, runtime.now())
    control.stop(runtime, without.id)
    chosen = switched_on(runtime, service, imports=True)

    other = make_subscription(runtime, service, **OLD)
    is_told(runtime, other, ConsentSource.IMPORT, runtime.now())

    assert states(runtime, without) == []
    assert states(runtime, chosen) == ["pending"]


def test_a_stopped_one_writes_nothing_and_another_may_follow(
    runtime: Runtime, service: Service, tie: Subscription
):
    delivery = switched_on(runtime, service)
    with pytest.raises(confirm.Unseen, match="Stop it first"):
        switched_on(runtime, service)
    runtime.session.rollback()
    control.stop(runtime, delivery.id)

    says_yes(runtime, tie)

    assert states(runtime, delivery) == []
    assert switched_on(runtime, service).state is DeliveryState.SENDING


def test_a_follow_up_is_for_nobody_else(runtime: Runtime, service: Service):
    made = draft(runtime, service)
    with pytest.raises(Invalid, match="whoever agrees"):
        editing.edit(runtime, made.id, editing.DeliveryChanges(audience=Audience.EVERYONE))
    runtime.session.rollback()
    with pytest.raises(Conflict, match="whoever agrees"):
        editing.accept_everyone(runtime, made.id)


def test_its_messages_leave_by_their_own_age(
    runtime: Runtime, service: Service, tie: Subscription, clock: FileClock
):
    delivery = switched_on(runtime, service)
    says_yes(runtime, tie)
    sending.send_batch(runtime, delivery.id)
    clock.advance(counters.KEPT + timedelta(days=1))
    says_yes(runtime, make_subscription(runtime, service, **OLD))

    rule = next(item for item in retention.RULES if item.name == "messages")
    old = select(Message.visitor_id).where(rule.old(runtime.now() - rule.age))

    assert runtime.session.scalars(old).all() == [tie.visitor_id]
    assert not counters.recount(runtime, delivery.id)


def test_no_delivery_says_it_twice_however_much_was_cleaned_up(
    runtime: Runtime, service: Service, tie: Subscription, clock: FileClock
):
    delivery = switched_on(runtime, service)
    says_yes(runtime, tie)
    sending.send_batch(runtime, delivery.id)
    clock.advance(following.AGAIN + timedelta(days=1))
    clean_up(runtime)
    recording.record_stop(runtime, tie.id)
    clock.advance(timedelta(seconds=5))

    says_yes(runtime, tie)

    assert states(runtime, delivery) == []
    control.stop(runtime, delivery.id)
    clean_up(runtime)
    assert runtime.session.scalar(select(FollowUp.id)) is None


def clean_up(runtime: Runtime) -> None:
    for rule in retention.RULES:
        if rule.name in {"messages", "follow_ups"}:
            runtime.session.execute(delete(rule.model).where(rule.old(runtime.now() - rule.age)))
    runtime.session.commit()


def test_two_answers_at_once_make_one_message(
    app: Flask, runtime: Runtime, service: Service, tie: Subscription
):
    delivery = switched_on(runtime, service)
    tie_id, together = tie.id, Barrier(2)
    runtime.session.commit()

    def answer(_number: int) -> None:
        with app.app_context(), Session(db.engine, expire_on_commit=False) as session:
            together.wait(10)
            says_yes(replace(runtime, session=session), session.get_one(Subscription, tie_id))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(answer, range(2)))

    assert states(runtime, delivery) == ["pending"]
    assert figures_of(runtime, [delivery.id])[delivery.id].to_go == 1
