"""What the two kinds of the core answer, of which the whole product asks them."""

from types import SimpleNamespace

import pytest

from channels import Accepts, Sent
from webapp.deliveries import kinds
from webapp.deliveries.kinds import DeliveryKind, NoRecipient, NotOffered


def channel(**parts: object) -> SimpleNamespace:
    none = {"posts": None, "directs": None, "post_accepts": Accepts(), "direct_accepts": Accepts()}
    return SimpleNamespace(**none | parts)


def test_a_channel_offers_the_kinds_it_has_parts_for():
    assert kinds.offered(channel()) == []
    assert kinds.offered(channel(directs=object())) == [DeliveryKind.DIRECT]
    assert kinds.offered(channel(posts=object(), directs=object())) == list(kinds.EVERY)


def test_what_was_meant_for_one_person_never_goes_to_everybody():
    posts = SimpleNamespace(publish=lambda *_asked: Sent(remote_id="public"))
    public = channel(posts=posts, directs=posts)

    with pytest.raises(NoRecipient):
        DeliveryKind.DIRECT.send(public, None, None, None)


@pytest.mark.parametrize("kind", kinds.EVERY)
def test_a_channel_without_the_part_sends_nothing(kind: DeliveryKind):
    with pytest.raises(NotOffered):
        kind.send(channel(), None, object(), None)


@pytest.mark.parametrize("kind", kinds.EVERY)
def test_a_kind_is_found_by_the_name_that_rows_have(kind: DeliveryKind):
    assert kinds.named(kind.name) is kind
    with pytest.raises(KeyError):
        kinds.named("telegram")
