"""The turn of one claimed message: whether it may go out now, and what has to be reserved for it.

All of it happens in the transaction of the claim, so what cannot go out now is rolled back and was
never claimed.
"""

from dataclasses import dataclass
from datetime import datetime

from channels import Operation, Price
from webapp.deliveries import proofs
from webapp.deliveries.costs import budget, reckoning, wave_limit
from webapp.deliveries.drafts import content as texts
from webapp.deliveries.models import Delivery, Held, Message
from webapp.deliveries.sending.claims import Claimed
from webapp.deliveries.sending.refusal import refusal
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import NOTHING, Notice
from webapp.services.client import Client
from webapp.services.limits import quota
from webapp.services.limits.quota import LimitReached
from webapp.services.models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Why nothing goes out now, and until when; without a time somebody has to act first."""

    until: datetime | None
    why: Notice
    code: Held


# A window was opened: the message is claimed anew.
AGAIN = Closed(until=None, why=NOTHING, code=Held.NOTHING)


def prepare(runtime: Runtime, delivery: Delivery, claimed: Claimed) -> tuple[str, str]:
    """Return the text for this recipient and why it must not go out, if so."""
    person = claimed.message.visitor
    why_not = refusal(runtime, delivery, claimed)
    if why_not:
        return "", why_not
    if delivery.is_proof:
        person = proofs.data_of(runtime, delivery)
    rendered = texts.render(delivery.content, person, delivery.language)
    if rendered.unknown or (rendered.empty and not delivery.is_proof):
        return rendered.text, "unresolved"
    return rendered.text, ""


def reserve(
    client: Client, delivery: Delivery, message: Message, price: Price | None
) -> Closed | None:
    """Reserve what a call needs; else say when to go on, and roll all of the turn back."""
    runtime = client.runtime
    counts = reckoning.count(runtime, delivery, message)
    bill = budget.bill(delivery, client.terms, price, counts)
    closed = None
    if over := budget.used_up(bill):
        closed = Closed(until=None, why=over, code=Held.BUDGET)
    elif wave := wave_limit.full_until(runtime, delivery, counts):
        closed = Closed(until=wave[0], why=wave[1], code=Held.WAVE)
    elif taken := budget.taken_until(runtime, bill):
        closed = Closed(until=taken[0], why=taken[1], code=Held.BUDGET)
    if closed is not None:
        runtime.session.rollback()
        return closed
    return _limits(client, delivery.kind.operation)


def _limits(client: Client, operation: Operation) -> Closed | None:
    """Take a call from every limit, or say which of them is used up."""
    if client.take(operation):
        return None
    client.runtime.session.rollback()
    spent = client.used_up(operation)
    if spent is None:
        return AGAIN
    return Closed(until=spent.until, why=_words(client.service, spent), code=Held.LIMIT)


def _words(service: Service, spent: LimitReached) -> Notice:
    return Notice(
        "limit_spent",
        cap=spent.window.cap,
        span=quota.span_words(spent.window),
        name=service.shown_name,
    )
