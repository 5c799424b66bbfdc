"""What pages ask of a large delivery is answered by indexes, in the order it is shown."""

import re
from functools import partial

import pytest

from tests.support.deliveries import sent
from tests.support.factories import make_delivery, make_subscription, make_subscriptions
from tests.support.plans import plans, sorts, walks_all
from webapp.audience.models import Subscription
from webapp.deliveries.drafts import copying
from webapp.deliveries.models import Audience, Message, MessageState
from webapp.deliveries.queries import exclusions, log, outcome
from webapp.deliveries.targeting import target
from webapp.kernel.db import dialect_of
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.mark.parametrize("audience", Audience)
def test_the_first_person_of_a_target_is_met_in_the_order_of_an_index(
    runtime: Runtime, service: Service, audience: Audience
):
    make_subscription(runtime, service)
    draft = make_delivery(runtime, service, audience=audience)

    (found,) = plans(runtime, lambda: target.person(runtime, draft), "subscription")

    assert not sorts(found)
    assert not walks_all(found, "subscription")


@pytest.mark.parametrize(
    ("reason", "index"),
    [
        ("wrote_stop", "ix_subscription_opted_out"),
        ("in_doubt", "ix_subscription_doubted"),
        ("quarantine", "ix_subscription_quarantined"),
    ],
)
def test_who_a_draft_leaves_out_is_read_from_the_index_of_the_reason(
    runtime: Runtime, service: Service, reason: str, index: str
):
    draft = make_delivery(runtime, service, audience=Audience.EVERYONE)

    (found,) = plans(runtime, lambda: exclusions.people(runtime, draft, reason), "subscription")

    # PostgreSQL knows how few rows a test has, and may take any index for them.
    if dialect_of(runtime.session) == "sqlite":
        assert index in found
    assert not sorts(found)
    # Beside a query of our own accounts PostgreSQL reads a million people.
    assert not re.search(r"\bservice\b", found)


def test_a_page_of_the_log_begins_where_the_one_before_it_ended(runtime: Runtime, service: Service):
    make_subscription(runtime, service)
    delivery = sent(runtime, service)
    edge = runtime.session.query(Message.id).filter(Message.delivery_id == delivery.id).first()

    for where in ({"after": edge[0]}, {"before": edge[0]}):
        query = log.Query(**where)
        found = plans(runtime, partial(log.log_page, runtime, delivery.id, query), "message")[-1]

        assert "ix_message_delivery_id_changed_at_id" in found
        assert "changed_at" in found.partition("ix_message_delivery_id_changed_at_id")[2]
        if dialect_of(runtime.session) == "sqlite":
            assert not sorts(found)


def test_who_a_delivery_left_out_is_read_from_the_index_of_reasons(
    runtime: Runtime, service: Service
):
    delivery = sent(runtime, service)

    (found,) = plans(runtime, lambda: exclusions.people(runtime, delivery, "quarantine"), "message")

    assert "ix_message_reason" in found
    assert not walks_all(found, "message")
    assert not sorts(found)


def test_who_is_left_is_counted_from_the_messages_that_reached_nobody(
    runtime: Runtime, service: Service
):
    delivery = sent(runtime, service)

    (found,) = plans(runtime, lambda: copying.number_left(runtime, delivery), "subscription")

    if dialect_of(runtime.session) == "sqlite":
        assert "SEARCH message USING INDEX ix_message_delivery_id_state_due_at_id" in found
        assert (
            "SEARCH subscription USING INDEX sqlite_autoindex_subscription_1 (service_id=? AND"
            in (found)
        )
    assert not walks_all(found, "message")
    assert not walks_all(found, "subscription")


def test_answers_are_counted_from_what_was_written_since(runtime: Runtime, service: Service):
    delivery = sent(runtime, service)

    found = plans(runtime, lambda: outcome.outcome(runtime, delivery), "received_message")

    assert len(found) == 1
    if dialect_of(runtime.session) == "sqlite":
        assert "ix_received_message_service_id_received_at" in found[0]
    assert not walks_all(found[0], "message")


def test_few_people_are_looked_up_in_the_log_by_their_recipient(runtime: Runtime, service: Service):
    delivery = sent(runtime, service)

    def searched() -> object:
        return log.log_page(runtime, delivery.id, log.Query(words="person"))

    looked_up, shown = plans(runtime, searched, "message")

    if dialect_of(runtime.session) == "sqlite":
        assert "autoindex_message" in looked_up
        assert "SEARCH message USING INTEGER PRIMARY KEY" in shown
    assert not walks_all(looked_up, "message")


def people_of(runtime: Runtime, *states: MessageState) -> list[int | None]:
    rows = runtime.session.query(Message).filter(Message.state.in_(states)).order_by(Message.id)
    return [row.visitor_id for row in rows]


def test_the_pages_of_people_left_out_meet_everybody_once(
    runtime: Runtime, service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exclusions, "PAGE", 2)
    make_subscriptions(runtime, service, 5, quarantined_at=runtime.now())
    draft = make_delivery(runtime, service, audience=Audience.EVERYONE)
    delivery = sent(runtime, service)

    for which in (draft, delivery):
        met: list[int] = []
        after: int | None = 0
        while after is not None:
            page = exclusions.people(runtime, which, "quarantine", after)
            met += [visitor.id for visitor in page.visitors]
            after = page.next
        quarantined = runtime.session.query(Subscription).filter(
            Subscription.quarantined_at.is_not(None)
        )
        # The messages of a delivery are written in whatever order the database reads people.
        assert sorted(met) == sorted(row.visitor_id for row in quarantined)
