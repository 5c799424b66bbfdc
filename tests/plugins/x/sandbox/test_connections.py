"""Messages in a row go out by one connection, and none by one that its server may just close."""

from collections.abc import Iterator

import pytest
from urllib3.connection import HTTPConnection

from channels import ChannelError, ErrorKind, Person
from channels.testing.calls import outgoing
from plugins.x import connections
from plugins.x.channel import XChannel
from tests.plugins.x.sandbox.lent import Lent
from tests.plugins.x.sandbox.running import RunningSandbox

X = XChannel()


@pytest.fixture
def made(app, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[HTTPConnection]]:
    """Every connection that is made from here on."""
    found: list[HTTPConnection] = []
    connect = HTTPConnection.connect

    def connects(connection: HTTPConnection) -> None:
        found.append(connection)
        connect(connection)

    monkeypatch.setattr(HTTPConnection, "connect", connects)
    connections.writing.cache_clear()
    with app.app_context():
        yield found


def write(sandbox: RunningSandbox, text: str) -> None:
    found = sandbox.someone("accepts")
    person = Person(remote_id=found, handle=found, name=found)
    X.directs.send(Lent(sandbox), person, outgoing(text))


def writes(sandbox: RunningSandbox, made: list[HTTPConnection], *texts: str) -> int:
    """Write each text and return how many connections were made for that."""
    before = len(made)
    asked = 0
    for text in texts:
        write(sandbox, text)
        asked += 1  # Whom to write to is asked by a connection of its own.
    return len(made) - before - asked


def test_messages_in_a_row_go_out_by_one_connection(sandbox, made):
    assert writes(sandbox, made, "One.", "Two.", "Three.") == 1


def test_one_that_was_idle_is_not_written_by(sandbox, made, monkeypatch):
    monkeypatch.setattr(connections, "FRESH", 0.0)

    assert writes(sandbox, made, "One.", "Two.", "Three.") == 3


def test_one_that_the_server_closed_is_made_anew(sandbox: RunningSandbox, made):
    sandbox.tell("faults", kind="drop_after", operation="direct")
    with pytest.raises(ChannelError) as lost:
        write(sandbox, "One.")
    assert lost.value.kind is ErrorKind.UNKNOWN

    assert writes(sandbox, made, "Two.") == 1
