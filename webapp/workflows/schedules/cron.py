"""Cron expressions: what they name, and a sentence for each that cannot mean what it says."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from croniter import CroniterError, croniter

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _, lazy_gettext

DENSEST = timedelta(minutes=15)
FIELDS = 5
SAMPLES = 200
# How many values minute, hour, day, month and weekday have, and the last of them.
SIZES = (60, 24, 31, 12, 7)
LAST = (59, 23, 31, 12, 7)
DAY = 2
STEP = re.compile(r"(\*|\d+)(?:-(\d+))?/(\d+)")
UNEVEN = (
    lazy_gettext(
        "%(part)s does not run every %(n)s minutes: cron counts anew in each hour. "
        "Use a step that divides 60, such as */30, or list the minutes."
    ),
    lazy_gettext(
        "%(part)s does not run every %(n)s hours: cron counts anew on each day. "
        "Use a step that divides 24, such as */6, or list the hours."
    ),
    lazy_gettext(
        "%(part)s does not run every %(n)s days: cron counts anew in each month. "
        "List the days, such as 1,15."
    ),
    lazy_gettext(
        "%(part)s does not run every %(n)s months: cron counts anew in each year. "
        "Use a step that divides 12, such as */3, or list the months."
    ),
    lazy_gettext(
        "%(part)s does not run every %(n)s days: cron counts anew in each week. "
        "List the weekdays, such as 1,3,5."
    ),
)
RANDOM = re.compile(r"[rh](?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Whether a schedule goes on by the hour, and whether it is counted in minutes or hours."""

    every_hour: bool
    steady: bool


def rhythm(schedule: str) -> Rhythm:
    """Return how a schedule behaves where an hour is left out, or comes twice."""
    every_hour = croniter.expand(schedule)[0][1] == ["*"]
    return Rhythm(every_hour=every_hour, steady=every_hour or schedule.startswith("*"))


def values(schedule: str) -> list[list[int] | None]:
    """Return what each field of a schedule names, such as hours; `None` where it names all.

    Raise `ValueError` for what is no schedule, or where a field names no numbers but *the last*.
    """
    expanded, nth = croniter.expand(schedule)[:2]
    if nth:
        raise ValueError(schedule)
    return [None if field == ["*"] else sorted({int(item) for item in field}) for field in expanded]


def checked(schedule: str) -> str:
    """Return a schedule in its plain form; raise `Invalid` when it is wrong or too dense."""
    plain = " ".join(schedule.split())
    fields = plain.split(" ")
    if len(fields) != FIELDS:
        raise _invalid(_("A schedule has five parts: minute, hour, day, month, weekday."))
    for place, field in enumerate(fields):
        fault = next(filter(None, (_fault(place, part) for part in field.split(","))), "")
        if fault:
            raise _invalid(fault)
    _refuse_dense(plain)
    return plain


def _refuse_dense(plain: str) -> None:
    try:
        iterator = croniter(plain, datetime(2026, 1, 1))  # noqa: DTZ001 - wall time, any zone
        times = [iterator.get_next(datetime) for _i in range(SAMPLES)]
    except (CroniterError, ValueError) as cause:
        raise _invalid(_("This schedule is not understood, or never comes.")) from cause
    if any(later - earlier < DENSEST for earlier, later in pairwise(times)):
        raise _invalid(_("A workflow runs every 15 minutes at most."))


def _fault(place: int, part: str) -> str:
    """Return what is wrong with a part of a field; empty for nothing."""
    if RANDOM.match(part):
        return _("%(part)s stands for a time at random. Write the time you mean.", part=part)
    step = STEP.fullmatch(part)
    if step is None or step[3] == "1":
        return ""
    first, last, size = step[1], step[2], int(step[3])
    if first == "*":
        uneven = place == DAY or size > SIZES[place] or SIZES[place] % size
        return _uneven(place, part, size) if uneven else ""
    room = (int(last) if last else LAST[place]) - int(first)
    return _("The step of %(part)s is longer than what it steps through.", part=part) * (
        0 < room < size
    )


def _uneven(place: int, part: str, size: int) -> str:
    """Say that a step is counted anew in each hour, day, month, year or week."""
    return str(UNEVEN[place]) % {"part": part, "n": size}


def _invalid(sentence: str) -> Invalid:
    return Invalid(sentence, {"schedule": sentence})
