"""How long the ledger of sessions is kept, and sign-ins that were begun."""

from datetime import timedelta

from webapp.kernel.retention import HALF_A_YEAR, Rule
from webapp.services.models import RefreshOutcome, SessionRefresh, SignIn

RULES = (
    Rule(
        name="refreshes",
        model=SessionRefresh,
        age=HALF_A_YEAR,
        old=lambda before: (
            (SessionRefresh.started_at < before)
            & SessionRefresh.outcome.is_not(None)
            # Of a token that was lost it stays known that it was sent.
            & (
                (SessionRefresh.token_mark == "")
                | (SessionRefresh.outcome == RefreshOutcome.REFRESHED)
            )
        ),
    ),
    Rule(
        name="sign_ins",
        model=SignIn,
        age=timedelta(days=1),
        old=lambda before: SignIn.began_at < before,
    ),
)
