"""A short link leads where its operator wrote, whatever happens, and nowhere else."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError

from channels.clock import FileClock
from tests.support.deliveries import sent
from tests.support.fakes import FakeNetwork
from tests.tracking.conftest import SHOP, TEXT, Collect, Follow, links_in
from webapp.deliveries.models import (
    Delivery,
    DeliveryKind,
)
from webapp.kernel.audit import AuditEntry
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.tracking import choices
from webapp.tracking.choices import Choices


@pytest.mark.one_database
def test_a_full_disk_leads_on_and_says_what_was_lost(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    follow: Follow,
    collect: Collect,
    monkeypatch: pytest.MonkeyPatch,
):
    sent(runtime, service, people=1, content=TEXT)
    link = links_in(network.directs[0][1])[0]
    runtime.session.rollback()
    monkeypatch.setattr("webapp.tracking.spool.MOST_REMEMBERED", 2)
    monkeypatch.setattr("webapp.tracking.spool.Spool._write", lambda _spool, _line: False)

    answers = [follow(link).status_code for _time in range(5)]

    assert (answers, collect()) == ([302] * 5, 2)
    entry = db.session.scalars(select(AuditEntry).filter_by(action="tracking.lose")).one()
    assert entry.detail == {"number": 3}


@pytest.mark.one_database
def test_a_link_that_is_known_leads_on_while_the_database_is_away(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    follow: Follow,
    monkeypatch: pytest.MonkeyPatch,
):
    def away(*_given: object) -> None:
        raise OperationalError("SELECT", {}, Exception("the server is gone"))

    sent(runtime, service, people=1, content=TEXT)
    link = links_in(network.directs[0][1])[0]
    runtime.session.rollback()
    monkeypatch.setattr("webapp.tracking.redirects.REMEMBERED", 0.0)
    known = follow(link).headers["Location"]
    monkeypatch.setattr("webapp.tracking.redirects._read", away)

    assert follow(link).headers["Location"] == known


@pytest.mark.one_database
def test_an_address_is_the_same_each_time_however_odd(
    runtime: Runtime, service: Service, network: FakeNetwork, follow: Follow
):
    choices.choose(runtime, Choices(campaign=False))
    for number, odd in enumerate(
        ("https://shop.example/a|b?x=[1]^", "https://shop.example:99999/a")
    ):
        sent(runtime, service, kind=DeliveryKind.POST, content=f"See {odd} now")
        link = links_in(network.posts[number])[0]
        assert [follow(link).headers["Location"] for _time in range(2)] == [odd, odd]
        runtime.session.rollback()


def test_the_number_of_a_link_that_is_gone_is_never_given_to_another_one(
    runtime: Runtime, service: Service, network: FakeNetwork, follow: Follow
):
    sent(runtime, service, kind=DeliveryKind.POST, content="See https://old.example/a now")
    old = links_in(network.posts[0])[0]
    # As a copy that was made before it went out knows it, once it is restored.
    runtime.session.execute(delete(Delivery))
    runtime.session.commit()
    sent(runtime, service, kind=DeliveryKind.POST, content="See https://new.example/b now")

    assert follow(links_in(network.posts[1])[0]).headers["Location"].startswith("https://new")
    assert follow(old).status_code == 404


@pytest.mark.one_database
def test_a_link_that_was_not_made_here_leads_nowhere_and_says_nothing(
    runtime: Runtime, service: Service, network: FakeNetwork, follow: Follow, collect: Collect
):
    delivery: Delivery = sent(runtime, service, people=1, content=TEXT)
    link = links_in(network.directs[0][1])[0]
    pages = set()
    for wrong in ("/l/1.AAAA", "/l/x", f"{link}x", link.replace("-", "-1", 1), "/l/%00"):
        answer = follow(wrong)
        assert answer.status_code == 404
        pages.add(answer.data)

    assert len(pages) == 1
    assert b"<a" not in pages.pop()
    assert collect() == 0
    assert delivery


@pytest.mark.one_database
@pytest.mark.parametrize(("substitute", "status"), [("", 410), ("https://shop.example/over", 302)])
def test_a_link_that_is_over_leads_to_the_substitute_or_says_so(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    follow: Follow,
    collect: Collect,
    clock: FileClock,
    substitute: str,
    status: int,
):
    choices.choose(runtime, Choices(valid_days=1, substitute=substitute, campaign=False))
    sent(runtime, service, people=1, content=TEXT)
    link = links_in(network.directs[0][1])[0]
    runtime.session.rollback()

    assert follow(link).headers["Location"] == SHOP
    clock.advance(timedelta(days=2))
    answer = follow(link)

    assert (answer.status_code, answer.headers.get("Location", "")) == (status, substitute)
    assert collect() == 1
