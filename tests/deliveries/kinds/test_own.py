"""A channel brings a kind of message of its own: a letter, which has a subject."""

import pytest

from channels import Accepts, Feature, MessageKind, inspection
from channels.validation import ContractViolation
from tests.support.cli import Cli
from tests.support.deliveries import begin, proved, states
from tests.support.factories import make_service, make_subscription
from tests.support.fakes import FakeChannel, FakeNetwork
from webapp.deliveries import analysis, kinds, proofs, sending
from webapp.deliveries.drafts import copying, creation_options, editing, templates
from webapp.deliveries.kinds import DeliveryKind
from webapp.deliveries.models import Delivery, DeliveryState
from webapp.deliveries.queries import listing
from webapp.kernel.errors import Invalid
from webapp.kernel.plugins.admission import Refused, checked_channels
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

LETTER = MessageKind(
    name="letter",
    label="letter",
    labels="letters",
    accepts=Accepts(features={Feature.SUBJECT}),
    starter="Dear {first_name|reader},\n\n\n\n{opt_out_line}",
)
TEXT = "Dear {first_name|reader}, spring is here. {opt_out_line}"


@pytest.fixture(autouse=True)
def _letters(network: FakeNetwork) -> None:
    network.message_kinds = [LETTER]


def letter(runtime: Runtime, service: Service, **changes: object) -> Delivery:
    made = editing.create(
        runtime,
        editing.NewDelivery(
            kind=kinds.named("letter"),
            channel=service.kind,
            label="Spring",
            service_ids=[service.id],
        ),
    )
    given = {"content": TEXT, "subject": "For {first_name|you}"} | changes
    return editing.edit(runtime, made.id, editing.DeliveryChanges(**given))


def test_a_letter_goes_from_its_draft_to_its_readers(runtime: Runtime, network: FakeNetwork):
    service, account = make_service(runtime), make_service(runtime, is_test=True)
    make_subscription(runtime, service)
    draft = letter(runtime, service, proof_service_id=account.id)
    proofs.approve(runtime, proved(runtime, draft).id)
    analysis.start(runtime, draft.id)

    delivery = begin(runtime, analysis.analyse(runtime, draft.id))
    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"]
    assert delivery.kind.label == "Letter"
    proof, real = network.outgoing
    assert (real.kind, proof.kind) == ("letter", "letter")
    assert real.subject.startswith("For ")
    assert "{" not in real.subject + real.text


def test_it_begins_with_the_template_and_the_words_of_its_channel(
    runtime: Runtime, service: Service
):
    templates.ensure_built_in(runtime)
    runtime.session.commit()

    starts = creation_options.starts(runtime, creation_options.Asked(kind="letter"))

    assert [start.kind.on("Fake") for start in starts] == ["Letter on Fake"]
    assert [item.content for item in starts[0].templates] == [LETTER.starter]
    copy = copying.duplicate(runtime, letter(runtime, service).id)
    assert (copy.kind.name, copy.subject) == ("letter", "For {first_name|you}")


def test_a_letter_without_a_subject_is_refused(runtime: Runtime, service: Service):
    make_subscription(runtime, service)
    draft = letter(runtime, service, subject="  ")
    analysis.start(runtime, draft.id)

    delivery = analysis.analyse(runtime, draft.id)

    assert delivery.state is DeliveryState.REJECTED
    assert "no_subject" in [item["code"] for item in delivery.analysis["findings"]]


def test_a_subject_is_one_line_and_voids_what_was_proved(runtime: Runtime, service: Service):
    draft = letter(runtime, service)
    sealed = draft.content_hash

    changed = editing.edit(
        runtime, draft.id, editing.DeliveryChanges(subject="Hi\r\nBcc: all@a.example")
    )

    assert changed.subject == "Hi Bcc: all@a.example"
    assert changed.content_hash != sealed
    with pytest.raises(Invalid):
        editing.edit(runtime, draft.id, editing.DeliveryChanges(subject="a" * 201))


def test_it_is_listed_among_direct_messages_and_by_its_own_name(runtime: Runtime, service: Service):
    made = letter(runtime, service)

    for name in ("direct", "letter"):
        found = listing.page(runtime, listing.Query(kind=name)).lines
        assert [line.delivery.id for line in found] == [made.id]


def test_one_whose_plugin_is_gone_stays_what_it_was(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    made = letter(runtime, service)
    network.message_kinds = []
    runtime.session.expire_all()

    found = runtime.session.get_one(Delivery, made.id).kind

    assert (found.name, found.label) == ("letter", "Letter")
    assert found.family is DeliveryKind.DIRECT


def test_one_whose_channel_brings_it_no_more_goes_out_as_nothing_else(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.message_kinds = [MessageKind(name="note", label="note", labels="notes")]
    make_subscription(runtime, service)
    made = editing.NewDelivery(
        kind=kinds.named("note"), channel=service.kind, label="Hi", service_ids=[service.id]
    )
    draft = editing.create(runtime, made)
    editing.edit(runtime, draft.id, editing.DeliveryChanges(content=TEXT))
    analysis.start(runtime, draft.id)
    delivery = begin(runtime, analysis.analyse(runtime, draft.id))
    network.message_kinds = []
    runtime.session.expire_all()

    sending.send_batch(runtime, delivery.id)

    assert network.directs == []
    assert states(runtime, delivery) == ["pending"]
    assert delivery.state is DeliveryState.PAUSED


@pytest.mark.parametrize("name", ["A letter", "", "_letter"])
def test_a_kind_whose_name_is_no_slug_cannot_be_made(name: str):
    with pytest.raises(ContractViolation, match="a slug such as letter"):
        MessageKind(name=name, label="letter", labels="letters")


@pytest.mark.parametrize("name", ["post", "direct"])
def test_a_kind_with_a_name_that_cannot_be_is_refused(network: FakeNetwork, name: str):
    network.message_kinds = [MessageKind(name=name, label="letter", labels="letters")]

    found = [item.state.value for item in inspection.channel_checks(FakeChannel(network))]

    assert found.count("error") == 1


def test_no_two_channels_bring_a_kind_of_one_name(network: FakeNetwork):
    other = FakeChannel(network)
    other.kind = "other"

    with pytest.raises(Refused, match="fake brings the message kind letter already"):
        checked_channels([FakeChannel(network), other], [])


def test_the_command_line_makes_one(cli: Cli):
    said = cli("delivery", "create", "--kind", "leter", "--service", "nobody", "--label", "Doors")

    assert said.code == 1
    assert said.err.count("\n") == 1
