"""An erasure and others at once: none waits for the other for ever, and none fails."""

from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tests.privacy.conftest import Known
from webapp.audience import erased
from webapp.audience.models import Subscription, Visitor
from webapp.deliveries.feedback import applying
from webapp.deliveries.models import ChannelEvent, EventOutcome, Message
from webapp.kernel.errors import NotFound
from webapp.kernel.runtime import Runtime
from webapp.privacy import erasing, wishes
from webapp.privacy.models import ErasureWish, WishState

pytestmark = pytest.mark.several_writers
Begin = Callable[[], Future[None]]


@pytest.fixture
def begin(app: Flask, runtime: Runtime, known: Known) -> Iterator[Begin]:
    """Let a thread of its own erase the person."""
    wish = wishes.ask(runtime, known.visitor.id)
    number, handle = wish.id, known.visitor.handle
    runtime.session.commit()

    def erase() -> None:
        with app.app_context(), Session(runtime.session.get_bind()) as own:
            erasing.erase(replace(runtime, session=own), number, handle)

    with ThreadPoolExecutor() as pool:
        yield lambda: pool.submit(erase)


@pytest.fixture
def other(runtime: Runtime) -> Iterator[Runtime]:
    with Session(runtime.session.get_bind()) as session:
        yield replace(runtime, session=session)


def is_waiting(done: Future[None]) -> bool:
    return not futures.wait([done], timeout=1).done


def test_it_does_not_wait_for_a_backup(other: Runtime, begin: Begin):
    # As `pg_dump` holds every table until it is through.
    other.session.execute(text("LOCK TABLE erased_person IN ACCESS SHARE MODE"))

    done = begin()

    waited = futures.wait([done], timeout=10).not_done
    other.session.rollback()
    done.result(timeout=10)
    assert not waited


def test_who_holds_a_tie_gets_the_messages_too(
    other: Runtime, runtime: Runtime, known: Known, begin: Begin
):
    number = known.visitor.id
    runtime.session.commit()
    tie = select(Subscription.id).where(Subscription.visitor_id == number)
    other.session.execute(tie.with_for_update())

    done = begin()
    assert is_waiting(done)
    other.session.execute(text("SET LOCAL lock_timeout = 5000"))
    mine = update(Message).where(Message.visitor_id == number)
    other.session.execute(mine.values(changed_at=runtime.now()))
    other.session.commit()

    done.result(timeout=10)


def test_what_a_network_told_of_somebody_is_applied_before_they_are_erased(
    other: Runtime, known: Known, begin: Begin, monkeypatch: pytest.MonkeyPatch
):
    began: list[Future[None]] = []

    def apply(runtime: Runtime, _service: object, _event: ChannelEvent) -> EventOutcome:
        began.append(begin())
        assert is_waiting(began[0])
        assert erased.among(runtime, "fake", ["z90210z"]) == {}
        return EventOutcome.APPLIED

    event = other.session.scalars(select(ChannelEvent)).one()
    monkeypatch.setitem(applying.APPLY, event.kind, apply)
    event.due_at -= timedelta(days=1)
    other.session.commit()

    applying.apply_events(other, event.service_id)

    began[0].result(timeout=10)
    assert other.session.scalars(select(ChannelEvent.outcome)).all() in ([], ["applied"])


def test_a_wish_of_somebody_who_was_erased_meanwhile_is_refused(
    other: Runtime, known: Known, begin: Begin
):
    seen = other.session.get_one(Visitor, known.visitor.id)
    begin().result(timeout=10)

    with pytest.raises(NotFound):
        wishes.write_down(other, seen)

    other.session.rollback()
    assert other.session.scalars(select(ErasureWish.state)).all() == [WishState.ERASED]
