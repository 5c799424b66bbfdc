"""What the network says about its resets is believed as far as it can be true."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels import Operation, Scope
from channels.clock import FileClock
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from tests.support.limits import DAY, QUARTER, correct, standing, stated, take
from webapp.kernel.runtime import Runtime
from webapp.services.limits import observed, quota

pytestmark = pytest.mark.usefixtures("three_windows")

FAR = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("taken", [0, 5])
def test_a_far_reset_closes_no_window_for_longer_than_it_lasts(
    runtime: Runtime, service, clock: FileClock, taken: int
):
    until = runtime.now() + QUARTER
    take(runtime, service, taken) if taken else None

    correct(runtime, service, stated(runtime, 0, resets_at=FAR))
    assert observed.stop_until(runtime, service, Operation.DIRECT, FAR) == until

    assert take(runtime, service).until == until
    assert [standing(runtime, service, place).left for place in (1, 2)] == [1_440 - taken] * 2
    clock.set(until, rate=0)
    assert take(runtime, service) is None


def test_a_far_reset_of_a_day_lasts_a_day_at_most(runtime: Runtime, service):
    correct(
        runtime, service, stated(runtime, 0, scope=Scope.APP, seconds=DAY, cap=9, resets_at=FAR)
    )

    assert take(runtime, service).until == runtime.now() + timedelta(days=1)


def test_a_far_reset_alone_closes_the_shortest_window(runtime: Runtime, service):
    until = observed.stop_until(runtime, service, Operation.DIRECT, FAR)

    assert until == runtime.now() + QUARTER
    assert [standing(runtime, service, place).left for place in range(3)] == [0, 1_440, 1_440]


def test_a_far_reset_without_a_declared_limit_lasts_a_day_at_most(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = []

    until = observed.stop_until(runtime, service, Operation.DIRECT, FAR)

    assert until == runtime.now() + timedelta(days=1)


def test_a_clock_that_is_a_little_behind_is_no_far_reset(runtime: Runtime, service):
    ends = runtime.now() + QUARTER + timedelta(seconds=20)

    correct(runtime, service, stated(runtime, 3, resets_at=ends))

    assert standing(runtime, service).resets_at == ends


def test_a_reset_is_believed_where_something_is_said_to_be_left(runtime: Runtime, service):
    ends = runtime.now() + timedelta(minutes=3)
    correct(runtime, service, stated(runtime, 14, resets_at=ends))

    assert observed.stop_until(runtime, service, Operation.DIRECT, None) == ends
    assert take(runtime, service).until == ends


def test_a_refusal_without_a_time_is_waited_for_a_quarter_of_an_hour(runtime: Runtime, service):
    until = observed.stop_until(runtime, service, Operation.DIRECT, None)

    assert until == take(runtime, service).until == runtime.now() + QUARTER


def test_a_reset_that_is_over_is_not_asked_for_again_at_once(runtime: Runtime, service):
    past = runtime.now() - timedelta(seconds=3)

    until = observed.stop_until(runtime, service, Operation.DIRECT, past)

    assert timedelta() < until - runtime.now() < timedelta(minutes=1)


@given(
    wait=st.integers(-86_400, 10**9).map(lambda seconds: timedelta(seconds=seconds)),
    told=st.none() | st.tuples(st.integers(0, 15), st.integers(1, 10**9)),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_refusal_closes_anything_for_longer_than_its_window(
    runtime: Runtime, clock: FileClock, wait: timedelta, told: tuple[int, int] | None
):
    service = make_service(runtime)
    if told:
        ends = runtime.now() + timedelta(seconds=told[1])
        correct(runtime, service, stated(runtime, told[0], resets_at=ends))

    until = observed.stop_until(runtime, service, Operation.DIRECT, runtime.now() + wait)

    assert runtime.now() < until <= runtime.now() + timedelta(days=1)
    for item in quota.usage(runtime, service, Operation.DIRECT):
        longest = timedelta(seconds=item.window.seconds) + observed.SLACK
        assert item.resets_at is None or item.resets_at <= runtime.now() + longest
