"""The task that reads what networks count of posts, account by account, one request in a step."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from channels import ChannelError, ErrorKind, Operation
from webapp.deliveries import kinds
from webapp.deliveries.metrics import kept
from webapp.deliveries.models import Message, MessageState
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice
from webapp.services import costs
from webapp.services.channel import declared
from webapp.services.client import Client
from webapp.services.connection import doctor
from webapp.services.limits.quota import LimitReached
from webapp.services.models import Service
from webapp.workflows import spending
from webapp.workflows.models import Run
from webapp.workflows.runs import Done, More, RunFailed, Step, Wait, journal

READ_METRICS = "read_metrics"
# Hardly anybody looks at an older post.
READ_FOR = timedelta(days=30)
QUARTER = timedelta(minutes=15)
MOST_TRIES = 6
PASSING = (ErrorKind.LIMITED, ErrorKind.TEMPORARY, ErrorKind.UNKNOWN)


def step(runtime: Runtime, run: Run) -> Step:
    """Read the next posts of the account the run is at; its place says which come next."""
    service = _service(runtime, run)
    if service is None:
        return _verdict(run)
    posts = _posts(runtime, run, service)
    if not posts:
        _move(run, service=service.id + 1, after=0, tries=0)
        runtime.session.commit()
        return More()
    client = Client(runtime, service)
    if _passes_budget(client, len(posts)):
        why = Notice("month_spent", name=service.shown_name)
        reason = notices.together(why, Notice("waits_for_budget"))
        return Wait(until=costs.next_month(runtime), reason=reason)
    try:
        found, cost = client.metrics(tuple(posts))
    except LimitReached as spent:
        return Wait(until=spent.until, reason=Notice("reading_limit", name=service.shown_name))
    except ChannelError as fault:
        runtime.session.rollback()
        return _after(runtime, run, service, fault)
    run.done += kept.keep(runtime, service, posts, found)
    spending.add(run, service, cost)
    _move(run, service=service.id, after=max(posts.values()), tries=0)
    runtime.session.commit()
    return More()


def _service(runtime: Runtime, run: Run) -> Service | None:
    return runtime.session.scalar(
        select(Service)
        .where(
            Service.kind == run.workflow.kind,
            Service.removed_at.is_(None),
            Service.id >= run.place.get("service", 0),
        )
        .order_by(Service.id)
        .limit(1)
    )


def _posts(runtime: Runtime, run: Run, service: Service) -> Mapping[str, int]:
    """Return the next posts that one request may ask about: their messages by remote id."""
    most = declared.figures_at_once(runtime.registry.get(service.kind))
    after = run.place.get("after", 0) if run.place.get("service") == service.id else 0
    rows = runtime.session.execute(
        select(Message.remote_id, Message.id)
        .where(
            Message.service_id == service.id,
            Message.kind.in_(kinds.PUBLIC),
            Message.state == MessageState.SENT,
            Message.remote_id.is_not(None),
            Message.taken_back_at.is_(None),
            Message.sent_at > runtime.now() - READ_FOR,
            Message.id > after,
        )
        .order_by(Message.id)
        .limit(most)
    )
    return {str(remote_id): number for remote_id, number in rows}


def _passes_budget(client: Client, number: int) -> bool:
    """Tell whether reading so many posts would pass the month's budget of the account."""
    price = client.terms.price(Operation.METRICS)
    left = costs.budget_left(client.runtime, client.service)
    return price is not None and left is not None and price.amount * number > left


def _after(runtime: Runtime, run: Run, service: Service, fault: ChannelError) -> Step:
    """Wait where waiting helps; otherwise note the fault and turn to the next account."""
    tries = run.place.get("tries", 0) + 1
    reason = _named(service, notices.of(fault.message))
    if fault.kind in PASSING and tries < MOST_TRIES:
        after = run.place.get("after", 0) if run.place.get("service") == service.id else 0
        _move(run, service=service.id, after=after, tries=tries)
        runtime.session.commit()
        return Wait(until=fault.retry_at or runtime.now() + QUARTER, reason=reason)
    if fault.kind is ErrorKind.SENDER:
        doctor.needs_fixing(runtime, service, notices.of(fault.message))
    journal(runtime, run, reason, level="error")
    _move(run, service=service.id + 1, after=0, tries=0, faults=run.place.get("faults", 0) + 1)
    runtime.session.commit()
    return More()


def _named(service: Service, why: Notice) -> Notice:
    return Notice("of_account", name=service.shown_name, why=why)


def _move(run: Run, **place: object) -> None:
    # A new dictionary: a changed one would not be seen as changed.
    run.place = {**run.place, **place}


def _verdict(run: Run) -> Step:
    faults = run.place.get("faults", 0)
    if faults:
        raise RunFailed(Notice("services_failed", n=faults))
    return Done()
