"""Experiments: which text brings more, proved by a plan that was sealed before it was sent."""
