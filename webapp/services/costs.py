"""What a service's calls cost: prices of the channel, charges by day, the budget of a month."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from channels import Operation, Price
from webapp.kernel import naming
from webapp.kernel.db import insert_into
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services import border
from webapp.services.context import SecretsOnDemand, context_of
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


def prices(runtime: Runtime, service: Service) -> Sequence[Price]:
    """Return what the channel charges for this service; nothing when its plugin is gone."""
    channel = runtime.registry.get(service.kind) if runtime.registry.has(service.kind) else None
    if channel is None or channel.limits is None:
        return ()
    # Figures are shown for a service whose secrets cannot be read any more, too.
    secrets = SecretsOnDemand(runtime, service.id)
    with border.guarded(service.internal_name):
        found = channel.limits.prices(context_of(runtime, service, secrets))
        return border.listed(found, Price)


def price_of(
    runtime: Runtime, service: Service, operation: Operation, variant: str = ""
) -> Price | None:
    """Return the price of one call; `None` when nothing is charged for it."""
    for price in prices(runtime, service):
        if (price.operation, price.variant) == (operation, variant):
            return price
    return price_of(runtime, service, operation) if variant else None


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
    amount = price.amount * count if price else NOTHING
    key = {
        "service_id": service.id,
        "day": today(runtime),
        "operation": operation.name,
        "variant": price.variant if price else "",
    }
    row = insert_into(runtime.session, Charge).values(**key, calls=count, amount=amount)
    more = {name: getattr(Charge, name) + row.excluded[name] for name in ("calls", "amount")}
    runtime.session.execute(row.on_conflict_do_update(index_elements=list(key), set_=more))
    return amount


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
    total = runtime.session.scalar(
        select(func.sum(Charge.amount)).where(
            Charge.service_id == service.id, Charge.day >= today(runtime).replace(day=1)
        )
    )
    return total if total is not None else NOTHING


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
