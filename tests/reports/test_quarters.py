"""Clicks belong to days by quarters of an hour: where midnight is at a quarter past, too."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text

from tests.reports.conftest import noted, rows
from webapp.deliveries.models import Delivery, Message
from webapp.kernel import schema
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.days import QUARTER
from webapp.reports.period import Period
from webapp.services.models import Service
from webapp.tracking import charting, counting
from webapp.tracking.models import Click, ClickCount, ClickQuarter, TrackedLink

# In Kathmandu it is 23:55 and 00:05 then.
BEFORE_MIDNIGHT = datetime(2026, 11, 19, 18, 10, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2026, 11, 19, 18, 20, tzinfo=UTC)


@pytest.fixture
def midnight(runtime: Runtime, spring: Delivery) -> Delivery:
    """A delivery of which a link is followed before midnight once, and after it twice."""
    link = runtime.session.scalars(select(TrackedLink.id)).one()
    message = runtime.session.scalars(select(Message.id).order_by(Message.id)).first()
    for at in (BEFORE_MIDNIGHT, AFTER_MIDNIGHT, AFTER_MIDNIGHT):
        counting.write(runtime, [noted(link, message, at.timestamp())])
    return spring


def test_a_click_is_of_its_day_where_a_zone_is_three_quarters_off(
    admin: FlaskClient, service: Service, midnight: Delivery
):
    asked = f"account={service.id}&from=2026-11-19&to=2026-11-20&zone=Asia/Kathmandu"

    found = rows(admin.get(f"/reports/clicks.csv?{asked}").text)

    assert [[row["Day"], row["Machines"]] for row in found] == [
        ["2026-11-19", "1"],
        ["2026-11-20", "2"],
    ]


def test_the_chart_of_a_delivery_has_the_hours_of_the_operator(monkeypatch: pytest.MonkeyPatch):
    zone = ZoneInfo("Asia/Kathmandu")
    monkeypatch.setattr(charting, "local", lambda moment: moment.astimezone(zone))
    monkeypatch.setattr(charting, "when", str)
    first = int(BEFORE_MIDNIGHT.timestamp()) // 900

    found = charting.chart({first: (1, 0), first + 1: (2, 0), first + 4: (3, 0)})

    assert [key[11:16] for key in found.keys] == ["23:00", "00:00"]
    assert list(found.series[0].values) == [1, 5]


def counted(runtime: Runtime) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[int]]:
    """Minutes behind the first hour with how many clicks: of links, and of accounts."""
    runtime.session.rollback()
    start = int(BEFORE_MIDNIGHT.replace(minute=0).timestamp()) // 900
    found = []
    for model in (ClickCount, ClickQuarter):
        wanted = select(model.quarter - start, model.number).where(model.quarter < start + 8)
        found.append(
            [tuple(row) for row in runtime.session.execute(wanted.order_by(model.quarter))]
        )
    quarters = select(Click.quarter - start).where(Click.quarter < start + 8).order_by(Click.id)
    return found[0], found[1], list(runtime.session.scalars(quarters))


def test_hours_become_quarters_where_their_clicks_are_kept_and_else_stay_together(
    runtime: Runtime, midnight: Delivery, database_url: str
):
    before = [(0, 1), (1, 2)]
    assert counted(runtime) == (before, before, [0, 1, 1])
    engine = create_engine(database_url)

    def there_and_back(meanwhile: str) -> None:
        runtime.session.close()
        with engine.begin() as connection:
            command.downgrade(schema._config(connection), "d5a07c93e1f8-1")
            connection.execute(text(meanwhile))
        schema.upgrade(engine)

    there_and_back("SELECT 1")
    assert counted(runtime) == (before, before, [0, 1, 1])
    last = runtime.session.scalars(select(Click.id).order_by(Click.id.desc())).first()
    there_and_back(f"DELETE FROM click WHERE id = {last}")
    assert counted(runtime) == ([(0, 3)], [(0, 3)], [0, 1])
    there_and_back("DELETE FROM tracked_link")
    assert counted(runtime) == ([], [(0, 3)], [])
    engine.dispose()


ODD = [
    ("Europe/Paris", date(2026, 1, 1), date(2026, 12, 30)),
    ("Asia/Kathmandu", date(2026, 3, 1), date(2026, 3, 9)),
    ("Australia/Lord_Howe", date(2026, 3, 30), date(2026, 10, 10)),
    ("Pacific/Apia", date(2011, 12, 20), date(2012, 1, 9)),
    ("America/Sao_Paulo", date(2018, 10, 25), date(2018, 11, 9)),
]


@pytest.mark.parametrize(("zone", "first", "last"), ODD)
def test_each_quarter_is_counted_on_its_own_day_whatever_clocks_do(
    zone: str, first: date, last: date
):
    period = Period(first=first, last=last, zone=ZoneInfo(zone))

    counted = {
        quarter: run.day((quarter - run.begins) // run.length)
        for run in period.runs()
        for quarter in range(run.begins, run.ends)
    }

    every = range(*(int(at.timestamp()) // QUARTER for at in (period.begins, period.ends)))
    days = {
        quarter: period.day_of(datetime.fromtimestamp(quarter * QUARTER, UTC)) for quarter in every
    }
    assert counted == days
