"""What an analysis found, as whoever looks reads it."""

from typing import Any

from webapp.deliveries.models import Delivery
from webapp.kernel.text import notices


def findings(delivery: Delivery) -> list[dict[str, str]]:
    """Return the kept findings in the reader's language."""
    kept = delivery.analysis.get("findings", [])
    return [item | {"text": notices.read(item["text"])} for item in kept]


def limits(forecast: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the limits of a kept forecast, each called in the reader's language."""
    return [item | {"label": notices.read(item["label"])} for item in forecast.get("limits", ())]
