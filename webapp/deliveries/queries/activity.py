"""What a delivery on its way does just now: it sends, waits, asks or tries again."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from webapp.deliveries.models import Delivery, DeliveryState


class Doing(StrEnum):
    """What a delivery on its way does; only `RETRYING` has to do with failures."""

    # Its messages are being written, and none goes out before.
    WRITING = "writing"
    # Messages go out, or the next slice begins within seconds.
    SENDING = "sending"
    # For a limit, a wave, a budget or the inbox: nothing failed.
    WAITING = "waiting"
    # All that is left are outcomes which the network is asked about.
    ASKING = "asking"
    # All that is left to send failed softly and has its next try ahead.
    RETRYING = "retrying"
    # It is continuous, and nothing is due before somebody agrees.
    LISTENING = "listening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What a delivery does, until when, and for waiting also why, as a sentence and as a code.

    `until` is business time in UTC; `None` while it sends.
    """

    doing: Doing
    until: datetime | None = None
    why: str = ""
    code: str = ""


def activity_of(delivery: Delivery, now: datetime) -> Activity | None:
    """Return what a delivery does at `now`; `None` where it is not on its way.

    The row alone tells it, so that a list of many deliveries needs no query for each.
    """
    if delivery.state not in (DeliveryState.SENDING, DeliveryState.RETRYING):
        return None
    if delivery.unwritten_after is not None:
        return Activity(doing=Doing.WRITING)
    until = delivery.resume_at
    if delivery.continuous and until is None:
        return Activity(doing=Doing.LISTENING)
    if until is None or until <= now:
        return Activity(doing=Doing.SENDING)
    if delivery.wait_code:
        why, code = delivery.wait_reason, delivery.wait_code
        return Activity(doing=Doing.WAITING, until=until, why=why, code=code)
    retries = delivery.state is DeliveryState.RETRYING
    return Activity(doing=Doing.RETRYING if retries else Doing.ASKING, until=until)
