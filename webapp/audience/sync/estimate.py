"""What a synchronisation will cost, by account, from the prices its channel declares."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from channels import Operation
from webapp.audience.sync import state
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.channel import declared
from webapp.services.models import Service
from webapp.workflows import spending
from webapp.workflows.models import Workflow

READS = frozenset({Operation.ACCOUNT, Operation.AUDIENCE, Operation.INBOX})


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What reading one account costs, about,.

    `followers` and `messages` are `None` where their cost is not known. Never shown as nothing:
    without the followers the whole is unknown, without the messages it is a floor.
    """

    service: Service
    account: Decimal
    followers: Decimal | None
    messages: Decimal | None
    # Whether the messages were paid for today already, and cost nothing before tomorrow.
    messages_paid: bool = False
    # What the month's budget still allows; `None` where no budget was set.
    left: Decimal | None = None

    @property
    def amount(self) -> Decimal | None:
        """What is known of the cost; `None` where the followers are not counted."""
        if self.followers is None:
            return None
        return self.account + self.followers + (self.messages or costs.NOTHING)

    @property
    def is_floor(self) -> bool:
        """Whether nobody knows how many messages there are to read."""
        return self.messages is None

    @property
    def passes_budget(self) -> bool:
        """Whether a run may cost more than is left of the month's budget."""
        if self.left is None:
            return False
        unsure = self.amount is None or self.is_floor
        return bool(self.amount and self.amount > self.left) or (unsure and self.left <= 0)


def of_workflow(runtime: Runtime, workflow: Workflow) -> list[Estimate]:
    """Return the cost of each account that a run would read; empty where nothing is charged."""
    found = (of_service(runtime, workflow, item) for item in state.due(runtime, workflow.kind))
    return [item for item in found if item is not None]


def of_service(runtime: Runtime, workflow: Workflow, service: Service) -> Estimate | None:
    """Return the cost of one account; `None` where nothing is charged for it."""
    if not runtime.registry.has(service.kind):
        return None
    prices = {
        item.operation: item.amount
        for item in declared.prices(runtime, service)
        if item.operation in READS and not item.variant
    }
    if not any(prices.values()):
        return None
    return Estimate(
        service=service,
        account=_account(runtime, service, prices.get(Operation.ACCOUNT)),
        followers=_followers(runtime, service, prices.get(Operation.AUDIENCE)),
        messages=_messages(runtime, workflow, service, prices.get(Operation.INBOX)),
        messages_paid=bool(prices.get(Operation.INBOX)) and _paid_today(runtime, service),
        left=costs.budget_left(runtime, service),
    )


def _account(runtime: Runtime, service: Service, price: Decimal | None) -> Decimal:
    last = service.account_read_at
    today = last is not None and last.date() == costs.today(runtime)
    paid = today and costs.free_again(runtime, service, Operation.ACCOUNT)
    return costs.NOTHING if paid or price is None else price


def _followers(runtime: Runtime, service: Service, price: Decimal | None) -> Decimal | None:
    if not price or runtime.registry.get(service.kind).audience is None:
        return costs.NOTHING
    number = service.account.get("followers")
    return price * number if number is not None else None


def _messages(
    runtime: Runtime, workflow: Workflow, service: Service, price: Decimal | None
) -> Decimal | None:
    """Return the price of as many messages as the last run read; they are like them, about."""
    lacks = Operation.INBOX.name in service.account.get("lacks", {})
    if not price or lacks or runtime.registry.get(service.kind).inbox is None:
        return costs.NOTHING
    if _paid_today(runtime, service):
        # Those are free until tomorrow; what came since cannot be known, and is little.
        return costs.NOTHING
    number = spending.messages_last_read(runtime, workflow, service)
    return price * number if number is not None else None


def _paid_today(runtime: Runtime, service: Service) -> bool:
    last = service.inbox_read_at
    whole = service.inbox_cursor is None
    known = whole and last is not None and last.date() == costs.today(runtime)
    return known and costs.free_again(runtime, service, Operation.INBOX)


def total(estimates: Sequence[Estimate]) -> Decimal | None:
    """Return what all accounts cost together; `None` where it is not known of one."""
    amounts = [item.amount for item in estimates]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, costs.NOTHING) if len(known) == len(amounts) else None
