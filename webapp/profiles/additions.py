"""What profiles add to places of lower domains."""

from webapp.audience.models import Visitor
from webapp.audience.places import BESIDE
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime
from webapp.profiles import happened, personal_data
from webapp.profiles.places import MOMENTS
from webapp.profiles.reconciliation import linking, suggestions


def panel(runtime: Runtime, visitor: Visitor) -> Panel:
    """Return the profile that a visitor belongs to, or those that it may."""
    link = linking.of_visitor(runtime, visitor.id)
    data = {
        "visitor": visitor,
        "link": link,
        "alike": [] if link else suggestions.for_visitor(runtime, visitor),
        "waits": suggestions.waits_of(runtime, visitor.id),
    }
    return Panel(template="profiles/_of_visitor.html", data=data)


ADDITIONS = (
    BESIDE.add(panel, rank=10),
    MOMENTS.add(happened.answers, rank=10),
    MOMENTS.add(happened.replies, rank=10),
    MOMENTS.add(happened.changes, rank=10),
    MOMENTS.add(happened.imports, rank=10),
    *personal_data.ADDITIONS,
)
