"""Log-in, first run, the operator's own page, and the team."""

from webapp.operators.views import first_run, profile, session, sessions, strength, team
from webapp.operators.views.blueprint import blueprint

__all__ = ["blueprint", "first_run", "profile", "session", "sessions", "strength", "team"]
