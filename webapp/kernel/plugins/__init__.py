"""Finds the plugins, and decides which of them the core takes in."""
