"""What X lists among the messages of an account, and what of it was written to the account."""

from datetime import UTC, datetime

import pytest

from channels import InboundPage, Wish
from channels.testing.context import FakeContext
from plugins.x.client import XClient
from plugins.x.inbox import XInbox

ANNA, OWN = "2001", "1001"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def event(sender: str, text: str, **more: object) -> dict:
    return {
        "id": "4001",
        "text": text,
        "sender_id": sender,
        "created_at": "2026-11-23T12:00:00.000Z",
        "dm_conversation_id": f"{OWN}-{ANNA}",
        **more,
    }


def read(monkeypatch: pytest.MonkeyPatch, *events: dict) -> InboundPage:
    found = {"data": list(events), "meta": {"result_count": len(events)}}
    monkeypatch.setattr(XClient, "get", lambda _client, _path, **_params: found)
    return XInbox().read(FakeContext(handle="ateliernord", remote_id=OWN), None)


def test_who_wrote_to_a_group_did_not_write_to_the_account(monkeypatch: pytest.MonkeyPatch):
    page = read(monkeypatch, event(ANNA, "YES", dm_conversation_id="1590000000000000001"))

    assert (page.messages, page.besides) == ((), (NOON,))


def test_what_the_account_wrote_tells_how_far_the_page_goes(monkeypatch: pytest.MonkeyPatch):
    page = read(monkeypatch, event(ANNA, "Stop"), event(OWN, "Hello"))

    assert [message.wish for message in page.messages] == [Wish.STOP]
    assert page.besides == (NOON,)


def test_a_link_that_somebody_wrote_is_written_out(monkeypatch: pytest.MonkeyPatch):
    link = {"url": "https://t.co/a1", "expanded_url": "https://example.com/lamp"}

    page = read(monkeypatch, event(ANNA, "See https://t.co/a1", entities={"urls": [link]}))

    assert page.messages[0].text == "See https://example.com/lamp"
