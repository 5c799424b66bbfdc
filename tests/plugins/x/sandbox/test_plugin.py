"""Each call of the real plugin, against the sandbox; its requests are as X describes them."""

import os
from datetime import timedelta

import pytest
import requests

from channels import (
    Attempt,
    ChannelError,
    ErrorKind,
    NotSent,
    Operation,
    Person,
    Sent,
    Unknowable,
    Wish,
)
from channels.testing.calls import outgoing
from plugins.x.channel import XChannel
from tests.plugins.x.sandbox.conformance import NAMED_BY, request_fault
from tests.plugins.x.sandbox.lent import Lent
from tests.plugins.x.sandbox.running import IDS, RunningSandbox

X = XChannel()
# X's pages still call these by the old name, which its newest description no longer lists.
KNOWN = ("tweet.fields",)


@pytest.fixture(autouse=True)
def asked(app, monkeypatch) -> list[requests.Response]:
    """Every answer the plugin got; with X's description at hand its request is held against it."""
    answers: list[requests.Response] = []
    send = requests.Session.send

    def sent(session, request, **options):
        answers.append(send(session, request, **options))
        return answers[-1]

    monkeypatch.setattr(requests.Session, "send", sent)
    with app.app_context():
        yield answers
    if os.environ.get(NAMED_BY):
        api = [item for item in answers if item.request.path_url.startswith("/2/")]
        faults = [fault for fault in map(request_fault, api) if fault]
        assert [item for item in faults if not any(name in item for name in KNOWN)] == []


@pytest.fixture
def lent(sandbox: RunningSandbox) -> Lent:
    return Lent(sandbox)


def someone(sandbox: RunningSandbox, kind: str = "accepts") -> Person:
    found = sandbox.someone(kind)
    return Person(remote_id=found, handle=found, name=found)


def attempt(lent: Lent, text: str, person: Person | None = None, **more) -> Attempt:
    operation = Operation.DIRECT if person else Operation.POST
    values = {"operation": operation, "text": text, "person": person, "started_at": lent.now()}
    return Attempt(**values | more)


def test_a_suspended_sender_is_the_senders_fault_and_not_the_persons(
    lent: Lent, sandbox: RunningSandbox
):
    sandbox.tell("suspend", who="ateliernord")

    with pytest.raises(ChannelError) as raised:
        X.directs.send(lent, someone(sandbox), outgoing("Hi"))

    assert (raised.value.kind, raised.value.code) == (ErrorKind.SENDER, "locked")


def test_an_account_is_connected_with_its_id_and_permission(lent: Lent):
    account = X.connection.connect(lent)

    assert (account.handle, account.remote_id) == ("ateliernord", IDS["ateliernord"])
    assert account.permissions == "read-write-directmessages"
    assert account.posts


def test_the_audience_is_read_page_by_page(lent: Lent):
    page = X.audience.read(lent, None)

    assert len(page.people) > 400
    assert page.next_cursor is None
    assert {item.operation for item in lent.observed} == {Operation.AUDIENCE}


def test_the_inbox_tells_who_wrote_and_who_wrote_stop(sandbox: RunningSandbox, lent: Lent):
    person = someone(sandbox)
    order = {"account": "ateliernord", "from": person.remote_id}
    sandbox.tell("write", **order, text="Stop!")
    sandbox.tell("write", **order, text="Stop by when you like")

    newest = X.inbox.read(lent, None).messages[:2]

    assert {item.person.remote_id for item in newest} == {person.remote_id}
    assert {item.text: item.wish for item in newest} == {
        "Stop!": Wish.STOP,
        "Stop by when you like": None,
    }


def test_a_thread_is_published_and_deleted_twice_without_complaint(
    sandbox: RunningSandbox, lent: Lent
):
    first = X.posts.publish(lent, outgoing("Good morning"))
    reply = X.posts.publish(lent, outgoing("And more", reply_to=first.remote_id))
    X.posts.delete(lent, reply.remote_id)
    X.posts.delete(lent, reply.remote_id)

    assert sandbox.accepted("post") == 2
    assert sandbox.accepted("delete") == 1


def test_a_message_is_sent_to_a_person(sandbox: RunningSandbox, lent: Lent):
    person = someone(sandbox)

    sent = X.directs.send(lent, person, outgoing("Hello"))

    assert sandbox.accepted("direct", remote_id=sent.remote_id, text="Hello") == 1


@pytest.mark.parametrize("is_direct", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "See https://ateliernord.example.com & <more>",
        "See ateliernord.com, or www.ateliernord.com/fjell",
        "  Cafe\N{COMBINING ACUTE ACCENT}\r\n&amp;lt; 日本example.comです ",
    ],
)
def test_what_x_took_is_found(sandbox: RunningSandbox, lent: Lent, text: str, *, is_direct: bool):
    person = someone(sandbox) if is_direct else None
    tried = attempt(lent, text, person)
    if person:
        sent = X.directs.send(lent, person, outgoing(text))
    else:
        sent = X.posts.publish(lent, outgoing(text))

    found = X.reconciliation.find_sent(lent, tried)
    taken = attempt(lent, text, person, known_remote_ids=frozenset({sent.remote_id}))

    assert isinstance(found, Sent)
    assert found.remote_id == sent.remote_id
    assert isinstance(X.reconciliation.find_sent(lent, taken), Unknowable)


@pytest.mark.parametrize("ahead", [-240, 240])
def test_what_x_took_is_found_by_a_clock_that_is_off(
    sandbox: RunningSandbox, lent: Lent, ahead: float
):
    lent.ahead = ahead
    person = someone(sandbox)
    tried = attempt(lent, "Hello", person)
    sent = X.directs.send(lent, person, outgoing("Hello"))
    sandbox.advance(minutes=20)

    assert X.reconciliation.find_sent(lent, tried) == Sent(remote_id=sent.remote_id)


def test_what_was_posted_long_before_is_not_paid_for(sandbox: RunningSandbox, lent: Lent):
    sandbox.tell("credits", balance="0.001")

    found = X.reconciliation.find_sent(lent, attempt(lent, "Hello"))

    assert isinstance(found, Unknowable)
    assert float(sandbox.ask("stats")["spent"]) == 0


@pytest.mark.parametrize("is_direct", [True, False])
def test_what_x_never_took_is_certain_when_its_signature_has_lapsed(
    sandbox: RunningSandbox, lent: Lent, *, is_direct: bool
):
    tried = attempt(lent, "Hello", someone(sandbox) if is_direct else None)

    early = X.reconciliation.find_sent(lent, tried)
    sandbox.advance(minutes=6)

    assert isinstance(early, Unknowable)
    assert early.ask_at is not None
    assert early.ask_at - tried.started_at >= timedelta(minutes=5)
    assert X.reconciliation.find_sent(lent, tried) == NotSent()


def test_figures_are_read_of_the_posts_that_are_there(lent: Lent, sandbox: RunningSandbox):
    standing = X.posts.publish(lent, outgoing("Counted")).remote_id
    gone = X.posts.publish(lent, outgoing("Taken back")).remote_id
    X.posts.delete(lent, gone)

    found = X.metrics.read(lent, (standing, gone))

    assert [item.remote_id for item in found] == [standing]
    assert set(found[0].figures) == set(X.metrics.figures())
    assert X.metrics.read(lent, (gone,)) == []
