"""What networks tell by themselves: kept first, then applied, each thing once."""

from webapp.deliveries.feedback.applying import apply_events, due
from webapp.deliveries.feedback.receiving import receive

__all__ = ["apply_events", "due", "receive"]
