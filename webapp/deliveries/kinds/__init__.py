"""The kinds of delivery: each is one object, and nothing outside this package asks which one."""

from channels import Channel
from webapp.deliveries.kinds.base import DeliveryKind, NoRecipient
from webapp.deliveries.kinds.direct import Direct
from webapp.deliveries.kinds.post import Post

DeliveryKind.POST = Post()
DeliveryKind.DIRECT = Direct()
EVERY: tuple[DeliveryKind, ...] = (DeliveryKind.POST, DeliveryKind.DIRECT)
# For conditions of queries: the kinds that share a property.
TO_PEOPLE = tuple(kind for kind in EVERY if kind.to_people)
LISTENING = tuple(kind for kind in EVERY if kind.listens)
PUBLIC = tuple(kind for kind in EVERY if not kind.to_people)

__all__ = ["EVERY", "LISTENING", "PUBLIC", "TO_PEOPLE", "DeliveryKind", "NoRecipient"]


def offered(channel: Channel) -> list[DeliveryKind]:
    """Return the kinds that a channel can send."""
    return [kind for kind in EVERY if kind.part in channel.capabilities]


def named(name: str) -> DeliveryKind:
    """Return the kind of this name; raise `KeyError`."""
    return {kind.name: kind for kind in EVERY}[name]
