"""Drafts: their text, their templates, what makes them complete, and copies of them."""
