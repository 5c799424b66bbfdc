"""Rows as CSV, line by line while they are read, so that memory stays flat."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

# A spreadsheet would read a cell that begins like this as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the head and then each row as a line of CSV."""
    yield _line(columns)
    for row in rows:
        yield _line(_cell(row[name]) for name in columns)


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _cell(value: Any) -> str:
    text = value.isoformat() if isinstance(value, datetime) else str("" if value is None else value)
    return f"'{text}" if text.startswith(FORMULA) else text
