"""The figures of a target: counted now, or as they were counted last where it is large.

Counting a million people takes seconds, and the composer saves at each pause in typing. So what was
counted of a large target is kept with its draft, and pages say when that was. Whatever is sent, and
each analysis, is counted anew.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import literal, select

from webapp.audience.models import Subscription, Visitor
from webapp.deliveries import variants
from webapp.deliveries.models import Audience, Delivery, TargetCount
from webapp.deliveries.targeting import target
from webapp.deliveries.targeting.target import TargetCounts
from webapp.kernel.db import in_passing, insert_into
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

# Up to so many people of an account are counted each time.
LARGE = 2_000
# Whoever opens a draft sees figures of no more than this age.
FRESH = timedelta(minutes=10)
# Whoever types sees those of whatever age, until the target changes.
ANY_AGE = timedelta.max


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFigures:
    """How many get it and who is left out, who has no first name, and whose names are longest.

    `counted_at` is when that was counted where it may have changed since; else it is as of now.
    """

    counts: TargetCounts
    nameless: int
    longest: Sequence[Visitor]
    counted_at: datetime | None = None


def counted(runtime: Runtime, delivery: Delivery) -> TargetFigures:
    """Count the people of a target as it is now, or of a post the accounts."""
    if not delivery.kind.to_people:
        accounts = len(delivery.services)
        counts = TargetCounts(matched=accounts, eligible=accounts, excluded=[])
        return TargetFigures(counts=counts, nameless=0, longest=[])
    counts, nameless = target.count_nameless(runtime, delivery)
    longest = target.longest_names(runtime, delivery)
    return TargetFigures(counts=counts, nameless=nameless, longest=longest)


@requires(Permission.VIEW)
def known(runtime: Runtime, delivery: Delivery, oldest: timedelta) -> TargetFigures:
    """Return the figures of a target: of a large one those kept, unless they are older than so."""
    if not is_large(runtime, delivery):
        return counted(runtime, delivery)
    kept = runtime.session.get(TargetCount, delivery.id)
    if kept is None or kept.target != _hash(delivery) or not _is_younger(runtime, kept, oldest):
        return _counted_and_kept(runtime, delivery)
    longest = runtime.session.scalars(select(Visitor).where(Visitor.id.in_(kept.longest))).all()
    excluded = [(str(code), int(number)) for code, number in kept.excluded]
    return TargetFigures(
        counts=target.counts_of(kept.eligible, excluded),
        nameless=kept.nameless,
        longest=sorted(longest, key=lambda row: (-len(row.name), row.id)),
        counted_at=kept.counted_at,
    )


def is_large(runtime: Runtime, delivery: Delivery) -> bool:
    """Tell whether a target may be too large to be counted each time, whatever narrows it."""
    if delivery.personal or not delivery.services or not delivery.kind.to_people:
        return False
    mine = select(literal(1)).where(Subscription.service_id == delivery.services[0].id)
    if delivery.audience is Audience.CONSENTED:
        mine = mine.where(target.audience(delivery))
    return runtime.session.scalar(mine.offset(LARGE).limit(1)) is not None


def _is_younger(runtime: Runtime, kept: TargetCount, oldest: timedelta) -> bool:
    age = runtime.now() - kept.counted_at
    # A clock that was set back makes nothing young for ever.
    return oldest == ANY_AGE or timedelta() <= age < oldest


def _counted_and_kept(runtime: Runtime, delivery: Delivery) -> TargetFigures:
    found = counted(runtime, delivery)
    values = {
        "target": _hash(delivery),
        "counted_at": runtime.now(),
        "eligible": found.counts.eligible,
        "excluded": [list(pair) for pair in found.counts.excluded],
        "nameless": found.nameless,
        "longest": [visitor.id for visitor in found.longest],
    }
    insert = insert_into(runtime.session, TargetCount).values(delivery_id=delivery.id, **values)
    in_passing(
        runtime.session, insert.on_conflict_do_update(index_elements=["delivery_id"], set_=values)
    )
    return found


def _hash(delivery: Delivery) -> str:
    """Return the hash of what decides who is meant; the text is no part of that."""
    parts: list[Any] = [
        [service.id for service in delivery.services],
        delivery.audience.value,
        delivery.filters,
        delivery.rest_of_id,
        delivery.origin_id,
    ]
    if held := variants.held_out(delivery):
        parts.append([held, [row.weight for row in delivery.variants]])
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
