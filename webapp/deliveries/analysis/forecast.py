"""When a delivery will end: it plays the sending through every limit before anything is sent."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select

from channels import Operation
from webapp.deliveries import counts, variants, waves
from webapp.deliveries.analysis.simulation import DAY, SimulatedWindow, simulate
from webapp.deliveries.models import (
    MOVING,
    ContentPart,
    Delivery,
    DeliveryService,
    DeliveryVariant,
)
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice
from webapp.kernel.time import days
from webapp.services.limits import quota
from webapp.services.limits.windows import zone_of
from webapp.services.models import Service

# A call takes a moment, and a window is noticed to be open again within a second or two.
CALL_SECONDS = 0.5
WAKE_SECONDS = 3.0

# How many messages go out from an account, by its id.
Shares = Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitLine:
    """One limit of the forecast: what it allows, how long it alone would take."""

    label: Notice
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
            "limits": [notices.plain(asdict(line)) for line in self.limits],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SendStream:
    """Messages that pass the same gates; `account` is empty for what several accounts share."""

    gates: Sequence[SimulatedWindow]
    count: int
    account: str = ""

    def ends(self, start: datetime) -> datetime:
        """Return when the last of them goes out."""
        return simulate([replace(gate) for gate in self.gates], self.count, start)

    @property
    def rate(self) -> int | None:
        """How many go out in an hour in which no gate is spent; `None` without a gate."""
        return min((gate.an_hour for gate in self.gates), default=None)


def forecast(runtime: Runtime, delivery: Delivery, shares: Shares) -> Forecast:
    """Play the sending of every account, behind what waits on it already."""
    start = max(delivery.scheduled_at or runtime.now(), runtime.now())
    ahead = waiting_ahead(runtime, delivery)
    whole = {key: count + ahead.as_messages.get(key, 0) for key, count in shares.items()}
    found = send_streams(runtime, delivery, whole)
    ends = max([start, *(lane.ends(start) for lane in found)])
    return Forecast(
        starts_at=start,
        ends_at=ends,
        latest=ends + slack(delivery, sum(whole.values()), ends - start),
        ahead=ahead.messages,
        limits=_lines(found, start),
    )


def send_streams(runtime: Runtime, delivery: Delivery, shares: Shares) -> list[SendStream]:
    """Return a lane for each account, and one for each limit that several of them share.

    A message passes the limits of its account, and those that are shared count all messages.
    """
    own = [
        SendStream(
            gates=gates(runtime, delivery, service, delivery.kind.operation),
            count=shares.get(service.id, 0),
            account=service.shown_name if len(delivery.services) > 1 else "",
        )
        for service in delivery.services
    ]
    users: dict[tuple[str, int], list[SendStream]] = {}
    for lane in own:
        for gate in lane.gates:
            users.setdefault(gate.key, []).append(lane)
    shared = {key: found for key, found in users.items() if len(found) > 1}
    return own + [
        SendStream(
            gates=[gate for gate in found[0].gates if gate.key == key],
            count=sum(lane.count for lane in found),
        )
        for key, found in shared.items()
    ]


def planned_rate(runtime: Runtime, delivery: Delivery) -> int | None:
    """Return how many messages an hour the limits let out while none of them is spent.

    `None` where an account has no limit at all.
    """
    found = send_streams(runtime, delivery, {})
    number = len(delivery.services)
    own, shared = found[:number], found[number:]
    rates = [lane.rate for lane in own]
    known = [rate for rate in rates if rate is not None]
    if len(known) < len(rates):
        return None
    return min([sum(known), *(lane.rate for lane in shared if lane.rate is not None)])


def slack(delivery: Delivery, count: int, span: timedelta) -> timedelta:
    """Return how much later than expected `count` messages over `span` may end."""
    calls = count * variants.most_parts(delivery)
    return timedelta(seconds=calls * CALL_SECONDS + WAKE_SECONDS) + span * 0.05


def _lines(found: Sequence[SendStream], start: datetime) -> list[LimitLine]:
    """Play the sending through each limit alone; the slowest one binds."""
    # A limit that is shared stands last, with the messages of all accounts.
    limits = {gate.key: (gate, lane) for lane in found for gate in lane.gates}
    alone = {
        key: (replace(lane, gates=[gate]).ends(start) - start).total_seconds()
        for key, (gate, lane) in limits.items()
    }
    slowest = max(alone, key=lambda key: alone[key], default=None)
    return [
        LimitLine(
            label=_label(gate, lane),
            allows=gate.cap,
            used=gate.used,
            seconds=alone[key],
            binds=key == slowest and alone[key] > 0,
        )
        for key, (gate, lane) in limits.items()
    ]


def _label(gate: SimulatedWindow, lane: SendStream) -> Notice:
    if not lane.account:
        return gate.label
    return Notice("limit_of_account", limit=gate.label, name=lane.account)


def gates(
    runtime: Runtime, delivery: Delivery, service: Service, operation: Operation
) -> list[SimulatedWindow]:
    """Return the limits that hold for a delivery, as they stand now."""
    zone, parts = zone_of(runtime, service), variants.most_parts(delivery)
    found = [
        SimulatedWindow(
            label=Notice("limit", operation=item.operation, span=item.span),
            cap=item.cap // item.window.points[operation],
            seconds=item.window.seconds,
            used=-(-item.used // item.window.points[operation]),
            each=parts,
            opens_at=item.resets_at,
            holder=f"{item.window.holder} {item.window.operation.name}",
            ends=partial(days.ends, zone=zone) if item.window.own_cap else None,
        )
        for item in quota.usage(runtime, service, operation)
    ]
    if delivery.wave_size:
        found.append(_waves(runtime, delivery))
    return found


def _waves(runtime: Runtime, delivery: Delivery) -> SimulatedWindow:
    """Return the waves of a delivery; before it begins they begin with its first message."""
    began, now = delivery.started_at, runtime.now()
    used = waves.sent_since(runtime, delivery, waves.wave_begins(began, now)) if began else 0
    return SimulatedWindow(
        label=Notice("waves"),
        cap=delivery.wave_size or 0,
        seconds=DAY,
        used=used,
        opens_at=waves.wave_ends(began, now) if began else None,
        holder="waves",
        ends=partial(waves.wave_ends, began) if began else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What goes out first: how many messages, and by account as many of this delivery's own.

    A thread of three parts takes as much of the limits as three posts.
    """

    messages: int
    as_messages: Shares


