"""An erasure leaves no trace of somebody in any table or file, and every figure as it was."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from channels import InboundMessage, Wish
from tests.privacy.conftest import WORDS, Known
from tests.support.deliveries import begin, ready, states
from tests.support.factories import make_subscription, make_workflow
from tests.support.fakes import FakeNetwork, person
from tests.support.sync import work
from tests.support.traces import files_with, rows_with
from webapp.audience import erased as erased_people
from webapp.audience.inbox import reader
from webapp.audience.models import Consent, ErasedPerson, Subscription, Visitor
from webapp.audience.visitors import people
from webapp.deliveries import sending
from webapp.deliveries.counts import figures_of
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.kernel.audit import AuditEntry
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import SecretBox, new_key
from webapp.privacy import erasing, wishes
from webapp.privacy.models import ErasureWish, WishState
from webapp.services import key_rotation
from webapp.services.models import Service


def erased(runtime: Runtime, visitor: Visitor) -> ErasureWish:
    wish = wishes.ask(runtime, visitor.id)
    return erasing.erase(runtime, wish.id, visitor.handle)


def everybody(runtime: Runtime) -> set[str]:
    runtime.session.expire_all()
    return set(runtime.session.scalars(select(Visitor.remote_id)))


def test_what_an_instance_knows_of_somebody_stands_in_many_tables(runtime: Runtime, known: Known):
    tables = {line.partition(".")[0] for line in rows_with(runtime, *WORDS)}

    assert tables >= {
        *("visitor", "visitor_word", "consent", "received_message", "attempt"),
        *("delivery", "content_part", "channel_event", "audit_entry"),
    }


def test_an_erasure_leaves_no_trace_in_any_table(runtime: Runtime, known: Known):
    erased(runtime, known.visitor)

    assert rows_with(runtime, *WORDS) == []


@pytest.mark.one_database
def test_an_erasure_leaves_no_trace_in_the_files_of_an_instance_nor_in_a_later_copy(
    runtime: Runtime, known: Known, tmp_path: Path
):
    runtime.session.commit()
    assert files_with(tmp_path, *WORDS) != []

    erased(runtime, known.visitor)
    runtime.session.close()
    file = runtime.session.get_bind().url.database
    with sqlite3.connect(file) as source, sqlite3.connect(tmp_path / "copy.db") as target:
        source.backup(target)
    source.close()
    target.close()

    assert files_with(tmp_path, *WORDS) == []


def test_conditions_that_asked_for_somebody_find_nobody_and_not_everybody(
    runtime: Runtime, known: Known
):
    draft = runtime.session.query(Delivery).order_by(Delivery.id.desc()).first()

    erased(runtime, known.visitor)

    runtime.session.expire_all()
    but_them, them = ([condition] for condition in draft.filters)
    assert them == [{"any": [{"field": "username", "op": "is", "value": "(erased)"}]}]
    assert people.count(runtime, people.Query(conditions=them)) == 0
    others = people.count(runtime, people.Query())
    assert people.count(runtime, people.Query(conditions=but_them)) == others > 0


def test_figures_stay_as_they_were(runtime: Runtime, known: Known):
    before = figures_of(runtime, [known.to_all.id])[known.to_all.id]
    lines = states(runtime, known.to_all)

    erased(runtime, known.visitor)

    assert figures_of(runtime, [known.to_all.id])[known.to_all.id] == before
    assert states(runtime, known.to_all) == lines


def test_the_proof_of_a_consent_stays_and_names_nobody(runtime: Runtime, known: Known):
    mine = select(Consent.id, Consent.answer, Consent.text_hash, Consent.at).order_by(Consent.id)
    before = runtime.session.execute(mine.where(Consent.visitor_id == known.visitor.id)).all()
    assert len(before) == 3

    erased(runtime, known.visitor)

    after = mine.where(Consent.visitor_id.is_(None))
    # The wish itself ended what they agreed to, as one more row.
    assert runtime.session.execute(after).all()[:3] == before


def test_others_are_left_alone(runtime: Runtime, known: Known):
    others = everybody(runtime) - {"z90210z"}
    texts = "SELECT count(*) FROM attempt WHERE text = ''"
    assert others

    erased(runtime, known.visitor)

    assert everybody(runtime) == others
    attempts = runtime.session.connection().exec_driver_sql(texts).scalar_one()
    # The one to them with others, the one to them alone, and the proof with their name.
    assert attempts == 3


def test_a_synchronisation_does_not_bring_somebody_back(
    runtime: Runtime, known: Known, network: FakeNetwork
):
    network.people = [
        person(7),
        person(1, remote_id="z90210z", handle="quastenfink", name="Zerlinde Quastenfink"),
    ]
    erased(runtime, known.visitor)

    run = work(runtime, make_workflow(runtime))

    assert run.state == "done"
    assert "r7" in everybody(runtime)
    assert rows_with(runtime, *WORDS) == []


def test_messages_from_before_the_erasure_are_not_read_in_again(
    runtime: Runtime, known: Known, network: FakeNetwork
):
    erased(runtime, known.visitor)
    known.service.inbox_read_at = known.service.inbox_read_to = None
    runtime.session.commit()

    assert reader.read_new(runtime, known.service).new == 0
    assert rows_with(runtime, *WORDS) == []


def test_who_writes_again_comes_back_by_their_own_wish(
    runtime: Runtime, known: Known, network: FakeNetwork, clock
):
    who = person(1, remote_id="z90210z", handle="quastenfink", name="Zerlinde Quastenfink")
    erased(runtime, known.visitor)
    clock.set(runtime.now() + timedelta(hours=1))
    stop = InboundMessage(
        remote_id="n9", person=who, text="STOP", received_at=runtime.now(), wish=Wish.STOP
    )
    network.inbound = [stop]

    assert reader.read_new(runtime, known.service).new == 1

    back = runtime.session.query(Subscription).join(Visitor).filter_by(remote_id="z90210z").one()
    assert back.opted_out_at == runtime.now()
    assert runtime.session.scalars(select(ErasedPerson)).all() == []


def test_who_was_erased_is_known_by_a_hash_whose_key_is_encrypted_and_rotates(
    runtime: Runtime, known: Known, network: FakeNetwork, settings
):
    erased(runtime, known.visitor)
    key = new_key()
    both = replace(runtime, secret_box=SecretBox([key, *settings.encryption_keys]))
    key_rotation.rotate(both)
    new_alone = replace(runtime, secret_box=SecretBox([key]))
    network.people = [person(1, remote_id="z90210z", handle="quastenfink", name="Zerlinde")]

    work(new_alone, make_workflow(runtime))

    assert erased_people.among(new_alone, "fake", ["z90210z", "r7"]).keys() == {"z90210z"}
    assert rows_with(runtime, *WORDS) == []


def test_nobody_is_erased_under_another_name(runtime: Runtime, known: Known):
    wish = wishes.ask(runtime, known.visitor.id)

    with pytest.raises(Invalid) as refused:
        erasing.erase(runtime, wish.id, "person7")

    runtime.session.rollback()
    assert "name" in refused.value.fields
    assert "z90210z" in everybody(runtime)


def test_an_erasure_waits_for_a_message_that_is_on_its_way(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    tie = make_subscription(runtime, service)
    delivery = begin(runtime, ready(runtime, service, 0))
    wish = wishes.ask(runtime, tie.visitor_id)
    message = runtime.session.query(Message).filter_by(delivery_id=delivery.id).one()
    message.state = MessageState.SENDING
    runtime.session.commit()

    with pytest.raises(Conflict):
        erasing.erase(runtime, wish.id, tie.visitor.handle)

    runtime.session.rollback()
    assert runtime.session.get_one(ErasureWish, wish.id).state is WishState.ASKED
    assert runtime.session.get_one(Message, message.id).visitor_id == tie.visitor_id


def test_a_message_that_waits_for_somebody_who_was_erased_is_left_out(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    tie, other = (make_subscription(runtime, service) for _number in range(2))
    delivery = begin(runtime, ready(runtime, service, 0))
    erased(runtime, tie.visitor)

    sending.send_batch(runtime, delivery.id)

    rows = runtime.session.query(Message).filter_by(delivery_id=delivery.id)
    found = {(row.state.value, row.reason) for row in rows}
    assert found == {("ignored", "erased"), ("sent", "")}
    assert [remote_id for remote_id, _text in network.directs] == [other.visitor.remote_id]


def test_somebody_new_with_the_id_of_a_row_that_went_gets_their_message(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    tie = make_subscription(runtime, service)
    delivery = begin(runtime, ready(runtime, service, 0))
    number = tie.visitor_id
    erased(runtime, tie.visitor)

    taken = {row.recipient for row in runtime.session.query(Message)}

    assert f"visitor:{number}" not in taken
    assert runtime.session.get_one(type(delivery), delivery.id)


def test_the_audit_says_who_erased_and_not_whom(runtime: Runtime, known: Known):
    wish = erased(runtime, known.visitor)

    entry = runtime.session.query(AuditEntry).filter_by(action="erasure.erase").one()
    assert (entry.actor, entry.label) == ("test", f"#{wish.id}")
    assert wish.counts["messages"] == 2
    assert (wish.visitor_id, wish.state) == (None, WishState.ERASED)


def test_a_wish_is_fulfilled_once(runtime: Runtime, known: Known):
    handle = known.visitor.handle
    wish = erased(runtime, known.visitor)

    with pytest.raises(Conflict):
        erasing.erase(runtime, wish.id, handle)
