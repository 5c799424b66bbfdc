"""Tries Fanfare without keys: the accounts of a sandbox, and their followers at once."""

from sqlalchemy import select

from webapp.kernel.runtime import Runtime
from webapp.services import sandbox
from webapp.system import defaults
from webapp.workflows import control
from webapp.workflows.models import Workflow


def fill(runtime: Runtime, kind: str) -> None:
    """Connect the accounts of a channel's sandbox and ask for their followers."""
    sandbox.connect_sandbox(runtime, kind)
    job = runtime.session.scalar(
        select(Workflow).where(Workflow.job == defaults.SYNCHRONISE, Workflow.kind == kind)
    )
    if job is not None:
        control.run_now(runtime, job.id)
