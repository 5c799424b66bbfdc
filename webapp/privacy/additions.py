"""What privacy adds to the card of a person."""

from webapp.audience.models import Visitor
from webapp.audience.places import BESIDE
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime
from webapp.privacy import wishes


def panel(runtime: Runtime, visitor: Visitor) -> Panel:
    """Return the ways to a copy of the person's data and to their erasure."""
    data = {"visitor": visitor, "wish": wishes.open_one(runtime, visitor)}
    return Panel(template="privacy/_panel.html", data=data)


ADDITIONS = (BESIDE.add(panel, rank=90),)
