"""The task that reads what networks count: of an account, then of its posts, a request a step."""

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
from webapp.kernel.time.days import day_of
from webapp.services import costs
from webapp.services.channel import declared
from webapp.services.client import Client
from webapp.services.connection import account_snapshot
from webapp.services.limits.quota import LimitReached
from webapp.services.limits.windows import zone_of
from webapp.services.models import Service
from webapp.workflows import per_service, spending
from webapp.workflows.models import Run
from webapp.workflows.per_service import Walk
from webapp.workflows.runs import More, Step, Wait

READ_METRICS = "read_metrics"
# Hardly anybody looks at an older post.
READ_FOR = timedelta(days=30)
PASSING = (ErrorKind.LIMITED, ErrorKind.TEMPORARY, ErrorKind.UNKNOWN)
WALK = Walk(beginning={"after": 0, "account": False}, passing=PASSING, most_tries=6)


def step(runtime: Runtime, run: Run) -> Step:
    """Read the account the run is at, or its next posts; its place says what comes next."""
    service = per_service.current(runtime, run)
    if service is None:
        return per_service.conclude(run)
    if not WALK.place(run, service)["account"]:
        return _account(runtime, run, service)
    posts = _posts(runtime, run, service)
    if not posts:
        WALK.turn(run, service)
        runtime.session.commit()
        return More()
    client = Client(runtime, service)
    if _passes_budget(client, Operation.METRICS, len(posts)):
        return _waits_for_budget(runtime, service)
    try:
        found, cost = client.metrics(tuple(posts))
    except LimitReached as spent:
        return Wait(until=spent.until, reason=Notice("reading_limit", name=service.shown_name))
    except ChannelError as fault:
        return WALK.after(runtime, run, service, fault)
    run.done += kept.keep(runtime, service, posts, found)
    spending.add(run, service, cost)
    WALK.stay(run, service, after=max(posts.values()))
    runtime.session.commit()
    return More()


def _account(runtime: Runtime, run: Run, service: Service) -> Step:
    """Read what the network counts of the account, unless that was read today by its clocks."""
    if not _read_today(runtime, service):
        client = Client(runtime, service)
        if _passes_budget(client, Operation.ACCOUNT, 1):
            return _waits_for_budget(runtime, service)
        try:
            account = client.account()
        except LimitReached as spent:
            return Wait(until=spent.until, reason=Notice("reading_limit", name=service.shown_name))
        except ChannelError as fault:
            return WALK.after(runtime, run, service, fault)
        if account.remote_id == service.remote_id:
            cost = account_snapshot.store_snapshot(runtime, service, account)
            spending.add(run, service, cost)
    WALK.stay(run, service, after=0, account=True)
    runtime.session.commit()
    return More()


def _read_today(runtime: Runtime, service: Service) -> bool:
    zone, last = zone_of(runtime, service), service.account_read_at
    return last is not None and day_of(last, zone) == day_of(runtime.now(), zone)


def _waits_for_budget(runtime: Runtime, service: Service) -> Wait:
    why = Notice("month_spent", name=service.shown_name)
    reason = notices.together(why, Notice("waits_for_budget"))
    return Wait(until=costs.next_month(runtime), reason=reason)


def _posts(runtime: Runtime, run: Run, service: Service) -> Mapping[str, int]:
    """Return the next posts that one request may ask about: their messages by remote id."""
    most = declared.figures_at_once(runtime.registry.get(service.kind))
    after = WALK.place(run, service)["after"]
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


def _passes_budget(client: Client, operation: Operation, number: int) -> bool:
    """Tell whether reading so many things would pass the month's budget of the account."""
    price = client.terms.price(operation)
    left = costs.budget_left(client.runtime, client.service)
    return price is not None and left is not None and price.amount * number > left
