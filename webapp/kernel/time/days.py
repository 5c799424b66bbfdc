"""Days as people count them: from midnight to midnight by the clocks of a zone.

A day has 23 hours when clocks are put forward, and begins late where that happens at midnight.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

# Every offset in use is a multiple of it, so no day begins within one.
QUARTER = 900


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day that a moment belongs to."""
    return moment.astimezone(zone).date()


def begins(day: date, zone: ZoneInfo) -> datetime:
    """Return when a day begins, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def ends(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return when the day of a moment is over, in UTC."""
    return begins(day_of(moment, zone) + timedelta(days=1), zone)


def named(name: str) -> ZoneInfo | None:
    """Return the zone of a name; nothing when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


class quarter(FunctionElement[int]):  # noqa: N801 - read as the function of SQL it is
    """The quarter of an hour that a column lies in, as the second at which it began.

    A database would name the day by the zone of its own server, so days are made of these outside.
    """

    type = BigInteger()
    inherit_cache = True


@compiles(quarter, "postgresql")
def _on_postgresql(element: quarter, compiler: SQLCompiler, **given: Any) -> str:
    column = compiler.process(element.clauses, **given)
    return f"CAST(floor(extract(epoch FROM {column}) / {QUARTER}) * {QUARTER} AS bigint)"


@compiles(quarter, "sqlite")
def _on_sqlite(element: quarter, compiler: SQLCompiler, **given: Any) -> str:
    column = compiler.process(element.clauses, **given)
    # The parts of a second are cut off, since SQLite would round them up into the next day.
    seconds = f"CAST(strftime('%s', substr({column}, 1, 19)) AS INTEGER)"
    return f"({seconds} / {QUARTER} * {QUARTER})"


def day_of_quarter(seconds: int, zone: ZoneInfo) -> date:
    """Return the day of what `quarter` told."""
    return day_of(datetime.fromtimestamp(seconds, UTC), zone)
