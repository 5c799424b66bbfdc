"""What the control rules say, and that no analysis lasts for ever."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from channels import Limit, Operation, Scope, Wish
from channels.wishes import listener, wish_of
from tests.support.composer import address
from tests.support.deliveries import ready
from tests.support.factories import make_delivery, make_subscription, make_visitor
from tests.support.fakes import FakeNetwork
from webapp.audience.greetings import first_name
from webapp.deliveries import analysis
from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.drafts import content as texts
from webapp.deliveries.drafts import editing
from webapp.deliveries.drafts.editing import DeliveryChanges
from webapp.deliveries.models import Delivery, DeliveryState
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

NAMES = (
    "Ana Ruiz",
    " Ana",
    "Émile Zola",
    "佐藤 陽菜",
    "박 지호",
    "مريم بناني",
    "Марія",
    "🎉 Ana",
    "123",
    "!!",
)


def said(delivery: Delivery, code: str) -> str:
    return next((i["text"] for i in stored_findings.findings(delivery) if i["code"] == code), "")


def test_only_people_without_a_first_name_are_warned_of(runtime: Runtime, service: Service):
    for name in NAMES:
        make_subscription(runtime, service, make_visitor(runtime, name=name))
    nameless = sum(not first_name(name) for name in NAMES)

    delivery = ready(runtime, service, people=0, content="Hi {first_name}, {opt_out_line}")

    assert nameless == 3
    assert "3 people have no first name" in said(delivery, "empty_field")


@pytest.mark.parametrize("field", ["first_name|there", "full_name", "username"])
def test_a_field_that_is_filled_for_everybody_warns_of_nobody(
    runtime: Runtime, service: Service, field: str
):
    make_subscription(runtime, service, make_visitor(runtime, name="!!"))

    delivery = ready(runtime, service, people=0, content=f"Hi {{{field}}}, {{opt_out_line}}")

    assert said(delivery, "fields") == "All fields filled"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Our non-stop winter sale: don't stop until midnight!", "no_opt_out"),
        ("Meet us at the bus stop", "no_opt_out"),
        ("Bonjour ! Pour ne plus nous lire, répondez ARRÊT", "opt_out"),
        ("Spring is here. Reply STOP to end", "opt_out"),
        ("Spring is here. {opt_out_line}", "opt_out"),
    ],
)
def test_a_text_says_how_to_stop_where_it_offers_a_word_that_is_understood(
    runtime: Runtime, service: Service, text: str, code: str
):
    delivery = ready(runtime, service, people=1, content=text)

    assert said(delivery, code)


def test_the_opt_out_line_offers_a_word_that_is_understood():
    assert {wish_of(word) for word in listener().offers(texts.opt_out_line())} == {Wish.STOP}


def test_a_validity_that_is_too_short_is_told_with_the_latest_end(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    quarter = Limit(operation=Operation.DIRECT, scope=Scope.ACCOUNT, seconds=900, cap=1)
    network.limits = [quarter]

    delivery = ready(runtime, service, people=6, valid_for=3600)

    latest = datetime.fromisoformat(delivery.analysis["forecast"]["latest"])
    assert latest > runtime.now() + timedelta(hours=1)
    assert f"as late as {latest:%A} {latest.day}" in said(delivery, "too_slow")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"scheduled_at": datetime(9999, 12, 31, 23, 59, tzinfo=UTC)}, "within five years"),
        ({"valid_for": 10**12}, "for a year at most"),
    ],
)
def test_times_that_nobody_can_mean_are_refused(
    runtime: Runtime, draft: Delivery, changes, sentence
):
    with pytest.raises(Invalid, match=sentence):
        editing.edit(runtime, draft.id, DeliveryChanges(**changes))


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("9999-12-31", "Write the day as 2026-11-27."),
        ("0001-01-01", "Write the day as 2026-11-27."),
        ("4000-01-01", "A delivery must begin within five years. Choose an earlier time."),
    ],
)
def test_the_end_of_the_calendar_is_refused_beside_its_field(
    marketer: FlaskClient, runtime: Runtime, service: Service, day: str, sentence: str
):
    draft = make_delivery(runtime, service)
    typed = {"step": "schedule", "begin": "at", "day": day, "clock": "23:59"}

    page = marketer.post(address(draft), data=typed)

    assert page.status_code == 422
    assert f'value="{day}"' in page.text
    beside = re.search(r'id="below-day"[^>]*>(.*?)</p>', page.text, re.DOTALL)
    assert beside
    assert sentence in beside[1]


def test_an_analysis_that_nobody_foresaw_to_fail_ends_with_a_sentence(
    runtime: Runtime, service: Service, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_given: object) -> None:
        raise OverflowError

    monkeypatch.setattr(analysis, "outcome", broken)

    delivery = ready(runtime, service)

    assert delivery.state is DeliveryState.REJECTED
    assert "something went wrong inside Fanfare" in said(delivery, "failed")
