"""The reader of a message is told why they got it, and ends it or is erased at their own demand."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.privacy.conftest import WORDS, Known
from tests.support.factories import make_subscription
from tests.support.traces import rows_with
from webapp.audience import consent
from webapp.audience.models import Visitor
from webapp.deliveries import why
from webapp.deliveries.models import Message, MessageState
from webapp.kernel.audit import ANONYMOUS, AuditEntry
from webapp.kernel.errors import NotFound
from webapp.kernel.runtime import Runtime
from webapp.privacy import erasing, reader
from webapp.privacy.models import ErasureWish, WishState


def message_to(runtime: Runtime, known: Known) -> Message:
    wanted = select(Message).where(
        Message.delivery_id == known.to_all.id, Message.visitor_id == known.visitor.id
    )
    return runtime.session.scalars(wanted).one()


def token_of(runtime: Runtime, known: Known) -> str:
    number = message_to(runtime, known).id
    return why.path(runtime.settings, number, known.visitor.remote_id).rpartition("/")[2]


def anybody(runtime: Runtime) -> Runtime:
    return runtime.acting_as(ANONYMOUS)


def test_the_reader_is_told_who_wrote_what_and_to_how_many(runtime: Runtime, known: Known):
    told = reader.told(anybody(runtime), token_of(runtime, known))

    assert told.service.id == known.service.id
    assert told.who.id == known.visitor.id
    assert told.texts == ["Hi Zerlinde, spring is here. Write STOP and we will not write again."]
    assert told.reached == 2
    assert told.tie
    assert told.agreed.proof.startswith("wunderlich-handschlag")
    assert not told.is_stopped


def test_they_end_the_messages_of_this_account(runtime: Runtime, known: Known):
    other = make_subscription(runtime, known.service)

    token = token_of(runtime, known)
    reader.stop(anybody(runtime), token)
    reader.stop(anybody(runtime), token)

    told = reader.told(anybody(runtime), token)
    assert told.is_stopped
    assert told.tie
    assert consent.reason_not(told.tie, told.who) == "wrote_stop"
    assert consent.reason_not(other, other.visitor) == ""
    entries = runtime.session.query(AuditEntry).filter_by(action="subscription.stop").all()
    assert [entry.actor for entry in entries] == ["reader"]


def test_they_are_erased_at_their_own_demand(runtime: Runtime, known: Known):
    token = token_of(runtime, known)

    assert reader.erase(anybody(runtime), token)

    assert rows_with(runtime, *WORDS) == []
    with pytest.raises(NotFound):
        reader.told(anybody(runtime), token)


def test_while_a_message_is_on_its_way_the_wish_is_written_down(runtime: Runtime, known: Known):
    token = token_of(runtime, known)
    message_to(runtime, known).state = MessageState.SENDING
    runtime.session.commit()

    assert not reader.erase(anybody(runtime), token)

    wish = runtime.session.query(ErasureWish).one()
    assert (wish.state, wish.asked_by) == (WishState.ASKED, "reader")
    assert runtime.session.get(Visitor, known.visitor.id)


def test_who_clicks_twice_is_told_that_it_is_done(
    runtime: Runtime, known: Known, monkeypatch: pytest.MonkeyPatch
):
    fulfil = erasing.fulfil

    def twice(runtime: Runtime, number: int) -> ErasureWish:
        fulfil(runtime, number)
        return fulfil(runtime, number)

    monkeypatch.setattr(erasing, "fulfil", twice)

    assert reader.erase(anybody(runtime), token_of(runtime, known))


@pytest.mark.parametrize("token", ["", "1", "1.2", "1.AAAAAAAAAAAAAAAAAAAAAAAAAAA", "ä.ö"])
def test_no_other_address_leads_anywhere(runtime: Runtime, known: Known, token: str):
    for ask in (reader.told, reader.stop, reader.erase):
        with pytest.raises(NotFound):
            ask(anybody(runtime), token)


def test_a_message_to_nobody_is_told_to_nobody(runtime: Runtime, known: Known):
    message = message_to(runtime, known)
    message.visitor_id = None
    runtime.session.commit()

    with pytest.raises(NotFound):
        reader.of_message(runtime, message.id)


def test_no_link_outlives_the_key_of_the_instance(runtime: Runtime, known: Known):
    token = token_of(runtime, known)
    other = replace(runtime, settings=replace(runtime.settings, secret_key="another"))

    with pytest.raises(NotFound):
        reader.told(other, token)
