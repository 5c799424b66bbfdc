"""Figures of posts and of the account, day by day: what was not read is a gap and no zero."""

from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from channels.clock import FileClock
from tests.reports.conftest import rows, words
from tests.support.deliveries import sent
from webapp.deliveries.models import DeliveryKind, Message, PostMetric
from webapp.kernel.runtime import Runtime
from webapp.reports.over_time import usual_by_age
from webapp.services.connection import snapshot_refresh
from webapp.services.models import Service


def test_views_of_a_post_stop_where_a_day_was_not_read(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    post = sent(runtime, service, kind=DeliveryKind.POST, people=0)
    number = post.id
    message = runtime.session.scalars(select(Message.id).where(Message.delivery_id == number)).one()
    for day, views in ((20, 10), (22, 25)):
        runtime.session.add(
            PostMetric(
                message_id=message,
                day=date(2026, 11, day),
                figure="views",
                value=views,
                read_at=runtime.now(),
            )
        )
    runtime.session.commit()

    page = admin.get(f"/deliveries/{number}/report").text
    sheet = rows(admin.get(f"/deliveries/{number}/report/growth.csv").text)

    assert "ff-plot-gap" in page
    assert [list(row.values()) for row in sheet] == [
        ["2026-11-20", "10"],
        ["2026-11-21", "unknown"],
        ["2026-11-22", "25"],
    ]


def test_usual_is_the_median_of_those_that_were_read_at_that_age():
    assert usual_by_age([{0: 10, 1: 20}, {0: 30}, {0: 14, 1: 40}]) == {0: 14, 1: 30}


def test_the_account_is_told_as_it_was_read(
    runtime: Runtime, clock: FileClock, admin: FlaskClient, service: Service
):
    service.remote_id = "1"
    runtime.session.commit()
    clock.advance(timedelta(days=1))
    assert snapshot_refresh.read(runtime, service) == ""
    number = service.id
    runtime.session.rollback()

    sheet = rows(admin.get(f"/reports/counts.csv?days=7&account={number}").text)

    assert [row["Followers"] for row in sheet] == ["unknown"] * 6 + ["3"]
    assert "The account as the network counts it" in words(admin.get("/reports?days=7").text)
