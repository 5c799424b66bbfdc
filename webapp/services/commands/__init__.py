"""Commands about services."""

from webapp.services.commands import changing, making, tokens
from webapp.services.commands.shared import service

__all__ = ["changing", "making", "service", "tokens"]
