"""Rows as CSV for spreadsheets, some at a time while they are read, so that memory stays flat.

A byte order mark tells them that names are in UTF-8; times are those of whoever reads.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, stream_with_context
from werkzeug.utils import secure_filename

AT_ONCE = 500
MARK = "\ufeff"
PLAIN = re.compile("[^a-z0-9]+")
# What a spreadsheet takes for a number and writes back as another: ids of more than 15 digits,
# a leading zero, a power of ten.
DIGITS = re.compile(r"\d{16,}|0\d+|\d+[eE]\d+")
# What begins with one of these is none of what follows.
LETTERS = frozenset(map(chr, (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x250))))
# A spreadsheet reads a cell that begins like this as a formula (OWASP, *CSV injection*).
FORMULA = "=+-@"
# Programs read over these before they look for a sign: blanks, line ends, marks, what is not seen.
UNSEEN = ("Z", "C", "M")
# Letters and signs by their category that are drawn as nothing.
BLANK = "\u115f\u1160\u2800\u3164\uffa0"
NUMBERS = (int, float, Decimal)
CONTROLS = ("\t", "\r", "\n")
# Where a comma is the decimal sign, programs begin a new cell behind this.
SEPARATOR = ";"


def lines(
    columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]], zone: ZoneInfo
) -> Iterator[str]:
    """Yield the head and then the rows as lines of CSV, some at once.

    `columns` are the keys of a row with what stands above them.
    """
    yield MARK + _text([[_cell(str(head), zone) for head in columns.values()]])
    table = iter(rows)
    while some := [_cells(row, columns, zone) for row in islice(table, AT_ONCE)]:
        yield _text(some)


def _cells(row: Mapping[str, Any], columns: Iterable[str], zone: ZoneInfo) -> list[Any]:
    """Return a row as it is written; nearly every text is seen to be plain at one glance."""
    return [
        cell
        if type(cell := row[name]) is int
        or (isinstance(cell, str) and cell[:1] in LETTERS and SEPARATOR not in cell)
        else _cell(cell, zone)
        for name in columns
    ]


def attached(text: Iterator[str], *name: str, at: datetime) -> Response:
    """Stream a sheet as a file whose name tells what it holds, and when it was made."""
    known = [PLAIN.sub("-", secure_filename(part.lower())).strip("-") for part in name]
    told = "-".join([*(part for part in known if part), f"{at:%Y-%m-%d-%H%M}"])
    return Response(
        stream_with_context(text),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{told}.csv"'},
    )


def _text(rows: Iterable[Iterable[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def _moment(value: datetime, zone: ZoneInfo) -> str:
    """Return a time as it is written, without its zone, which stands in the head."""
    return value.astimezone(zone).replace(tzinfo=None).isoformat(" ", "seconds")


def _cell(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return _moment(value, zone)
    if isinstance(value, NUMBERS):
        return str(value)
    text = str("" if value is None else value)
    if not text:
        return text
    if DIGITS.fullmatch(text):
        return f"'{text}"
    return SEPARATOR.join(_neutral(piece) for piece in text.split(SEPARATOR))


def _neutral(text: str) -> str:
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
