"""Starts every process of an instance, restarts what dies, and ends all of them together."""
