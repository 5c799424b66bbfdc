"""An experiment that went out is reckoned again from its rows, and erasures change no figure."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from channels.clock import FileClock
from tests.experiments.conftest import experiment, figures
from tests.support.cli import Cli
from tests.support.deliveries import begin
from tests.support.factories import make_delivery
from tests.support.fakes import FakeNetwork
from tests.tracking.conftest import later, links_in
from webapp.audience.models import ReceivedMessage, Visitor
from webapp.deliveries import analysis, sending
from webapp.deliveries.models import (
    Delivery,
    DeliveryState,
    Message,
    MessageState,
    Metric,
)
from webapp.experiments import judging, planning
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.privacy import erasing, wishes
from webapp.services.models import Service
from webapp.tracking.models import Click

WITHIN = timedelta(hours=24)


@pytest.fixture
def played(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    crowd: None,
    draft: Delivery,
    follow: Callable[..., object],
    collect: Callable[[], int],
    clock: FileClock,
) -> Delivery:
    """An experiment that really went out: everybody of B clicked, and half of all wrote."""
    number = draft.id
    planning.plan(runtime, number, experiment(weight=30, held_out=25))
    analysis.start(runtime, number)
    sending.send_batch(runtime, begin(runtime, analysis.analyse(runtime, number)).id)
    later(clock)
    for _who, text in network.directs:
        if text.startswith("Twelve"):
            follow(links_in(text)[0])
    collect()
    db.session.rollback()
    writers: Sequence[Visitor] = runtime.session.scalars(select(Visitor)).all()[::2]
    runtime.session.add_all(_answer(service, who, runtime.now()) for who in writers)
    runtime.session.commit()
    clock.advance(WITHIN)
    return runtime.session.get_one(Delivery, number)


def _answer(service: Service, who: Visitor, at: datetime, wish: str = "") -> ReceivedMessage:
    same = {"text": "How nice", "received_at": at, "read_at": at, "wish": wish}
    name = f"w{who.id}{wish}"
    return ReceivedMessage(service_id=service.id, visitor_id=who.id, remote_id=name, **same)


def test_an_experiment_is_reckoned_again_by_a_command(runtime: Runtime, cli: Cli, played: Delivery):
    number = played.id
    clicks, held = figures(runtime, played)
    runtime.session.rollback()

    said = cli("experiment", "verify", str(number), "--json")

    told = json.loads(said.out)
    assert (said.code, told["holds"], told["checked"]) == (0, True, 60)
    assert told["answers"][0]["second"]["did"] == clicks[3] == clicks[2] > 0
    assert told["answers"][1]["first"]["arms"] == ["0"]
    assert held[0] > 0
    assert held[0] + held[2] == 60
    assert 0 < held[1] + held[3] <= 30
    assert "people have what the plan gives them" in cli("experiment", "verify", str(number)).out
    assert "Spring" in cli("experiment", "list").out or str(number) in cli("experiment", "list").out


def test_an_erasure_changes_no_figure(runtime: Runtime, played: Delivery):
    arm_b = played.variants[1].id
    clicked = select(Message.visitor_id).where(Message.variant_id == arm_b)
    held = select(Message.visitor_id).where(Message.reason == "held_out")
    wrote = select(ReceivedMessage.visitor_id)
    gone = [
        runtime.session.scalars(rows.where(Message.visitor_id.in_(wrote))).first()
        for rows in (clicked.where(Message.state == MessageState.SENT), held)
    ]
    stopping = runtime.session.get_one(Visitor, gone[0])
    runtime.session.add(_answer(played.services[0], stopping, runtime.now(), wish="stop"))
    runtime.session.commit()
    before = figures(runtime, played)

    for number in gone:
        wish = wishes.ask(runtime, number)
        erasing.erase(runtime, wish.id, runtime.session.get_one(Visitor, number).handle)

    runtime.session.expire_all()
    assert figures(runtime, played) == before
    judged = judging.judge(runtime, played)
    assert (judged.stopped, judged.left) == ({"A": 0, "B": 1, "0": 0}, 2)


def test_the_clean_up_takes_nothing_out_of_an_experiment_that_still_goes_out(
    runtime: Runtime, admin: FlaskClient, cli: Cli, clock: FileClock, played: Delivery
):
    before, number = figures(runtime, played), played.id
    played.state, played.finished_at = DeliveryState.SENDING, None
    runtime.session.commit()
    # What people wrote leaves half a year after it came, and clicks a year after.
    clock.advance(timedelta(days=366))
    cleaned(runtime, "inbound", "clicks", "conversions")

    runtime.session.expire_all()
    assert figures(runtime, played) == before
    for table in (ReceivedMessage, Click):
        assert runtime.session.scalars(select(table)).all() == []
    runtime.session.rollback()
    assert "was kept before" in admin.get(f"/deliveries/{number}/experiment").text
    assert "was kept before" in cli("experiment", "verify", str(number)).out


def cleaned(runtime: Runtime, *names: str) -> None:
    for rule in runtime.domains.retention:
        if rule.name in names:
            before = runtime.now() - rule.age
            rule.first(runtime, before)
            runtime.session.execute(delete(rule.model).where(rule.old(before)))
    runtime.session.commit()


def test_who_got_another_text_or_one_though_held_out_is_found(
    runtime: Runtime, cli: Cli, played: Delivery
):
    first, second = (row.id for row in played.variants)
    number = played.id
    one = runtime.session.scalars(select(Message).where(Message.variant_id == first)).first()
    one.variant_id = second
    other = runtime.session.scalars(select(Message).where(Message.reason == "held_out")).first()
    other.state = MessageState.SENT
    runtime.session.commit()

    said = cli("experiment", "verify", str(number), "--json")

    assert said.code == 1
    assert len(json.loads(said.out)["astray"]) == 2


def test_what_is_no_experiment_or_was_not_sent_is_not_reckoned(
    runtime: Runtime, cli: Cli, service: Service, draft: Delivery
):
    planning.plan(runtime, draft.id, experiment(metric=Metric.WROTE))
    plain, tried = make_delivery(runtime, service).id, draft.id
    runtime.session.rollback()

    assert "no experiment" in cli("experiment", "verify", str(plain)).err
    assert "not sent yet" in cli("experiment", "verify", str(tried)).err
