"""Connects accounts, checks them, and keeps what they said of themselves."""
