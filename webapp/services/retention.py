"""How long tries to renew a session are kept."""

from webapp.kernel.retention import HALF_A_YEAR, Rule
from webapp.services.models import SessionRefresh

RULES = (
    Rule(
        name="refreshes",
        model=SessionRefresh,
        age=HALF_A_YEAR,
        old=lambda before: (
            (SessionRefresh.started_at < before) & SessionRefresh.outcome.is_not(None)
        ),
    ),
)
