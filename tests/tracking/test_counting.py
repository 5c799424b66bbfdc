"""Whoever follows a link of a message counts once, with the person it was for, and never twice."""

import os

import pytest
from sqlalchemy import delete, select

from channels.clock import FileClock
from tests.support.deliveries import sent
from tests.support.factories import make_subscription, make_visitor
from tests.support.fakes import FakeNetwork
from tests.tracking.conftest import SHOP, TEXT, Collect, Follow, later, links_in, total
from webapp.deliveries.models import (
    Attempt,
    DeliveryKind,
    Message,
)
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.tracking import choices, redirects
from webapp.tracking.choices import Choices
from webapp.tracking.models import Click, ClickCount, ClickKind


def test_each_person_gets_a_link_of_their_own_that_leads_where_the_operator_wrote(
    runtime: Runtime, service: Service, network: FakeNetwork, follow: Follow
):
    delivery = sent(runtime, service, people=2, content=TEXT)

    texts = [text for _who, text in network.directs]
    links = [link for text in texts for link in links_in(text)]
    assert len(set(links)) == 2
    assert not any("shop.example" in text for text in texts)
    assert [row.links for row in network.outgoing] == [{link: SHOP} for link in links]
    # What is asked for after a lost answer is what was sent.
    tried = runtime.session.scalars(select(Attempt.text).order_by(Attempt.id)).all()
    assert tried == texts
    answer = follow(links[0])
    assert answer.status_code == 302
    campaign = "utm_source=fake&utm_medium=social&utm_campaign=spring"
    assert answer.headers["Location"] == f"https://shop.example/spring?a=%E9&b=&{campaign}#top"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    assert delivery.counts_clicks


def test_a_click_is_counted_with_its_person_after_its_process_died(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    follow: Follow,
    collect: Collect,
    clock: FileClock,
):
    sent(runtime, service, people=2, content=TEXT)
    first, second = (links_in(text)[0] for _who, text in network.directs)
    later(clock)
    for link in (first, first, second):
        follow(link)
    # All that is left of a process that was killed is its file.
    os.close(redirects.desk_of(runtime.registry, runtime.settings).spool._file)
    redirects._desks.clear()

    assert collect() == 3
    assert collect() == 0
    assert total(ClickKind.PERSON) == 3
    assert total(ClickKind.PERSON, ClickCount.newcomers) == 2
    people = set(db.session.scalars(select(Click.visitor_id)))
    assert people == set(db.session.scalars(select(Message.visitor_id)))


def test_a_file_that_is_read_twice_counts_once(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    follow: Follow,
    collect: Collect,
    monkeypatch: pytest.MonkeyPatch,
):
    sent(runtime, service, people=1, content=TEXT)
    follow(links_in(network.directs[0][1])[0])
    with monkeypatch.context() as patch:
        patch.setattr("webapp.tracking.spool.Complete.remove", lambda _file: None)
        assert collect() == 1

    assert collect() == 0
    assert total(ClickKind.FETCHER) == 1


def test_a_post_has_a_link_for_each_account_and_no_person(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    follow: Follow,
    collect: Collect,
    clock: FileClock,
):
    sent(runtime, service, kind=DeliveryKind.POST, content=f"See {SHOP} now")
    link = links_in(network.posts[0])[0]
    later(clock)
    follow(link)
    collect()

    click = db.session.scalars(select(Click)).one()
    assert (click.visitor_id, click.service_id, click.kind) == (None, service.id, ClickKind.PERSON)


def test_who_refused_to_be_known_is_counted_without_being_known(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    follow: Follow,
    collect: Collect,
    clock: FileClock,
):
    sent(runtime, service, people=1, content=TEXT)
    link = links_in(network.directs[0][1])[0]
    visitor_id = runtime.session.scalars(select(Message.visitor_id)).one()
    choices.let_be(runtime, visitor_id, refused=True)
    later(clock)
    follow(link)
    collect()

    click = db.session.scalars(select(Click)).one()
    assert (click.visitor_id, click.message_id, click.kind) == (None, None, ClickKind.PERSON)
    db.session.rollback()
    network.directs.clear()
    delivery = sent(runtime, service, people=0, content=TEXT, label="Summer")
    common = links_in(network.directs[0][1])[0]
    assert "-" not in common.rpartition("/")[2].partition(".")[0]
    assert delivery.counts_clicks


@pytest.mark.one_database
def test_an_instance_that_keeps_nobody_writes_of_no_message_anywhere(
    runtime: Runtime, service: Service, network: FakeNetwork, follow: Follow
):
    sent(runtime, service, people=1, content=TEXT)
    choices.choose(runtime, Choices(names_people=False))

    follow(links_in(network.directs[0][1])[0])

    kept = redirects.desk_of(runtime.registry, runtime.settings).spool
    kept.close()
    assert [click.message_id for file in kept.complete() for click in file.clicks()] == [None]


def test_a_link_with_a_field_leads_each_reader_elsewhere(
    runtime: Runtime, service: Service, network: FakeNetwork, follow: Follow
):
    sent(
        runtime, service, people=1, content="Hi, https://shop.example/?u={username} {opt_out_line}"
    )

    handle = runtime.session.scalars(select(Message)).one().visitor.handle
    link = links_in(network.directs[0][1])[0]
    assert follow(link).headers["Location"].startswith(f"https://shop.example/?u={handle}&utm_")


def test_what_people_are_called_is_never_led_to(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    make_subscription(runtime, service, make_visitor(runtime, name="https://evil.example/x"))
    text = "Hi {full_name}, look at https://{username}.shop.example/a {opt_out_line}"
    sent(runtime, service, people=0, content=text)

    assert links_in(network.directs[0][1]) == []


def test_nothing_changes_where_clicks_are_not_counted(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    sent(runtime, service, people=1, content=TEXT, counts_clicks=False)

    assert SHOP in network.directs[0][1]
    assert network.outgoing[0].links == {}


@pytest.mark.one_database
def test_an_instance_that_counts_nothing_changes_no_link(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    choices.choose(runtime, Choices(counts=False))
    sent(runtime, service, people=1, content=TEXT)

    assert SHOP in network.directs[0][1]


def test_clicks_go_on_counting_after_all_were_cleaned_up(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    follow: Follow,
    collect: Collect,
    clock: FileClock,
):
    sent(runtime, service, people=1, content=TEXT)
    link = links_in(network.directs[0][1])[0]
    later(clock)
    follow(link)
    collect()
    runtime.session.execute(delete(Click))
    runtime.session.commit()

    follow(link)
    collect()

    assert total(ClickKind.PERSON) == 2
