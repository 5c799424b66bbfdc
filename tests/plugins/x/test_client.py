"""What the plugin makes of answers that no sandbox gives."""

from itertools import product

import pytest
import requests

from channels import ChannelError, ErrorKind, Operation
from channels.testing.context import FakeContext
from plugins.x.audience import XAudience
from plugins.x.client import XClient, XSession
from plugins.x.posts import XPosts

STRANGE = ("", "1.5", "\N{SUPERSCRIPT TWO}", "9" * 30)


def answering(monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, headers: dict) -> None:
    """Let the wire answer that, whatever is asked."""

    def request(_session: requests.Session, method: str, url: str, **_options: object):
        made = requests.Response()
        made.status_code, made._content = status, body
        made.request = requests.Request(method, url).prepare()
        made.headers.update(headers)
        return made

    monkeypatch.setattr(requests.Session, "request", request)


@pytest.mark.parametrize(("name", "value"), [*product(("limit", "remaining", "reset"), STRANGE)])
def test_a_header_that_makes_no_sense_is_no_limit(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
):
    stated = {"x-rate-limit-limit": "15", "x-rate-limit-remaining": "1"}
    stated |= {"x-rate-limit-reset": "1795430000", f"x-rate-limit-{name}": value}
    answering(monkeypatch, 200, b"{}", stated)
    context = FakeContext()

    XSession(context, "https://api.x.com", Operation.DIRECT).request("POST", "https://api.x.com/2")

    assert context.observed == []


def test_a_list_that_x_does_not_show_is_no_network_that_is_down(app, monkeypatch):
    error = b'{"errors": [{"detail": "Not authorized.", "type": "about:blank"}]}'
    answering(monkeypatch, 200, error, {})

    with app.app_context(), pytest.raises(ChannelError) as caught:
        XAudience().read(FakeContext(), None)

    assert (caught.value.kind, caught.value.said) == (ErrorKind.PERMANENT, "Not authorized.")


def test_a_post_that_x_did_not_delete_still_stands(app, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(XClient, "delete", lambda _client, _path: {"data": {"deleted": False}})

    with app.app_context(), pytest.raises(ChannelError, match="X did not delete it"):
        XPosts().delete(FakeContext(), "3001")
