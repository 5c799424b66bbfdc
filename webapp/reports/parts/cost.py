"""What calls of the network cost, over time and by what was done."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial

from webapp.kernel.i18n import _
from webapp.kernel.plots import Plot
from webapp.kernel.text import naming
from webapp.kernel.text.formats import money
from webapp.reports.queries import charges
from webapp.reports.scope import Scope, curves, heading, labels, rows, table, told
from webapp.reports.sections import Column, Row, Section, Value

Days = Mapping[date, tuple[int, Decimal]]


def section(scope: Scope) -> Section:
    """Return what calls cost day by day."""
    period, step = scope.period, scope.period.fine_step
    mine = charges.by_day(scope.runtime, scope.service, period)
    before = charges.by_day(scope.runtime, scope.service, scope.compared) if scope.compared else {}
    write = _write(scope)
    made = curves(
        scope,
        step,
        _("Cost"),
        lambda *days: _sums(mine, *days)[1],
        lambda *days: _sums(before, *days)[1],
    )
    plot = Plot(
        label=told(period, _("Cost")), labels=labels(period, step), curves=made, write=write
    )
    return Section(
        name="cost",
        title=_("Cost"),
        heading=heading(period.step),
        columns=(Column(label=_("Calls")), Column(label=_("Cost"), write=write)),
        rows=table(period, partial(_sums, mine)) if mine else (),
        fine=rows(period, step, partial(_sums, mine)) if mine else (),
        plot=plot if mine else None,
        source=_(
            "Priced by Fanfare when each call was made, by days of UTC, as networks count them; "
            "their bill decides."
        ),
        empty=_("No call was made in these days."),
    )


def by_operation(scope: Scope) -> Section | None:
    """Return what calls cost by what they did, the dearest first."""
    found = charges.by_operation(scope.runtime, scope.service, scope.period)
    if not found:
        return None
    dearest = max(amount for _calls, amount in found.values())
    lines = [
        Row(
            label=naming.operation(scope.service.kind, name).label,
            key=name,
            values=(calls, amount),
            bar=float(100 * amount / dearest) if dearest else 0.0,
        )
        for name, (calls, amount) in sorted(found.items(), key=lambda item: (-item[1][1], item[0]))
    ]
    return Section(
        name="operations",
        title=_("Cost by what was done"),
        heading=_("What was done"),
        columns=(Column(label=_("Calls")), Column(label=_("Cost"), write=_write(scope))),
        rows=lines,
        bars=True,
    )


def total(days: Days) -> Decimal:
    """Return what all calls cost together."""
    return sum((amount for _calls, amount in days.values()), charges.NOTHING)


def _sums(days: Days, first: date, last: date) -> tuple[Value, ...]:
    some = [pair for day, pair in days.items() if first <= day <= last]
    return sum(calls for calls, _a in some), sum((a for _calls, a in some), charges.NOTHING)


def _write(scope: Scope) -> partial[str]:
    def written(kind: str, value: Decimal | float | None) -> str:
        return money(value, kind)

    return partial(written, scope.service.kind)
