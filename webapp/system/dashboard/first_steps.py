"""The first steps on Home: what is done, what runs and what comes next, read from what there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select

from channels import Channel
from webapp.audience.sync import SYNCHRONISE, unread
from webapp.audience.visitors import list_counts
from webapp.audience.visitors.list_counts import ListNumber, WholeList
from webapp.deliveries import kinds
from webapp.deliveries.kinds import DeliveryKind
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts
from webapp.services.models import Service
from webapp.workflows import queries, spending
from webapp.workflows.models import Workflow


class Step(StrEnum):
    """The first steps, in their order."""

    ACCOUNT = "account"
    TEST = "test"
    FOLLOWERS = "followers"
    PUBLISH = "publish"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The followers of a channel's accounts that were never read, and the job that reads them."""

    services: Sequence[Service]
    line: queries.Line

    @property
    def workflow(self) -> Workflow:
        """The job."""
        return self.line.workflow

    @property
    def spent(self) -> Decimal:
        """What the last run cost so far."""
        return spending.cost(self.line.run) if self.line.run else Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """One first step: the accounts or the delivery that show it done, and when that was."""

    step: Step
    done: bool
    at: datetime | None = None
    services: Sequence[Service] = ()
    delivery: Delivery | None = None
    readings: Sequence[Reading] = ()
    may_be_messaged: ListNumber | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The list of first steps."""

    steps: Sequence[First]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(item.done for item in self.steps)


@requires(Permission.VIEW)
def start(runtime: Runtime) -> Start | None:
    """Return the first steps; nothing once all are done."""
    services = accounts.every(runtime)
    channels = _channels(runtime, services)
    steps = [_account(services), _test(services)]
    if any(channel.audience for channel in channels):
        steps.append(_followers(runtime, services))
    offered = {kind for channel in channels for kind in kinds.offered(channel)}
    steps.extend(_sent(runtime, kind) for kind in kinds.EVERY if kind in offered)
    found = Start(steps=steps)
    return found if found.done < len(steps) else None


@requires(Permission.VIEW)
def unread_followers(runtime: Runtime) -> list[Reading]:
    """Return for each job the accounts whose followers it never read."""
    jobs = select(Workflow).where(Workflow.job == SYNCHRONISE).order_by(Workflow.id)
    found = []
    for workflow in runtime.session.scalars(jobs).all():
        services = unread.of(runtime, workflow.kind)
        if services:
            line = queries.launchable(runtime, queries.line(runtime, workflow))
            found.append(Reading(services=services, line=line))
    return found


def _channels(runtime: Runtime, services: Sequence[Service]) -> list[Channel]:
    """Return the channels of the accounts; before there is one, all that could be connected."""
    kinds = {item.kind for item in services}
    return [channel for channel in runtime.registry if not kinds or channel.kind in kinds]


def _account(services: Sequence[Service]) -> First:
    return _connected(Step.ACCOUNT, [item for item in services if not item.is_test])


def _test(services: Sequence[Service]) -> First:
    return _connected(Step.TEST, [item for item in services if item.is_test])


def _connected(step: Step, services: Sequence[Service]) -> First:
    at = min((item.created_at for item in services), default=None)
    return First(step=step, done=bool(services), at=at, services=services)


def _followers(runtime: Runtime, services: Sequence[Service]) -> First:
    readings = unread_followers(runtime)
    known = [item for item in services if item.audience_known_at]
    times = [item.audience_known_at for item in known if item.audience_known_at]
    done = bool(known) and not readings
    return First(
        step=Step.FOLLOWERS,
        done=done,
        at=max(times, default=None) if done else None,
        services=known,
        readings=readings,
    )


def _sent(runtime: Runtime, kind: DeliveryKind) -> First:
    step = Step.MESSAGES if kind.to_people else Step.PUBLISH
    arrived = select(Message.id).where(
        Message.delivery_id == Delivery.id, Message.state == MessageState.SENT
    )
    first = runtime.session.scalar(
        select(Delivery)
        .where(Delivery.listed(), Delivery.kind == kind, arrived.exists())
        .order_by(Delivery.started_at, Delivery.id)
        .limit(1)
    )
    if first is None and kind.to_people:
        messaged = WholeList(view="messaged")
        numbers = list_counts.known(runtime, [messaged])
        return First(step=step, done=False, may_be_messaged=numbers[messaged])
    return First(
        step=step, done=first is not None, at=first.started_at if first else None, delivery=first
    )
