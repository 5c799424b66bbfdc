"""A day and a time of day in somebody's zone become one moment, also where clocks are changed."""

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time
from zoneinfo import ZoneInfo

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _


def moment(day: str, clock: str, zone: ZoneInfo) -> datetime:
    """Return the moment in UTC; raise `Invalid` with a sentence for each part at fault.

    Of an hour that happens twice the first is meant; one that is left out is refused.
    """
    faults: dict[str, str] = {}
    on, at = _day(day, faults), _time(clock, faults)
    if on is None or at is None:
        raise Invalid(_("The time to begin is not complete."), faults)
    wall = datetime.combine(on, at, tzinfo=zone)
    found = wall.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        fault = _("Clocks are put forward that night, so %(clock)s does not exist.", clock=clock)
        raise Invalid(fault, {"clock": fault})
    return found


def _day(text: str, faults: dict[str, str]) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        found = None
    # At the ends of the calendar no zone can be reckoned with.
    if found is None or found.year in (MINYEAR, MAXYEAR):
        faults["day"] = _("Write the day as 2026-11-27.")
        return None
    return found


def _time(text: str, faults: dict[str, str]) -> time | None:
    found = time_of(text)
    if found is None:
        faults["clock"] = _("Write the time as 18:00.")
    return found


def time_of(text: str) -> time | None:
    """Return the time of day that was typed; nothing for what is none."""
    try:
        found = time.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is None else None
