"""Commands about visitors, their consent, and the words that end messages."""
