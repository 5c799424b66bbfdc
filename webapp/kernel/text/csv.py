"""Rows as CSV for spreadsheets, line by line while they are read, so that memory stays flat.

A byte order mark tells them that names are in UTF-8; times are those of whoever reads.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, stream_with_context
from werkzeug.utils import secure_filename

MARK = "\ufeff"
PLAIN = re.compile("[^a-z0-9]+")
# What a spreadsheet takes for a number and writes back as another: ids of more than 15 digits,
# a leading zero, a power of ten.
DIGITS = re.compile(r"\d{16,}|0\d+|\d+[eE]\d+")
# A spreadsheet reads a cell that begins like this as a formula (OWASP, *CSV injection*).
FORMULA = "=+-@"
# Programs read over these before they look for a sign: blanks, line ends, marks, what is not seen.
UNSEEN = ("Z", "C", "M")
# Letters and signs by their category that are drawn as nothing.
BLANK = "\u115f\u1160\u2800\u3164\uffa0"
CONTROLS = ("\t", "\r", "\n")
# Where a comma is the decimal sign, programs begin a new cell behind this.
SEPARATOR = ";"


def lines(
    columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]], zone: ZoneInfo
) -> Iterator[str]:
    """Yield the head and then each row as a line of CSV.

    `columns` are the keys of a row with what stands above them.
    """
    yield MARK + _line(columns.values())
    for row in rows:
        yield _line(_cell(row[name], zone) for name in columns)


def attached(text: Iterator[str], *name: str, at: datetime) -> Response:
    """Stream a sheet as a file whose name tells what it holds, and when it was made."""
    known = [PLAIN.sub("-", secure_filename(part.lower())).strip("-") for part in name]
    told = "-".join([*(part for part in known if part), f"{at:%Y-%m-%d-%H%M}"])
    return Response(
        stream_with_context(text),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{told}.csv"'},
    )


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _cell(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    text = str("" if value is None else value)
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
