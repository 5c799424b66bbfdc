"""Bundled plugins: each is what a third party would ship."""
