"""Proofs: where they may go, that they go out once, and what becomes of their records."""

import pytest
from sqlalchemy import update

from channels import ErrorKind
from tests.support.deliveries import fault, proved, saying, states
from tests.support.factories import make_delivery, make_service, make_subscription
from tests.support.fakes import FakeNetwork
from webapp.audience.models import Subscription
from webapp.deliveries import control, proofs, sending
from webapp.deliveries.control import delete
from webapp.deliveries.drafts import editing, templates
from webapp.deliveries.models import Delivery, DeliveryKind, Message, MessageState
from webapp.deliveries.queries import listing
from webapp.deliveries.targeting import target
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.system.dashboard import todo


@pytest.fixture
def draft(runtime: Runtime, service: Service, proof_account: Service) -> Delivery:
    make_subscription(runtime, service)
    return make_delivery(runtime, service, proof_service_id=proof_account.id)


def test_a_post_is_proved_on_a_test_account_only(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    public = make_service(runtime, internal_name="atelier_shop")
    delivery = make_delivery(runtime, service, kind=DeliveryKind.POST, proof_service_id=public.id)

    with pytest.raises(Invalid, match="test account only"):
        proofs.send_proof(runtime, delivery.id)

    assert network.posts == []


def test_pressing_twice_sends_one_proof(runtime: Runtime, draft: Delivery):
    first = proofs.send_proof(runtime, draft.id)

    again = proofs.send_proof(runtime, draft.id)

    assert again.id == first.id
    assert len(proofs.proofs(runtime, draft.id)) == 1


def test_a_proof_that_the_account_holds_up_failed_and_may_be_sent_again(
    runtime: Runtime, draft: Delivery, network: FakeNetwork
):
    network.before = [fault(ErrorKind.SENDER, "bad_token")]
    proof = proofs.send_proof(runtime, draft.id)

    sending.send_batch(runtime, proof.id)

    runtime.session.expire_all()
    assert proofs.state_of(proof, draft) == "failed"
    assert proofs.send_proof(runtime, draft.id).number == 2


def test_a_proof_nobody_knows_of_is_not_asked_about_for_ever(runtime: Runtime, draft: Delivery):
    proof = proofs.send_proof(runtime, draft.id)

    assert proof.expires_at is not None


def test_a_draft_stays_while_its_proof_is_on_its_way(runtime: Runtime, draft: Delivery):
    proofs.send_proof(runtime, draft.id)

    with pytest.raises(Conflict, match=r"Proof #1 .* on its way. Wait for it, or stop it"):
        delete.remove(runtime, draft.id)


@pytest.mark.parametrize("stopped", [False, True])
def test_a_draft_stays_while_nobody_knows_what_became_of_its_proof(
    runtime: Runtime, draft: Delivery, network: FakeNetwork, stopped
):
    network.after = [fault(ErrorKind.UNKNOWN, "no_answer")]
    proof = proved(runtime, draft)
    if stopped:
        control.stop(runtime, proof.id)

    with pytest.raises(Conflict, match="#1"):
        delete.remove(runtime, draft.id)

    runtime.session.rollback()
    assert states(runtime, proof) == ["unknown"]


def test_a_removed_draft_leaves_the_lists_and_its_proof_stays_on_record(
    runtime: Runtime, draft: Delivery
):
    proved(runtime, draft)

    delete.remove(runtime, draft.id)

    assert listing.counts(runtime)["all"] == 0
    assert runtime.session.query(Message).filter_by(state=MessageState.SENT).count() == 1


def test_a_draft_without_proofs_goes_for_good(runtime: Runtime, draft: Delivery):
    delete.remove(runtime, draft.id)

    assert runtime.session.query(Delivery).count() == 0


def test_nothing_of_a_removed_draft_can_be_sent_any_more(
    runtime: Runtime, draft: Delivery, network: FakeNetwork
):
    network.before = [fault(ErrorKind.SENDER, "bad_token")]
    proof = proved(runtime, draft)

    delete.remove(runtime, draft.id)

    sending.send_batch(runtime, proof.id)
    assert states(runtime, proof) == ["cancelled"]
    assert network.directs == []
    with pytest.raises(Conflict, match="no longer be edited"):
        proofs.send_proof(runtime, draft.id)


def test_the_proof_of_a_removed_draft_is_not_approved_any_more(runtime: Runtime, draft: Delivery):
    proof = proved(runtime, draft)
    delete.remove(runtime, draft.id)

    with pytest.raises(Conflict, match="is removed"):
        proofs.approve(runtime, proof.id)


def test_a_text_that_is_approved_waits_for_nobody(runtime: Runtime, draft: Delivery):
    for _number in range(2):
        proof = proofs.send_proof(runtime, draft.id)
        sending.send_batch(runtime, proof.id)
    proofs.approve(runtime, proof.id)

    assert todo.needs_you(runtime) == []
    assert listing.counts(runtime)["needs"] == 0


def test_a_proof_from_a_real_account_goes_to_nobody_by_the_id_of_a_sandbox_account(
    runtime: Runtime, network: FakeNetwork, service: Service, proof_account: Service
):
    proof_account.is_sandbox = True
    runtime.session.commit()
    draft = make_delivery(runtime, service)
    assert draft.proof_service_id is None

    draft.proof_service_id = proof_account.id
    runtime.session.commit()
    with pytest.raises(Invalid, match="sandbox"):
        proofs.send_proof(runtime, draft.id)
    runtime.session.rollback()
    wanted = editing.DeliveryChanges(proof_service_id=proof_account.id, label="Another")
    with pytest.raises(Invalid, match="Proofs go to"):
        editing.edit(runtime, draft.id, wanted)

    assert network.directs == []


def test_a_proof_shows_every_variant(runtime: Runtime, network: FakeNetwork, draft: Delivery):
    saying(runtime, draft, ["One. {opt_out_line}"], ["Two. {opt_out_line}"])

    proof = proved(runtime, draft)

    assert [text.split(".")[0] for _person, text in network.directs] == ["One", "Two"]
    assert proofs.state_of(proof, draft) == "to_approve"


def test_the_proof_of_a_post_shows_every_variant(
    runtime: Runtime, network: FakeNetwork, service: Service, proof_account: Service
):
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST)
    draft.proof_service = proof_account

    proved(runtime, saying(runtime, draft, ["One."], ["Two."]))

    assert network.posts == ["One.", "Two."]


def test_a_variant_without_a_text_is_not_proved(runtime: Runtime, draft: Delivery):
    saying(runtime, draft, ["One. {opt_out_line}"], ["{first_name}"])

    with pytest.raises(Invalid, match="no text to prove"):
        proofs.send_proof(runtime, draft.id)


def test_what_says_several_texts_is_no_template(runtime: Runtime, draft: Delivery):
    saying(runtime, draft, ["One."], ["Two."])

    with pytest.raises(Invalid, match="one text"):
        templates.save_as(runtime, draft, "Both")

    assert "Both" not in [template.name for template in templates.every(runtime)]


def test_a_proof_keeps_whose_data_filled_it_though_nobody_was_chosen(
    runtime: Runtime, draft: Delivery
):
    first = target.person(runtime, draft)
    proof = proofs.send_proof(runtime, draft.id)
    again = proofs.send_proof(runtime, draft.id)

    make_subscription(runtime, draft.services[0])
    runtime.session.execute(
        update(Subscription).where(Subscription.visitor == first).values(opted_out_at=runtime.now())
    )
    runtime.session.commit()

    assert again.id == proof.id
    assert target.person(runtime, draft) != first
    assert proofs.data_of(runtime, proof) == first
    assert draft.proof_visitor_id is None
