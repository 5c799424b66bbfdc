from contextlib import suppress
from datetime import timedelta

import pytest

from channels import Operation, Scope
from channels.clock import FileClock
from tests.support.fakes import FakeNetwork
from tests.support.limits import DAY, QUARTER, correct, standing, stated, take
from webapp.kernel.runtime import Runtime
from webapp.services.channel.context import context_of
from webapp.services.client import Client
from webapp.services.limits import observed

pytestmark = pytest.mark.usefixtures("three_windows")


def test_calls_made_elsewhere_count(runtime: Runtime, service):
    take(runtime, service)

    correct(runtime, service, stated(runtime, 3))

    assert standing(runtime, service).used == 12
    assert standing(runtime, service).stated_at == runtime.now()


def test_a_statement_about_a_window_never_used_opens_it(runtime: Runtime, service):
    correct(runtime, service, stated(runtime, 0))

    assert take(runtime, service).until == runtime.now() + QUARTER


def test_a_statement_does_not_forget_calls_under_way(runtime: Runtime, service):
    take(runtime, service, 5)

    correct(runtime, service, stated(runtime, 14))

    assert standing(runtime, service).used == 5


def test_a_window_that_began_before_ours_keeps_our_calls(runtime: Runtime, service, clock):
    take(runtime, service, 5)

    ends = runtime.now() + timedelta(minutes=4)
    correct(runtime, service, stated(runtime, 13, resets_at=ends))

    assert (standing(runtime, service).used, standing(runtime, service).resets_at) == (5, ends)


def test_a_new_window_of_the_network_forgets_the_old_one(
    runtime: Runtime, service, clock: FileClock
):
    take(runtime, service, 15)
    clock.advance(timedelta(minutes=10))

    correct(runtime, service, stated(runtime, 14))

    assert standing(runtime, service).used == 1
    assert standing(runtime, service).resets_at == runtime.now() + QUARTER


def test_a_late_answer_about_a_window_that_is_over_is_ignored(
    runtime: Runtime, service, clock: FileClock
):
    late = stated(runtime, 0)
    clock.advance(QUARTER)

    correct(runtime, service, late)

    assert take(runtime, service) is None


def test_a_cap_the_network_lowered_holds(runtime: Runtime, service):
    correct(runtime, service, stated(runtime, 1, cap=2))

    assert take(runtime, service) is None
    assert take(runtime, service) is not None


def test_a_cap_the_network_lowered_is_forgotten_with_its_window(
    runtime: Runtime, service, clock: FileClock
):
    correct(runtime, service, stated(runtime, 0, cap=2))

    clock.advance(QUARTER)
    take(runtime, service, 3)

    assert (standing(runtime, service).used, standing(runtime, service).cap) == (3, 15)


def test_each_statement_finds_its_own_window(runtime: Runtime, service):
    day = timedelta(days=1)

    correct(
        runtime,
        service,
        stated(
            runtime, 440, scope=Scope.APP, seconds=DAY, cap=1_440, resets_at=runtime.now() + day
        ),
        stated(runtime, 5),
    )

    assert [standing(runtime, service, place).used for place in range(4)] == [10, 0, 1_000, 0]


def test_the_operators_own_cap_is_nobody_elses_to_correct(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = []

    correct(runtime, service, stated(runtime, 0, seconds=DAY, cap=1_440))

    assert standing(runtime, service).used == 0


def test_what_a_channel_observes_is_kept_when_its_call_fails(runtime: Runtime, service):
    with suppress(ValueError), Client(runtime, service).lend() as context:
        context.observe(stated(runtime, 0))
        context.remember("seen", "1")
        raise ValueError("lost")

    assert take(runtime, service) is not None
    assert dict(context_of(runtime, service).state) == {"seen": "1"}


def test_no_transaction_is_open_while_a_channel_is_called(runtime: Runtime, service):
    service.label = "Renamed"

    with Client(runtime, service).lend():
        assert not runtime.session.in_transaction()

    runtime.session.expire_all()
    assert service.label == "Renamed"


def test_a_refusal_closes_the_window_until_the_network_opens_it(
    runtime: Runtime, service, clock: FileClock
):
    until = runtime.now() + timedelta(minutes=6)

    observed.stop_until(runtime, service, Operation.DIRECT, until)

    assert take(runtime, service).until == until
    clock.set(until, rate=0)
    assert take(runtime, service) is None


def test_a_long_refusal_closes_the_window_of_that_length(runtime: Runtime, service):
    until = runtime.now() + timedelta(hours=20)

    observed.stop_until(runtime, service, Operation.DIRECT, until)

    assert take(runtime, service).window.seconds == DAY
    assert [standing(runtime, service, place).left for place in range(3)] == [15, 0, 1_440]


def test_a_refusal_the_network_explained_closes_nothing_more(runtime: Runtime, service):
    until = runtime.now() + timedelta(hours=20)
    spent = stated(runtime, 0, scope=Scope.APP, seconds=DAY, cap=1_440, resets_at=until)
    correct(runtime, service, spent)

    observed.stop_until(runtime, service, Operation.DIRECT, until)

    assert [standing(runtime, service, place).left for place in range(3)] == [15, 1_440, 0]


def test_a_refusal_without_a_declared_limit_is_no_fault(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = []

    observed.stop_until(runtime, service, Operation.DIRECT, runtime.now() + QUARTER)

    assert take(runtime, service) is None
