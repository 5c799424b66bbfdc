"""When a schedule comes due next: cron expressions read by the clock of a zone.

Clocks are put forward and back. What falls into the gap of one night runs at its end; what runs
every hour, or every few minutes, runs through an hour that comes twice; anything else comes once.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter

from webapp.workflows.schedules import cron

DAY = 86_400
SECOND = timedelta(seconds=1)


def next_time(schedule: str, zone: str, after: datetime) -> datetime:
    """Return the first time after `after`, in UTC.

    The walls of a clock are only right until it is changed, so each change on the way is a new
    beginning: without it a time would be an hour off, left out, or come twice.
    """
    place, rhythm = ZoneInfo(zone), cron.rhythm(schedule)
    moment, wall = after, _wall(after, place)
    while True:
        wall = croniter(schedule, wall).get_next(datetime)
        found = (wall - _offset(moment, place)).replace(tzinfo=UTC)
        change = _first_change(place, moment, found)
        if change is not None:
            shown = _wall(change, place)
            if wall < shown and not rhythm.every_hour:
                return change
            moment, wall = change, shown - SECOND
        elif rhythm.steady or not found.astimezone(place).fold:
            return found
        else:
            moment = found


def _wall(moment: datetime, place: ZoneInfo) -> datetime:
    """Return what the clocks of a place show at a moment."""
    return moment.astimezone(place).replace(tzinfo=None, fold=0)


def _offset(moment: datetime, place: ZoneInfo) -> timedelta:
    return moment.astimezone(place).utcoffset() or timedelta()


def _first_change(place: ZoneInfo, start: datetime, end: datetime) -> datetime | None:
    """Return the first moment after `start` and up to `end` at which the clocks are changed."""
    offset, low, last = _offset(start, place), int(start.timestamp()), int(end.timestamp())
    while low < last:
        # No zone changes its clocks and back within a day.
        high = min(low + DAY, last)
        if _offset(_at(high), place) != offset:
            return _between(place, low, high, offset)
        low = high
    return None


def _between(place: ZoneInfo, low: int, high: int, offset: timedelta) -> datetime:
    """Return the second at which the offset ceases: it holds at `low` and no more at `high`."""
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(_at(middle), place) == offset:
            low = middle
        else:
            high = middle
    return _at(high)


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
