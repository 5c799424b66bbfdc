"""Two deliveries that say the same, confirmed in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from flask import Flask

from tests.support.deliveries import sent, states
from tests.support.factories import make_delivery
from tests.support.fakes import FakeNetwork
from webapp.app import runtime_of
from webapp.deliveries import analysis, control, sending
from webapp.deliveries.approval import confirm
from webapp.deliveries.drafts import copying
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.audit import trusted
from webapp.kernel.db import db
from webapp.kernel.errors import FanfareError
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# How long the first of two waits for the other one to be as far as it is.
LONG_ENOUGH = 0.5


@pytest.fixture
def together(
    app: Flask, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[str]]:
    """A function that confirms deliveries at once; each that passed the checks waits for the rest.

    It returns what the refused ones were told.
    """
    both, write = Barrier(2), confirm.prepare

    def prepared(runtime: Runtime, delivery: Delivery) -> None:
        with suppress(BrokenBarrierError):
            both.wait(LONG_ENOUGH)
        write(runtime, delivery)

    monkeypatch.setattr(confirm, "prepare", prepared)

    def one(delivery_id: int) -> str:
        with app.app_context():
            runtime = runtime_of(app, trusted("test"))
            codes = ["no_proof", "not_approved", "again", "everyone"]
            try:
                confirm.confirm(runtime, delivery_id, codes)
            except FanfareError as refused:
                return refused.message
            finally:
                db.session.remove()
        return ""

    def all_at_once(*deliveries: Delivery) -> list[str]:
        ids = [item.id for item in deliveries]
        runtime.session.commit()  # The test holds no lock while others work.
        with ThreadPoolExecutor(len(ids)) as pool:
            return [said for said in pool.map(one, ids) if said]

    return all_at_once


def analysed(runtime: Runtime, draft: Delivery) -> Delivery:
    analysis.start(runtime, draft.id)
    found = analysis.analyse(runtime, draft.id)
    runtime.session.commit()
    return found


def test_two_copies_for_the_rest_write_to_nobody_twice(
    runtime: Runtime, service: Service, network: FakeNetwork, together
):
    service.daily_cap = 1
    runtime.session.commit()
    first = sent(runtime, service)
    control.stop(runtime, first.id)
    service.daily_cap = 250
    copies = [
        analysed(runtime, copying.send_to_the_rest(runtime, first.id)) for _number in range(2)
    ]

    together(*copies)

    for copy in copies:
        sending.send_batch(runtime, copy.id)
    assert len(network.directs) == len({who for who, _text in network.directs}) == 3
    rows = [len(states(runtime, copy)) for copy in copies]
    assert sorted(rows) == [0, 2]


def test_one_text_is_published_once_on_an_account(
    runtime: Runtime, service: Service, network: FakeNetwork, together
):
    posts = [
        analysed(runtime, make_delivery(runtime, service, kind=DeliveryKind.POST, label=label))
        for label in ("One", "Two")
    ]

    refused = together(*posts)

    assert len(refused) == 1
    assert "publishes the same text" in refused[0]
    for post in posts:
        sending.send_batch(runtime, post.id)
    assert len(network.posts) == 1
