"""A task that goes from account to account: where it is, and what follows a fault."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from channels import ChannelError, ErrorKind
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice
from webapp.services.connection import doctor
from webapp.services.limits import observed
from webapp.services.models import Service
from webapp.workflows.models import Run
from webapp.workflows.runs import Done, More, RunFailed, Step, Wait, journal

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How a task goes through the accounts of its network, in the order of their ids.

    `beginning` is the place inside an account before its first step. A fault of a kind in `passing`
    is waited out, `most_tries` times at one place.
    """

    beginning: Mapping[str, Any]
    passing: Collection[ErrorKind]
    most_tries: int

    def place(self, run: Run, service: Service) -> dict[str, Any]:
        """Return where inside an account the run is."""
        if run.checkpoint.get("service") != service.id:
            return dict(self.beginning)
        return {name: run.checkpoint.get(name, first) for name, first in self.beginning.items()}

    def stay(self, run: Run, service: Service, **place: object) -> None:
        """Go on at a place inside the account; the caller commits."""
        move(run, service=service.id, tries=0, **place)

    def turn(self, run: Run, service: Service) -> None:
        """Turn to the next account; the caller commits."""
        move(run, service=service.id + 1, tries=0, **self.beginning)

    def after(self, runtime: Runtime, run: Run, service: Service, fault: ChannelError) -> Step:
        """Wait where waiting helps; otherwise note the fault and turn to the next account; commits.

        What was not committed is undone.
        """
        runtime.session.rollback()
        why = notices.of(fault.message)
        tries = run.checkpoint.get("tries", 0) + 1
        if fault.kind in self.passing and tries < self.most_tries:
            self.stay(run, service, **self.place(run, service))
            move(run, tries=tries)
            runtime.session.commit()
            return Wait(until=_again_at(runtime, fault), reason=named(service, why))
        if fault.kind is ErrorKind.SENDER:
            doctor.needs_fixing(runtime, service, why)
        journal(runtime, run, named(service, why), level="error")
        self.turn(run, service)
        move(run, faults=run.checkpoint.get("faults", 0) + 1)
        runtime.session.commit()
        return More()


def current(runtime: Runtime, run: Run) -> Service | None:
    """Return the account the run is at, or the next one that is still connected."""
    return runtime.session.scalar(
        select(Service)
        .where(
            Service.kind == run.workflow.kind,
            Service.removed_at.is_(None),
            Service.id >= run.checkpoint.get("service", 0),
        )
        .order_by(Service.id)
        .limit(1)
    )


def conclude(run: Run) -> Step:
    """End the run; it fails where an account did."""
    faults = run.checkpoint.get("faults", 0)
    if faults:
        raise RunFailed(Notice("services_failed", n=faults))
    return Done()


def named(service: Service, why: Notice) -> Notice:
    """Say of which account something is so."""
    return Notice("of_account", name=service.shown_name, why=why)


def move(run: Run, **place: Any) -> None:
    """Change the run's place; the caller commits."""
    # A new dictionary: a changed one would not be seen as changed.
    run.checkpoint = {**run.checkpoint, **place}


def _again_at(runtime: Runtime, fault: ChannelError) -> datetime:
    """Return when to try again: as the network says, but never later than the longest wait.

    No window tells here by its length a mistaken reset from a true one.
    """
    now = runtime.now()
    return min(fault.retry_at or now + QUARTER, now + observed.LONGEST)
