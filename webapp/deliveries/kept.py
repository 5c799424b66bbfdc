"""What an analysis found, as whoever looks reads it."""

from webapp.deliveries.models import Delivery
from webapp.kernel.kept_times import said


def findings(delivery: Delivery) -> list[dict[str, str]]:
    """Return the kept findings with their times by the reader's clocks."""
    kept = delivery.analysis.get("findings", [])
    return [item | {"text": said(str(item["text"]))} for item in kept]
