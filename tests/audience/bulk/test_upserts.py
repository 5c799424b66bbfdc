"""Of who is stored as the network tells the run alone is noted; everybody else is written."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from channels import AudiencePage, Person
from channels.clock import FileClock
from tests.support.factories import make_service
from webapp.audience.bulk import upserts
from webapp.audience.bulk.statements import GIVEN
from webapp.audience.bulk.upserts import Found
from webapp.audience.models import Subscription, Visitor, VisitorWord
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

ADA = Person(remote_id="1", handle="Ada", name="Ada L.", follower_count=3, verified=True)
BO = Person(remote_id="2", handle="bo", name="Bo", follower_count=5)


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime)


def write(runtime: Runtime, service: Service, *people: Person, run: int = 1) -> Found:
    found = upserts.followers(runtime, service, people, run)
    runtime.session.commit()
    return found


def stored(runtime: Runtime) -> dict[str, Visitor]:
    query = select(Visitor).execution_options(populate_existing=True)
    return {row.remote_id: row for row in runtime.session.scalars(query)}


def test_of_who_is_stored_as_told_nothing_is_written_but_that_they_follow_on(
    runtime: Runtime, service: Service, clock: FileClock
):
    write(runtime, service, ADA, BO)
    first = runtime.now()
    clock.set(first + timedelta(days=1))
    written: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(" ".join(statement.split()[:3]))

    event.listen(runtime.session.get_bind(), "before_cursor_execute", note)
    found = write(runtime, service, BO, ADA, run=2)

    assert found == Found(known=2, renamed=0, returned=0, gained=0)
    assert written == ["INSERT INTO subscription"]
    ada = stored(runtime)["1"]
    assert (ada.seen_at, ada.first_seen_at) == (first, first)
    query = select(Subscription.seen_run_id, Subscription.followed_at)
    assert [tuple(row) for row in runtime.session.execute(query)] == [(2, first)] * 2


@pytest.mark.parametrize(
    "change",
    [
        {"handle": "ada2"},
        {"name": "Ada King"},
        {"follower_count": 4},
        {"verified": False},
        {"protected": True},
        {"accepts_messages": False},
        {"avatar_url": "https://example.com/a.png"},
    ],
)
def test_whatever_the_network_tells_anew_is_written_beside_what_stays(
    runtime: Runtime, service: Service, change: dict[str, object]
):
    write(runtime, service, ADA, BO)
    told = {
        "remote_id": "1",
        "handle": "Ada",
        "name": "Ada L.",
        "follower_count": 3,
        "verified": True,
    }
    cy = Person(remote_id="3", handle="cy", name="Cy")

    found = write(runtime, service, Person(**{**told, **change}), BO, cy, run=2)

    assert found == Found(known=2, renamed=int("handle" in change), returned=0, gained=1)
    ada = stored(runtime)["1"]
    assert {name: getattr(ada, name) for name in change} == change
    assert len(list(runtime.session.scalars(select(Subscription.id)))) == 3


def test_a_name_that_is_stored_in_another_way_than_told_is_stored_as_told(
    runtime: Runtime, service: Service
):
    turned = Person(remote_id="1", handle="ada", name="\u202eAda ")
    write(runtime, service, turned)
    first = stored(runtime)["1"].seen_at

    found = write(runtime, service, turned, run=2)

    assert found == Found(known=1, renamed=0, returned=0, gained=0)
    assert (stored(runtime)["1"].name, stored(runtime)["1"].seen_at) == ("Ada", first)


def test_who_was_added_by_another_synchronisation_meanwhile_is_found_by_no_old_word(
    runtime: Runtime, service: Service, monkeypatch: pytest.MonkeyPatch, clock: FileClock
):
    write(runtime, service, BO)
    clock.set(runtime.now() + timedelta(seconds=1))
    monkeypatch.setattr(upserts, "_known", lambda *_given: {})

    write(runtime, service, Person(remote_id="2", handle="bea", name="Bea"))

    assert set(runtime.session.scalars(select(VisitorWord.word))) == {"bea"}


def test_rows_that_were_made_beforehand_are_written(runtime: Runtime, service: Service):
    made = upserts.rows_of(AudiencePage(people=(ADA, BO), next_cursor=None))

    upserts.followers(runtime, service, [ADA, BO], 1, made)
    runtime.session.commit()

    found = stored(runtime).items()
    assert {key: tuple(getattr(row, name) for name in GIVEN) for key, row in found} == made


def test_the_houses_own_account_begins_to_follow_as_nobody(runtime: Runtime, service: Service):
    own = Person(remote_id=service.remote_id, handle="shop", name="Shop")

    assert write(runtime, service, own, BO) == Found(known=0, renamed=0, returned=0, gained=1)
    assert write(runtime, service, own, BO) == Found(known=2, renamed=0, returned=0, gained=0)


def test_who_had_left_returns(runtime: Runtime, service: Service):
    write(runtime, service, ADA, BO)
    now = runtime.now()
    write(runtime, service, BO, run=2)
    upserts.end_unseen(runtime, service, 2, now, now)

    found = write(runtime, service, ADA, BO, run=3)

    assert found == Found(known=2, renamed=0, returned=1, gained=1)
