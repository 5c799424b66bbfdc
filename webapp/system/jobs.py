"""What workers run, by dotted path; any job may be run again.

Its arguments are the id of a row and the token under which it may take the lease of that row.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import current_app

from webapp.audience.consent_files import running as consent_files
from webapp.deliveries import analysis, feedback, sending
from webapp.kernel.audit import trusted
from webapp.kernel.db import db
from webapp.kernel.instance import Instance
from webapp.kernel.runtime import Runtime
from webapp.profiles.transfer import running as importing
from webapp.services.connection import renewing
from webapp.system.tasks.registry import task_of
from webapp.workflows import runs
from webapp.workflows.models import Run

Arguments = ParamSpec("Arguments")


def job(
    function: Callable[Concatenate[Runtime, Arguments], None],
) -> Callable[Arguments, None]:
    """Give a job a runtime of its own and a session that ends with it."""

    @wraps(function)
    def run(*arguments: Arguments.args, **named: Arguments.kwargs) -> None:
        instance: Instance = current_app.extensions["fanfare"]
        try:
            function(instance.runtime(db.session(), trusted("worker")), *arguments, **named)
        finally:
            db.session.remove()

    return run


@job
def run_workflow(runtime: Runtime, run_id: int, token: str) -> None:
    """Carry a run on for one slice."""
    run = runtime.session.get(Run, run_id)
    if run is not None:
        runs.go_on(runtime, run_id, task_of(runtime, run.workflow.job), token)


@job
def analyse_delivery(runtime: Runtime, delivery_id: int, token: str) -> None:
    """Analyse a delivery."""
    analysis.analyse(runtime, delivery_id, token)


@job
def send_delivery(runtime: Runtime, delivery_id: int, token: str) -> None:
    """Send a delivery for one slice."""
    sending.send_batch(runtime, delivery_id, token)


@job
def help_delivery(runtime: Runtime, delivery_id: int, token: str) -> None:
    """Send a delivery for one slice beside the worker that leads it under that token."""
    sending.help_out(runtime, delivery_id, token)


@job
def renew_session(runtime: Runtime, service_id: int, _token: str) -> None:
    """Look after the session of an account; a row of its ledger lets one worker in."""
    renewing.renew(runtime, service_id)


@job
def import_consents(runtime: Runtime, import_id: int, token: str) -> None:
    """Take rows of a file of answers in for one slice."""
    consent_files.go_on(runtime, import_id, token)


@job
def apply_events(runtime: Runtime, service_id: int, _token: str) -> None:
    """Apply what the network of an account told; each event is taken by its own row."""
    feedback.apply_events(runtime, service_id)


@job
def import_profiles(runtime: Runtime, import_id: int, token: str) -> None:
    """Take rows of a file of profiles in for one slice."""
    importing.go_on(runtime, import_id, token)
