"""Rows as CSV, line by line while they are read, so that memory stays flat."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

# A spreadsheet reads a cell that begins like this as a formula (OWASP, *CSV injection*).
FORMULA = "=+-@"
# Programs read over these before they look for a sign: blanks, line ends, marks, what is not seen.
UNSEEN = ("Z", "C", "M")
# Letters and signs by their category that are drawn as nothing.
BLANK = "\u115f\u1160\u2800\u3164\uffa0"
CONTROLS = ("\t", "\r", "\n")


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
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = value.isoformat() if isinstance(value, datetime) else str("" if value is None else value)
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Tell whether a program may take a cell for a formula, also behind what it reads over."""
    first = next((sign for sign in text if not _unseen(sign)), "")
    # Signs of full width and their small forms are made plain by some programs.
    return text.startswith(CONTROLS) or unicodedata.normalize("NFKC", first).startswith(
        tuple(FORMULA)
    )


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign).startswith(UNSEEN) or sign in BLANK
