"""How long messages of people are kept: half a year, and what consent stands on for as long."""

from webapp.audience import evidence
from webapp.audience.models import ReceivedMessage
from webapp.kernel.retention import HALF_A_YEAR, Rule

RULES = (
    Rule(
        name="inbound",
        model=ReceivedMessage,
        age=HALF_A_YEAR,
        old=lambda before: (ReceivedMessage.received_at < before) & ~evidence.leans_on_note(),
    ),
)
