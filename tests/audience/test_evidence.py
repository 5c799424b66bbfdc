"""What proves a consent or a refusal outlives the message, the consent and the person."""

import hashlib
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import create_engine, delete, select

from channels import Wish
from channels.clock import FileClock
from tests.support.factories import make_service
from tests.support.fake_network import wrote
from tests.support.fakes import FakeNetwork
from webapp.audience.inbox import reader
from webapp.audience.models import ConsentEvidence, ReceivedMessage, Visitor
from webapp.kernel import schema
from webapp.kernel.runtime import Runtime


def evidence(runtime: Runtime) -> list[tuple[str, str]]:
    """The id and the meaning of each message that is kept as evidence, in the order of its time."""
    rows = select(ConsentEvidence.remote_id, ConsentEvidence.meaning)
    return [(row[0], row[1]) for row in runtime.session.execute(rows.order_by("said_at"))]


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
    return [("m0", "wrote_first"), ("m2", "opt_in"), ("m3", "stop")]


def test_each_message_that_means_something_is_kept_by_its_hash(
    runtime: Runtime, said: list[tuple[str, str]]
):
    assert evidence(runtime) == said
    first = runtime.session.get_one(ConsentEvidence, (1, "m0"))
    assert first.text_hash == hashlib.sha256(b"Hello").hexdigest()
    assert "Hello" not in str(vars(first))


def test_it_outlives_the_messages_and_the_person(runtime: Runtime, said: list[tuple[str, str]]):
    runtime.session.execute(delete(ReceivedMessage))
    runtime.session.delete(runtime.session.scalars(select(Visitor)).one())
    runtime.session.commit()

    assert evidence(runtime) == said
    assert set(runtime.session.scalars(select(ConsentEvidence.visitor_id))) == {None}


def test_the_migration_keeps_what_is_still_there(
    runtime: Runtime, said: list[tuple[str, str]], database_url: str
):
    hashes = select(ConsentEvidence.text_hash).order_by(ConsentEvidence.said_at)
    before = list(runtime.session.scalars(hashes))
    runtime.session.close()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        command.downgrade(schema._config(connection), "d91e6b3f70a8")

    schema.upgrade(engine)

    assert evidence(runtime) == said
    assert list(runtime.session.scalars(hashes)) == before
    engine.dispose()
