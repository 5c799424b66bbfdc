"""What proves a consent or a refusal outlives the message, the consent and the person."""

import hashlib
from dataclasses import astuple
from datetime import datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import create_engine, delete, select, text

from channels import Wish
from channels.clock import FileClock
from tests.support.factories import make_note, make_service, make_subscription
from tests.support.fake_network import wrote
from tests.support.fakes import FakeNetwork
from webapp.audience import doubts
from webapp.audience.consents import hearing, history, ledger
from webapp.audience.inbox import reader
from webapp.audience.models import Consent, ReceivedMessage, Subscription, Visitor
from webapp.kernel import schema
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# The shape before there were rows.
BEFORE = "5d8b1f3ca7e4-1"


def evidence(runtime: Runtime) -> list[tuple[str, str]]:
    """The id and the meaning of each message that is kept as evidence, in the order of its time."""
    rows = select(Consent.reference, Consent.answer).order_by(Consent.at, Consent.id)
    return [(row[0], row[1].value) for row in runtime.session.execute(rows)]


@pytest.fixture
def said(runtime: Runtime, network: FakeNetwork, clock: FileClock) -> list[tuple[str, str]]:
    """Somebody wrote first, wrote again, agreed, and refused."""
    service, at = make_service(runtime, inbox_read_at=None), runtime.now()
    words = [("Hello", None), ("And?", None), ("START", Wish.OPT_IN), ("STOP", Wish.STOP)]
    network.inbound = [
        wrote(number, text, at + timedelta(minutes=number), wish=wish, who=1)
        for number, (text, wish) in enumerate(words)
    ]
    clock.advance(timedelta(hours=1))
    reader.read_new(runtime, service)
    return [("m0", "wrote_first"), ("m2", "opt_in"), ("m3", "opt_out")]


def test_each_message_that_means_something_is_kept_by_its_hash(
    runtime: Runtime, said: list[tuple[str, str]]
):
    assert evidence(runtime) == said
    first = runtime.session.scalars(select(Consent).where(Consent.reference == "m0")).one()
    assert first.text_hash == hashlib.sha256(b"Hello").hexdigest()
    assert "Hello" not in str(vars(first))


def test_it_outlives_the_messages_and_the_person(runtime: Runtime, said: list[tuple[str, str]]):
    runtime.session.execute(delete(ReceivedMessage))
    runtime.session.delete(runtime.session.scalars(select(Visitor)).one())
    runtime.session.commit()

    assert evidence(runtime) == said
    assert set(runtime.session.scalars(select(Consent.visitor_id))) == {None}


def test_the_migration_keeps_what_is_still_there(
    runtime: Runtime, said: list[tuple[str, str]], database_url: str
):
    hashes = select(Consent.text_hash).order_by(Consent.at, Consent.id)
    before = list(runtime.session.scalars(hashes))
    runtime.session.close()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        command.downgrade(schema._config(connection), BEFORE)

    schema.upgrade(engine)

    assert evidence(runtime) == said
    assert list(runtime.session.scalars(hashes)) == before
    engine.dispose()


def test_the_rows_come_to_what_the_columns_said_and_back(runtime: Runtime, database_url: str):
    service, now = make_service(runtime), runtime.now()
    hour = timedelta(hours=1)
    moments = [
        {"wrote_first_at": now - hour},
        {"opted_in_at": now, "proof": "Stand 7", "purpose": "News"},
        {"opted_in_at": now - hour, "opted_out_at": now},
        {"wrote_first_at": now - hour, "doubted_at": now},
        {"opted_out_at": now - hour, "opted_in_at": now},
    ]
    ties = [make_subscription(runtime, service, **{"wrote_first_at": None} | m) for m in moments]
    held = _one_of_two_doubts_decided(runtime, service)
    numbers = [tie.id for tie in (*ties, held)]
    columns = [_columns(tie) for tie in (*ties, held)]
    runtime.session.close()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        command.downgrade(schema._config(connection), BEFORE)
        kept = "SELECT opt_in_proof, opt_in_purpose FROM subscription WHERE id = :id"
        assert connection.execute(text(kept), {"id": numbers[1]}).one() == ("Stand 7", "News")

    schema.upgrade(engine)

    after = [runtime.session.get_one(Subscription, number) for number in numbers]
    assert [_columns(tie) for tie in after] == columns
    states = ledger.states(runtime, after)
    assert [tuple(astuple(states[t.service_id, t.visitor_id])) for t in after] == columns
    said = history.agreement(runtime, after[1])
    assert (said.proof, said.purpose, said.source) == ("Stand 7", "News", "operator")
    engine.dispose()


def _columns(tie: Subscription) -> tuple[datetime | None, ...]:
    return (tie.wrote_first_at, tie.opted_in_at, tie.opted_out_at, tie.doubted_at)


def _one_of_two_doubts_decided(runtime: Runtime, service: Service) -> Subscription:
    hour, now = timedelta(hours=1), runtime.now()
    held = make_subscription(runtime, service, wrote_first_at=None)
    notes = [make_note(runtime, held, text, now - n * hour) for n, text in enumerate("ab")]
    for note in notes:
        note.wish = "doubt"
        runtime.session.add(note)
        hearing.hear_doubt(runtime, held, note)
    runtime.session.commit()
    doubts.settle(runtime, held.id, notes[0].id, is_stop=False)
    return held
