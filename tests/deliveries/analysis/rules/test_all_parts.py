"""The control rules look at every part of every variant, not only at the first text."""

import pytest

from channels import Accepts, Feature, Finding, Level
from tests.support.deliveries import saying
from tests.support.factories import make_delivery, make_service, make_subscription, make_visitor
from tests.support.fakes import FakeNetwork
from webapp.deliveries import analysis
from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.models import Delivery, DeliveryKind, PartMedia
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

HELLO = "Hi {first_name|there}, spring is here. {opt_out_line}"
GOOD = "Doors open at nine."
STOP = "{opt_out_line}"


@pytest.fixture(autouse=True)
def _takes_threads(network: FakeNetwork) -> None:
    network.accepts = Accepts(features={Feature.THREAD, Feature.REPLY, Feature.MEDIA})


def analysed(runtime: Runtime, draft: Delivery) -> Delivery:
    analysis.start(runtime, draft.id)
    return analysis.analyse(runtime, draft.id)


def post(runtime: Runtime, *services: Service) -> Delivery:
    return make_delivery(runtime, *services, kind=DeliveryKind.POST)


def direct(runtime: Runtime, service: Service) -> Delivery:
    make_subscription(runtime, service, make_visitor(runtime, name="!!"))
    return make_delivery(runtime, service)


def said(delivery: Delivery) -> dict[str, str]:
    return {item["code"]: item["text"] for item in stored_findings.findings(delivery)}


@pytest.mark.parametrize(
    ("late", "code"),
    [
        ("  ", "empty"),
        ("Hi {who}", "unknown_field"),
        ("Hi {first_name|there}", "field_in_post"),
        ("Now <b>open</b>.", "markup"),
        ("See https://nowhere", "link"),
        ("x" * 281, "too_long"),
    ],
)
@pytest.mark.parametrize("place", ["second part", "second variant"])
def test_what_a_later_text_of_a_post_lacks_is_found(
    runtime: Runtime, service: Service, late: str, code: str, place: str
):
    variants = [[GOOD, late]] if place == "second part" else [[GOOD], [late]]

    delivery = analysed(runtime, saying(runtime, post(runtime, service), *variants))

    assert code in said(delivery)


def test_an_empty_part_is_named_by_its_number(runtime: Runtime, service: Service):
    delivery = analysed(runtime, saying(runtime, post(runtime, service), [GOOD, "More.", ""]))

    assert said(delivery)["empty"] == "Part 3 has no text yet."


def test_a_picture_alone_is_something_to_say(runtime: Runtime, service: Service):
    draft = saying(runtime, post(runtime, service), [GOOD, ""])
    picture = PartMedia(position=0, sha256="a" * 64, mime="image/png", bytes=3, alt="A door")
    draft.variants[0].parts[1].media.append(picture)
    runtime.session.commit()

    assert "empty" not in said(analysed(runtime, draft))


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ("Come in, {first_name|there}.", "no_opt_out"),
        (f"Hi {{first_name|there}},\n\n\n\n{STOP}", "untouched"),
        (f"Come in, {{first_name}}. {STOP}", "empty_field"),
        (f"Come in, {{full}}. {STOP}", "unknown_field"),
    ],
)
def test_what_another_variant_of_a_message_lacks_is_found(
    runtime: Runtime, service: Service, other: str, code: str
):
    draft = saying(runtime, direct(runtime, service), [HELLO], [other])

    assert code in said(analysed(runtime, draft))


def test_the_way_out_may_stand_in_any_part_of_a_message(runtime: Runtime, service: Service):
    draft = saying(runtime, direct(runtime, service), ["Hi there, spring is here.", STOP])

    found = said(analysed(runtime, draft))

    assert "opt_out" in found
    assert found.keys().isdisjoint({"no_opt_out", "empty", "untouched"})


@pytest.mark.parametrize("field", ["subject", "html"])
def test_fields_of_subjects_and_html_are_known_ones(runtime: Runtime, service: Service, field: str):
    draft = direct(runtime, service)
    setattr(draft.variants[0].parts[0], field, "Hi {who}")
    runtime.session.commit()

    assert "unknown_field" in said(analysed(runtime, draft))


def test_accounts_that_get_different_variants_do_not_publish_the_same(
    runtime: Runtime, service: Service
):
    accounts = [service, make_service(runtime)]
    one = analysed(runtime, saying(runtime, post(runtime, *accounts), [GOOD]))
    draft = post(runtime, *accounts)
    # Of so many variants no two accounts get the same.
    several = [[f"Text {number}."] for number in range(40)]

    assert "same_text" in said(one)
    assert "same_text" not in said(analysed(runtime, saying(runtime, draft, *several)))


def test_the_rules_of_plugins_see_every_variant(
    runtime: Runtime, service: Service, monkeypatch: pytest.MonkeyPatch
):
    seen = []

    def findings(_registry, draft):
        seen.append(draft.content.text)
        return [Finding(code="loud", level=Level.WARNING, message="It shouts.")]

    monkeypatch.setattr(type(runtime.registry), "findings", findings)
    draft = saying(runtime, post(runtime, service), ["One."], ["Two."])

    delivery = analysed(runtime, draft)

    assert seen == ["One.", "Two."]
    codes = [item["code"] for item in stored_findings.findings(delivery)]
    assert codes.count("loud") == 1


def test_two_parts_of_a_thread_that_say_the_same_are_named(runtime: Runtime, service: Service):
    draft = saying(runtime, post(runtime, service), [GOOD, "More.", f"{GOOD} "])

    found = said(analysed(runtime, draft))

    assert found["duplicate"] == "Parts 1 and 3 say the same; the second would be refused."
