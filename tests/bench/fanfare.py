"""Fanfare doing its work in one process: a sync, or a delivery."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import func, insert, select, update

from channels.clock import FileClock
from tests.bench import planted
from tests.bench.gauge import Gauge
from tests.bench.order import ACCOUNT, TEXT, Order
from tests.support.queues import InlineQueue
from webapp.app import create_app, runtime_of
from webapp.audience.models import Subscription, Visitor
from webapp.audience.sync import task as followers
from webapp.deliveries import analysis, counters, sending
from webapp.deliveries.approval import confirm
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import MOVING, Delivery, DeliveryKind, Message, MessageState
from webapp.deliveries.sending import claims
from webapp.kernel.audit import trusted
from webapp.kernel.config.instance_files import kept
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts, drafts
from webapp.services.models import Service
from webapp.system.processes.worker import collect_rarely, settle
from webapp.system.setup import defaults
from webapp.workflows import control, queries, runs
from webapp.workflows.commands import named
from webapp.workflows.models import RunState

CLAIMS = 200
BLOCK = 10_000


def run(order: Order) -> Gauge:
    """Do what is ordered and return what it took."""
    with opened(order) as runtime:
        return TASKS[order.task](runtime, order)


@contextmanager
def opened(order: Order) -> Iterator[Runtime]:
    """Open an instance on the order's database, as a worker does."""
    settings = settings_of(order)
    app = create_app(settings, queue=InlineQueue())
    with app.app_context():
        runtime = runtime_of(app, trusted("bench"))
        if order.task in ("sync", "plant"):
            connect(runtime, order)
        settle()
        collect_rarely()
        yield runtime


def settings_of(order: Order) -> Settings:
    """Return the settings of an instance on the order's database and sandbox."""
    folder = Path(order.folder)
    return Settings(
        var=folder,
        database_url=order.database,
        secret_key="a key of the bench",
        encryption_keys=(kept(folder / "bench.key", lambda: Fernet.generate_key().decode()),),
        clock=order.clock,
        plugin_options={"FANFARE_X_API_URL": order.sandbox},
    )


def connect(runtime: Runtime, order: Order) -> None:
    """Connect the account, with the workflows an instance begins with."""
    draft = drafts.ServiceDraft(
        label="Shop", internal_name=ACCOUNT, settings={}, secrets=order.keys
    )
    accounts.connect(runtime, "x", draft)
    defaults.ensure(runtime)


def sync(runtime: Runtime, order: Order) -> Gauge:
    """Run the synchronisation to its end, moving the clock whenever it waits for a limit."""
    run = control.run_now(runtime, named(runtime, "synchronise").id)
    gauge = Gauge()
    with gauge.running():
        while run.state in queries.OPEN:
            for run_id in control.due(runtime):
                runs.go_on(runtime, run_id, followers.step)
            runtime.session.refresh(run)
            if run.state is RunState.WAITING:
                FileClock(order.clock).set(run.resume_at + timedelta(seconds=1))
        db.session.remove()
    if run.state is not RunState.DONE:
        raise RuntimeError(f"The run ended as {run.state}: {run.reason}")
    gauge.count = run.done
    return gauge


def send(runtime: Runtime, order: Order) -> Gauge:
    """Send a delivery through the ledger, one slice after the other."""
    delivery = confirmed(runtime, order.count)
    gauge = Gauge()
    with gauge.running():
        while delivery.state in MOVING:
            sending.send_batch(runtime, delivery.id)
    query = select(func.count()).where(Message.state == MessageState.SENT)
    gauge.count = runtime.session.scalar(query.where(Message.delivery_id == delivery.id)) or 0
    db.session.remove()
    return gauge


def confirmed(runtime: Runtime, people: int) -> Delivery:
    """Return a delivery on its way to so many people who accept messages and opted in."""
    session, now = runtime.session, runtime.now()
    takers = select(Visitor.id).where(Visitor.accepts_messages).order_by(Visitor.id).limit(people)
    session.execute(
        update(Subscription)
        .where(Subscription.visitor_id.in_(takers))
        .values(opted_in_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(update(Service).values(daily_cap=10_000_000))
    session.commit()
    delivery = draft(runtime)
    analysis.start(runtime, delivery.id)
    analysis.analyse(runtime, delivery.id)
    codes = [item["code"] for item in analysis.warnings(delivery)]
    return confirm.confirm(runtime, delivery.id, codes)


def draft(runtime: Runtime) -> Delivery:
    """Return a draft of a direct message."""
    service_ids = list(runtime.session.scalars(select(Service.id)))
    new = editing.NewDelivery(
        kind=DeliveryKind.DIRECT, channel="x", label="Bench", service_ids=service_ids
    )
    delivery = editing.create(runtime, new)
    return editing.edit(runtime, delivery.id, editing.DeliveryChanges(content=TEXT))


def claim(runtime: Runtime, order: Order) -> Gauge:
    """Claim messages, one after the other, of a delivery with so many pending."""
    delivery = draft(runtime)
    pend(runtime, delivery, order.count)
    gauge = Gauge()
    with gauge.running():
        for _number in range(CLAIMS):
            claims.claim_next(runtime, delivery.id)
            runtime.session.commit()
            gauge.count += 1
    db.session.remove()
    return gauge


def pend(runtime: Runtime, delivery: Delivery, count: int) -> None:
    """Write so many pending messages."""
    plain = {
        "delivery_id": delivery.id,
        "service_id": delivery.services[0].id,
        "kind": delivery.kind,
        "state": MessageState.PENDING.value,
        "said": "",
        "reason": "",
        "tries": 0,
        "changed_at": runtime.now(),
    }
    for first in range(0, count, BLOCK):
        rows = [
            {**plain, "recipient": f"visitor:{number}"}
            for number in range(first, min(first + BLOCK, count))
        ]
        runtime.session.execute(insert(Message), rows)
        runtime.session.commit()
    counters.recount(runtime, delivery.id)
    runtime.session.commit()


TASKS = {
    "sync": sync,
    "resync": sync,
    "send": send,
    "claim": claim,
    "plant": planted.plant,
    "csv": planted.sheet,
    "confirm": lambda runtime, order: planted.confirmed(runtime, order, draft(runtime)),
    "analyse": lambda runtime, order: planted.analyse(runtime, order, draft(runtime)),
}
