"""Posts whose messages left with the clean-up: what the counters of their delivery still tell."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from webapp.deliveries.counters import TAKEN_BACK
from webapp.deliveries.models import DeliveryService, MessageState
from webapp.kernel.runtime import Runtime

Counts = Mapping[str, int]


def of_one_account(
    runtime: Runtime, counts: Mapping[int, Counts], there: Collection[int]
) -> dict[int, Counts]:
    """Return the counters of deliveries that have no message any more, as each account's own.

    Of several accounts they tell it where it was the same from each; else nobody knows any more
    which of them it was, and there is nothing.
    """
    gone = {key: some for key, some in counts.items() if key not in there}
    if not gone:
        return {}
    number = select(DeliveryService.delivery_id, func.count()).group_by(DeliveryService.delivery_id)
    rows = runtime.session.execute(number.where(DeliveryService.delivery_id.in_(gone)))
    accounts: dict[int, int] = {row[0]: row[1] for row in rows}
    return {
        key: {name: value // accounts[key] for name, value in some.items()}
        for key, some in gone.items()
        if accounts[key] == 1 or all(value in (0, accounts[key]) for value in some.values())
    }


def standing(counts: Counts) -> int:
    """Return how many posts stand by counters."""
    return counts.get(MessageState.SENT, 0) - counts.get(TAKEN_BACK, 0)
