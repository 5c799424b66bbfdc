"""Synchronisation: followers become visitors, account by account and page by page."""

# The job of the workflow that does it.
SYNCHRONISE = "synchronise"
