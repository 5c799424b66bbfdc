"""Which stopped workflows an account needs: offered on its page, the first one after connecting."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from channels import ChannelError
from webapp.audience.sync import SYNCHRONISE
from webapp.kernel.i18n import _
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import naming
from webapp.kernel.text.notices import Notice
from webapp.services import costs
from webapp.services.channel import declared
from webapp.services.models import Service
from webapp.workflows.launching import Launch, launch
from webapp.workflows.models import Workflow, WorkflowState
from webapp.workflows.schedules import cadence


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A workflow that nobody started yet, with when it would run and what is missing without it."""

    workflow: Workflow
    schedule: str
    why: str
    launch: Launch


def offers(runtime: Runtime, service: Service) -> list[Offer]:
    """Return what an account needs and nobody started."""
    if not runtime.registry.has(service.kind):
        return []
    return list(_offers(runtime, service))


def _offers(runtime: Runtime, service: Service) -> Iterator[Offer]:
    stopped = select(Workflow).where(
        Workflow.kind == service.kind, Workflow.state == WorkflowState.STOPPED
    )
    for workflow in runtime.session.scalars(stopped.order_by(Workflow.id)):
        why = _why(runtime, service, workflow)
        if why:
            schedule = cadence.words(workflow.schedule)
            yield Offer(
                workflow=workflow, schedule=schedule, why=why, launch=launch(runtime, workflow)
            )


def _why(runtime: Runtime, service: Service, workflow: Workflow) -> str:
    """Return what an account misses without a workflow; empty where it needs it not."""
    if workflow.job == SYNCHRONISE:
        return _unread(runtime, service)
    brought = runtime.registry.workflow(workflow.job, workflow.kind)
    return brought.needed_for if brought else ""


def objections(runtime: Runtime, workflow: Workflow) -> list[Notice]:
    """Return a sentence for each spent budget that a plugin's workflow would pass."""
    if not charging(runtime, workflow):
        return []
    asked = select(Service).where(Service.kind == workflow.kind, Service.removed_at.is_(None))
    return [
        Notice("month_spent", name=service.shown_name)
        for service in runtime.session.scalars(asked.order_by(Service.id)).all()
        if _is_spent(runtime, service)
    ]


def _is_spent(runtime: Runtime, service: Service) -> bool:
    left = costs.budget_left(runtime, service)
    return left is not None and left <= 0


def panel(runtime: Runtime, service: Service) -> Panel | None:
    """Return what an account needs and nobody started as a panel of its page."""
    found = offers(runtime, service)
    return Panel(template="system/_needed.html", data={"offers": found}) if found else None


def charges(runtime: Runtime, workflow: Workflow) -> Panel | None:
    """Say that a channel charges while a plugin's workflow runs, if it does."""
    channel = charging(runtime, workflow)
    if not channel:
        return None
    return Panel(template="system/_charging.html", data={"channel": channel})


def _unread(runtime: Runtime, service: Service) -> str:
    """Return what is not known of an account's followers while nothing reads them by itself."""
    if not (service.sync_subscriptions and runtime.registry.get(service.kind).audience):
        return ""
    if service.audience_known_at:
        return _("Who follows or leaves from now on becomes known here only when it runs.")
    return _(
        "Until it runs, the %(people)s of this account are not known here.",
        people=naming.people(naming.MANY, service.kind),
    )


def charging(runtime: Runtime, workflow: Workflow) -> str:
    """Return the name of a channel that charges while a plugin's workflow runs; else nothing.

    The core knows no price of a step: the plugin alone knows what it asks for.
    """
    if runtime.registry.workflow(workflow.job, workflow.kind) is None:
        return ""
    asked = select(Service).where(Service.kind == workflow.kind, Service.removed_at.is_(None))
    charges = any(_charges(runtime, service) for service in runtime.session.scalars(asked))
    return runtime.registry.get(workflow.kind).label if charges else ""


def _charges(runtime: Runtime, service: Service) -> bool:
    """Tell whether a channel charges an account for anything; in doubt it does."""
    try:
        return any(price.amount for price in declared.prices(runtime, service))
    except ChannelError:
        return True
