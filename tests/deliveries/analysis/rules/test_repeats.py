"""Two posts of one account with one text are named before the second goes out."""

from datetime import timedelta

import pytest

from channels import Accepts, ErrorKind, Feature
from tests.support.deliveries import begin, fault, saying, sent
from tests.support.factories import make_delivery, make_service
from tests.support.fakes import FakeNetwork
from webapp.deliveries import analysis, control, sending, variants
from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.approval import confirm
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

HOUR = timedelta(hours=1)


def post(runtime: Runtime, service: Service, **changes) -> Delivery:
    return make_delivery(runtime, service, kind=DeliveryKind.POST, **changes)


def analysed(runtime: Runtime, delivery: Delivery) -> Delivery:
    analysis.start(runtime, delivery.id)
    return analysis.analyse(runtime, delivery.id)


def duplicate(delivery: Delivery) -> str:
    found = stored_findings.findings(delivery)
    return next((item["text"] for item in found if item["code"] == "duplicate"), "")


@pytest.fixture
def scheduled(runtime: Runtime, service: Service) -> Delivery:
    at = runtime.now() + HOUR
    draft = post(runtime, service, label="Doors", scheduled_at=at)
    return begin(runtime, analysed(runtime, draft))


def test_a_second_scheduled_post_with_the_same_text_names_the_first(
    runtime: Runtime, service: Service, scheduled: Delivery
):
    at = runtime.now() + 2 * HOUR
    same = post(runtime, service, scheduled_at=at, content="Spring is here.\n ")

    assert "“Doors” publishes the same text on @" in duplicate(analysed(runtime, same))


def test_other_texts_accounts_and_far_days_are_no_repetition(
    runtime: Runtime, service: Service, scheduled: Delivery
):
    late = runtime.now() + timedelta(days=60)
    drafts = [
        post(runtime, service, content="Summer is here."),
        post(runtime, make_service(runtime)),
        post(runtime, service, scheduled_at=late),
    ]

    assert [duplicate(analysed(runtime, draft)) for draft in drafts] == ["", "", ""]


def test_a_stopped_post_leaves_its_text_free(
    runtime: Runtime, service: Service, scheduled: Delivery
):
    control.stop(runtime, scheduled.id)

    assert duplicate(analysed(runtime, post(runtime, service))) == ""


def test_a_refused_post_leaves_its_text_free(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    network.before = [fault(ErrorKind.PERMANENT, "refused")]
    sent(runtime, service, people=0, kind=DeliveryKind.POST)

    assert duplicate(analysed(runtime, post(runtime, service))) == ""


def test_of_two_that_were_analysed_first_only_one_is_confirmed(runtime: Runtime, service: Service):
    one, other = (analysed(runtime, post(runtime, service, label=name)) for name in "AB")
    begin(runtime, one)

    with pytest.raises(confirm.Unseen, match="“A” publishes the same text"):
        begin(runtime, other)


@pytest.fixture
def threads(network: FakeNetwork) -> None:
    network.accepts = Accepts(features={Feature.THREAD, Feature.REPLY})


@pytest.mark.usefixtures("threads")
def test_a_part_of_a_thread_is_a_repetition_wherever_it_stands(runtime: Runtime, service: Service):
    begin(runtime, analysed(runtime, saying(runtime, post(runtime, service), ["One.", "Two."])))
    again = post(runtime, service, content="Two.")
    inside = saying(runtime, post(runtime, service), ["Begin.", " Two. "])
    other = saying(runtime, post(runtime, service), ["Begin.", "Three."])

    found = [bool(duplicate(analysed(runtime, item))) for item in (again, inside, other)]

    assert found == [True, True, False]


def test_only_the_variant_that_an_account_got_is_repeated_there(runtime: Runtime, service: Service):
    draft = saying(runtime, post(runtime, service, content="One."), ["One."], ["Two."])
    got = variants.of_message(draft, variants.chosen(draft, service.id)).parts[0].text
    begin(runtime, analysed(runtime, draft))

    found = [
        text
        for text in ("One.", "Two.")
        if duplicate(analysed(runtime, post(runtime, service, content=text)))
    ]

    assert found == [got]


@pytest.mark.usefixtures("threads")
def test_the_parts_of_a_thread_that_are_out_are_repetitions_and_the_others_are_not(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    thread = begin(
        runtime, analysed(runtime, saying(runtime, post(runtime, service), ["One.", "Two."]))
    )
    network.before = [None, fault(ErrorKind.PERMANENT)]
    sending.send_batch(runtime, thread.id)

    found = [
        text
        for text in ("One.", "Two.")
        if duplicate(analysed(runtime, post(runtime, service, content=text)))
    ]

    assert found == ["One."]


HI = "Hi {first_name|there}, come in. {opt_out_line}"


@pytest.mark.parametrize(
    ("others", "warned"),
    [
        ([["Something else. {opt_out_line}"], [HI]], True),
        ([["Something else. {opt_out_line}"]], False),
        ([[HI, "And more."]], False),
    ],
)
@pytest.mark.usefixtures("threads")
def test_people_are_warned_of_any_variant_they_may_have_got(
    runtime: Runtime, service: Service, others: list[list[str]], *, warned: bool
):
    sent(runtime, service, content=HI)
    draft = saying(runtime, make_delivery(runtime, service), *others)

    found = stored_findings.findings(analysed(runtime, draft))

    assert ("again" in [item["code"] for item in found]) is warned
