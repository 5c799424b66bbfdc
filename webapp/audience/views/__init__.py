"""The pages of visitors: the list, the card of one person, and the words that end messages."""

from webapp.audience.views import answers, card, consent_files, growth, listing, own_words
from webapp.audience.views.blueprint import blueprint

__all__ = ["answers", "blueprint", "card", "consent_files", "growth", "listing", "own_words"]
