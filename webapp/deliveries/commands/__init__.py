"""Commands about deliveries."""

from webapp.deliveries.commands import looking, making, moving, sending, steering
from webapp.deliveries.commands.shared import delivery

__all__ = ["delivery", "looking", "making", "moving", "sending", "steering"]
