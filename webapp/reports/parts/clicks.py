"""Clicks over time, and per link."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from webapp.kernel.i18n import _
from webapp.kernel.plots import Plot
from webapp.reports.queries import clicks
from webapp.reports.queries.clicks import LinkLine, Sums
from webapp.reports.scope import Scope, curves, heading, labels, rows, table, told
from webapp.reports.sections import NOTHING, Column, Row, Section, part

SHOWN, MOST = 10, 100
Days = Mapping[date, Sums]


def over_time(scope: Scope) -> Section:
    """Return who followed links of the account, day by day, whenever their delivery began."""
    period, step = scope.period, scope.period.fine_step
    mine = clicks.by_day(scope.runtime, scope.service, period)
    before = clicks.by_day(scope.runtime, scope.service, scope.compared) if scope.compared else {}
    made = curves(
        scope,
        step,
        _("Clicks of people"),
        lambda *days: _sums(mine, *days)[0],
        lambda *days: _sums(before, *days)[0],
    )
    plot = Plot(label=told(period, _("Clicks")), labels=labels(period, step), curves=made)
    return Section(
        name="clicks",
        title=_("Clicks over time"),
        heading=heading(period.step),
        columns=(
            Column(label=_("Clicks")),
            Column(label=_("First ones of readers")),
            Column(label=_("Machines")),
        ),
        rows=table(period, partial(_sums, mine)) if mine else (),
        fine=rows(period, step, partial(_sums, mine)) if mine else (),
        plot=plot if mine else None,
        source=_(
            "From the redirects of Fanfare’s own links, when they were followed; a click is here "
            "a second or two later. Those of machines are told by rules and not counted beside."
        ),
        empty=_("Nobody followed a link in these days."),
    )


def by_link(scope: Scope) -> Section | None:
    """Return the links that were followed most, of deliveries that began in these days."""
    found = clicks.by_link(scope.runtime, scope.service, scope.period, MOST)
    if not found:
        return None
    rows = _lines(found)
    return Section(
        name="links",
        title=_("Clicks per link"),
        heading=_("Link"),
        named=(_("Label"), _("Delivery")),
        columns=(
            Column(label=_("Clicks")),
            Column(label=_("Readers")),
            Column(label=_("Machines")),
        ),
        rows=rows[:SHOWN],
        fine=rows,
        bars=True,
        source=_(
            "The %(n)s that people followed most, of deliveries that began in these days; as CSV "
            "%(all)s. Of posts nobody knows who clicks, so they have no readers here.",
            n=SHOWN,
            all=MOST,
        ),
    )


def _lines(found: Sequence[LinkLine]) -> list[Row]:
    most = max(item.sums.clicks for item in found)
    return [
        Row(
            label=item.label or item.address,
            key=item.address,
            more=(item.label, item.delivery),
            small=f"{item.address}, {item.delivery}" if item.label else item.delivery,
            values=(
                item.sums.clicks,
                item.sums.readers if item.named else NOTHING,
                item.sums.machines,
            ),
            bar=part(item.sums.clicks, most),
        )
        for item in found
    ]


def _sums(days: Days, first: date, last: date) -> tuple[int, int, int]:
    some = [found for day, found in days.items() if first <= day <= last]
    return (
        sum(item.clicks for item in some),
        sum(item.readers for item in some),
        sum(item.machines for item in some),
    )
