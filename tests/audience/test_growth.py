"""How the number of followers is told day by day."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from channels.clock import FileClock
from tests.support.factories import make_service, make_subscription, make_visitor, make_workflow
from tests.support.fakes import FakeNetwork, person
from tests.support.sync import work
from webapp.audience.growth import Growth, growth
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


def test_who_follows_two_accounts_counts_once_on_home_and_in_the_list(
    runtime: Runtime, admin: FlaskClient
):
    brand, shop = make_service(runtime), make_service(runtime)
    both, one = make_visitor(runtime), make_visitor(runtime)
    for service, who in ((brand, both), (shop, both), (brand, one)):
        make_subscription(runtime, service, who)

    assert '<span class="ff-big">2</span>' in admin.get("/").text
    tabs = admin.get("/audience/visitors").text
    assert re.search(r'Subscribers\s*<span class="ff-num">2</span>', tabs)


@pytest.mark.parametrize(("left", "lost"), [(1, 0), (2, 1)])
def test_somebody_is_lost_who_left_the_last_account_they_followed(
    runtime: Runtime, left: int, lost: int
):
    who, now = make_visitor(runtime), runtime.now()
    for number in range(2):
        gone = now if number < left else None
        make_subscription(runtime, make_service(runtime), who, followed_at=now, ended_at=gone)

    found = growth(runtime)

    assert (found.now, found.gained, found.lost) == (1 - lost, 1, lost)


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
