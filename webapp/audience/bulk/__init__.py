"""Writes people in bulk, in statements of any size."""
