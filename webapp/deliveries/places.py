"""What domains above may add to deliveries: tabs, what stands below a text, counted links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels import Finding
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import Delivery
from webapp.kernel.panels import Panel, Place
from webapp.services.models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a text as somebody is about to read it: where it leads, and what it is called.

    `name` is the address as the operator wrote it, with the `{tokens}` of fields that stand in it.
    """

    address: str
    name: str

    @property
    def is_personal(self) -> bool:
        """Whether it leads each reader somewhere else."""
        return self.address != self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortening:
    """Links that are about to be sent, or shown as they will be; those have no message yet.

    Whoever adds to `SHORTEN` returns for each address of these that it counts another one, which
    leads there. What it needs for that it writes into the caller's transaction, where there is a
    message, and nothing else.
    """

    delivery: Delivery
    service: Service | None
    links: Sequence[Link]
    message: InHand | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A page of another domain about a delivery."""

    name: str
    label: str
    endpoint: str
    arguments: Mapping[str, Any]
    count: int | None = None


SHORTEN: Place[[Shortening], Mapping[str, str]] = Place("delivery/shorten")
TABS: Place[[Delivery], Tab] = Place("delivery/tabs")
# Below the text of a draft, in the composer.
BELOW_CONTENT: Place[[Delivery], Panel] = Place("delivery/below-content")
# What else an analysis finds of a delivery to so many people, those held out among them.
FINDINGS: Place[[Delivery, int], Finding] = Place("delivery/findings")
# Told before messages leave whose delivery was over by a moment.
LEAVING: Place[[datetime], None] = Place("delivery/leaving")
