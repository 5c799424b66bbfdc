"""Hours of the week are compared by the first days of ripe posts; luck is told from the time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from flask.testing import FlaskClient
from sqlalchemy import insert

from tests.support.factories import make_delivery
from webapp.deliveries.models import Delivery, DeliveryKind, Message, MessageState, PostMetric
from webapp.experiments.best_time import best_time
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

NUMBERS = count(1)
HOUR = timedelta(hours=1)


def monday(runtime: Runtime) -> datetime:
    """The midnight with which a week began that is over for long."""
    day = (runtime.now() - timedelta(days=60)).astimezone(UTC)
    return day.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=day.weekday())


def post(
    runtime: Runtime, delivery: Delivery, at: datetime, views: int, days: Sequence[int] = (2,)
) -> None:
    """Write a post that went out, with the figure that was read so many days later."""
    row = {
        "delivery_id": delivery.id, "service_id": delivery.services[0].id, "kind": delivery.kind,
        "recipient": f"service:{next(NUMBERS)}", "state": MessageState.SENT, "said": "",
        "reason": "", "tries": 1, "sent_at": at, "changed_at": at,
    }  # fmt: skip
    number = runtime.session.scalars(insert(Message).returning(Message.id), [row]).one()
    for later in days:
        day = (at + timedelta(days=later)).date()
        runtime.session.add(
            PostMetric(message_id=number, day=day, figure="views", value=views * later, read_at=at)
        )


def posts(runtime: Runtime, service: Service) -> Delivery:
    """Write posts of four hours, of which that of Monday at nine is seen ten times as often."""
    service.time_zone = "UTC"
    delivery = make_delivery(runtime, service, kind=DeliveryKind.POST)
    for hour, views in ((9, 1_000), (33, 100), (60, 110), (85, 90)):
        for week in range(4):
            at = monday(runtime) + hour * HOUR - timedelta(weeks=week)
            post(runtime, delivery, at, views + week)
    runtime.session.commit()
    return delivery


def test_the_best_hour_is_named_with_its_interval_and_its_posts(runtime: Runtime, service: Service):
    posts(runtime, service)

    found = best_time(runtime, service, "views")

    best = found.hours[0]
    assert (found.posts, best.key, best.number) == (16, (0, 9), 4)
    assert 0 < best.low < best.value < best.high
    assert found.is_known


def test_what_is_young_or_was_read_too_late_is_not_compared(runtime: Runtime, service: Service):
    delivery = posts(runtime, service)
    before = best_time(runtime, service, "views")

    post(runtime, delivery, runtime.now() - timedelta(days=6), 9_999)
    post(runtime, delivery, monday(runtime) + HOUR, 9_999, days=(0, 8))

    assert best_time(runtime, service, "views") == before


def test_the_page_says_that_posts_are_compared_and_not_tested(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    posts(runtime, service)
    number = service.id
    runtime.session.rollback()

    page = admin.get(f"/services/{number}/best-time").text

    assert "Monday, 09:00 was better than usual" in page
    assert "Compared, not tested" in page
    assert "Too few to tell" in admin.get(f"/services/{number}/best-time?figure=likes").text
    assert f"/services/{number}/best-time" in admin.get(f"/services/{number}").text
