"""Limits: their windows, what is used of them, and what the network says of them."""
