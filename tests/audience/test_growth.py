"""How the number of followers is told day by day."""

from datetime import timedelta

import pytest

from channels.clock import FileClock
from tests.factories import make_service, make_subscription
from webapp.audience.growth import growth
from webapp.kernel.runtime import Runtime


@pytest.mark.parametrize(("days", "told"), [(0, 1), (3, 4), (90, 30)])
def test_days_before_the_account_was_known_are_left_out(
    runtime: Runtime, clock: FileClock, days: int, told: int
):
    service = make_service(runtime)
    make_subscription(runtime, service, followed_at=runtime.now())
    clock.advance(timedelta(days=days))

    found = growth(runtime, service)

    assert [day.followers for day in found.days] == [1] * told


def test_an_instance_without_accounts_tells_of_today_alone(runtime: Runtime):
    assert [day.followers for day in growth(runtime).days] == [0]
