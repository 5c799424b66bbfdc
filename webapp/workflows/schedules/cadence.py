"""A schedule as a person says it and sets it: days of the week and a time of day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from babel.lists import format_list
from croniter import CroniterError
from flask_babel import get_locale

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.time.days import named
from webapp.kernel.time.local_time import time_of
from webapp.workflows.schedules import cron

WEEK = range(7)
WORKING_DAYS = [1, 2, 3, 4, 5]
HOUR = 60
MOST_TIMES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """The same time on some days of each week; the days are numbered as cron does, Sunday 0."""

    days: Sequence[int]
    at: time

    @property
    def cron(self) -> str:
        """The schedule as it is stored."""
        every = len(self.days) == len(WEEK)
        days = "*" if every else ",".join(str(day) for day in sorted(self.days))
        return f"{self.at.minute} {self.at.hour} * * {days}"


def weekly(schedule: str) -> Weekly | None:
    """Return a schedule as days and a time; nothing for one that is more than that."""
    found = _values(schedule)
    if found is None or found[2:4] != [None, None]:
        return None
    minutes, hours, days = found[0], found[1], found[4]
    if minutes is None or hours is None or len(minutes) != 1 or len(hours) != 1:
        return None
    return Weekly(days=list(WEEK) if days is None else days, at=time(hours[0], minutes[0]))


def of(days: Sequence[int], clock: str) -> Weekly:
    """Return what a form says; raise `Invalid` with a sentence for each field at fault."""
    at = time_of(clock)
    faults = {} if days else {"days": _("Choose at least one day.")}
    if at is None:
        faults["clock"] = _("Write the time as 18:00.")
    if at is None or faults:
        raise Invalid(next(iter(faults.values())), faults)
    return Weekly(days=sorted(set(days)), at=at.replace(second=0, microsecond=0))


def shown_to(schedule: str, source: str, target: str, now: datetime) -> Weekly | None:
    """Return a schedule of one zone as days and a time by the clocks of another."""
    found = weekly(schedule)
    if found is None or named(source) is None:
        return found
    return moved(found, source, target, now)


def moved(item: Weekly, source: str, target: str, now: datetime) -> Weekly:
    """Return the days and the time as the clocks of another zone show them at present."""
    today = now.astimezone(ZoneInfo(source)).date()
    there = _shown(today, item.at, source, target)
    shift = (there.date() - today).days
    days = sorted((day + shift) % len(WEEK) for day in item.days)
    return Weekly(days=days, at=there.time())


def _shown(day: date, at: time, source: str, target: str) -> datetime:
    moment = datetime.combine(day, at, tzinfo=ZoneInfo(source)).astimezone(UTC)
    return moment.astimezone(ZoneInfo(target)).replace(tzinfo=None)


def words(schedule: str, zone: str = "") -> str:
    """Return a schedule as a person says it; an uncommon one as it is written.

    `zone` is told where its clocks decide: what runs in each hour runs so by any clocks.
    """
    found = _values(schedule)
    said = _words(found) if found else ""
    free = said and found and found[1] is None
    return f"{said or schedule}, {zone}" if zone and not free else said or schedule


def _words(found: Sequence[list[int] | None]) -> str:
    """Return the words of what the fields name; empty where there are no simple ones."""
    minutes, hours, days = found[0], found[1], found[4]
    if found[2:4] != [None, None] or minutes is None:
        return ""
    if hours is None:
        return _within_hour(minutes) if days is None else ""
    if len(minutes) * len(hours) > MOST_TIMES:
        return ""
    times = [f"{hour:02}:{minute:02}" for hour in hours for minute in minutes]
    return _("%(days)s at %(times)s", days=_days(days), times=_listed(times))


def _values(schedule: str) -> list[list[int] | None] | None:
    """Return what the fields name; nothing for what has no simple words, or is no schedule."""
    try:
        return cron.values(schedule)
    except (CroniterError, ValueError):
        return None


def _days(days: Sequence[int] | None) -> str:
    if days is None or len(days) == len(WEEK):
        return _("Every day")
    if list(days) == WORKING_DAYS:
        return _("Monday to Friday")
    # A week begins on Monday for whoever reads a list of its days.
    named = [day_names()[day] for day in sorted(days, key=lambda day: (day - 1) % len(WEEK))]
    return _("Every %(days)s", days=_listed(named))


def _within_hour(minutes: Sequence[int]) -> str:
    """Return the words of what runs in each hour; the last step leads into the next hour."""
    steps = {later - earlier for earlier, later in pairwise([*minutes, minutes[0] + HOUR])}
    if len(minutes) > 1 and len(steps) == 1 and minutes[0] == 0:
        return _("Every %(n)s minutes", n=steps.pop())
    if len(minutes) > MOST_TIMES:
        return ""
    return _("Every hour at %(times)s", times=_listed([f":{minute:02}" for minute in minutes]))


def _listed(items: Sequence[str]) -> str:
    return format_list(items, locale=get_locale() or "en")


def short_day_names() -> tuple[str, ...]:
    """Return the weekdays in short, in the order of cron."""
    return (_("Sun"), _("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"))


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
