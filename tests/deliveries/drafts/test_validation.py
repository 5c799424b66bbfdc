"""Which accounts a delivery may go out from, and which may take its proofs."""

import pytest

from tests.support.factories import make_delivery, make_service
from webapp.deliveries.drafts import copying, editing
from webapp.deliveries.drafts.editing import DeliveryChanges
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts
from webapp.services.models import Service


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"is_test": True}, "@other is a test account: proofs go to it, deliveries do not."),
        ({"kind": "second"}, "other belongs to another channel than this delivery."),
        ({"removed": True}, "@other is not connected any more."),
    ],
)
def test_an_account_that_cannot_send_a_delivery_is_named(
    runtime: Runtime, service: Service, values: dict, sentence: str
):
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST)
    removed = values.pop("removed", False)
    other = make_service(runtime, internal_name="other", remote_id="9", **values)
    if removed:
        accounts.remove(runtime, other.id)

    with pytest.raises(Invalid) as fault:
        editing.edit(runtime, draft.id, DeliveryChanges(service_ids=[service.id, other.id]))

    assert fault.value.fields == {"service_ids": sentence}


def test_an_account_that_never_was_is_not_left_out_in_silence(runtime: Runtime, draft: Delivery):
    with pytest.raises(Invalid, match="One of these accounts is not connected"):
        editing.edit(runtime, draft.id, DeliveryChanges(service_ids=[999_999]))


@pytest.mark.parametrize("how", ["another channel", "disconnected"])
def test_proofs_go_to_no_account_that_cannot_take_them(runtime: Runtime, draft: Delivery, how):
    kind = "second" if how == "another channel" else "fake"
    other = make_service(runtime, kind=kind, internal_name="other", remote_id="9", is_test=True)
    if how == "disconnected":
        accounts.remove(runtime, other.id)

    with pytest.raises(Invalid, match="a connected account of the delivery’s own channel"):
        editing.edit(runtime, draft.id, DeliveryChanges(proof_service_id=other.id))


def test_a_copy_leaves_out_the_accounts_that_are_gone(
    runtime: Runtime, service: Service, proof_account: Service
):
    draft = make_delivery(runtime, service, proof_service_id=proof_account.id)
    accounts.remove(runtime, service.id)
    accounts.remove(runtime, proof_account.id)

    copy = copying.duplicate(runtime, draft.id)

    assert (copy.services, copy.proof_service_id) == ([], None)
    assert copy.content == draft.content
