"""Acquisition: pages where people sign in, and share what they choose to."""
