"""Checks the values of a delivery that somebody typed, with a sentence for each fault."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from webapp.audience import filters as conditions
from webapp.audience import own_accounts
from webapp.audience.models import Subscription
from webapp.deliveries import reasons
from webapp.deliveries.drafts import experiments, wording
from webapp.deliveries.models import Delivery, PartText
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.runtime import Runtime
from webapp.media import library
from webapp.services.models import Service

LONGEST_LABEL = 200
MOST_PARTS = 100
HOUR = 3_600
LONGEST_VALIDITY = 366 * 24 * HOUR
FARTHEST = timedelta(days=5 * 366)


def complete(runtime: Runtime, delivery: Delivery, given: dict[str, Any]) -> None:
    """Check and complete the values of an edit, in place."""
    alone = {name: check(given[name]) for name, check in CHECKS.items() if name in given}
    beside = {
        name: check(delivery, given[name]) for name, check in OF_DELIVERY.items() if name in given
    }
    given |= alone | beside
    if "filters" in given:
        conditions.where(given["filters"])
        given["filters"] = [dict(item) for item in given["filters"]]
    _keep_to_one_person(runtime, delivery, given)
    _keep_to_who_agrees(delivery, given)
    if "service_ids" in given:
        given["services"] = services_of(runtime, delivery, given.pop("service_ids"))
    check_proof_account(runtime, delivery, given.get("proof_service_id"))
    if given.get("wave_size") is not None and given["wave_size"] < 1:
        fault = _("A wave holds at least one message.")
        raise Invalid(fault, {"wave_size": fault})
    _check_times(runtime, given)


def _keep_to_one_person(runtime: Runtime, delivery: Delivery, given: dict[str, Any]) -> None:
    """Refuse to widen a delivery to one person, or to send it from who may not write to them."""
    if not delivery.personal:
        return
    if given.get("audience", delivery.audience) is not delivery.audience:
        fault = _("This delivery is to one person and stays so.")
        raise Invalid(fault, {"audience": fault})
    if given.get("service_ids") and delivery.recipient is not None:
        check_recipient(runtime, delivery.recipient.id, given["service_ids"])


def to_who_agrees() -> str:
    """Say whom a follow-up is for."""
    return _("A follow-up is for whoever agrees to messages of its account, and stays so.")


def _keep_to_who_agrees(delivery: Delivery, given: Mapping[str, Any]) -> None:
    """Refuse to let a follow-up be for others, or from another account."""
    if not delivery.continuous:
        return
    own = [service.id for service in delivery.services]
    same = {"audience": delivery.audience, "filters": delivery.filters, "service_ids": own}
    for name, value in same.items():
        if name in given and given[name] != value:
            raise Invalid(to_who_agrees(), {name: to_who_agrees()})


def check_recipient(runtime: Runtime, visitor_id: int, service_ids: Sequence[int]) -> None:
    """Raise `Invalid` when one of these accounts may not write to a person, with the reason."""
    for service_id in service_ids:
        tie = runtime.session.scalar(
            select(Subscription).where(
                Subscription.service_id == service_id, Subscription.visitor_id == visitor_id
            )
        )
        code = own_accounts.reason_not(runtime, tie, tie.visitor) if tie else "no_consent"
        if code:
            fault = reasons.of(code).happened
            raise Invalid(fault, {"service_ids": fault})


def _check_times(runtime: Runtime, given: dict[str, Any]) -> None:
    """Refuse times so far away that nobody can mean them, and no calendar can reckon with."""
    at = given.get("scheduled_at")
    if at is not None and at > runtime.now() + FARTHEST:
        fault = _("A delivery must begin within five years. Choose an earlier time.")
        raise Invalid(fault, {"day": fault})
    if not HOUR <= given.get("valid_for", HOUR) <= LONGEST_VALIDITY:
        fault = _("A delivery is valid for an hour at least and for a year at most.")
        raise Invalid(fault, {"valid_for": fault})


def label_of(label: str) -> str:
    """Return a label without blanks around it; raise `Invalid` for none or one too long."""
    wanted = label.strip()
    if not wanted:
        fault = _("A delivery needs a label.")
        raise Invalid(fault, {"label": fault})
    if len(wanted) > LONGEST_LABEL:
        fault = _("A label has at most %(n)s characters.", n=LONGEST_LABEL)
        raise Invalid(fault, {"label": fault})
    return wanted


def subject_of(subject: str) -> str:
    """Return a subject on one line; raise `Invalid` for one too long."""
    wanted = wording.one_line(subject)
    if fault := wording.fault_of_subject(wanted):
        raise Invalid(fault, {"subject": fault})
    return wanted


def content_of(content: str) -> str:
    """Return a text with plain line ends; raise `Invalid` for one too long to keep."""
    text = wording.plain(content)
    if fault := wording.fault_of_text(text):
        raise Invalid(fault, {"content": fault})
    return text


def parts_of(wanted: Sequence[PartText]) -> list[PartText]:
    """Return parts with plain line ends; raise `Invalid` for none, or for too many to be kept."""
    if not 1 <= len(wanted) <= MOST_PARTS:
        fault = _("A thread has at least one part, and at most %(n)s.", n=MOST_PARTS)
        raise Invalid(fault, {"content": fault})
    return [replace(part, text=content_of(part.text)) for part in wanted]


def alts_of(delivery: Delivery, wanted: Mapping[int, str]) -> dict[int, str]:
    """Return what is said of each picture, with what is new; one that is gone is passed over.

    Raise `Invalid` for too many words.
    """
    known = delivery.alts
    found = {}
    for row_id, alt in wanted.items():
        try:
            found[row_id] = library.alt_of(alt)
        except Invalid as fault:
            raise Invalid(fault.message, {f"alt-{row_id}": fault.message}) from fault
    return known | {row_id: alt for row_id, alt in found.items() if row_id in known}


def services_of(runtime: Runtime, delivery: Delivery, ids: Sequence[int]) -> list[Service]:
    """Return the accounts of these ids, all fit to send; direct messages go out from one."""
    found = runtime.session.scalars(
        select(Service).where(Service.id.in_(ids)).order_by(Service.internal_name)
    ).all()
    faults = [_unfit(delivery, service) for service in found]
    if len(found) < len(set(ids)):
        faults.append(_("One of these accounts is not connected."))
    if delivery.kind.to_people and len(found) > 1:
        faults.append(_("Direct messages go out from one account."))
    fault = next(filter(None, faults), "")
    if fault:
        raise Invalid(fault, {"service_ids": fault})
    return list(found)


def fit(delivery: Delivery) -> list[int]:
    """Return the ids of a delivery's accounts that still may send it."""
    return [item.id for item in delivery.services if not _unfit(delivery, item)]


