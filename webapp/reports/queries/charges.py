"""What calls of an account cost, by day of UTC and by what was done."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select

from webapp.kernel.runtime import Runtime
from webapp.reports.period import Period
from webapp.services.models import Charge, Service

NOTHING = Decimal(0)


def by_day(
    runtime: Runtime, service: Service, period: Period
) -> Mapping[date, tuple[int, Decimal]]:
    """Return the calls of each day with what they cost."""
    sums = func.sum(Charge.calls), func.sum(Charge.amount)
    wanted = select(Charge.day, *sums).where(*_within(service, period)).group_by(Charge.day)
    return {
        day: (int(calls), amount or NOTHING)
        for day, calls, amount in runtime.session.execute(wanted)
    }


def by_operation(
    runtime: Runtime, service: Service, period: Period
) -> Mapping[str, tuple[int, Decimal]]:
    """Return the calls of each operation with what they cost."""
    sums = func.sum(Charge.calls), func.sum(Charge.amount)
    wanted = select(Charge.operation, *sums).where(*_within(service, period))
    return {
        name: (int(calls), amount or NOTHING)
        for name, calls, amount in runtime.session.execute(wanted.group_by(Charge.operation))
    }


def _within(service: Service, period: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        Charge.service_id == service.id,
        Charge.day >= period.first,
        Charge.day <= period.last,
    )
