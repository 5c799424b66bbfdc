"""Confirm: the messages are written, and the delivery is scheduled or begins."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import select

from webapp.audience import erased
from webapp.deliveries import analysis, proofs, variants
from webapp.deliveries.analysis.rules.plan import time_over
from webapp.deliveries.analysis.rules.repeats import being_written, said_already
from webapp.deliveries.approval import following, four_eyes
from webapp.deliveries.approval.recipients import in_one_stretch, prepare
from webapp.deliveries.counts import figures_of
from webapp.deliveries.drafts.editing import get, locked
from webapp.deliveries.events import announce
from webapp.deliveries.models import Delivery, DeliveryState
from webapp.deliveries.targeting import target
from webapp.kernel import leases
from webapp.kernel.db import reading
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _, ngettext
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import number
from webapp.services.connection import doctor
from webapp.services.models import Service

# What the analysis says about proofs is over as soon as one is approved for the same text.
ABOUT_PROOFS = frozenset({"no_proof", "not_approved"})


class Unseen(Conflict):
    """The operator did not see, or did not accept, what is about to happen."""


class Unaccepted(Unseen):
    """Nobody accepted the warnings in `left`."""

    def __init__(self, left: Sequence[dict[str, str]]) -> None:
        """Say how many there are, and the first of them."""
        super().__init__(
            ngettext(
                "%(num)s warning must be accepted first: %(text)s",
                "%(num)s warnings must be accepted first, such as: %(text)s",
                len(left),
                text=left[0]["text"],
            )
        )
        self.left = left


@requires(Permission.VIEW)
def to_accept(runtime: Runtime, delivery: Delivery) -> list[dict[str, str]]:
    """Return the warnings that an operator must accept before the delivery is sent."""
    found = analysis.warnings(delivery)
    if proofs.standing(runtime, delivery) != "approved":
        return found
    return [item for item in found if item["code"] not in ABOUT_PROOFS]


@requires(Permission.WRITE)
def confirm(
    runtime: Runtime,
    delivery_id: int,
    accepted: Collection[str] = (),
    *,
    revision: int | None = None,
    mark: str = "",
) -> Delivery:
    """Send a delivery that is ready, now or at its time; every warning must be accepted.

    `revision` is what the operator saw, and `mark` what was found about it; others are refused,
    since nobody sends what they did not see.
    """
    counted = _counted_if_large(runtime, delivery_id)
    # A message for somebody who is erased meanwhile would belong to nobody.
    erased.read_in(runtime)
    delivery = locked(runtime, delivery_id)
    _take_turns(runtime, delivery)
    _refuse_outdated(runtime, delivery, revision)
    if mark and mark != analysis.mark(delivery):
        raise Unseen(_("This was analysed again after you opened it. Look at it again."))
    _refuse_unaccepted(runtime, delivery, accepted)
    _set_out(runtime, delivery)
    delivery.accepted_warnings = sorted(accepted)
    prepare(runtime, delivery)
    _refuse_more(delivery, max(counted, figures_of(runtime, [delivery.id])[delivery.id].to_go))
    runtime.record("delivery.confirm", delivery, accepted=sorted(accepted))
    runtime.session.commit()
    announce(runtime, delivery)
    return delivery


def _counted_if_large(runtime: Runtime, delivery_id: int) -> int:
    """Count who gets a delivery that is not written at once; nothing for the others.

    Counting so many takes longer than anybody should wait who writes.
    """
    runtime.session.commit()
    with reading():
        delivery = get(runtime, delivery_id)
        large = delivery.state is DeliveryState.READY and not in_one_stretch(runtime, delivery)
        number = target.number(runtime, delivery) if large else 0
        runtime.session.rollback()
    return number


def _take_turns(runtime: Runtime, delivery: Delivery) -> None:
    """Let deliveries of one account be confirmed one after the other, until the next commit.

    Two at once would not see each other's messages: one post twice, or two copies for one person.
    The lock leaves the account's key alone, so nobody waits who only refers to it.
    """
    accounts = sorted(service.id for service in delivery.services)
    rows = select(Service.id).where(Service.id.in_(accounts)).order_by(Service.id)
    runtime.session.execute(rows.with_for_update(key_share=True))


def _refuse_outdated(runtime: Runtime, delivery: Delivery, revision: int | None) -> None:
    """Refuse what changed since the analysis: the delivery, the accounts, the time, other posts."""
    if delivery.confirmed_at:
        raise Conflict(_("%(name)s confirmed this delivery already.", name=delivery.confirmed_by))
    if delivery.state is not DeliveryState.READY:
        raise Conflict(_("Only a delivery whose analysis found no error can be sent."))
    if revision is not None and revision != delivery.revision:
        raise Unseen(_("Somebody changed this delivery after you opened it. Look at it again."))
    needed = delivery.kind.operation
    faults = (doctor.why_unfit(service, needed) for service in delivery.services)
    fault = (
        next(filter(None, faults), "")
        or time_over(runtime, delivery)
        or said_already(runtime, delivery)
        or being_written(runtime, delivery)
        or following.another(runtime, delivery)
        or four_eyes.objection(runtime, delivery)
        or _unsealed(delivery)
    )
    if fault:
        raise Unseen(fault)


def _unsealed(delivery: Delivery) -> str:
    """Say that an experiment is not the one that was sealed: nobody may prove something else."""
    if delivery.plan is None or variants.seal(delivery) == delivery.content_hash:
        return ""
    return _("The plan or a text is not what was analysed. Analyse again.")


def _refuse_more(delivery: Delivery, now: int) -> None:
    """Refuse a target that grew: nobody sends more messages than the button said."""
    seen = delivery.analysis["eligible"]
    if now > seen:
        sentence = _(
            "The target grew since the analysis, from %(seen)s to %(now)s. Analyse again.",
            seen=number(seen),
            now=number(now),
        )
        raise Unseen(sentence)


def _refuse_unaccepted(runtime: Runtime, delivery: Delivery, accepted: Collection[str]) -> None:
    left = [item for item in to_accept(runtime, delivery) if item["code"] not in accepted]
    if left:
        raise Unaccepted(left)


def _set_out(runtime: Runtime, delivery: Delivery) -> None:
    """Give the delivery its state and its times: it begins now, or at its own time."""
    now = runtime.now()
    start = max(delivery.scheduled_at or now, now)
    delivery.state = DeliveryState.SCHEDULED if start > now else DeliveryState.SENDING
    delivery.confirmed_at, delivery.confirmed_by = now, runtime.actor.name
    delivery.started_at = None if start > now else now
    # What is continuous ends by hand; its validity is that of each message.
    ends = start + timedelta(seconds=delivery.valid_for)
    delivery.expires_at = None if delivery.continuous else ends
    delivery.resume_at = start
    delivery.free()
    leases.release(delivery)
