"""The workflows with their schedules, their runs and the journal of a run."""

from webapp.workflows.views import actions, pages
from webapp.workflows.views.blueprint import blueprint

__all__ = ["actions", "blueprint", "pages"]
