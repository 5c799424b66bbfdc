"""How long a message, or a whole delivery, waits after a failure that passes."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from channels import ChannelError
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import Attempt
from webapp.kernel.runtime import Runtime

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TRIES_ON_FIRST_DAY = 5
# For a network out of reach a delivery waits twice as long each time.
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(minutes=15)
MOST_DOUBLINGS = 8


def again_at(runtime: Runtime, message: InHand, fault: ChannelError) -> datetime:
    """Return when to try again: what the network says, as far as it can be believed."""
    at = fault.retry_at or runtime.now() + pause_after(message.tries)
    return min(at, runtime.now() + DAY)


def pause_after(tries: int) -> timedelta:
    """Return how long to wait: five tries on the first day an hour apart, then one a day."""
    return HOUR if tries < TRIES_ON_FIRST_DAY else DAY


def reach_again_at(runtime: Runtime, message: InHand, fault: ChannelError) -> datetime:
    """Return when to look for a network again that was out of reach; the attempt counts already."""
    times = runtime.session.scalar(
        select(func.count(Attempt.id)).where(
            Attempt.message_id == message.id, Attempt.code == fault.code
        )
    )
    doublings = min((times or 1) - 1, MOST_DOUBLINGS)
    pause: timedelta = min(SHORTEST * 2**doublings, LONGEST)
    return runtime.now() + pause
