"""What stands still is told by the operator's day."""

from datetime import UTC, datetime

import pytest

from channels.clock import FileClock
from tests.support.factories import make_delivery, make_service
from webapp.deliveries.models import DeliveryState
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import formats
from webapp.system.health.backlog import waiting

# 20:00 on 30 November in Los Angeles, where it is still that day at 06:00 UTC.
EVENING = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hour", "said"),
    [
        ("America/Los_Angeles", 6, "“Spring” at 22:00 will be late"),
        ("America/Los_Angeles", 9, "“Spring” waits for its day"),
        ("Europe/Paris", 6, "“Spring” at 07:00 will be late"),
        # 00:30 of the day after, while in UTC it is the same day still.
        ("Europe/Paris", 23.5, "“Spring” waits for its day"),
    ],
)
def test_what_is_due_later_today_will_be_late_and_another_days_waits(
    runtime: Runtime,
    clock: FileClock,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    hour: float,
    said: str,
):
    clock.set(EVENING, rate=0)
    at = EVENING.replace(hour=int(hour), minute=int(hour % 1 * 60))
    delivery = make_delivery(runtime, make_service(runtime), scheduled_at=at)
    delivery.state = DeliveryState.SCHEDULED
    runtime.session.commit()
    monkeypatch.setattr(formats, "get_timezone", lambda: zone)

    assert waiting(runtime) == [said]
