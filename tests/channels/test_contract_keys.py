"""The suite tries a channel that honours keys twice with one, and looks at both requests."""

import time

import pytest

import channels
from channels.testing import FakeContext, FakeWire
from channels.testing.calls import CALLS
from channels.testing.watch import Watch
from tests.channels.test_contract_gaps import held
from tests.example_channel.fanfare_notice import Board, Notice, board, sent
from tests.example_channel.test_contract import TestNotice as Example

RULE = "test_a_key_that_is_honoured_is_sent_the_same_again"
CREATES = {item.name: item for item in CALLS if item.name in ("publish", "send")}


class Keyed(Board):
    """It sends the key and the time at which that was made."""

    def publish(self, context, outgoing):
        at = outgoing.made_at.isoformat()
        body = {"text": outgoing.text, "key": outgoing.key, "at": at}
        return board(context).call("POST", "/notices", sent, json=body)


class Unsteady(Board):
    """It sends the key, and another time with each try."""

    def publish(self, context, outgoing):
        at = context.now().isoformat()
        body = {"text": outgoing.text, "key": outgoing.key, "at": at}
        return board(context).call("POST", "/notices", sent, json=body)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Watch:
    context = FakeContext(secrets=Example.secrets, settings=Example.settings)
    watch = Watch(wire=FakeWire(), context=context, logs=caplog)
    watch.wire.install(monkeypatch)
    monkeypatch.setattr(time, "sleep", watch.sleeps.append)
    return watch


def suite(posts: Board, *, honours: bool = True) -> type[Example]:
    accepts = channels.Accepts(honours_key=honours)
    channel = type("Keyful", (Notice,), {"posts": posts, "post_accepts": accepts})()
    return type("Suite", (Example,), {"channel": channel})


def test_a_channel_that_sends_the_key_and_nothing_that_changes_keeps_the_rule(watch: Watch):
    held(watch, suite(Keyed()), RULE, create=CREATES["publish"])


@pytest.mark.parametrize(
    ("posts", "said"),
    [(Board(), "does not send it"), (Unsteady(), "the very same request")],
    ids=["keyless", "unsteady"],
)
def test_a_channel_that_only_says_so_is_found(watch: Watch, posts: Board, said: str):
    with pytest.raises(AssertionError, match=said):
        held(watch, suite(posts), RULE, create=CREATES["publish"])


def test_a_channel_that_honours_no_key_is_not_asked_for_one(watch: Watch):
    held(watch, suite(Board(), honours=False), RULE, create=CREATES["publish"])
    held(watch, suite(Keyed()), RULE, create=CREATES["send"])
