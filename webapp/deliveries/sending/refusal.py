"""Asks the consent gate again right before a call: much may have happened since the analysis."""

from datetime import timedelta

from sqlalchemy import and_, select

from webapp.audience import consent
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import Audience, Delivery, FollowUp, Message
from webapp.deliveries.sending.claims import Claimed
from webapp.deliveries.targeting import rest
from webapp.kernel.runtime import Runtime


def refusal(runtime: Runtime, delivery: Delivery, claimed: Claimed) -> str:
    """Return the code of why a message that was just read must not go out; empty where it may."""
    message = claimed.message
    if rest.got_it(runtime, delivery, message):
        return "reached"
    if not delivery.kind.to_people:
        return ""
    if delivery.is_proof:
        # It goes to an account of the house, which has no subscription; but to nobody else.
        return "" if message.visitor else "erased"
    if claimed.is_own:
        return "own_account"
    if delivery.continuous and _is_too_late(runtime, delivery, message):
        return "expired"
    code = consent.reason_not(message.subscription, message.visitor)
    if code != "no_consent" or delivery.audience is not Audience.EVERYONE:
        return code
    # Who left since the target was written is no subscriber any more.
    tie = message.subscription
    return "" if tie is not None and consent.is_following(tie) else code


def _is_too_late(runtime: Runtime, delivery: Delivery, message: InHand) -> bool:
    """Tell whether somebody agreed longer ago than a follow-up is valid, or nobody knows when.

    One that waited for a budget or a pause would come out of the blue. Who agreed before it began
    waited for its own time, which was chosen.
    """
    if message.visitor is None:
        return False  # Erased, which the gate says.
    same = (FollowUp.service_id == Message.service_id, FollowUp.visitor_id == Message.visitor_id)
    promised = select(FollowUp.at).join(Message, and_(*same)).where(Message.id == message.id)
    at = runtime.session.scalar(promised)
    if at is None:
        return True
    if (delivery.confirmed_at or at) <= at:
        at = max(at, delivery.scheduled_at or at)
    return runtime.now() - at > timedelta(seconds=delivery.valid_for)
