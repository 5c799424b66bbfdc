"""A message in which nobody wrote anything between greeting and opt-out line is an error."""

import pytest
from flask.testing import FlaskClient
from hypothesis import assume, given
from hypothesis import strategies as st

from channels.wishes import listener
from tests.support.composer import address
from tests.support.factories import make_delivery, make_subscription
from webapp.deliveries import analysis
from webapp.deliveries.drafts import editing, templates
from webapp.deliveries.drafts.skeleton import GREETINGS, says_something
from webapp.deliveries.models import Delivery, DeliveryKind, DeliveryState
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

EMPTY = (
    "Hi {first_name|there},\n\n\n\n{opt_out_line}",
    "Hi {first_name|there}, {opt_out_line}",
    "Dear {first_name},\nReply STOP to end these.",
    "Liebe {first_name},\n\n{opt_out_line}",
    "Bonjour {full_name} !\n\n...\n\n{opt_out_line}",
    "Good morning {first_name}!\n{opt_out_line}",
    "{first_name}\n{opt_out_line}",
    "Hi {first_name|there},\n\n\n\nWrite STOP and we will not write again.",
    "Hallo {first_name},\nschreib abmelden, wenn du nichts mehr bekommen willst.",
    "Bonjour {first_name},\nrépondez désinscrire.",
    "こんにちは {first_name}、\n「停止」と返信してください。",
)
WRITTEN = (
    "Hi {first_name|there}, spring is here. {opt_out_line}",
    "Happy birthday {first_name}! {opt_out_line}",
    "Stop by on Saturday! {opt_out_line}",
    "Hi! \N{PARTY POPPER} {opt_out_line}",
    "{first_name}, doors open at 9. {opt_out_line}",
    "Hi {first_name},\n\nhttps://a.example\n\n{opt_out_line}",
    "Hello",
    "Hi {first_name|there}, we have to STOP this bill today! {opt_out_line}",
    "Hi {first_name|there}, the last BAJA race is on Sunday. {opt_out_line}",
)
OWN = "Hi {first_name|there},\n\n\n\nYour Atelier Nord\n{opt_out_line}"


@pytest.mark.parametrize("text", EMPTY)
def test_a_frame_says_nothing(text: str):
    assert not says_something(text, listener())


@pytest.mark.parametrize("text", WRITTEN)
def test_what_somebody_wrote_is_found(text: str):
    assert says_something(text, listener())


@given(st.sampled_from(sorted(GREETINGS)), st.sampled_from([",", "!", ":", "\n"]), st.text())
def test_whatever_word_stands_between_greeting_and_way_out_is_found(
    greeting: str, sign: str, written: str
):
    frame = f"{greeting} {{first_name|there}}{sign}\n%s\n\n{{opt_out_line}}"

    assume(not listener().offers(written))
    assert not says_something(frame % "", listener())
    assert says_something(frame % f"spring {written}", listener())


def checked(runtime: Runtime, delivery: Delivery) -> list[str]:
    analysis.start(runtime, delivery.id)
    found = analysis.analyse(runtime, delivery.id).analysis["findings"]
    return [item["code"] for item in found if item["level"] == "error"]


def test_the_untouched_template_is_an_error_at_analysis_and_while_writing(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    make_subscription(runtime, service)
    templates.ensure_built_in(runtime)
    built_in = templates.built_in(runtime, "fake", DeliveryKind.DIRECT)
    assert built_in
    draft = make_delivery(runtime, service, content=built_in.content)

    page = marketer.get(address(draft)).text

    assert "Nothing is written between the greeting and the opt-out line." in page
    assert checked(runtime, draft) == ["untouched"]
    assert editing.get(runtime, draft.id).state is DeliveryState.REJECTED


def test_an_own_template_with_a_place_to_write_in_has_to_be_filled(
    runtime: Runtime, service: Service
):
    make_subscription(runtime, service)
    own = templates.save_as(runtime, make_delivery(runtime, service, content=OWN), "Letter")
    new = editing.NewDelivery(
        kind=own.kind, channel="fake", label="L", service_ids=[service.id], template_id=own.id
    )
    draft = editing.create(runtime, new)
    assert checked(runtime, draft) == ["untouched"]

    filled = OWN.replace("\n\n\n\n", "\n\nSpring is here.\n\n")
    editing.edit(runtime, draft.id, editing.DeliveryChanges(content=filled))

    assert checked(runtime, draft) == []


def test_an_own_template_that_is_a_whole_letter_may_go_out_as_it_is(
    runtime: Runtime, service: Service
):
    make_subscription(runtime, service)
    whole = make_delivery(runtime, service, content="Hi {first_name|you}, we open. {opt_out_line}")
    own = templates.save_as(runtime, whole, "Letter")
    new = editing.NewDelivery(
        kind=own.kind, channel="fake", label="L", service_ids=[service.id], template_id=own.id
    )

    assert checked(runtime, editing.create(runtime, new)) == []