def waiting_ahead(runtime: Runtime, delivery: Delivery) -> Ahead:
    """Count what other deliveries still send from the accounts of this one.

    What is paused sends nothing, and nobody knows when it goes on, so it is not ahead.
    """
    accounts = [service.id for service in delivery.services]
    others = select(Delivery.id, DeliveryService.service_id).join(DeliveryService)
    rows = runtime.session.execute(
        others.where(
            DeliveryService.service_id.in_(accounts),
            DeliveryService.delivery_id != delivery.id,
            Delivery.kind == delivery.kind,
            Delivery.state.in_(MOVING),
        )
    ).all()
    left = counts.waiting_by_account(runtime, {key for key, _account in rows})
    parts, calls = _parts_of(runtime, {key for key, _account in left}), Counter[int]()
    for key, account in rows:
        calls[account] += left.get((key, account), 0) * parts.get(key, 1)
    own = variants.most_parts(delivery)
    return Ahead(
        messages=sum(left.get((key, account), 0) for key, account in rows),
        as_messages={account: -(-number // own) for account, number in (+calls).items()},
    )


def _parts_of(runtime: Runtime, ids: Collection[int]) -> dict[int, int]:
    """Return how many parts a message of each delivery has at most."""
    last = func.max(ContentPart.position) + 1
    rows = (
        select(DeliveryVariant.delivery_id, last)
        .join(ContentPart, ContentPart.variant_id == DeliveryVariant.id)
        .where(DeliveryVariant.delivery_id.in_(ids))
        .group_by(DeliveryVariant.delivery_id)
    )
    return {row[0]: row[1] for row in runtime.session.execute(rows)}
