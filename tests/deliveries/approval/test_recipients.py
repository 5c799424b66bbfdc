"""The messages of a delivery: everybody whom it was confirmed for gets one, and nobody else."""

from collections.abc import Callable

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select, update

from channels.clock import FileClock
from tests.support.counters import counters_of, messages_of
from tests.support.crash import Workers
from tests.support.deliveries import begin, ready
from tests.support.factories import (
    make_delivery,
    make_service,
    make_subscription,
    make_subscriptions,
    write_elsewhere,
)
from tests.support.fakes import FakeNetwork
from tests.support.plans import plans, sorts, walks_all
from tests.support.stretches import PEOPLE, STRETCH, sizes, written
from webapp.audience.models import Subscription
from webapp.deliveries import analysis, control, counts
from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.analysis.forecast import waiting_ahead
from webapp.deliveries.approval import confirm, recipients
from webapp.deliveries.drafts import copying, editing
from webapp.deliveries.models import Audience, Delivery, DeliveryState, Message
from webapp.deliveries.queries import exclusions
from webapp.deliveries.targeting import target
from webapp.kernel import schema
from webapp.kernel.db import dialect_of
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# The migration before people had to wait for their messages.
BEFORE = "f6b2d8a31c57"

pytestmark = pytest.mark.usefixtures("short_stretches")


def figures(runtime: Runtime, delivery: Delivery) -> counts.Figures:
    return counts.figures_of(runtime, [delivery.id])[delivery.id]


def visitors(runtime: Runtime, model: type[Message | Subscription]) -> list[int]:
    return sorted(runtime.session.scalars(select(model.visitor_id)))


@pytest.mark.parametrize("people", range(1, 3 * STRETCH + 2))
def test_no_transaction_writes_more_than_a_stretch_and_everybody_gets_one(
    runtime: Runtime, service: Service, people: int
):
    for number in range(people):
        make_subscription(runtime, service, opted_out_at=runtime.now() if number % 3 else None)
    delivery = begin(runtime, ready(runtime, service, people=0))

    found = list(sizes(runtime, delivery))

    assert max(found) <= STRETCH
    assert len(found) == -(-people // STRETCH)
    assert visitors(runtime, Message) == visitors(runtime, Subscription)
    assert counters_of(runtime, delivery.id) == messages_of(runtime, delivery.id)


PEOPLE_OF_ANY_SORT = st.lists(st.sampled_from(["asked", "silent", "stopped", "gone"]), max_size=14)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sorts=PEOPLE_OF_ANY_SORT, stretch=st.integers(1, 5), audience=st.sampled_from([*Audience]))
def test_stretches_of_any_length_write_what_one_alone_would(
    runtime: Runtime, monkeypatch, sorts: list[str], stretch: int, audience: Audience
):
    service, now = make_service(runtime), runtime.now()
    for sort in ["asked", *sorts]:
        make_subscription(
            runtime,
            service,
            wrote_first_at=None if sort == "silent" else now,
            opted_out_at=now if sort == "stopped" else None,
            ended_at=now if sort == "gone" else None,
        )
    draft = make_delivery(runtime, service, label=f"Spring {service.id}", content=f"{service.id}")
    if audience is Audience.EVERYONE:
        editing.accept_everyone(runtime, draft.id)
    analysis.start(runtime, draft.id)
    delivery = analysis.analyse(runtime, draft.id)
    expected = [row[0].id for row in target.sample(runtime, delivery)]
    monkeypatch.setattr(recipients, "STRETCH", stretch)
    begin(runtime, delivery)

    found = list(sizes(runtime, delivery))

    own = select(Message.visitor_id).where(Message.delivery_id == delivery.id)
    assert runtime.session.scalars(own.order_by(Message.id)).all() == expected
    assert max(found) <= stretch
    assert figures(runtime, delivery).to_go == delivery.analysis["eligible"]


def test_what_fits_into_one_stretch_is_written_with_its_confirmation(
    runtime: Runtime, service: Service
):
    delivery = begin(runtime, ready(runtime, service, people=STRETCH))

    assert (written(runtime, delivery), delivery.is_written) == (STRETCH, True)


def test_few_who_asked_are_written_at_once_however_many_follow(runtime: Runtime, service: Service):
    make_subscriptions(runtime, service, PEOPLE, wrote_first_at=None)

    delivery = begin(runtime, ready(runtime, service, people=2))

    assert (written(runtime, delivery), delivery.is_written) == (2, True)


def test_the_figures_tell_all_that_was_confirmed_from_the_beginning(
    runtime: Runtime, service: Service
):
    refusing = make_subscriptions(runtime, service, 2, opted_out_at=runtime.now())
    delivery = begin(runtime, ready(runtime, service, people=PEOPLE))
    other = make_delivery(runtime, service, content="Another text")

    for _size in sizes(runtime, delivery):
        assert figures(runtime, delivery).to_go == figures(runtime, delivery).total == PEOPLE
        assert waiting_ahead(runtime, other).messages == PEOPLE
        left_out = exclusions.left_out(runtime, delivery)
        assert list(left_out.by_reason) == [("wrote_stop", len(refusing))]
        assert counters_of(runtime, delivery.id) == messages_of(runtime, delivery.id)


def test_who_came_after_the_confirmation_is_not_meant(runtime: Runtime, service: Service):
    delivery = begin(runtime, ready(runtime, service, people=PEOPLE))
    before = visitors(runtime, Subscription)
    make_subscription(runtime, service)

    list(sizes(runtime, delivery))

    assert visitors(runtime, Message) == before


