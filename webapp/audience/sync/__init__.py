"""Synchronisation: followers become visitors, account by account and page by page."""
