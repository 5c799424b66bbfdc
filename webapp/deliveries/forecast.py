"""When a delivery will end: it plays the sending through every limit before anything is sent."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from channels import Operation
from webapp.deliveries.gates import DAY, Gate, play
from webapp.deliveries.models import ACTIVE, Delivery, Message, MessageState
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _
from webapp.services import quota
from webapp.services.models import Service

# A call takes a moment, and a window is noticed to be open again within a second or two.
CALL_SECONDS = 0.5
WAKE_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitLine:
    """One limit of the forecast: what it allows, how long it alone would take."""

    label: str
    allows: int
    used: int
    seconds: float
    binds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """When a delivery begins and ends, between what bounds, and what limits it."""

    starts_at: datetime
    ends_at: datetime
    latest: datetime
    limits: Sequence[LimitLine]
    ahead: int = 0

    def plain(self) -> dict[str, Any]:
        """Return the forecast as JSON."""
        return {
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "latest": self.latest.isoformat(),
            "ahead": self.ahead,
            "limits": [asdict(line) for line in self.limits],
        }


def forecast(runtime: Runtime, delivery: Delivery, count: int) -> Forecast:
    """Play the sending of `count` messages, behind what waits on the same account already."""
    start = max(delivery.scheduled_at or runtime.now(), runtime.now())
    service = delivery.services[0]
    operation = delivery.kind.operation
    ahead = waiting_ahead(runtime, delivery, service)
    whole = ahead + count
    ends = play(gates(runtime, delivery, service, operation), whole, start)
    return Forecast(
        starts_at=start,
        ends_at=ends,
        latest=ends + slack(whole, ends - start),
        ahead=ahead,
        limits=_lines(gates(runtime, delivery, service, operation), whole, start),
    )


def slack(count: int, span: timedelta) -> timedelta:
    """Return how much later than expected `count` messages over `span` may end."""
    return timedelta(seconds=count * CALL_SECONDS + WAKE_SECONDS) + span * 0.05


def _lines(limits: Sequence[Gate], count: int, start: datetime) -> list[LimitLine]:
    """Play the sending through each limit alone; the slowest one binds."""
    used = [gate.used for gate in limits]
    alone = [(play([gate], count, start) - start).total_seconds() for gate in limits]
    slowest = max(alone, default=0.0)
    binding = alone.index(slowest) if slowest > 0 else None
    return [
        LimitLine(
            label=gate.label,
            allows=gate.cap,
            used=used[place],
            seconds=alone[place],
            binds=place == binding,
        )
        for place, gate in enumerate(limits)
    ]


def gates(
    runtime: Runtime, delivery: Delivery, service: Service, operation: Operation
) -> list[Gate]:
    """Return the limits that hold for a delivery, as they stand now."""
    found = [
        Gate(
            label=f"{item.operation}, {item.span}",
            cap=item.cap,
            seconds=item.window.seconds,
            used=item.used,
            opens_at=item.resets_at,
        )
        for item in quota.standing(runtime, service, operation)
    ]
    if delivery.wave_size:
        found.append(Gate(label=_("Waves a day"), cap=delivery.wave_size, seconds=DAY))
    return found


def waiting_ahead(runtime: Runtime, delivery: Delivery, service: Service) -> int:
    """Count what other deliveries still have to send from the same account."""
    query = (
        select(func.count(Message.id))
        .join(Delivery, Message.delivery_id == Delivery.id)
        .where(
            Message.service_id == service.id,
            Message.state == MessageState.PENDING,
            Message.delivery_id != delivery.id,
            Delivery.kind == delivery.kind,
            Delivery.state.in_(ACTIVE),
        )
    )
    return runtime.session.scalar(query) or 0
