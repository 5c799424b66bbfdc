"""How long runs and their journals are kept."""

from datetime import timedelta

from webapp.kernel.retention import Rule
from webapp.workflows.models import Run, RunState

ENDED = (RunState.DONE, RunState.FAILED, RunState.STOPPED)

RULES = (
    Rule(
        name="runs",
        model=Run,
        age=timedelta(days=90),
        old=lambda before: (Run.ended_at < before) & Run.state.in_(ENDED),
    ),
)
