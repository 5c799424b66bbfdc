"""What clicks tell of somebody is told in a copy, and goes when they are erased; figures stay."""

from flask.testing import FlaskClient
from sqlalchemy import func, select

from channels.clock import FileClock
from tests.support.deliveries import sent
from tests.support.factories import make_subscription, make_visitor
from tests.support.fakes import FakeNetwork
from tests.support.traces import rows_with
from tests.tracking.conftest import Collect, Follow, later, links_in
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.privacy import copy, erasing, wishes
from webapp.services.models import Service
from webapp.tracking import choices
from webapp.tracking.models import (
    Click,
    ClickCount,
    Conversion,
    PersonalAddress,
    TrackingRefusal,
)


def test_an_erasure_takes_the_person_out_of_every_click(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    client: FlaskClient,
    follow: Follow,
    collect: Collect,
    clock: FileClock,
):
    who = make_visitor(runtime, handle="quastenfink", name="Zerlinde Quastenfink")
    make_subscription(runtime, service, who)
    number = who.id
    text = "Hi, https://shop.example/?u={username} or https://shop.example/all . {opt_out_line}"
    sent(runtime, service, people=0, content=text)
    later(clock)
    links = links_in(network.directs[0][1])
    for link in links:
        follow(link)
    collect()
    click = db.session.scalars(select(Click)).first()
    report = {"click_key": click.key, "link_id": click.link_id, "reference": "quastenfink-7"}
    db.session.rollback()
    runtime.session.add(Conversion(**report, kind="purchase", at=runtime.now()))
    runtime.session.commit()
    choices.let_be(runtime, number, refused=True)

    told = copy.document(runtime, number)
    assert {"clicks", "conversions", "personal_links", "tracking_refusal"} <= set(told)
    wish = wishes.ask(runtime, number)
    erasing.erase(runtime, wish.id, "quastenfink")

    assert rows_with(runtime, "quastenfink", "zerlinde") == []
    for model in (Conversion, PersonalAddress, TrackingRefusal):
        assert runtime.session.scalar(select(func.count()).select_from(model)) == 0
    assert set(runtime.session.execute(select(Click.visitor_id, Click.message_id))) == {
        (None, None)
    }
    assert runtime.session.scalar(select(func.sum(ClickCount.number))) == 2
    runtime.session.rollback()
    assert [follow(link).status_code for link in links] == [404, 302]
