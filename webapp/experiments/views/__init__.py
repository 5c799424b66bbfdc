"""Pages about experiments."""

from webapp.experiments.views import plan, verdict
from webapp.experiments.views.blueprint import blueprint

__all__ = ["blueprint", "plan", "verdict"]
