"""What leaves when it is old: a rule for each kind of row, brought by the domain that keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlalchemy.orm import DeclarativeBase

from webapp.kernel.runtime import Runtime

HALF_A_YEAR = timedelta(days=183)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which rows of a table leave after which age.

    `name` stands in the counts of a run, and its journal says `cleaned_<name>` with the number
    `num`, a sentence that the domain declares. `old` returns the condition for rows from before a
    moment. `first` is called before, for whoever keeps something of them. `setting` is the name of
    the setting that says another number of days than `age`, which is its default.
    """

    name: str
    model: type[DeclarativeBase]
    age: timedelta
    old: Callable[[datetime], ColumnElement[bool]]
    first: Callable[[Runtime, datetime], object] | None = None
    setting: str = ""

    def age_in(self, runtime: Runtime) -> timedelta:
        """Return the age in an instance."""
        if not self.setting:
            return self.age
        return timedelta(days=getattr(runtime.settings, self.setting))
