"""Pages about experiments."""

from webapp.experiments.views import best_time, plan, verdict
from webapp.experiments.views.blueprint import blueprint

__all__ = ["best_time", "blueprint", "plan", "verdict"]
