"""How long log-ins are remembered, those that failed and those that nobody used any more."""

from datetime import timedelta

from webapp.kernel.retention import Rule
from webapp.operators.authentication.sessions import KNOWN_FOR
from webapp.operators.models import LoginSession, LoginThrottle

RULES = (
    Rule(
        name="throttle",
        model=LoginThrottle,
        age=timedelta(days=1),
        old=lambda before: LoginThrottle.failed_at < before,
    ),
    Rule(
        name="sessions",
        model=LoginSession,
        age=KNOWN_FOR,
        old=lambda before: LoginSession.seen_at < before,
    ),
)
