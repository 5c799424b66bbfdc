"""How the number of followers is told day by day."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic import command
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from channels.clock import FileClock
from tests.support.factories import (
    make_service,
    make_subscription,
    make_subscriptions,
    make_visitor,
    make_workflow,
)
from tests.support.fakes import FakeNetwork, person
from tests.support.sync import work
from webapp.audience import daily
from webapp.audience.growth import Growth, growth
from webapp.kernel import schema
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


def test_before_followers_were_read_their_number_is_unknown_and_never_nothing(runtime: Runtime):
    assert growth(runtime) == Growth()

    make_service(
        runtime,
        audience_known_at=None,
        account={"followers": 5000},
        account_read_at=runtime.now(),
    )

    found = growth(runtime)
    assert (found.now, found.gained, found.lost, found.days) == (None, None, None, [])
    assert (found.stated, found.stated_at) == (5000, runtime.now())


def test_whom_the_first_reading_found_is_no_growth(
    runtime: Runtime, network: FakeNetwork, clock: FileClock
):
    service, job = make_service(runtime, audience_known_at=None), make_workflow(runtime)
    network.people = [person(number) for number in range(3)]
    work(runtime, job)
    clock.advance(timedelta(days=2))
    network.people.append(person(7))
    work(runtime, job)

    found = growth(runtime, service)

    assert (found.now, found.gained) == (4, 1)
    assert [(day.found, day.gained, day.followers) for day in found.days] == [
        (3, 0, 3),
        (0, 0, 3),
        (0, 1, 4),
    ]


def test_who_follows_two_accounts_counts_for_each_on_home_and_once_in_the_list(
    runtime: Runtime, admin: FlaskClient
):
    brand, shop = make_service(runtime), make_service(runtime)
    both, one = make_visitor(runtime), make_visitor(runtime)
    for service, who in ((brand, both), (shop, both), (brand, one)):
        make_subscription(runtime, service, who)

    home = admin.get("/").text
    assert '<span class="ff-big">3</span>' in home
    assert "A person who follows several of your accounts counts for each of them." in home
    tabs = admin.get("/audience/visitors").text
    assert re.search(r'Subscribers\s*<span class="ff-num" id="tab-subscribers">2</span>', tabs)


def test_who_left_and_came_back_changes_no_day_that_is_over(
    runtime: Runtime, network: FakeNetwork, clock: FileClock
):
    service, job = make_service(runtime, audience_known_at=None), make_workflow(runtime)
    everybody = [person(number) for number in range(3)]
    for there in (everybody[:2], everybody, everybody[1:], everybody):
        before = growth(runtime, service).days
        network.people = list(there)
        work(runtime, job)
        assert growth(runtime, service).days[: len(before) - 1] == before[:-1]
        clock.advance(timedelta(days=1))

    days = growth(runtime, service).days
    assert [day.followers for day in days] == [2, 3, 2, 3, 3]
    assert [(day.gained, day.lost) for day in days] == [(0, 0), (1, 0), (0, 1), (1, 0), (0, 0)]


def test_days_outlive_the_people(runtime: Runtime, clock: FileClock):
    service = make_service(runtime)
    ties = make_subscriptions(runtime, service, 3)
    clock.advance(timedelta(days=1))
    before = growth(runtime, service).days

    for tie in ties:
        runtime.session.delete(tie)
    runtime.session.commit()

    assert growth(runtime, service).days == before


def test_a_day_is_that_of_the_account(runtime: Runtime, clock: FileClock):
    clock.set(datetime(2026, 11, 24, 20, tzinfo=UTC))
    tokyo = make_service(runtime, time_zone="Asia/Tokyo")
    honolulu = make_service(runtime, time_zone="Pacific/Honolulu")
    for service in (tokyo, honolulu):
        make_subscription(runtime, service)

    assert [growth(runtime, item).days[0].date.day for item in (tokyo, honolulu)] == [25, 24]


def test_moving_an_account_west_writes_no_day_that_is_over(runtime: Runtime, clock: FileClock):
    clock.set(datetime(2026, 11, 24, 20, tzinfo=UTC))
    service = make_service(runtime, time_zone="Asia/Tokyo")
    make_subscription(runtime, service)
    service.time_zone = "Pacific/Honolulu"
    make_subscription(runtime, service)

    rows = daily.since(runtime, [service.id], date.min)
    assert [(row.day.day, row.followers, row.gained) for row in rows] == [(25, 2, 2)]


def test_the_migration_tells_past_days_as_the_columns_still_can(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, database_url: str
):
    service = make_service(runtime, audience_known_at=None, time_zone="Asia/Tokyo")
    job = make_workflow(runtime)
    everybody = [person(number) for number in range(4)]
    for there in (everybody[:2], everybody, everybody[1:]):
        network.people = list(there)
        work(runtime, job)
        clock.advance(timedelta(days=2))
    before = growth(runtime, service)
    runtime.session.close()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        command.downgrade(schema._config(connection), "a47d90e2c1f6")

    schema.upgrade(engine)

    assert growth(runtime, service) == before
    assert [day.followers for day in before.days] == [2, 2, 4, 4, 3, 3, 3]
    engine.dispose()


def test_a_second_account_changes_nothing_of_what_is_known_of_the_first(
    runtime: Runtime, clock: FileClock
):
    make_subscription(runtime, make_service(runtime))
    clock.advance(timedelta(days=3))
    shop = make_service(runtime, audience_known_at=runtime.now())
    make_subscription(runtime, shop, followed_at=runtime.now())

    found = growth(runtime)

    assert (found.now, found.gained) == (2, 1)
    assert [day.followers for day in found.days] == [1, 1, 1, 2]


def test_the_page_of_an_account_tells_no_number_before_its_followers_were_read(
    runtime: Runtime, admin: FlaskClient
):
    service = make_service(runtime, audience_known_at=None)

    page = admin.get(f"/services/{service.id}").text

    assert "Unknown until the followers were read to the end once." in page
    assert re.search(r">Subscribers</a>", page)


def test_a_test_account_counts_on_home_as_little_as_on_its_own_page(runtime: Runtime):
    brand, test = make_service(runtime), make_service(runtime, is_test=True)
    for service in (brand, test):
        make_subscription(runtime, service)

    assert growth(runtime).now == 1


def test_an_account_moved_west_tells_the_same_number_everywhere(runtime: Runtime, clock: FileClock):
    clock.set(datetime(2026, 11, 24, 20, tzinfo=UTC))
    service = make_service(runtime, time_zone="Asia/Tokyo")
    make_subscription(runtime, service)
    service.time_zone = "Pacific/Honolulu"
    make_subscription(runtime, service)

    assert growth(runtime, service).now == daily.followers(runtime, [service.id])[service.id] == 2


def test_what_two_write_on_one_day_adds_up_whatever_either_has_read(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    service = make_service(runtime)
    daily.add(runtime, service, gained=3)
    # As if it had looked before the other one wrote.
    monkeypatch.setattr(daily, "_last_number", lambda *_given: 0)
    daily.add(runtime, service, gained=1)

    assert daily.followers(runtime, [service.id]) == {service.id: 4}
