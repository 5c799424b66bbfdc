"""What the two kinds of the core answer, of which the whole product asks them."""

from types import SimpleNamespace

import pytest

from channels import Channel, ChannelError, Sent
from webapp.deliveries import kinds
from webapp.deliveries.kinds import DeliveryKind, NoRecipient
from webapp.services.client import Client


def channel(**parts: object) -> Channel:
    made = Channel()
    made.label = "Board"
    for name, part in parts.items():
        setattr(made, name, part)
    return made


def client(**parts: object) -> Client:
    """The client of an account whose channel has these parts."""
    known = SimpleNamespace(get=lambda _kind: channel(**parts))
    return Client(SimpleNamespace(registry=known), SimpleNamespace(kind="fake"))


def test_a_channel_offers_the_kinds_it_has_parts_for():
    assert kinds.offered(channel()) == []
    assert kinds.offered(channel(directs=object())) == [DeliveryKind.DIRECT]
    assert kinds.offered(channel(posts=object(), directs=object())) == list(kinds.EVERY)


def test_what_was_meant_for_one_person_never_goes_to_everybody():
    posts = SimpleNamespace(publish=lambda *_asked: Sent(remote_id="public"))
    public = client(posts=posts, directs=posts)

    with pytest.raises(NoRecipient):
        DeliveryKind.DIRECT.send(public, None, None, None)


@pytest.mark.parametrize("kind", kinds.EVERY)
def test_a_channel_without_the_part_sends_nothing(kind: DeliveryKind):
    with pytest.raises(ChannelError) as found:
        kind.send(client(), object(), None, None)
    assert found.value.code == "not_connected"


@pytest.mark.parametrize("kind", kinds.EVERY)
def test_a_kind_is_found_by_the_name_that_rows_have(kind: DeliveryKind):
    assert kinds.named(kind.name) is kind
    with pytest.raises(KeyError):
        kinds.named("telegram")
