"""The days that a report is about, and those it is compared with: whole days of one zone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from webapp.kernel.time import days

DAY = timedelta(days=1)
WEEK, MONTH = 7, 28
# So many days are told one by one in a table, and so many week by week; more by four weeks.
BY_DAYS, BY_WEEKS = 14, 92
# A year of whole weeks, so that a Monday is compared with a Monday.
YEAR = timedelta(days=364)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days that are counted together, and where they stand among the others."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Days of one length on end, in quarters of an hour since 1970, so that SQL counts by days.

    Read quarter by quarter, a year would be some ten thousand rows.
    """

    first: date
    begins: int
    ends: int
    length: int

    def day_in(self, quarter: Any) -> Any:
        """Return in SQL the number of the day that a column of quarters lies in."""
        return ((quarter - self.begins) // self.length).label("day")

    def day(self, number: int) -> date:
        """Return the day of such a number."""
        return self.first + DAY * number


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Some days, from the first to the last, by the clocks of a zone."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def number(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def begins(self) -> datetime:
        """When its first day begins."""
        return days.begins(self.first, self.zone)

    @property
    def ends(self) -> datetime:
        """When its last day is over."""
        return days.begins(self.last + DAY, self.zone)

    def runs(self) -> Iterator[Run]:
        """Yield its days by their lengths: those on which clocks are changed stand alone."""
        known = [(day, self._quarter(day)) for day in self._days(self.number + 1)]
        each = [
            Run(first=day, begins=at, ends=end, length=end - at)
            for (day, at), (_next, end) in pairwise(known)
        ]
        for length, same in groupby(each, lambda run: run.length):
            first, *others = same
            # Where a zone changed sides of the date line, a day was left out.
            if length:
                yield replace(first, ends=others[-1].ends) if others else first

    def _days(self, number: int) -> Iterator[date]:
        return (self.first + DAY * more for more in range(number))

    def _quarter(self, day: date) -> int:
        return int(days.begins(day, self.zone).timestamp()) // days.QUARTER

    def before(self) -> "Period":
        """Return as many days just before it."""
        return self.earlier(timedelta(days=self.number))

    def earlier(self, by: timedelta) -> "Period":
        """Return the same days some time before."""
        return Period(first=self.first - by, last=self.last - by, zone=self.zone)

    def day_of(self, moment: datetime) -> date:
        """Return the day that a moment belongs to, by its clocks."""
        return days.day_of(moment, self.zone)

    @property
    def step(self) -> int:
        """How many days stand in one row of a table, so that it stays one that is read."""
        return 1 if self.number <= BY_DAYS else WEEK if self.number <= BY_WEEKS else MONTH

    @property
    def fine_step(self) -> int:
        """How many days stand at one point of a picture."""
        return 1 if self.number <= BY_WEEKS else WEEK

    def spans(self, step: int) -> Iterator[Span]:
        """Yield its days in blocks of so many, the last of which may be shorter."""
        first = self.first
        while first <= self.last:
            last = min(first + DAY * (step - 1), self.last)
            yield Span(first=first, last=last)
            first = last + DAY

    def place(self, day: date, step: int) -> int:
        """Return the number of the block that a day stands in."""
        return (day - self.first).days // step
