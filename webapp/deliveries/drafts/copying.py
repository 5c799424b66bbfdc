"""Copies of a delivery: for the same target again, or for exactly those it did not reach.

A copy is a draft: what was accepted and proved must be accepted and proved again.
"""

from collections.abc import Sequence
from itertools import count

from sqlalchemy import select

from webapp.deliveries.drafts import validation
from webapp.deliveries.drafts.editing import NewDelivery, draft, get
from webapp.deliveries.models import OVER, Delivery
from webapp.deliveries.targeting import rest, target
from webapp.deliveries.variants import copied, copied_links, copied_plan, seal
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

MESSAGE = (
    "language", "proof_visitor_id", "valid_for", "wave_size", "late_policy", "counts_clicks",
)  # fmt: skip
# What a number behind a label needs at most: " (1000)".
ROOM = 7
# Up to so many people are counted on a page; the copy itself counts them all.
MOST_LEFT = 1_000
TARGET = (
    "audience", "filters", "personal", "recipient", "continuous", "follows_imports", "rest_of_id",
    "origin_id",
)  # fmt: skip


@requires(Permission.WRITE)
def duplicate(runtime: Runtime, delivery_id: int) -> Delivery:
    """Make a draft with the same target, content and options, to be sent as soon as possible."""
    old = get(runtime, delivery_id)
    source = old.parent or old
    label = _("Copy of %(label)s", label=source.label)
    copy = _copy(runtime, source, label, validation.fit(source))
    for name in TARGET:
        setattr(copy, name, getattr(source, name))
    copy.plan = copied_plan(source)
    copy.content_hash = seal(copy)
    runtime.record("delivery.duplicate", copy, source=source.id, of=source.label)
    runtime.session.commit()
    return copy


@requires(Permission.WRITE)
def send_to_the_rest(runtime: Runtime, delivery_id: int) -> Delivery:
    """Make a draft for exactly those whom a delivery that is over did not reach.

    Raise `Conflict` while it goes out, and where nobody is left.
    """
    source = get(runtime, delivery_id)
    if source.is_proof or source.state not in OVER or source.removed_at:
        raise Conflict(_("Stop this delivery first, or wait until it is finished."))
    if source.unwritten_after is not None:
        raise Conflict(_("Its messages are still being written. Wait until all of them are."))
    if not number_left(runtime, source):
        raise Conflict(_("Nobody is left who can be written to and certainly did not get it."))
    label = _("Rest of %(label)s", label=source.label)
    copy = _copy(runtime, source, label, _accounts(runtime, source))
    for name in ("audience", "personal", "recipient"):
        setattr(copy, name, getattr(source, name))
    # Other texts belong to a plan; without one nobody would see that they go out.
    copy.variants = copy.variants[:1]
    copy.content_hash = seal(copy)
    copy.rest_of_id, copy.origin_id = source.id, source.origin_id or source.id
    runtime.record("delivery.send_rest", copy, source=source.id, of=source.label)
    runtime.session.commit()
    return copy


def number_left(runtime: Runtime, delivery: Delivery) -> int:
    """Count the people, or for a post the accounts, whom a delivery that is over did not reach.

    More than `MOST_LEFT` people are counted as one more than that.
    """
    if delivery.is_proof or delivery.state not in OVER or delivery.unwritten_after is not None:
        return 0
    if delivery.kind.to_people:
        return target.left_of(runtime, delivery, MOST_LEFT)
    return len(_accounts(runtime, delivery))


def _accounts(runtime: Runtime, source: Delivery) -> list[int]:
    """Return the accounts of a copy for the rest: of a post those that did not publish it."""
    fit = validation.fit(source)
    if source.kind.to_people:
        return fit
    unreached = rest.unreached_accounts(runtime, source)
    return [item for item in fit if item in unreached]


def _free(runtime: Runtime, label: str) -> str:
    """Return a label that no listed delivery has: two of one name could not be told apart."""
    start = label[: validation.LONGEST_LABEL - ROOM]
    found = select(Delivery.label).where(
        Delivery.listed(), Delivery.label.startswith(start, autoescape=True)
    )
    taken = set(runtime.session.scalars(found))
    wanted = label[: validation.LONGEST_LABEL]
    if wanted not in taken:
        return wanted
    return next(name for n in count(2) if (name := f"{start} ({n})") not in taken)


def _copy(runtime: Runtime, source: Delivery, label: str, service_ids: Sequence[int]) -> Delivery:
    copy = draft(
        runtime,
        NewDelivery(
            kind=source.kind,
            channel=source.channel,
            label=_free(runtime, label),
            service_ids=service_ids,
            template_id=source.template_id,
        ),
    )
    for name in MESSAGE:
        setattr(copy, name, getattr(source, name))
    if validation.takes_proofs(runtime, source, source.proof_service_id):
        copy.proof_service_id = source.proof_service_id
    # The new rows stand where those of the template stood, so these leave first.
    copy.variants = []
    runtime.session.flush()
    copy.variants = copied(source)
    copy.links = copied_links(source)
    copy.content_hash = seal(copy)
    return copy
