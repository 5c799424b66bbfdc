"""The timeline on a person's card: consent, following and messages in one order, by day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from channels import ErrorKind
from tests.support.accessibility import look, violations
from tests.support.deliveries import fault, sent
from tests.support.factories import make_subscription, make_visitor
from tests.support.fakes import FakeNetwork
from webapp.audience import timeline
from webapp.audience.models import ReceivedMessage, Visitor
from webapp.audience.visitors import people
from webapp.deliveries.models import Message, MessageState
from webapp.deliveries.queries.person_timeline import received
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service

DAY = timedelta(days=1)


@pytest.fixture
def ana(runtime: Runtime, service: Service) -> Visitor:
    """Somebody who followed, wrote, opted in, wrote STOP and left, a day after the other."""
    now = runtime.now() - 6 * DAY
    who = make_visitor(runtime, name="Ana Ruiz", handle="ana_ruiz", first_seen_at=now)
    make_subscription(
        runtime,
        service,
        who,
        followed_at=now,
        wrote_first_at=now + DAY,
        opted_in_at=now + 2 * DAY,
        proof="Start",
        opted_out_at=now + 3 * DAY,
        ended_at=now + 4 * DAY,
    )
    words = [("Hello", "", 1), ("Start", "opt_in", 2), ("STOP", "stop", 3)]
    for text, wish, days in words:
        at = now + days * DAY
        runtime.session.add(
            ReceivedMessage(
                service_id=service.id,
                visitor_id=who.id,
                remote_id=f"note{days}",
                text=text,
                wish=wish,
                received_at=at,
                read_at=at,
            )
        )
    runtime.session.commit()
    return who


def test_each_thing_is_told_once_in_the_words_of_the_person(runtime: Runtime, ana: Visitor):
    found = timeline.events(runtime, ana, people.ties(runtime, ana))

    assert [(event.what, event.said) for event in found] == [
        ("ended", ""),
        ("opted_out", "STOP"),
        ("opted_in", "Start"),
        ("wrote_first", "Hello"),
        ("followed", ""),
        ("first_seen", ""),
    ]


def test_messages_are_told_by_what_became_of_them(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    network.before = [None, fault(ErrorKind.PERMANENT, "not_permitted")]
    network.after = [None, fault(ErrorKind.UNKNOWN)]
    delivery = sent(runtime, service, people=3)
    runtime.session.expire_all()  # Workers changed the rows in sessions of their own.
    rows = runtime.session.query(Message).filter_by(delivery_id=delivery.id)

    told = {}
    for row in rows:
        [event] = received(runtime, row.visitor)
        assert (event.about, event.delivery_id) == (delivery.label, delivery.id)
        told[event.what] = event.said

    assert set(told) == {MessageState.SENT, MessageState.FAILED, MessageState.UNKNOWN}
    assert told["failed"] == "Refuses messages from you"


def test_what_was_not_tried_is_not_told(runtime: Runtime, service: Service):
    who = make_visitor(runtime, accepts_messages=False)
    make_subscription(runtime, service, who)
    sent(runtime, service, people=1)

    assert received(runtime, who) == []


@pytest.mark.parametrize(
    ("show", "shown", "hidden"),
    [
        ("", "Followed", "Nothing of this kind"),
        ("messages", "Wrote first", "<b>Opted in</b>"),
        ("consent", "<b>Opted in</b>", "<b>Followed</b>"),
        ("changes", "<b>No longer follows</b>", "<b>Opted in</b>"),
        ("shoes", "<b>Followed</b>", "Nothing of this kind"),
    ],
)
def test_the_card_shows_one_group_of_events(marketer: FlaskClient, ana, show, shown, hidden):
    text = marketer.get(f"/audience/visitors/{ana.id}?show={show}").text

    assert shown in text
    assert hidden not in text


def test_days_are_those_of_the_operator_and_messages_lead_to_their_delivery(
    marketer: FlaskClient, runtime: Runtime, service: Service
):
    delivery = sent(runtime, service, people=1)
    [row] = runtime.session.query(Message).filter_by(delivery_id=delivery.id)

    text = marketer.get(f"/audience/visitors/{row.visitor_id}").text

    assert "Today, Monday 23 November" in text
    assert f'href="/deliveries/{delivery.id}"' in text


@pytest.mark.browser
@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 375)])
def test_the_card_has_no_accessibility_fault(
    page_as: Callable[[Role], Page], site: str, ana: Visitor, theme: str, width: int
):
    page = page_as(Role.MARKETER)
    look(page, theme, width)
    page.goto(f"{site}/audience/visitors/{ana.id}")

    for summary in page.locator("main details > summary").all():
        summary.click()

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == []


@pytest.mark.browser
def test_an_opt_in_is_recorded_by_hand(page_as: Callable[[Role], Page], site: str, ana: Visitor):
    page = page_as(Role.MARKETER)
    page.goto(f"{site}/audience/visitors/{ana.id}")
    expect(page.locator(".ff-title")).to_contain_text("Opted out")

    page.get_by_text("Record an opt-in").click()
    page.get_by_label("Purpose").fill("News of the studio")
    page.get_by_label("Proof").fill("Signed a card at the fair")
    page.get_by_role("button", name="Record the opt-in").click()

    expect(page.locator(".ff-title")).to_contain_text("May be messaged")
    expect(page.locator(".ff-timeline")).to_contain_text("Signed a card at the fair")
    assert page.faults == []
