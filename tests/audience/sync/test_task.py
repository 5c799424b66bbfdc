from datetime import timedelta

import pytest
from sqlalchemy import func, select

from channels import Account
from channels.clock import FileClock
from tests.support.factories import make_service, make_subscription
from tests.support.fakes import FakeNetwork, person
from tests.support.sync import crowd, following, names, said, subscription, work
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.workflows.models import RunState

pytestmark = pytest.mark.usefixtures("small_pages")


def test_every_follower_becomes_a_visitor_with_what_the_network_said(
    runtime: Runtime, network: FakeNetwork, service, workflow
):
    network.people = [person(1, handle="Ada", name="Ada L.", verified=True, protected=True)]

    run = work(runtime, workflow)

    visitor = runtime.session.scalars(select(Visitor)).one()
    assert (visitor.origin, visitor.handle, visitor.name, visitor.follower_count) == (
        "sync",
        "Ada",
        "Ada L.",
        1,
    )
    assert (visitor.verified, visitor.protected, visitor.accepts_messages) == (True, True, True)
    assert visitor.handle_key == "ada"
    assert visitor.folder_id == service.visitor_folder_id
    assert following(runtime, service) == {"r1": "Ada"}
    assert (run.state, run.done, run.counts["new"]) == (RunState.DONE, 1, 1)


def test_all_pages_are_read_and_counted(runtime: Runtime, network: FakeNetwork, service, workflow):
    network.people = crowd(8)

    run = work(runtime, workflow)

    assert network.reads == [None, "3", "6"]
    assert following(runtime, service) == names(network.people)
    assert run.counts["new"] == 8


def test_what_the_network_does_not_say_stays_unknown_or_as_it_was(
    runtime: Runtime, network: FakeNetwork, service, workflow
):
    network.people = [
        person(1, verified=True),
        person(2, follower_count=None, accepts_messages=None),
    ]
    work(runtime, workflow)
    network.people = [
        person(1, follower_count=None),
        person(2, follower_count=None, accepts_messages=None),
    ]

    work(runtime, workflow)

    query = select(Visitor.follower_count, Visitor.verified, Visitor.accepts_messages)
    rows = runtime.session.execute(query.order_by(Visitor.remote_id)).all()
    assert [tuple(row) for row in rows] == [(1, True, True), (None, None, None)]


def test_a_name_that_no_database_could_store_stops_nobody_else(
    runtime: Runtime, network: FakeNetwork, service, workflow
):
    network.people = [
        person(1, name="zero\0byte"),
        person(2, name="half \ud83d pair"),
        person(3, name='"\\u0000" {quoted} ' + "é" * 300),
        person(4, name=""),
    ]

    run = work(runtime, workflow)

    assert run.state is RunState.DONE
    found = list(runtime.session.scalars(select(Visitor.name).order_by(Visitor.remote_id)))
    assert found[:2] == ["zerobyte", "half ? pair"]
    assert found[2].startswith('"\\u0000" {quoted}')
    assert len(found[2]) == 255


def test_somebody_listed_twice_is_one_visitor(
    runtime: Runtime, network: FakeNetwork, service, workflow
):
    network.people = [person(1), person(1), person(2), person(3), person(1)]

    work(runtime, workflow)

    assert runtime.session.scalar(select(func.count(Subscription.id))) == 3


def test_a_rename_is_followed_and_counted(
    runtime: Runtime, network: FakeNetwork, service, workflow
):
    network.people = crowd(2)
    work(runtime, workflow)
    network.people = [person(0, handle="renamed"), person(1)]

    run = work(runtime, workflow)

    assert following(runtime, service) == {"r0": "renamed", "r1": "person1"}
    assert (run.counts["renamed"], run.counts["new"], run.counts["known"]) == (1, 0, 2)


def test_who_stopped_following_is_ended_and_who_comes_back_follows_anew(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, workflow
):
    network.people = crowd(5)
    work(runtime, workflow)
    first = subscription(runtime, service, "r0").followed_at
    network.people = crowd(4, first=1)
    clock.advance(timedelta(days=7))
    left = work(runtime, workflow)
    assert subscription(runtime, service, "r0").ended_at == runtime.now()
    network.people = crowd(5)
    clock.advance(timedelta(days=7))

    back = work(runtime, workflow)

    again = subscription(runtime, service, "r0")
    assert (left.counts["ended"], back.counts["back"]) == (1, 1)
    assert again.ended_at is None
    assert again.followed_at == first + timedelta(days=14)
    assert subscription(runtime, service, "r1").followed_at == first


def test_services_share_visitors_and_keep_their_own_subscriptions(
    runtime: Runtime, network: FakeNetwork, service, workflow
):
    shop = make_service(runtime, internal_name="shop", is_test=True)
    network.accounts["shop"] = Account(remote_id="2", handle="shop", name="Shop", followers=5)
    network.people = crowd(5)

    run = work(runtime, workflow)

    assert runtime.session.scalar(select(func.count(Visitor.id))) == 5
    assert following(runtime, service) == following(runtime, shop) == names(network.people)
    assert (run.counts["new"], run.counts["known"]) == (5, 5)


def test_a_service_with_the_option_off_or_removed_is_left_alone(
    runtime: Runtime, network: FakeNetwork, workflow
):
    off = make_service(runtime, sync_subscriptions=False)
    removed = make_service(runtime, removed_at=runtime.now())
    network.people = crowd(2)

    run = work(runtime, workflow)

    assert run.state is RunState.DONE
    assert following(runtime, off) == following(runtime, removed) == {}
    assert network.reads == []


def test_a_renamed_account_is_followed_by_its_service(
    runtime: Runtime, network: FakeNetwork, service, workflow
):
    network.account = Account(remote_id="1", handle="ateliersud", name="Atelier Sud", followers=0)

    run = work(runtime, workflow)

    assert runtime.session.get(Service, service.id).internal_name == "ateliersud"
    assert "@ateliersud: reading followers" in said(runtime, run)


def test_whom_the_network_told_of_while_the_list_was_read_does_not_end_with_it(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service, workflow
):
    work(runtime, workflow)
    make_subscription(
        runtime, service, followed_at=runtime.now() + timedelta(minutes=1), wrote_first_at=None
    )

    work(runtime, workflow)
    assert len(following(runtime, service)) == 1

    clock.advance(timedelta(minutes=2))
    work(runtime, workflow)
    assert following(runtime, service) == {}
