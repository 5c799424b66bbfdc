"""Synchronisation against a model: whatever happens, Fanfare ends with what the network says."""

from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from channels import ChannelError, ErrorKind
from channels.clock import FileClock
from tests.conftest import START
from tests.support import fakes
from tests.support.factories import make_service, make_workflow
from tests.support.fakes import FakeNetwork, person
from tests.support.sync import following, killed_at, work, work_through
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.workflows.models import RunState, Workflow

PEOPLE = 7

steps = st.one_of(
    st.tuples(st.sampled_from(["follow", "unfollow", "rename"]), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("kill"), st.integers(1, 24)),
    st.tuples(st.just("refuse"), st.integers(0, 3)),
    st.tuples(st.just("sync"), st.just(0)),
)
REFUSALS = [
    ChannelError("Too many.", kind=ErrorKind.LIMITED),
    ChannelError("No credits.", kind=ErrorKind.SENDER),
    ChannelError("Over capacity.", kind=ErrorKind.TEMPORARY),
    ChannelError("Gone.", kind=ErrorKind.PERMANENT),
]


@dataclass
class World:
    """The network as the model knows it, and Fanfare beside it."""

    runtime: Runtime
    network: FakeNetwork
    clock: FileClock
    workflow: Workflow
    followers: list[int] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def play(self, word: str, number: int) -> None:
        getattr(self, word)(number)
        self.network.people = [
            person(number, handle=self.names.get(number, f"person{number}"))
            for number in self.followers
        ]

    def follow(self, number: int) -> None:
        if number not in self.followers:
            self.followers.insert(0, number)

    def unfollow(self, number: int) -> None:
        if number in self.followers:
            self.followers.remove(number)

    def rename(self, number: int) -> None:
        self.names[number] = f"renamed{number}_{len(self.names)}"

    def kill(self, commit: int) -> None:
        with killed_at(self.runtime, commit):
            work(self.runtime, self.workflow)

    def refuse(self, which: int) -> None:
        self.network.before = [None, REFUSALS[which]]
        work(self.runtime, self.workflow)
        self.network.before = []

    def sync(self, _number: int) -> None:
        self.complete()
        self.seen |= {f"r{number}" for number in self.followers}

    def complete(self) -> None:
        """End the run that is open, and then read the whole list as it is now."""
        work_through(self.runtime, self.workflow, self.clock)
        assert work_through(self.runtime, self.workflow, self.clock).state is RunState.DONE

    def expected(self) -> dict[str, str]:
        return {f"r{n}": self.names.get(n, f"person{n}") for n in self.followers}


def rows_of(runtime: Runtime, service: Service) -> set[str]:
    query = select(Visitor.remote_id).join(Subscription)
    return set(runtime.session.scalars(query.where(Subscription.service_id == service.id)))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(played=st.lists(steps, min_size=1, max_size=14))
def test_any_sequence_ends_with_the_networks_own_list(
    runtime: Runtime,
    network: FakeNetwork,
    clock: FileClock,
    monkeypatch,
    played: list[tuple[str, int]],
):
    monkeypatch.setattr(fakes, "PAGE", 3)
    clock.set(START, rate=0)
    network.people, network.before = [], []
    service = make_service(runtime)
    workflow = runtime.session.scalar(select(Workflow)) or make_workflow(runtime, next_run_at=None)
    world = World(runtime, network, clock, workflow)

    for word, number in played:
        world.play(word, number)
    world.play("sync", 0)

    assert following(runtime, service) == world.expected()
    # Whoever left keeps the row, with what was agreed and written.
    assert world.seen <= rows_of(runtime, service)
    service.sync_subscriptions = False
    runtime.session.commit()
