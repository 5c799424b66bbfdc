"""A schedule in words, and as days and a time."""

from datetime import UTC, datetime, time, timedelta

import pytest
from croniter import croniter
from hypothesis import given
from hypothesis import strategies as st

from webapp.kernel.runtime import Runtime
from webapp.workflows.schedules import cadence, due
from webapp.workflows.schedules.cadence import Weekly

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("30 7 * * 4", "Every Thursday at 07:30"),
        ("0 4 * * *", "Every day at 04:00"),
        ("0 9 * * 1-5", "Monday to Friday at 09:00"),
        ("0 9 * * mon-fri", "Monday to Friday at 09:00"),
        ("0 7 * * 7", "Every Sunday at 07:00"),
        ("0 7 * * 0,6", "Every Saturday and Sunday at 07:00"),
        ("0 7 * * 1,3,5", "Every Monday, Wednesday, and Friday at 07:00"),
        ("0 7 * * 0-6", "Every day at 07:00"),
        ("0 7,19 * * *", "Every day at 07:00 and 19:00"),
        ("0 */6 * * *", "Every day at 00:00, 06:00, 12:00, and 18:00"),
        ("5 * * * *", "Every hour at :05"),
        ("0 */1 * * *", "Every hour at :00"),
        ("*/15 * * * *", "Every 15 minutes"),
        ("0,30 * * * *", "Every 30 minutes"),
        ("5,35 * * * *", "Every hour at :05 and :35"),
        # These were said as *every 45 minutes* and the like; they may be stored still.
        ("*/45 * * * *", "Every hour at :00 and :45"),
        ("*/90 * * * *", "Every hour at :00"),
        ("0 */2 * * *", "0 */2 * * *"),
        ("0 0 1 * *", "0 0 1 * *"),
        ("*/15 * * * 1", "*/15 * * * 1"),
        ("0 0 * * 5#2", "0 0 * * 5#2"),
        ("never", "never"),
    ],
)
def test_a_schedule_is_said_as_a_person_says_it(runtime: Runtime, cron: str, words: str):
    assert cadence.words(cron) == words


@given(
    days=st.sets(st.integers(0, 6), min_size=1),
    at=st.times().map(lambda it: it.replace(second=0, microsecond=0)),
)
def test_days_and_a_time_become_a_schedule_and_are_read_back(days: set[int], at: time):
    item = Weekly(days=sorted(days), at=at)

    assert cadence.weekly(item.cron) == item
    comes = croniter(item.cron, datetime(2026, 11, 23)).get_next(datetime)  # noqa: DTZ001
    assert comes.isoweekday() % 7 in days


@pytest.mark.parametrize("cron", ["*/15 * * * *", "0 7,19 * * *", "0 0 1 * *", "0 0 * * 5#2"])
def test_what_is_more_than_days_and_a_time_is_left_to_cron(cron: str):
    assert cadence.weekly(cron) is None


@given(
    days=st.sets(st.integers(0, 6), min_size=1),
    at=st.times().map(lambda it: it.replace(second=0, microsecond=0)),
    source=st.sampled_from(["UTC", "Europe/Paris", "Pacific/Kiritimati"]),
    target=st.sampled_from(["America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia"]),
)
def test_another_zones_clocks_show_the_same_moments(
    days: set[int], at: time, source: str, target: str
):
    item = Weekly(days=sorted(days), at=at)

    there = cadence.moved(item, source, target, NOW)

    # Nobody changes clocks in the week after.
    first, second = NOW, NOW
    for _i in range(len(days)):
        first = due.next_time(item.cron, source, first)
        second = due.next_time(there.cron, target, second)
        assert first == second
    assert first <= NOW + timedelta(days=8)
