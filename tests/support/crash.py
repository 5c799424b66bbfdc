"""Workers that crash or are held up at any commit, on a machine clock that tests may move."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from channels.clock import FileClock
from webapp.deliveries import sending
from webapp.deliveries.models import Attempt, Delivery, DeliveryState, Message
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime

ENDS = (DeliveryState.FINISHED, DeliveryState.STOPPED)
OPEN = {"pending", "sending", "unknown"}
MOST_ROUNDS = 60


class Crash(BaseException):
    """The process is gone."""


class MachineClock(FileClock):
    """A shared clock on a machine whose own time may be moved as well."""

    def __init__(self, path) -> None:
        super().__init__(path)
        self.ahead = timedelta()

    def system(self) -> datetime:
        return super().system() + self.ahead

    def pass_time(self, by: timedelta) -> None:
        """Let time pass for the business and the machine."""
        self.ahead += by
        self.advance(by)


class Workers:
    """Any number of workers of one delivery, each with a session of its own."""

    def __init__(self, runtime: Runtime, clock: FileClock, delivery: Delivery) -> None:
        self.clock = MachineClock(clock.path)
        self.runtime = replace(runtime, clock=self.clock)
        self.delivery_id = delivery.id
        runtime.session.commit()

    @contextmanager
    def worker(self) -> Iterator[Runtime]:
        """A worker's runtime; what it did not commit is lost at its end."""
        with Session(db.engine, expire_on_commit=False) as session:
            yield replace(self.runtime, session=session)

    def slice(self, *, at: int | None = None, happens: Callable[[], None] | None = None) -> int:
        """Run a slice; at its commit number `at` something happens. Return how many it made."""
        return self._run(lambda own: sending.send_batch(own, self.delivery_id), at, happens)

    def help(self, *, at: int | None = None, happens: Callable[[], None] | None = None) -> int:
        """Let another worker help the one that leads, for a slice; the same may happen."""
        with self.worker() as runtime:
            leader = runtime.session.get_one(Delivery, self.delivery_id).lease_token
        return self._run(lambda own: sending.help_out(own, self.delivery_id, leader), at, happens)

    def _run(
        self, work: Callable[[Runtime], None], at: int | None, happens: Callable[[], None] | None
    ) -> int:
        commits = 0

        def ended(_session: Session, transaction: SessionTransaction) -> None:
            nonlocal commits
            commits += transaction.parent is None
            if transaction.parent is not None:
                return
            if commits == at and happens:
                happens()

        with self.worker() as runtime:
            event.listen(runtime.session, "after_transaction_end", ended)
            try:
                work(runtime)
            except Crash:
                event.remove(runtime.session, "after_transaction_end", ended)
        return commits

    def crash(self) -> None:
        raise Crash

    def others_finish(self) -> None:
        """Let so much time pass that others take over, and do all there is to do."""
        self.clock.pass_time(timedelta(minutes=10))
        self.finish()

    def finish(self) -> None:
        """Work, as time passes, until nothing is left to do."""
        for _round in range(MOST_ROUNDS):
            with self.worker() as runtime:
                ids = sending.due(runtime)
            for delivery_id in ids:
                with self.worker() as runtime:
                    sending.send_batch(runtime, delivery_id)
            if self.at_rest():
                return
            self.clock.pass_time(timedelta(minutes=20))
        raise AssertionError("The delivery never ended.")

    def at_rest(self) -> bool:
        """Tell whether the delivery is over and no outcome is open."""
        with self.worker() as runtime:
            state = runtime.session.get_one(Delivery, self.delivery_id).state
        return state in ENDS and not OPEN & {*self.states()}

    def states(self) -> list[str]:
        with self.worker() as runtime:
            rows = runtime.session.query(Message).filter_by(delivery_id=self.delivery_id)
            return [row.state.value for row in rows.order_by(Message.id)]

    def messages(self) -> list[Message]:
        with self.worker() as runtime:
            rows = runtime.session.query(Message).filter_by(delivery_id=self.delivery_id)
            return rows.order_by(Message.id).all()

    def outcomes(self) -> list[str | None]:
        with self.worker() as runtime:
            rows = runtime.session.query(Attempt).order_by(Attempt.id)
            return [row.outcome and row.outcome.value for row in rows]
