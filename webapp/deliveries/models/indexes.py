"""Indexes that hold the few rows of a table for which something is true."""

from sqlalchemy import Index, text


def of_few(name: str, column: str, condition: str) -> Index:
    """Return an index of a column over the rows of a condition alone, on either database."""
    where = text(condition)
    return Index(name, column, sqlite_where=where, postgresql_where=where)
