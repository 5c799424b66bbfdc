"""Of an erasure and other work at once one waits for the other, and neither fails."""

from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from channels import InboundMessage, InboundPage, Wish
from tests.privacy.conftest import Known
from tests.support.deliveries import begin, ready
from tests.support.factories import make_subscriptions
from tests.support.fakes import FakeNetwork, person
from webapp.audience import erased as erased_people
from webapp.audience.inbox import inbound_messages
from webapp.audience.inbox.inbound_messages import Kept
from webapp.audience.inbox.reader import read_on
from webapp.audience.models import Answer, Consent, Subscription, Visitor
from webapp.deliveries import why
from webapp.deliveries.models import Delivery, Message
from webapp.kernel.runtime import Runtime
from webapp.privacy import erasing, reader, wishes
from webapp.services.client import Client
from webapp.services.models import Service


@pytest.mark.several_writers
def test_who_reads_people_in_while_somebody_is_erased_waits_and_leaves_them_out(
    app: Flask, runtime: Runtime, known: Known
):
    wish = wishes.ask(runtime, known.visitor.id)
    handle, number = known.visitor.handle, wish.id
    runtime.session.commit()

    def erase() -> None:
        with app.app_context(), Session(runtime.session.get_bind()) as own:
            erasing.erase(replace(runtime, session=own), number, handle)

    with Session(runtime.session.get_bind()) as reading, ThreadPoolExecutor() as pool:
        other = replace(runtime, session=reading)
        assert erased_people.among(other, "fake", ["z90210z"]) == {}
        done = pool.submit(erase)
        # It waits for the one that looked before it.
        assert not futures.wait([done], timeout=0.5).done
        reading.commit()
        done.result(timeout=10)
        assert erased_people.among(other, "fake", ["z90210z"]).keys() == {"z90210z"}


@pytest.mark.several_writers
def test_a_delivery_that_is_confirmed_while_somebody_is_erased_leaves_them_out(
    app: Flask, runtime: Runtime, service: Service
):
    ties = make_subscriptions(runtime, service, 2)
    visitor_id, other = ties[0].visitor_id, ties[1].visitor_id
    delivery_id = ready(runtime, service, 0).id
    runtime.session.commit()

    def confirm() -> None:
        with app.app_context(), Session(runtime.session.get_bind()) as own:
            mine = replace(runtime, session=own)
            begin(mine, own.get_one(Delivery, delivery_id))

    with Session(runtime.session.get_bind()) as erasing_it, ThreadPoolExecutor() as pool:
        erased_people.let_nobody_in(replace(runtime, session=erasing_it))
        erasing_it.execute(delete(Subscription).where(Subscription.visitor_id == visitor_id))
        erasing_it.execute(delete(Visitor).where(Visitor.id == visitor_id))
        done = pool.submit(confirm)
        assert not futures.wait([done], timeout=0.5).done
        erasing_it.commit()
        done.result(timeout=10)

    rows = runtime.session.scalars(select(Message.visitor_id)).all()
    assert rows == [other]


@pytest.mark.several_writers
def test_whoever_ends_the_messages_waits_for_no_inbox_that_is_read(
    app: Flask,
    runtime: Runtime,
    known: Known,
    network: FakeNetwork,
    monkeypatch: pytest.MonkeyPatch,
):
    """Each wrote an answer about the account, and locked what the other one waited for."""
    theirs = Message.delivery_id == known.to_all.id, Message.visitor_id == known.visitor.id
    number = runtime.session.scalars(select(Message.id).where(*theirs)).one()
    token = why.path(runtime.settings, number, known.visitor.remote_id).rpartition("/")[2]
    network.inbound = [
        InboundMessage(
            remote_id="n9",
            person=person(1, remote_id="z90210z", handle="quastenfink"),
            text="Please STOP",
            received_at=runtime.now(),
            wish=Wish.STOP,
        )
    ]
    keep = inbound_messages.keep

    def stop() -> None:
        with app.app_context(), Session(runtime.session.get_bind()) as own:
            reader.stop(replace(runtime, session=own), token)

    with ThreadPoolExecutor() as pool:

        def later(client: Client, page: InboundPage) -> Kept:
            done = pool.submit(stop)
            futures.wait([done], timeout=0.5)
            kept = keep(client, page)
            done.result(timeout=10)
            return kept

        monkeypatch.setattr(inbound_messages, "keep", later)
        read_on(runtime, known.service)

    said = select(Consent.source).where(Consent.answer == Answer.OPT_OUT)
    assert sorted(runtime.session.scalars(said)) == ["link", "message"]
