"""Asks the consent gate again right before a call: much may have happened since the analysis."""

from webapp.audience import consent
from webapp.deliveries.models import Audience, Delivery
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
    code = consent.reason_not(message.subscription, message.visitor)
    if code != "no_consent" or delivery.audience is not Audience.EVERYONE:
        return code
    # Who left since the target was written is no subscriber any more.
    tie = message.subscription
    return "" if tie is not None and consent.is_following(tie) else code
