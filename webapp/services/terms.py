"""What a channel asks and allows for one account, told once and used for a slice of work.

A plugin is asked for its limits and prices once instead of several times for each message. What may
change at any time, such as the own cap, the budget and secrets, is no part of it.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from channels import Operation, Price
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.channel import declared
from webapp.services.limits.windows import Window, cap_of, order
from webapp.services.limits.windows import declared as windows_of
from webapp.services.models import Service


class Terms:
    """The terms of one account; each part is asked for when it is first needed."""

    def __init__(self, runtime: Runtime, service: Service) -> None:
        """Ask for nothing yet."""
        self._runtime = runtime
        self.service = service
        # The windows of an operation, by what the account itself says of its day.
        self._sorted: dict[tuple[Operation, int, str | None], list[Window]] = {}
        # The price of one call, by its operation and variant.
        self._priced: dict[tuple[Operation, str], Price | None] = {}

    @cached_property
    def limits(self) -> list[Window]:
        """The windows of the network's limits."""
        return [item for item in windows_of(self._runtime, self.service) if not item.own_cap]

    @cached_property
    def prices(self) -> Sequence[Price]:
        """What the channel charges."""
        return declared.prices(self._runtime, self.service)

    @cached_property
    def inbox_price(self) -> Decimal:
        """What the inbox costs for each thing it lists."""
        channel = self._runtime.registry.get(self.service.kind)
        found = self.price(Operation.INBOX) if channel.inbox else None
        return found.amount if found else costs.NOTHING

    def windows(self, operation: Operation) -> list[Window]:
        """Return the windows of one operation, with the own cap as it is now, in their order."""
        own = self.service.daily_cap, self.service.time_zone
        known = self._sorted.get((operation, *own))
        if known is None:
            every = [*self.limits, cap_of(self.service)]
            known = sorted([item for item in every if operation in item.points], key=order)
            self._sorted[operation, *own] = known
        return known

    def free_again(self, operation: Operation) -> bool:
        """Tell whether what was returned earlier today is returned again for nothing."""
        price = self.price(operation)
        return price is not None and price.once_a_day

    def price(self, operation: Operation, variant: str = "") -> Price | None:
        """Return the price of one call; `None` when nothing is charged for it."""
        key = operation, variant
        if key not in self._priced:
            self._priced[key] = costs.price_among(self.prices, operation, variant)
        return self._priced[key]
