"""Who agreed to messages, and who took that back."""

from collections.abc import Mapping
from datetime import date

from webapp.audience.consents import counting
from webapp.audience.consents.counting import Change
from webapp.kernel.charts import Chart, Kind, Series
from webapp.kernel.i18n import _
from webapp.reports.period import DAY, Period
from webapp.reports.scope import Scope, heading, labels, rows, table, told
from webapp.reports.sections import Column, Section, Value

FEWEST = 2
Days = Mapping[date, Change]


def section(scope: Scope) -> Section | None:
    """Return how many agreed and took it back; nothing where nobody was ever asked."""
    runtime, service, period = scope.runtime, scope.service, scope.period
    days = counting.by_day(runtime, service, period.first, period.last)
    start = counting.standing(runtime, service, period.first)
    if start is None and not days:
        return None

    def tally(first: date, last: date) -> tuple[Value, ...]:
        gained, lost = together(days, first, last)
        all_gained, all_lost = together(days, period.first, last)
        return gained, lost, gained - lost, (start or 0) + all_gained - all_lost

    return Section(
        name="agreements",
        title=_("Agreed to messages"),
        heading=heading(period.step),
        columns=(
            Column(label=_("Agreed")),
            Column(label=_("Took it back")),
            Column(label=_("Net")),
            Column(label=_("Then")),
        ),
        rows=table(period, tally),
        fine=rows(period, period.fine_step, tally),
        chart=_chart(scope, days) if period.number >= FEWEST else None,
        source=_(
            "From Fanfare’s ledger of consents, by the day of the account on which an answer was "
            "written down. Whoever asks to be erased takes it back. Somebody who only wrote first "
            "did not agree, and is not here."
        ),
    )


def now(scope: Scope) -> int | None:
    """Return how many agreed when the days of a report were over; nothing where nobody ever did."""
    return counting.standing(scope.runtime, scope.service, scope.period.last + DAY)


def net(scope: Scope, period: Period) -> int:
    """Return by how many more people agreed at the end of some days than before."""
    days = counting.by_day(scope.runtime, scope.service, period.first, period.last)
    gained, lost = together(days, period.first, period.last)
    return gained - lost


def together(days: Days, first: date, last: date) -> tuple[int, int]:
    """Return how many agreed in some days, and how many took it back."""
    some = [change for day, change in days.items() if first <= day <= last]
    return sum(item.gained for item in some), sum(item.lost for item in some)


def _chart(scope: Scope, days: Days) -> Chart:
    period, step = scope.period, scope.period.fine_step
    found = [together(days, span.first, span.last) for span in period.spans(step)]
    return Chart(
        kind=Kind.UP_AND_DOWN,
        label=told(period, _("Agreed to messages, and took it back")),
        heading=heading(step),
        labels=labels(period, step),
        keys=[span.first.isoformat() for span in period.spans(step)],
        series=[
            Series(name=_("Agreed"), values=[gained for gained, _lost in found]),
            Series(name=_("Took it back"), values=[lost for _gained, lost in found]),
        ],
    )
