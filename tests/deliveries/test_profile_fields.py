"""Fields of profiles in texts: filled for their own person alone, and for nobody else."""

import pytest

from tests.support.deliveries import begin, proved, states
from tests.support.factories import make_delivery, make_service, make_subscription, make_visitor
from tests.support.fakes import FakeNetwork
from webapp.audience.models import Subscription
from webapp.deliveries import analysis, profile_fields, sending
from webapp.deliveries.analysis import preview, stored_findings
from webapp.deliveries.analysis.rules import gather
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.profiles import contacts, own_fields
from webapp.profiles.reconciliation import linking
from webapp.services.models import Service

ASKED = "Is {profile.company} still in {profile.home_town|town}?\n{opt_out_line}"


@pytest.fixture
def company(runtime: Runtime) -> str:
    """The name of the field of the company; that of the town is there, too."""
    own_fields.add(runtime, "Home town")
    return f"own.{own_fields.add(runtime, 'Company').code}"


@pytest.fixture
def known(runtime: Runtime, service: Service, company: str) -> Subscription:
    """Somebody whose profile names a company, and no town."""
    make_subscription(runtime, service, wrote_first_at=None)
    tie = make_subscription(runtime, service)
    profile = contacts.create(runtime, {"first_name": "Ana", company: "Quastenwerk"})
    linking.link(runtime, tie.visitor_id, profile.id)
    return tie


def analysed(runtime: Runtime, draft: Delivery) -> list[str]:
    analysis.start(runtime, draft.id)
    found = stored_findings.findings(analysis.analyse(runtime, draft.id))
    return [item["text"] for item in found if "profile" in item["code"] or item["level"] == "error"]


def test_each_reads_their_own_profile_and_who_has_none_gets_no_empty_field(
    runtime: Runtime, service: Service, known: Subscription, network: FakeNetwork
):
    make_subscription(runtime, service)
    draft = make_delivery(runtime, service, content=ASKED)

    told = analysed(runtime, draft)
    delivery = begin(runtime, draft)
    sending.send_batch(runtime, delivery.id)

    assert told == [
        "1 person has no profile that says “Company”, so their message will not go out. Give the "
        "field a word for them: {profile.company|…}"
    ]
    assert [text.partition("\n")[0] for _who, text in network.directs] == [
        "Is Quastenwerk still in town?"
    ]
    assert sorted(states(runtime, delivery)) == ["ignored", "sent"]


def test_a_text_is_measured_as_the_longest_profile_makes_it(
    runtime: Runtime, service: Service, known: Subscription, company: str
):
    link = linking.of_visitor(runtime, known.visitor_id)
    assert link
    version = link.profile.version
    contacts.edit(runtime, link.profile_id, {company: "W" * 190}, version=version)
    for number in range(30):
        make_subscription(runtime, service, make_visitor(runtime, name=f"Wilhelmine {number}"))
    draft = make_delivery(runtime, service, content=ASKED)

    assert gather(runtime, draft).longest.length > 190


def test_a_change_of_the_profile_counts_up_to_the_message(
    runtime: Runtime,
    service: Service,
    known: Subscription,
    network: FakeNetwork,
    company: str,
):
    draft = make_delivery(runtime, service, content=ASKED)
    analysed(runtime, draft)
    delivery = begin(runtime, draft)
    link = linking.of_visitor(runtime, known.visitor_id)
    assert link
    version = link.profile.version
    contacts.edit(runtime, link.profile_id, {company: "Neuwerk"}, version=version)

    sending.send_batch(runtime, delivery.id)

    assert "Is Neuwerk still" in network.directs[0][1]


def test_preview_and_proof_show_them_and_a_post_refuses_them(
    runtime: Runtime, service: Service, known: Subscription, network: FakeNetwork
):
    proofs = make_service(runtime, internal_name="proof", remote_id="2", is_test=True)
    draft = make_delivery(runtime, service, content=ASKED, proof_service_id=proofs.id)
    post = make_delivery(
        runtime, service, kind=DeliveryKind.POST, content="Hail {profile.company|all}!"
    )

    seen = preview.draw(runtime, draft, service, known.visitor)
    proved(runtime, draft)

    assert "Is Quastenwerk still in town?" in seen.text
    assert "Is Quastenwerk still in town?" in network.directs[0][1]
    assert analysed(runtime, post) == [
        "A post is for everybody, and what a profile says is private: {profile.company} goes into "
        "no post."
    ]


def test_a_token_is_made_of_the_name_and_of_the_number_where_that_is_taken(
    runtime: Runtime, company: str
):
    for name in ("Home-town", "E mail", "☎"):
        own_fields.add(runtime, name)

    known = profile_fields.known(runtime)

    assert list(known) == [
        *("profile.first_name", "profile.last_name", "profile.email", "profile.phone"),
        *("profile.home_town", "profile.company", "profile.own_3", "profile.e_mail"),
        "profile.own_5",
    ]
    assert known["profile.company"].name == company


def test_no_other_field_takes_the_token_of_one_that_went(runtime: Runtime, company: str):
    newer = own_fields.add(runtime, "Home-town")
    before = profile_fields.known(runtime)
    (older,) = (label for token, label in before.items() if token == "profile.home_town")

    own_fields.remove(runtime, int(older.name.removeprefix("own.")))

    after = profile_fields.known(runtime)
    assert "profile.home_town" not in after
    assert after[f"profile.own_{newer.code}"] == before[f"profile.own_{newer.code}"]


def test_a_field_that_went_since_keeps_the_message_back(
    runtime: Runtime, service: Service, known: Subscription, company: str, network: FakeNetwork
):
    draft = make_delivery(runtime, service, content=ASKED)
    analysed(runtime, draft)
    delivery = begin(runtime, draft)
    own_fields.remove(runtime, int(company.removeprefix("own.")))

    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["ignored"]
    assert network.directs == []
