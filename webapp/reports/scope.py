"""What the parts of a report are made of: the account, its days, and the deliveries of these."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from webapp.kernel.i18n import _
from webapp.kernel.plots import Curve
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import date_only, short_day
from webapp.reports.asked import Asked
from webapp.reports.period import WEEK, Period, Span
from webapp.reports.queries import deliveries
from webapp.reports.queries.deliveries import Line
from webapp.reports.sections import Row, Value
from webapp.services.models import Service

# So many of the last deliveries tell which hour is best.
MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A view of an account's report, with the deliveries that began in its days."""

    runtime: Runtime
    service: Service
    asked: Asked
    period: Period
    compared: Period | None
    began: Sequence[Line]
    began_before: Sequence[Line]
    # The last ones before its days are over, whenever they began.
    last: Sequence[Line]


def scope(runtime: Runtime, service: Service, asked: Asked) -> Scope:
    """Read the deliveries that a report is about, once for all of its parts."""
    compared = asked.compared
    return Scope(
        runtime=runtime,
        service=service,
        asked=asked,
        period=asked.period,
        compared=compared,
        began=deliveries.began(runtime, service, asked.period),
        began_before=deliveries.began(runtime, service, compared) if compared else (),
        last=deliveries.latest(runtime, service, asked.period, MOST),
    )


Tally = Callable[[date, date], Sequence[Value]]
Figure = Callable[[date, date], Value]


def rows(period: Period, step: int, tally: Tally) -> list[Row]:
    """Return a row for each block of days, oldest first; `tally` tells the values of one."""
    return [
        Row(label=named(span), key=span.first.isoformat(), values=tally(span.first, span.last))
        for span in period.spans(step)
    ]


def table(period: Period, tally: Tally) -> list[Row]:
    """Return the rows that a page shows, and under several of them one of all days."""
    found = rows(period, period.step, tally)
    if len(found) > 1:
        whole = tally(period.first, period.last)
        found.append(Row(label=_("All"), values=whole, whole=True))
    return found


def curves(scope: Scope, step: int, name: str, now: Figure, before: Figure) -> list[Curve]:
    """Return a figure over the days of a report, and over those that stand beside."""

    def values(period: Period, figure: Figure) -> list[float | None]:
        found = [figure(span.first, span.last) for span in period.spans(step)]
        return [None if value is None else float(value) for value in found]

    made = [Curve(name=name, values=values(scope.period, now))]
    if scope.compared:
        made.append(
            Curve(name=_("The days beside"), values=values(scope.compared, before), before=True)
        )
    return made


def is_known(made: Sequence[Curve]) -> bool:
    """Tell whether there is anything to draw."""
    return any(value is not None for curve in made for value in curve.values)


def labels(period: Period, step: int) -> list[str]:
    """Return what the blocks of a period are called."""
    return [named(span) for span in period.spans(step)]


def named(span: Span) -> str:
    """Return what a block of days is called."""
    return date_only(span.first) if span.first == span.last else short_day(span.first)


def heading(step: int) -> str:
    """Return what stands above blocks of so many days."""
    return {1: _("Day"), WEEK: _("Week from")}.get(step, _("Four weeks from"))


def told(period: Period, what: str) -> str:
    """Return in a sentence what a picture of some days shows."""
    first, last = date_only(period.first), date_only(period.last)
    return _("%(what)s from %(first)s to %(last)s", what=what, first=first, last=last)


def within(lines: Sequence[Line], first: date, last: date) -> list[Line]:
    """Return the deliveries that began in some days."""
    return [line for line in lines if first <= line.day <= last]
