"""Tries Fanfare without keys: the accounts of a sandbox, and their followers at once."""

from collections.abc import Sequence

from sqlalchemy import select

from webapp.audience.sync import SYNCHRONISE, estimate
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.connection import sandbox
from webapp.workflows import control
from webapp.workflows.models import Workflow


@requires(Permission.ADMIN)
def fill(runtime: Runtime, kind: str) -> Sequence[estimate.Estimate]:
    """Connect the accounts of a channel's sandbox and ask for their followers.

    Returns what the network would charge for that, by account; empty where it charges nothing.
    """
    sandbox.connect_sandbox(runtime, kind)
    job = runtime.session.scalar(
        select(Workflow).where(Workflow.job == SYNCHRONISE, Workflow.kind == kind)
    )
    if job is None:
        return []
    estimates = estimate.of_workflow(runtime, job)
    # Nothing is paid for a sandbox, whatever its budget says.
    control.run_now(runtime, job.id, over_budget=True)
    return estimates
