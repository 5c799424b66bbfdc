"""A day is the day of whoever looks: in the list, its filters and views, and the charts."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from channels.clock import FileClock
from tests.support.cli import Cli
from tests.support.factories import make_delivery, make_service, make_subscription, make_visitor
from webapp.audience import filters
from webapp.audience.growth import growth
from webapp.audience.visitors import people, presets
from webapp.deliveries.targeting import target
from webapp.kernel.audit import trusted
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator, Role

LOS_ANGELES = "America/Los_Angeles"
# 20:05 on 30 November in Los Angeles is 1 December in UTC and in Paris, where the instance stands.
EVENING = datetime(2026, 12, 1, 4, 5, tzinfo=UTC)


def seen_from(runtime: Runtime, zone: str) -> Runtime:
    return runtime.acting_as(replace(trusted("test"), time_zone=zone))


@pytest.fixture
def in_los_angeles(
    runtime: Runtime, clock: FileClock, client_as: Callable[[Role], FlaskClient]
) -> FlaskClient:
    """A marketer in Los Angeles on the evening somebody began to follow."""
    client = client_as(Role.MARKETER)
    runtime.session.execute(update(Operator).values(time_zone=LOS_ANGELES))
    clock.set(EVENING - timedelta(days=10), rate=0)
    service = make_service(runtime, time_zone=LOS_ANGELES)
    clock.set(EVENING + timedelta(hours=1), rate=0)
    who = make_visitor(runtime, name="Ada Evening", first_seen_at=EVENING)
    make_subscription(runtime, service, who, followed_at=EVENING)
    return client


def test_somebody_of_the_evening_is_listed_and_filtered_on_the_operators_day(
    in_los_angeles: FlaskClient,
):
    def found(where: str) -> bool:
        return "Ada Evening" in in_los_angeles.get(f"/audience/visitors?where={where}").text

    assert "30 Nov 2026" in in_los_angeles.get("/audience/visitors").text
    assert found("first_seen.since.2026-11-30")
    assert not found("first_seen.since.2026-12-01")
    assert found("first_seen.before.2026-12-01")
    assert found("follows_since.before.2026-12-01")
    # Somebody else's day is asked for by its zone.
    assert found("first_seen.since.2026-12-01 Europe/Paris")


def test_the_chart_and_its_table_count_the_evening_on_the_accounts_day(
    in_los_angeles: FlaskClient, runtime: Runtime
):
    service = people.search(runtime, people.Query()).lines[0].subscriptions[0].service_id

    page = in_los_angeles.get(f"/services/{service}").text

    assert re.findall(r"<title>(.+ · Gained: .+ · Lost: .+)</title>", page)[-1] == (
        "Mon 30 Nov · Gained: 1 · Lost: 0"
    )
    assert re.search(r"Mon 30 Nov</th><td[^>]*>1<", page)


def test_a_condition_made_on_a_page_names_the_zone_of_its_day(
    in_los_angeles: FlaskClient, runtime: Runtime
):
    delivery = make_delivery(runtime, make_service(runtime))
    sent = {"field": "first_seen", "op": "since", "value": "2026-11-30", "add": "1"}

    in_los_angeles.post(f"/deliveries/{delivery.id}/conditions", data=sent)

    runtime.session.refresh(delivery)
    assert delivery.filters == [
        {"field": "first_seen", "op": "since", "value": f"2026-11-30 {LOS_ANGELES}"}
    ]
    # Whoever counts it counts the same people, such as a worker in Paris.
    page = in_los_angeles.get(f"/deliveries/{delivery.id}/compose").text
    assert "since 2026-11-30" in page
    assert f"in {LOS_ANGELES}" not in page


@pytest.mark.parametrize(("zone", "counted"), [(LOS_ANGELES, 1), ("Europe/Paris", 0)])
def test_a_delivery_means_the_day_that_its_condition_names(
    runtime: Runtime, zone: str, counted: int
):
    service = make_service(runtime)
    make_subscription(runtime, service, make_visitor(runtime, first_seen_at=EVENING))
    before = {"field": "first_seen", "op": "before", "value": f"2026-12-01 {zone}"}
    delivery = make_delivery(runtime, service, filters=[before])

    assert target.count(runtime, delivery).matched == counted


def test_a_day_typed_at_the_command_line_is_one_of_the_instances_zone(cli: Cli, runtime: Runtime):
    make_visitor(runtime, handle="ada", first_seen_at=EVENING)

    def found(where: str) -> bool:
        return "ada" in cli("visitor", "list", "--where", where).out

    assert found("first_seen.since.2026-12-01")
    assert not found(f"first_seen.since.2026-12-01 {LOS_ANGELES}")


def test_the_view_of_this_week_begins_on_the_day_of_whoever_looks(
    runtime: Runtime, clock: FileClock
):
    clock.set(EVENING, rate=0)
    new = presets.conditions(seen_from(runtime, LOS_ANGELES), "new")

    assert new[0]["value"] == f"2026-11-23 {LOS_ANGELES}"
    assert presets.conditions(runtime, "new")[0]["value"] == "2026-11-24 Europe/Paris"


@pytest.mark.parametrize(
    "value", ["2026-11-30 Mars/Base", "30.11.2026", "0001-01-01", "9999-12-31", "2026-11-30 ../x"]
)
def test_a_day_or_a_zone_that_is_none_is_refused_with_a_sentence(runtime: Runtime, value: str):
    condition = {"field": "first_seen", "op": "since", "value": value}

    with pytest.raises(Invalid, match=r"such time zone|Write a day as"):
        filters.where([condition])


def test_only_days_without_a_zone_are_given_one():
    plain = {"field": "first_seen", "op": "since", "value": "2026-11-30"}
    other = {"field": "first_seen", "op": "since", "value": "2026-11-30 UTC"}
    name = {"field": "username", "op": "is", "value": "2026-11-30"}
    nested = [{"any": [{"not": plain}, other]}, {"all": [name]}]

    pinned = filters.pinned(nested, ZoneInfo("Asia/Tokyo"))

    there = plain | {"value": "2026-11-30 Asia/Tokyo"}
    assert pinned == [{"any": [{"not": there}, other]}, {"all": [name]}]


@pytest.mark.parametrize(
    "zone", [LOS_ANGELES, "Europe/Paris", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]
)
def test_the_chart_counts_by_the_days_of_the_account_whoever_looks(
    runtime: Runtime, clock: FileClock, zone: str
):
    # Clocks are put back on 25 October in Paris and on 1 November in Los Angeles.
    now = datetime(2026, 11, 8, 14, 59, 59, 999_999, tzinfo=UTC)
    clock.set(now - timedelta(days=60), rate=0)
    service = make_service(runtime, time_zone=zone)
    moments = [now - timedelta(hours=5.3 * number) for number in range(120)]
    for moment in reversed(moments):
        clock.set(moment, rate=0)
        make_subscription(runtime, service)

    found = growth(seen_from(runtime, "Asia/Tokyo"), service)

    expected = Counter(moment.astimezone(ZoneInfo(zone)).date() for moment in moments)
    today = now.astimezone(ZoneInfo(zone)).date()
    days = [today - timedelta(days=back) for back in range(29, -1, -1)]
    assert [(day.date, day.gained) for day in found.days] == [(day, expected[day]) for day in days]
    assert sum(day.gained for day in found.days) == len(moments)
    assert [day.followers for day in found.days][-1] == len(moments)


def test_today_is_in_the_chart_at_either_end_of_the_day(runtime: Runtime, clock: FileClock):
    first = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # midnight in Los Angeles
    clock.set(first, rate=0)
    service = make_service(runtime, time_zone=LOS_ANGELES)
    for at in (first, first + timedelta(hours=23, minutes=59, seconds=59, microseconds=999_999)):
        clock.set(at, rate=0)
        make_subscription(runtime, service, followed_at=at)

        day = growth(runtime, service).days[-1]

        assert day.date == date(2026, 11, 30)
    assert day.gained == 2


def test_a_zone_that_vanished_with_an_update_leaves_that_of_the_instance(runtime: Runtime):
    assert seen_from(runtime, "Mars/Base").zone == runtime.settings.zone
    assert replace(runtime, actor=trusted("worker")).zone == runtime.settings.zone