def test_no_more_go_out_than_were_confirmed_and_a_copy_reaches_the_others(
    runtime: Runtime, service: Service, network: FakeNetwork, clock: FileClock
):
    make_subscriptions(runtime, service, PEOPLE)
    silent = [tie.id for tie in make_subscriptions(runtime, service, 2, wrote_first_at=None)]
    delivery = begin(runtime, ready(runtime, service, people=0))
    agree = update(Subscription).where(Subscription.id.in_(silent))
    runtime.session.execute(agree.values(opted_in_at=runtime.now()))
    workers = Workers(runtime, clock, delivery)

    workers.finish()

    assert sorted(workers.states()) == ["ignored"] * 2 + ["sent"] * PEOPLE
    assert counters_of(runtime, delivery.id)["ignored", "target_grew"] == 2
    assert counters_of(runtime, delivery.id) == messages_of(runtime, delivery.id)
    assert copying.number_left(runtime, editing.get(runtime, delivery.id)) == 2


def test_a_large_target_that_grew_is_refused_before_anything_is_written(
    runtime: Runtime, service: Service
):
    delivery = ready(runtime, service, people=PEOPLE)
    make_subscription(runtime, service)

    with pytest.raises(confirm.Unseen, match=f"from {PEOPLE} to {PEOPLE + 1}"):
        begin(runtime, delivery)

    runtime.session.rollback()
    assert written(runtime, delivery) == 0
    assert editing.get(runtime, delivery.id).state is DeliveryState.READY


def test_a_large_target_is_counted_while_others_write(
    runtime: Runtime, service: Service, monkeypatch
):
    delivery = ready(runtime, service, people=PEOPLE)
    counted = target.number

    def number(*given: object) -> int:
        write_elsewhere(runtime)
        return counted(*given)

    monkeypatch.setattr(target, "number", number)

    assert begin(runtime, delivery).state is DeliveryState.SENDING


@pytest.fixture
def copies(runtime: Runtime, service: Service) -> list[Delivery]:
    """Two copies for the people of a delivery that was stopped."""
    first = begin(runtime, ready(runtime, service, people=PEOPLE))
    list(sizes(runtime, first))
    control.stop(runtime, first.id)
    return [_analysed(runtime, copying.send_to_the_rest(runtime, first.id)) for _number in range(2)]


def _analysed(runtime: Runtime, draft: Delivery) -> Delivery:
    analysis.start(runtime, draft.id)
    return analysis.analyse(runtime, draft.id)


def test_of_two_copies_the_second_waits_until_it_sees_the_messages_of_the_first(
    runtime: Runtime, copies: list[Delivery]
):
    first, second = copies
    begin(runtime, first)

    with pytest.raises(confirm.Unseen, match="still being written"):
        begin(runtime, second)

    runtime.session.rollback()
    list(sizes(runtime, first))
    begin(runtime, second)
    list(sizes(runtime, second))
    assert (written(runtime, first), written(runtime, second)) == (PEOPLE, 0)


@pytest.mark.parametrize("end", [control.pause, control.stop])
def test_a_second_copy_waits_as_well_while_the_first_is_held(
    runtime: Runtime, copies: list[Delivery], end: Callable[..., Delivery]
):
    first, second = copies
    end(runtime, begin(runtime, first).id)

    with pytest.raises(confirm.Unseen, match="still being written"):
        begin(runtime, second)


def test_nobody_can_tell_who_gets_a_text_twice_before_all_are_written(
    runtime: Runtime, service: Service
):
    first = begin(runtime, ready(runtime, service, people=PEOPLE))

    again = ready(runtime, service, people=0)
    assert again.state is DeliveryState.REJECTED
    said = [item["text"] for item in stored_findings.findings(again) if item["code"] == "again"]
    assert len(said) == 1
    assert "still being written" in said[0]

    list(sizes(runtime, first))
    again = _analysed(runtime, again)
    assert again.state is DeliveryState.READY
    assert "again" in [item["code"] for item in analysis.warnings(again)]


def test_another_text_or_another_account_waits_for_nobody(runtime: Runtime, service: Service):
    begin(runtime, ready(runtime, service, people=PEOPLE))
    other = make_service(runtime)

    begin(runtime, ready(runtime, service, people=0, content="Another text"))
    begin(runtime, ready(runtime, other, people=1))


def test_the_way_back_is_closed_while_people_wait_for_their_message(
    runtime: Runtime, service: Service, database_url: str
):
    delivery = begin(runtime, ready(runtime, service, people=PEOPLE))
    runtime.session.commit()
    engine = create_engine(database_url)

    with pytest.raises(RuntimeError, match="still being written"), engine.begin() as connection:
        command.downgrade(schema._config(connection), BEFORE)

    list(sizes(runtime, delivery))
    runtime.session.close()
    with engine.begin() as connection:
        command.downgrade(schema._config(connection), BEFORE)
    schema.upgrade(engine)
    engine.dispose()
    assert written(runtime, delivery) == PEOPLE


@pytest.mark.parametrize("audience", Audience)
def test_a_stretch_begins_where_the_last_one_ended_by_an_index(
    runtime: Runtime, service: Service, audience: Audience
):
    draft = make_delivery(runtime, service, audience=audience)
    draft.unwritten_after, draft.confirmed_up_to = 7, 1_000
    draft.analysis = {"eligible": 0}
    runtime.session.flush()

    found = plans(runtime, lambda: recipients.write_more(runtime, draft), "subscription")

    assert len(found) == 2
    for way in found:
        assert not sorts(way)
        assert not walks_all(way, "subscription")
        # PostgreSQL knows how few rows a test has, and may take any index for them.
        if dialect_of(runtime.session) == "sqlite":
            assert "(service_id=? AND visitor_id>" in way
