"""The turn of one claimed message: whether it may go out now, and what has to be reserved for it.

All of it happens in the transaction of the claim, so what cannot go out now is rolled back and was
never claimed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from channels import Operation, Price
from webapp.deliveries import variants
from webapp.deliveries.costs import budget, reckoning, wave_limit
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import Delivery, Held
from webapp.deliveries.sending import upload_plans
from webapp.deliveries.sending.claims import Claimed
from webapp.deliveries.sending.refusal import refusal
from webapp.deliveries.sending.rendering import Wording, wordings
from webapp.deliveries.sending.upload_plans import Wanted
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


# A file is missing, which may be a folder that is not there just now: it is about no one person.
NOT_KEPT = "media_missing"
# A window was opened: the message is claimed anew.
AGAIN = Closed(until=None, why=NOTHING, code=Held.NOTHING)


def prepare(runtime: Runtime, delivery: Delivery, claimed: Claimed) -> tuple[list[Wording], str]:
    """Return the parts for this recipient, and why they must not go out, if so."""
    why_not = refusal(runtime, delivery, claimed)
    if why_not:
        return [], why_not
    found = wordings(runtime, delivery, claimed.message)
    if any(item.unfilled for item in found):
        return found, "unresolved"
    # Of a thread nothing goes out before all of it is there.
    rows = variants.of_message(delivery, claimed.message.variant_id).parts
    return found, "" if variants.is_kept(runtime, rows) else NOT_KEPT


def reserve(
    client: Client,
    delivery: Delivery,
    message: InHand,
    prices: Sequence[Price | None],
    uploading: Sequence[Wanted] = (),
) -> Closed | None:
    """Reserve what the parts that are not out yet need, each with its price; all of them or none.

    What has to be uploaded before is planned and charged. Else say when to go on, and roll all of
    the turn back.
    """
    runtime = client.runtime
    counts = reckoning.count(runtime, delivery, message)
    new = [item.price for item in uploading if item.is_new]
    bill = budget.bill(delivery, client.terms, prices, counts, new)
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
    if uploading:
        # Counters before windows, as everybody locks them.
        upload_plans.plan(client, delivery, message, uploading)
    return _limits(client, delivery.kind.operation, len(prices))


def _limits(client: Client, operation: Operation, calls: int) -> Closed | None:
    """Take the calls from every limit, or say which of them is used up."""
    if client.take(operation, calls=calls):
        return None
    client.runtime.session.rollback()
    spent = client.used_up(operation, calls=calls)
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
