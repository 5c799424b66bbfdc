"""The X channel."""
