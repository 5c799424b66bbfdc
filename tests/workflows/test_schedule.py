"""Schedules across changes of summer time, in zones on both sides of the world."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.kernel.errors import Invalid
from webapp.workflows import schedule

PARIS, NEW_YORK, SYDNEY = "Europe/Paris", "America/New_York", "Australia/Sydney"


START = datetime(2026, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


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
        # A time that the change skips comes the next day.
        ("30 2 * * *", PARIS, "2026-03-28T12:00", "2026-03-30T00:30"),
        # A time that the change repeats comes once, the first time.
        ("30 2 * * *", PARIS, "2026-10-24T12:00", "2026-10-25T00:30"),
        ("30 2 * * *", PARIS, "2026-10-25T00:30", "2026-10-26T01:30"),
        # Exactly on time is not after it.
        ("0 12 * * *", "UTC", "2026-11-23T12:00", "2026-11-24T12:00"),
    ],
)
def test_the_next_time_is_told_by_the_operators_clock(
    cron: str, zone: str, after: str, expected: str
):
    assert schedule.next_time(cron, zone, at(after)) == at(expected)


@given(
    after=st.integers(0, 2 * 365 * 24 * 3600).map(lambda n: START + timedelta(seconds=n)),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    zone=st.sampled_from([PARIS, NEW_YORK, SYDNEY, "Asia/Kolkata", "UTC"]),
)
def test_a_daily_schedule_comes_later_and_at_its_own_wall_time(
    after: datetime, hour: int, minute: int, zone: str
):
    found = schedule.next_time(f"{minute} {hour} * * *", zone, after)

    wall = found.astimezone(ZoneInfo(zone))
    assert found > after
    assert (wall.hour, wall.minute) == (hour, minute)
    # A skipped wall time makes one gap of two days; no other is longer than 25 hours.
    assert (found - after).total_seconds() <= 49 * 3600


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("30 7 * * 4", "Every Thursday at 07:30"),
        ("0 4 * * *", "Every day at 04:00"),
        ("0 9 * * 1-5", "Monday to Friday at 09:00"),
        ("5 * * * *", "Every hour at :05"),
        ("*/15 * * * *", "Every 15 minutes"),
        ("0 0 1 * *", "0 0 1 * *"),
    ],
)
def test_a_schedule_is_said_as_a_person_says_it(runtime, cron: str, words: str):
    assert schedule.words(cron) == words


def test_fifteen_minutes_is_the_densest(runtime):
    assert schedule.checked("*/15 * * * *") == "*/15 * * * *"
    with pytest.raises(Invalid, match="every 15 minutes at most"):
        schedule.checked("0,10 * * * *")
