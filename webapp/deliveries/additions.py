"""What deliveries add to places of lower domains."""

from webapp.deliveries.control import waking
from webapp.services.limits.limit_raised import LIMIT_RAISED

# Before the audience: what an operator waits for goes on first.
ADDITIONS = (LIMIT_RAISED.add(waking.wake, rank=10),)
