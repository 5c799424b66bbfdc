"""An account has a day of its own: its daily cap is full again when that day begins."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from channels import ErrorKind, Operation
from channels.clock import FileClock
from tests.support.cli import Cli
from tests.support.deliveries import fault, sent
from tests.support.factories import make_delivery, make_service, make_subscriptions, service_draft
from tests.support.fakes import FakeNetwork
from webapp.audience.models import Subscription
from webapp.deliveries import sending
from webapp.deliveries.analysis import forecast
from webapp.kernel.audit import trusted
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator
from webapp.services.connection import accounts, drafts
from webapp.services.limits import quota
from webapp.services.models import Service

LOS_ANGELES = "America/Los_Angeles"
TOKYO = "Asia/Tokyo"
# The test clock stands on Monday 23 November 2026, 10:00 in Paris and 01:00 in Los Angeles.
MIDNIGHT = {
    None: datetime(2026, 11, 23, 23, 0, tzinfo=UTC),
    LOS_ANGELES: datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
    TOKYO: datetime(2026, 11, 23, 15, 0, tzinfo=UTC),
    "Mars/Base": datetime(2026, 11, 23, 23, 0, tzinfo=UTC),
}


@pytest.mark.parametrize("zone", MIDNIGHT)
def test_the_daily_cap_is_full_again_when_the_accounts_day_begins(
    runtime: Runtime, clock: FileClock, zone: str | None
):
    service = make_service(runtime, daily_cap=1, time_zone=zone)
    quota.reserve(runtime, service, Operation.DIRECT)

    spent = quota.reserve(runtime, service, Operation.DIRECT)

    assert spent.until == MIDNIGHT[zone]
    clock.set(MIDNIGHT[zone], rate=0)
    assert quota.reserve(runtime, service, Operation.DIRECT) is None


@pytest.mark.parametrize("zone", [LOS_ANGELES, TOKYO])
def test_the_forecast_plays_the_days_of_the_account(runtime: Runtime, zone: str):
    service = make_service(runtime, daily_cap=1, time_zone=zone)
    make_subscriptions(runtime, service, 3)
    delivery = make_delivery(runtime, service)

    plan = forecast.forecast(runtime, delivery, {service.id: 3})

    # The third goes out on the third day, which begins one day after the second.
    assert plan.ends_at.replace(second=0, microsecond=0) == MIDNIGHT[zone] + timedelta(days=1)


def test_what_the_network_did_not_take_goes_back_to_the_accounts_day(runtime: Runtime):
    service = make_service(runtime, daily_cap=2, time_zone=LOS_ANGELES)
    since = runtime.now()
    quota.reserve(runtime, service, Operation.DIRECT)

    quota.give_back(runtime, service, Operation.DIRECT, since)

    assert quota.used_of_cap(runtime, service) == 0


@pytest.mark.parametrize(("zone", "counted"), [("Europe/Paris", 2), (LOS_ANGELES, 1)])
def test_soft_failures_are_counted_once_on_each_day_of_the_account(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, zone: str, counted: int
):
    service = make_service(runtime, time_zone=zone)
    # 23:30 in Paris; an hour later it is tomorrow there, and still the same day in Los Angeles.
    clock.set(datetime(2026, 11, 23, 22, 30, tzinfo=UTC), rate=0)
    network.before = [fault(ErrorKind.TEMPORARY, "full_inbox")]
    delivery = sent(runtime, service, people=1)

    network.before = [fault(ErrorKind.TEMPORARY, "full_inbox")]
    clock.advance(timedelta(hours=1, seconds=1))
    sending.send_batch(runtime, delivery.id)

    assert runtime.session.query(Subscription).one().soft_failures == counted


def test_who_connects_an_account_gives_it_their_zone(runtime: Runtime, network: FakeNetwork):
    there = runtime.acting_as(replace(trusted("test"), time_zone=LOS_ANGELES))

    service = accounts.connect(there, "fake", service_draft())

    assert service.time_zone == LOS_ANGELES
    # Somebody elsewhere who changes something else moves no day.
    assert accounts.change(runtime, service.id, service_draft()).time_zone == LOS_ANGELES


def test_a_zone_that_does_not_exist_is_refused(runtime: Runtime, network: FakeNetwork):
    options = drafts.ServiceOptions(time_zone="Mars/Base")

    with pytest.raises(Invalid, match="no such time zone"):
        accounts.connect(runtime, "fake", service_draft(options=options))


def settings_of(service: Service, **changes: str) -> dict[str, str]:
    typed = {
        "label": service.label,
        "internal_name": service.internal_name,
        "folder": "Services",
        "visitor_folder": "Visitors",
        "daily_cap": "250",
        "channel-region": "north",
    }
    return typed | changes


def test_the_settings_offer_the_operators_zone_and_keep_what_is_chosen(
    admin: FlaskClient, runtime: Runtime, network: FakeNetwork
):
    service = accounts.connect(runtime, "fake", service_draft())
    runtime.session.execute(update(Operator).values(time_zone=LOS_ANGELES))
    runtime.session.commit()

    new = admin.get("/services/new/fake").text
    wrong = admin.post(f"/services/{service.id}/settings", data=settings_of(service, time_zone="x"))
    right = settings_of(service, time_zone=TOKYO)
    answer = admin.post(f"/services/{service.id}/settings", data=right)

    assert f'value="{LOS_ANGELES}"' in new
    assert (wrong.status_code, answer.status_code) == (422, 303)
    assert "There is no such time zone" in wrong.text
    found = runtime.session.get_one(Service, service.id, populate_existing=True)
    assert found.time_zone == TOKYO


def test_the_command_line_tells_and_changes_the_zone_of_an_account(
    cli: Cli, runtime: Runtime, network: FakeNetwork
):
    service = accounts.connect(runtime, "fake", service_draft())

    wrong = cli("service", "change", service.internal_name, "--time-zone", "Mars/Base")
    right = cli("service", "change", service.internal_name, "--time-zone", TOKYO)
    other = cli("service", "change", service.internal_name, "--daily-cap", "7")

    assert (wrong.code, right.code, other.code) == (1, 0, 0)
    assert "There is no such time zone" in wrong.err
    found = runtime.session.get_one(Service, service.id, populate_existing=True)
    assert (found.time_zone, found.daily_cap) == (TOKYO, 7)
