"""A direct message begun on a person's card is to that person alone, or is not offered."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.support.composer import address
from tests.support.deliveries import begin, states
from tests.support.factories import (
    make_delivery,
    make_service,
    make_subscription,
    make_subscriptions,
    make_visitor,
)
from webapp.audience.models import Subscription, Visitor
from webapp.deliveries import analysis, sending
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Audience, Delivery, DeliveryKind, Message
from webapp.deliveries.targeting import target
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.fixture
def tie(runtime: Runtime, service: Service) -> Subscription:
    """Noè knows the second account; two others know it, too, and some the first."""
    make_service(runtime, internal_name="aaa_other")
    make_subscriptions(runtime, service, 2)
    return make_subscription(runtime, service, make_visitor(runtime, name="Noè Greco"))


def card(tie: Subscription) -> str:
    return f"/audience/visitors/{tie.visitor_id}"


def link(page: str) -> str:
    """The address behind the button of a card, empty where there is none."""
    found = re.search(r'<a class="btn" href="([^"]+)">[^\n]*New direct message</a>', page)
    return unescape(found[1]) if found else ""


def written(runtime: Runtime, tie: Subscription, marketer: FlaskClient) -> Delivery:
    """The draft that two clicks on the card make."""
    start = link(marketer.get(card(tie)).text)
    page = marketer.get(start).text
    action = page.partition('class="ff-fields" action="')[2].partition('"')[0]
    typed = {"label": "To Noè", "sender": tie.service_id}
    answer = marketer.post(unescape(action), data=typed)
    assert answer.status_code == 303, answer.text
    runtime.session.rollback()
    return editing.get(runtime, int(answer.location.split("/")[2].partition("?")[0]))


def test_the_message_of_a_card_is_to_that_person_from_an_account_they_know(
    runtime: Runtime, tie: Subscription, marketer: FlaskClient
):
    draft = written(runtime, tie, marketer)

    assert [account.id for account in draft.services] == [tie.service_id]
    assert target.count(runtime, draft).matched == 1
    page = marketer.get(f"{address(draft)}?step=target").text
    assert "Noè Greco" in page
    assert 'name="audience"' not in page
    assert 'name="sender"' not in page
    text = {"content": "Hi {first_name|you}, we open. {opt_out_line}"}
    editing.edit(runtime, draft.id, editing.DeliveryChanges(**text))
    analysis.start(runtime, draft.id)
    begin(runtime, analysis.analyse(runtime, draft.id))
    sending.send_batch(runtime, draft.id)
    assert states(runtime, draft) == ["sent"]
    (message,) = runtime.session.query(Message).filter_by(delivery_id=draft.id)
    assert message.visitor_id == tie.visitor_id


def test_nothing_makes_a_mass_mailing_of_it(
    runtime: Runtime, tie: Subscription, marketer: FlaskClient, admin: FlaskClient
):
    draft = written(runtime, tie, marketer)

    everyone = editing.DeliveryChanges(audience=Audience.EVERYONE)
    with pytest.raises(Invalid, match="one person and stays so"):
        editing.edit(runtime, draft.id, everyone)
    runtime.session.rollback()
    with pytest.raises(Conflict, match="one person and stays so"):
        editing.accept_everyone(runtime, draft.id)
    runtime.session.rollback()

    runtime.session.delete(runtime.session.get(Visitor, tie.visitor_id))
    runtime.session.commit()

    assert target.count(runtime, editing.get(runtime, draft.id)).matched == 0


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"accepts_messages": False}, "their settings accept none"),
        ({"opted_out_at": "now"}, "they want none"),
        ({"quarantined_at": "now"}, "an earlier one failed for good"),
        ({"wrote_first_at": None}, "they neither wrote first nor opted in"),
    ],
)
def test_where_it_cannot_be_sent_the_button_gives_way_to_the_reason(
    runtime: Runtime, tie: Subscription, marketer: FlaskClient, changes: dict, why: str
):
    address, typed = card(tie), {"label": "x", "sender": tie.service_id}
    for name, value in changes.items():
        row = tie.visitor if name == "accepts_messages" else tie
        setattr(row, name, runtime.now() if value == "now" else value)
    runtime.session.commit()
    start = f"/deliveries/new?kind=direct&channel=fake&person={tie.visitor_id}"

    page = marketer.get(address).text

    assert link(page) == ""
    assert f"No direct message: {why}" in page
    assert marketer.get(start).status_code == 409
    assert marketer.post(start, data=typed).status_code == 409


def test_an_account_that_does_not_know_the_person_cannot_write_to_them(
    runtime: Runtime, tie: Subscription
):
    other = make_delivery(runtime, make_service(runtime)).services[0]

    with pytest.raises(Invalid, match="neither wrote"):
        editing.create(
            runtime,
            editing.NewDelivery(
                kind=DeliveryKind.DIRECT,
                channel="fake",
                label="To Noè",
                service_ids=[other.id],
                recipient_id=tie.visitor_id,
            ),
        )


def test_an_account_of_the_house_is_no_person_to_write_to(
    runtime: Runtime, tie: Subscription, marketer: FlaskClient
):
    make_service(runtime, internal_name="noe", remote_id=tie.visitor.remote_id)
    runtime.session.commit()

    page = marketer.get(card(tie)).text
    begun = f"/deliveries/new?kind=direct&channel=fake&person={tie.visitor_id}"
    refused = marketer.get(begun).text

    assert link(page) == ""
    assert "No direct message: this is an account of your own." in page
    assert "No account of yours may write to this person" in refused
    new = editing.NewDelivery(
        kind=DeliveryKind.DIRECT,
        channel="fake",
        label="To Noè",
        service_ids=[tie.service_id],
        recipient_id=tie.visitor_id,
    )
    with pytest.raises(Invalid, match="one of the accounts connected"):
        editing.create(runtime, new)
