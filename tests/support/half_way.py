"""Threads that ended half-way, and processes that die while somebody works on them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import event
from sqlalchemy.orm import Session

from channels import ErrorKind
from tests.support.crash import Crash, MachineClock
from tests.support.deliveries import begin, fault, threaded
from tests.support.fakes import FakeNetwork
from webapp.deliveries import sending
from webapp.deliveries.models import Delivery, Message
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def ended(runtime: Runtime, network: FakeNetwork, service: Service, kind: ErrorKind) -> Delivery:
    """A thread whose third part was refused so."""
    delivery = begin(runtime, threaded(runtime, service))
    network.before = [None, None, fault(kind)]
    sending.send_batch(runtime, delivery.id)
    runtime.session.expire_all()
    return delivery


def message(runtime: Runtime, delivery: Delivery) -> Message:
    runtime.session.rollback()
    runtime.session.expire_all()
    return runtime.session.query(Message).filter_by(delivery_id=delivery.id).one()


def page(runtime: Runtime, delivery: Delivery) -> str:
    number = message(runtime, delivery).id
    runtime.session.commit()  # The test holds no lock while the page works.
    return f"/deliveries/{delivery.id}/messages/{number}"


@contextmanager
def elsewhere(runtime: Runtime, clock: MachineClock) -> Iterator[Runtime]:
    """Another process: what it did not commit is lost at its end."""
    with Session(db.engine, expire_on_commit=False) as session:
        yield replace(runtime, session=session, clock=clock)


def crashing(runtime: Runtime, clock: MachineClock, at: int, act: Callable) -> int:
    """Act in another process that dies after its commit number `at`; return how many it made."""
    made = 0

    def ended(_session, transaction):
        nonlocal made
        made += transaction.parent is None
        if made == at and transaction.parent is None:
            raise Crash

    with elsewhere(runtime, clock) as own:
        event.listen(own.session, "after_transaction_end", ended)
        try:
            act(own)
        except Crash:
            event.remove(own.session, "after_transaction_end", ended)
    return made
