"""The pages of visitors: the list, and the card of one person."""

from webapp.audience.views import card, listing
from webapp.audience.views.blueprint import blueprint

__all__ = ["blueprint", "card", "listing"]
