"""Quota against a model: windows of plain numbers, played through the same hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels import Operation
from channels.clock import FileClock
from tests.conftest import START
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.kernel.runtime import Runtime
from webapp.services.limits import quota

LENGTHS = (600, 7_200)

steps = st.one_of(
    st.tuples(st.just("take"), st.integers(1, 3)),
    st.tuples(st.just("wait"), st.integers(1, 1_500)),
    st.tuples(st.just("wait"), st.sampled_from([600, 7_200])),
)


@dataclass
class Bucket:
    cap: int
    seconds: int
    used: int = 0
    ends: datetime = START

    def free(self, now: datetime) -> int:
        return self.cap - (self.used if self.ends > now else 0)

    def take(self, units: int, now: datetime) -> None:
        if self.ends <= now:
            self.used, self.ends = 0, now + timedelta(seconds=self.seconds)
        self.used += units


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    caps=st.tuples(st.integers(3, 6), st.integers(3, 12)),
    played=st.lists(steps, min_size=1, max_size=30),
)
def test_a_reservation_succeeds_exactly_when_every_window_has_room(
    runtime: Runtime,
    network: FakeNetwork,
    clock: FileClock,
    caps: tuple[int, int],
    played: list[tuple[str, int]],
):
    clock.set(START, rate=0)
    network.limits = [
        direct_limit(cap, seconds=long) for cap, long in zip(caps, LENGTHS, strict=True)
    ]
    service = make_service(runtime, daily_cap=100_000)
    buckets = [Bucket(cap, long) for cap, long in zip(caps, LENGTHS, strict=True)]

    for word, number in played:
        if word == "wait":
            clock.advance(timedelta(seconds=number))
            continue
        now = runtime.now()
        fits = all(bucket.free(now) >= number for bucket in buckets)
        spent = quota.reserve(runtime, service, Operation.DIRECT, units=number)

        assert (spent is None) is fits
        if fits:
            for bucket in buckets:
                bucket.take(number, now)
        else:
            assert spent.until == max(item.ends for item in buckets if item.free(now) < number)
        standing = quota.usage(runtime, service, Operation.DIRECT)[:2]
        assert [item.left for item in standing] == [bucket.free(now) for bucket in buckets]