def _unfit(delivery: Delivery, service: Service) -> str:
    name = service.shown_name
    if service.removed_at:
        return _("%(name)s is not connected any more.", name=name)
    if service.kind != delivery.channel:
        return _("%(name)s belongs to another channel than this delivery.", name=name)
    if service.is_test:
        return _("%(name)s is a test account: proofs go to it, deliveries do not.", name=name)
    return ""


def check_proof_account(runtime: Runtime, delivery: Delivery, service_id: int | None) -> None:
    """Raise `Invalid` for an account that no proof of this delivery can go to."""
    if service_id is not None and not takes_proofs(runtime, delivery, service_id):
        fault = _("Proofs go to a connected account of the delivery’s own channel.")
        raise Invalid(fault, {"proof_service_id": fault})


def takes_proofs(runtime: Runtime, delivery: Delivery, service_id: int | None) -> bool:
    """Tell whether an account is there for proofs of this delivery."""
    service = runtime.session.get(Service, service_id) if service_id is not None else None
    if service is None or service.removed_at:
        return False
    return service.kind == delivery.channel and is_reached(delivery, service)


def is_reached(delivery: Delivery, account: Service) -> bool:
    """Tell whether the sender of direct messages and an account are of one network.

    A sandbox gives ids of its own: on the real network one of them is a stranger, or nobody.
    """
    sender = delivery.kind.proof_from(delivery.services, account)
    return sender is None or sender.is_sandbox == account.is_sandbox


def proof_service(runtime: Runtime, delivery: Delivery) -> int | None:
    """Return the proof account of the template, or the first test account that is fit."""
    own = delivery.template.proof_service_id if delivery.template else None
    tests = select(Service.id).where(Service.kind == delivery.channel, Service.is_test)
    found = [own] if own else runtime.session.scalars(tests.order_by(Service.id)).all()
    return next((item for item in found if takes_proofs(runtime, delivery, item)), None)


# What is checked by itself, whatever else an edit changes.
CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "label": label_of,
    "content": content_of,
    "parts": parts_of,
    "subject": subject_of,
}
# What is checked beside what the delivery holds.
OF_DELIVERY: Mapping[str, Callable[[Delivery, Any], Any]] = {
    "experiment": experiments.checked,
    "alts": alts_of,
}
