"""What a run was charged, by account; it stands in the run's place, and so in its transactions."""

from decimal import Decimal

from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import NOTHING, Notice, Paid, plain, read
from webapp.services.models import Service
from webapp.workflows.models import Run, Workflow
from webapp.workflows.queries import runs

SPENT = "spent"


def add(run: Run, service: Service, cost: Decimal, *, messages: int | None = None) -> None:
    """Count what a step was charged, and the messages it read; the caller commits."""
    every = run.checkpoint.get(SPENT, {})
    before = every.get(str(service.id), {})
    entry = {
        **before,
        "name": plain(service.shown_name),
        "cost": str(Decimal(before.get("cost", 0)) + cost),
    }
    if messages is not None:
        entry["messages"] = before.get("messages", 0) + messages
        entry["for_messages"] = str(Decimal(before.get("for_messages", 0)) + cost)
    # A new dictionary: a changed one would not be seen as changed.
    run.checkpoint = {**run.checkpoint, SPENT: {**every, str(service.id): entry}}


def cost(run: Run) -> Decimal:
    """Return what the whole run was charged so far,."""
    return sum((amount for _name, amount in _by_account(run)), Decimal(0))


def sentence(run: Run) -> Notice:
    """Return the cost for the journal, by account; empty where nothing was charged."""
    paid = [(name, amount) for name, amount in _by_account(run) if amount]
    if not paid:
        return NOTHING
    kind = run.workflow.kind
    parts = [Notice("run_cost_of", name=name, cost=Paid(amount, kind)) for name, amount in paid]
    whole, messages = cost(run), _for_messages(run)
    if not messages:
        return Notice("run_cost", all=Paid(whole, kind), parts=parts)
    # What was told beforehand had no messages in it, so both sums are told apart.
    return Notice(
        "run_cost_with_messages",
        all=Paid(whole, kind),
        parts=parts,
        rest=Paid(whole - messages, kind),
        messages=Paid(messages, kind),
    )


def messages_last_read(runtime: Runtime, workflow: Workflow, service: Service) -> int | None:
    """Return how many messages of an account the last run read that came as far as its inbox.

    `None` where none of the latest runs did.
    """
    for item in runs(runtime, workflow):
        entry = item.checkpoint.get(SPENT, {}).get(str(service.id), {})
        if "messages" in entry:
            return int(entry["messages"])
    return None


def _for_messages(run: Run) -> Decimal:
    spent = run.checkpoint.get(SPENT, {}).values()
    return sum((Decimal(item.get("for_messages", 0)) for item in spent), Decimal(0))


def _by_account(run: Run) -> list[tuple[str, Decimal]]:
    return [
        (read(item["name"]), Decimal(item["cost"]))
        for item in run.checkpoint.get(SPENT, {}).values()
    ]
