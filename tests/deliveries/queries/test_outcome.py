"""What came of a delivery that is over: its readers' answers, and what usually comes."""

from datetime import timedelta

from flask.testing import FlaskClient

from tests.deliveries.queries.test_results import published
from tests.support.deliveries import begin, ready, sent
from tests.support.factories import make_service
from webapp.audience.models import ReceivedMessage, Subscription
from webapp.deliveries.models import Delivery, DeliveryKind, Message
from webapp.deliveries.queries import outcome
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def readers(runtime: Runtime, delivery: Delivery) -> list[int]:
    rows = runtime.session.query(Message).filter_by(delivery_id=delivery.id).order_by(Message.id)
    return [row.visitor_id for row in rows if row.visitor_id]


def wrote(runtime: Runtime, service: Service, visitor_id: int, *, hours: int) -> None:
    number = runtime.session.query(ReceivedMessage).count()
    at = runtime.now() + timedelta(hours=hours)
    runtime.session.add(
        ReceivedMessage(
            service_id=service.id,
            visitor_id=visitor_id,
            remote_id=f"note-{number}",
            text="Thank you",
            received_at=at,
            read_at=at,
        )
    )
    runtime.session.commit()


def test_who_wrote_and_who_opted_out_after_the_message_is_counted_once(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = sent(runtime, service)
    first, second, third = readers(runtime, delivery)
    wrote(runtime, service, first, hours=1)
    wrote(runtime, service, first, hours=2)
    wrote(runtime, service, second, hours=-2)
    tie = runtime.session.query(Subscription).filter_by(visitor_id=third).one()
    tie.opted_out_at = runtime.now() + timedelta(hours=1)
    runtime.session.commit()

    found = outcome.outcome(runtime, delivery)
    page = marketer.get(f"/deliveries/{delivery.id}").text

    assert found is not None
    assert found.answers == outcome.Answers(reached=3, wrote=1, stopped=1)
    assert "33.3 % of those who got it" in page


def test_while_a_delivery_goes_out_nothing_is_said_of_what_came_of_it(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    under_way = begin(runtime, ready(runtime, service))

    assert outcome.outcome(runtime, under_way) is None
    assert "What came of it" not in marketer.get(f"/deliveries/{under_way.id}").text


def test_earlier_deliveries_of_the_same_account_and_kind_stand_beside(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    before = sent(runtime, service, label="Spring letter")
    sent(runtime, make_service(runtime), label="Another account")
    published(runtime, service)
    wrote(runtime, service, readers(runtime, before)[0], hours=1)
    last = sent(runtime, service, label="Summer letter")

    found = outcome.outcome(runtime, last)
    assert found is not None
    assert [item.delivery.label for item in found.earlier] == ["Spring letter"]
    assert found.earlier[0].answers == outcome.Answers(reached=3, wrote=1, stopped=0)
    addresses = f"/deliveries/{last.id}", f"/deliveries/{before.id}"
    newest, first = (marketer.get(address).text for address in addresses)
    assert "Spring letter" in newest.partition('id="earlier"')[2]
    assert "Beside earlier ones" not in first


def test_what_is_usual_is_the_median_of_the_other_posts_where_there_are_enough(
    runtime: Runtime, marketer: FlaskClient
):
    service = make_service(runtime)
    delivery = sent(runtime, service, people=0, kind=DeliveryKind.POST)
    views = {"p0": 900, "x1": 100, "x2": 300, "x3": 500}
    posts = [
        {"remote_id": key, "text": "", "posted_at": "2026-11-23T09:00:00", "figures": {"views": n}}
        for key, n in views.items()
    ]
    row = runtime.session.get(Service, service.id)
    row.account, row.account_read_at = {"posts": posts}, runtime.now()
    runtime.session.commit()

    found = outcome.outcome(runtime, delivery)

    assert found is not None
    assert (found.total("views"), found.usual) == (900, {"views": 300})
    assert "usually 300" in marketer.get(f"/deliveries/{delivery.id}").text
