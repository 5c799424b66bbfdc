"""The ledger against every order of events: crashes, hold-ups, faults, answers, operators."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from channels import ErrorKind, Operation, Unknowable
from channels.clock import FileClock
from tests.conftest import START
from tests.support.counters import counters_of, messages_of
from tests.support.crash import Workers
from tests.support.deliveries import begin, fault, ready
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.deliveries import control
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryState, Message
from webapp.deliveries.queries.progress import progress
from webapp.kernel.errors import Conflict
from webapp.kernel.runtime import Runtime
from webapp.services.limits import quota

PEOPLE, CAP = 3, 2
ENDED = {"sent", "failed", "cancelled", "ignored"}

# A refusal is about the person, so that five in a row hold nothing.
bad = st.sampled_from(
    [
        (ErrorKind.TEMPORARY, "stumbled"),
        (ErrorKind.PERMANENT, "not_permitted"),
        (ErrorKind.LIMITED, "limited"),
        (ErrorKind.SENDER, "no_credits"),
        (ErrorKind.UNKNOWN, "no_answer"),
    ]
)
steps = st.one_of(
    st.tuples(st.just("work"), st.none()),
    st.tuples(st.just("crash"), st.integers(1, 24)),
    st.tuples(st.just("held up"), st.integers(1, 24)),
    st.tuples(st.just("fails"), bad),
    st.tuples(st.just("answer lost"), st.none()),
    st.tuples(st.just("tells nothing"), st.sampled_from([Unknowable(reason="busy"), None])),
    st.tuples(st.just("wait"), st.sampled_from([1, 15, 90])),
    st.tuples(st.just("operator"), st.sampled_from(["pause", "resume", "stop", "edit"])),
)


class Play:
    """One delivery, what happens to it, and what must hold after everything that happens."""

    def __init__(self, runtime: Runtime, network: FakeNetwork, clock: FileClock) -> None:
        network.__init__(limits=[direct_limit(CAP)])
        self.network, self.runtime = network, runtime
        service = make_service(runtime, daily_cap=100)
        self.service_id = service.id
        self.workers = Workers(
            runtime, clock, begin(runtime, ready(runtime, service, people=PEOPLE))
        )

    def step(self, word: str, what: Any) -> None:
        """Let one thing happen."""
        network, workers = self.network, self.workers
        {
            "work": workers.slice,
            "crash": lambda: workers.slice(at=what, happens=workers.crash),
            "held up": lambda: workers.slice(at=what, happens=self.overtaken),
            "fails": lambda: network.before.append(fault(*what)),
            "answer lost": lambda: network.after.append(fault(ErrorKind.UNKNOWN)),
            "tells nothing": lambda: setattr(network, "answer", what),
            "wait": lambda: workers.clock.pass_time(timedelta(minutes=what)),
            "operator": lambda: self.operate(what),
        }[word]()

    def overtaken(self) -> None:
        """So much time passes that another worker takes over, twice."""
        for _time in range(2):
            self.workers.clock.pass_time(timedelta(minutes=10))
            self.workers.slice()

    def operate(self, what: str) -> None:
        changes = editing.DeliveryChanges(content="Another text. {opt_out_line}")
        orders = {"pause": control.pause, "resume": control.resume, "stop": control.stop}
        with self.workers.worker() as runtime:
            try:
                if what == "edit":
                    editing.edit(runtime, self.workers.delivery_id, changes)
                else:
                    orders[what](runtime, self.workers.delivery_id)
            except Conflict:
                runtime.session.rollback()

    def check(self) -> None:
        """Nobody got it twice, no window is overdrawn, and the counts are those of the rows."""
        people = [remote_id for remote_id, _text in self.network.directs]
        assert len(people) == len(set(people))
        with self.workers.worker() as runtime:
            delivery = runtime.session.get_one(Delivery, self.workers.delivery_id)
            service = delivery.services[0]
            for window in quota.usage(runtime, service, Operation.DIRECT):
                assert window.used <= window.cap
            query = select(func.count(Message.id)).where(Message.delivery_id == delivery.id)
            counts = progress(runtime, delivery).counts
            assert counters_of(runtime, delivery.id) == messages_of(runtime, delivery.id)
            assert sum(counts.values()) == runtime.session.scalar(query) == PEOPLE

    def end(self) -> None:
        """The network recovers, the operator lets the delivery go on, and it ends."""
        self.network.before, self.network.after, self.network.answer = [], [], None
        with self.workers.worker() as runtime:
            paused = runtime.session.get_one(Delivery, self.workers.delivery_id).state
        if paused is DeliveryState.PAUSED:
            self.operate("resume")
        self.workers.finish()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(played=st.lists(steps, min_size=1, max_size=12))
def test_whatever_happens_each_message_goes_out_at_most_once_and_comes_to_an_end(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, played: list[tuple[str, object]]
):
    clock.set(START, rate=0)
    play = Play(runtime, network, clock)

    for word, what in played:
        play.step(word, what)
        play.check()
    play.end()
    play.check()

    messages = play.workers.messages()
    assert {message.state.value for message in messages} <= ENDED
    sent = {message.visitor_id for message in messages if message.state == "sent"}
    assert len(sent) == len(network.directs)
