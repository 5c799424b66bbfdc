"""Schedules: cron expressions in a zone, when they come due next, and how a person says them."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from croniter import CroniterError, croniter

from webapp.kernel.errors import Invalid
from webapp.kernel.words import _

DENSEST = timedelta(minutes=15)
FIELDS = 5
SAMPLES = 200
PLAIN_TIME = re.compile(r"(\d{1,2}) (\d{1,2})")


def next_time(schedule: str, zone: str, after: datetime) -> datetime:
    """Return the first time after `after`, in UTC; correct across changes of summer time.

    A time that a change of summer time skips comes at the next time the schedule names, and one
    that a change repeats comes once.
    """
    local = after.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    iterator = croniter(schedule, local)
    while True:
        wall = iterator.get_next(datetime)
        found = _real(wall, ZoneInfo(zone))
        if found and found > after:
            return found


def _real(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """Return a wall time as UTC; nothing when that time does not exist on that day."""
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    exists = moment.astimezone(zone).replace(tzinfo=None) == wall
    return moment if exists else None


def checked(schedule: str) -> str:
    """Return a schedule in its plain form; raise `Invalid` when it is wrong or too dense."""
    plain = " ".join(schedule.split())
    if len(plain.split(" ")) != FIELDS:
        raise _invalid(_("A schedule has five parts: minute, hour, day, month, weekday."))
    try:
        iterator = croniter(plain, datetime(2026, 1, 1))  # noqa: DTZ001 - wall time, any zone
        times = [iterator.get_next(datetime) for _i in range(SAMPLES)]
    except (CroniterError, ValueError) as cause:
        raise _invalid(_("This schedule is not understood, or never comes.")) from cause
    if any(later - earlier < DENSEST for earlier, later in pairwise(times)):
        raise _invalid(_("A workflow runs every 15 minutes at most."))
    return plain


def _invalid(sentence: str) -> Invalid:
    return Invalid(sentence, {"schedule": sentence})


def words(schedule: str) -> str:
    """Return a schedule as a person says it; an uncommon one as it is written."""
    minute, hour, day, month, weekday = schedule.split(" ")
    if (day, month) != ("*", "*"):
        return schedule
    if PLAIN_TIME.fullmatch(f"{minute} {hour}"):
        return _at(f"{int(hour):02}:{int(minute):02}", weekday) or schedule
    if weekday == "*" and hour == "*":
        return _within_hour(minute) or schedule
    return schedule


def _at(time: str, weekday: str) -> str:
    if weekday == "*":
        return _("Every day at %(time)s", time=time)
    if weekday.isdigit():
        return _("Every %(day)s at %(time)s", day=day_names()[int(weekday) % 7], time=time)
    return _("Monday to Friday at %(time)s", time=time) if weekday == "1-5" else ""


def _within_hour(minute: str) -> str:
    if minute.isdigit():
        return _("Every hour at :%(minute)s", minute=f"{int(minute):02}")
    step = re.fullmatch(r"\*/(\d+)", minute)
    return _("Every %(n)s minutes", n=step[1]) if step else ""


def day_names() -> tuple[str, ...]:
    """Return the weekdays in the order of cron, Sunday first."""
    return (
        _("Sunday"),
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
    )
