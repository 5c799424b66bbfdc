"""The kinds of delivery: each is one object, and nothing outside this package asks which one."""

from channels import Channel
from webapp.deliveries.kinds import own
from webapp.deliveries.kinds.base import DeliveryKind, NoRecipient
from webapp.deliveries.kinds.direct import Direct
from webapp.deliveries.kinds.post import Post

DeliveryKind.POST = Post()
DeliveryKind.DIRECT = Direct()
DeliveryKind.POST.family = DeliveryKind.POST
# A channel's own kinds are of this family, too.
Direct.family = DeliveryKind.DIRECT
EVERY: tuple[DeliveryKind, ...] = (DeliveryKind.POST, DeliveryKind.DIRECT)
# For conditions of queries: the kinds that share a property.
TO_PEOPLE = tuple(kind for kind in EVERY if kind.to_people)
LISTENING = tuple(kind for kind in EVERY if kind.listens)
PUBLIC = tuple(kind for kind in EVERY if not kind.to_people)

__all__ = ["EVERY", "LISTENING", "PUBLIC", "TO_PEOPLE", "DeliveryKind", "NoRecipient"]


def offered(channel: Channel) -> list[DeliveryKind]:
    """Return the kinds that a channel can send, its own among them."""
    plain = [kind for kind in EVERY if kind.part in channel.capabilities]
    return [*plain, *own.of_channel(channel)]


def named(name: str) -> DeliveryKind:
    """Return the kind of this name, a channel's own among them; raise `KeyError`."""
    return {kind.name: kind for kind in (*own.known(), *EVERY)}[name]


def stored(family: DeliveryKind, name: str | None) -> DeliveryKind:
    """Return the kind that a row holds; one whose plugin is gone is called by its name."""
    if not name:
        return family
    return next((kind for kind in own.known() if kind.name == name), own.gone(name))
