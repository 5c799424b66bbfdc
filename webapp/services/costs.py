"""What a service's calls cost: prices of the channel, charges by day, the budget of a month."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from channels import Operation, Price
from webapp.kernel.db import dialect_of, insert_of
from webapp.kernel.db.prepared import run, table_of
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import naming
from webapp.services.channel.declared import prices
from webapp.services.models import Charge, Service

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The calls of one operation in a month, with the price of one and the sum.

    `price` is `None` where it is not known any more, because the plugin is gone.
    """

    label: str
    calls: int
    price: Decimal | None
    amount: Decimal


def price_of(
    runtime: Runtime, service: Service, operation: Operation, variant: str = ""
) -> Price | None:
    """Return the price of one call; `None` when nothing is charged for it."""
    return price_among(prices(runtime, service), operation, variant)


def price_among(prices: Sequence[Price], operation: Operation, variant: str) -> Price | None:
    """Return the price of one call among those of a channel: that of its variant, or the plain."""
    known = {item.variant: item for item in prices if item.operation == operation}
    return known.get(variant) or known.get("")


def charge(
    runtime: Runtime,
    service: Service,
    operation: Operation,
    *,
    count: int = 1,
    variant: str = "",
) -> Decimal:
    """Count calls and their cost, and return that cost; the caller's transaction carries it."""
    price = price_of(runtime, service, operation, variant)
    return charge_at(runtime, service, operation, price, count=count)


def charge_at(
    runtime: Runtime,
    service: Service,
    operation: Operation,
    price: Price | None,
    *,
    count: int = 1,
) -> Decimal:
    """Count calls at a price that is known, and return their cost; the caller commits."""
    charging, given, amount = charging_of(runtime, service, operation, price, count=count)
    run(runtime.session, charging, given)
    return amount


def charging_of(
    runtime: Runtime,
    service: Service,
    operation: Operation,
    price: Price | None,
    *,
    count: int = 1,
) -> tuple[Any, dict[str, Any], Decimal]:
    """Return what counts calls at a price that is known, with its values, and their cost."""
    amount = price.amount * count if price else NOTHING
    given = {
        "b_service": service.id,
        "b_day": today(runtime),
        "b_operation": operation.name,
        "b_price": price.variant if price else "",
        "b_calls": count,
        "b_amount": amount,
    }
    return _charging(dialect_of(runtime.session)), given, amount


@cache
def _charging(dialect: str) -> Any:
    """Return the INSERT of a charge; it is made once, for that takes longer than running it."""
    key = ("service_id", "day", "operation", "variant")
    names = ("b_service", "b_day", "b_operation", "b_price", "b_calls", "b_amount")
    named: dict[str, Any] = {
        name: bindparam(value) for name, value in zip((*key, "calls", "amount"), names, strict=True)
    }
    table = table_of(Charge)
    row = insert_of(dialect, table).values(**named)
    more = {name: table.c[name] + row.excluded[name] for name in ("calls", "amount")}
    return row.on_conflict_do_update(index_elements=list(key), set_=more)


def free_again(runtime: Runtime, service: Service, operation: Operation) -> bool:
    """Tell whether what an operation returned earlier today is returned again for nothing."""
    price = price_of(runtime, service, operation)
    return price is not None and price.once_a_day


def today(runtime: Runtime) -> date:
    """Return the day that charges are counted in: that of UTC, as the networks count."""
    return runtime.now().date()


def next_month(runtime: Runtime) -> datetime:
    """Return when the next month begins, and with it a budget that nothing is spent of."""
    now = today(runtime)
    last = now.replace(day=monthrange(now.year, now.month)[1])
    return datetime.combine(last + timedelta(days=1), time(), UTC)


@requires(Permission.VIEW)
def spent_this_month(runtime: Runtime, service: Service) -> Decimal:
    """Return what this month cost so far."""
    first = today(runtime).replace(day=1)
    total = runtime.session.scalar(spent_since(service.id, first))
    return total if total is not None else NOTHING


def spent_since(service: Any, day: Any) -> Select[Decimal]:
    """Sum in SQL what an account cost since a day; null where it cost nothing."""
    return select(func.sum(Charge.amount)).where(Charge.service_id == service, Charge.day >= day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What a month will have cost on its last day, if it goes on as it did so far."""

    amount: Decimal
    day: date


@requires(Permission.VIEW)
def pace(runtime: Runtime, service: Service) -> Pace:
    """Stretch what was spent so far over the whole month."""
    now = today(runtime)
    last = monthrange(now.year, now.month)[1]
    amount = spent_this_month(runtime, service) * last / now.day
    return Pace(amount=amount, day=now.replace(day=last))


def budget_left(runtime: Runtime, service: Service) -> Decimal | None:
    """Return what the month's budget still allows; `None` where no budget was set."""
    if service.monthly_budget is None:
        return None
    return service.monthly_budget - spent_this_month(runtime, service)


@requires(Permission.VIEW)
def by_operation(runtime: Runtime, service: Service) -> list[Line]:
    """Return this month's calls by operation, the dearest first."""
    rows = runtime.session.execute(
        select(Charge.operation, Charge.variant, func.sum(Charge.calls), func.sum(Charge.amount))
        .where(Charge.service_id == service.id, Charge.day >= today(runtime).replace(day=1))
        .group_by(Charge.operation, Charge.variant)
    )
    known = {(item.operation.name, item.variant): item for item in prices(runtime, service)}
    free = NOTHING if runtime.registry.has(service.kind) else None
    lines = []
    for operation, variant, calls, amount in rows:
        price = known.get((operation, variant))
        lines.append(
            Line(
                label=price.label if price else naming.operation(service.kind, operation).label,
                calls=calls,
                price=price.amount if price else free,
                amount=amount,
            )
        )
    return sorted(lines, key=lambda line: (-line.amount, line.label))
