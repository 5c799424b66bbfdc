"""Schedules across changes of summer time, in zones on both sides of the world."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.workflows.schedules import cron as expressions
from webapp.workflows.schedules import due

PARIS, NEW_YORK, SYDNEY = "Europe/Paris", "America/New_York", "Australia/Sydney"
CAIRO, LORD_HOWE, APIA = "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia"
ZONES = [PARIS, NEW_YORK, SYDNEY, CAIRO, LORD_HOWE, "Asia/Kolkata", "America/Havana", "UTC"]

START = datetime(2026, 1, 1, tzinfo=UTC)
TWO_YEARS = 2 * 365 * 24 * 3600


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def from_(cron: str, zone: str, after: datetime):
    """Yield the times of a schedule, each after the one before."""
    while True:
        after = due.next_time(cron, zone, after)
        yield after


@pytest.mark.parametrize(
    ("cron", "zone", "after", "expected"),
    [
        # Half past seven stays half past seven by the operator's clock.
        ("30 7 * * 4", PARIS, "2026-03-20T00:00", "2026-03-26T06:30"),
        ("30 7 * * 4", PARIS, "2026-03-27T00:00", "2026-04-02T05:30"),
        ("30 7 * * 4", PARIS, "2026-10-20T00:00", "2026-10-22T05:30"),
        ("30 7 * * 4", PARIS, "2026-10-23T00:00", "2026-10-29T06:30"),
        ("0 9 * * *", NEW_YORK, "2026-03-07T15:00", "2026-03-08T13:00"),
        ("0 9 * * *", SYDNEY, "2026-04-04T12:00", "2026-04-04T23:00"),
        # A time that the change repeats comes once, the first time.
        ("30 2 * * *", PARIS, "2026-10-24T12:00", "2026-10-25T00:30"),
        ("30 2 * * *", PARIS, "2026-10-25T00:30", "2026-10-26T01:30"),
        # Who looks only during the second of the two hours is not told of it again.
        ("30 2 * * *", PARIS, "2026-10-25T01:10", "2026-10-26T01:30"),
        # Exactly on time is not after it.
        ("0 12 * * *", "UTC", "2026-11-23T12:00", "2026-11-24T12:00"),
    ],
)
def test_the_next_time_is_told_by_the_operators_clock(
    cron: str, zone: str, after: str, expected: str
):
    assert due.next_time(cron, zone, at(after)) == at(expected)


@pytest.mark.parametrize(
    ("cron", "zone", "after", "expected"),
    [
        ("30 2 * * 0", PARIS, "2027-03-21T12:00", "2027-03-28T01:00"),
        ("30 2 * * *", PARIS, "2026-03-28T12:00", "2026-03-29T01:00"),
        ("30 2 29 3 *", PARIS, "2026-01-01T00:00", "2026-03-29T01:00"),
        # In Egypt clocks are put forward at midnight of the last Friday in April.
        ("0 0 * * 5", CAIRO, "2027-04-20T00:00", "2027-04-22T22:00"),
        ("0 0 * * 5", CAIRO, "2027-04-24T00:00", "2027-04-29T22:00"),
        # By half an hour only.
        ("15 2 * * *", LORD_HOWE, "2026-10-03T12:00", "2026-10-03T15:30"),
        # Samoa left out a whole Friday.
        ("0 7 * * 5", APIA, "2011-12-29T12:00", "2011-12-30T10:00"),
        # Several that fall into one gap come once.
        ("0,30 2 * * *", PARIS, "2026-03-28T12:00", "2026-03-29T01:00"),
        ("0,30 2 * * *", PARIS, "2026-03-29T01:00", "2026-03-30T00:00"),
        ("*/15 2 * * *", PARIS, "2026-03-28T12:00", "2026-03-29T01:00"),
        # The time at the gap's end is there anyway.
        ("0 2,3 * * *", PARIS, "2026-03-29T01:00", "2026-03-30T00:00"),
    ],
)
def test_what_falls_into_a_gap_of_summer_time_runs_at_its_end(
    cron: str, zone: str, after: str, expected: str
):
    assert due.next_time(cron, zone, at(after)) == at(expected)


@pytest.mark.parametrize(
    ("cron", "zone", "after", "expected"),
    [
        (
            "*/15 * * * *",
            PARIS,
            "2026-10-25T00:45",
            ["01:00", "01:15", "01:30", "01:45", "02:00"],
        ),
        ("30 * * * *", PARIS, "2026-10-24T23:30", ["00:30", "01:30", "02:30"]),
        ("*/30 2 * * *", PARIS, "2026-10-24T23:45", ["00:00", "00:30", "01:00", "01:30"]),
        # What runs every hour leaves none out in spring, and needs no other moment.
        ("30 * * * *", PARIS, "2026-03-28T23:45", ["00:30", "01:30", "02:30"]),
        ("*/15 * * * *", PARIS, "2026-03-29T00:30", ["00:45", "01:00", "01:15"]),
    ],
)
def test_what_runs_all_the_time_runs_through_a_change_of_the_clocks(
    cron: str, zone: str, after: str, expected: list[str]
):
    times = islice(from_(cron, zone, at(after)), len(expected))

    assert [f"{found:%H:%M}" for found in times] == expected


moments = st.integers(0, TWO_YEARS).map(lambda n: START + timedelta(seconds=n))


@given(
    after=moments,
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    zone=st.sampled_from(ZONES),
)
def test_a_daily_schedule_comes_once_on_each_day(
    after: datetime, hour: int, minute: int, zone: str
):
    first, second = islice(from_(f"{minute} {hour} * * *", zone, after), 2)

    here = [found.astimezone(ZoneInfo(zone)) for found in (first, second)]
    assert first > after
    assert second - first <= timedelta(hours=25, minutes=59)
    assert here[1].date() - here[0].date() == timedelta(days=1)
    for wall in here:
        # Later than its own time only where that was left out.
        left_out = wall.replace(hour=hour, minute=minute, fold=0)
        exists = left_out.astimezone(UTC).astimezone(left_out.tzinfo).hour == hour
        assert (wall.hour, wall.minute) == (hour, minute) or not exists


@given(after=moments, step=st.sampled_from([15, 20, 30]), zone=st.sampled_from(ZONES))
def test_what_runs_every_few_minutes_never_rests_for_longer(after: datetime, step: int, zone: str):
    times = list(islice(from_(f"*/{step} * * * *", zone, after), 8))

    gaps = {later - earlier for earlier, later in pairwise(times)}
    assert max(gaps) == timedelta(minutes=step)


@given(after=moments, zone=st.sampled_from(ZONES))
def test_any_schedule_comes_later(after: datetime, zone: str):
    for cron in ("30 2 * * 0", "0 0 1 * *", "*/15 1-3 * * *", "0 0 29 2 *", "0 */6 * * 1#1"):
        assert due.next_time(cron, zone, after) > after


def test_how_a_schedule_passes_a_change_is_read_off_its_hours_and_minutes():
    hourly, in_an_hour = expressions.rhythm("5 * * * *"), expressions.rhythm("*/15 2 * * *")

    assert (hourly.every_hour, hourly.steady) == (True, True)
    assert (in_an_hour.every_hour, in_an_hour.steady) == (False, True)
    assert not expressions.rhythm("0 */6 * * *").steady
